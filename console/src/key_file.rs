//! Passphrase-encrypted files (age-encryption.org/v1) that hold JSON of a named kind and version.

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::{fs, iter};

use age::secrecy::SecretString;
use age::{DecryptError, Decryptor, Encryptor, scrypt};
use serde::de::{DeserializeOwned, Deserializer};
use serde::{Deserialize, Serialize, Serializer};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::problem::Problem;
use crate::words::reason;

/// Largest file that is read. An enrolment of a month takes some 30 KB.
const FILE_BYTES_MAX: u64 = 1_048_576;
/// Most memory that opening may take is `1 KiB << this`: 4 GiB. The library's own limit depends on
/// how fast this machine happened to be a moment ago, and would refuse honest files on a busy one.
const WORK_FACTOR_MAX: u8 = 22;
const VERSION: u32 = 1;

/// How hard it is to try passphrases against a file.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// About one second on this machine: for people.
    OneSecond,
    /// `1 << factor` rounds: for tests.
    Factor(u8),
}

/// Which of the two kinds of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// A coordinator's: the keys of a service.
    #[serde(rename = "vestibule service")]
    Service,
    /// A worker's enrolment.
    #[serde(rename = "vestibule worker")]
    Worker,
}

/// Why a file was not opened.
#[derive(Debug, Error)]
pub enum KeyFileError {
    /// It is not there, or may not be read.
    #[error("it cannot be read: {0}")]
    Unreadable(io::ErrorKind),
    /// It is not an age file under a passphrase, or only the beginning of one.
    #[error("it is no key file")]
    NotAKeyFile,
    /// The passphrase does not fit.
    #[error("the passphrase is wrong")]
    WrongPassphrase,
    /// It was changed or cut after it was made.
    #[error("it is damaged")]
    Damaged,
    /// It is a file of this program, but another kind than is needed.
    #[error("it is of another kind: {found:?}")]
    OtherKind {
        /// What was asked for.
        needed: Kind,
        /// What it is.
        found: Kind,
    },
    /// A later version of this program made it.
    #[error("it is of a newer version")]
    Newer,
}

impl KeyFileError {
    /// What to tell a person about the file of this name.
    pub fn about(&self, path: &Path) -> Problem {
        let file = &path.display().to_string();
        match self {
            Self::Unreadable(kind) => Problem::new(
                "key-file-unreadable",
                &[("file", file.into()), ("reason", reason(*kind).into())],
            ),
            Self::NotAKeyFile => Problem::new("key-file-foreign", &[("file", file.into())]),
            Self::WrongPassphrase => {
                Problem::new("key-file-wrong-passphrase", &[("file", file.into())])
            }
            Self::Damaged => Problem::new("key-file-damaged", &[("file", file.into())]),
            Self::OtherKind { found: Kind::Service, .. } => {
                Problem::new("key-file-is-service", &[("file", file.into())])
            }
            Self::OtherKind { found: Kind::Worker, .. } => {
                Problem::new("key-file-is-worker", &[("file", file.into())])
            }
            Self::Newer => Problem::new("key-file-newer", &[("file", file.into())]),
        }
    }
}

/// Secret bytes in a file, as hex.
pub(crate) struct SecretHex<const N: usize>(pub(crate) Zeroizing<[u8; N]>);

impl<const N: usize> Serialize for SecretHex<N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&Zeroizing::new(vestibule_wire::hex(&*self.0)))
    }
}

impl<'de, const N: usize> Deserialize<'de> for SecretHex<N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Zeroizing::new(String::deserialize(deserializer)?);
        let bytes = vestibule_wire::hex_array(&text).map_err(serde::de::Error::custom)?;
        Ok(Self(Zeroizing::new(bytes)))
    }
}

#[derive(Deserialize)]
struct Header {
    kind: Kind,
    version: u32,
}

#[derive(Serialize)]
struct Envelope<'a, T> {
    kind: Kind,
    version: u32,
    content: &'a T,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OpenedEnvelope<T> {
    #[serde(rename = "kind")]
    _kind: Kind,
    #[serde(rename = "version")]
    _version: u32,
    content: T,
}

