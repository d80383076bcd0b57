//! The client's side of a handshake (sections 7 and 8). The page in browsers is TypeScript; this is
//! the reference that it is held equal to.

use rand_core::CryptoRng;
use vestibule_wire::{
    AuthorityKey, CERTIFICATE_LEN, OPENING_LEN, Opening, ShiftCertificate, Timestamp,
};

use crate::cell::MESSAGE_LEN;
use crate::hand_over::HandOver;
use crate::handshake::Initiated;
use crate::kem::EK_LEN;
use crate::noise::link_prologue;
use crate::{HandshakeError, Link, Session, Triage, cell};

/// Payload of the opening.
pub(crate) const OPENING_PAYLOAD_LEN: usize = 1_984;
/// Payload of the answer.
pub(crate) const ANSWER_PAYLOAD_LEN: usize = 848;
/// What follows the encapsulation key in the opening: the choices and zeros.
pub(crate) const OPENING_REST_LEN: usize = OPENING_PAYLOAD_LEN - EK_LEN;

/// The worker's two cells.
pub type Answer = [u8; OPENING_LEN];

/// A client that has sent its opening.
pub struct AwaitingAnswer {
    initiated: Initiated,
    authority: AuthorityKey,
    /// In a hand-over, whom the client agreed to talk with.
    expected: Option<[u8; CERTIFICATE_LEN]>,
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
    let authority = link.authority();
    let prologue = link_prologue(link.name(), origin, &authority);
    let (initiated, opening) = open(&prologue, link.psk().as_bytes(), triage, rng);
    (AwaitingAnswer { initiated, authority, expected: None }, opening)
}

/// Makes the opening for a colleague to whom a worker hands over (section 7). Draws as
/// [`start_handshake`] does.
///
/// # Errors
/// When the colleague's certificate does not hold.
pub fn start_hand_over<R: CryptoRng + ?Sized>(
    hand_over: &HandOver,
    authority: AuthorityKey,
    triage: Triage,
    now: Timestamp,
    rng: &mut R,
) -> Result<(AwaitingAnswer, Opening), HandshakeError> {
    ShiftCertificate::verify(&hand_over.certificate, &authority, now)?;
    let prologue = hand_over.prologue(&authority);
    let (initiated, opening) = open(&prologue, &hand_over.secret.psk(), triage, rng);
    let expected = Some(hand_over.certificate);
    Ok((AwaitingAnswer { initiated, authority, expected }, opening))
}

fn open<R: CryptoRng + ?Sized>(
    prologue: &[u8],
    psk0: &[u8; 32],
    triage: Triage,
    rng: &mut R,
) -> (Initiated, Opening) {
    let mut rest = [0; OPENING_REST_LEN];
    for (target, source) in rest.iter_mut().zip(triage.to_bytes()) {
        *target = source;
    }
    let mut message = [0; MESSAGE_LEN];
    let initiated = Initiated::write(prologue, psk0, &rest, &mut message, rng);
    (initiated, Opening::new(cell::cut(&message)))
}

impl AwaitingAnswer {
    /// Reads the answer, and believes it only from a worker of the link's service; in a hand-over,
    /// only from the one that was offered.
    ///
    /// # Errors
    /// When the answer does not open, or the certificate does not hold or is somebody else's.
    /// Nothing may be sent then.
    pub fn finish(
        self,
        answer: &Answer,
        now: Timestamp,
    ) -> Result<(Session, ShiftCertificate), HandshakeError> {
        let Self { initiated, authority, expected } = self;
        let message = cell::join(answer).ok_or(HandshakeError::AnswerRefused)?;
        let (keys, worker, certificate) =
            initiated.finish::<ANSWER_PAYLOAD_LEN>(&message, &authority, now)?;
        if expected.is_some_and(|expected| expected != certificate) {
            return Err(HandshakeError::OtherKey);
        }
        let session = Session::of_client(keys, authority, &worker);
        let session = if expected.is_some() { session.carried_over() } else { session };
        Ok((session, worker))
    }
}
