//! A consultation after its handshake: records in order, acknowledged (sections 9 and 10).

use vestibule_wire::CELL_LEN;
use zeroize::{Zeroize, Zeroizing};

use crate::SessionError;
use crate::cell::{self, Cell, Content, DATA_LEN, FIRST_DATA_SEQUENCE};
use crate::consultation_keys::{ConsultationKeys, Side};
use crate::record::{RECORD_BYTES_MAX, Record};

/// An end stops before it runs out of sequence numbers (section 9).
const SEQUENCE_LIMIT: u64 = 1 << 32;

/// The cells of one record.
pub struct SealedRecord {
    /// To be sent in this order.
    pub cells: Vec<Cell>,
    /// The record has arrived when this sequence number is acknowledged.
    pub last_sequence: u64,
}

/// What a cell brought.
pub struct Received {
    /// A record that is now complete.
    pub record: Option<Record>,
    /// Every cell that this end sent with a lower sequence number has arrived.
    pub acknowledged: u64,
    /// The other end waits for a cell to learn that its record arrived.
    pub needs_acknowledgement: bool,
}

/// One end of a consultation. Wiped on drop.
pub struct Session {
    pub(crate) keys: ConsultationKeys,
    side: Side,
    // What this end sends.
    next_sequence: u64,
    closed: bool,
    // What the other end sends.
    expected_sequence: u64,
    acknowledged: u64,
    assembling_type: u8,
    assembling: Zeroizing<Vec<u8>>,
    peer_closed: bool,
}

impl Session {
    pub(crate) fn new(side: Side, keys: ConsultationKeys) -> Self {
        Self {
            keys,
            side,
            next_sequence: FIRST_DATA_SEQUENCE,
            closed: false,
            expected_sequence: FIRST_DATA_SEQUENCE,
            acknowledged: FIRST_DATA_SEQUENCE,
            assembling_type: 0,
            assembling: Zeroizing::default(),
            peer_closed: false,
        }
    }

    /// Seals a record into as many cells as it needs.
    ///
    /// # Errors
    /// When the record is empty or too long, or the consultation is closed or used up.
    pub fn seal(&mut self, record: &Record) -> Result<SealedRecord, SessionError> {
        if self.closed || self.peer_closed {
            return Err(SessionError::Closed);
        }
        let body = record.body().map_err(|_| SessionError::RecordSize)?;
        let mut cells = Vec::with_capacity(body.len().div_ceil(DATA_LEN));
        let mut chunks = body.chunks(DATA_LEN).peekable();
        while let Some(chunk) = chunks.next() {
            let more = chunks.peek().is_some();
            let data = Zeroizing::new(chunk.to_vec());
            cells.push(self.seal_content(record.record_type(), more, data)?);
        }
        self.closed = *record == Record::Close;
        let last_sequence = self.next_sequence.saturating_sub(1);
        Ok(SealedRecord { cells, last_sequence })
    }

    /// Seals an empty cell, which acknowledges what has arrived.
    ///
    /// # Errors
    /// When the consultation is used up.
    pub fn seal_empty(&mut self) -> Result<Cell, SessionError> {
        self.seal_content(0, false, Zeroizing::default())
    }

    /// Opens a cell of the other end.
    ///
    /// # Errors
    /// When it does not open, skips one, or breaks the protocol. The consultation cannot go on then.
    pub fn open(&mut self, cell: &[u8; CELL_LEN]) -> Result<Received, SessionError> {
        let sequence = cell::sequence(cell);
        if sequence < self.expected_sequence {
            return Ok(self.nothing_new());
        }
        let content = cell::open(self.receiving_key(), cell).ok_or(SessionError::Unsealed)??;
        if sequence > self.expected_sequence {
            return Err(SessionError::Gap);
        }
        self.expected_sequence = next(sequence)?;
        self.note_acknowledgement(content.acknowledged)?;
        self.take(&content)
    }

    /// The secret from which later steps of this consultation are derived.
    pub fn export(&self) -> &[u8; 32] {
        &self.keys.export
    }

    /// Whether any cell of the other end has opened.
    pub(crate) fn has_received(&self) -> bool {
        self.expected_sequence > FIRST_DATA_SEQUENCE
    }

    fn seal_content(
        &mut self,
        record_type: u8,
        more: bool,
        data: Zeroizing<Vec<u8>>,
    ) -> Result<Cell, SessionError> {
        let sequence = self.next_sequence;
        self.next_sequence = next(sequence)?;
        let content = Content { acknowledged: self.expected_sequence, record_type, more, data };
        Ok(cell::seal(self.sending_key(), sequence, &content))
    }

    fn note_acknowledgement(&mut self, acknowledged: u64) -> Result<(), SessionError> {
        // An end cannot have received what was never sent, nor lose what it had.
        if acknowledged < self.acknowledged || acknowledged > self.next_sequence {
            return Err(SessionError::Misbehaved);
        }
        self.acknowledged = acknowledged;
        Ok(())
    }

    fn take(&mut self, content: &Content) -> Result<Received, SessionError> {
        let in_record = !self.assembling.is_empty();
        if content.record_type == 0 {
            // An empty cell may come between records, not inside one.
            return if in_record { Err(SessionError::Misbehaved) } else { Ok(self.nothing_new()) };
        }
        let continues = !in_record || content.record_type == self.assembling_type;
        let length = self.assembling.len().saturating_add(content.data.len());
        if self.peer_closed || !continues || length > RECORD_BYTES_MAX {
            return Err(SessionError::Misbehaved);
        }
        self.assembling_type = content.record_type;
        append_wiping(&mut self.assembling, &content.data);
        if content.more {
            return Ok(self.nothing_new());
        }
        let body = std::mem::take(&mut self.assembling);
        let record = Record::read(content.record_type, &body)?;
        self.peer_closed = record == Record::Close;
        Ok(Received { record: Some(record), needs_acknowledgement: true, ..self.nothing_new() })
    }

    fn nothing_new(&self) -> Received {
        Received { record: None, acknowledged: self.acknowledged, needs_acknowledgement: false }
    }

    fn sending_key(&self) -> &[u8; 32] {
        match self.side {
            Side::Client => &self.keys.client,
            Side::Worker => &self.keys.worker,
        }
    }

    fn receiving_key(&self) -> &[u8; 32] {
        match self.side {
            Side::Client => &self.keys.worker,
            Side::Worker => &self.keys.client,
        }
    }
}

fn next(sequence: u64) -> Result<u64, SessionError> {
    sequence.checked_add(1).filter(|next| *next < SEQUENCE_LIMIT).ok_or(SessionError::Exhausted)
}

/// Appends without leaving an unwiped copy where the buffer grew.
fn append_wiping(buffer: &mut Zeroizing<Vec<u8>>, more: &[u8]) {
    let needed = buffer.len().saturating_add(more.len());
    if needed > buffer.capacity() {
        let mut larger = Vec::with_capacity(needed.max(buffer.capacity().saturating_mul(2)));
        larger.extend_from_slice(buffer);
        buffer.zeroize();
        **buffer = larger;
    }
    buffer.extend_from_slice(more);
}