/// Encrypts a content to the bytes of a file.
pub(crate) fn seal<T: Serialize>(
    kind: Kind,
    content: &T,
    passphrase: SecretString,
    work: Work,
) -> Vec<u8> {
    let envelope = Envelope { kind, version: VERSION, content };
    let json = serde_json::to_vec(&envelope).expect("our own structures have a JSON form");
    encrypt(&Zeroizing::new(json), passphrase, work)
}

fn encrypt(plain: &[u8], passphrase: SecretString, work: Work) -> Vec<u8> {
    let mut recipient = scrypt::Recipient::new(passphrase);
    if let Work::Factor(factor) = work {
        recipient.set_work_factor(factor);
    }
    let one = iter::once(&recipient as &dyn age::Recipient);
    let encryptor = Encryptor::with_recipients(one).expect("one passphrase is a recipient");
    let mut file = Vec::new();
    let written = encryptor.wrap_output(&mut file).and_then(|mut writer| {
        writer.write_all(plain)?;
        writer.finish()
    });
    written.expect("writing to memory does not fail");
    file
}

/// How hard it is to try passphrases against an existing file, so that writing it again on a machine
/// that happens to be busy does not weaken it.
pub(crate) fn work_of(file: &[u8]) -> Work {
    // The second line: `-> scrypt SALT FACTOR`.
    let line = file.split(|byte| *byte == b'\n').nth(1).unwrap_or_default();
    let factor = std::str::from_utf8(line)
        .ok()
        .and_then(|line| line.strip_prefix("-> scrypt ")?.split_once(' ')?.1.parse::<u8>().ok());
    factor.map_or(Work::OneSecond, Work::Factor)
}

/// Decrypts the bytes of a file.
///
/// # Errors
/// When it is not a file of this kind, is damaged, or the passphrase is wrong.
pub(crate) fn open<T: DeserializeOwned>(
    kind: Kind,
    file: &[u8],
    passphrase: SecretString,
) -> Result<T, KeyFileError> {
    let json = decrypt(file, passphrase)?;
    let header: Header = serde_json::from_slice(&json).map_err(|_| KeyFileError::Damaged)?;
    if header.kind != kind {
        return Err(KeyFileError::OtherKind { needed: kind, found: header.kind });
    }
    if header.version > VERSION {
        return Err(KeyFileError::Newer);
    }
    let opened: OpenedEnvelope<T> =
        serde_json::from_slice(&json).map_err(|_| KeyFileError::Damaged)?;
    if header.version == VERSION { Ok(opened.content) } else { Err(KeyFileError::Damaged) }
}

fn decrypt(file: &[u8], passphrase: SecretString) -> Result<Zeroizing<Vec<u8>>, KeyFileError> {
    let decryptor = Decryptor::new(file).map_err(|error| refusal(&error))?;
    if !decryptor.is_scrypt() {
        return Err(KeyFileError::NotAKeyFile);
    }
    let mut identity = scrypt::Identity::new(passphrase);
    identity.set_max_work_factor(WORK_FACTOR_MAX);
    let one = iter::once(&identity as &dyn age::Identity);
    let reader = decryptor.decrypt(one).map_err(|error| refusal(&error))?;
    // Sized in advance, so that growing leaves no unwiped copies behind.
    let mut plain = Zeroizing::new(Vec::with_capacity(file.len()));
    let limit = u64::try_from(file.len()).unwrap_or(u64::MAX);
    reader.take(limit).read_to_end(&mut plain).map_err(|_| KeyFileError::Damaged)?;
    Ok(plain)
}

#[allow(clippy::wildcard_enum_match_arm, reason = "whatever else age finds wrong is damage")]
fn refusal(error: &DecryptError) -> KeyFileError {
    match error {
        DecryptError::DecryptionFailed
        | DecryptError::KeyDecryptionFailed
        | DecryptError::NoMatchingKeys => KeyFileError::WrongPassphrase,
        DecryptError::UnknownFormat | DecryptError::InvalidHeader | DecryptError::Io(_) => {
            KeyFileError::NotAKeyFile
        }
        _ => KeyFileError::Damaged,
    }
}

