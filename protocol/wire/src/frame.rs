//! The relay's frame table (section 5).
//!
//! One enum for each direction; each variant is a row of the table. Numbers are shared by all
//! directions and never given twice.

use std::sync::Arc;

use crate::{
    AuthorityKey, CERTIFICATE_LEN, LinkName, Malformed, Reader, STATEMENT_LEN, SignIn, Timestamp,
    Token,
};

/// Length of a cell in bytes: the only thing that crosses a relay once two ends are matched.
pub const CELL_LEN: usize = 1_024;
/// Length of an opening in bytes: two cells.
pub const OPENING_LEN: usize = 2_048;

pub(crate) mod kind {
    pub(crate) const RELAY_TIME: u8 = 0x01;
    pub(crate) const OPEN: u8 = 0x02;
    pub(crate) const WAITING: u8 = 0x03;
    pub(crate) const MATCHED: u8 = 0x04;
    pub(crate) const CHALLENGE: u8 = 0x10;
    pub(crate) const SIGN_IN: u8 = 0x11;
    pub(crate) const SIGNED_IN: u8 = 0x12;
    pub(crate) const EPOCH_STATEMENT: u8 = 0x13;
    pub(crate) const OFFER: u8 = 0x14;
    pub(crate) const WITHDRAWN: u8 = 0x15;
    pub(crate) const ACCEPT: u8 = 0x16;
    pub(crate) const GRANTED: u8 = 0x17;
    pub(crate) const DECLINE: u8 = 0x18;
    pub(crate) const TAKE_SEAT: u8 = 0x20;
    pub(crate) const SEATED: u8 = 0x21;
    pub(crate) const REJOIN: u8 = 0x28;
    pub(crate) const ALONE: u8 = 0x29;
    pub(crate) const JOINED: u8 = 0x2a;
    pub(crate) const COLLEAGUE: u8 = 0x30;
    pub(crate) const COLLEAGUE_LEFT: u8 = 0x31;
    pub(crate) const WHISPER: u8 = 0x32;
    pub(crate) const WHISPERED: u8 = 0x33;
}

/// A client's first Noise message: ciphertext, held while it waits and wiped when it goes.
#[derive(Clone, PartialEq, Eq)]
pub struct Opening(Arc<[u8; OPENING_LEN]>);

impl Opening {
    /// Takes the bytes of two cells.
    pub fn new(bytes: [u8; OPENING_LEN]) -> Self {
        Self(Arc::new(bytes))
    }

    /// The bytes of two cells.
    pub fn as_bytes(&self) -> &[u8; OPENING_LEN] {
        &self.0
    }
}

/// Names one waiting opening on the duty sockets of one relay. Random.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct OfferId(pub [u8; 8]);

/// Lets one worker take one seat, once. Random.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SeatKey(pub [u8; 16]);

/// Names a colleague's duty socket on one's own. Random.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ColleagueId(pub [u8; 8]);

/// What a waiting client is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    /// A worker is free.
    Now,
    /// A few are waiting.
    Soon,
    /// Many are waiting.
    Long,
    /// No worker is on duty.
    NobodyOnDuty,
}

/// Why a worker is no longer offered a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WithdrawReason {
    /// A colleague accepted.
    Taken,
    /// The client left.
    Left,
    /// The link was refused.
    Refused,
}

/// Why a worker's console declines an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeclineReason {
    /// The console knows that the link is spent.
    Spent,
    /// The opening does not open with the link's secret.
    Unreadable,
    /// This worker has no key for the link's epoch.
    NoKey,
}

/// Gives an enum its bytes, in one place for both directions.
macro_rules! byte_table {
    ($name:ident { $($variant:ident = $byte:literal),+ $(,)? }) => {
        impl $name {
            fn byte(self) -> u8 {
                match self { $(Self::$variant => $byte),+ }
            }
            fn from_byte(byte: u8) -> Result<Self, Malformed> {
                match byte { $($byte => Ok(Self::$variant),)+ _ => Err(Malformed) }
            }
        }
    };
}
byte_table!(Wait { Now = 1, Soon = 2, Long = 3, NobodyOnDuty = 4 });
byte_table!(WithdrawReason { Taken = 1, Left = 2, Refused = 3 });
byte_table!(DeclineReason { Spent = 1, Unreadable = 2, NoKey = 3 });

