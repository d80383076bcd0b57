//! What must hold in every state of a hand-over.

use std::sync::Arc;

use vestibule_wire::Side;

use super::end::End;
use super::hand_over::{
    Action, Asks, Client, Colleague, FirstWorker, HandOver, OF_CLIENT, OF_COLLEAGUE, OF_FIRST,
    State, With,
};
use super::symbols::{Flaw, Symbol};

pub(super) fn unbroken<F: Flaw>(_: &HandOver<F>, state: &State<F>) -> bool {
    !state.is_broken && ends(state).all(|end| !end.is_broken)
}

pub(super) fn shown_once<F: Flaw>(_: &HandOver<F>, state: &State<F>) -> bool {
    let shown = state.shown();
    let by = |from: u8| -> Vec<u8> {
        shown.iter().copied().filter(|word| (from..from + 10).contains(word)).collect()
    };
    let (of_first, of_colleague) = (by(OF_FIRST), by(OF_COLLEAGUE));
    is_run(&of_first, OF_FIRST)
        && is_run(&of_colleague, OF_COLLEAGUE)
        && of_first.len() + of_colleague.len() == shown.len()
}

/// Who goes on has heard the client's words in order and once, and none is missing between what it
/// and what the first worker heard.
pub(super) fn heard_on<F: Flaw>(_: &HandOver<F>, state: &State<F>) -> bool {
    let by_first = heard_by_first(state);
    let by_colleague = heard_by_colleague(state);
    let begins = by_colleague.first().copied().unwrap_or(OF_CLIENT);
    is_run(&by_first, OF_CLIENT)
        && is_run(by_colleague, begins)
        && usize::from(begins - OF_CLIENT) <= by_first.len()
}

pub(super) fn locked_out<F: Flaw>(_: &HandOver<F>, state: &State<F>) -> bool {
    let of_first = Symbol::new(0, 0);
    let talks = match &state.colleague {
        Colleague::Talks(end) | Colleague::HasAnswered(end) => Some(end),
        Colleague::Uninvolved | Colleague::HasTicket | Colleague::Crashed => None,
    };
    state.new.iter().chain(talks).all(|end| end.refuses(&of_first, 0))
}

pub(super) fn handed_over<F: Flaw>(_: &HandOver<F>, state: &State<F>) -> bool {
    state.first == FirstWorker::Done && is_all_well(state)
}

pub(super) fn came_back<F: Flaw>(_: &HandOver<F>, state: &State<F>) -> bool {
    let has_asked = matches!(state.first, FirstWorker::Here { asks: Asks::NoMore, .. });
    has_asked && state.client == Client::WithFirst && is_all_well(state)
}

/// When nothing breaks any more, the client has a worker and everything has arrived; or its worker's
/// program is gone, and the page says that the worker is away.
pub(super) fn ends_well<F: Flaw>(_: &HandOver<F>, state: &State<F>) -> bool {
    const SLOTS: usize = 6;
    let mut state = state.clone();
    for _ in 0..SLOTS {
        while PROMPTLY.iter().any(|action| state.step(*action).is_some()) {}
        if is_all_well(&state) {
            return true;
        }
        state.fill_slots();
    }
    false
}

/// What programs do of themselves, the most urgent first.
const PROMPTLY: [Action; 17] = [
    Action::Tell(Side::Worker),
    Action::Tell(Side::Client),
    Action::Leave,
    Action::ClientOpens,
    Action::Arrive(With::First, Side::Client),
    Action::Arrive(With::First, Side::Worker),
    Action::Arrive(With::Colleague, Side::Client),
    Action::Arrive(With::Colleague, Side::Worker),
    Action::ColleagueAnswers,
    // Twenty seconds later.
    Action::GiveUp,
    Action::Rejoin(With::First),
    Action::Rejoin(With::Colleague),
    Action::Send(With::First, Side::Client),
    Action::Send(With::First, Side::Worker),
    Action::Send(With::Colleague, Side::Client),
    Action::Send(With::Colleague, Side::Worker),
    Action::Offer,
];

fn is_all_well<F: Flaw>(state: &State<F>) -> bool {
    let [client_said, first_said, colleague_said] = state.said.map(usize::from);
    let by_first = heard_by_first(state);
    let by_colleague = heard_by_colleague(state);
    let shown = state.shown();
    let shown_of = |from: u8| shown.iter().filter(|word| (from..from + 10).contains(*word)).count();
    match (state.client, &state.first, &state.colleague) {
        (Client::WithFirst | Client::Asked, FirstWorker::Here { .. }, _) => {
            by_first.len() == client_said && shown_of(OF_FIRST) == first_said
        }
        (Client::WithFirst | Client::Asked, FirstWorker::Crashed, _)
        | (Client::WithColleague, _, Colleague::Crashed) => true,
        (Client::WithColleague, first, Colleague::Talks(_)) => {
            let heard: std::collections::BTreeSet<_> =
                by_first.iter().chain(by_colleague).collect();
            let of_first = *first == FirstWorker::Crashed
                || *first == FirstWorker::Done && shown_of(OF_FIRST) == first_said;
            heard.len() == client_said && of_first && shown_of(OF_COLLEAGUE) == colleague_said
        }
        _ => false,
    }
}

/// Words from `from` on, none left out.
fn is_run(words: &[u8], from: u8) -> bool {
    words.iter().copied().eq((from..).take(words.len()))
}

fn heard_by_first<F: Flaw>(state: &State<F>) -> Vec<u8> {
    match &state.first {
        FirstWorker::Here { end, .. } => end.heard.clone(),
        FirstWorker::Done | FirstWorker::Crashed => state.heard_by_first.clone(),
    }
}

fn heard_by_colleague<F: Flaw>(state: &State<F>) -> &[u8] {
    match &state.colleague {
        Colleague::Talks(end) => &end.heard,
        _ => &[],
    }
}

fn ends<F: Flaw>(state: &State<F>) -> impl Iterator<Item = &Arc<End<F>>> {
    let first = match &state.first {
        FirstWorker::Here { end, .. } => Some(end),
        FirstWorker::Done | FirstWorker::Crashed => None,
    };
    let colleague = match &state.colleague {
        Colleague::HasAnswered(end) | Colleague::Talks(end) => Some(end),
        Colleague::Uninvolved | Colleague::HasTicket | Colleague::Crashed => None,
    };
    state.old.iter().chain(&state.new).chain(first).chain(colleague)
}
