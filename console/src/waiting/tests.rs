use vestibule_protocol::{Channel, Language, Subject, Triage};
use vestibule_wire::{Epoch, Expiry, LinkId, LinkName, OPENING_LEN};

use super::*;

const A: NodeNumber = NodeNumber(1);
const B: NodeNumber = NodeNumber(2);
const SHOWN: OfferId = OfferId([1; 8]);
const AGAIN: OfferId = OfferId([2; 8]);

fn view(offer: OfferId, waiting_since: u32) -> WaitingView {
    let (language, subject, channel) = (Language::ENGLISH, Subject::Tests, Channel::Card);
    let triage = Triage { language, subject, channel }.into();
    let expiry = Expiry::from_minutes(1).unwrap();
    let link = LinkName { epoch: Epoch(1), expiry, id: LinkId([1; 16]) };
    WaitingView { offer, triage, waiting_since, accepting: false, door: false, wish: None, link }
}

fn opening(byte: u8) -> Opening {
    Opening::new([byte; OPENING_LEN])
}

fn shown(waiting: &Waiting) -> Vec<OfferId> {
    waiting.views().iter().map(|view| view.offer).collect()
}

/// One person, offered by a node that has lost them and by the one that they came to then.
fn twice() -> Waiting {
    let mut waiting = Waiting::default();
    waiting.offered(A, view(SHOWN, 10), opening(1));
    waiting.offered(B, view(AGAIN, 20), opening(1));
    waiting
}

#[test]
fn who_is_offered_twice_is_shown_once_and_accepted_where_they_came_last() {
    let mut waiting = twice();
    assert!(shown(&waiting) == [SHOWN]);
    waiting.accepted(SHOWN);
    assert!(waiting.places(SHOWN) == [(A, SHOWN), (B, AGAIN)]);
    assert_eq!(waiting.withdrawn((A, SHOWN)), Gone::Quietly, "the dead socket was noticed");
    assert_eq!(waiting.accepting_count(), 1);
    waiting.granted((B, AGAIN));
    assert!(shown(&waiting).is_empty());
}

#[test]
fn who_still_waits_elsewhere_can_be_accepted_again() {
    let mut waiting = twice();
    waiting.accepted(SHOWN);
    assert_eq!(waiting.withdrawn((B, AGAIN)), Gone::Quietly);
    assert!(shown(&waiting) == [SHOWN] && waiting.is_accepting(SHOWN) == Some(false));
    waiting.accepted(SHOWN);
    assert_eq!(waiting.withdrawn((A, SHOWN)), Gone::Accepted);
    assert!(shown(&waiting).is_empty());
}

#[test]
fn the_loss_of_a_node_takes_its_offers_alone() {
    let mut waiting = twice();
    waiting.offered(A, view(OfferId([3; 8]), 5), opening(3));
    waiting.lost_node(A);
    assert!(shown(&waiting) == [AGAIN], "under the name that it has now");
    waiting.lost_node(B);
    assert!(shown(&waiting).is_empty());
}

#[test]
fn what_is_deferred_stands_and_is_not_being_accepted() {
    let mut waiting = twice();
    assert!(!waiting.deferred((B, AGAIN)), "nobody accepted it");
    waiting.accepted(SHOWN);
    assert!(!waiting.deferred((A, SHOWN)), "it was accepted at the other");
    assert!(waiting.deferred((B, AGAIN)));
    assert!(shown(&waiting) == [SHOWN] && waiting.accepting_count() == 0);
}

#[test]
fn a_number_that_another_node_gave_names_nobody_else() {
    let mut waiting = Waiting::default();
    waiting.offered(A, view(SHOWN, 10), opening(1));
    waiting.offered(B, view(SHOWN, 1), opening(2));
    assert!(waiting.places(SHOWN) == [(A, SHOWN)]);
    assert_eq!(waiting.withdrawn((B, SHOWN)), Gone::Quietly);
    assert!(shown(&waiting) == [SHOWN]);
}

#[test]
fn a_number_that_a_node_gives_again_names_whom_it_names_last() {
    let mut waiting = Waiting::default();
    waiting.offered(A, view(SHOWN, 10), opening(1));
    waiting.offered(A, view(SHOWN, 20), opening(2));
    assert!(shown(&waiting) == [SHOWN] && waiting.views()[0].waiting_since == 20);
}

#[test]
fn who_waits_longer_comes_first_and_changes_are_told_once() {
    let mut waiting = Waiting::default();
    waiting.offered(A, view(SHOWN, 10), opening(1));
    waiting.offered(A, view(AGAIN, 5), opening(2));
    assert!(shown(&waiting) == [AGAIN, SHOWN]);
    assert!(waiting.take_changed() && !waiting.take_changed());
    waiting.refused(AGAIN);
    assert!(waiting.take_changed() && shown(&waiting) == [SHOWN]);
    waiting.clear();
    assert!(waiting.take_changed());
    waiting.clear();
    assert!(!waiting.take_changed());
}
