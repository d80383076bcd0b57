//! One end of a consultation after its handshake (sections 7, 9 and 10). It lives longer than any
//! socket, and makes no difference between a socket that broke and one that never was.

mod assembly;
mod files;
mod generations;
mod outbox;
mod pacer;
mod queue;
mod rules;
mod stream;
mod window;

use std::collections::VecDeque;
use std::time::Duration;

use rand_core::CryptoRng;
use vestibule_wire::{
    Alias, AuthorityKey, CERTIFICATE_LEN, Role, Route, ShiftCertificate, Side, Timestamp,
};
use zeroize::Zeroizing;

use crate::cell::Cell;
use crate::consultation_keys::ConsultationKeys;
use crate::file::{FileNumber, Outgoing};
use crate::fresh::{self, AwaitingFresh, FreshAnswer, FreshOpening};
use crate::record::{Body, Record};
use crate::{HandshakeError, SafetyPhrase, SessionError, ShiftKey};

use files::Files;
#[cfg(test)]
pub(crate) use generations::Limits;
pub(crate) use generations::Seal;
pub use pacer::{ABSENT_AFTER, Cover, Pacer, SILENT_AFTER, retry_delay};
pub use queue::RecordNumber;
pub(crate) use queue::Urgency;
pub(crate) use stream::Stream;

/// Keys are used for so long,
const GENERATION_MAX: Duration = Duration::from_mins(10);
/// and for so many cells that carry records.
const GENERATION_CELLS_MAX: u32 = 64;

/// What a cell brought.
pub struct Opened {
    /// Records that are now complete, in order.
    pub records: Vec<Record>,
    /// Every record up to this number has arrived at the other end; told when it has grown.
    pub delivered: Option<RecordNumber>,
    /// Not a duplicate: the other end has made it since the last one.
    pub is_new: bool,
}

/// One end of a consultation. Wiped on drop.
pub struct Session {
    stream: Stream<ConsultationKeys>,
    authority: AuthorityKey,
    safety: SafetyPhrase,
    end: End,
    generation_since: Option<Duration>,
    closed: Closed,
    hand_over_open: bool,
    end_proposed: bool,
    carried_over_next: bool,
    files: Files,
}

/// Which ends have said that it is over.
#[derive(Default)]
struct Closed {
    here: bool,
    there: bool,
}

/// What only one side knows.
enum End {
    Client {
        /// Who answers: fresh secrets are agreed with nobody else.
        worker: (Alias, Role),
        fresh: Option<AwaitingFresh>,
        fresh_wanted: bool,
    },
    Worker,
}

impl Session {
    pub(crate) fn of_client(
        keys: ConsultationKeys,
        authority: AuthorityKey,
        worker: &ShiftCertificate,
    ) -> Self {
        let worker = (worker.content.alias.clone(), worker.content.role);
        let end = End::Client { worker, fresh: None, fresh_wanted: false };
        Self::new(Side::Client, keys, authority, end)
    }

    pub(crate) fn of_worker(keys: ConsultationKeys, authority: AuthorityKey) -> Self {
        Self::new(Side::Worker, keys, authority, End::Worker)
    }

    fn new(side: Side, keys: ConsultationKeys, authority: AuthorityKey, end: End) -> Self {
        Self {
            safety: SafetyPhrase::of(&keys, &authority),
            stream: Stream::new(side, keys),
            authority,
            end,
            generation_since: None,
            closed: Closed::default(),
            hand_over_open: false,
            end_proposed: false,
            carried_over_next: false,
            files: Files::default(),
        }
    }

    /// This session goes on from another: its first record says from where.
    pub(crate) fn carried_over(mut self) -> Self {
        self.carried_over_next = true;
        self
    }

    /// Takes a record, to be sealed when its turn comes.
    ///
    /// # Errors
    /// When it is empty or too long, when the queue is full, or when it may not be said now. The
    /// session is as it was.
    pub fn say(&mut self, record: &Record) -> Result<RecordNumber, SessionError> {
        if self.is_closed() {
            return Err(SessionError::Closed);
        }
        let body = record.to_body().map_err(|_| SessionError::RecordSize)?;
        if self.must_carry_over() != matches!(record, Record::CarriedOver { .. }) {
            return Err(SessionError::NotNow);
        }
        let urgency = self.urgency_of(record, body.bytes.len())?;
        let number = self.stream.say(urgency, body);
        self.has_said(record);
        Ok(number)
    }

    /// Whether words of so many bytes would be taken now.
    pub fn has_room(&self, text_len: usize) -> bool {
        self.stream.has_room(text_len)
    }

