//! The client's side of the handshake (sections 7 and 8). The page in browsers is TypeScript; this
//! is the reference that it is held equal to.

use rand_core::CryptoRng;
use subtle::ConstantTimeEq;
use vestibule_wire::{
    AuthorityKey, CERTIFICATE_LEN, OPENING_LEN, Opening, Reader, ShiftCertificate, Timestamp,
};
use zeroize::Zeroizing;

use crate::cell::MESSAGE_LEN;
use crate::consultation_keys::ConsultationKeys;
use crate::kem::{CT_LEN, EK_LEN, KemKey};
use crate::noise::{Handshake, prologue};
use crate::{HandshakeError, Link, Session, Side, Triage, cell};

/// Payload of the opening.
pub(crate) const OPENING_PAYLOAD_LEN: usize = 1_984;
/// Payload of the answer.
pub(crate) const ANSWER_PAYLOAD_LEN: usize = 848;

/// The worker's two cells.
pub type Answer = [u8; OPENING_LEN];

/// A client that has sent its opening.
pub struct AwaitingAnswer {
    handshake: Handshake,
    kem: KemKey,
    authority: AuthorityKey,
}

/// Makes the opening of a link.
///
/// Draws 32 bytes (X25519 ephemeral) and then 64 bytes (ML-KEM seed) from `rng`.
pub fn start_handshake<R: CryptoRng + ?Sized>(
    link: &Link,
    origin: &str,
    triage: Triage,
    rng: &mut R,
) -> (AwaitingAnswer, Opening) {
    let mut ephemeral = Zeroizing::new([0; 32]);
    rng.fill_bytes(&mut *ephemeral);
    let mut seed = Zeroizing::new([0; 64]);
    rng.fill_bytes(&mut *seed);

    let kem = KemKey::from_random(&seed);
    let authority = link.authority();
    let prologue = prologue(link.name(), origin, &authority);
    let mut handshake = Handshake::initiator(&prologue, link.psk(), ephemeral);

    let mut payload = [0; OPENING_PAYLOAD_LEN];
    let (ek, rest) = payload.split_at_mut(EK_LEN);
    ek.copy_from_slice(&kem.encapsulation_key());
    for (target, source) in rest.iter_mut().zip(triage.to_bytes()) {
        *target = source;
    }
    let mut message = [0; MESSAGE_LEN];
    handshake.write(&payload, &mut message).expect("the opening's lengths are constants");
    let opening = Opening::new(cell::cut(&message));
    (AwaitingAnswer { handshake, kem, authority }, opening)
}

impl AwaitingAnswer {
    /// Reads the answer, and believes it only from a worker of the link's service.
    ///
    /// # Errors
    /// When the answer does not open, or the certificate does not hold or is somebody else's.
    /// Nothing may be sent then.
    pub fn finish(
        self,
        answer: &Answer,
        now: Timestamp,
    ) -> Result<(Session, ShiftCertificate), HandshakeError> {
        let Self { handshake, kem, authority } = self;
        let message = cell::join(answer).ok_or(HandshakeError::AnswerRefused)?;
        let (ct, noise_message) =
            message.split_first_chunk::<CT_LEN>().ok_or(HandshakeError::AnswerRefused)?;
        let mut handshake = handshake.with_psk(2, &kem.psk2(ct));
        let mut payload = [0; ANSWER_PAYLOAD_LEN];
        handshake.read(noise_message, &mut payload).map_err(|_| HandshakeError::AnswerRefused)?;

        let mut reader = Reader::new(&payload);
        let certificate: [u8; CERTIFICATE_LEN] =
            reader.array().map_err(|_| HandshakeError::AnswerRefused)?;
        let padding: [u8; ANSWER_PAYLOAD_LEN - CERTIFICATE_LEN] =
            reader.array().map_err(|_| HandshakeError::AnswerRefused)?;
        if padding.iter().any(|byte| *byte != 0) {
            return Err(HandshakeError::AnswerRefused);
        }
        let worker = ShiftCertificate::verify(&certificate, &authority, now)?;
        let proved = handshake.remote_static().ok_or(HandshakeError::AnswerRefused)?;
        if !bool::from(proved.ct_eq(&worker.content.shift_public)) {
            return Err(HandshakeError::OtherKey);
        }
        let keys = ConsultationKeys::derive(handshake);
        Ok((Session::new(Side::Client, keys), worker))
    }
}
