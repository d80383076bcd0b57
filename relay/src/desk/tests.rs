mod claims;
mod doors;
mod model;
mod requests;
mod revocations;

use std::time::Duration;

use vestibule_wire::{
    Close, DeclineReason, LinkName, OfferId, SeatKey, Timestamp, Wait, WithdrawReason,
};

use super::{Action, Arrival, ClientId, Desk, Event, WorkerId};
use crate::Limits;
use crate::testing::{door_name, link_name, opening_of};

const A: ClientId = ClientId(1);
const B: ClientId = ClientId(2);
const C: ClientId = ClientId(3);
const MIRA: WorkerId = WorkerId(11);
const OLEH: WorkerId = WorkerId(12);

/// A desk with a clock in whole seconds and random numbers that count.
struct TestDesk {
    desk: Desk,
    now_seconds: u64,
    counter: u8,
}

impl TestDesk {
    fn new() -> Self {
        let limits = Limits { waiting_openings_max: 3, ..Limits::default() };
        Self { desk: Desk::new(limits), now_seconds: 0, counter: 0 }
    }

    fn with_workers(workers: &[WorkerId]) -> Self {
        let mut desk = Self::new();
        for worker in workers {
            assert!(desk.handle(Event::WorkerArrived(*worker, None)).is_empty());
        }
        desk
    }

    fn handle(&mut self, event: Event) -> Vec<Action> {
        let mut random = || {
            self.counter += 1;
            [self.counter; 16]
        };
        self.desk.it_is(Timestamp(u32::try_from(self.now_seconds).unwrap()));
        self.desk.handle(event, Duration::from_secs(self.now_seconds), &mut random)
    }

    fn arrives(&mut self, client: ClientId, link: u8, opening: u8) -> Vec<Action> {
        self.arrives_spent(client, link, opening, false)
    }

    fn arrives_spent(
        &mut self,
        client: ClientId,
        link: u8,
        opening: u8,
        spent_before: bool,
    ) -> Vec<Action> {
        let arrival = arrival(client, link_name(link), opening);
        self.handle(Event::ClientArrived(Arrival { spent_before, ..arrival }))
    }

    fn arrives_at_door(&mut self, client: ClientId, door: u8, opening: u8) -> Vec<Action> {
        let arrival = arrival(client, door_name(door), opening);
        self.handle(Event::ClientArrived(Arrival { generation: None, ..arrival }))
    }

    fn accepts(&mut self, worker: WorkerId, offer: u8) -> Vec<Action> {
        self.handle(Event::Accepted(worker, offer_id(offer)))
    }

    fn declines(&mut self, worker: WorkerId, offer: u8, reason: DeclineReason) -> Vec<Action> {
        self.handle(Event::Declined(worker, offer_id(offer), reason))
    }
}

fn arrival(client: ClientId, link: LinkName, opening: u8) -> Arrival {
    Arrival {
        client,
        link,
        generation: Some(0),
        opening: opening_of(opening),
        opening_hash: [opening; 32],
        spent_before: false,
        expires: Duration::from_secs(1_000),
    }
}

fn offer_id(number: u8) -> OfferId {
    OfferId([number; 8])
}

fn offer(worker: WorkerId, offer: u8, link: u8, opening: u8, waited_seconds: u16) -> Action {
    let (offer, opening) = (offer_id(offer), opening_of(opening));
    Action::Offer { worker, offer, waited_seconds, link: link_name(link), opening }
}

fn tell(client: ClientId, wait: Wait) -> Action {
    Action::TellWait(client, wait)
}

fn withdraw(worker: WorkerId, offer: u8, reason: WithdrawReason) -> Action {
    Action::Withdraw(worker, offer_id(offer), reason)
}

fn spend(link: u8, opening: u8) -> Action {
    Action::Spend(link_name(link), [opening; 32])
}

fn grant(worker: WorkerId, offer: u8, seat: u8) -> Action {
    Action::Grant(worker, offer_id(offer), SeatKey([seat; 16]))
}

