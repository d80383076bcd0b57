//! Epochs and the statements that name their issuing keys (section 2).

use thiserror::Error;

use crate::{AuthorityKey, Malformed, Reader, SIGNATURE_LEN, Timestamp, label};

const EPOCH_STEP_SECONDS: u32 = 302_400;
const EPOCH_SECONDS: u32 = 604_800;
const VERSION: u8 = 1;

/// Length of an epoch statement in bytes.
pub const STATEMENT_LEN: usize = 100;
const SIGNED_LEN: usize = STATEMENT_LEN - SIGNATURE_LEN;

/// A week in which one epoch secret and one issuing key hold. A new one starts every half week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Epoch(pub u16);

impl Epoch {
    /// The newest epoch that has started.
    pub fn current(now: Timestamp) -> Self {
        Self(u16::try_from(now.0.checked_div(EPOCH_STEP_SECONDS).unwrap_or(0)).unwrap_or(u16::MAX))
    }

    /// The two epochs that hold now, newest first.
    pub fn holding(now: Timestamp) -> [Self; 2] {
        let current = Self::current(now);
        [current, Self(current.0.saturating_sub(1))]
    }

    /// Its first second.
    pub fn starts_at(self) -> Timestamp {
        Timestamp(u32::from(self.0).saturating_mul(EPOCH_STEP_SECONDS))
    }

    /// The second after its last.
    pub fn ends_at(self) -> Timestamp {
        self.starts_at().plus_seconds(EPOCH_SECONDS)
    }

    /// Whether it holds now, with the tolerance for differing clocks.
    pub fn holds(self, now: Timestamp) -> bool {
        now.within(self.starts_at(), self.ends_at())
    }
}

/// Why an epoch statement was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum StatementError {
    /// Not an epoch statement.
    #[error("the epoch statement has the wrong form")]
    Malformed,
    /// The signature is not the authority's.
    #[error("the epoch statement is not of this service")]
    WrongAuthority,
    /// Its epoch is over or has not begun.
    #[error("the epoch statement is not current")]
    NotCurrent,
}

impl From<Malformed> for StatementError {
    fn from(_: Malformed) -> Self {
        Self::Malformed
    }
}

/// A verified statement: in this epoch, this key issues links. A service that changes the keys of an
/// epoch before its time makes a new generation of them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct EpochStatement {
    /// Which epoch.
    pub epoch: Epoch,
    /// Which of the epoch's keys.
    pub generation: u8,
    /// Ed25519 public key that signs its tokens.
    pub issuing_public: [u8; 32],
}

impl EpochStatement {
    /// Verifies a statement of 100 bytes.
    ///
    /// # Errors
    /// When it is malformed, of another authority, or not current.
    pub fn verify(
        bytes: &[u8; STATEMENT_LEN],
        authority: &AuthorityKey,
        now: Timestamp,
    ) -> Result<Self, StatementError> {
        let mut reader = Reader::new(bytes);
        let version = reader.u8()?;
        let statement = Self {
            epoch: Epoch(reader.u16()?),
            generation: reader.u8()?,
            issuing_public: reader.array()?,
        };
        let signature: [u8; SIGNATURE_LEN] = reader.array()?;
        if version != VERSION {
            return Err(StatementError::Malformed);
        }
        if !authority.verifies(Self::LABEL, &statement.signed_bytes(), &signature) {
            return Err(StatementError::WrongAuthority);
        }
        if !statement.epoch.holds(now) {
            return Err(StatementError::NotCurrent);
        }
        Ok(statement)
    }

    /// Label under which authorities sign statements.
    pub const LABEL: &[u8] = label!("epoch statement");

    /// The bytes that the authority signs, and that precede its signature.
    pub fn signed_bytes(&self) -> [u8; SIGNED_LEN] {
        let fields = [&[VERSION], &self.epoch.0.to_be_bytes()[..], &[self.generation]].concat();
        let mut bytes = [0; SIGNED_LEN];
        for (target, source) in bytes.iter_mut().zip(fields.iter().chain(&self.issuing_public)) {
            *target = *source;
        }
        bytes
    }
}
