//! How a worker proves a shift certificate to a relay (section 6).

use subtle::ConstantTimeEq;
use thiserror::Error;
use x25519_dalek::{PublicKey, SharedSecret, StaticSecret};
use zeroize::Zeroize;

use crate::frame::kind;
use crate::{
    AuthorityKey, CERTIFICATE_LEN, CertificateError, Malformed, Reader, ShiftCertificate,
    Timestamp, hash, hkdf, hmac, label,
};

/// Why a sign-in was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SignInError {
    /// The certificate does not hold.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    /// The MAC is not of the certificate's key, this challenge and this origin.
    #[error("the sign-in does not answer this relay's challenge")]
    WrongMac,
}

/// The relay's side: one ephemeral key for one socket.
pub struct Challenge {
    ephemeral: StaticSecret,
}

/// What a worker answers to a challenge.
pub struct SignIn {
    /// The service that the worker belongs to.
    pub authority: AuthorityKey,
    /// The worker's shift certificate.
    pub certificate: [u8; CERTIFICATE_LEN],
    /// Proof of the certificate's private key.
    pub mac: [u8; 32],
}

/// How both sockets on which somebody signs in write and read the frames of it.
impl SignIn {
    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        let authority = AuthorityKey::from_bytes(reader.array()?);
        Ok(Self { authority, certificate: reader.array()?, mac: reader.array()? })
    }

    pub(crate) fn frame(&self) -> Vec<u8> {
        let Self { authority, certificate, mac } = self;
        [&[kind::SIGN_IN], &authority.as_bytes()[..], certificate, mac].concat()
    }
}

/// What follows the kind of a `challenge`: the relay's clock and its ephemeral key.
pub(crate) fn read_challenge(reader: &mut Reader<'_>) -> Result<(Timestamp, [u8; 32]), Malformed> {
    Ok((Timestamp(reader.u32()?), reader.array()?))
}

pub(crate) fn challenge_frame(time: Timestamp, ephemeral: &[u8; 32]) -> Vec<u8> {
    [&[kind::CHALLENGE], &time.0.to_be_bytes()[..], ephemeral].concat()
}

impl Challenge {
    /// From 32 random bytes.
    pub fn from_random(random: [u8; 32]) -> Self {
        Self { ephemeral: StaticSecret::from(random) }
    }

    /// What the worker is sent.
    pub fn public(&self) -> [u8; 32] {
        PublicKey::from(&self.ephemeral).to_bytes()
    }

    /// Checks an answer for any of the origins that this relay serves. Consumes the challenge: each
    /// is answered once.
    ///
    /// # Errors
    /// When the certificate does not hold or the MAC is wrong.
    pub fn verify(
        self,
        sign_in: &SignIn,
        origins: &[String],
        now: Timestamp,
    ) -> Result<ShiftCertificate, SignInError> {
        let certificate = ShiftCertificate::verify(&sign_in.certificate, &sign_in.authority, now)?;
        let shift_public = certificate.content.shift_public;
        let shared = self.ephemeral.diffie_hellman(&PublicKey::from(shift_public));
        let Some(key) = mac_key(&shared, &self.public(), &shift_public) else {
            return Err(SignInError::WrongMac);
        };
        let fits = origins.iter().any(|origin| {
            let mac = mac(&key, origin, &sign_in.authority, &sign_in.certificate);
            mac.ct_eq(&sign_in.mac).into()
        });
        if fits { Ok(certificate) } else { Err(SignInError::WrongMac) }
    }
}

/// The worker's side: the MAC that answers a challenge, or `None` for a challenge that would give
/// an all-zero shared secret (RFC 7748 section 6.1).
pub fn sign_in_mac(
    shift_private: &[u8; 32],
    challenge: &[u8; 32],
    origin: &str,
    authority: &AuthorityKey,
    certificate: &[u8; CERTIFICATE_LEN],
) -> Option<[u8; 32]> {
    let mut copy = *shift_private;
    let private = StaticSecret::from(copy);
    copy.zeroize();
    let shared = private.diffie_hellman(&PublicKey::from(*challenge));
    let shift_public = PublicKey::from(&private).to_bytes();
    let mut key = mac_key(&shared, challenge, &shift_public)?;
    let answer = mac(&key, origin, authority, certificate);
    key.zeroize();
    Some(answer)
}

fn mac_key(shared: &SharedSecret, ephemeral: &[u8; 32], shift: &[u8; 32]) -> Option<[u8; 32]> {
    let info: [&[u8]; 3] = [label!("sign-in"), ephemeral, shift];
    shared.was_contributory().then(|| hkdf(&[], shared.as_bytes(), &info))
}

fn mac(
    key: &[u8; 32],
    origin: &str,
    authority: &AuthorityKey,
    certificate: &[u8; CERTIFICATE_LEN],
) -> [u8; 32] {
    hmac(key, &[&hash(&[origin.as_bytes()]), authority.as_bytes(), certificate])
}
