//! A hand-over (section 7): the client, its first worker, and the colleague, any of whose sockets and
//! either of whose programs may go at any moment.
//!
//! Real is all that seals, keeps, acknowledges and gives back words: the `Stream`s of both sessions,
//! `received_below` and `into_undelivered`. Modelled are the three parties' decisions, which live in
//! the programs (the rules of both workers are checked in `console/src/hand_overs/model.rs`); the
//! handshake with the colleague, as keys that nobody else has; and the way between the two workers,
//! which brings everything until one of them is gone. What a line does to cells is the other model's
//! matter: here it brings them in order until it breaks.

use std::collections::VecDeque;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use stateright::{Model, Property};
use vestibule_wire::Side;

use super::end::End;
use super::hand_over_checks as checks;
use super::symbols::{Flaw, SymbolicCell};

pub(super) const REPLY: u8 = 6;
pub(super) const WITHDRAWN: u8 = 7;
pub(super) const CARRIED_OVER: u8 = 8;
pub(super) const AGREED: u8 = 1;
pub(super) const DECLINED: u8 = 2;
pub(super) const DID_NOT_COME: u8 = 3;

/// Words begin with who says them.
pub(super) const OF_CLIENT: u8 = 10;
pub(super) const OF_FIRST: u8 = 20;
pub(super) const OF_COLLEAGUE: u8 = 30;

/// How much may happen. Everything else does happen, in every order.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Bounds {
    pub(super) client_words: u8,
    pub(super) first_words: u8,
    pub(super) colleague_words: u8,
    pub(super) cuts: u8,
    /// Programs killed: of the first worker, of the colleague.
    pub(super) crashes: u8,
}

pub(super) struct HandOver<F> {
    bounds: Bounds,
    flaw: PhantomData<F>,
}

impl Bounds {
    pub(super) const NOTHING: Self =
        Self { client_words: 0, first_words: 0, colleague_words: 0, cuts: 0, crashes: 0 };
}

impl<F> HandOver<F> {
    pub(super) fn new(bounds: Bounds) -> Self {
        Self { bounds, flaw: PhantomData }
    }
}

/// Which line: to the first worker, or to the colleague.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum With {
    First,
    Colleague,
}

/// What the client does. It always knows, so its page can always say it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Client {
    WithFirst,
    /// Has been told of the colleague.
    Asked,
    /// Has agreed; its reply is on its way.
    Leaving,
    /// At the colleague's route, without an answer that opens.
    Going,
    WithColleague,
}

/// How far the first worker is with the hand-over.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Asks {
    Nobody,
    Colleague,
    Client,
    /// Declined, withdrawn, or in vain.
    NoMore,
}

#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) enum FirstWorker<F: Flaw> {
    Here {
        end: Arc<End<F>>,
        asks: Asks,
    },
    /// The colleague has taken over, and everything was given to it.
    Done,
    Crashed,
}

#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) enum Colleague<F: Flaw> {
    Uninvolved,
    /// Waits at the route of the ticket.
    HasTicket,
    /// Has answered an opening, which may have been nobody's.
    HasAnswered(Arc<End<F>>),
    Talks(Arc<End<F>>),
    Crashed,
}

/// What the workers tell each other.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Between {
    Ticket,
    Done(u8),
    Undelivered(u8),
    Over,
}

#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct Wire {
    pub(super) joined: bool,
    pub(super) to_client: VecDeque<SymbolicCell>,
    pub(super) to_worker: VecDeque<SymbolicCell>,
}

#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct State<F: Flaw> {
    pub(super) client: Client,
    /// The client's end of either session.
    pub(super) old: Option<Arc<End<F>>>,
    pub(super) new: Option<Arc<End<F>>>,
    pub(super) first: FirstWorker<F>,
    pub(super) colleague: Colleague<F>,
    pub(super) first_line: Wire,
    pub(super) colleague_line: Wire,
    /// The reply that the client leaves with was sealed: nothing follows it.
    pub(super) has_replied: bool,
    /// An answer is on its way to the client, of the session with this number.
    pub(super) answer: Option<u8>,
    pub(super) sessions: u8,
    pub(super) to_colleague: VecDeque<Between>,
    pub(super) to_first: VecDeque<Between>,
    /// Words that ends heard which are no more.
    pub(super) shown_before: Vec<u8>,
    pub(super) heard_by_first: Vec<u8>,
    pub(super) is_broken: bool,
    pub(super) said: [u8; 3],
    pub(super) left: Bounds,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    ClientSays,
    FirstSays,
    ColleagueSays,
    Send(With, Side),
    Arrive(With, Side),
    Tell(Side),
    Ticket,
    Offer,
    Reply(u8),
    Leave,
    ColleagueAnswers,
    ClientOpens,
    GiveUp,
    Cut(With),
    Rejoin(With),
    CrashFirst,
    CrashColleague,
}

