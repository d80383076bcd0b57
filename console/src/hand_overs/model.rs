//! Both workers' rules at once, in every order of events within stated bounds, checked with Stateright.
//!
//! Real are `Asking` and `Asked`. Modelled is what surrounds them: a desk does what they say, and
//! says what it owes again on every new way; a way between two workers brings letters in order until it
//! breaks, which each notices at another time; a session brings records once and in order; the client's
//! page decides as `client-web/src/client/talk.ts` does. What becomes of words on the way is the
//! protocol's model.

mod state;
mod workers;

use std::collections::VecDeque;

use stateright::{Checker, HasDiscoveries, Model, Property};

use state::{Action, Bounds, Client, Colleague, First, Flaw, Letter, State, Way};

const ACTIONS: [Action; 20] = [
    Action::Accept,
    Action::Decline,
    Action::TakeBack,
    Action::Agree,
    Action::Stay,
    Action::Close,
    Action::Leave,
    Action::Meet,
    Action::GiveUp,
    Action::ClientHears,
    Action::FirstHearsClient,
    Action::FirstHears,
    Action::ColleagueHears,
    Action::LoseWay,
    Action::FirstNotices,
    Action::ColleagueNotices,
    Action::FindWay,
    Action::CrashFirst,
    Action::CrashColleague,
    Action::WaitInVain,
];

/// What happens when nobody hesitates and nothing breaks, the most urgent first.
const PROMPTLY: [Action; 13] = [
    Action::FirstNotices,
    Action::ColleagueNotices,
    Action::FindWay,
    Action::ColleagueHears,
    Action::FirstHears,
    Action::ClientHears,
    Action::FirstHearsClient,
    Action::Accept,
    Action::Agree,
    Action::Leave,
    Action::Meet,
    Action::GiveUp,
    Action::WaitInVain,
];
const PROMPT_STEPS_MAX: usize = 100;

struct HandOvers {
    bounds: Bounds,
    flaw: Flaw,
}

impl Model for HandOvers {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        vec![State {
            asking: Some(Vec::new()),
            asked: None,
            first: First::Talks,
            colleague: Colleague::Idle,
            client: Client::WithFirst,
            is_open: false,
            to_client: VecDeque::new(),
            from_client: VecDeque::new(),
            way: Way {
                is_there: true,
                first_believes: true,
                colleague_believes: true,
                to_colleague: VecDeque::from([Letter::Request]),
                to_first: VecDeque::new(),
            },
            owed_to_colleague: Vec::new(),
            owed_to_first: Vec::new(),
            had_ticket: false,
            former_words_said: 0,
            is_broken: false,
            flaw: self.flaw,
            left: self.bounds,
        }]
    }

    fn actions(&self, _: &State, actions: &mut Vec<Action>) {
        actions.extend(ACTIONS);
    }

    fn next_state(&self, last: &State, action: Action) -> Option<State> {
        let mut state = last.clone();
        state.step(action).map(|()| state)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("nobody breaks a rule", |_, state: &State| !state.is_broken),
            Property::always("the former words are said once", |_, state: &State| {
                state.former_words_said <= 1
            }),
            Property::always("it comes to a good end", |_, state: &State| ends_well(state)),
            Property::sometimes("it was handed over", |_, state: &State| {
                state.client == Client::WithColleague && is_well(state)
            }),
            Property::sometimes("the client came back", |_, state: &State| {
                state.had_ticket && state.client == Client::WithFirst && is_well(state)
            }),
        ]
    }
}

fn ends_well(state: &State) -> bool {
    let mut state = state.clone();
    let is_at_rest =
        (0..PROMPT_STEPS_MAX).any(|_| !PROMPTLY.iter().any(|action| state.step(*action).is_some()));
    is_at_rest && is_well(&state)
}

/// Exactly one worker has the client, neither waits for anything, and nothing is owed. Of a worker whose
/// program was killed the client's page says that it is away.
fn is_well(state: &State) -> bool {
    let State { asking, asked, first, colleague, .. } = state;
    let is_settled = asking.is_none() && asked.is_none() && *colleague != Colleague::Waits;
    let said_all = state.former_words_said == 1;
    let has_worker = match state.client {
        Client::WithFirst => {
            matches!(first, First::Talks | First::Crashed) && *colleague != Colleague::Talks
        }
        Client::WithColleague => {
            *colleague == Colleague::Crashed
                || *first == First::Crashed
                || *first == First::HandedOver && said_all
        }
        Client::Gone => true,
        Client::Asked | Client::Leaving | Client::Going => false,
    };
    is_settled && has_worker && state.owes_nothing()
}

fn explore(bounds: Bounds, unique_states_min: usize) {
    let checker = HandOvers { bounds, flaw: Flaw::None }.checker().threads(2).spawn_bfs().join();
    let states = checker.unique_state_count();
    checker.assert_properties();
    assert!(checker.is_done() && states >= unique_states_min, "{states} states");
}

/// Which properties fail. The search ends when one does.
fn finds(bounds: Bounds, flaw: Flaw) -> Vec<&'static str> {
    let model = HandOvers { bounds, flaw }.checker().threads(2);
    let checker = model.finish_when(HasDiscoveries::AnyFailures).spawn_bfs().join();
    let names = checker.discoveries().into_keys();
    names.filter(|name| !["it was handed over", "the client came back"].contains(name)).collect()
}

const NOTHING: Bounds = Bounds { ways_lost: 0, crashes: 0, takes_back: 0, closes: 0 };

#[test]
fn whatever_the_three_decide_somebody_has_the_client() {
    explore(Bounds { takes_back: 1, closes: 1, ..NOTHING }, 150);
}

#[test]
fn whenever_the_workers_lose_each_other_somebody_has_the_client() {
    explore(Bounds { ways_lost: 3, takes_back: 1, closes: 1, ..NOTHING }, 3_000);
}

#[test]
fn whoever_is_killed_the_client_has_a_worker_or_knows() {
    explore(Bounds { ways_lost: 2, crashes: 2, takes_back: 1, closes: 1 }, 2_700);
}

#[test]
fn asking_the_client_before_the_ticket_has_arrived_is_found() {
    assert!(finds(NOTHING, Flaw::None).is_empty());
    assert!(finds(NOTHING, Flaw::AsksTooEarly).contains(&"nobody breaks a rule"));
}

#[test]
fn forgetting_what_is_owed_when_a_way_is_lost_is_found() {
    let bounds = Bounds { ways_lost: 1, ..NOTHING };
    assert!(finds(bounds, Flaw::None).is_empty());
    assert!(finds(bounds, Flaw::SaysNothingAgain).contains(&"it comes to a good end"));
}
