//! What a relay sees of a link (section 3).

use thiserror::Error;

use crate::authority::verifies;
use crate::{Epoch, EpochStatement, Malformed, Reader, SIGNATURE_LEN, Timestamp, label};

/// Length of a token in bytes.
pub const TOKEN_LEN: usize = 85;
/// Links of this kind are used once (the first byte of link and token).
const KIND_ONE_TIME: u8 = 1;
const EXPIRY_MINUTES_MAX: u16 = 10_080;
const NAME_LEN: usize = TOKEN_LEN - SIGNATURE_LEN;

/// Sixteen random bytes that tell one link from another.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct LinkId(pub [u8; 16]);

/// Minutes after the start of a link's epoch, 1 to 10,080.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Expiry(u16);

impl Expiry {
    /// From minutes.
    ///
    /// # Errors
    /// When out of range.
    pub fn from_minutes(minutes: u16) -> Result<Self, Malformed> {
        if (1..=EXPIRY_MINUTES_MAX).contains(&minutes) { Ok(Self(minutes)) } else { Err(Malformed) }
    }

    /// The whole minutes from the epoch's start to a moment, within the epoch.
    pub fn at(epoch: Epoch, moment: Timestamp) -> Self {
        let minutes = moment.0.saturating_sub(epoch.starts_at().0).div_ceil(60);
        Self(u16::try_from(minutes).unwrap_or(u16::MAX).clamp(1, EXPIRY_MINUTES_MAX))
    }

    /// The minutes.
    pub fn minutes(self) -> u16 {
        self.0
    }
}

/// What names a one-time link without its secret: `kind ‖ epoch ‖ expiry ‖ link_id`, 21 bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct LinkName {
    /// Epoch under which it was issued.
    pub epoch: Epoch,
    /// When it stops holding.
    pub expiry: Expiry,
    /// Which link.
    pub id: LinkId,
}

impl LinkName {
    /// Takes the 21 bytes off a reader.
    ///
    /// # Errors
    /// For a kind of link other than the one-time link, or an expiry out of range.
    pub fn read(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        let kind = reader.u8()?;
        let epoch = Epoch(reader.u16()?);
        let expiry = Expiry::from_minutes(reader.u16()?)?;
        let id = LinkId(reader.array()?);
        if kind == KIND_ONE_TIME { Ok(Self { epoch, expiry, id }) } else { Err(Malformed) }
    }

    /// The 21 bytes.
    pub fn to_bytes(&self) -> [u8; NAME_LEN] {
        let mut bytes = [KIND_ONE_TIME; NAME_LEN];
        let fields =
            [&self.epoch.0.to_be_bytes()[..], &self.expiry.0.to_be_bytes(), &self.id.0].concat();
        if let Some(rest) = bytes.get_mut(1..) {
            rest.copy_from_slice(&fields);
        }
        bytes
    }

    /// The moment until which the link holds.
    pub fn expires_at(&self) -> Timestamp {
        self.epoch.starts_at().plus_seconds(u32::from(self.expiry.0).saturating_mul(60))
    }
}

/// Why a token was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum TokenError {
    /// The link's time is over.
    #[error("the link has expired")]
    Expired,
    /// The signature is not of the epoch's issuing key.
    #[error("the link was not issued by this service")]
    WrongSignature,
}

/// Proof that some worker of a service issued a link.
#[derive(Clone, Copy)]
pub struct Token {
    /// The link that it vouches for.
    pub name: LinkName,
    /// Signature of the epoch's issuing key.
    pub signature: [u8; SIGNATURE_LEN],
}

impl Token {
    /// Label under which issuing keys sign tokens.
    pub const LABEL: &[u8] = label!("token");

    /// Takes 85 bytes off a reader.
    ///
    /// # Errors
    /// As [`LinkName::read`].
    pub fn read(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok(Self { name: LinkName::read(reader)?, signature: reader.array()? })
    }

    /// The 85 bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        [&self.name.to_bytes()[..], &self.signature].concat()
    }

    /// Checks expiry and signature against the statement of the link's epoch.
    ///
    /// # Errors
    /// When the link has expired or another key signed it.
    pub fn verify(&self, statement: &EpochStatement, now: Timestamp) -> Result<(), TokenError> {
        if now > self.name.expires_at() {
            return Err(TokenError::Expired);
        }
        let right_epoch = self.name.epoch == statement.epoch;
        let name = self.name.to_bytes();
        if right_epoch && verifies(&statement.issuing_public, Self::LABEL, &name, &self.signature) {
            Ok(())
        } else {
            Err(TokenError::WrongSignature)
        }
    }
}