    /// At the client, sends a file that the worker has said may come: behind everything else, and at
    /// once in either way of cover.
    ///
    /// # Errors
    /// [`NotNow`](SessionError::NotNow) when it may not, [`RecordSize`](SessionError::RecordSize) when it
    /// has another length than was offered.
    pub fn send_file(
        &mut self,
        file: FileNumber,
        content: Zeroizing<Vec<u8>>,
    ) -> Result<(), SessionError> {
        if self.is_closed() {
            return Err(SessionError::Closed);
        }
        if self.stream.side() == Side::Worker {
            return Err(SessionError::NotNow);
        }
        let offer = self.files.send(file, content.len())?;
        self.stream.send_file(Outgoing::new(&offer, content));
        Ok(())
    }

    /// A file is on its way: both ends know it, and nothing waits for slots.
    pub fn is_moving_file(&self) -> bool {
        self.files.is_moving() && !self.is_closed()
    }

    /// What is due now (section 9, "Sending").
    pub fn next_cell(&mut self) -> Option<Cell> {
        self.stream.next_cell().map(|cell| *cell)
    }

    /// What is due now, or a cell that nobody can tell from it.
    pub fn slot_cell(&mut self) -> Option<Cell> {
        self.stream.slot_cell().map(|cell| *cell)
    }

    /// The lowest cell that is to be sent again.
    pub(crate) fn resent_cell(&mut self) -> Option<Cell> {
        self.stream.resent_cell().map(|cell| *cell)
    }

    /// The first cell after a handshake or on a new socket; none when the window is full.
    pub fn empty_cell(&mut self) -> Option<Cell> {
        self.stream.empty_cell().map(|cell| *cell)
    }

    /// A new socket has joined: whatever has not arrived is due again, and fresh secrets are.
    pub fn rejoined(&mut self) {
        self.stream.resend_all();
        if let End::Client { fresh_wanted, .. } = &mut self.end {
            *fresh_wanted = true;
        }
    }

    /// Opens a cell of the other end. `now` is for the certificate of fresh secrets.
    ///
    /// # Errors
    /// [`Unsealed`](SessionError::Unsealed) for a cell that the other end has not made: the session
    /// is as it was, and the socket that brought it is not to be trusted. Any other error ends the
    /// consultation.
    pub fn open(&mut self, cell: &Cell, now: Timestamp) -> Result<Opened, SessionError> {
        let mut opened = Opened { records: Vec::new(), delivered: None, is_new: false };
        let mut cells = VecDeque::from([Box::new(*cell)]);
        while let Some(cell) = cells.pop_front() {
            let arrived = match self.stream.open(&cell) {
                // One of those that came too early, and nobody's.
                Err(SessionError::Unsealed) if opened.is_new => continue,
                arrived => arrived?,
            };
            opened.is_new |= arrived.is_new;
            opened.delivered = arrived.delivered.or(opened.delivered);
            for (last, body) in arrived.bodies {
                let (record, early) = self.take(&body, last, now)?;
                opened.records.extend(record);
                cells.extend(early);
            }
        }
        Ok(opened)
    }

    /// At the client, starts fresh secrets when they are due. `elapsed` counts from any fixed moment.
    ///
    /// Draws 32 bytes (X25519 ephemeral) and then 64 bytes (ML-KEM seed) from `rng` when it does.
    pub fn freshen<R: CryptoRng + ?Sized>(&mut self, elapsed: Duration, rng: &mut R) {
        let since = *self.generation_since.get_or_insert(elapsed);
        let old = elapsed.saturating_sub(since) >= GENERATION_MAX
            || self.stream.record_cells() >= GENERATION_CELLS_MAX;
        let over = self.is_closed() || self.must_carry_over();
        if let End::Client { fresh: fresh @ None, fresh_wanted, .. } = &mut self.end
            && (old || *fresh_wanted)
            && !over
        {
            let next = self.stream.generations.number().saturating_add(1);
            let keys = self.stream.generations.newest();
            let (awaiting, opening) = AwaitingFresh::start(keys, next, &self.authority, rng);
            (*fresh, *fresh_wanted) = (Some(awaiting), false);
            self.stream.say_first_of_change(own_body(&Record::FreshOpening(opening)));
        }
    }

