//! The worker's file while a desk runs: a locked desk opens it again, and a panic destroys it.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use age::secrecy::SecretString;
use data_encoding::BASE64_NOPAD;
use rand_core::Rng;

use crate::enrolment::Enrolment;
use crate::key_file::{self, KeyFileError, Readers};
use crate::random;

/// As it was when the desk started: whoever puts another file in its place meanwhile cannot unlock the
/// desk with it.
pub(crate) struct WorkerFile {
    path: PathBuf,
    sealed: Vec<u8>,
}

impl WorkerFile {
    pub(crate) fn read(path: &Path) -> Result<Self, KeyFileError> {
        let sealed = key_file::read(path)?;
        // What is destroyed is the file, and not a name that points to it.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        Ok(Self { path, sealed })
    }

    /// Where it lies.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Whether this is its passphrase. Takes about a second, and much memory.
    pub(crate) fn opens_with(&self, passphrase: SecretString) -> bool {
        Enrolment::open(&self.sealed, passphrase).is_ok()
    }

    /// Puts a file in its place that looks as if it had another passphrase, and has none.
    pub(crate) fn destroy(&self) -> io::Result<()> {
        let like_it = without_passphrase(&self.sealed);
        // The same blocks of the disk, where the file system lets a program choose.
        let in_place = OpenOptions::new().write(true).open(&self.path).and_then(|mut file| {
            file.write_all(&like_it)?;
            file.set_len(like_it.len().try_into().unwrap_or(u64::MAX))?;
            file.sync_all()
        });
        in_place
            .or_else(|_| key_file::replace(&self.path, &like_it, Readers::Owner))
            .or_else(|_| fs::remove_file(&self.path))
    }
}

/// A file of the same form, length and work, in which everything that was derived from a passphrase or
/// a key is drawn by chance: no passphrase opens it, and trying one takes as long as before.
fn without_passphrase(sealed: &[u8]) -> Vec<u8> {
    let like_it = redrawn(sealed).filter(|like_it| like_it.len() == sealed.len());
    like_it.unwrap_or_else(|| chance(sealed.len()))
}

/// The header of an age file under a passphrase is four lines: the version, the salt and the work, the
/// wrapped key, and a code over these. The rest has no form.
fn redrawn(sealed: &[u8]) -> Option<Vec<u8>> {
    let mut lines = sealed.splitn(5, |byte| *byte == b'\n');
    let version = lines.next()?;
    let stanza = lines.next()?.strip_prefix(b"-> scrypt ")?;
    let work = stanza.split(|byte| *byte == b' ').nth(1)?;
    let wrapped_key = lines.next()?;
    let code = lines.next()?.strip_prefix(b"--- ")?;
    let rest = lines.next()?;
    let salt = stanza.split(|byte| *byte == b' ').next()?;
    Some(
        [
            version,
            b"\n-> scrypt ",
            &written(salt)?,
            b" ",
            work,
            b"\n",
            &written(wrapped_key)?,
            b"\n--- ",
            &written(code)?,
            b"\n",
            &chance(rest.len()),
        ]
        .concat(),
    )
}

/// As many bytes drawn by chance as stand there, written in the same way.
fn written(text: &[u8]) -> Option<Vec<u8>> {
    let length = BASE64_NOPAD.decode(text).ok()?.len();
    Some(BASE64_NOPAD.encode(&chance(length)).into_bytes())
}

fn chance(length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    random::system().fill_bytes(&mut bytes);
    bytes
}

#[cfg(test)]
mod tests {
    use vestibule_wire::{Alias, LanguageSet, Role, Timestamp};

    use super::*;
    use crate::enrolment::Terms;
    use crate::key_file::Work;
    use crate::origin::Origin;
    use crate::service_file::Service;

    const WORK: Work = Work::Factor(4);

    fn passphrase() -> SecretString {
        SecretString::from("correct horse".to_owned())
    }

    fn sealed() -> Vec<u8> {
        let now = Timestamp(1_795_392_000);
        let origins = vec![Origin::parse("https://relay.example").unwrap()];
        let service = Service::create("Open Door", origins, None, now).unwrap();
        let terms = Terms {
            alias: Alias::new("Anna").unwrap(),
            role: Role::Peer,
            languages: LanguageSet::from_bits(3).unwrap(),
            first_day: now,
            days: 2,
        };
        Enrolment::new(&service, &terms).seal(passphrase(), WORK)
    }

    #[test]
    fn a_destroyed_file_looks_like_one_with_another_passphrase_and_opens_with_none() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("worker.age");
        let before = sealed();
        fs::write(&path, &before).unwrap();
        let file = WorkerFile::read(&path).unwrap();
        assert!(file.opens_with(passphrase()));
        file.destroy().unwrap();
        let after = fs::read(&path).unwrap();
        assert_eq!(after.len(), before.len());
        let work = |bytes: &[u8]| {
            let head = String::from_utf8_lossy(bytes).into_owned();
            head.lines().nth(1).unwrap().rsplit(' ').next().unwrap().to_owned()
        };
        assert_eq!(work(&after), work(&before));
        for tried in [passphrase(), SecretString::from("another".to_owned())] {
            let error = Enrolment::open(&after, tried).err();
            assert!(matches!(error, Some(KeyFileError::WrongPassphrase)));
        }
        // Not a byte of what was sealed is left: neither the key nor the words under it.
        let places = before.windows(24).filter(|piece| {
            !piece.starts_with(b"age-encryption.org") && after.windows(24).any(|at| at == *piece)
        });
        assert!(places.count() <= 10, "only the form is the same");
    }

    #[test]
    fn a_file_that_may_not_be_written_is_replaced() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("worker.age");
        fs::write(&path, sealed()).unwrap();
        let mut permissions = fs::metadata(&path).unwrap().permissions();
        permissions.set_readonly(true);
        fs::set_permissions(&path, permissions).unwrap();
        let file = WorkerFile::read(&path).unwrap();
        file.destroy().unwrap();
        let after = fs::read(&path).unwrap_or_default();
        assert!(Enrolment::open(&after, passphrase()).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_name_that_points_to_the_file_does_not_save_it() {
        let directory = tempfile::tempdir().unwrap();
        let (path, name) = (directory.path().join("worker.age"), directory.path().join("name"));
        fs::write(&path, sealed()).unwrap();
        std::os::unix::fs::symlink(&path, &name).unwrap();
        let file = WorkerFile::read(&name).unwrap();
        assert_eq!(file.path, fs::canonicalize(&path).unwrap(), "also when it has to be replaced");
        file.destroy().unwrap();
        assert!(Enrolment::open(&fs::read(&path).unwrap(), passphrase()).is_err());
    }

    #[test]
    fn whatever_else_lies_there_is_overwritten_too() {
        let foreign = vec![7; 300];
        let after = without_passphrase(&foreign);
        assert!(after.len() == 300 && after != foreign);
    }

    #[test]
    fn another_file_in_its_place_does_not_open_the_desk() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("worker.age");
        fs::write(&path, sealed()).unwrap();
        let file = WorkerFile::read(&path).unwrap();
        fs::write(&path, b"something else").unwrap();
        assert!(file.opens_with(passphrase()));
        assert!(!file.opens_with(SecretString::from("mine".to_owned())));
    }
}
