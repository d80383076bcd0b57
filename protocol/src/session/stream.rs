//! Records to cells and back: once, in order, whatever the line does (section 9). Knows no kind of
//! record and no cryptography, so that a model checker can run it as it is.

use std::collections::VecDeque;

use vestibule_wire::Side;
use zeroize::Zeroizing;

use super::assembly::Assembly;
use super::generations::{Generations, Limits, Seal};
use super::outbox::Outbox;
use super::queue::{Held, Part, Queue, RecordNumber, Urgency, Waiting};
use super::window::{Place, Window};
use crate::SessionError;
use crate::cell::{Content, FIRST_DATA_SEQUENCE};
use crate::file::Outgoing;
use crate::record::{Body, FILE_PART};

/// An end stops before it runs out of sequence numbers.
const SEQUENCE_LIMIT: u64 = 1 << 32;
/// Within a long record the other end is told of arrivals after so many cells.
const CELLS_BEFORE_ACKNOWLEDGEMENT: u8 = 8;

/// What a cell brought.
pub(crate) struct Arrived {
    /// Records that are now complete, each with the number of its last cell.
    pub(crate) bodies: Vec<(u64, Body)>,
    /// See [`Opened::delivered`](super::Opened::delivered).
    pub(crate) delivered: Option<RecordNumber>,
    pub(crate) is_new: bool,
}

/// A record whose last cell has been sealed.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(test, derive(Hash))]
struct Underway {
    last_sequence: u64,
    waiting: Waiting,
}

impl Arrived {
    fn nothing() -> Self {
        Self { bodies: Vec::new(), delivered: None, is_new: false }
    }
}

#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(test, derive(Hash))]
pub(crate) struct Stream<K: Seal> {
    side: Side,
    pub(crate) generations: Generations<K>,
    outbox: Outbox<K::Cell>,
    window: Window<Content>,
    assembly: Assembly,
    queue: Queue,
    underway: VecDeque<Underway>,
    /// Agreed, and used once the record that tells the other end of them has been sealed.
    next_keys: Option<K>,
    /// Cells that do not open, while the other end may seal with keys that are not known here yet.
    early: Option<VecDeque<K::Cell>>,
    /// The number of the next record, and the lowest that was dropped.
    next_number: u64,
    /// Up to here all records have arrived.
    delivered: u64,
    /// Of this generation, both ways.
    record_cells: u32,
    /// Below this number the other end was last told that everything has arrived.
    told: u64,
    owes_acknowledgement: bool,
    cells_since_told: u8,
}

impl<K: Seal> Stream<K> {
    pub(crate) fn new(side: Side, keys: K) -> Self {
        Self {
            side,
            generations: Generations::new(keys),
            outbox: Outbox::new(FIRST_DATA_SEQUENCE),
            window: Window::new(FIRST_DATA_SEQUENCE),
            assembly: Assembly::default(),
            queue: Queue::default(),
            underway: VecDeque::new(),
            next_keys: None,
            early: None,
            next_number: 1,
            delivered: 0,
            record_cells: 0,
            told: FIRST_DATA_SEQUENCE,
            owes_acknowledgement: false,
            cells_since_told: 0,
        }
    }

    pub(crate) fn side(&self) -> Side {
        self.side
    }

    /// Everything of the other end below this number has arrived.
    pub(crate) fn received_below(&self) -> u64 {
        self.window.next()
    }

    /// Cells with records in them but files, sealed or taken under the newest keys.
    pub(crate) fn record_cells(&self) -> u32 {
        self.record_cells
    }

    /// Whether new keys are agreed that the other end has not been heard under.
    pub(crate) fn is_changing(&self) -> bool {
        self.next_keys.is_some() || self.generations.is_changing()
    }

    /// The other end seals with these keys after cell `last`, and this one from now on. Returns cells
    /// that came too early, to be opened now.
    pub(crate) fn change_keys(
        &mut self,
        keys: K,
        last: u64,
    ) -> Result<impl Iterator<Item = K::Cell> + use<K>, SessionError> {
        self.generations.change_now(keys, last)?;
        self.record_cells = 0;
        Ok(self.early.take().into_iter().flatten())
    }

    /// Whether words of this length would be taken. Whatever has not arrived counts: in a hand-over
    /// all of it must find room in the next session.
    pub(crate) fn has_room(&self, body_len: usize) -> bool {
        let underway = self.underway.iter().map(|record| &record.waiting);
        let held = underway.chain(self.queue.waiting()).fold(Held::default(), Held::add);
        held.has_room(body_len)
    }

