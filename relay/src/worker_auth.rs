//! Who may be on duty, and which epochs' links are believed (sections 2 and 6).

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use vestibule_wire::{
    AuthorityKey, CertificateError, Challenge, Close, Epoch, EpochStatement, STATEMENT_LEN, SignIn,
    SignInError, StatementError, Timestamp,
};

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

/// The epoch statements that workers brought. Public; kept when the worker leaves.
#[derive(Default)]
pub(crate) struct Statements(Mutex<HashMap<(AuthorityKey, Epoch), EpochStatement>>);

impl Statements {
    /// Keeps a statement that was checked, and drops those that no longer hold.
    pub(crate) fn keep(&self, authority: AuthorityKey, statement: EpochStatement, now: Timestamp) {
        let mut statements = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        statements.retain(|(_, epoch), _| epoch.holds(now));
        statements.insert((authority, statement.epoch), statement);
    }

    /// The statement of an epoch.
    pub(crate) fn find(&self, authority: AuthorityKey, epoch: Epoch) -> Option<EpochStatement> {
        let statements = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        statements.get(&(authority, epoch)).copied()
    }
}
