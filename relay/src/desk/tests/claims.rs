//! Where several relays serve as one: what is claimed, and how that ends.

use vestibule_wire::{Close, SeatKey, Wait, WithdrawReason};

use super::{
    A, B, MIRA, OLEH, TestDesk, assert_actions, grant, offer, offer_id, spend, tell, withdraw,
};
use crate::desk::{Action, Event};
use crate::testing::link_name;

const SEAT: SeatKey = SeatKey([2; 16]);

#[test]
fn what_may_be_granted_is_claimed_first() {
    let mut desk = TestDesk::with_workers(&[MIRA]);
    desk.arrives(A, 1, 1);
    assert!(desk.desk.to_claim(MIRA, offer_id(1)) == Some((link_name(1), [1; 32])));
    assert!(desk.desk.to_claim(OLEH, offer_id(1)).is_none(), "nobody offered it to them");
    assert!(desk.desk.to_claim(MIRA, offer_id(2)).is_none(), "there is no such offer");
    assert!(desk.desk.seat_to_claim(&SEAT).is_none());
    assert_actions(&desk.accepts(MIRA, 1), &[spend(1, 1), grant(MIRA, 1, 2)]);
    assert!(desk.desk.to_claim(MIRA, offer_id(1)).is_none(), "it is granted");
    assert!(desk.desk.seat_to_claim(&SEAT) == Some((link_name(1), [1; 32])));
}

#[test]
fn a_door_is_never_claimed() {
    let mut desk = TestDesk::with_workers(&[MIRA]);
    desk.arrives_at_door(A, 1, 1);
    assert!(desk.desk.to_claim(MIRA, offer_id(1)).is_none());
    desk.accepts(MIRA, 1);
    assert!(desk.desk.has_seat(&SEAT) && desk.desk.seat_to_claim(&SEAT).is_none());
}

#[test]
fn an_offer_that_cannot_be_claimed_stands() {
    let mut desk = TestDesk::with_workers(&[MIRA, OLEH]);
    desk.arrives(A, 1, 1);
    let deferred = desk.handle(Event::Deferred(MIRA, offer_id(1)));
    assert_actions(&deferred, &[Action::Defer(MIRA, offer_id(1))]);
    let taken = withdraw(MIRA, 1, WithdrawReason::Taken);
    assert_actions(&desk.accepts(OLEH, 1), &[spend(1, 1), grant(OLEH, 1, 2), taken]);
    assert_actions(&desk.handle(Event::Deferred(MIRA, offer_id(1))), &[]);
}

#[test]
fn a_link_that_was_spent_elsewhere_sends_its_client_away() {
    let mut desk = TestDesk::with_workers(&[MIRA, OLEH]);
    desk.arrives(A, 1, 1);
    let close = Action::CloseClient(A, Close::LinkSpent);
    let refused = |worker| withdraw(worker, 1, WithdrawReason::Refused);
    let actions = desk.handle(Event::SpentElsewhere(offer_id(1)));
    assert_actions(&actions, &[close, refused(MIRA), refused(OLEH)]);
    assert_actions(&desk.handle(Event::SpentElsewhere(offer_id(1))), &[]);
}

#[test]
fn a_seat_of_a_link_that_was_spent_elsewhere_is_gone_with_its_client() {
    let mut desk = TestDesk::with_workers(&[MIRA]);
    desk.arrives(A, 1, 1);
    desk.accepts(MIRA, 1);
    let close = Action::CloseClient(A, Close::LinkSpent);
    let actions = desk.handle(Event::SeatSpentElsewhere(SEAT));
    let refused = withdraw(MIRA, 1, WithdrawReason::Refused);
    // What this relay remembers would let that client in again, and keep the true one out.
    assert_actions(&actions, &[Action::Unspend(link_name(1)), close, refused]);
    assert_actions(&desk.handle(Event::SeatTaken(SEAT)), &[]);
}

#[test]
fn a_seat_that_cannot_be_claimed_is_gone_and_its_client_offered_again() {
    let mut desk = TestDesk::with_workers(&[MIRA]);
    desk.arrives(A, 1, 1);
    desk.accepts(MIRA, 1);
    let actions = desk.handle(Event::SeatDeferred(SEAT));
    assert_actions(&actions, &[Action::Unspend(link_name(1)), offer(MIRA, 3, 1, 1, 0)]);
    assert_actions(&desk.handle(Event::SeatTaken(SEAT)), &[]);
}

#[test]
fn who_waits_is_told_that_it_is_held_unless_nobody_is_there_or_it_came_to_a_door() {
    let mut desk = TestDesk::new();
    desk.handle(Event::Held(true));
    assert_actions(&desk.arrives(A, 1, 1), &[tell(A, Wait::NobodyOnDuty)]);
    desk.arrives_at_door(B, 1, 9);
    let actions = desk.handle(Event::WorkerArrived(MIRA, None));
    let told: Vec<Action> =
        actions.into_iter().filter(|action| matches!(action, Action::TellWait(..))).collect();
    assert_actions(&told, &[tell(A, Wait::Held), tell(B, Wait::Soon)]);
    assert_actions(&desk.handle(Event::Held(false)), &[tell(A, Wait::Now)]);
    assert_actions(&desk.handle(Event::Held(true)), &[tell(A, Wait::Held)]);
}
