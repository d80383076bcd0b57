//! When a request has ended, and how. A client whose socket broke comes again with the same opening: for
//! two minutes its request is not over. After that nothing of it is known any more.

use std::collections::VecDeque;
use std::time::Duration;

use vestibule_wire::{LinkKind, Role, Timestamp};

use super::Action;

/// A request that is over: what a service counts of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct EndedRequest {
    /// Whether it came with a link or at a door.
    pub(crate) kind: LinkKind,
    /// How it ended.
    pub(crate) end: RequestEnd,
    /// When its client came first, by the clock.
    pub(crate) came: Timestamp,
    /// From then to its end, by the same clock.
    pub(crate) waited_seconds: u32,
}

/// How a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RequestEnd {
    /// A worker of this role took a seat.
    Answered(Option<Role>),
    /// The client left, or did not come again.
    Left,
    /// The same, while nobody was on duty.
    LeftNobodyOnDuty,
    /// It was not let in, or sent away again.
    Refused,
}

/// How a request began, for as long as it goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Beginning {
    /// When its client came first, by the clock.
    pub(super) came: Timestamp,
    /// Whether it was counted: it was answered, and its client lost the answer.
    pub(super) counted: bool,
}

/// Requests that ended a short while ago.
pub(super) struct EndedRequests {
    /// In the order in which they ended.
    requests: VecDeque<Ended>,
    requests_max: usize,
    same_within: Duration,
    /// What the clock shows. It tells how long somebody waited, and nothing else: what is due is due on
    /// a watch that nobody sets.
    clock: Timestamp,
}

struct Ended {
    opening_hash: [u8; 32],
    began: Beginning,
    until: Duration,
    request: EndedRequest,
}

impl EndedRequests {
    /// None yet.
    pub(super) fn new(requests_max: usize, same_within: Duration) -> Self {
        Self { requests: VecDeque::new(), requests_max, same_within, clock: Timestamp(0) }
    }

    /// The clock shows this from now on.
    pub(super) fn it_is(&mut self, clock: Timestamp) {
        self.clock = clock;
    }

    /// A client comes with this opening; of its request nothing is remembered here any more.
    pub(super) fn begin(&mut self, opening_hash: &[u8; 32]) -> Beginning {
        let known = self.requests.iter().position(|ended| ended.opening_hash == *opening_hash);
        let known = known.and_then(|place| self.requests.remove(place));
        known.map_or(Beginning { came: self.clock, counted: false }, |ended| ended.began)
    }

    /// A request has ended, unless its client comes again. What cannot get better is counted at once.
    pub(super) fn end(
        &mut self,
        opening_hash: [u8; 32],
        mut began: Beginning,
        (kind, end): (LinkKind, RequestEnd),
        now: Duration,
        actions: &mut Vec<Action>,
    ) {
        let came = began.came;
        let waited_seconds = self.clock.0.saturating_sub(came.0);
        let request = EndedRequest { kind, end, came, waited_seconds };
        if matches!(end, RequestEnd::Answered(_)) && !began.counted {
            actions.push(Action::Count(request));
            began.counted = true;
        }
        if self.requests.len() >= self.requests_max {
            self.forget_oldest(actions);
        }
        let until = now + self.same_within;
        self.requests.push_back(Ended { opening_hash, began, until, request });
    }

    /// Counts those whose client did not come again.
    pub(super) fn pass_deadlines(&mut self, now: Duration, actions: &mut Vec<Action>) {
        while self.requests.front().is_some_and(|ended| ended.until <= now) {
            self.forget_oldest(actions);
        }
    }

    /// Counts them all: nobody can come again.
    pub(super) fn settle(&mut self, actions: &mut Vec<Action>) {
        while !self.requests.is_empty() {
            self.forget_oldest(actions);
        }
    }

    /// When the next one is to be counted.
    pub(super) fn next_deadline(&self) -> Option<Duration> {
        self.requests.front().map(|ended| ended.until)
    }

    fn forget_oldest(&mut self, actions: &mut Vec<Action>) {
        if let Some(Ended { request, .. }) =
            self.requests.pop_front().filter(|ended| !ended.began.counted)
        {
            actions.push(Action::Count(request));
        }
    }
}
