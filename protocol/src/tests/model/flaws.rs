//! Each rule, broken on purpose: the models must find it. Who sees one of these fail to find anything
//! has a model that proves nothing.

use stateright::{Checker, HasDiscoveries, Model};

use super::consultation::{Bounds, Consultation};
use super::hand_over::{Bounds as HandOverBounds, HandOver};
use super::symbols::{Flaw, Roomy, Sound};
use crate::session::Limits;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct AcknowledgesTooMuch;
impl Flaw for AcknowledgesTooMuch {
    fn acknowledges(acknowledged: u64) -> u64 {
        acknowledged + 1
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct AcknowledgesTooLittle;
impl Flaw for AcknowledgesTooLittle {
    fn acknowledges(acknowledged: u64) -> u64 {
        2.max(acknowledged - 1)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct TakesDuplicates;
impl Flaw for TakesDuplicates {
    const IGNORES_NUMBERS: bool = true;
}

/// A window that is smaller than what the other end may send.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct TakesTooLittle;
impl Flaw for TakesTooLittle {
    const LIMITS: Limits = Limits { ahead_cells_max: 1, ..Sound::LIMITS };
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct KeepsOldKeys;
impl Flaw for KeepsOldKeys {
    const KEEPS_OLD_KEYS: bool = true;
}

/// Nothing may go further than words, not even what makes room for them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct HasNoReserve;
impl Flaw for HasNoReserve {
    const LIMITS: Limits = Limits { cells_with_news_max: 2, ..Sound::LIMITS };
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct KeepsFirstWorker;
impl Flaw for KeepsFirstWorker {
    const LIMITS: Limits = Roomy::LIMITS;
    const KEEPS_OLD_KEYS: bool = true;
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct ForgetsCarriedOver;
impl Flaw for ForgetsCarriedOver {
    const LIMITS: Limits = Roomy::LIMITS;
    const FORGETS_CARRIED_OVER: bool = true;
}

/// Which properties fail. The search ends when one does.
fn finds<F: Flaw>(bounds: Bounds) -> Vec<&'static str> {
    let model = Consultation::<F>::new(bounds).checker().threads(2);
    let checker = model.finish_when(HasDiscoveries::AnyFailures).spawn_bfs().join();
    let discoveries = checker.discoveries().into_keys();
    discoveries.filter(|name| *name != "everything was said and arrived").collect()
}

const FEW: Bounds = Bounds { words: [2, 1], losses: 1, duplicates: 1, cells: 6, ..Bounds::NOTHING };

#[test]
fn nothing_is_found_where_nothing_is_wrong() {
    assert_eq!(finds::<Sound>(FEW), [""; 0]);
}

#[test]
fn a_broken_acknowledgement_is_found() {
    assert!(!finds::<AcknowledgesTooMuch>(FEW).is_empty());
    assert!(!finds::<AcknowledgesTooLittle>(FEW).is_empty());
}

#[test]
fn a_broken_window_is_found() {
    assert!(!finds::<TakesDuplicates>(FEW).is_empty());
    assert!(!finds::<TakesTooLittle>(FEW).is_empty());
}

#[test]
fn a_broken_lock_out_is_found() {
    let bounds = Bounds { generations: 1, cells: 6, ..Bounds::NOTHING };
    assert_eq!(finds::<Sound>(bounds.clone()), [""; 0]);
    assert_eq!(finds::<KeepsOldKeys>(bounds), ["who has old keys is locked out"]);
}

#[test]
fn a_missing_reserve_is_found() {
    let bounds = Bounds { words: [2, 2], cells: 6, ..Bounds::NOTHING };
    assert_eq!(finds::<Sound>(bounds.clone()), [""; 0]);
    assert_eq!(finds::<HasNoReserve>(bounds), ["everything arrives once the line is good"]);
}

#[test]
fn a_hand_over_that_goes_wrong_is_found() {
    let bounds = HandOverBounds { first_words: 1, ..HandOverBounds::NOTHING };
    assert!(finds_in_hand_over::<Roomy>(bounds.clone()).is_empty());
    let found = finds_in_hand_over::<KeepsFirstWorker>(bounds.clone());
    assert_eq!(found, ["the first worker is locked out"]);
    // The search meets states first from where it cannot end well any more.
    let found = finds_in_hand_over::<ForgetsCarriedOver>(bounds);
    assert_eq!(found, ["it comes to a good end"]);
}

fn finds_in_hand_over<F: Flaw>(bounds: HandOverBounds) -> Vec<&'static str> {
    let model = HandOver::<F>::new(bounds).checker().threads(2);
    let checker = model.finish_when(HasDiscoveries::AnyFailures).spawn_bfs().join();
    let discoveries = checker.discoveries().into_keys();
    discoveries.filter(|name| !HAND_OVER_AIMS.contains(name)).collect()
}

/// What is found when nothing is wrong.
const HAND_OVER_AIMS: [&str; 2] = ["it was handed over", "the client came back"];