    /// At the worker, answers fresh secrets with the certificate of its present shift; not when the
    /// consultation was closed.
    ///
    /// Draws 32 bytes (X25519 ephemeral) and then 32 bytes (ML-KEM message) from `rng`.
    ///
    /// # Errors
    /// When the opening is none: the consultation ends.
    pub fn answer_fresh<R: CryptoRng + ?Sized>(
        &mut self,
        opening: &FreshOpening,
        shift: &ShiftKey,
        certificate: &[u8; CERTIFICATE_LEN],
        rng: &mut R,
    ) -> Result<(), SessionError> {
        if self.is_closed() {
            return Ok(());
        }
        let next = self.stream.generations.number().saturating_add(1);
        let keys = self.stream.generations.newest();
        let proof = (shift, certificate);
        let (keys, answer) = fresh::answer(opening, keys, next, &self.authority, proof, rng)?;
        self.stream.say_last_of_generation(own_body(&Record::FreshAnswer(answer)), keys);
        self.generation_since = None;
        Ok(())
    }

    /// Where this end rejoins, the newest generation first; a worker at all of them.
    pub fn routes(&self) -> Vec<Route> {
        self.stream.generations.in_use().map(ConsultationKeys::route).collect()
    }

    /// The newest keys, for the golden transcript.
    #[cfg(test)]
    pub(crate) fn keys(&self) -> &ConsultationKeys {
        self.stream.generations.newest()
    }

    /// As an end that keeps no rule would say it.
    #[cfg(test)]
    pub(crate) fn say_against_the_rules(&mut self, record: &Record) {
        self.stream.say(Urgency::Ordinary, own_body(record));
    }

    /// See [`Stream::record_cells`].
    #[cfg(test)]
    pub(crate) fn record_cells(&self) -> u32 {
        self.stream.record_cells()
    }

    /// What both ends can compare, the same as long as this session lives.
    pub fn safety_phrase(&self) -> &SafetyPhrase {
        &self.safety
    }

    /// How often the secrets have been renewed.
    pub fn generation(&self) -> u32 {
        self.stream.generations.number()
    }

    /// Everything of the other end below this number has arrived.
    pub fn received_below(&self) -> u64 {
        self.stream.received_below()
    }

    /// Nothing of this end waits or is under way, except empty cells.
    pub fn is_settled(&self) -> bool {
        self.stream.is_settled()
    }

    /// Whether either end has closed.
    pub fn is_closed(&self) -> bool {
        self.closed.here || self.closed.there
    }

    /// The words and cards that have not arrived at an end that has everything below
    /// `received_below`. Everything else is wiped.
    pub fn into_undelivered(self, received_below: u64) -> Vec<(RecordNumber, Record)> {
        let side = self.stream.side();
        let waiting = self.stream.into_undelivered().into_iter();
        let missing = waiting.filter(|(last_sequence, _)| *last_sequence >= received_below);
        let read = missing.filter_map(|(_, waiting)| {
            Some((waiting.number?, Record::read(side, &waiting.body).ok()?))
        });
        read.filter(|(_, record)| matches!(record, Record::Text(_) | Record::Card(_))).collect()
    }

    /// Acts on a record whose last cell was `last`. Returns it, when it is not the session's own, and
    /// the cells that came too early for the keys that it brings.
    fn take(&mut self, body: &Body, last: u64, now: Timestamp) -> Result<Taken, SessionError> {
        let record = Record::read(self.stream.side().other(), body)?;
        let is_carried_over = matches!(record, Record::CarriedOver { .. });
        let expects = self.carried_over_next && self.stream.side() == Side::Worker;
        if self.closed.there || is_carried_over != expects {
            return Err(SessionError::Misbehaved);
        }
        if let Record::FreshAnswer(answer) = &record {
            return Ok((None, self.finish_fresh(answer, last, now)?));
        }
        let means_something = self.has_heard(&record)?;
        Ok((means_something.then_some(record), Vec::new()))
    }

    fn finish_fresh(
        &mut self,
        answer: &FreshAnswer,
        last: u64,
        now: Timestamp,
    ) -> Result<Early, SessionError> {
        let End::Client { worker, fresh, .. } = &mut self.end else {
            return Err(SessionError::Misbehaved);
        };
        let awaiting = fresh.take().ok_or(SessionError::Misbehaved)?;
        let (keys, certificate) = awaiting.finish(answer, &self.authority, now)?;
        if *worker != (certificate.content.alias.clone(), certificate.content.role) {
            return Err(SessionError::Handshake(HandshakeError::OtherWorker));
        }
        self.generation_since = None;
        Ok(self.stream.change_keys(keys, last)?.collect())
    }
}

/// Cells that are to be opened now.
#[allow(clippy::vec_box, reason = "a stream holds its cells in boxes, and gives these back")]
type Early = Vec<Box<Cell>>;

/// A record for the caller, and early cells.
type Taken = (Option<Record>, Early);

fn own_body(record: &Record) -> Body {
    record.to_body().expect("records that a session makes itself are well-formed")
}
