//! What a worker on duty and a relay say to each other: `/ws/duty` (section 5).

use crate::frame::{byte_table, kind};
use crate::sign_in::{challenge_frame, read_challenge};
use crate::{
    AuthorityKey, CELL_LEN, CERTIFICATE_LEN, ColleagueId, LinkName, Malformed, OfferId, Opening,
    REVOCATIONS_LEN, Reader, STATEMENT_LEN, SeatKey, SignIn, Timestamp,
};

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

byte_table!(WithdrawReason { Taken = 1, Left = 2, Refused = 3 });
byte_table!(DeclineReason { Spent = 1, Unreadable = 2, NoKey = 3 });

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
    /// Tells what a service no longer believes; whoever knows may, signed in or not.
    Revoke {
        /// Which service.
        authority: AuthorityKey,
        /// Signed by it.
        revocations: Box<[u8; REVOCATIONS_LEN]>,
    },
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
    /// What the service no longer believes.
    Revocations(Box<[u8; REVOCATIONS_LEN]>),
    /// An offer that was accepted cannot be granted just now; it still stands.
    Deferred(OfferId),
}

impl WorkerToRelay {
    /// Length of the longest frame that a worker sends on its duty socket.
    pub const LEN_MAX: usize = 4_458;

    /// Reads one message.
    ///
    /// # Errors
    /// For anything that is not in the table for this direction.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(bytes);
        let frame = match reader.u8()? {
            kind::SIGN_IN => Self::SignIn(Box::new(SignIn::read(&mut reader)?)),
            kind::EPOCH_STATEMENT => Self::EpochStatement(Box::new(reader.array()?)),
            kind::ACCEPT => Self::Accept(OfferId(reader.array()?)),
            kind::DECLINE => {
                Self::Decline(OfferId(reader.array()?), DeclineReason::from_byte(reader.u8()?)?)
            }
            kind::WHISPER => Self::Whisper(ColleagueId(reader.array()?), Box::new(reader.array()?)),
            kind::REVOKE => Self::Revoke {
                authority: AuthorityKey::from_bytes(reader.array()?),
                revocations: Box::new(reader.array()?),
            },
            _ => return Err(Malformed),
        };
        reader.finish()?;
        Ok(frame)
    }

    /// Writes one message.
    pub fn encode(&self) -> Vec<u8> {
        match self {
            Self::SignIn(sign_in) => sign_in.frame(),
            Self::EpochStatement(statement) => [&[kind::EPOCH_STATEMENT], &statement[..]].concat(),
            Self::Accept(offer) => [&[kind::ACCEPT], &offer.0[..]].concat(),
            Self::Decline(offer, reason) => {
                [&[kind::DECLINE], &offer.0[..], &[reason.byte()]].concat()
            }
            Self::Whisper(colleague, cell) => {
                [&[kind::WHISPER], &colleague.0[..], &cell[..]].concat()
            }
            Self::Revoke { authority, revocations } => {
                [&[kind::REVOKE], &authority.as_bytes()[..], &revocations[..]].concat()
            }
        }
    }
}

impl RelayToWorker {
    /// Length of the longest frame that a relay sends on a duty socket.
    pub const LEN_MAX: usize = 4_426;

    /// Reads one message.
    ///
    /// # Errors
    /// For anything that is not in the table for this direction.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(bytes);
        let frame = match reader.u8()? {
            kind::CHALLENGE => {
                let (time, ephemeral) = read_challenge(&mut reader)?;
                Self::Challenge { time, ephemeral }
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
            kind::REVOCATIONS => Self::Revocations(Box::new(reader.array()?)),
            kind::DEFERRED => Self::Deferred(OfferId(reader.array()?)),
            _ => return Err(Malformed),
        };
        reader.finish()?;
        Ok(frame)
    }

    /// Writes one message.
    pub fn encode(&self) -> Vec<u8> {
        match self {
            Self::Challenge { time, ephemeral } => challenge_frame(*time, ephemeral),
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
            Self::Revocations(bytes) => [&[kind::REVOCATIONS], &bytes[..]].concat(),
            Self::Deferred(offer) => [&[kind::DEFERRED], &offer.0[..]].concat(),
        }
    }
}
