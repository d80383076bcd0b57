//! Fresh secrets: a new handshake inside a consultation, so that who stole the memory of one end
//! reads nothing of what is said later (section 7).

use rand_core::CryptoRng;
use vestibule_wire::{AuthorityKey, CERTIFICATE_LEN, ShiftCertificate, Timestamp, hkdf, label};
use zeroize::{Zeroize, Zeroizing};

use crate::consultation_keys::ConsultationKeys;
use crate::handshake::{Initiated, Responding};
use crate::{HandshakeError, ShiftKey};

/// The client's message: `e 32 ‖ sealed ek 1,184 + 16`.
pub(crate) const FRESH_OPENING_LEN: usize = 1_232;
/// The worker's: `ct 1,088 ‖ e 32 ‖ sealed s 48 ‖ sealed certificate 132 + 16`.
pub(crate) const FRESH_ANSWER_LEN: usize = 1_316;

/// The client's message of a new handshake.
#[derive(Clone, PartialEq, Eq, Zeroize)]
pub struct FreshOpening(pub(crate) [u8; FRESH_OPENING_LEN]);

/// The worker's.
#[derive(Clone, PartialEq, Eq, Zeroize)]
pub struct FreshAnswer(pub(crate) [u8; FRESH_ANSWER_LEN]);

/// A client that waits for the worker's message.
pub(crate) struct AwaitingFresh(Initiated);

impl AwaitingFresh {
    /// Draws 32 bytes (X25519 ephemeral) and then 64 bytes (ML-KEM seed) from `rng`.
    pub(crate) fn start<R: CryptoRng + ?Sized>(
        keys: &ConsultationKeys,
        generation: u32,
        authority: &AuthorityKey,
        rng: &mut R,
    ) -> (Self, Box<FreshOpening>) {
        let mut message = Box::new(FreshOpening([0; FRESH_OPENING_LEN]));
        let prologue = prologue(generation, authority);
        let initiated = Initiated::write(&prologue, &psk(keys), &[], &mut message.0, rng);
        (Self(initiated), message)
    }

    pub(crate) fn finish(
        self,
        answer: &FreshAnswer,
        authority: &AuthorityKey,
        now: Timestamp,
    ) -> Result<(ConsultationKeys, ShiftCertificate), HandshakeError> {
        let finished = self.0.finish::<CERTIFICATE_LEN>(&answer.0, authority, now)?;
        let (keys, worker, _) = finished;
        Ok((keys, worker))
    }
}

/// The worker's part. Draws 32 bytes (X25519 ephemeral) and then 32 bytes (ML-KEM message).
pub(crate) fn answer<R: CryptoRng + ?Sized>(
    opening: &FreshOpening,
    keys: &ConsultationKeys,
    generation: u32,
    authority: &AuthorityKey,
    (shift, certificate): (&ShiftKey, &[u8; CERTIFICATE_LEN]),
    rng: &mut R,
) -> Result<(ConsultationKeys, Box<FreshAnswer>), HandshakeError> {
    let prologue = prologue(generation, authority);
    let responding = Responding::read(&prologue, &psk(keys), shift, &opening.0, &mut [], rng)?;
    let mut message = Box::new(FreshAnswer([0; FRESH_ANSWER_LEN]));
    let keys = responding.answer::<CERTIFICATE_LEN>(certificate, &mut message.0)?;
    Ok((keys, message))
}

/// `generation` is that of the new keys.
fn prologue(generation: u32, authority: &AuthorityKey) -> Vec<u8> {
    [label!("fresh secrets"), &[0], &generation.to_be_bytes(), authority.as_bytes()].concat()
}

fn psk(keys: &ConsultationKeys) -> Zeroizing<[u8; 32]> {
    Zeroizing::new(hkdf(&[], &keys.export, &[label!("fresh psk")]))
}