/// On `/ws/client`, to the relay.
pub enum ClientToRelay {
    /// A client opens its link.
    Open {
        /// The service of the link.
        authority: AuthorityKey,
        /// Proof that the service issued the link.
        token: Token,
        /// First message of the handshake.
        opening: Opening,
    },
}

/// On `/ws/client`, to the client.
pub enum RelayToClient {
    /// The relay's clock.
    RelayTime(Timestamp),
    /// The client waits.
    Waiting(Wait),
    /// A worker took a seat; cells follow.
    Matched,
}

/// On `/ws/duty`, to the relay.
pub enum WorkerToRelay {
    /// Answers the challenge.
    SignIn(Box<SignIn>),
    /// Tells of an epoch's issuing key.
    EpochStatement(Box<[u8; STATEMENT_LEN]>),
    /// Takes an offer.
    Accept(OfferId),
    /// Cannot take an offer.
    Decline(OfferId, DeclineReason),
    /// Something sealed for a colleague.
    Whisper(ColleagueId, Box<[u8; CELL_LEN]>),
}

/// On `/ws/duty`, to the worker.
pub enum RelayToWorker {
    /// The relay's clock and its ephemeral key.
    Challenge {
        /// The relay's clock.
        time: Timestamp,
        /// X25519 public key.
        ephemeral: [u8; 32],
    },
    /// The sign-in was accepted.
    SignedIn,
    /// Somebody waits.
    Offer {
        /// Names the offer.
        offer: OfferId,
        /// How long the client has waited.
        waited_seconds: u16,
        /// The link without its secret.
        link: LinkName,
        /// First message of the handshake.
        opening: Opening,
    },
    /// An offer no longer stands.
    Withdrawn(OfferId, WithdrawReason),
    /// The worker was first.
    Granted(OfferId, SeatKey),
    /// Somebody else of the service is on duty.
    Colleague(ColleagueId, Box<[u8; CERTIFICATE_LEN]>),
    /// A colleague's duty socket has gone.
    ColleagueLeft(ColleagueId),
    /// Something sealed by a colleague.
    Whispered(ColleagueId, Box<[u8; CELL_LEN]>),
}

impl ClientToRelay {
    /// Length of the one frame that a client sends.
    pub const LEN_MAX: usize = 2_166;

    /// Reads one message.
    ///
    /// # Errors
    /// For anything that is not in the table for this direction.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(bytes);
        if reader.u8()? != kind::OPEN {
            return Err(Malformed);
        }
        let authority = AuthorityKey::from_bytes(reader.array()?);
        let token = Token::read(&mut reader)?;
        let opening = Opening::new(reader.array()?);
        reader.finish()?;
        Ok(Self::Open { authority, token, opening })
    }

    /// Writes one message.
    pub fn encode(&self) -> Vec<u8> {
        let Self::Open { authority, token, opening } = self;
        [&[kind::OPEN], &authority.as_bytes()[..], &token.to_bytes(), opening.as_bytes()].concat()
    }
}

impl RelayToClient {
    /// Reads one message.
    ///
    /// # Errors
    /// For anything that is not in the table for this direction.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(bytes);
        let frame = match reader.u8()? {
            kind::RELAY_TIME => Self::RelayTime(Timestamp(reader.u32()?)),
            kind::WAITING => Self::Waiting(Wait::from_byte(reader.u8()?)?),
            kind::MATCHED => Self::Matched,
            _ => return Err(Malformed),
        };
        reader.finish()?;
        Ok(frame)
    }

    /// Writes one message.
    pub fn encode(&self) -> Vec<u8> {
        match self {
            Self::RelayTime(time) => [&[kind::RELAY_TIME], &time.0.to_be_bytes()[..]].concat(),
            Self::Waiting(wait) => vec![kind::WAITING, wait.byte()],
            Self::Matched => vec![kind::MATCHED],
        }
    }
}

impl WorkerToRelay {
    /// Length of the longest frame that a worker sends on its duty socket.
    pub const LEN_MAX: usize = 1_033;