const ACTIONS: [Action; 25] = [
    Action::ClientSays,
    Action::FirstSays,
    Action::ColleagueSays,
    Action::Send(With::First, Side::Client),
    Action::Send(With::First, Side::Worker),
    Action::Send(With::Colleague, Side::Client),
    Action::Send(With::Colleague, Side::Worker),
    Action::Arrive(With::First, Side::Client),
    Action::Arrive(With::First, Side::Worker),
    Action::Arrive(With::Colleague, Side::Client),
    Action::Arrive(With::Colleague, Side::Worker),
    Action::Tell(Side::Client),
    Action::Tell(Side::Worker),
    Action::Ticket,
    Action::Offer,
    Action::Reply(AGREED),
    Action::Reply(DECLINED),
    Action::Leave,
    Action::ColleagueAnswers,
    Action::ClientOpens,
    Action::GiveUp,
    Action::Cut(With::First),
    Action::Cut(With::Colleague),
    Action::Rejoin(With::First),
    Action::Rejoin(With::Colleague),
];
const CRASHES: [Action; 2] = [Action::CrashFirst, Action::CrashColleague];

impl<F: Flaw> fmt::Debug for State<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("State").field("shown", &self.shown()).finish_non_exhaustive()
    }
}

impl<F: Flaw> Model for HandOver<F> {
    type State = State<F>;
    type Action = Action;

    fn init_states(&self) -> Vec<State<F>> {
        vec![State::new(self.bounds.clone())]
    }

    fn actions(&self, state: &State<F>, actions: &mut Vec<Action>) {
        actions.extend(ACTIONS.into_iter().chain(CRASHES).filter(|action| state.may(*action)));
    }

    fn next_state(&self, last: &State<F>, action: Action) -> Option<State<F>> {
        let mut state = last.clone();
        state.step(action).map(|()| state)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("nobody breaks a rule", checks::unbroken::<F>),
            Property::always("the client is shown each word once", checks::shown_once::<F>),
            Property::always("nothing is missing at who goes on", checks::heard_on::<F>),
            Property::always("the first worker is locked out", checks::locked_out::<F>),
            Property::always("it comes to a good end", checks::ends_well::<F>),
            Property::sometimes("it was handed over", checks::handed_over::<F>),
            Property::sometimes("the client came back", checks::came_back::<F>),
        ]
    }
}

impl<F: Flaw> State<F> {
    fn new(left: Bounds) -> Self {
        Self {
            client: Client::WithFirst,
            old: Some(Arc::new(End::new(Side::Client, 0))),
            new: None,
            first: FirstWorker::Here {
                end: Arc::new(End::new(Side::Worker, 0)),
                asks: Asks::Nobody,
            },
            colleague: Colleague::Uninvolved,
            first_line: Wire::joined(),
            colleague_line: Wire::default(),
            has_replied: false,
            answer: None,
            sessions: 1,
            to_colleague: VecDeque::new(),
            to_first: VecDeque::new(),
            shown_before: Vec::new(),
            heard_by_first: Vec::new(),
            is_broken: false,
            said: [0; 3],
            left,
        }
    }

    /// Whether its time may have come; cheap to ask.
    fn may(&self, action: Action) -> bool {
        let (left, is_first_here) = (&self.left, matches!(self.first, FirstWorker::Here { .. }));
        match action {
            Action::ClientSays => left.client_words > 0,
            Action::FirstSays => left.first_words > 0 && is_first_here,
            Action::ColleagueSays => {
                left.colleague_words > 0 && matches!(self.colleague, Colleague::Talks(_))
            }
            Action::Send(with, _) => self.wire(with).joined,
            Action::Arrive(with, from) => !self.wire(with).way(from).is_empty(),
            Action::Tell(Side::Worker) => !self.to_colleague.is_empty(),
            Action::Tell(Side::Client) => !self.to_first.is_empty(),
            Action::Ticket | Action::Offer => self.colleague != Colleague::Crashed,
            Action::Reply(_) => self.client == Client::Asked,
            Action::Leave => self.client == Client::Leaving,
            Action::ColleagueAnswers => self.client == Client::Going && self.answer.is_none(),
            Action::ClientOpens => self.answer.is_some(),
            Action::GiveUp => self.client == Client::Going,
            Action::Cut(with) => left.cuts > 0 && self.wire(with).joined,
            Action::Rejoin(with) => !self.wire(with).joined,
            Action::CrashFirst => left.crashes > 0 && is_first_here,
            Action::CrashColleague => left.crashes > 0 && self.colleague != Colleague::Crashed,
        }
    }

