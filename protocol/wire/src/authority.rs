//! The public half of a service's authority key (section 2).

use ed25519_dalek::{Signature, VerifyingKey};

use crate::{Malformed, hex, hex_array};

/// Length of an Ed25519 signature in bytes.
pub const SIGNATURE_LEN: usize = 64;

/// A service's identity: its Ed25519 public key. What a client trusts, and all that a relay's
/// configuration names.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct AuthorityKey([u8; 32]);

impl AuthorityKey {
    /// From the 32 bytes of a link, a frame or a configuration.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Lower-case hex, as in `/service/HEX`.
    pub fn to_hex(self) -> String {
        hex(&self.0)
    }

    /// Reads what [`to_hex`](Self::to_hex) writes.
    ///
    /// # Errors
    /// For anything but 64 lower-case hex digits.
    pub fn from_hex(text: &str) -> Result<Self, Malformed> {
        hex_array(text).map(Self)
    }

    /// Whether `signature` is this key's over the parts, strictly (RFC 8032, no small-order keys).
    pub fn verifies(&self, label: &[u8], message: &[u8], signature: &[u8; SIGNATURE_LEN]) -> bool {
        verifies(&self.0, label, message, signature)
    }
}

/// `Sign(key, label ‖ 00 ‖ message)` checked strictly.
pub(crate) fn verifies(
    public: &[u8; 32],
    label: &[u8],
    message: &[u8],
    signature: &[u8; SIGNATURE_LEN],
) -> bool {
    let Ok(key) = VerifyingKey::from_bytes(public) else {
        return false;
    };
    let signed = [label, &[0], message].concat();
    key.verify_strict(&signed, &Signature::from_bytes(signature)).is_ok()
}