fn describe(actions: &[Action]) -> Vec<String> {
    let worker = |worker: &WorkerId| worker.0;
    let describe_one = |action: &Action| match action {
        Action::TellWait(client, wait) => format!("tell {} {wait:?}", client.0),
        Action::Match(client, seat) => format!("match {} {}", client.0, seat.0[0]),
        Action::CloseClient(client, close) => format!("close client {} {close:?}", client.0),
        Action::Offer { worker: to, offer, waited_seconds, link, opening } => format!(
            "offer {} {} {waited_seconds} {} {}",
            worker(to),
            offer.0[0],
            link.id.0[0],
            opening.as_bytes()[0]
        ),
        Action::Withdraw(from, offer, reason) => {
            format!("withdraw {} {} {reason:?}", worker(from), offer.0[0])
        }
        Action::Grant(to, offer, seat) => {
            format!("grant {} {} {}", worker(to), offer.0[0], seat.0[0])
        }
        Action::Defer(to, offer) => format!("defer {} {}", worker(to), offer.0[0]),
        Action::Spend(link, hash) => format!("spend {} {}", link.id.0[0], hash[0]),
        Action::Unspend(link) => format!("unspend {}", link.id.0[0]),
        Action::Count(request) => format!("count {request:?}"),
    };
    actions.iter().map(describe_one).collect()
}

/// What is counted has tests of its own.
#[track_caller]
fn assert_actions(actual: &[Action], expected: &[Action]) {
    let is_told = |action: &&Action| !matches!(action, Action::Count(_));
    let told: Vec<Action> = actual.iter().filter(is_told).cloned().collect();
    assert_eq!(describe(&told), describe(expected));
}

#[test]
fn an_opening_is_offered_to_everybody_and_the_first_accept_wins() {
    let mut desk = TestDesk::with_workers(&[MIRA, OLEH]);
    let actions = desk.arrives(A, 1, 1);
    assert_actions(
        &actions,
        &[offer(MIRA, 1, 1, 1, 0), offer(OLEH, 1, 1, 1, 0), tell(A, Wait::Now)],
    );
    let actions = desk.accepts(OLEH, 1);
    let taken = withdraw(MIRA, 1, WithdrawReason::Taken);
    assert_actions(&actions, &[spend(1, 1), grant(OLEH, 1, 2), taken]);
    assert_actions(&desk.accepts(MIRA, 1), &[]);
    assert_actions(&desk.accepts(OLEH, 1), &[]);
    let seat = SeatKey([2; 16]);
    assert!(desk.desk.has_seat(&seat));
    assert_actions(&desk.handle(Event::SeatTaken(seat)), &[Action::Match(A, seat)]);
    assert_actions(&desk.handle(Event::SeatTaken(seat)), &[]);
    assert!(!desk.desk.has_seat(&seat));
}

#[test]
fn a_worker_who_comes_later_is_offered_who_waits() {
    let mut desk = TestDesk::new();
    assert_actions(&desk.arrives(A, 1, 1), &[tell(A, Wait::NobodyOnDuty)]);
    desk.now_seconds = 90;
    let actions = desk.handle(Event::WorkerArrived(MIRA, None));
    assert_actions(&actions, &[offer(MIRA, 1, 1, 1, 90), tell(A, Wait::Now)]);
    desk.now_seconds = 100;
    desk.accepts(MIRA, 1);
    assert_actions(&desk.handle(Event::WorkerArrived(OLEH, None)), &[]);
}

#[test]
fn very_long_waits_are_told_as_the_longest() {
    let mut desk = TestDesk::new();
    desk.arrives(A, 1, 1);
    desk.now_seconds = 900;
    assert_actions(
        &desk.handle(Event::WorkerArrived(MIRA, None)),
        &[offer(MIRA, 1, 1, 1, 900), tell(A, Wait::Now)],
    );
}

#[test]
fn a_client_who_leaves_is_withdrawn() {
    let mut desk = TestDesk::with_workers(&[MIRA]);
    desk.arrives(A, 1, 1);
    let left = withdraw(MIRA, 1, WithdrawReason::Left);
    assert_actions(&desk.handle(Event::ClientLeft(A)), &[left]);
    assert_actions(&desk.accepts(MIRA, 1), &[]);
    assert_actions(&desk.handle(Event::ClientLeft(A)), &[]);
}