    /// `None` when it cannot be taken now: nothing has changed.
    pub(super) fn step(&mut self, action: Action) -> Option<()> {
        self.may(action).then_some(())?;
        match action {
            Action::ClientSays => {
                self.left.client_words -= 1;
                let word = OF_CLIENT + count(&mut self.said[0]);
                let end = self.new.as_mut().or(self.old.as_mut());
                // What it writes while it goes waits in the old session.
                Arc::make_mut(end.expect("it has one or the other")).say_word(word);
            }
            Action::FirstSays => {
                self.left.first_words -= 1;
                let word = OF_FIRST + count(&mut self.said[1]);
                self.first_end()?.say_word(word);
            }
            Action::ColleagueSays => {
                self.left.colleague_words -= 1;
                let word = OF_COLLEAGUE + count(&mut self.said[2]);
                self.end_at(With::Colleague, Side::Worker)?.say_word(word);
            }
            Action::Send(with, from) => self.send(with, from)?,
            Action::Arrive(with, from) => self.arrive(with, from)?,
            Action::Tell(Side::Worker) => {
                let told = self.to_colleague.pop_front()?;
                self.colleague_hears(told);
            }
            Action::Tell(Side::Client) => {
                let told = self.to_first.pop_front()?;
                self.first_hears(told);
            }
            Action::Ticket => {
                self.first_asks(Asks::Nobody, Asks::Colleague)?;
                self.to_colleague.push_back(Between::Ticket);
            }
            Action::Offer => self.offer()?,
            Action::Reply(reply) => self.reply(reply),
            Action::Leave => {
                self.client = Client::Going;
                self.first_line = Wire::default();
            }
            Action::ColleagueAnswers => self.colleague_answers()?,
            Action::ClientOpens => self.client_opens()?,
            Action::GiveUp => self.reply(DID_NOT_COME),
            Action::Cut(with) => {
                self.left.cuts -= 1;
                *self.wire_mut(with) = Wire::default();
                self.answer = None;
            }
            Action::Rejoin(with) => self.rejoin(with)?,
            Action::CrashFirst => {
                self.left.crashes -= 1;
                self.remember_first();
                self.first = FirstWorker::Crashed;
                self.first_line = Wire::default();
                self.to_colleague.clear();
                self.to_first.clear();
            }
            Action::CrashColleague => {
                self.left.crashes -= 1;
                self.crash_colleague();
            }
        }
        Some(())
    }

    pub(super) fn wire(&self, with: With) -> &Wire {
        match with {
            With::First => &self.first_line,
            With::Colleague => &self.colleague_line,
        }
    }

    pub(super) fn wire_mut(&mut self, with: With) -> &mut Wire {
        match with {
            With::First => &mut self.first_line,
            With::Colleague => &mut self.colleague_line,
        }
    }

    pub(super) fn first_end(&mut self) -> Option<&mut End<F>> {
        match &mut self.first {
            FirstWorker::Here { end, .. } => Some(Arc::make_mut(end)),
            FirstWorker::Done | FirstWorker::Crashed => None,
        }
    }

    pub(super) fn end_at(&mut self, with: With, side: Side) -> Option<&mut End<F>> {
        match (with, side) {
            (With::First, Side::Client) => self.old.as_mut().map(Arc::make_mut),
            (With::First, Side::Worker) => self.first_end(),
            (With::Colleague, Side::Client) => self.new.as_mut().map(Arc::make_mut),
            (With::Colleague, Side::Worker) => match &mut self.colleague {
                Colleague::HasAnswered(end) | Colleague::Talks(end) => Some(Arc::make_mut(end)),
                Colleague::Uninvolved | Colleague::HasTicket | Colleague::Crashed => None,
            },
        }
    }
}

/// The number before it was counted.
fn count(said: &mut u8) -> u8 {
    *said += 1;
    *said - 1
}
