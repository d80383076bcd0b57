//! All sockets of one end: the line that serves, those that may take its place, and those that wait
//! at a route (section 6, "Rejoining").

use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::Instant;
use vestibule_protocol::{Cell, SILENT_AFTER, Side};
use vestibule_wire::{Close, Route};

use crate::line::{Ears, Heard, Line, LineId};
use crate::nodes::Nodes;
use crate::socket::Socket;
use crate::wait::{Dial, Wait};

/// What an end has not yet read from all its sockets.
const HEARD_WAITING_MAX: usize = 256;
/// Newly joined lines on which nothing was heard; the oldest goes when there are more.
const CANDIDATES_MAX: usize = 4;
/// A client that has been away for so long may not know of the node where its worker waits.
const MISSED_AFTER: Duration = Duration::from_secs(3);

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
    nodes: Nodes,
    side: Side,
    queue: mpsc::Receiver<(LineId, Heard)>,
    ears: Ears,
    last_id: u64,
    /// The one that serves, then those that joined after it.
    joined: Vec<Joined>,
    waits: Vec<Wait>,
    is_resting: bool,
    /// Since when no line was joined.
    away_since: Option<Instant>,
}

struct Joined {
    line: Line,
    /// When it joined or brought something new.
    heard_at: Instant,
    /// Whether it has brought something new.
    is_proven: bool,
}

impl Lines {
    pub(crate) fn new(nodes: Nodes, side: Side) -> Self {
        let (ears, queue) = mpsc::channel(HEARD_WAITING_MAX);
        Self {
            nodes,
            side,
            queue,
            ears,
            last_id: 0,
            joined: Vec::new(),
            waits: Vec::new(),
            is_resting: false,
            away_since: Some(Instant::now()),
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
        } else if self.waits.iter().any(Wait::is_alone) {
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
        let (id, heard) = tokio::select! {
            heard = self.queue.recv() => heard.expect("this end holds a sender itself"),
            () = self.nodes.changed() => {
                self.waits.iter_mut().for_each(Wait::look_again);
                return News::Changed;
            }
        };
        match heard {
            Heard::Cell(cell) if self.joined.iter().any(|joined| joined.line.id == id) => {
                return News::Cell(id, cell);
            }
            Heard::Joined if self.join(id, Instant::now()) => return News::Joined(id),
            Heard::Alone => {
                if let Some(wait) = self.waits.iter_mut().find(|wait| wait.has(id)) {
                    wait.is_alone_at(id, Instant::now());
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
        self.waits.iter_mut().for_each(Wait::well);
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
        let is_missed = self.is_other_missed(now);
        let left = self
            .waits
            .extract_if(.., |wait| !routes.contains(&wait.route) || (wait.is_second && !is_missed));
        left.flat_map(Wait::into_lines).for_each(|line| line.close(Close::Done));
        let seconds: &[bool] = if is_missed { &[false, true] } else { &[false] };
        for wanted in routes.iter().flat_map(|route| seconds.iter().map(|second| (*route, *second)))
        {
            if self.waits.iter().all(|wait| (wait.route, wait.is_second) != wanted) {
                self.waits.push(Wait::new(self.side, wanted, now));
            }
        }
        // The first ones stand before the second ones.
        self.waits.sort_by_key(|wait| wait.is_second);
        let mut taken: Vec<(Route, Vec<String>)> = Vec::new();
        for wait in &mut self.waits {
            let of_route = taken.iter().find(|(route, _)| *route == wait.route);
            let others = of_route.map(|(_, names)| names.clone()).unwrap_or_default();
            let due = wait.due(&self.nodes, &others, now);
            if let Some(Dial { place, patience }) = due {
                self.last_id += 1;
                let (id, ears) = (LineId(self.last_id), self.ears.clone());
                let to = (place.way, patience);
                wait.dialled(place.name, Line::rejoin(id, to, (self.side, wait.route), ears));
            }
            taken.push((wait.route, wait.names()));
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
            wait.rest().into_iter().for_each(|line| line.close(Close::Done));
        }
    }

    /// When there is something to do without news.
    pub(crate) fn wakes_at(&self) -> Option<Instant> {
        let silences = self.joined.iter().map(|joined| joined.heard_at + SILENT_AFTER);
        let waits = self.waits.iter().filter(|_| !self.is_resting);
        let missed = self.away_since.map(|since| since + MISSED_AFTER);
        let missed = missed.filter(|at| *at > Instant::now() && self.side == Side::Worker);
        silences.chain(waits.filter_map(Wait::wakes_at)).chain(missed).min()
    }

    /// Ends all sockets.
    pub(crate) fn finish(&mut self) {
        let waiting = self.waits.drain(..).flat_map(Wait::into_lines);
        let joined = self.joined.drain(..).map(|joined| joined.line);
        waiting.chain(joined).for_each(|line| line.close(Close::Done));
    }

    /// Whether this is a worker whose client has been away for so long that it may not know of the node
    /// where it is awaited.
    fn is_other_missed(&mut self, now: Instant) -> bool {
        self.away_since = if self.is_joined() { None } else { self.away_since.or(Some(now)) };
        let is_long = self.away_since.is_some_and(|since| now >= since + MISSED_AFTER);
        self.side == Side::Worker && is_long && self.nodes.are_several()
    }

    fn next_id(&mut self) -> LineId {
        self.last_id += 1;
        LineId(self.last_id)
    }

    fn join(&mut self, id: LineId, now: Instant) -> bool {
        let Some(wait) = self.waits.iter_mut().find(|wait| wait.has(id)) else { return false };
        let line = wait.joined(id, now);
        self.joined.push(Joined { line, heard_at: now, is_proven: false });
        if self.joined.len() > CANDIDATES_MAX {
            self.joined.remove(1);
        }
        true
    }

    fn gone(&mut self, id: LineId, now: Instant) {
        self.joined.retain(|joined| joined.line.id != id);
        if let Some(wait) = self.waits.iter_mut().find(|wait| wait.has(id)) {
            wait.gone(id, now);
        }
    }
}
