//! Every order of events within stated bounds, checked with Stateright against the code that runs in
//! the product: `Stream` and all that it is made of, with symbols for keys and small windows. In each
//! state it is also tried whether everything would arrive if the line were good from then on.

mod consultation;
mod end;
mod flaws;
mod hand_over;
mod hand_over_checks;
mod hand_over_steps;
mod line;
mod symbols;

use std::fmt::Debug;
use std::hash::Hash;

use consultation::{Bounds, Consultation};
use hand_over::{Bounds as HandOverBounds, HandOver};
use stateright::{Checker, Model};
use symbols::{Roomy, Sound};

/// Explores everything within bounds.
fn explore(bounds: Bounds, unique_states_min: usize) {
    explore_all(Consultation::<Sound>::new(bounds), unique_states_min);
}

fn hand_over(bounds: HandOverBounds, unique_states_min: usize) {
    explore_all(HandOver::<Roomy>::new(bounds), unique_states_min);
}

fn explore_all<M>(model: M, unique_states_min: usize)
where
    M: Model + Send + Sync + 'static,
    M::State: Debug + Hash + Send + Sync + PartialEq + Clone,
    M::Action: Debug + Send + Sync + PartialEq + Clone,
{
    let checker = model.checker().threads(2).spawn_bfs().join();
    let (states, depth) = (checker.unique_state_count(), checker.max_depth());
    println!("{states} states, depth {depth}");
    checker.assert_properties();
    assert!(checker.is_done() && states >= unique_states_min, "{states} states");
}

#[test]
fn cells_that_are_lost_doubled_and_overtaken_do_no_harm() {
    let bounds =
        Bounds { words: [2, 1], losses: 1, duplicates: 1, slots: 1, cells: 6, ..Bounds::NOTHING };
    explore(bounds, 432_000);
}

#[test]
fn lines_that_break_and_relays_that_are_killed_do_no_harm() {
    explore(Bounds { words: [2, 1], losses: 1, cuts: 1, cells: 8, ..Bounds::NOTHING }, 323_000);
}

#[test]
fn sockets_that_live_on_beside_new_ones_do_no_harm() {
    let bounds =
        Bounds { words: [1, 1], duplicates: 1, reconnections: 1, cells: 8, ..Bounds::NOTHING };
    explore(bounds, 149_000);
}

#[test]
fn windows_that_are_full_at_both_ends_empty_again() {
    explore(Bounds { words: [3, 3], cells: 8, ..Bounds::NOTHING }, 84_000);
}

#[test]
fn secrets_are_renewed_whatever_breaks_meanwhile() {
    explore(
        Bounds { words: [1, 1], cuts: 1, generations: 1, cells: 9, ..Bounds::NOTHING },
        243_000,
    );
}

#[test]
fn secrets_are_renewed_whatever_is_lost_meanwhile() {
    let bounds =
        Bounds { words: [1, 0], losses: 1, cuts: 1, generations: 2, cells: 9, ..Bounds::NOTHING };
    explore(bounds, 158_000);
}

#[test]
fn a_hand_over_loses_and_doubles_no_words() {
    hand_over(
        HandOverBounds { client_words: 1, first_words: 1, ..HandOverBounds::NOTHING },
        333_000,
    );
}

#[test]
fn a_hand_over_comes_to_a_good_end_whoever_is_killed() {
    let bounds = HandOverBounds { crashes: 2, ..HandOverBounds::NOTHING };
    hand_over(HandOverBounds { client_words: 1, ..bounds.clone() }, 155_000);
    hand_over(HandOverBounds { first_words: 1, ..bounds }, 139_000);
}

#[test]
fn a_hand_over_comes_to_a_good_end_when_lines_break_too() {
    let bounds = HandOverBounds { cuts: 1, crashes: 1, ..HandOverBounds::NOTHING };
    hand_over(bounds, 623_000);
}
