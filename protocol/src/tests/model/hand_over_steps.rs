//! What the three parties do in a hand-over when something reaches them.

use std::collections::VecDeque;
use std::sync::Arc;

use vestibule_wire::Side;

use super::end::{End, HAND_OVER, TEXT, Verdict};
use super::hand_over::{
    AGREED, Asks, Between, CARRIED_OVER, Client, Colleague, FirstWorker, REPLY, State, WITHDRAWN,
    Wire, With,
};
use super::symbols::{Flaw, Symbol, SymbolicCell};
use crate::session::Stream;

impl<F: Flaw> State<F> {
    /// Everything that is due.
    pub(super) fn send(&mut self, with: With, from: Side) -> Option<()> {
        let is_leaving = (with, from, self.client) == (With::First, Side::Client, Client::Leaving);
        // Until the client's first cell has opened, a worker sends nothing but its answer.
        let is_proved = matches!(self.colleague, Colleague::Talks(_));
        ((with, from) != (With::Colleague, Side::Worker) || is_proved).then_some(())?;
        let mut has_sent = None;
        while !(is_leaving && self.has_replied)
            && let Some(cell) = self.end_at(with, from)?.stream.next_cell()
        {
            self.end_at(with, from)?.sent(&cell);
            self.has_replied |= is_leaving && cell.content.record_type == REPLY;
            self.put(with, from, cell);
            has_sent = Some(());
        }
        has_sent
    }

    /// A slot at each end that may send.
    pub(super) fn fill_slots(&mut self) {
        for with in [With::First, With::Colleague] {
            for side in [Side::Client, Side::Worker] {
                let is_proved = matches!(self.colleague, Colleague::Talks(_));
                let may = self.wire(with).joined
                    && ((with, side) != (With::Colleague, Side::Worker) || is_proved);
                let cell = self.end_at(with, side).and_then(|end| end.stream.slot_cell());
                if let (true, Some(cell)) = (may, cell) {
                    self.put(with, side, cell);
                }
            }
        }
    }

    fn put(&mut self, with: With, from: Side, cell: SymbolicCell) {
        self.wire_mut(with).way_mut(from).push_back(cell);
    }

    pub(super) fn arrive(&mut self, with: With, from: Side) -> Option<()> {
        let cell = self.wire_mut(with).way_mut(from).pop_front()?;
        // A client that has agreed takes nothing more of the first worker.
        let takes = matches!(self.client, Client::WithFirst | Client::Asked);
        if (with, from) == (With::First, Side::Worker) && !takes {
            return Some(());
        }
        let Some(end) = self.end_at(with, from.other()) else { return Some(()) };
        let verdict = end.take(&cell);
        let records = std::mem::take(&mut end.other_records);
        let heard = end.heard.len();
        if let (Colleague::HasAnswered(end), Verdict::New) = (&self.colleague, &verdict) {
            self.colleague = Colleague::Talks(end.clone());
        }
        // On a line that keeps their order every cell opens.
        self.is_broken |= verdict == Verdict::Distrusted;
        for (record_type, content) in records {
            self.act_on(record_type, content, heard);
        }
        self.acknowledge(with, from.other());
        Some(())
    }

    /// An end that has only an arrival to tell of does so at once; words may wait.
    fn acknowledge(&mut self, with: With, side: Side) {
        let due = self.end_at(with, side).and_then(|end| end.stream.clone().next_cell());
        if self.wire(with).joined && due.is_some_and(|cell| cell.content.record_type == 0) {
            self.send(with, side);
        }
    }

    fn act_on(&mut self, record_type: u8, content: u8, heard: usize) {
        match (record_type, self.client) {
            (HAND_OVER, Client::WithFirst) => self.client = Client::Asked,
            (WITHDRAWN, Client::Asked) => self.client = Client::WithFirst,
            // It crossed the client's own decision.
            (WITHDRAWN, _) => {}
            (REPLY, _) if content == AGREED => {}
            (REPLY, _) => {
                if self.first_asks(Asks::Client, Asks::NoMore).is_some() {
                    self.to_colleague.push_back(Between::Over);
                }
            }
            (CARRIED_OVER, Client::WithColleague) => {
                self.is_broken |= heard != 0;
                let done = self.first_end().is_some().then_some(Between::Done(content));
                self.to_first.extend(done);
            }
            _ => self.is_broken = true,
        }
    }

    /// The first worker goes a step further, when it is there and so far.
    pub(super) fn first_asks(&mut self, so_far: Asks, next: Asks) -> Option<()> {
        match &mut self.first {
            FirstWorker::Here { asks, .. } if *asks == so_far => {
                *asks = next;
                Some(())
            }
            _ => None,
        }
    }

    pub(super) fn reply(&mut self, reply: u8) {
        self.client = if reply == AGREED { Client::Leaving } else { Client::WithFirst };
        (self.answer, self.has_replied) = (None, false);
        let end = self.end_at(With::First, Side::Client);
        end.expect("it keeps its end until it has another").say_record(REPLY, reply);
    }

    /// The client is asked only when the colleague is sure to wait for it.
    pub(super) fn offer(&mut self) -> Option<()> {
        (self.colleague == Colleague::HasTicket).then_some(())?;
        self.first_asks(Asks::Colleague, Asks::Client)?;
        self.first_end()?.say_record(HAND_OVER, 0);
        Some(())
    }

