//! A consultation's sockets at the relay: does what the rules in [`Lines`] decide.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until, timeout};
use vestibule_protocol::Cell;
use vestibule_wire::{Close, Route};

use super::line::{self, LineCommand, LineEvent, LineEvents, LineId};
use super::lines::{Begun, Lines, Spot};
use super::standby::{self, Aim, Standby};
use crate::context::Context;
use crate::messages::LineView;
use crate::relay_socket::RelaySocket;

/// Cells that wait for one line: more than a window of them. A line that takes fewer is dead.
const LINE_LEN_MAX: usize = 256;
/// Things that happened on the lines and wait for the consultation.
const EVENTS_LEN_MAX: usize = 64;
/// A client that has been away for so long may not know of the node where it is awaited.
const MISSED_AFTER: Duration = Duration::from_secs(3);
/// For the close frames when the consultation is over; each socket takes at most two seconds.
const FINISH_DEADLINE: Duration = Duration::from_secs(3);

/// What became of the lines.
pub(super) enum Happened {
    /// Somebody has joined; this line is a candidate now.
    Joined(LineId),
    /// A cell came.
    Cell(LineId, Box<Cell>),
    /// A line came or went.
    Changed,
}

/// The sockets, each in its task. They end with this.
pub(super) struct Sockets {
    context: Arc<Context>,
    lines: Lines,
    /// Since when no line serves.
    away_since: Option<Instant>,
    /// Where the first standby of each route goes: the second goes elsewhere.
    aims: HashMap<Route, Arc<Aim>>,
    ways: HashMap<LineId, mpsc::Sender<LineCommand>>,
    tasks: JoinSet<()>,
    own: mpsc::Sender<(LineId, LineEvent)>,
    events: mpsc::Receiver<(LineId, LineEvent)>,
}

impl Sockets {
    /// No socket yet.
    pub(super) fn new(context: Arc<Context>) -> Self {
        let (own, events) = mpsc::channel(EVENTS_LEN_MAX);
        let tasks = JoinSet::new();
        Self {
            context,
            lines: Lines::new(),
            away_since: Some(Instant::now()),
            aims: HashMap::new(),
            ways: HashMap::new(),
            tasks,
            own,
            events,
        }
    }

    /// Takes the seat's socket, and returns its name.
    pub(super) fn seated(&mut self, socket: RelaySocket) -> LineId {
        let id = self.lines.seated();
        let (commands, events) = self.way(id);
        self.tasks.spawn(line::carry(socket, commands, events));
        id
    }

    /// Waits at these routes, and at no other.
    pub(super) fn wait_at(&mut self, routes: &[Route]) {
        self.away_since = match self.lines.serving() {
            Some(_) => None,
            None => self.away_since.or_else(|| Some(Instant::now())),
        };
        let is_missed = self.missed_at().is_some_and(|at| at <= Instant::now());
        let spots: &[Spot] = if is_missed && self.context.nodes.are_several() {
            &[Spot::First, Spot::Second]
        } else {
            &[Spot::First]
        };
        let (ended, begun) = self.lines.wait_at(routes, spots);
        self.aims.retain(|route, _| routes.contains(route));
        for id in ended {
            self.close(id, Close::Done);
        }
        for Begun { id, route, spot, in_vain_for } in begun {
            let (commands, events) = self.way(id);
            let (context, aim) = (Arc::clone(&self.context), self.aims.entry(route).or_default());
            let standby = Standby { context, route, spot, aim: Arc::clone(aim), in_vain_for };
            self.tasks.spawn(standby::run(standby, commands, events));
        }
        while self.tasks.try_join_next().is_some() {}
    }

