//! A worker's key for one shift (section 2).

use rand_core::CryptoRng;
use vestibule_wire::{AuthorityKey, CERTIFICATE_LEN, sign_in_mac};
use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// X25519 private key of one shift.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct ShiftKey([u8; 32]);

impl ShiftKey {
    /// Makes the key of a new shift.
    pub fn generate<R: CryptoRng + ?Sized>(rng: &mut R) -> Self {
        let mut key = Self([0; 32]);
        rng.fill_bytes(&mut key.0);
        key
    }

    /// From the 32 bytes of [`as_bytes`](Self::as_bytes).
    pub fn from_bytes(bytes: &[u8; 32]) -> Self {
        Self(*bytes)
    }

    /// The secret, for the worker's encrypted file.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The half that a certificate names.
    pub fn public(&self) -> [u8; 32] {
        PublicKey::from(&StaticSecret::from(self.0)).to_bytes()
    }

    /// Answers a relay's challenge (section 6), or `None` for a challenge that no honest relay
    /// sends.
    pub fn sign_in_mac(
        &self,
        challenge: &[u8; 32],
        origin: &str,
        authority: &AuthorityKey,
        certificate: &[u8; CERTIFICATE_LEN],
    ) -> Option<[u8; 32]> {
        sign_in_mac(&self.0, challenge, origin, authority, certificate)
    }
}
