//! Two ends and what is between them: sockets, a relay, and cells on their way, which get lost,
//! doubled and overtake each other.

use std::collections::BTreeMap;

use vestibule_wire::Side;

use super::end::{End, Verdict};
use super::symbols::{Flaw, Symbol, SymbolicCell};
use crate::session::Stream;

/// Cells on their way by number; the copies of each. One number is one cell, or a property fails.
pub(super) type Flight = BTreeMap<u64, (SymbolicCell, u8)>;

#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Line<F: Flaw> {
    pub(super) client: End<F>,
    pub(super) worker: End<F>,
    /// What each end has sent that is on its way.
    pub(super) from_client: Flight,
    pub(super) from_worker: Flight,
    pub(super) joined: bool,
    /// The ends had no route in common.
    pub(super) have_missed: bool,
}

impl<F: Flaw> Line<F> {
    pub(super) fn new(session: u8) -> Self {
        Self {
            client: End::new(Side::Client, session),
            worker: End::new(Side::Worker, session),
            from_client: Flight::new(),
            from_worker: Flight::new(),
            joined: true,
            have_missed: false,
        }
    }

    pub(super) fn end(&mut self, side: Side) -> &mut End<F> {
        match side {
            Side::Client => &mut self.client,
            Side::Worker => &mut self.worker,
        }
    }

    pub(super) fn flight(&mut self, from: Side) -> &mut Flight {
        match from {
            Side::Client => &mut self.from_client,
            Side::Worker => &mut self.from_worker,
        }
    }

    /// Puts on its way what an end sends.
    pub(super) fn send(&mut self, from: Side, cell: SymbolicCell) {
        self.end(from).sent(&cell);
        let sequence = cell.sequence;
        let (_, copies) = self.flight(from).entry(sequence).or_insert((cell, 0));
        *copies += 1;
    }

    /// Whether an end had something to send.
    pub(super) fn sends(
        &mut self,
        side: Side,
        which: fn(&mut Stream<Symbol<F>>) -> Option<SymbolicCell>,
    ) -> bool {
        let cell = which(&mut self.end(side).stream);
        cell.map(|cell| self.send(side, cell)).is_some()
    }

    /// A copy less of what is on its way.
    pub(super) fn lose(&mut self, from: Side, sequence: u64) -> Option<SymbolicCell> {
        let flight = self.flight(from);
        let (cell, copies) = flight.get_mut(&sequence)?;
        let cell = cell.clone();
        *copies -= 1;
        if *copies == 0 {
            flight.remove(&sequence);
        }
        Some(cell)
    }

    /// A cell reaches the other end, which drops a socket that it cannot trust.
    pub(super) fn arrive(&mut self, from: Side, cell: &SymbolicCell) -> Verdict {
        let verdict = self.end(from.other()).take(cell);
        if verdict == Verdict::Distrusted {
            self.cut();
        }
        verdict
    }

    /// Both sockets and everything between them is gone: so it is when a relay is killed, too.
    pub(super) fn cut(&mut self) {
        self.joined = false;
        self.from_client.clear();
        self.from_worker.clear();
    }

    /// Both ends wait at a route that they have in common. What each sends at once, in its order.
    pub(super) fn rejoin(&mut self) -> [Vec<SymbolicCell>; 2] {
        let client_at = self.client.stream.generations.newest();
        let worker_at: Vec<_> = self.worker.stream.generations.in_use().collect();
        self.have_missed |= !worker_at.contains(&client_at);
        self.joined = true;
        [Side::Client, Side::Worker].map(|side| {
            let end = self.end(side);
            end.stream.resend_all();
            let mut cells: Vec<_> = end.stream.empty_cell().into_iter().collect();
            cells.extend(std::iter::from_fn(|| end.stream.resent_cell()));
            for cell in &cells {
                end.sent(cell);
            }
            cells
        })
    }

    /// Each end has heard a beginning of what the other said, and been told of no more than that.
    pub(super) fn tells_only_what_was_said(&self) -> bool {
        let ends = [(&self.client, &self.worker), (&self.worker, &self.client)];
        ends.iter().all(|(from, to)| {
            let in_order = to.heard.iter().copied().eq((0..from.said).take(to.heard.len()));
            in_order && from.delivered <= to.heard.len() as u64
        })
    }

    /// Everything said has arrived, and both ends know it.
    pub(super) fn is_all_delivered(&self) -> bool {
        let ends = [(&self.client, &self.worker), (&self.worker, &self.client)];
        ends.iter().all(|(from, to)| {
            to.heard.len() == usize::from(from.said)
                && from.delivered == u64::from(from.said)
                && from.stream.is_settled()
        })
    }

    /// Whether everything arrives once the line is good. From here on nothing is lost, and nothing
    /// overtakes anything; an end that hears nothing new rejoins, as after `SILENT_AFTER`.
    pub(super) fn would_complete(&self) -> bool {
        const ROUNDS: usize = 24;
        const QUIET_ROUNDS: usize = 3;
        let mut line = self.clone();
        let mut quiet_rounds = 0;
        line.deliver_flights();
        for _ in 0..ROUNDS {
            if line.client.is_broken || line.worker.is_broken || line.have_missed {
                return false;
            }
            if line.joined && line.is_all_delivered() {
                return true;
            }
            if !line.joined || quiet_rounds == QUIET_ROUNDS {
                line.cut();
                quiet_rounds = 0;
                let [from_client, from_worker] = line.rejoin();
                line.run(Side::Client, &from_client);
                line.run(Side::Worker, &from_worker);
            }
            let is_new = line.exchange();
            quiet_rounds = if is_new { 0 } else { quiet_rounds + 1 };
        }
        false
    }

    fn deliver_flights(&mut self) {
        for side in [Side::Client, Side::Worker] {
            let flight = std::mem::take(self.flight(side));
            let cells: Vec<_> = flight.into_values().map(|(cell, _)| cell).collect();
            self.run(side, &cells);
        }
    }

    /// A round of slots: each end sends what is due, or something that looks like it.
    fn exchange(&mut self) -> bool {
        let mut is_new = false;
        for side in [Side::Client, Side::Worker] {
            let end = self.end(side);
            let mut cells: Vec<_> = std::iter::from_fn(|| end.stream.next_cell()).collect();
            if cells.is_empty() {
                cells.extend(end.stream.slot_cell());
            }
            for cell in &cells {
                end.sent(cell);
            }
            is_new |= self.run(side, &cells);
        }
        is_new
    }

    /// Cells arrive as they were sent, until a socket is dropped. Whether one was new.
    fn run(&mut self, from: Side, cells: &[SymbolicCell]) -> bool {
        let mut is_new = false;
        for cell in cells {
            is_new |= self.joined && self.arrive(from, cell) == Verdict::New;
        }
        is_new
    }
}
