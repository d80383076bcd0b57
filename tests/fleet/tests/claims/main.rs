//! Claims of one link by two clients at several nodes, in every order of events within stated bounds,
//! checked with Stateright.
//!
//! Modelled are the nodes' rules, Redis with one replica, and what goes wrong between them. Time is not:
//! a claim may run out at any moment, and so may anybody's patience. Each rule is also broken on purpose,
//! and then the link must be found spent twice.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test that panics has failed, which is what it is for; this one tells what it explored"
)]
#![allow(clippy::option_option, reason = "a server may be gone, and so may what it holds")]
#![allow(clippy::struct_excessive_bools, reason = "each is a rule that may be broken alone")]

mod node;
mod redis;
mod state;

use stateright::{Checker, HasDiscoveries, Model, Property};

use redis::WaitsFor;
use state::{Action, Bounds, CONSOLES, NODES, OPENINGS, Rules, State};

const SPENT_ONCE: &str = "the link is spent at most once";
const AIMS: [&str; 3] =
    ["a client is answered", "the other client is answered", "a claim is refused"];

struct Claims {
    bounds: Bounds,
    rules: Rules,
}

impl Model for Claims {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        vec![State::new(self.bounds, self.rules)]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        for node in 0..NODES {
            actions.push(Action::Crash(node));
            for opening in 0..OPENINGS {
                actions.push(Action::Arrive(node, opening));
                actions.push(Action::GoOn(node, opening));
                actions.push(Action::GiveUp(node, opening));
                for at_old in [false, true] {
                    let consoles = 0..state.left.consoles.min(CONSOLES);
                    let accept = |console| Action::Accept { node, opening, console, at_old };
                    actions.extend(consoles.map(accept));
                    actions.push(Action::TakeSeat { node, opening, at_old });
                }
            }
        }
        actions.extend([
            Action::Replicate,
            Action::FailOver { old_lives: false },
            Action::FailOver { old_lives: true },
            Action::Rejoin,
            Action::RunOut,
            Action::Wipe,
        ]);
    }

    fn next_state(&self, last: &State, action: Action) -> Option<State> {
        let mut state = last.clone();
        state.step(action).map(|()| state)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always(SPENT_ONCE, |_, state: &State| {
                !state.spent.iter().all(|spent| *spent)
            }),
            Property::sometimes(AIMS[0], |_, state: &State| state.spent[0]),
            Property::sometimes(AIMS[1], |_, state: &State| state.spent[1]),
            Property::sometimes(AIMS[2], |_, state: &State| state.was_refused),
        ]
    }
}

const OURS: Rules = Rules {
    waits: true,
    confirms: true,
    confirms_at_once: true,
    deletes: false,
    waits_for: WaitsFor::OwnWrites,
};

const QUIET: Bounds = Bounds {
    consoles: 2,
    arrivals: 3,
    accepts: 3,
    runs_out: 0,
    fails_over: 0,
    crashes: 0,
    wipes: 0,
};

fn explore(bounds: Bounds, unique_states_min: usize) {
    let checker = Claims { bounds, rules: OURS }.checker().threads(2).spawn_bfs().join();
    let states = checker.unique_state_count();
    println!("{states} states, depth {}", checker.max_depth());
    checker.assert_properties();
    assert!(checker.is_done() && states >= unique_states_min, "{states} states");
}

/// Whether some order of events spends the link twice.
fn is_spent_twice(bounds: Bounds, rules: Rules) -> bool {
    let model = Claims { bounds, rules }.checker().threads(2);
    let checker = model.finish_when(HasDiscoveries::AnyFailures).spawn_bfs().join();
    checker.discovery(SPENT_ONCE).is_some()
}

/// `SET NX`, believed at once, and `DEL` when the worker never came.
const NAIVE: Rules = Rules { waits: false, confirms: false, deletes: true, ..OURS };

#[test]
fn a_link_is_spent_once_wherever_its_clients_go() {
    explore(Bounds { arrivals: 4, accepts: 4, runs_out: 1, ..QUIET }, 355_000);
}

#[test]
fn a_link_is_spent_once_across_failovers() {
    explore(Bounds { fails_over: 1, runs_out: 1, ..QUIET }, 372_000);
    explore(Bounds { fails_over: 2, ..QUIET }, 316_000);
}

#[test]
fn a_link_is_spent_once_when_nodes_are_killed() {
    explore(Bounds { crashes: 1, runs_out: 1, ..QUIET }, 136_000);
    explore(Bounds { crashes: 1, fails_over: 1, ..QUIET }, 318_000);
}

/// A Redis that has forgotten everything is no help, and then a console's own memory is: who has answered
/// a link never answers another opening of it.
#[test]
fn a_console_answers_a_link_once_when_redis_is_wiped() {
    let wiped = Bounds { wipes: 1, runs_out: 1, ..QUIET };
    explore(Bounds { consoles: 1, crashes: 1, ..wiped }, 233_000);
    assert!(is_spent_twice(wiped, OURS), "another console knows nothing of it");
}

#[test]
fn the_naive_claim_is_found() {
    assert!(is_spent_twice(Bounds { fails_over: 1, ..QUIET }, NAIVE));
    assert!(is_spent_twice(QUIET, NAIVE), "one client's DEL makes way for the other");
}

#[test]
fn believing_a_claim_before_the_replica_has_it_is_found() {
    assert!(is_spent_twice(Bounds { fails_over: 1, ..QUIET }, Rules { waits: false, ..OURS }));
    assert!(!is_spent_twice(QUIET, Rules { waits: false, ..OURS }), "nothing is lost without one");
}

#[test]
fn deleting_what_came_to_nothing_is_found() {
    assert!(is_spent_twice(Bounds { arrivals: 4, ..QUIET }, Rules { deletes: true, ..OURS }));
}

#[test]
fn taking_a_seat_without_confirming_is_found() {
    assert!(is_spent_twice(Bounds { runs_out: 1, ..QUIET }, Rules { confirms: false, ..OURS }));
}

/// Prolong, look, wait: between the first two somebody else's claim may begin.
#[test]
fn confirming_by_one_command_after_the_other_is_found() {
    let rules = Rules { confirms_at_once: false, ..OURS };
    assert!(is_spent_twice(Bounds { runs_out: 2, ..QUIET }, rules));
    let rules = Rules { waits_for: WaitsFor::Everything, ..rules };
    assert!(is_spent_twice(Bounds { runs_out: 2, ..QUIET }, rules));
}
