//! A consultation between two ends over the worst of lines, step by step.

use std::fmt;
use std::marker::PhantomData;

use stateright::{Model, Property};
use vestibule_wire::Side;

use super::line::Line;
use super::symbols::Flaw;
use crate::session::Stream;

const SIDES: [Side; 2] = [Side::Client, Side::Worker];
const SESSION: u8 = 0;

/// How much may happen before the line is good for ever. This and nothing else bounds the search.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Bounds {
    /// Words of the client and of the worker.
    pub(super) words: [u8; 2],
    pub(super) losses: u8,
    pub(super) duplicates: u8,
    /// Sockets broken, or relays killed, with everything on its way.
    pub(super) cuts: u8,
    /// New sockets while the old ones still bring cells.
    pub(super) reconnections: u8,
    /// Slots with nothing due.
    pub(super) slots: u8,
    /// Fresh secrets.
    pub(super) generations: u8,
    /// Cells that either end has sealed.
    pub(super) cells: usize,
}

impl Bounds {
    pub(super) const NOTHING: Self = Self {
        words: [0, 0],
        losses: 0,
        duplicates: 0,
        cuts: 0,
        reconnections: 0,
        slots: 0,
        generations: 0,
        cells: 0,
    };
}

pub(super) struct Consultation<F> {
    bounds: Bounds,
    flaw: PhantomData<F>,
}

#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct State<F: Flaw> {
    line: Line<F>,
    /// What may still happen.
    left: Bounds,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    Say(Side),
    Freshen,
    Send(Side),
    Slot(Side),
    Arrive(Side, u64),
    Lose(Side, u64),
    Duplicate(Side, u64),
    Cut,
    Rejoin,
    Reconnect,
}

impl<F: Flaw> fmt::Debug for State<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Line { client, worker, joined, .. } = &self.line;
        let heard = (&worker.heard, &client.heard);
        f.debug_struct("State")
            .field("heard", &heard)
            .field("joined", joined)
            .finish_non_exhaustive()
    }
}

impl<F: Flaw> Consultation<F> {
    pub(super) fn new(bounds: Bounds) -> Self {
        Self { bounds, flaw: PhantomData }
    }
}

impl<F: Flaw> Model for Consultation<F> {
    type State = State<F>;
    type Action = Action;

    fn init_states(&self) -> Vec<State<F>> {
        vec![State { line: Line::new(SESSION), left: self.bounds.clone() }]
    }

    fn actions(&self, state: &State<F>, actions: &mut Vec<Action>) {
        let State { line, left } = state;
        if left.generations > 0 {
            actions.push(Action::Freshen);
        }
        for side in SIDES {
            if left.words[place(side)] > 0 {
                actions.push(Action::Say(side));
            }
            let flight = [&line.from_client, &line.from_worker][place(side)];
            for sequence in flight.keys() {
                actions.push(Action::Arrive(side, *sequence));
                actions.extend((left.losses > 0).then_some(Action::Lose(side, *sequence)));
                actions.extend((left.duplicates > 0).then_some(Action::Duplicate(side, *sequence)));
            }
            if line.joined {
                actions.push(Action::Send(side));
                actions.extend((left.slots > 0).then_some(Action::Slot(side)));
            }
        }
        if line.joined {
            actions.extend((left.cuts > 0).then_some(Action::Cut));
            actions.extend((left.reconnections > 0).then_some(Action::Reconnect));
        } else {
            actions.push(Action::Rejoin);
        }
    }

    fn next_state(&self, last: &State<F>, action: Action) -> Option<State<F>> {
        let mut state = last.clone();
        state.step(action).then_some(state)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("words arrive in order, once, and nothing else", told_truly::<F>),
            Property::always("neither end breaks a rule", unbroken::<F>),
            Property::always("the ends have a route in common", not_missed::<F>),
            Property::always("who has old keys is locked out", locked_out::<F>),
            Property::always("everything arrives once the line is good", completes::<F>),
            Property::sometimes("everything was said and arrived", completed::<F>),
        ]
    }

    fn within_boundary(&self, state: &State<F>) -> bool {
        let Line { client, worker, .. } = &state.line;
        client.cells_sealed().max(worker.cells_sealed()) <= self.bounds.cells
    }
}

impl<F: Flaw> State<F> {
    /// Whether it could be taken.
    fn step(&mut self, action: Action) -> bool {
        let Self { line, left } = self;
        match action {
            Action::Say(side) => {
                left.words[place(side)] -= 1;
                line.end(side).say();
                true
            }
            Action::Freshen => {
                left.generations -= 1;
                line.client.freshen()
            }
            Action::Send(side) => line.sends(side, Stream::next_cell),
            Action::Slot(side) => {
                left.slots -= 1;
                line.sends(side, Stream::slot_cell)
            }
            Action::Arrive(side, sequence) => {
                let cell = line.lose(side, sequence);
                cell.map(|cell| line.arrive(side, &cell)).is_some()
            }
            Action::Lose(side, sequence) => {
                left.losses -= 1;
                line.lose(side, sequence).is_some()
            }
            Action::Duplicate(side, sequence) => {
                left.duplicates -= 1;
                let cell = line.flight(side).get_mut(&sequence);
                cell.map(|(_, copies)| *copies += 1).is_some()
            }
            Action::Cut => {
                left.cuts -= 1;
                line.cut();
                true
            }
            Action::Rejoin => {
                self.rejoin();
                true
            }
            Action::Reconnect => {
                left.reconnections -= 1;
                self.rejoin();
                true
            }
        }
    }

    fn rejoin(&mut self) {
        let Self { line, left } = self;
        let sent = line.rejoin();
        for (side, cells) in SIDES.into_iter().zip(sent) {
            for cell in cells {
                line.send(side, cell);
            }
        }
        if left.generations > 0 && line.client.freshen() {
            left.generations -= 1;
        }
    }
}

fn place(side: Side) -> usize {
    match side {
        Side::Client => 0,
        Side::Worker => 1,
    }
}

fn told_truly<F: Flaw>(_: &Consultation<F>, state: &State<F>) -> bool {
    state.line.tells_only_what_was_said()
}

fn unbroken<F: Flaw>(_: &Consultation<F>, state: &State<F>) -> bool {
    !state.line.client.is_broken && !state.line.worker.is_broken
}

fn not_missed<F: Flaw>(_: &Consultation<F>, state: &State<F>) -> bool {
    !state.line.have_missed
}

fn locked_out<F: Flaw>(_: &Consultation<F>, state: &State<F>) -> bool {
    state.line.client.locks_out(SESSION) && state.line.worker.locks_out(SESSION)
}

fn completes<F: Flaw>(_: &Consultation<F>, state: &State<F>) -> bool {
    state.line.would_complete()
}

fn completed<F: Flaw>(_: &Consultation<F>, state: &State<F>) -> bool {
    state.left.words == [0, 0] && state.line.is_all_delivered()
}
