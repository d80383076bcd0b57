//! What the three handshakes have in common: the opening of a link, fresh secrets, and hand-over
//! (section 7). They differ in prologue, psk0, and how their messages travel.

use rand_core::CryptoRng;
use subtle::ConstantTimeEq;
use vestibule_wire::{AuthorityKey, CERTIFICATE_LEN, ShiftCertificate, Timestamp};
use zeroize::Zeroizing;

use crate::consultation_keys::ConsultationKeys;
use crate::kem::{CT_LEN, EK_LEN, KemKey, encapsulate};
use crate::noise::Handshake;
use crate::{HandshakeError, ShiftKey};

/// The client's half, after its message.
pub(crate) struct Initiated {
    handshake: Handshake,
    kem: KemKey,
}

/// The worker's half, after the client's message.
pub(crate) struct Responding {
    handshake: Handshake,
    encapsulation_key: Box<[u8; EK_LEN]>,
    kem_random: Zeroizing<[u8; 32]>,
}

impl Initiated {
    /// Writes the client's message, whose payload is an encapsulation key and `rest`.
    ///
    /// Draws 32 bytes (X25519 ephemeral) and then 64 bytes (ML-KEM seed) from `rng`.
    pub(crate) fn write<R: CryptoRng + ?Sized>(
        prologue: &[u8],
        psk0: &[u8; 32],
        rest: &[u8],
        message: &mut [u8],
        rng: &mut R,
    ) -> Self {
        let mut ephemeral = Zeroizing::new([0; 32]);
        rng.fill_bytes(&mut *ephemeral);
        let mut seed = Zeroizing::new([0; 64]);
        rng.fill_bytes(&mut *seed);
        let kem = KemKey::from_random(&seed);
        let mut handshake = Handshake::initiator(prologue, psk0, ephemeral);
        let payload = [&kem.encapsulation_key()[..], rest].concat();
        handshake.write(&payload, message).expect("the message's lengths are constants");
        Self { handshake, kem }
    }

    /// Reads the worker's message, a ciphertext and a Noise message whose payload is a certificate
    /// and zeros, and believes it only from a worker of the service.
    pub(crate) fn finish<const PAYLOAD_LEN: usize>(
        self,
        message: &[u8],
        authority: &AuthorityKey,
        now: Timestamp,
    ) -> Result<(ConsultationKeys, ShiftCertificate, [u8; CERTIFICATE_LEN]), HandshakeError> {
        let Self { handshake, kem } = self;
        let refused = HandshakeError::AnswerRefused;
        let (ct, noise_message) = message.split_first_chunk::<CT_LEN>().ok_or(refused)?;
        let mut handshake = handshake.with_psk(2, &kem.psk2(ct));
        let mut payload = [0; PAYLOAD_LEN];
        handshake.read(noise_message, &mut payload).map_err(|_| refused)?;
        let (certificate, padding) =
            payload.split_first_chunk::<CERTIFICATE_LEN>().ok_or(refused)?;
        if padding.iter().any(|byte| *byte != 0) {
            return Err(refused);
        }
        let worker = ShiftCertificate::verify(certificate, authority, now)?;
        let proved = handshake.remote_static().ok_or(refused)?;
        if !bool::from(proved.ct_eq(&worker.content.shift_public)) {
            return Err(HandshakeError::OtherKey);
        }
        Ok((ConsultationKeys::derive(handshake), worker, *certificate))
    }
}

impl Responding {
    /// Reads the client's message; `rest` gets what follows the encapsulation key.
    ///
    /// Draws 32 bytes (X25519 ephemeral) and then 32 bytes (ML-KEM message) from `rng`.
    pub(crate) fn read<R: CryptoRng + ?Sized>(
        prologue: &[u8],
        psk0: &[u8; 32],
        shift: &ShiftKey,
        message: &[u8],
        rest: &mut [u8],
        rng: &mut R,
    ) -> Result<Self, HandshakeError> {
        let mut ephemeral = Zeroizing::new([0; 32]);
        rng.fill_bytes(&mut *ephemeral);
        let mut kem_random = Zeroizing::new([0; 32]);
        rng.fill_bytes(&mut *kem_random);
        let mut handshake = Handshake::responder(prologue, psk0, shift, ephemeral);
        let mut payload = vec![0; EK_LEN.saturating_add(rest.len())];
        let refused = HandshakeError::OpeningRefused;
        handshake.read(message, &mut payload).map_err(|_| refused)?;
        let (encapsulation_key, read) = payload.split_first_chunk().ok_or(refused)?;
        rest.copy_from_slice(read);
        let encapsulation_key = Box::new(*encapsulation_key);
        Ok(Self { handshake, encapsulation_key, kem_random })
    }

    /// Writes a ciphertext and the Noise message with `certificate` and zeros.
    pub(crate) fn answer<const PAYLOAD_LEN: usize>(
        self,
        certificate: &[u8; CERTIFICATE_LEN],
        message: &mut [u8],
    ) -> Result<ConsultationKeys, HandshakeError> {
        let Self { handshake, encapsulation_key, kem_random } = self;
        let refused = HandshakeError::OpeningRefused;
        let (ct, psk2) = encapsulate(&encapsulation_key, &kem_random).ok_or(refused)?;
        let mut handshake = handshake.with_psk(2, &psk2);
        let mut payload = [0; PAYLOAD_LEN];
        for (target, source) in payload.iter_mut().zip(certificate) {
            *target = *source;
        }
        let (ct_out, noise_message) =
            message.split_first_chunk_mut::<CT_LEN>().expect("an answer is longer than that");
        *ct_out = ct;
        handshake.write(&payload, noise_message).map_err(|_| refused)?;
        Ok(ConsultationKeys::derive(handshake))
    }
}
