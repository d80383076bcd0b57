//! A route at which an end wants to be, and at which node (section 6, "Rejoining"). A client goes round; a
//! worker stays at the first node that answers, and goes to another that has become the first before it
//! lets that one go.

use std::time::Duration;

use rand::Rng as _;
use tokio::time::Instant;
use vestibule_protocol::{Side, retry_delay};
use vestibule_wire::{Close, Route};

use crate::line::{Line, LineId};
use crate::nodes::{Nodes, Place};
use crate::service::rng;

/// Further down the order a client meets nobody whom it did not meet before.
const CLIENT_NODES_MAX: usize = 4;
/// For a node to answer, when there are others and when there are none.
const PATIENCE: Duration = Duration::from_secs(3);
const PATIENCE_ALONE: Duration = Duration::from_secs(10);
/// So long a client waits alone at one of several nodes; doubled with every round.
const STAY_MIN: Duration = Duration::from_secs(2);
const STAY_MAX: Duration = Duration::from_secs(16);
/// A worker at another node than the first tries the first again after so long.
const FIRST_AGAIN_AFTER: Duration = Duration::from_secs(10);

pub(crate) struct Wait {
    pub(crate) route: Route,
    /// Of a worker whose client is missed: at another node than the first, of which the client may not
    /// know.
    pub(crate) is_second: bool,
    side: Side,
    here: Option<At>,
    /// Where a worker goes to next, while it is still here.
    coming: Option<At>,
    /// In the order of the nodes: which is tried next.
    place: usize,
    alone_since: Option<Instant>,
    stay: Duration,
    look_at: Option<Instant>,
    /// The first failure since the other end was heard.
    broken_since: Option<Instant>,
    next_try: Instant,
    nodes_known: usize,
}

/// A line to one node.
struct At {
    name: String,
    line: Line,
}

/// Where a line is to go.
pub(crate) struct Dial {
    pub(crate) place: Place,
    pub(crate) patience: Duration,
}

impl Wait {
    pub(crate) fn new(side: Side, (route, is_second): (Route, bool), now: Instant) -> Self {
        Self {
            route,
            is_second,
            side,
            here: None,
            coming: None,
            place: 0,
            alone_since: None,
            stay: STAY_MIN,
            look_at: None,
            broken_since: None,
            next_try: now,
            nodes_known: 1,
        }
    }

    pub(crate) fn has(&self, id: LineId) -> bool {
        [&self.here, &self.coming].into_iter().flatten().any(|at| at.line.id == id)
    }

    pub(crate) fn is_alone(&self) -> bool {
        self.alone_since.is_some()
    }

    /// The nodes where this one is, or is on its way to.
    pub(crate) fn names(&self) -> Vec<String> {
        [&self.here, &self.coming].into_iter().flatten().map(|at| at.name.clone()).collect()
    }

    /// Where to go now, if anywhere. A second one does not go where the first is: they would drive each
    /// other away.
    pub(crate) fn due(&mut self, nodes: &Nodes, taken: &[String], now: Instant) -> Option<Dial> {
        let mut order = nodes.in_order_of(&self.route);
        if self.is_second {
            order.remove(0);
            order.retain(|place| !taken.contains(&place.name));
        }
        if order.is_empty() {
            self.next_try = now + FIRST_AGAIN_AFTER;
            return None;
        }
        if self.side == Side::Client {
            order.truncate(CLIENT_NODES_MAX);
        }
        self.nodes_known = order.len();
        if self.has_stayed_long_enough(now) {
            if let Some(left) = self.here.take() {
                left.line.close(Close::Done);
            }
            self.alone_since = None;
            self.move_on();
            self.next_try = now;
        }
        let patience = if order.len() > 1 { PATIENCE } else { PATIENCE_ALONE };
        let Some(here) = &self.here else {
            let place = order.swap_remove(self.place % order.len());
            return (self.next_try <= now).then_some(Dial { place, patience });
        };
        let may_move = self.side == Side::Worker && self.is_alone() && self.coming.is_none();
        if !may_move || self.look_at.is_some_and(|at| now < at) {
            return None;
        }
        self.look_at = Some(now + FIRST_AGAIN_AFTER);
        let first = order.swap_remove(0);
        (first.name != here.name).then_some(Dial { place: first, patience })
    }