#[test]
fn a_client_who_leaves_after_the_grant_is_withdrawn_from_its_worker_alone() {
    let mut desk = TestDesk::with_workers(&[MIRA, OLEH]);
    desk.arrives(A, 1, 1);
    desk.accepts(MIRA, 1);
    let left = withdraw(MIRA, 1, WithdrawReason::Left);
    assert_actions(&desk.handle(Event::ClientLeft(A)), &[left]);
    assert_actions(&desk.handle(Event::SeatTaken(SeatKey([2; 16]))), &[]);
}

#[test]
fn a_seat_not_taken_in_time_is_offered_again_under_another_name() {
    let mut desk = TestDesk::with_workers(&[MIRA, OLEH]);
    desk.arrives(A, 1, 1);
    desk.accepts(MIRA, 1);
    assert_eq!(desk.desk.next_deadline(), Some(Duration::from_secs(10)));
    desk.now_seconds = 9;
    assert_actions(&desk.handle(Event::Tick), &[]);
    desk.now_seconds = 10;
    let again = [Action::Unspend(link_name(1)), offer(MIRA, 3, 1, 1, 10), offer(OLEH, 3, 1, 1, 10)];
    assert_actions(&desk.handle(Event::Tick), &again);
    assert_actions(&desk.handle(Event::SeatTaken(SeatKey([2; 16]))), &[]);
    assert_actions(&desk.accepts(MIRA, 1), &[]);
    let taken = withdraw(MIRA, 3, WithdrawReason::Taken);
    assert_actions(&desk.accepts(OLEH, 3), &[spend(1, 1), grant(OLEH, 3, 4), taken]);
}

#[test]
fn a_link_that_was_spent_before_stays_spent_when_its_retry_fails() {
    let mut desk = TestDesk::with_workers(&[MIRA]);
    desk.arrives_spent(A, 1, 1, true);
    desk.accepts(MIRA, 1);
    desk.now_seconds = 10;
    assert_actions(&desk.handle(Event::Tick), &[offer(MIRA, 3, 1, 1, 10)]);
}

#[test]
fn two_openings_of_a_link_may_wait_and_one_is_accepted() {
    let mut desk = TestDesk::with_workers(&[MIRA]);
    desk.arrives(A, 1, 1);
    desk.arrives(B, 1, 2);
    let third = desk.arrives(C, 1, 3);
    assert_actions(&third, &[Action::CloseClient(C, Close::LinkOpenElsewhere)]);
    let actions = desk.accepts(MIRA, 2);
    let expected = [
        spend(1, 2),
        grant(MIRA, 2, 3),
        Action::CloseClient(A, Close::LinkSpent),
        withdraw(MIRA, 1, WithdrawReason::Refused),
    ];
    assert_actions(&actions, &expected);
    let late = desk.arrives(C, 1, 3);
    assert_actions(&late, &[Action::CloseClient(C, Close::LinkSpent)]);
}

#[test]
fn the_same_opening_takes_the_place_of_its_broken_socket() {
    let mut desk = TestDesk::with_workers(&[MIRA]);
    desk.arrives(A, 1, 1);
    let replaced = [Action::CloseClient(A, Close::LinkOpenElsewhere), tell(B, Wait::Now)];
    assert_actions(&desk.arrives(B, 1, 1), &replaced);
    assert_actions(&desk.handle(Event::ClientLeft(A)), &[]);
    desk.accepts(MIRA, 1);
    let replaced = [Action::CloseClient(B, Close::LinkOpenElsewhere), tell(C, Wait::Now)];
    assert_actions(&desk.arrives(C, 1, 1), &replaced);
    let seat = SeatKey([2; 16]);
    assert_actions(&desk.handle(Event::SeatTaken(seat)), &[Action::Match(C, seat)]);
}

