//! What can go wrong at an end, and whose fault it is.

use thiserror::Error;
use vestibule_wire::{CertificateError, Malformed};

/// A link that cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum LinkError {
    /// Characters are missing or changed.
    #[error("the link is damaged: part of it is missing or changed")]
    Damaged,
    /// Of a kind that this version does not know.
    #[error("the link is of a newer kind than this program knows")]
    Unsupported,
}

/// A handshake that ended without keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum HandshakeError {
    /// The opening does not open with this link's secret and origin.
    #[error("the opening was not made with this link at this address")]
    OpeningRefused,
    /// The answer does not open: not made by anyone who read the opening.
    #[error("the answer does not fit the opening")]
    AnswerRefused,
    /// The worker's certificate does not hold.
    #[error("the worker could not prove to belong to the service: {0}")]
    Certificate(#[from] CertificateError),
    /// The certificate is genuine but names another key than the handshake used.
    #[error("the worker showed somebody else's certificate")]
    OtherKey,
    /// The certificate is genuine, but of somebody else than the worker so far.
    #[error("another worker answered without a hand-over")]
    OtherWorker,
}

/// A consultation that cannot go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SessionError {
    /// The cell was not sealed by the other end, or was changed.
    #[error("a cell does not open")]
    Unsealed,
    /// The cell opened but breaks the rules of its content.
    #[error("a cell breaks the protocol")]
    Misbehaved,
    /// A record that is too long or empty was to be sent.
    #[error("the record is too long or empty")]
    RecordSize,
    /// As much waits to be sent as an end keeps.
    #[error("too much waits to be sent")]
    Full,
    /// A link of another service, or one that is not used once, was to be given.
    #[error("the link is not a one-time link of this service")]
    WrongLink,
    /// A record that may not be said at this moment.
    #[error("the record may not be said now")]
    NotNow,
    /// Fresh secrets could not be agreed.
    #[error(transparent)]
    Handshake(#[from] HandshakeError),
    /// The consultation was closed.
    #[error("the consultation is closed")]
    Closed,
    /// No sequence numbers are left.
    #[error("the consultation has used up its sequence numbers")]
    Exhausted,
}

impl From<Malformed> for SessionError {
    fn from(_: Malformed) -> Self {
        Self::Misbehaved
    }
}