    /// Nothing waits, and nothing that carries a record is under way.
    pub(crate) fn is_settled(&self) -> bool {
        self.queue.is_empty() && self.underway.is_empty()
    }

    /// Whether there must be room is the caller's to decide.
    pub(crate) fn say(&mut self, urgency: Urgency, body: Body) -> RecordNumber {
        let number = RecordNumber(self.next_number);
        self.queue.push(Waiting { urgency, number: Some(number), body, ends_generation: false });
        self.next_number = self.next_number.saturating_add(1);
        number
    }

    /// Asks the other end for new keys. It may seal with them before its answer has arrived.
    pub(crate) fn say_first_of_change(&mut self, body: Body) {
        self.early = Some(VecDeque::new());
        self.say_unnumbered(body, false);
    }

    /// Tells the other end what it needs for `keys`. What is sealed after it is sealed with them.
    pub(crate) fn say_last_of_generation(&mut self, body: Body, keys: K) {
        self.next_keys = Some(keys);
        self.say_unnumbered(body, true);
    }

    fn say_unnumbered(&mut self, body: Body, ends_generation: bool) {
        let urgency = Urgency::Urgent;
        self.queue.push(Waiting { urgency, number: None, body, ends_generation });
    }

    /// See [`Queue::send_file`].
    pub(crate) fn send_file(&mut self, file: Outgoing) {
        self.queue.send_file(file);
    }

    /// The rest of a file does not go.
    pub(crate) fn drop_file(&mut self) {
        self.queue.drop_file();
    }

    /// The other end reads no record more that has not begun.
    pub(crate) fn drop_queue(&mut self) {
        if let Some(RecordNumber(lowest)) = self.queue.clear() {
            self.next_number = lowest;
        }
    }

    /// The lowest cell that is to be sent again.
    pub(crate) fn resent_cell(&mut self) -> Option<K::Cell> {
        self.outbox.take_due()
    }

    /// What is due, in the order of section 9.
    pub(crate) fn next_cell(&mut self) -> Option<K::Cell> {
        if let Some(again) = self.resent_cell() {
            return Some(again);
        }
        if self.may_seal(K::LIMITS.cells_max)
            && let Some(part) = self.queue.next_part(K::LIMITS.data_bytes_max)
        {
            return Some(self.seal_part(part));
        }
        if self.owes_acknowledgement { self.empty_cell() } else { None }
    }

    /// What is due, or something that looks like it.
    pub(crate) fn slot_cell(&mut self) -> Option<K::Cell> {
        self.next_cell().or_else(|| self.empty_cell()).or_else(|| self.outbox.take_lowest())
    }

    /// An empty cell, unless the window has no room for it. One that makes room at the other end may
    /// go further than others, so that two ends that have filled each other's windows can say so.
    pub(crate) fn empty_cell(&mut self) -> Option<K::Cell> {
        let makes_room = self.window.next() > self.told;
        let Limits { cells_max, cells_with_news_max, .. } = K::LIMITS;
        let may = self.may_seal(if makes_room { cells_with_news_max } else { cells_max });
        may.then(|| self.seal(0, false, Zeroizing::default()))
    }

    /// A new socket has joined: the other end sends again what it has not heard of, as this one does.
    pub(crate) fn resend_all(&mut self) {
        self.outbox.resend_all();
        if let Some(early) = &mut self.early {
            early.clear();
        }
    }

    pub(crate) fn open(&mut self, cell: &K::Cell) -> Result<Arrived, SessionError> {
        let sequence = K::sequence(cell);
        let place = self.window.place(sequence, K::LIMITS.ahead_cells_max);
        if place == Place::Duplicate {
            // The other end may not know that it arrived.
            self.owes_acknowledgement = true;
            return Ok(Arrived::nothing());
        }
        let Some(opened) = self.generations.open(self.side.other(), cell) else {
            return self.keep_early(cell);
        };
        let content = opened?;
        if place == Place::Beyond || sequence >= SEQUENCE_LIMIT {
            return Err(SessionError::Misbehaved);
        }
        self.outbox.acknowledge(content.acknowledged, content.selective)?;
        self.note_record_cell(content.record_type);
        self.note_debt(&content);
        self.window.keep(sequence, content);
        let mut bodies = Vec::new();
        while let Some(content) = self.window.take_next() {
            let last = self.window.next().saturating_sub(1);
            bodies.extend(self.assembly.take(&content)?.map(|body| (last, body)));
        }
        self.generations.settle(self.window.next());
        Ok(Arrived { bodies, delivered: self.take_delivered(), is_new: true })
    }

