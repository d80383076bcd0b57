//! What a worker gives its client and its colleague, so that the two can meet (section 7).

use rand_core::CryptoRng;
use vestibule_wire::{AuthorityKey, CERTIFICATE_LEN, Route, hash, hkdf, label};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// Known to the client, the first worker and the colleague. Alone it opens nothing: the new keys are
/// agreed with the colleague's shift key and fresh ones.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct HandOverSecret([u8; 32]);

impl HandOverSecret {
    /// Draws 32 bytes.
    pub fn generate<R: CryptoRng + ?Sized>(rng: &mut R) -> Self {
        let mut secret = Self([0; 32]);
        rng.fill_bytes(&mut secret.0);
        secret
    }

    /// From the 32 bytes of [`as_bytes`](Self::as_bytes).
    pub fn from_bytes(bytes: &[u8; 32]) -> Self {
        Self(*bytes)
    }

    /// The secret, for the colleague.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Where the client and the colleague meet.
    pub fn route(&self) -> Route {
        Route(hkdf(&[], &self.0, &[label!("hand-over route")]))
    }

    pub(crate) fn psk(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(hkdf(&[], &self.0, &[label!("hand-over psk")]))
    }
}

/// A hand-over to the worker of a certificate.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct HandOver {
    /// Drawn for this hand-over alone.
    pub secret: HandOverSecret,
    /// The colleague's.
    pub certificate: [u8; CERTIFICATE_LEN],
}

impl HandOver {
    pub(crate) fn prologue(&self, authority: &AuthorityKey) -> Vec<u8> {
        let certificate = hash(&[&self.certificate]);
        [label!("hand-over"), &[0], &certificate, authority.as_bytes()].concat()
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        [&self.secret.0[..], &self.certificate].concat()
    }
}
