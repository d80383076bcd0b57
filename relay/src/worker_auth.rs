//! Who may be on duty, and which epochs' links are believed (sections 2 and 6).

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use vestibule_wire::{
    AuthorityKey, CERTIFICATE_LEN, CLOCK_TOLERANCE_SECONDS, CertificateError, Challenge, Close,
    Epoch, EpochStatement, Malformed, Reader, Revocations, Role, STATEMENT_LEN, SignIn,
    SignInError, StatementError, Timestamp,
};

use crate::relay::Shared;
use crate::revocations::Watched;

/// Generations of one epoch's keys that are remembered. A service makes a new one when a worker must
/// go before the epoch is over.
pub(crate) const GENERATIONS_MAX: usize = 4;

/// Decides who may be on duty. [`StrictAdmission`] is the only one that a relay should be run with;
/// it is a value so that a test can run a relay that lies, and see that clients still refuse.
pub trait Admission: Send + Sync {
    /// Checks a worker's answer to a challenge; returns until when the worker may stay.
    ///
    /// # Errors
    /// When the worker may not be on duty.
    fn admit(
        &self,
        challenge: Challenge,
        sign_in: &SignIn,
        origins: &[String],
        now: Timestamp,
    ) -> Result<Timestamp, SignInError>;

    /// Checks an epoch statement that a worker brought.
    ///
    /// # Errors
    /// When it is not to be believed.
    fn believe(
        &self,
        statement: &[u8; STATEMENT_LEN],
        authority: &AuthorityKey,
        now: Timestamp,
    ) -> Result<EpochStatement, StatementError> {
        EpochStatement::verify(statement, authority, now)
    }
}

/// Admits holders of a certificate of the authority that they name, and nobody else.
pub struct StrictAdmission;

impl Admission for StrictAdmission {
    fn admit(
        &self,
        challenge: Challenge,
        sign_in: &SignIn,
        origins: &[String],
        now: Timestamp,
    ) -> Result<Timestamp, SignInError> {
        let certificate = challenge.verify(sign_in, origins, now)?;
        Ok(certificate.content.valid_to)
    }
}

/// The close code for a refused sign-in.
pub(crate) fn sign_in_close(error: SignInError) -> Close {
    match error {
        SignInError::WrongMac => Close::SignInRefused,
        SignInError::Certificate(
            CertificateError::Malformed | CertificateError::WrongAuthority,
        ) => Close::CertificateRefused,
        SignInError::Certificate(CertificateError::NotYetValid | CertificateError::Expired) => {
            Close::CertificateExpired
        }
    }
}

/// What a worker has proved by signing in. Whether it is revoked is not among it: that may change at any
/// moment.
pub(crate) struct SignedIn {
    pub(crate) authority: AuthorityKey,
    pub(crate) certificate: [u8; CERTIFICATE_LEN],
    pub(crate) until: Timestamp,
    pub(crate) revocations: Watched,
}

/// Checks a worker's answer to a challenge.
pub(crate) fn check_sign_in(
    challenge: Challenge,
    sign_in: &SignIn,
    shared: &Shared,
) -> Result<SignedIn, Close> {
    let SignIn { authority, certificate, .. } = *sign_in;
    let revocations = shared.revocations.watch(authority).ok_or(Close::UnknownService)?;
    let now = shared.clock.now();
    let admitted = shared.admission.admit(challenge, sign_in, &shared.origins, now);
    let until = admitted.map_err(sign_in_close)?.plus_seconds(CLOCK_TOLERANCE_SECONDS);
    Ok(SignedIn { authority, certificate, until, revocations })
}

/// Whether a service no longer believes the holder of a certificate.
pub(crate) fn revoked_by(known: Option<&Revocations>, certificate: &[u8; CERTIFICATE_LEN]) -> bool {
    known.is_some_and(|known| {
        shift_public(certificate).ok().is_none_or(|shift_public| known.revokes_key(&shift_public))
    })
}

/// The shift key that a certificate names, which admission has checked.
fn shift_public(certificate: &[u8; CERTIFICATE_LEN]) -> Result<[u8; 32], Malformed> {
    let mut reader = Reader::new(certificate);
    let _version = reader.u8()?;
    reader.array()
}

/// What the holder of a certificate does that admission has checked.
pub(crate) fn role_of(certificate: &[u8; CERTIFICATE_LEN]) -> Option<Role> {
    let read = || {
        let mut reader = Reader::new(certificate);
        let (_version, _shift_public) = (reader.u8()?, reader.array::<32>()?);
        let (_from, _to) = (reader.u32()?, reader.u32()?);
        Role::from_byte(reader.u8()?)
    };
    read().ok()
}

/// The epoch statements that workers brought. Public; kept when the worker leaves.
#[derive(Default)]
pub(crate) struct Statements(Mutex<HashMap<(AuthorityKey, Epoch), Vec<EpochStatement>>>);

impl Statements {
    /// Keeps a statement that was checked, and drops those that no longer hold. Of each epoch the
    /// newest generations are kept.
    pub(crate) fn keep(&self, authority: AuthorityKey, statement: EpochStatement, now: Timestamp) {
        let mut statements = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        statements.retain(|(_, epoch), _| epoch.holds(now));
        let generations = statements.entry((authority, statement.epoch)).or_default();
        generations.retain(|kept| kept.generation != statement.generation);
        generations.push(statement);
        generations.sort_unstable_by_key(|kept| Reverse(kept.generation));
        generations.truncate(GENERATIONS_MAX);
    }

    /// The statements of an epoch, newest generation first.
    pub(crate) fn find(&self, authority: AuthorityKey, epoch: Epoch) -> Vec<EpochStatement> {
        let statements = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        statements.get(&(authority, epoch)).cloned().unwrap_or_default()
    }
}
