//! The worker's side of the handshake (sections 7 and 8).

use rand_core::CryptoRng;
use vestibule_wire::{AuthorityKey, CELL_LEN, CERTIFICATE_LEN, LinkName, Opening, Reader};
use zeroize::Zeroizing;

use crate::cell::MESSAGE_LEN;
use crate::client::{ANSWER_PAYLOAD_LEN, Answer, OPENING_PAYLOAD_LEN};
use crate::consultation_keys::ConsultationKeys;
use crate::kem::{CT_LEN, EK_LEN, encapsulate};
use crate::noise::{Handshake, prologue};
use crate::{HandshakeError, Psk, Received, Session, ShiftKey, Side, Triage, cell};

/// An opening that was made with the link's secret. It may still be a replay.
pub struct ReceivedOpening {
    handshake: Handshake,
    encapsulation_key: Box<[u8; EK_LEN]>,
    kem_random: Zeroizing<[u8; 32]>,
    triage: Triage,
}

/// A worker that has answered and does not yet know whether the client is live.
pub struct AwaitingFirstCell {
    session: Session,
}

impl ReceivedOpening {
    /// Reads an opening.
    ///
    /// Draws 32 bytes (X25519 ephemeral) and then 32 bytes (ML-KEM message) from `rng`.
    ///
    /// # Errors
    /// When it was made with another secret, for another origin, or breaks the form.
    pub fn read<R: CryptoRng + ?Sized>(
        opening: &Opening,
        link: &LinkName,
        psk: &Psk,
        authority: &AuthorityKey,
        origin: &str,
        shift: &ShiftKey,
        rng: &mut R,
    ) -> Result<Self, HandshakeError> {
        let mut ephemeral = Zeroizing::new([0; 32]);
        rng.fill_bytes(&mut *ephemeral);
        let mut kem_random = Zeroizing::new([0; 32]);
        rng.fill_bytes(&mut *kem_random);

        let prologue = prologue(link, origin, authority);
        let mut handshake = Handshake::responder(&prologue, psk, shift, ephemeral);
        let refused = |_| HandshakeError::OpeningRefused;
        let message = cell::join(opening.as_bytes()).ok_or(HandshakeError::OpeningRefused)?;
        let mut payload = [0; OPENING_PAYLOAD_LEN];
        handshake.read(&message, &mut payload).map_err(|_| HandshakeError::OpeningRefused)?;

        let mut reader = Reader::new(&payload);
        let encapsulation_key = Box::new(reader.array().map_err(refused)?);
        let triage = reader.array().and_then(Triage::from_bytes).map_err(refused)?;
        let padding: [u8; OPENING_PAYLOAD_LEN - EK_LEN - 3] = reader.array().map_err(refused)?;
        if padding.iter().any(|byte| *byte != 0) {
            return Err(HandshakeError::OpeningRefused);
        }
        Ok(Self { handshake, encapsulation_key, kem_random, triage })
    }

    /// What the client chose before it waited.
    pub fn triage(&self) -> Triage {
        self.triage
    }

    /// Answers with the shift's certificate.
    ///
    /// # Errors
    /// When the client's encapsulation key is not one (FIPS 203 section 7.2).
    pub fn answer(
        self,
        certificate: &[u8; CERTIFICATE_LEN],
    ) -> Result<(AwaitingFirstCell, Box<Answer>), HandshakeError> {
        let Self { handshake, encapsulation_key, kem_random, .. } = self;
        let (ct, psk2) =
            encapsulate(&encapsulation_key, &kem_random).ok_or(HandshakeError::OpeningRefused)?;
        let mut handshake = handshake.with_psk(2, &psk2);

        let mut payload = [0; ANSWER_PAYLOAD_LEN];
        for (target, source) in payload.iter_mut().zip(certificate) {
            *target = *source;
        }
        let mut message = [0; MESSAGE_LEN];
        let (ct_out, noise_message) = message.split_at_mut(CT_LEN);
        ct_out.copy_from_slice(&ct);
        handshake.write(&payload, noise_message).map_err(|_| HandshakeError::OpeningRefused)?;
        let session = Session::new(Side::Worker, ConsultationKeys::derive(handshake));
        Ok((AwaitingFirstCell { session }, Box::new(cell::cut(&message))))
    }
}

impl AwaitingFirstCell {
    /// Takes the client's first cell: only who holds the link's secret now, live, can have made it.
    ///
    /// # Errors
    /// When it does not open.
    pub fn confirm(
        mut self,
        first: &[u8; CELL_LEN],
    ) -> Result<(Session, Received), HandshakeError> {
        let received = self.session.open(first).map_err(|_| HandshakeError::NotLive)?;
        // A cell with an old sequence number is dropped unread, so it proves nothing.
        if self.session.has_received() {
            Ok((self.session, received))
        } else {
            Err(HandshakeError::NotLive)
        }
    }
}