    /// Records that have not arrived whole, in the order of their numbers; with the number of their
    /// last cell, or the highest there is for one that was not sealed.
    pub(crate) fn into_undelivered(self) -> Vec<(u64, Waiting)> {
        let Self { underway, queue, .. } = self;
        let sealed = underway.into_iter().map(|record| (record.last_sequence, record.waiting));
        let mut records: Vec<_> =
            sealed.chain(queue.into_waiting().map(|waiting| (u64::MAX, waiting))).collect();
        records.sort_by_key(|(_, waiting)| waiting.number);
        records
    }

    /// Whether so many cells at most would be under way with another one.
    fn may_seal(&self, cells_max: usize) -> bool {
        self.outbox.len() < cells_max && self.outbox.next_sequence() < SEQUENCE_LIMIT
    }

    /// After a break the other end's first cell may be sealed with keys of which it tells in one that
    /// is sent again after it.
    fn keep_early(&mut self, cell: &K::Cell) -> Result<Arrived, SessionError> {
        let lowest = self.window.next();
        let ahead = K::sequence(cell).saturating_sub(lowest);
        let Some(early) = &mut self.early else { return Err(SessionError::Unsealed) };
        if !(1..=K::LIMITS.ahead_cells_max).contains(&ahead) {
            return Err(SessionError::Unsealed);
        }
        early.retain(|kept| K::sequence(kept) > lowest && K::sequence(kept) != K::sequence(cell));
        early.push_back(cell.clone());
        Ok(Arrived::nothing())
    }

    fn seal_part(&mut self, part: Part) -> K::Cell {
        let Part { record_type, more, data, finished } = part;
        let cell = self.seal(record_type, more, data);
        self.note_record_cell(record_type);
        if let Some(waiting) = finished {
            if waiting.ends_generation
                && let Some(keys) = self.next_keys.take()
            {
                self.generations.change_when_heard(keys);
                self.record_cells = 0;
            }
            let last_sequence = self.outbox.next_sequence().saturating_sub(1);
            self.underway.push_back(Underway { last_sequence, waiting });
        }
        cell
    }

    fn seal(&mut self, record_type: u8, more: bool, data: Zeroizing<Vec<u8>>) -> K::Cell {
        let (acknowledged, selective) = self.window.acknowledgement();
        let content = Content { acknowledged, selective, record_type, more, data };
        let sequence = self.outbox.next_sequence();
        let cell = self.generations.newest().seal(self.side, sequence, &content);
        self.outbox.keep(cell.clone());
        self.told = acknowledged;
        self.owes_acknowledgement = false;
        self.cells_since_told = 0;
        cell
    }

    /// A file would otherwise have new keys agreed for every four of its parts.
    fn note_record_cell(&mut self, record_type: u8) {
        if record_type != 0 && record_type != FILE_PART {
            self.record_cells = self.record_cells.saturating_add(1);
        }
    }

    /// As cells arrive and not in their turn, or a gap would not be told while it stands.
    fn note_debt(&mut self, content: &Content) {
        if content.record_type != 0 {
            self.cells_since_told = self.cells_since_told.saturating_add(1);
            self.owes_acknowledgement |=
                !content.more || self.cells_since_told >= CELLS_BEFORE_ACKNOWLEDGEMENT;
        }
    }

    /// The greatest number up to which everything has arrived, when it has grown.
    fn take_delivered(&mut self) -> Option<RecordNumber> {
        let first_missing = self.outbox.first_missing();
        self.underway.retain(|record| record.last_sequence >= first_missing);
        let numbers = self.underway.iter().filter_map(|record| record.waiting.number);
        let waiting = self.queue.waiting().filter_map(|waiting| waiting.number);
        let missing = numbers.chain(waiting).map(|number| number.0);
        let delivered = missing.fold(self.next_number, u64::min).saturating_sub(1);
        let grown = delivered > self.delivered;
        self.delivered = delivered;
        grown.then_some(RecordNumber(delivered))
    }
}