    pub(super) fn colleague_hears(&mut self, told: Between) {
        match (told, &mut self.colleague) {
            (Between::Ticket, Colleague::Uninvolved) => self.colleague = Colleague::HasTicket,
            (Between::Undelivered(word), Colleague::Talks(end)) => {
                Arc::make_mut(end).say_word(word);
            }
            (Between::Over, Colleague::HasTicket | Colleague::HasAnswered(_)) => {
                self.colleague = Colleague::Uninvolved;
            }
            (Between::Over, Colleague::Talks(_)) => {}
            _ => self.is_broken = true,
        }
    }

    pub(super) fn first_hears(&mut self, told: Between) {
        let (Between::Done(received_below), FirstWorker::Here { end, .. }) = (told, &self.first)
        else {
            self.is_broken = true;
            return;
        };
        let from = if F::FORGETS_CARRIED_OVER { 0 } else { received_below.into() };
        let undelivered = words_left(end.stream.clone(), from);
        self.to_colleague.extend(undelivered.into_iter().map(Between::Undelivered));
        self.to_colleague.push_back(Between::Over);
        self.remember_first();
        self.first = FirstWorker::Done;
        self.first_line = Wire::default();
    }

    /// The opening arrives; the answer is on its way. Whoever sent it may be gone: so another one is
    /// answered, too, until a first cell has opened.
    pub(super) fn colleague_answers(&mut self) -> Option<()> {
        let waits = matches!(self.colleague, Colleague::HasTicket | Colleague::HasAnswered(_));
        waits.then_some(())?;
        let session = self.sessions;
        self.sessions += 1;
        self.colleague = Colleague::HasAnswered(Arc::new(End::new(Side::Worker, session)));
        self.answer = Some(session);
        self.colleague_line = Wire::joined();
        Some(())
    }

    /// From here on there is no way back.
    pub(super) fn client_opens(&mut self) -> Option<()> {
        let session = self.answer.take()?;
        let old = Arc::unwrap_or_clone(self.old.take()?);
        let mut new = End::new(Side::Client, session);
        let received_below = u8::try_from(old.stream.received_below()).unwrap();
        new.say_record(CARRIED_OVER, received_below);
        for word in words_left(old.stream, 0) {
            new.say_word(word);
        }
        let first_cell = new.stream.empty_cell()?;
        new.sent(&first_cell);
        self.shown_before = old.heard;
        self.new = Some(Arc::new(new));
        self.client = Client::WithColleague;
        self.put(With::Colleague, Side::Client, first_cell);
        Some(())
    }

    pub(super) fn rejoin(&mut self, with: With) -> Option<()> {
        let meets = match (with, &self.colleague) {
            (With::First, _) => {
                let waits = matches!(self.client, Client::WithFirst | Client::Asked);
                waits && matches!(self.first, FirstWorker::Here { .. })
            }
            (With::Colleague, Colleague::HasAnswered(end) | Colleague::Talks(end)) => {
                let route: &Symbol<F> = end.stream.generations.newest();
                self.new.as_ref()?.stream.generations.newest() == route
            }
            (With::Colleague, _) => false,
        };
        meets.then_some(())?;
        *self.wire_mut(with) = Wire::joined();
        for side in [Side::Client, Side::Worker] {
            if (with, side) == (With::Colleague, Side::Worker)
                && matches!(self.colleague, Colleague::HasAnswered(_))
            {
                continue;
            }
            let end = self.end_at(with, side)?;
            end.stream.resend_all();
            let greeting = end.stream.empty_cell().into_iter();
            let cells: Vec<_> =
                greeting.chain(std::iter::from_fn(|| end.stream.resent_cell())).collect();
            for cell in cells {
                self.end_at(with, side)?.sent(&cell);
                self.put(with, side, cell);
            }
        }
        Some(())
    }

    pub(super) fn remember_first(&mut self) {
        if let FirstWorker::Here { end, .. } = &self.first {
            self.heard_by_first = end.heard.clone();
        }
    }

    /// The relay tells the first worker, who takes back what it has asked.
    pub(super) fn crash_colleague(&mut self) {
        self.colleague = Colleague::Crashed;
        self.colleague_line = Wire::default();
        self.answer = None;
        self.to_colleague.clear();
        self.to_first.clear();
        let was_ready = self.first_asks(Asks::Colleague, Asks::NoMore);
        if was_ready.is_none() && self.first_asks(Asks::Client, Asks::NoMore).is_some() {
            let end = self.first_end().expect("it has just asked");
            end.say_record(WITHDRAWN, 1);
        }
    }

    /// All that the client has been shown, in order.
    pub(super) fn shown(&self) -> Vec<u8> {
        let now = self.old.iter().chain(&self.new).flat_map(|end| &end.heard);
        self.shown_before.iter().chain(now).copied().collect()
    }
}

impl Wire {
    pub(super) fn joined() -> Self {
        Self { joined: true, ..Self::default() }
    }

    pub(super) fn way(&self, from: Side) -> &VecDeque<SymbolicCell> {
        if from == Side::Client { &self.to_worker } else { &self.to_client }
    }

    pub(super) fn way_mut(&mut self, from: Side) -> &mut VecDeque<SymbolicCell> {
        if from == Side::Client { &mut self.to_worker } else { &mut self.to_client }
    }
}

/// The words that have not arrived at an end that has everything below a number.
fn words_left<F: Flaw>(stream: Stream<Symbol<F>>, received_below: u64) -> Vec<u8> {
    let left = stream.into_undelivered().into_iter();
    let left =
        left.filter(|(last, waiting)| *last >= received_below && waiting.body.record_type == TEXT);
    left.map(|(_, waiting)| waiting.body.bytes[0]).collect()
}
