//! The worker's side of a handshake (sections 7 and 8).

use rand_core::CryptoRng;
use vestibule_wire::{AuthorityKey, CERTIFICATE_LEN, LinkName, Opening, Route, Timestamp};

use crate::cell::{Cell, MESSAGE_LEN};
use crate::client::{ANSWER_PAYLOAD_LEN, Answer, OPENING_REST_LEN};
use crate::hand_over::HandOver;
use crate::handshake::Responding;
use crate::noise::link_prologue;
use crate::{HandshakeError, Opened, Psk, Session, ShiftKey, Triage, cell};

/// An opening that was made with the link's secret. It may still be a replay.
pub struct ReceivedOpening {
    responding: Responding,
    triage: Triage,
    authority: AuthorityKey,
    is_hand_over: bool,
}

/// A worker that has answered and does not yet know whether the client is live.
pub struct AwaitingFirstCell {
    session: Box<Session>,
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
        let prologue = link_prologue(link, origin, authority);
        let psk = psk.as_bytes();
        Self::read_as(opening, &prologue, psk, authority, shift, rng)
    }

    /// Reads the opening of a client that agreed to be handed over to this worker. Draws as
    /// [`read`](Self::read) does.
    ///
    /// # Errors
    /// When it was made with another secret, for another worker, or breaks the form.
    pub fn read_hand_over<R: CryptoRng + ?Sized>(
        opening: &Opening,
        hand_over: &HandOver,
        authority: &AuthorityKey,
        shift: &ShiftKey,
        rng: &mut R,
    ) -> Result<Self, HandshakeError> {
        let prologue = hand_over.prologue(authority);
        let psk = hand_over.secret.psk();
        let read = Self::read_as(opening, &prologue, &psk, authority, shift, rng)?;
        Ok(Self { is_hand_over: true, ..read })
    }

    fn read_as<R: CryptoRng + ?Sized>(
        opening: &Opening,
        prologue: &[u8],
        psk0: &[u8; 32],
        authority: &AuthorityKey,
        shift: &ShiftKey,
        rng: &mut R,
    ) -> Result<Self, HandshakeError> {
        let refused = HandshakeError::OpeningRefused;
        let message = cell::join(opening.as_bytes()).ok_or(refused)?;
        let mut rest = [0; OPENING_REST_LEN];
        let responding = Responding::read(prologue, psk0, shift, &message, &mut rest, rng)?;
        let (choices, padding) = rest.split_first_chunk::<3>().ok_or(refused)?;
        let triage = Triage::from_bytes(*choices).map_err(|_| refused)?;
        if padding.iter().any(|byte| *byte != 0) {
            return Err(refused);
        }
        Ok(Self { responding, triage, authority: *authority, is_hand_over: false })
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
        let mut message = [0; MESSAGE_LEN];
        let keys = self.responding.answer::<ANSWER_PAYLOAD_LEN>(certificate, &mut message)?;
        let session = Session::of_worker(keys, self.authority);
        let session = if self.is_hand_over { session.carried_over() } else { session };
        Ok((AwaitingFirstCell { session: Box::new(session) }, Box::new(cell::cut(&message))))
    }
}

impl AwaitingFirstCell {
    /// Where a client that has opened the answer rejoins, should its socket break before its first
    /// cell is through.
    pub fn routes(&self) -> Vec<Route> {
        self.session.routes()
    }

    /// Takes the client's first cell: only who holds the link's secret now, live, can have made it.
    ///
    /// # Errors
    /// Gives itself back when the cell does not open, or is malformed: it proves nothing, and
    /// another may.
    pub fn confirm(mut self, first: &Cell, now: Timestamp) -> Result<(Session, Opened), Self> {
        match self.session.open(first, now) {
            // A cell with an old number is dropped unread, so it proves nothing.
            Ok(opened) if opened.is_new => Ok((*self.session, opened)),
            Ok(_) | Err(_) => Err(self),
        }
    }
}