    /// Waits for something to happen. Nothing is lost when this is dropped half-way.
    pub(super) async fn next(&mut self) -> Happened {
        loop {
            let silent_at = self.lines.silent_at();
            // What is due already is done.
            let missed_at = self.missed_at().filter(|at| *at > Instant::now());
            let (id, event) = tokio::select! {
                Some(event) = self.events.recv() => event,
                () = until(missed_at) => return Happened::Changed,
                () = until(silent_at) => {
                    for id in self.lines.remove_silent(Instant::now()) {
                        self.close(id, Close::Done);
                    }
                    return Happened::Changed;
                }
            };
            if !self.lines.knows(id) {
                continue;
            }
            match event {
                LineEvent::Waits => self.lines.note_at_relay(id, true),
                LineEvent::Away => self.lines.note_at_relay(id, false),
                LineEvent::Joined => {
                    if let Some(before) = self.lines.joined(id, Instant::now()) {
                        self.close(before, Close::Done);
                    }
                    return Happened::Joined(id);
                }
                LineEvent::Cell(cell) => return Happened::Cell(id, cell),
                LineEvent::Foreign => self.refuse(id),
                LineEvent::Ended => {
                    self.lines.remove(id);
                    self.ways.remove(&id);
                }
            }
            return Happened::Changed;
        }
    }

    /// A new cell has opened on this line: it takes the place of the one before.
    pub(super) fn proved(&mut self, id: LineId) {
        if let Some(before) = self.lines.proved(id, Instant::now()) {
            self.close(before, Close::Done);
        }
    }

    /// What came on this line was not the client's.
    pub(super) fn refuse(&mut self, id: LineId) {
        self.lines.remove(id);
        self.close(id, Close::Malformed);
    }

    /// Sends a cell on a line. One that does not take it is dropped: the session keeps the cell.
    pub(super) fn send(&mut self, id: LineId, cell: &Cell) {
        let Some(way) = self.ways.get(&id) else { return };
        if way.try_send(LineCommand::Send(Box::new(*cell))).is_err() {
            self.lines.remove(id);
            self.ways.remove(&id);
        }
    }

    /// The network may be there again: lines that wait to try again do so at once, and the others ask
    /// the relay whether it is there.
    pub(super) fn try_now(&self) {
        for way in self.ways.values() {
            // A line that has no room for this is busy enough.
            let _ = way.try_send(LineCommand::TryNow);
        }
    }

    /// See [`Lines::serving`].
    pub(super) fn serving(&self) -> Option<LineId> {
        self.lines.serving()
    }

    /// See [`Lines::sends_on`].
    pub(super) fn sends_on(&self) -> Option<LineId> {
        self.lines.sends_on()
    }

    /// See [`Lines::view`].
    pub(super) fn view(&self) -> LineView {
        self.lines.view()
    }

    /// Ends every line, the one that serves for this reason.
    pub(super) async fn finish(mut self, close: Close) {
        if let Some(serving) = self.lines.serving() {
            self.close(serving, close);
        }
        for other in self.lines.others().collect::<Vec<_>>() {
            self.close(other, Close::Done);
        }
        drop(self.events);
        let ended = async { while self.tasks.join_next().await.is_some() {} };
        let _ = timeout(FINISH_DEADLINE, ended).await;
    }

    fn missed_at(&self) -> Option<Instant> {
        self.away_since.map(|since| since + MISSED_AFTER)
    }

    fn close(&mut self, id: LineId, close: Close) {
        if let Some(way) = self.ways.remove(&id) {
            // A line that has no room for this ends when its sender goes, which is now.
            let _ = way.try_send(LineCommand::Finish(close));
        }
    }

    fn way(&mut self, id: LineId) -> (mpsc::Receiver<LineCommand>, LineEvents) {
        let (way, commands) = mpsc::channel(LINE_LEN_MAX);
        self.ways.insert(id, way);
        (commands, LineEvents { id, consultation: self.own.clone() })
    }
}

/// Waits until then, for ever when there is no such moment.
pub(crate) async fn until(moment: Option<Instant>) {
    match moment {
        Some(moment) => sleep_until(moment).await,
        None => std::future::pending().await,
    }
}
