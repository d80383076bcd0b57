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

use std::marker::PhantomData;
use std::time::Duration;

use consultation::{Bounds, Consultation};
use hand_over::HandOver;
use stateright::{Checker, Model};
use symbols::Sound;

const HAND_OVER_TIME_MAX: Duration = Duration::from_secs(30);

/// Explores everything within bounds.
fn explore(bounds: Bounds, unique_states_min: usize) {
    let checker = Consultation::<Sound>::new(bounds).checker().threads(2).spawn_bfs().join();
    let (states, depth) = (checker.unique_state_count(), checker.max_depth());
    println!("{states} states, depth {depth}");
    checker.assert_properties();
    assert!(checker.is_done() && states >= unique_states_min, "{states} states");
}

#[test]
fn cells_that_are_lost_doubled_and_overtaken_do_no_harm() {
    let bounds =
        Bounds { words: [2, 1], losses: 1, duplicates: 1, slots: 1, cells: 6, ..Bounds::NOTHING };
    explore(bounds, 367_000);
}

#[test]
fn lines_that_break_and_relays_that_are_killed_do_no_harm() {
    explore(Bounds { words: [2, 1], losses: 1, cuts: 1, cells: 8, ..Bounds::NOTHING }, 273_000);
}

#[test]
fn sockets_that_live_on_beside_new_ones_do_no_harm() {
    let bounds =
        Bounds { words: [1, 1], duplicates: 1, reconnections: 1, cells: 8, ..Bounds::NOTHING };
    explore(bounds, 100_000);
}

#[test]
fn windows_that_are_full_at_both_ends_empty_again() {
    explore(Bounds { words: [3, 3], cells: 8, ..Bounds::NOTHING }, 73_000);
}

#[test]
fn secrets_are_renewed_whatever_breaks_meanwhile() {
    explore(
        Bounds { words: [1, 1], cuts: 1, generations: 2, cells: 9, ..Bounds::NOTHING },
        964_000,
    );
}

#[test]
fn secrets_are_renewed_whatever_is_lost_meanwhile() {
    let bounds =
        Bounds { words: [1, 0], losses: 1, cuts: 1, generations: 2, cells: 9, ..Bounds::NOTHING };
    explore(bounds, 81_000);
}

/// Larger than can be explored to its end: breadth first, for as long as it may take.
#[test]
fn a_hand_over_comes_to_a_good_end_whoever_is_killed() {
    let bounds = hand_over::Bounds {
        client_words: 1,
        first_words: 1,
        colleague_words: 1,
        cuts: 1,
        crashes: 1,
    };
    let model = HandOver::<symbols::Roomy> { bounds, flaw: PhantomData };
    let checker = model.checker().threads(2).timeout(HAND_OVER_TIME_MAX).spawn_bfs().join();
    let (states, depth) = (checker.unique_state_count(), checker.max_depth());
    println!("{states} states, depth {depth}");
    checker.assert_properties();
    assert!(states >= 50_000, "{states} states");
}
