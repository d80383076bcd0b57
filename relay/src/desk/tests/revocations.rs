//! What the service no longer believes does not wait, and whom it has sent off takes no seat.

use std::sync::Arc;

use vestibule_wire::{Close, LinkId, SeatKey, UnsignedRevocations, Wait, WithdrawReason};

use super::{A, B, C, MIRA, OLEH, TestDesk, arrival, assert_actions, offer, tell, withdraw};
use crate::desk::{Action, Arrival, ClientId, Event};
use crate::testing::{FakeService, link_name, nothing_revoked};

fn revoked(unsigned: &UnsignedRevocations) -> Event {
    Event::Revoked(Arc::new(FakeService::new(1).revoked(unsigned)))
}

fn refused(client: ClientId) -> Action {
    Action::CloseClient(client, Close::LinkRefused)
}

fn arrives_with(desk: &mut TestDesk, client: ClientId, link: u8, generation: u8) -> Vec<Action> {
    let arrival = arrival(client, link_name(link), link);
    desk.handle(Event::ClientArrived(Arrival { generation: Some(generation), ..arrival }))
}

#[test]
fn openings_of_an_older_generation_are_refused() {
    let mut desk = TestDesk::with_workers(&[MIRA]);
    arrives_with(&mut desk, A, 1, 0);
    arrives_with(&mut desk, B, 2, 1);
    let newer = UnsignedRevocations { lowest_generation: 1, ..nothing_revoked(2) };
    let expected = [refused(A), withdraw(MIRA, 1, WithdrawReason::Refused), tell(B, Wait::Now)];
    assert_actions(&desk.handle(revoked(&newer)), &expected);
    assert_actions(&arrives_with(&mut desk, C, 3, 0), &[refused(C)]);
    assert_eq!(arrives_with(&mut desk, C, 3, 1).len(), 2);
}

#[test]
fn openings_at_a_shut_door_are_refused_also_when_they_were_accepted() {
    let mut desk = TestDesk::with_workers(&[MIRA, OLEH]);
    desk.arrives_at_door(A, 9, 1);
    desk.arrives_at_door(B, 8, 2);
    desk.accepts(MIRA, 1);
    let shut = UnsignedRevocations { doors: vec![LinkId([9; 16])], ..nothing_revoked(1) };
    let expected = [refused(A), withdraw(MIRA, 1, WithdrawReason::Refused)];
    assert_actions(&desk.handle(revoked(&shut)), &expected);
    assert_actions(&desk.handle(Event::SeatTaken(SeatKey([3; 16]))), &[]);
    assert_actions(&desk.arrives_at_door(C, 9, 3), &[refused(C)]);
}

#[test]
fn an_older_list_changes_nothing() {
    let mut desk = TestDesk::new();
    let shut = UnsignedRevocations { doors: vec![LinkId([9; 16])], ..nothing_revoked(7) };
    desk.handle(revoked(&shut));
    desk.handle(revoked(&nothing_revoked(6)));
    desk.handle(revoked(&nothing_revoked(7)));
    assert_actions(&desk.arrives_at_door(A, 9, 1), &[refused(A)]);
    desk.handle(revoked(&nothing_revoked(8)));
    assert_actions(&desk.arrives_at_door(A, 9, 1), &[tell(A, Wait::NobodyOnDuty)]);
}

#[test]
fn a_worker_who_was_sent_off_takes_no_seat() {
    let mut desk = TestDesk::with_workers(&[MIRA, OLEH]);
    desk.arrives(A, 1, 1);
    desk.accepts(MIRA, 1);
    let again = [Action::Unspend(link_name(1)), offer(OLEH, 3, 1, 1, 0)];
    assert_actions(&desk.handle(Event::WorkerSentOff(MIRA)), &again);
    assert_actions(&desk.handle(Event::SeatTaken(SeatKey([2; 16]))), &[]);
}
