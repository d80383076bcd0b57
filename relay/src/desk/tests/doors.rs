//! Doors are used again and again, and never stand in the way of a one-time link.

use vestibule_wire::{Close, SeatKey, Wait, WithdrawReason};

use super::{A, B, C, MIRA, OLEH, TestDesk, assert_actions, grant, spend, tell, withdraw};
use crate::desk::{Action, ClientId, Event, WorkerId};
use crate::testing::{door_name, opening_of};

const D: ClientId = ClientId(4);

fn offer(worker: WorkerId, offer: u8, door: u8, opening: u8, waited_seconds: u16) -> Action {
    let (offer, opening) = (super::offer_id(offer), opening_of(opening));
    Action::Offer { worker, offer, waited_seconds, link: door_name(door), opening }
}

fn crowded(client: ClientId) -> Action {
    Action::CloseClient(client, Close::Crowded)
}

#[test]
fn a_door_is_not_spent() {
    let mut desk = TestDesk::with_workers(&[MIRA, OLEH]);
    desk.arrives_at_door(A, 9, 1);
    desk.arrives_at_door(B, 9, 2);
    let taken = withdraw(OLEH, 1, WithdrawReason::Taken);
    assert_actions(&desk.accepts(MIRA, 1), &[grant(MIRA, 1, 3), taken]);
    let taken = withdraw(MIRA, 2, WithdrawReason::Taken);
    assert_actions(&desk.accepts(OLEH, 2), &[grant(OLEH, 2, 4), taken]);
    let seat = SeatKey([3; 16]);
    assert_actions(&desk.handle(Event::SeatTaken(seat)), &[Action::Match(A, seat)]);
    desk.now_seconds = 10;
    let again = [offer(MIRA, 5, 9, 2, 10), offer(OLEH, 5, 9, 2, 10)];
    assert_actions(&desk.handle(Event::Tick), &again);
    let comes = [offer(MIRA, 6, 9, 3, 0), offer(OLEH, 6, 9, 3, 0), tell(C, Wait::Now)];
    assert_actions(&desk.arrives_at_door(C, 9, 3), &comes);
}

#[test]
fn the_same_opening_at_a_door_takes_the_place_of_its_broken_socket() {
    let mut desk = TestDesk::with_workers(&[MIRA]);
    desk.desk.limits.openings_per_door_max = 1;
    desk.arrives_at_door(A, 9, 1);
    assert!(desk.desk.waits_already(&door_name(9), &[1; 32]));
    assert!(!desk.desk.waits_already(&door_name(9), &[2; 32]));
    let replaced = [Action::CloseClient(A, Close::LinkOpenElsewhere), tell(B, Wait::Now)];
    assert_actions(&desk.arrives_at_door(B, 9, 1), &replaced);
}

#[test]
fn one_time_links_are_before_doors() {
    let mut desk = TestDesk::new();
    desk.arrives_at_door(A, 9, 1);
    desk.arrives(B, 1, 2);
    let expected = [
        super::offer(MIRA, 2, 1, 2, 0),
        offer(MIRA, 1, 9, 1, 0),
        tell(B, Wait::Now),
        tell(A, Wait::Soon),
    ];
    assert_actions(&desk.handle(Event::WorkerArrived(MIRA, None)), &expected);
    let arrival = [super::offer(MIRA, 3, 2, 3, 0), tell(C, Wait::Soon)];
    assert_actions(&desk.arrives(C, 2, 3), &arrival);
    let left = [withdraw(MIRA, 2, WithdrawReason::Left), tell(C, Wait::Now)];
    assert_actions(&desk.handle(Event::ClientLeft(B)), &left);
}

#[test]
fn a_one_time_link_takes_the_place_of_the_youngest_at_a_door() {
    let mut desk = TestDesk::with_workers(&[MIRA]);
    desk.arrives_at_door(A, 9, 1);
    desk.arrives_at_door(B, 8, 2);
    desk.arrives(C, 1, 3);
    assert_eq!(desk.desk.refusal(&door_name(7), None), Some(Close::Crowded));
    assert_actions(&desk.arrives_at_door(D, 7, 4), &[crowded(D)]);
    let makes_room = [
        crowded(B),
        withdraw(MIRA, 2, WithdrawReason::Left),
        super::offer(MIRA, 4, 2, 4, 0),
        tell(D, Wait::Soon),
    ];
    assert_actions(&desk.arrives(D, 2, 4), &makes_room);
    // One whom a worker has accepted is not sent away.
    desk.accepts(MIRA, 1);
    let last = ClientId(5);
    assert_actions(&desk.arrives(last, 3, 5), &[crowded(last)]);
}

#[test]
fn doors_have_limits_of_their_own() {
    let mut desk = TestDesk::with_workers(&[MIRA]);
    desk.desk.limits.waiting_openings_max = 100;
    desk.desk.limits.door_openings_max = 3;
    desk.desk.limits.openings_per_door_max = 2;
    desk.arrives_at_door(A, 9, 1);
    desk.arrives_at_door(B, 9, 2);
    assert_eq!(desk.desk.waiting_at(&door_name(9)), 2);
    assert_actions(&desk.arrives_at_door(C, 9, 3), &[crowded(C)]);
    assert!(!desk.arrives_at_door(C, 8, 3).contains(&crowded(C)));
    assert_actions(&desk.arrives_at_door(D, 7, 4), &[crowded(D)]);
    assert!(!desk.arrives(D, 1, 4).contains(&crowded(D)), "a link has its own places");
}

/// Both are the service's; one who may issue links must not be able to shut its doors so.
#[test]
fn a_link_with_a_door_s_number_is_another_link() {
    let mut desk = TestDesk::with_workers(&[MIRA]);
    desk.arrives_at_door(A, 1, 1);
    desk.arrives(B, 1, 2);
    assert_actions(&desk.accepts(MIRA, 2), &[spend(1, 2), grant(MIRA, 2, 3), tell(A, Wait::Now)]);
    assert_eq!(desk.desk.waiting_at(&door_name(1)), 1);
    assert!(!desk.desk.waits_already(&door_name(1), &[2; 32]));
}
