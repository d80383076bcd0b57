//! Each request is counted once, when it has ended, as what it was in the end.

use std::time::Duration;

use vestibule_wire::{DeclineReason, LinkKind, Role, SeatKey};

use super::{A, B, C, MIRA, OLEH, TestDesk};
use crate::desk::{Action, EndedRequest, Event, RequestEnd};

const LEFT: RequestEnd = RequestEnd::Left;
const REFUSED: RequestEnd = RequestEnd::Refused;
const BY_A_DOCTOR: RequestEnd = RequestEnd::Answered(Some(Role::Doctor));

/// What was counted: kind, end, and seconds waited.
fn counted(actions: &[Action]) -> Vec<(LinkKind, RequestEnd, u64)> {
    let count = |action: &Action| {
        let Action::Count(request) = action else { return None };
        let EndedRequest { kind, end, waited_seconds, .. } = request;
        Some((*kind, *end, u64::from(*waited_seconds)))
    };
    actions.iter().filter_map(count).collect()
}

fn one_time(end: RequestEnd, waited_seconds: u64) -> Vec<(LinkKind, RequestEnd, u64)> {
    vec![(LinkKind::OneTime, end, waited_seconds)]
}

/// A desk with a doctor.
fn staffed() -> TestDesk {
    let mut desk = TestDesk::new();
    desk.handle(Event::WorkerArrived(MIRA, Some(Role::Doctor)));
    desk
}

impl TestDesk {
    /// What is counted when nobody comes any more.
    fn after_seconds(&mut self, seconds: u64) -> Vec<(LinkKind, RequestEnd, u64)> {
        self.now_seconds += seconds;
        counted(&self.handle(Event::Tick))
    }

    fn sits(&mut self, seat: u8) -> Vec<(LinkKind, RequestEnd, u64)> {
        counted(&self.handle(Event::SeatTaken(SeatKey([seat; 16]))))
    }

    fn leaves(&mut self, client: super::ClientId) {
        assert_eq!(counted(&self.handle(Event::ClientLeft(client))), []);
    }
}

#[test]
fn an_answered_request_is_counted_when_the_seat_is_taken() {
    let mut desk = staffed();
    desk.arrives(A, 1, 1);
    desk.now_seconds = 70;
    assert_eq!(counted(&desk.accepts(MIRA, 1)), []);
    desk.now_seconds = 75;
    // Its duty socket may be gone by then; the role is that of the one who accepted.
    desk.handle(Event::WorkerLeft(MIRA));
    assert_eq!(desk.sits(2), one_time(BY_A_DOCTOR, 75));
    assert_eq!(desk.after_seconds(1_000), []);
}

#[test]
fn one_at_a_door_is_counted_as_such() {
    let mut desk = staffed();
    desk.arrives_at_door(A, 9, 1);
    desk.accepts(MIRA, 1);
    assert_eq!(desk.sits(2), [(LinkKind::Door, BY_A_DOCTOR, 0)]);
}

#[test]
fn one_who_leaves_is_counted_after_two_minutes_and_by_who_was_there_when_it_left() {
    let mut desk = staffed();
    desk.arrives(A, 1, 1);
    desk.now_seconds = 30;
    desk.leaves(A);
    assert_eq!(desk.desk.next_deadline(), Some(Duration::from_secs(150)));
    desk.handle(Event::WorkerLeft(MIRA));
    assert_eq!(desk.after_seconds(119), []);
    assert_eq!(desk.after_seconds(1), one_time(LEFT, 30));
    desk.arrives(B, 2, 2);
    desk.leaves(B);
    desk.handle(Event::WorkerArrived(OLEH, None));
    assert_eq!(desk.after_seconds(120), one_time(RequestEnd::LeftNobodyOnDuty, 0));
    assert_eq!(desk.desk.next_deadline(), None);
}

#[test]
fn one_that_comes_again_within_two_minutes_is_the_same() {
    let mut desk = staffed();
    desk.arrives(A, 1, 1);
    desk.now_seconds = 60;
    desk.leaves(A);
    desk.now_seconds = 179;
    desk.arrives(B, 1, 1);
    assert_eq!(desk.after_seconds(100), []);
    desk.accepts(MIRA, 2);
    assert_eq!(desk.sits(3), one_time(BY_A_DOCTOR, 279));
}

#[test]
fn one_that_comes_again_later_is_another() {
    let mut desk = staffed();
    desk.arrives(A, 1, 1);
    desk.leaves(A);
    desk.now_seconds = 120;
    assert_eq!(counted(&desk.arrives(B, 1, 1)), one_time(LEFT, 0));
    desk.accepts(MIRA, 2);
    assert_eq!(desk.sits(3), one_time(BY_A_DOCTOR, 0));
}

