//! Records that wait to be sealed, and those that are under way (section 9, "Sending").

use std::collections::VecDeque;

use zeroize::Zeroizing;

use crate::file::Outgoing;
use crate::record::{Body, FILE_PART};

/// Bytes of words that have not arrived: three of the longest texts.
const QUEUE_BYTES_MAX: usize = 131_072;
/// Words that have not arrived.
const QUEUE_RECORDS_MAX: usize = 64;

/// The how-manieth record that was given to a session, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordNumber(pub u64);

/// Whether a record goes before those that people wrote.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Urgency {
    /// A handshake or a hand-over.
    Urgent,
    /// Words, and the close after them.
    Ordinary,
    /// A part of a file: whenever there is nothing else.
    Bulk,
}

/// A record with its place among all.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(test, derive(Hash))]
pub(crate) struct Waiting {
    pub(crate) urgency: Urgency,
    /// `None` for a handshake or a part of a file, which nobody asks about.
    pub(crate) number: Option<RecordNumber>,
    pub(crate) body: Body,
    /// Whatever is sealed after it is sealed with the next keys.
    pub(crate) ends_generation: bool,
}

/// The next cell's worth of a record.
pub(crate) struct Part {
    pub(crate) record_type: u8,
    pub(crate) more: bool,
    pub(crate) data: Zeroizing<Vec<u8>>,
    /// The record, when this is its last part.
    pub(crate) finished: Option<Waiting>,
}

/// How much of what people wrote an end holds. What the protocol itself has to say is little, bounded
/// by its rules, and never refused.
#[derive(Default)]
pub(crate) struct Held {
    records: usize,
    bytes: usize,
}

#[derive(Clone, Default, PartialEq, Eq)]
#[cfg_attr(test, derive(Hash))]
pub(crate) struct Queue {
    urgent: VecDeque<Waiting>,
    ordinary: VecDeque<Waiting>,
    /// The record that is being cut, and how far.
    in_progress: Option<(Waiting, usize)>,
    /// The file that is being sent.
    file: Option<Outgoing>,
}

impl Held {
    pub(crate) fn add(mut self, waiting: &Waiting) -> Self {
        if waiting.urgency == Urgency::Ordinary {
            self.records = self.records.saturating_add(1);
            self.bytes = self.bytes.saturating_add(waiting.body.bytes.len());
        }
        self
    }

    /// Whether words of this length would be taken.
    pub(crate) fn has_room(&self, body_len: usize) -> bool {
        self.records < QUEUE_RECORDS_MAX && self.bytes.saturating_add(body_len) <= QUEUE_BYTES_MAX
    }
}

impl Queue {
    pub(crate) fn push(&mut self, waiting: Waiting) {
        match waiting.urgency {
            Urgency::Urgent => self.urgent.push_back(waiting),
            Urgency::Ordinary | Urgency::Bulk => self.ordinary.push_back(waiting),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.in_progress.is_none()
            && self.urgent.is_empty()
            && self.ordinary.is_empty()
            && self.file.is_none()
    }

    /// A file goes whenever there is nothing else.
    pub(crate) fn send_file(&mut self, file: Outgoing) {
        self.file = Some(file);
    }

    /// The rest of it does not go.
    pub(crate) fn drop_file(&mut self) {
        self.file = None;
    }

    /// The next piece of a record, of at most so many bytes.
    pub(crate) fn next_part(&mut self, data_bytes_max: usize) -> Option<Part> {
        let (waiting, at) = match self.in_progress.take() {
            Some(in_progress) => in_progress,
            None => (self.next_record()?, 0),
        };
        let rest = waiting.body.bytes.get(at..).unwrap_or_default();
        let data = Zeroizing::new(rest.get(..data_bytes_max).unwrap_or(rest).to_vec());
        let more = rest.len() > data_bytes_max;
        let record_type = waiting.body.record_type;
        if more {
            self.in_progress = Some((waiting, at.saturating_add(data_bytes_max)));
            return Some(Part { record_type, more, data, finished: None });
        }
        Some(Part { record_type, more, data, finished: Some(waiting) })
    }

    fn next_record(&mut self) -> Option<Waiting> {
        let said = self.urgent.pop_front().or_else(|| self.ordinary.pop_front());
        said.or_else(|| self.next_file_part())
    }

    fn next_file_part(&mut self) -> Option<Waiting> {
        let file = self.file.as_mut()?;
        let bytes = file.next_part()?;
        if file.is_cut() {
            self.file = None;
        }
        let body = Body { record_type: FILE_PART, bytes };
        Some(Waiting { urgency: Urgency::Bulk, number: None, body, ends_generation: false })
    }

    /// Everything that waits.
    pub(crate) fn waiting(&self) -> impl Iterator<Item = &Waiting> {
        let in_progress = self.in_progress.iter().map(|(waiting, _)| waiting);
        in_progress.chain(&self.urgent).chain(&self.ordinary)
    }

    /// Forgets what has not begun. Returns the lowest number among it.
    pub(crate) fn clear(&mut self) -> Option<RecordNumber> {
        self.file = None;
        let urgent = std::mem::take(&mut self.urgent).into_iter();
        let forgotten = urgent.chain(std::mem::take(&mut self.ordinary));
        forgotten.filter_map(|waiting| waiting.number).min()
    }

    /// Everything that waits, in the order in which it would have gone.
    pub(crate) fn into_waiting(self) -> impl Iterator<Item = Waiting> {
        let in_progress = self.in_progress.into_iter().map(|(waiting, _)| waiting);
        in_progress.chain(self.urgent).chain(self.ordinary)
    }
}