/// Reads the bytes of a file.
///
/// # Errors
/// When it cannot be read or is far too large.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, KeyFileError> {
    let unreadable = |error: io::Error| KeyFileError::Unreadable(error.kind());
    let mut bytes = Vec::new();
    let file = fs::File::open(path).map_err(unreadable)?;
    file.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    let small = u64::try_from(bytes.len()).is_ok_and(|length| length <= FILE_BYTES_MAX);
    if small { Ok(bytes) } else { Err(KeyFileError::NotAKeyFile) }
}

/// Who may read a new file.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Readers {
    /// Its owner alone: it holds keys.
    Owner,
    /// Everybody on this machine: it is public.
    Everybody,
}

/// Writes a new file, whole or not at all. Never replaces one.
///
/// # Errors
/// With a sentence, when there is such a file already or it cannot be written.
pub(crate) fn write_new(path: &Path, bytes: &[u8], readers: Readers) -> Result<(), Problem> {
    refuse_existing(path)?;
    Prepared::write(path, bytes, readers)?.place_new()
}

/// Writes a file that may be there already, whole or not at all.
///
/// # Errors
/// With a sentence, when it cannot be written; then the old one is as it was.
pub(crate) fn replace(path: &Path, bytes: &[u8], readers: Readers) -> Result<(), Problem> {
    Prepared::write(path, bytes, readers)?.replace()
}

/// Takes a file away, if it is there.
///
/// # Errors
/// With a sentence, when it is and cannot be.
pub(crate) fn remove(path: &Path) -> Result<(), Problem> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(not_written(path, &error)),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// A file that lies ready beside its place, so that little can still go wrong.
pub(crate) struct Prepared {
    file: tempfile::NamedTempFile,
    path: PathBuf,
}

impl Prepared {
    /// Writes the bytes beside the place of a file.
    ///
    /// # Errors
    /// With a sentence, when that cannot be done.
    pub(crate) fn write(path: &Path, bytes: &[u8], readers: Readers) -> Result<Self, Problem> {
        let write = || {
            let mut file = tempfile::NamedTempFile::new_in(folder_of(path))?;
            file.write_all(bytes)?;
            #[cfg(unix)]
            if readers == Readers::Everybody {
                use std::os::unix::fs::PermissionsExt;
                file.as_file().set_permissions(fs::Permissions::from_mode(0o644))?;
            }
            #[cfg(not(unix))]
            let _ = readers;
            file.as_file().sync_all()?;
            Ok(Self { file, path: path.to_owned() })
        };
        write().map_err(|error: io::Error| not_written(path, &error))
    }

    /// Puts it into its place, if that is free.
    ///
    /// # Errors
    /// With a sentence, when it is not.
    pub(crate) fn place_new(self) -> Result<(), Problem> {
        let placed = self.file.persist_noclobber(&self.path);
        placed.map_err(|error| not_written(&self.path, &error.error))?;
        keep_name(&self.path);
        Ok(())
    }

    fn replace(self) -> Result<(), Problem> {
        let placed = self.file.persist(&self.path);
        placed.map_err(|error| not_written(&self.path, &error.error))?;
        keep_name(&self.path);
        Ok(())
    }
}

fn folder_of(path: &Path) -> &Path {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    parent.unwrap_or(Path::new("."))
}

/// A name outlives a power cut when its folder was written too. Where folders cannot be written like
/// files, the system does it in its own time.
fn keep_name(path: &Path) {
    let _ = fs::File::open(folder_of(path)).and_then(|folder| folder.sync_all());
}

fn not_written(path: &Path, error: &io::Error) -> Problem {
    Problem::new(
        "file-not-written",
        &[("file", path.display().to_string().into()), ("reason", reason(error.kind()).into())],
    )
}

/// Says so when a file is there already, before a person is asked for a passphrase.
///
/// # Errors
/// With a sentence, when there is such a file.
pub(crate) fn refuse_existing(path: &Path) -> Result<(), Problem> {
    if fs::symlink_metadata(path).is_ok() {
        return Err(Problem::new("file-exists", &[("file", path.display().to_string().into())]));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
