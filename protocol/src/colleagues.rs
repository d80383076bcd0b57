//! Between two workers on duty: whispers, and what a hand-over needs (section 11). A relay carries the
//! cells and reads none of them.

use rand_core::CryptoRng;
use vestibule_wire::{
    AuthorityKey, CELL_LEN, CERTIFICATE_LEN, Epoch, Malformed, Reader, ShiftCertificate, Side,
    Timestamp, label,
};
use zeroize::{ZeroizeOnDrop, Zeroizing};

use crate::cell::{self, Cell};
use crate::consultation_keys::ConsultationKeys;
use crate::noise::{Handshake, KkKeys};
use crate::record::Body;
use crate::session::{Stream, Urgency};
use crate::{
    EpochKeys, HandOverSecret, HandshakeError, RecordNumber, SessionError, ShiftKey,
    TEXT_BYTES_MAX, Triage,
};

/// Longest whisper, in bytes of UTF-8.
pub const WHISPER_BYTES_MAX: usize = 4_000;
/// Longest announcement, in bytes of UTF-8.
pub const ANNOUNCEMENT_BYTES_MAX: usize = 1_000;
/// Longest summary of a hand-over, in bytes of UTF-8.
pub const SUMMARY_BYTES_MAX: usize = 2_000;

/// `sequence 8 ‖ epoch 2 ‖ generation 1`.
const HELLO_HEAD_LEN: usize = 11;
/// `era 8 ‖ zeros`, as the reply's.
const HELLO_PAYLOAD_LEN: usize = 965;
/// `sequence 8`.
const REPLY_HEAD_LEN: usize = 8;
const REPLY_PAYLOAD_LEN: usize = 968;

/// This worker and a colleague, each with a certificate that holds.
pub struct Colleagues<'a> {
    shift: &'a ShiftKey,
    authority: AuthorityKey,
    own: &'a [u8; CERTIFICATE_LEN],
    theirs: [u8; CERTIFICATE_LEN],
    their_public: [u8; 32],
}

/// Waits for the colleague's answer.
pub struct GreetedColleague(Handshake);

/// One way to a colleague, by one node, until either duty socket there ends. Wiped on drop.
pub struct ColleagueChannel {
    stream: Stream<ConsultationKeys>,
    era: Era,
}

/// Since when one worker has had a way to the other, by whatever node: drawn anew when it had none. Two
/// ways of one era carry one conversation; with another era the one before has broken off. Random.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Era(pub u64);

/// Names what is said within an era, so that what is said again by another way is taken once. Never
/// given twice by one worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LetterNumber(pub u64);

/// What a cell of a colleague brought.
pub struct ColleagueOpened {
    /// Records that are now complete, in order.
    pub records: Vec<(LetterNumber, ColleagueRecord)>,
    /// Every record up to this number has arrived; told when it has grown.
    pub delivered: Option<RecordNumber>,
}

/// Names a hand-over between the two workers. Random.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct HandOverId(pub [u8; 8]);

/// Names an announcement among those of one worker. Random.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AnnouncementId(pub [u8; 8]);