#[test]
fn a_socket_that_takes_the_place_of_another_is_no_other_request() {
    let mut desk = staffed();
    desk.arrives(A, 1, 1);
    desk.now_seconds = 40;
    desk.arrives(B, 1, 1);
    desk.accepts(MIRA, 1);
    assert_eq!(desk.sits(2), one_time(BY_A_DOCTOR, 40));
    assert_eq!(desk.after_seconds(1_000), []);
}

/// Its client never opened the answer and sends the same opening again.
#[test]
fn one_that_is_answered_again_is_counted_once() {
    let mut desk = staffed();
    desk.arrives(A, 1, 1);
    desk.accepts(MIRA, 1);
    assert_eq!(desk.sits(2), one_time(BY_A_DOCTOR, 0));
    desk.now_seconds = 25;
    desk.arrives_spent(B, 1, 1, true);
    desk.accepts(MIRA, 3);
    assert_eq!(desk.sits(4), []);
    desk.now_seconds = 50;
    desk.arrives_spent(C, 1, 1, true);
    desk.leaves(C);
    assert_eq!(desk.after_seconds(1_000), []);
}

#[test]
fn every_way_to_be_sent_away_is_counted_as_refused() {
    type SendAway = fn(&mut TestDesk);
    let ways: [(&str, SendAway); 4] = [
        ("declined", |desk| drop(desk.declines(MIRA, 1, DeclineReason::Unreadable))),
        ("declined after its grant", |desk| {
            desk.accepts(MIRA, 1);
            desk.declines(MIRA, 1, DeclineReason::Spent);
        }),
        ("expired", |desk| {
            desk.now_seconds = 1_000;
            desk.handle(Event::Tick);
        }),
        ("not let in", |desk| {
            desk.handle(Event::ClientLeft(A));
            desk.handle(Event::ClientRefused(LinkKind::OneTime, [1; 32]));
        }),
    ];
    for (way, send_away) in ways {
        let mut desk = staffed();
        desk.arrives(A, 1, 1);
        send_away(&mut desk);
        let waited_seconds = desk.now_seconds;
        assert_eq!(desk.after_seconds(120), one_time(REFUSED, waited_seconds), "{way}");
    }
}

#[test]
fn the_other_opening_of_a_spent_link_and_one_without_a_place_are_refused() {
    let mut desk = staffed();
    desk.arrives(A, 1, 1);
    desk.arrives(B, 1, 2);
    desk.arrives(C, 1, 3);
    desk.accepts(MIRA, 1);
    assert_eq!(desk.sits(3), one_time(BY_A_DOCTOR, 0));
    assert_eq!(desk.after_seconds(120), [one_time(REFUSED, 0), one_time(REFUSED, 0)].concat());
}

/// One who is refused because the room is full, and tries again, is answered in the end.
#[test]
fn what_it_was_in_the_end_counts() {
    let mut desk = staffed();
    desk.handle(Event::ClientRefused(LinkKind::OneTime, [1; 32]));
    desk.now_seconds = 20;
    desk.arrives(A, 1, 1);
    desk.accepts(MIRA, 1);
    assert_eq!(desk.sits(2), one_time(BY_A_DOCTOR, 20));
    assert_eq!(desk.after_seconds(1_000), []);
}

#[test]
fn who_left_before_the_end_is_counted_at_the_end() {
    let mut desk = staffed();
    desk.arrives(A, 1, 1);
    desk.arrives(B, 2, 2);
    desk.leaves(A);
    assert_eq!(counted(&desk.handle(Event::Closing)), one_time(LEFT, 0));
    // The relay closes this one, which comes again and is counted by then.
    desk.leaves(B);
}

#[test]
fn the_memory_of_ended_requests_has_a_limit() {
    let mut desk = staffed();
    let refused = |desk: &mut TestDesk, opening: usize| {
        let mut hash = [0; 32];
        hash[..8].copy_from_slice(&opening.to_be_bytes());
        counted(&desk.handle(Event::ClientRefused(LinkKind::Door, hash)))
    };
    let ended_max = desk.desk.limits.ended_requests_max;
    for opening in 0..ended_max {
        assert_eq!(refused(&mut desk, opening), []);
    }
    assert_eq!(refused(&mut desk, ended_max), [(LinkKind::Door, REFUSED, 0)]);
    assert_eq!(desk.after_seconds(120).len(), ended_max);
}
