//! What a relay sees of a link (section 3).

use thiserror::Error;

use crate::authority::verifies;
use crate::{
    AuthorityKey, EpochStatement, LinkKind, LinkName, Malformed, Reader, SIGNATURE_LEN, Timestamp,
    label,
};

/// Length of a token in bytes.
pub const TOKEN_LEN: usize = 85;

/// Why a token was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum TokenError {
    /// The link's time is over.
    #[error("the link has expired")]
    Expired,
    /// The signature is not of the key that signs links of this kind.
    #[error("the link was not issued by this service")]
    WrongSignature,
}

/// Proof that a service issued a link: some worker a one-time link, its coordinator a door.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// The link that it vouches for.
    pub name: LinkName,
    /// Signature of the epoch's issuing key, or for a door of the authority.
    pub signature: [u8; SIGNATURE_LEN],
}

impl Token {
    /// Label under which issuing keys sign tokens of one-time links.
    pub const LABEL: &[u8] = label!("token");
    /// Label under which authorities sign tokens of doors.
    pub const DOOR_LABEL: &[u8] = label!("door");

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

    /// Checks a one-time link's expiry and signature against a statement of its epoch.
    ///
    /// # Errors
    /// When the link has expired, is a door, or another key signed it.
    pub fn verify(&self, statement: &EpochStatement, now: Timestamp) -> Result<(), TokenError> {
        self.check_expiry(now)?;
        let fits = self.name.kind() == LinkKind::OneTime && self.name.epoch == statement.epoch;
        let name = self.name.to_bytes();
        if fits && verifies(&statement.issuing_public, Self::LABEL, &name, &self.signature) {
            Ok(())
        } else {
            Err(TokenError::WrongSignature)
        }
    }

    /// Checks a door's expiry and signature; its epoch may be long over.
    ///
    /// # Errors
    /// When the door has expired, is none, or another key signed it.
    pub fn verify_door(&self, authority: &AuthorityKey, now: Timestamp) -> Result<(), TokenError> {
        self.check_expiry(now)?;
        let name = self.name.to_bytes();
        let is_door = self.name.kind() == LinkKind::Door;
        if is_door && authority.verifies(Self::DOOR_LABEL, &name, &self.signature) {
            Ok(())
        } else {
            Err(TokenError::WrongSignature)
        }
    }

    fn check_expiry(&self, now: Timestamp) -> Result<(), TokenError> {
        if now > self.name.expires_at() { Err(TokenError::Expired) } else { Ok(()) }
    }
}