/// What workers say to each other. Holds content: it cannot be printed, and is wiped on drop.
#[derive(Clone, PartialEq, Eq, ZeroizeOnDrop)]
pub enum ColleagueRecord {
    /// Words.
    Whisper(String),
    /// Will you take this consultation?
    HandOverRequest {
        /// Which.
        #[zeroize(skip)]
        id: HandOverId,
        /// What the client chose before it waited.
        #[zeroize(skip)]
        triage: Triage,
        /// What the first worker wants the colleague to know; may be empty.
        summary: String,
    },
    /// Yes.
    HandOverAccept(#[zeroize(skip)] HandOverId),
    /// No.
    HandOverDecline(#[zeroize(skip)] HandOverId),
    /// Wait for the client with this secret.
    HandOverTicket(#[zeroize(skip)] HandOverId, HandOverSecret),
    /// The client is here.
    HandOverDone {
        /// Which.
        #[zeroize(skip)]
        id: HandOverId,
        /// What it said in `carried_over`.
        received_below: u64,
    },
    /// Words of the first worker that the client has not received.
    HandOverUndelivered(#[zeroize(skip)] HandOverId, String),
    /// Nothing more comes of it.
    HandOverOver(#[zeroize(skip)] HandOverId),
    /// What a coordinator tells everybody on duty.
    Announcement(#[zeroize(skip)] AnnouncementId, String),
    /// It no longer holds.
    AnnouncementWithdrawn(#[zeroize(skip)] AnnouncementId),
}

impl<'a> Colleagues<'a> {
    /// Believes a colleague whose certificate the service has signed.
    ///
    /// # Errors
    /// When it does not hold.
    pub fn new(
        authority: AuthorityKey,
        shift: &'a ShiftKey,
        own: &'a [u8; CERTIFICATE_LEN],
        theirs: &[u8; CERTIFICATE_LEN],
        now: Timestamp,
    ) -> Result<(Self, ShiftCertificate), HandshakeError> {
        let colleague = ShiftCertificate::verify(theirs, &authority, now)?;
        let their_public = colleague.content.shift_public;
        Ok((Self { shift, authority, own, theirs: *theirs, their_public }, colleague))
    }

    /// Whether this worker is the one who begins. Neither does with itself.
    pub fn begins(&self) -> bool {
        self.shift.public() < self.their_public
    }

    /// Makes the first message. Draws 32 bytes from `rng`.
    pub fn greet<R: CryptoRng + ?Sized>(
        &self,
        epoch_keys: &EpochKeys,
        era: Era,
        rng: &mut R,
    ) -> (GreetedColleague, Box<Cell>) {
        let (first, second) = (self.own, &self.theirs);
        let mut handshake = self.handshake(true, first, second, epoch_keys, rng);
        let mut hello = Box::new([0; CELL_LEN]);
        let (head, message) = hello.split_at_mut(HELLO_HEAD_LEN);
        let [high, low] = epoch_keys.epoch().0.to_be_bytes();
        let named = [high, low, epoch_keys.generation()];
        for (target, source) in head.iter_mut().skip(REPLY_HEAD_LEN).zip(named) {
            *target = source;
        }
        handshake
            .write(&payload::<HELLO_PAYLOAD_LEN>(era), message)
            .expect("the message's lengths are constants");
        (GreetedColleague(handshake), hello)
    }

    /// The epoch and the generation whose secret a first message was made with, or `None` for
    /// another cell.
    pub fn keys_of(hello: &Cell) -> Option<(Epoch, u8)> {
        let mut reader = Reader::new(hello);
        let is_hello = reader.u64().ok()? == 0;
        let (epoch, generation) = (Epoch(reader.u16().ok()?), reader.u8().ok()?);
        is_hello.then_some((epoch, generation))
    }

    /// Answers a first message. Draws 32 bytes from `rng`.
    ///
    /// # Errors
    /// When it was not made by the colleague, for this worker, with the service's secret.
    pub fn answer<R: CryptoRng + ?Sized>(
        &self,
        hello: &Cell,
        epoch_keys: &EpochKeys,
        era: Era,
        rng: &mut R,
    ) -> Result<(ColleagueChannel, Box<Cell>), HandshakeError> {
        let refused = HandshakeError::OpeningRefused;
        let (first, second) = (&self.theirs, self.own);
        let mut handshake = self.handshake(false, first, second, epoch_keys, rng);
        let (_, message) = hello.split_first_chunk::<HELLO_HEAD_LEN>().ok_or(refused)?;
        let mut told = [0; HELLO_PAYLOAD_LEN];
        handshake.read(message, &mut told).map_err(|_| refused)?;
        let mut reply = Box::new([0; CELL_LEN]);
        let (_, message) = reply.split_at_mut(REPLY_HEAD_LEN);
        let own = payload::<REPLY_PAYLOAD_LEN>(era);
        handshake.write(&own, message).map_err(|_| refused)?;
        Ok((ColleagueChannel::new(Side::Worker, handshake, &told), reply))
    }

    fn handshake<R: CryptoRng + ?Sized>(
        &self,
        begins: bool,
        first: &[u8; CERTIFICATE_LEN],
        second: &[u8; CERTIFICATE_LEN],
        epoch_keys: &EpochKeys,
        rng: &mut R,
    ) -> Handshake {
        let mut ephemeral = Zeroizing::new([0; 32]);
        rng.fill_bytes(&mut *ephemeral);
        let prologue =
            [label!("colleagues"), &[0], self.authority.as_bytes(), first, second].concat();
        let keys = KkKeys { own: self.shift, theirs: &self.their_public };
        Handshake::between_colleagues(
            begins,
            &prologue,
            &epoch_keys.colleagues_psk(),
            &keys,
            ephemeral,
        )
    }
}

impl GreetedColleague {
    /// Reads the colleague's answer.
    ///
    /// # Errors
    /// When it is none.
    pub fn finish(self, answer: &Cell) -> Result<ColleagueChannel, HandshakeError> {
        let Self(mut handshake) = self;
        let refused = HandshakeError::AnswerRefused;
        if cell::sequence(answer) != 0 {
            return Err(refused);
        }
        let (_, message) = answer.split_first_chunk::<REPLY_HEAD_LEN>().ok_or(refused)?;
        let mut told = [0; REPLY_PAYLOAD_LEN];
        handshake.read(message, &mut told).map_err(|_| refused)?;
        Ok(ColleagueChannel::new(Side::Client, handshake, &told))
    }
}

impl ColleagueChannel {
    fn new(side: Side, handshake: Handshake, told: &[u8]) -> Self {
        let era = told.first_chunk().map_or(0, |era| u64::from_be_bytes(*era));
        let stream = Stream::new(side, ConsultationKeys::derive(handshake));
        Self { stream, era: Era(era) }
    }

    /// The colleague's.
    pub fn era(&self) -> Era {
        self.era
    }

    /// Takes a record, to be sealed when its turn comes.
    ///
    /// # Errors
    /// When it is empty or too long, or the queue is full.
    pub fn say(
        &mut self,
        letter: LetterNumber,
        record: &ColleagueRecord,
    ) -> Result<RecordNumber, SessionError> {
        let body = record.to_body(letter).map_err(|_| SessionError::RecordSize)?;
        if self.stream.has_room(body.bytes.len()) {
            Ok(self.stream.say(Urgency::Ordinary, body))
        } else {
            Err(SessionError::Full)
        }
    }

    /// What is due now.
    pub fn next_cell(&mut self) -> Option<Cell> {
        self.stream.next_cell().map(|cell| *cell)
    }

    /// Opens a cell of the colleague.
    ///
    /// # Errors
    /// When the colleague has not made it, or has broken the protocol: the channel is over.
    pub fn open(&mut self, cell: &Cell) -> Result<ColleagueOpened, SessionError> {
        let arrived = self.stream.open(&Box::new(*cell))?;
        let records = arrived.bodies.iter().map(|(_, body)| ColleagueRecord::read(body));
        let records = records.collect::<Result<_, Malformed>>()?;
        Ok(ColleagueOpened { records, delivered: arrived.delivered })
    }
}

mod kind {
    pub(super) const WHISPER: u8 = 16;
    pub(super) const REQUEST: u8 = 17;
    pub(super) const ACCEPT: u8 = 18;
    pub(super) const DECLINE: u8 = 19;
    pub(super) const TICKET: u8 = 20;
    pub(super) const DONE: u8 = 21;
    pub(super) const UNDELIVERED: u8 = 22;
    pub(super) const OVER: u8 = 23;
    pub(super) const ANNOUNCEMENT: u8 = 24;
    pub(super) const ANNOUNCEMENT_WITHDRAWN: u8 = 25;
}

impl ColleagueRecord {
    fn to_body(&self, letter: LetterNumber) -> Result<Body, Malformed> {
        if !self.has_allowed_length() {
            return Err(Malformed);
        }
        let (record_type, bytes) = match self {
            Self::Whisper(text) => (kind::WHISPER, text.as_bytes().to_vec()),
            Self::HandOverRequest { id, triage, summary } => {
                (kind::REQUEST, [&id.0[..], &triage.to_bytes(), summary.as_bytes()].concat())
            }
            Self::HandOverAccept(id) => (kind::ACCEPT, id.0.to_vec()),
            Self::HandOverDecline(id) => (kind::DECLINE, id.0.to_vec()),
            Self::HandOverTicket(id, secret) => {
                (kind::TICKET, [&id.0[..], secret.as_bytes()].concat())
            }
            Self::HandOverDone { id, received_below } => {
                (kind::DONE, [&id.0[..], &received_below.to_be_bytes()].concat())
            }
            Self::HandOverUndelivered(id, text) => {
                (kind::UNDELIVERED, [&id.0[..], text.as_bytes()].concat())
            }
            Self::HandOverOver(id) => (kind::OVER, id.0.to_vec()),
            Self::Announcement(id, text) => {
                (kind::ANNOUNCEMENT, [&id.0[..], text.as_bytes()].concat())
            }
            Self::AnnouncementWithdrawn(id) => (kind::ANNOUNCEMENT_WITHDRAWN, id.0.to_vec()),
        };
        let bytes = Zeroizing::new(bytes);
        let bytes = Zeroizing::new([&letter.0.to_be_bytes()[..], &bytes].concat());
        Ok(Body { record_type, bytes })
    }

    fn read(body: &Body) -> Result<(LetterNumber, Self), Malformed> {
        let mut reader = Reader::new(&body.bytes);
        let letter = LetterNumber(reader.u64()?);
        Ok((letter, Self::read_after_letter(body.record_type, reader)?))
    }

    fn read_after_letter(record_type: u8, mut reader: Reader<'_>) -> Result<Self, Malformed> {
        if record_type == kind::WHISPER {
            return Self::Whisper(text(reader.rest())?).checked();
        }
        let id = HandOverId(reader.array()?);
        let record = match record_type {
            kind::REQUEST => {
                let triage = Triage::from_bytes(reader.array()?)?;
                Self::HandOverRequest { id, triage, summary: text(reader.rest())? }
            }
            kind::ACCEPT => Self::HandOverAccept(id),
            kind::DECLINE => Self::HandOverDecline(id),
            kind::TICKET => Self::HandOverTicket(id, HandOverSecret::from_bytes(&reader.array()?)),
            kind::DONE => Self::HandOverDone { id, received_below: reader.u64()? },
            kind::UNDELIVERED => Self::HandOverUndelivered(id, text(reader.rest())?),
            kind::OVER => Self::HandOverOver(id),
            kind::ANNOUNCEMENT => Self::Announcement(AnnouncementId(id.0), text(reader.rest())?),
            kind::ANNOUNCEMENT_WITHDRAWN => Self::AnnouncementWithdrawn(AnnouncementId(id.0)),
            _ => return Err(Malformed),
        };
        reader.finish()?;
        record.checked()
    }

    fn checked(self) -> Result<Self, Malformed> {
        if self.has_allowed_length() { Ok(self) } else { Err(Malformed) }
    }

    fn has_allowed_length(&self) -> bool {
        match self {
            Self::Whisper(text) => (1..=WHISPER_BYTES_MAX).contains(&text.len()),
            Self::HandOverRequest { summary, .. } => summary.len() <= SUMMARY_BYTES_MAX,
            Self::HandOverUndelivered(_, text) => (1..=TEXT_BYTES_MAX).contains(&text.len()),
            Self::Announcement(_, text) => (1..=ANNOUNCEMENT_BYTES_MAX).contains(&text.len()),
            Self::HandOverAccept(_)
            | Self::HandOverDecline(_)
            | Self::HandOverTicket(..)
            | Self::HandOverDone { .. }
            | Self::HandOverOver(_)
            | Self::AnnouncementWithdrawn(_) => true,
        }
    }
}

fn payload<const LEN: usize>(era: Era) -> [u8; LEN] {
    let mut payload = [0; LEN];
    for (target, source) in payload.iter_mut().zip(era.0.to_be_bytes()) {
        *target = source;
    }
    payload
}

fn text(bytes: &[u8]) -> Result<String, Malformed> {
    std::str::from_utf8(bytes).map(str::to_owned).map_err(|_| Malformed)
}
