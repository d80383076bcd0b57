//! All sockets of one end: the line that serves, those that may take its place, and those that wait
//! at a route (section 6, "Rejoining").

use std::time::Duration;

use rand::Rng as _;
use tokio::sync::mpsc;
use tokio::time::Instant;
use vestibule_protocol::{Cell, SILENT_AFTER, Side, retry_delay};
use vestibule_wire::{Close, Route};

use crate::line::{Ears, Heard, Line, LineId};
use crate::service::rng;
use crate::socket::{Socket, Way};

/// What an end has not yet read from all its sockets.
const HEARD_WAITING_MAX: usize = 256;
/// Newly joined lines on which nothing was heard; the oldest goes when there are more.
const CANDIDATES_MAX: usize = 4;

/// What lines bring to the end that has them.
pub(crate) enum News {
    /// A line has joined: a greeting is due.
    Joined(LineId),
    Cell(LineId, Box<Cell>),
    /// Something of the lines themselves.
    Changed,
}

/// How the end stands to the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// The other end was heard on the line that serves.
    Heard,
    /// The relay says that somebody is there, who has not proved to be the other end.
    Joined,
    /// The end waits at a route, alone.
    Alone,
    /// The end has no socket.
    Reconnecting,
}

/// What a new cell changed.
pub(crate) struct Heeded {
    /// It is the first on its line.
    pub(crate) is_first: bool,
    /// Another line served before.
    pub(crate) took_over: bool,
}

pub(crate) struct Lines {
    way: Way,
    side: Side,
    queue: mpsc::Receiver<(LineId, Heard)>,
    ears: Ears,
    last_id: u64,
    /// The one that serves, then those that joined after it.
    joined: Vec<Joined>,
    waits: Vec<Wait>,
    is_resting: bool,
}

struct Joined {
    line: Line,
    /// When it joined or brought something new.
    heard_at: Instant,
    /// Whether it has brought something new.
    is_proven: bool,
}

/// A route at which the end wants to be.
struct Wait {
    route: Route,
    line: Option<Line>,
    is_alone: bool,
    /// The first failure since the other end was heard.
    broken_since: Option<Instant>,
    next_try: Instant,
}

impl Lines {
    pub(crate) fn new(way: Way, side: Side) -> Self {
        let (ears, queue) = mpsc::channel(HEARD_WAITING_MAX);
        Self {
            way,
            side,
            queue,
            ears,
            last_id: 0,
            joined: Vec::new(),
            waits: Vec::new(),
            is_resting: false,
        }
    }

    /// A socket on which cells travel already.
    pub(crate) fn add(&mut self, socket: Socket, now: Instant) {
        let line = Line::of(self.next_id(), socket, self.ears.clone());
        self.joined.push(Joined { line, heard_at: now, is_proven: false });
    }

    pub(crate) fn reach(&self) -> Reach {
        if self.joined.iter().any(|joined| joined.is_proven) {
            Reach::Heard
        } else if self.is_joined() {
            Reach::Joined
        } else if self.waits.iter().any(|wait| wait.is_alone) {
            Reach::Alone
        } else {
            Reach::Reconnecting
        }
    }

    pub(crate) fn is_joined(&self) -> bool {
        !self.joined.is_empty()
    }

    /// Whether it is open which line leads to the other end.
    pub(crate) fn are_several(&self) -> bool {
        self.joined.len() > 1
    }

    /// Waits for the next of what the sockets bring.
    pub(crate) async fn next(&mut self) -> News {
        let (id, heard) = self.queue.recv().await.expect("this end holds a sender itself");
        match heard {
            Heard::Cell(cell) if self.joined.iter().any(|joined| joined.line.id == id) => {
                return News::Cell(id, cell);
            }
            Heard::Joined if self.join(id, Instant::now()) => return News::Joined(id),
            Heard::Alone => {
                let wait = self.waits.iter_mut().find(|wait| wait.is(id));
                if let Some(wait) = wait {
                    wait.is_alone = true;
                }
            }
            Heard::Gone => self.gone(id, Instant::now()),
            // Of a line that was given up in this moment.
            Heard::Cell(_) | Heard::Joined => {}
        }
        News::Changed
    }

    /// Sends to the other end. While it is open which line leads there, on all of them: what arrives
    /// twice does no harm, and one who only poses as the other end holds nothing up.
    pub(crate) fn send(&mut self, cell: &Cell) {
        self.joined.retain(|joined| joined.line.send(cell));
    }

    /// Sends a cell on one line alone.
    pub(crate) fn send_on(&mut self, id: LineId, cell: &Cell) {
        self.joined.retain(|joined| joined.line.id != id || joined.line.send(cell));
    }

