//! A live session over whatever lines it has at the moment: cells both ways, and fresh secrets.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};
use vestibule_protocol::{
    ABSENT_AFTER, Cell, FreshOpening, Opened, Pacer, Record, Session, SessionError,
};
use vestibule_wire::Close;

use super::line::LineId;
use super::sockets::{Happened, Sockets};
use crate::context::Context;
use crate::messages::LineView;
use crate::random;

pub(super) struct Exchange {
    context: Arc<Context>,
    sockets: Sockets,
    session: Session,
    pacer: Pacer,
    /// What the pacer counts from.
    began: Instant,
    /// When the client was last heard.
    heard_at: Instant,
    /// The line on which the last cell was sent.
    sent_on: Option<LineId>,
}

impl Exchange {
    /// A session whose first cell has opened on a line.
    pub(super) fn new(
        context: Arc<Context>,
        mut sockets: Sockets,
        session: Session,
        line: LineId,
    ) -> Self {
        sockets.proved(line);
        let now = Instant::now();
        let pacer = Pacer::new(context.cover);
        Self { context, sockets, session, pacer, began: now, heard_at: now, sent_on: None }
    }

    pub(super) fn session(&mut self) -> &mut Session {
        &mut self.session
    }

    /// Nothing waits for a slot any more.
    pub(super) fn hurry(&mut self) {
        self.pacer.hurry();
    }

    /// See [`Sockets::try_now`].
    pub(super) fn try_now(&self) {
        self.sockets.try_now();
    }

    /// What the worker is shown of the line.
    pub(super) fn line(&self) -> LineView {
        self.sockets.view()
    }

    /// Whether the client is at the other end of some line.
    pub(super) fn is_joined(&self) -> bool {
        self.sockets.serving().is_some()
    }

    /// Whether the client was not heard for so long that it will not come again.
    pub(super) fn is_lost(&self) -> bool {
        self.heard_at.elapsed() >= ABSENT_AFTER
    }

    /// Sends what is due, waits for the next thing to happen, and returns what a cell brought.
    /// Nothing is lost when this is dropped half-way.
    ///
    /// # Errors
    /// When the consultation cannot go on.
    pub(super) async fn step(&mut self) -> Result<Option<Opened>, SessionError> {
        self.send_due();
        let sends = self.sockets.sends_on().is_some();
        let slot = self.began + self.pacer.wakes_at();
        tokio::select! {
            happened = self.sockets.next() => match happened {
                Happened::Cell(line, cell) => self.open(line, &cell),
                Happened::Joined(line) => {
                    self.greet(line);
                    Ok(None)
                }
                Happened::Changed => Ok(None),
            },
            () = sleep_until(slot), if sends => Ok(None),
            () = sleep_until(self.heard_at + ABSENT_AFTER) => Ok(None),
        }
    }

    /// Ends every line.
    pub(super) async fn finish(self, close: Close) {
        self.sockets.finish(close).await;
    }

    /// The session alone; the sockets end.
    pub(super) fn into_parts(self) -> (Session, Sockets) {
        (self.session, self.sockets)
    }

    fn send_due(&mut self) {
        if let Some(line) = self.sockets.sends_on() {
            let elapsed = self.elapsed();
            let cells = self.pacer.cells(&mut self.session, elapsed, random::number());
            self.send(line, &cells);
        }
        // What was sent or opened may have changed the generation.
        self.sockets.wait_at(&self.session.routes());
    }

    fn send(&mut self, line: LineId, cells: &[Cell]) {
        for cell in cells {
            self.sockets.send(line, cell);
            self.sent_on = Some(line);
        }
    }

    /// Greets whoever has joined. The slots of a line that serves are left as they are.
    fn greet(&mut self, line: LineId) {
        self.session.rejoined();
        let elapsed = self.elapsed();
        let chance = random::number();
        let cells = if self.is_joined() {
            Pacer::new(self.context.cover).cells(&mut self.session, elapsed, chance)
        } else {
            self.pacer.joined();
            self.pacer.cells(&mut self.session, elapsed, chance)
        };
        self.send(line, &cells);
    }

    fn open(&mut self, line: LineId, cell: &Cell) -> Result<Option<Opened>, SessionError> {
        let mut opened = match self.session.open(cell, self.context.clock.now()) {
            Ok(opened) => opened,
            Err(SessionError::Unsealed) => {
                self.sockets.refuse(line);
                return Ok(None);
            }
            Err(error) => return Err(error),
        };
        if opened.is_new {
            self.heard_at = Instant::now();
            self.take_line(line);
        }
        for record in &opened.records {
            if let Record::FreshOpening(opening) = record {
                self.answer_fresh(opening)?;
            }
        }
        opened.records.retain(|record| !matches!(record, Record::FreshOpening(_)));
        Ok(Some(opened))
    }

    /// The client is at the other end of this line.
    fn take_line(&mut self, line: LineId) {
        let moved = self.sockets.serving() != Some(line);
        self.sockets.proved(line);
        // What went on the line before, after this one was greeted, may not have arrived.
        if moved && self.sent_on.is_some_and(|sent_on| sent_on != line) {
            self.session.rejoined();
            self.pacer.joined();
        }
    }

    fn answer_fresh(&mut self, opening: &FreshOpening) -> Result<(), SessionError> {
        // Without a shift the consultation goes on under the keys that it has.
        let Ok(shift) = self.context.enrolment.shift_at(self.context.clock.now()) else {
            return Ok(());
        };
        self.session.answer_fresh(opening, &shift.key, &shift.certificate, &mut random::system())
    }

    fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }
}
