//! Shift certificates: who a worker is, for one shift (section 2).

use thiserror::Error;

use crate::{AuthorityKey, LanguageSet, Malformed, Reader, SIGNATURE_LEN, Timestamp, label};

/// Length of a shift certificate in bytes.
pub const CERTIFICATE_LEN: usize = 132;
/// Longest shift.
pub const SHIFT_SECONDS_MAX: u32 = 129_600;
/// Longest alias, in bytes of UTF-8.
pub const ALIAS_BYTES_MAX: usize = 24;
const SIGNED_LEN: usize = CERTIFICATE_LEN - SIGNATURE_LEN;
const VERSION: u8 = 1;

/// What a worker does at the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Outreach worker.
    Outreach,
    /// Peer: has lived it.
    Peer,
    /// Doctor.
    Doctor,
    /// Psychologist.
    Psychologist,
    /// Lawyer.
    Lawyer,
    /// Coordinator.
    Coordinator,
}

impl Role {
    /// Every role with its byte and the name used in files and on the desk.
    pub const ALL: [(Self, u8, &str); 6] = [
        (Self::Outreach, 1, "outreach"),
        (Self::Peer, 2, "peer"),
        (Self::Doctor, 3, "doctor"),
        (Self::Psychologist, 4, "psychologist"),
        (Self::Lawyer, 5, "lawyer"),
        (Self::Coordinator, 6, "coordinator"),
    ];

    /// Its byte in a certificate.
    pub fn byte(self) -> u8 {
        Self::ALL.iter().find(|(role, ..)| *role == self).map_or(0, |(_, byte, _)| *byte)
    }

    /// Its name in files and on the desk.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(role, ..)| *role == self).map_or("", |(.., name)| name)
    }

    /// Reads a certificate's byte.
    ///
    /// # Errors
    /// For a byte without a role.
    pub fn from_byte(value: u8) -> Result<Self, Malformed> {
        Self::ALL
            .iter()
            .find(|(_, byte, _)| *byte == value)
            .map(|(role, ..)| *role)
            .ok_or(Malformed)
    }
}

/// The name that a worker works under.
#[derive(Clone, PartialEq, Eq)]
pub struct Alias(String);

impl Alias {
    /// Takes a text of 1 to 24 bytes without invisible or direction-changing characters.
    ///
    /// # Errors
    /// For any other text.
    pub fn new(text: &str) -> Result<Self, Malformed> {
        let sized = (1..=ALIAS_BYTES_MAX).contains(&text.len());
        let trimmed = text.trim() == text;
        if sized && trimmed && !text.chars().any(is_invisible) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Malformed)
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Characters that could make one alias look like another, or turn the text around it.
fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{E0000}'..='\u{E007F}')
}

/// What an authority signs.
#[derive(Clone, PartialEq, Eq)]
pub struct UnsignedCertificate {
    /// X25519 public key of the shift.
    pub shift_public: [u8; 32],
    /// First second of the shift.
    pub valid_from: Timestamp,
    /// Last second of the shift.
    pub valid_to: Timestamp,
    /// What the worker does.
    pub role: Role,
    /// What the worker speaks.
    pub languages: LanguageSet,
    /// What the worker is called.
    pub alias: Alias,
}

impl UnsignedCertificate {
    /// Label under which authorities sign certificates.
    pub const LABEL: &[u8] = label!("shift certificate");

    /// The bytes that the authority signs, and that precede its signature.
    pub fn signed_bytes(&self) -> [u8; SIGNED_LEN] {
        let alias = self.alias.0.as_bytes();
        let alias_length = u8::try_from(alias.len()).unwrap_or(u8::MAX);
        let fields = [
            &[VERSION][..],
            &self.shift_public,
            &self.valid_from.0.to_be_bytes(),
            &self.valid_to.0.to_be_bytes(),
            &[self.role.byte(), self.languages.bits(), alias_length],
            alias,
        ]
        .concat();
        let mut bytes = [0; SIGNED_LEN];
        for (target, source) in bytes.iter_mut().zip(fields) {
            *target = source;
        }
        bytes
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        if reader.u8()? != VERSION {
            return Err(Malformed);
        }
        let shift_public = reader.array()?;
        let valid_from = Timestamp(reader.u32()?);
        let valid_to = Timestamp(reader.u32()?);
        let role = Role::from_byte(reader.u8()?)?;
        let languages = LanguageSet::from_bits(reader.u8()?)?;
        let alias_length = usize::from(reader.u8()?);
        let padded: [u8; ALIAS_BYTES_MAX] = reader.array()?;
        let (alias, zeros) = padded.split_at_checked(alias_length).ok_or(Malformed)?;
        if zeros.iter().any(|byte| *byte != 0) {
            return Err(Malformed);
        }
        let alias = Alias::new(std::str::from_utf8(alias).map_err(|_| Malformed)?)?;
        let length = valid_to.0.checked_sub(valid_from.0).ok_or(Malformed)?;
        if length == 0 || length > SHIFT_SECONDS_MAX {
            return Err(Malformed);
        }
        Ok(Self { shift_public, valid_from, valid_to, role, languages, alias })
    }
}

/// Why a shift certificate was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum CertificateError {
    /// Not a shift certificate.
    #[error("the certificate has the wrong form")]
    Malformed,
    /// Signed by somebody else, or altered.
    #[error("the certificate is not of this service")]
    WrongAuthority,
    /// Its shift has not begun.
    #[error("the certificate is not valid yet")]
    NotYetValid,
    /// Its shift is over.
    #[error("the certificate has expired")]
    Expired,
}

impl From<Malformed> for CertificateError {
    fn from(_: Malformed) -> Self {
        Self::Malformed
    }
}

/// A certificate whose signature and time were checked.
#[derive(Clone, PartialEq, Eq)]
pub struct ShiftCertificate {
    /// What it says.
    pub content: UnsignedCertificate,
}

impl ShiftCertificate {
    /// Verifies a certificate of 132 bytes.
    ///
    /// # Errors
    /// When it is malformed, of another authority, or does not hold at `now`.
    pub fn verify(
        bytes: &[u8; CERTIFICATE_LEN],
        authority: &AuthorityKey,
        now: Timestamp,
    ) -> Result<Self, CertificateError> {
        let mut reader = Reader::new(bytes);
        let content = UnsignedCertificate::read(&mut reader)?;
        let signature: [u8; SIGNATURE_LEN] = reader.array()?;
        let signed = content.signed_bytes();
        if !authority.verifies(UnsignedCertificate::LABEL, &signed, &signature) {
            return Err(CertificateError::WrongAuthority);
        }
        if now.within(content.valid_from, content.valid_to) {
            Ok(Self { content })
        } else if now < content.valid_from {
            Err(CertificateError::NotYetValid)
        } else {
            Err(CertificateError::Expired)
        }
    }
}