    /// A new cell has opened on this line: it serves from now on, and none before it.
    pub(crate) fn heard_new(&mut self, id: LineId, now: Instant) -> Heeded {
        let place = self.joined.iter().position(|joined| joined.line.id == id);
        let place = place.expect("news come of joined lines only");
        self.joined.drain(..place).for_each(|before| before.line.close(Close::Done));
        self.waits.iter_mut().for_each(|wait| wait.broken_since = None);
        let line = &mut self.joined[0];
        line.heard_at = now;
        let is_first = !std::mem::replace(&mut line.is_proven, true);
        Heeded { is_first, took_over: place > 0 }
    }

    /// Something came on this line that the other end did not send.
    pub(crate) fn refuse(&mut self, id: LineId) {
        let refused = self.joined.extract_if(.., |joined| joined.line.id == id);
        refused.for_each(|refused| refused.line.close(Close::Malformed));
    }

    /// Gives up lines on which nothing new was heard for too long.
    pub(crate) fn drop_silent(&mut self, now: Instant) {
        self.joined.retain(|joined| now < joined.heard_at + SILENT_AFTER);
    }

    /// Goes to the routes where the end wants to be.
    pub(crate) fn tend(&mut self, routes: &[Route], now: Instant) {
        self.is_resting = false;
        let left = self.waits.extract_if(.., |wait| !routes.contains(&wait.route));
        left.filter_map(|wait| wait.line).for_each(|line| line.close(Close::Done));
        for route in routes {
            if self.waits.iter().all(|wait| wait.route != *route) {
                self.waits.push(Wait::new(*route, now));
            }
        }
        let (side, first_id) = (self.side, self.last_id + 1);
        let due = self.waits.iter_mut().filter(|wait| wait.line.is_none() && wait.next_try <= now);
        for (wait, id) in due.zip(first_id..) {
            let ears = self.ears.clone();
            wait.line = Some(Line::rejoin(LineId(id), self.way.clone(), side, wait.route, ears));
            self.last_id = id;
        }
    }

    /// Every joined line vanishes, as when a phone leaves its network.
    pub(crate) fn lose(&mut self) {
        self.joined.clear();
    }

    /// Waits nowhere. How often the other end was missed is not forgotten.
    pub(crate) fn rest(&mut self) {
        self.is_resting = true;
        for wait in &mut self.waits {
            wait.is_alone = false;
            wait.line.take().into_iter().for_each(|line| line.close(Close::Done));
        }
    }

    /// When there is something to do without news.
    pub(crate) fn wakes_at(&self) -> Option<Instant> {
        let silences = self.joined.iter().map(|joined| joined.heard_at + SILENT_AFTER);
        let idle = self.waits.iter().filter(|wait| wait.line.is_none() && !self.is_resting);
        silences.chain(idle.map(|wait| wait.next_try)).min()
    }

    /// Ends all sockets.
    pub(crate) fn finish(&mut self) {
        let waiting = self.waits.drain(..).filter_map(|wait| wait.line);
        let joined = self.joined.drain(..).map(|joined| joined.line);
        waiting.chain(joined).for_each(|line| line.close(Close::Done));
    }

    fn next_id(&mut self) -> LineId {
        self.last_id += 1;
        LineId(self.last_id)
    }

    fn join(&mut self, id: LineId, now: Instant) -> bool {
        let Some(wait) = self.waits.iter_mut().find(|wait| wait.is(id)) else { return false };
        let line = wait.line.take().expect("a wait is found by its line");
        // Not at once, lest somebody who comes again and again keeps this end busy.
        wait.fail(now);
        self.joined.push(Joined { line, heard_at: now, is_proven: false });
        if self.joined.len() > CANDIDATES_MAX {
            self.joined.remove(1);
        }
        true
    }

    fn gone(&mut self, id: LineId, now: Instant) {
        self.joined.retain(|joined| joined.line.id != id);
        if let Some(wait) = self.waits.iter_mut().find(|wait| wait.is(id)) {
            wait.line = None;
            let was_well = wait.broken_since.is_none();
            wait.fail(now);
            if was_well {
                wait.next_try = now;
            }
        }
    }
}

impl Wait {
    fn new(route: Route, now: Instant) -> Self {
        Self { route, line: None, is_alone: false, broken_since: None, next_try: now }
    }

    fn is(&self, id: LineId) -> bool {
        self.line.as_ref().is_some_and(|line| line.id == id)
    }

    fn fail(&mut self, now: Instant) {
        let since: Instant = *self.broken_since.get_or_insert(now);
        let broken_for: Duration = now - since;
        self.is_alone = false;
        self.next_try = now + retry_delay(broken_for, rng().next_u64());
    }
}
