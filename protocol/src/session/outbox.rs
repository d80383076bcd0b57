//! What this end has sealed and the other has not acknowledged (section 9, "Sending").

use std::collections::VecDeque;

use crate::SessionError;

/// A cell is lost when one that was sent so many sendings later has arrived.
const SENDINGS_BEFORE_LOST: u64 = 3;

/// Sealed cells in the order of their numbers. Never sealed again: what is sent twice is the same.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Outbox<C> {
    /// The lowest number that has not arrived.
    first: u64,
    cells: VecDeque<Sealed<C>>,
    sendings: u64,
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Sealed<C> {
    /// `None` when it has arrived out of order.
    cell: Option<C>,
    /// The sending in which it left last.
    sent_in: u64,
    /// Whether it is to be sent again.
    due: bool,
}

impl<C: Clone> Outbox<C> {
    pub(crate) fn new(first: u64) -> Self {
        Self { first, cells: VecDeque::new(), sendings: 0 }
    }

    /// The lowest number that has not arrived.
    pub(crate) fn first_missing(&self) -> u64 {
        self.first
    }

    /// The number of the next cell to be sealed.
    pub(crate) fn next_sequence(&self) -> u64 {
        self.first.saturating_add(u64::try_from(self.cells.len()).unwrap_or(u64::MAX))
    }

    /// Cells under way, counted from the lowest that has not arrived.
    pub(crate) fn len(&self) -> usize {
        self.cells.len()
    }

    /// Keeps a cell that is being sent for the first time.
    pub(crate) fn keep(&mut self, cell: C) {
        let sent_in = self.next_sending();
        self.cells.push_back(Sealed { cell: Some(cell), sent_in, due: false });
    }

    /// The lowest cell that is to be sent again.
    pub(crate) fn take_due(&mut self) -> Option<C> {
        let place = self.cells.iter().position(|sealed| sealed.due)?;
        self.send_again(place)
    }

    /// The lowest cell that has not arrived, though nothing says that it is lost.
    pub(crate) fn take_lowest(&mut self) -> Option<C> {
        if self.cells.is_empty() { None } else { self.send_again(0) }
    }

    /// A new socket: whatever has not arrived is to be sent again.
    pub(crate) fn resend_all(&mut self) {
        for sealed in &mut self.cells {
            sealed.due = sealed.cell.is_some();
        }
    }

    /// Takes what the other end says has arrived.
    pub(crate) fn acknowledge(
        &mut self,
        acknowledged: u64,
        selective: u64,
    ) -> Result<(), SessionError> {
        let next = self.next_sequence();
        let highest_bit = u64::from(u64::BITS.saturating_sub(selective.leading_zeros()));
        // Nobody can have received what was never sent.
        if acknowledged > next
            || acknowledged.saturating_add(highest_bit) >= next.max(acknowledged.saturating_add(1))
        {
            return Err(SessionError::Misbehaved);
        }
        if acknowledged < self.first {
            return Ok(());
        }
        let mut newest = 0;
        while self.first < acknowledged
            && let Some(sealed) = self.cells.pop_front()
        {
            newest = newest.max(sealed.sent_in);
            self.first = self.first.saturating_add(1);
        }
        // The cell at `acknowledged` itself is missing; bit 0 is the one after it.
        for (bit, sealed) in self.cells.iter_mut().skip(1).take(64).enumerate() {
            if selective >> bit & 1 == 1 {
                newest = newest.max(sealed.sent_in);
                sealed.cell = None;
                sealed.due = false;
            }
        }
        for sealed in &mut self.cells {
            sealed.due |= sealed.cell.is_some()
                && sealed.sent_in.saturating_add(SENDINGS_BEFORE_LOST) <= newest;
        }
        Ok(())
    }

    fn send_again(&mut self, place: usize) -> Option<C> {
        let sent_in = self.next_sending();
        let sealed = self.cells.get_mut(place)?;
        sealed.sent_in = sent_in;
        sealed.due = false;
        sealed.cell.clone()
    }

    fn next_sending(&mut self) -> u64 {
        self.sendings = self.sendings.saturating_add(1);
        self.sendings
    }
}