#[test]
fn a_declined_opening_is_refused_for_everybody() {
    for (reason, close) in
        [(DeclineReason::Spent, Close::LinkSpent), (DeclineReason::Unreadable, Close::LinkRefused)]
    {
        let mut desk = TestDesk::with_workers(&[MIRA, OLEH]);
        desk.arrives(A, 1, 1);
        let refused = withdraw(OLEH, 1, WithdrawReason::Refused);
        let actions = desk.declines(MIRA, 1, reason);
        assert_actions(&actions, &[refused, Action::CloseClient(A, close)]);
    }
}

#[test]
fn the_holder_of_a_grant_may_still_decline() {
    let mut desk = TestDesk::with_workers(&[MIRA, OLEH]);
    desk.arrives(A, 1, 1);
    desk.accepts(MIRA, 1);
    assert_actions(&desk.declines(OLEH, 1, DeclineReason::Spent), &[]);
    let actions = desk.declines(MIRA, 1, DeclineReason::Unreadable);
    let refused = Action::CloseClient(A, Close::LinkRefused);
    assert_actions(&actions, &[Action::Unspend(link_name(1)), refused]);
}

#[test]
fn a_worker_without_the_key_is_not_offered_the_client_again() {
    let mut desk = TestDesk::with_workers(&[MIRA, OLEH]);
    desk.arrives(A, 1, 1);
    assert_actions(&desk.declines(MIRA, 1, DeclineReason::NoKey), &[]);
    assert_actions(&desk.accepts(MIRA, 1), &[]);
    assert_actions(&desk.accepts(OLEH, 1), &[spend(1, 1), grant(OLEH, 1, 2)]);
    let again = [Action::Unspend(link_name(1)), tell(A, Wait::NobodyOnDuty)];
    assert_actions(&desk.declines(OLEH, 1, DeclineReason::NoKey), &again);
    assert_actions(&desk.handle(Event::ClientLeft(A)), &[]);
}

#[test]
fn waits_are_told_when_they_change() {
    let mut desk = TestDesk::with_workers(&[MIRA]);
    desk.desk.limits.waiting_openings_max = 100;
    for number in 1..=6 {
        let told = match number {
            1 => Wait::Now,
            2..=4 => Wait::Soon,
            _ => Wait::Long,
        };
        let client = ClientId(u64::from(number));
        let actions = desk.arrives(client, number, number);
        assert_actions(&actions, &[offer(MIRA, number, number, number, 0), tell(client, told)]);
    }
    let left = withdraw(MIRA, 1, WithdrawReason::Left);
    let expected = [left, tell(ClientId(2), Wait::Now), tell(ClientId(5), Wait::Soon)];
    assert_actions(&desk.handle(Event::ClientLeft(ClientId(1))), &expected);
    let nobody: Vec<Action> = (2..=6).map(|id| tell(ClientId(id), Wait::NobodyOnDuty)).collect();
    assert_actions(&desk.handle(Event::WorkerLeft(MIRA)), &nobody);
}

#[test]
fn an_expired_link_stops_waiting() {
    let mut desk = TestDesk::with_workers(&[MIRA]);
    desk.arrives(A, 1, 1);
    assert_eq!(desk.desk.next_deadline(), Some(Duration::from_secs(1_000)));
    desk.now_seconds = 1_000;
    let expired =
        [Action::CloseClient(A, Close::LinkExpired), withdraw(MIRA, 1, WithdrawReason::Refused)];
    assert_actions(&desk.handle(Event::Tick), &expired);
    // Nobody waits; the request is counted when its client has not come again.
    desk.now_seconds = 1_120;
    assert_eq!(desk.desk.next_deadline(), Some(Duration::from_secs(1_120)));
    desk.handle(Event::Tick);
    assert_eq!(desk.desk.next_deadline(), None);
}

#[test]
fn the_waiting_room_has_a_limit() {
    let mut desk = TestDesk::with_workers(&[MIRA]);
    for number in 1..=3 {
        desk.arrives(ClientId(u64::from(number)), number, number);
    }
    let crowded = Action::CloseClient(ClientId(4), Close::Crowded);
    assert_actions(&desk.arrives(ClientId(4), 4, 4), &[crowded]);
}