    /// A line is on its way.
    pub(crate) fn dialled(&mut self, name: String, line: Line) {
        let at = Some(At { name, line });
        if self.here.is_none() {
            self.here = at;
        } else {
            self.coming = at;
        }
    }

    /// The nodes may be others.
    pub(crate) fn look_again(&mut self) {
        self.look_at = None;
    }

    /// The relay keeps a line until the other end comes.
    pub(crate) fn is_alone_at(&mut self, id: LineId, now: Instant) {
        if self.coming.as_ref().is_some_and(|at| at.line.id == id) {
            let before = std::mem::replace(&mut self.here, self.coming.take());
            if let Some(before) = before {
                before.line.close(Close::Done);
            }
        }
        self.alone_since.get_or_insert(now);
        self.look_at.get_or_insert(now + FIRST_AGAIN_AFTER);
    }

    /// Gives away the line on which the other end came.
    pub(crate) fn joined(&mut self, id: LineId, now: Instant) -> Line {
        let mut joined = None;
        for at in [self.here.take(), self.coming.take()].into_iter().flatten() {
            if at.line.id == id {
                joined = Some(at.line);
            } else {
                at.line.close(Close::Done);
            }
        }
        // Not at once, lest somebody who comes again and again keeps this end busy.
        self.fail(now);
        self.place = 0;
        joined.expect("a wait is found by its line")
    }

    /// A line has ended.
    pub(crate) fn gone(&mut self, id: LineId, now: Instant) {
        if self.coming.take_if(|at| at.line.id == id).is_some() {
            return;
        }
        self.here = self.coming.take();
        let was_well = self.broken_since.is_none();
        let stood = self.is_alone();
        self.fail(now);
        if stood {
            self.place = 0;
        } else if self.move_on() {
            self.next_try = now;
        }
        if was_well {
            self.next_try = now;
        }
    }

    /// The other end was heard.
    pub(crate) fn well(&mut self) {
        self.broken_since = None;
        self.stay = STAY_MIN;
    }

    /// Waits no more; what was missed is not forgotten.
    pub(crate) fn rest(&mut self) -> Vec<Line> {
        self.alone_since = None;
        [self.here.take(), self.coming.take()].into_iter().flatten().map(|at| at.line).collect()
    }

    pub(crate) fn into_lines(self) -> Vec<Line> {
        [self.here, self.coming].into_iter().flatten().map(|at| at.line).collect()
    }

    /// When there is something to do without news.
    pub(crate) fn wakes_at(&self) -> Option<Instant> {
        match (&self.here, self.side) {
            (None, _) => Some(self.next_try),
            (Some(_), Side::Client) => self.leaves_at(),
            (Some(_), Side::Worker) => {
                self.look_at.filter(|_| self.is_alone() && self.coming.is_none())
            }
        }
    }

    fn leaves_at(&self) -> Option<Instant> {
        let since = self.alone_since.filter(|_| self.nodes_known > 1)?;
        Some(since + self.stay)
    }

    fn has_stayed_long_enough(&self, now: Instant) -> bool {
        self.side == Side::Client && self.leaves_at().is_some_and(|at| at <= now)
    }

    /// To the next node; whether there is one before the round begins again.
    fn move_on(&mut self) -> bool {
        self.place += 1;
        if self.place < self.nodes_known {
            return true;
        }
        self.place = 0;
        self.stay = (2 * self.stay).min(STAY_MAX);
        false
    }

    fn fail(&mut self, now: Instant) {
        let since: Instant = *self.broken_since.get_or_insert(now);
        let broken_for: Duration = now - since;
        self.alone_since = None;
        self.next_try = now + retry_delay(broken_for, rng().next_u64());
    }
}