    /// Reads one message.
    ///
    /// # Errors
    /// For anything that is not in the table for this direction.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(bytes);
        let frame = match reader.u8()? {
            kind::SIGN_IN => Self::SignIn(Box::new(SignIn {
                authority: AuthorityKey::from_bytes(reader.array()?),
                certificate: reader.array()?,
                mac: reader.array()?,
            })),
            kind::EPOCH_STATEMENT => Self::EpochStatement(Box::new(reader.array()?)),
            kind::ACCEPT => Self::Accept(OfferId(reader.array()?)),
            kind::DECLINE => {
                Self::Decline(OfferId(reader.array()?), DeclineReason::from_byte(reader.u8()?)?)
            }
            kind::WHISPER => Self::Whisper(ColleagueId(reader.array()?), Box::new(reader.array()?)),
            _ => return Err(Malformed),
        };
        reader.finish()?;
        Ok(frame)
    }

    /// Writes one message.
    pub fn encode(&self) -> Vec<u8> {
        match self {
            Self::SignIn(sign_in) => [
                &[kind::SIGN_IN],
                &sign_in.authority.as_bytes()[..],
                &sign_in.certificate,
                &sign_in.mac,
            ]
            .concat(),
            Self::EpochStatement(statement) => [&[kind::EPOCH_STATEMENT], &statement[..]].concat(),
            Self::Accept(offer) => [&[kind::ACCEPT], &offer.0[..]].concat(),
            Self::Decline(offer, reason) => {
                [&[kind::DECLINE], &offer.0[..], &[reason.byte()]].concat()
            }
            Self::Whisper(colleague, cell) => {
                [&[kind::WHISPER], &colleague.0[..], &cell[..]].concat()
            }
        }
    }
}

impl RelayToWorker {
    /// Length of the longest frame that a relay sends on a duty socket.
    pub const LEN_MAX: usize = 2_080;

    /// Reads one message.
    ///
    /// # Errors
    /// For anything that is not in the table for this direction.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(bytes);
        let frame = match reader.u8()? {
            kind::CHALLENGE => {
                Self::Challenge { time: Timestamp(reader.u32()?), ephemeral: reader.array()? }
            }
            kind::SIGNED_IN => Self::SignedIn,
            kind::OFFER => Self::Offer {
                offer: OfferId(reader.array()?),
                waited_seconds: reader.u16()?,
                link: LinkName::read(&mut reader)?,
                opening: Opening::new(reader.array()?),
            },
            kind::WITHDRAWN => {
                Self::Withdrawn(OfferId(reader.array()?), WithdrawReason::from_byte(reader.u8()?)?)
            }
            kind::GRANTED => Self::Granted(OfferId(reader.array()?), SeatKey(reader.array()?)),
            kind::COLLEAGUE => {
                Self::Colleague(ColleagueId(reader.array()?), Box::new(reader.array()?))
            }
            kind::COLLEAGUE_LEFT => Self::ColleagueLeft(ColleagueId(reader.array()?)),
            kind::WHISPERED => {
                Self::Whispered(ColleagueId(reader.array()?), Box::new(reader.array()?))
            }
            _ => return Err(Malformed),
        };
        reader.finish()?;
        Ok(frame)
    }

    /// Writes one message.
    pub fn encode(&self) -> Vec<u8> {
        match self {
            Self::Challenge { time, ephemeral } => {
                [&[kind::CHALLENGE], &time.0.to_be_bytes()[..], ephemeral].concat()
            }
            Self::SignedIn => vec![kind::SIGNED_IN],
            Self::Offer { offer, waited_seconds, link, opening } => [
                &[kind::OFFER],
                &offer.0[..],
                &waited_seconds.to_be_bytes(),
                &link.to_bytes(),
                opening.as_bytes(),
            ]
            .concat(),
            Self::Withdrawn(offer, reason) => {
                [&[kind::WITHDRAWN], &offer.0[..], &[reason.byte()]].concat()
            }
            Self::Granted(offer, seat) => [&[kind::GRANTED], &offer.0[..], &seat.0].concat(),
            Self::Colleague(colleague, certificate) => {
                [&[kind::COLLEAGUE], &colleague.0[..], &certificate[..]].concat()
            }
            Self::ColleagueLeft(colleague) => [&[kind::COLLEAGUE_LEFT], &colleague.0[..]].concat(),
            Self::Whispered(colleague, cell) => {
                [&[kind::WHISPERED], &colleague.0[..], &cell[..]].concat()
            }
        }
    }
}
