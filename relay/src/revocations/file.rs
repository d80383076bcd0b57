//! A list of revocations that the operator puts where the relay looks.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use tokio::time::interval;
use vestibule_wire::{AuthorityKey, REVOCATIONS_LEN, Revocations};

use crate::ConfigError;
use crate::confine::folder_of;
use crate::relay::Shared;
use crate::stop::Stop;

/// A list of revocations and where it was found.
pub struct RevocationsFile {
    path: PathBuf,
    version: Version,
    /// What stood there when it was read.
    pub(crate) revocations: Revocations,
}

/// Tells one state of a file from another; of one that is not there, `None`.
type Version = Option<SystemTime>;

/// Tells the operator what is wrong with a file.
pub(crate) type Report = Arc<dyn Fn(&ConfigError) + Send + Sync>;

impl RevocationsFile {
    /// Reads a list of this service.
    ///
    /// # Errors
    /// When it is missing, or not of this service.
    pub fn read(path: &Path, authority: &AuthorityKey) -> Result<Self, ConfigError> {
        // A file that changes after this is read again.
        let version = version(path);
        let revocations = read(path, authority)?;
        Ok(Self { path: path.to_owned(), version, revocations })
    }

    /// Where it lies: another file may take its name.
    pub(crate) fn folder(&self) -> PathBuf {
        folder_of(&self.path)
    }
}

/// Reads a file again whenever it has changed, until the relay stops. A list that cannot be used is
/// reported once, and what was known before still holds.
pub(crate) async fn keep_up(
    file: RevocationsFile,
    authority: AuthorityKey,
    shared: Arc<Shared>,
    mut stop: Stop,
) {
    let RevocationsFile { path, mut version, .. } = file;
    let mut checks = interval(shared.limits.revocations_check_interval);
    loop {
        tokio::select! {
            _ = checks.tick() => {}
            () = stop.requested_at_all() => return,
        }
        let (looked_at, known) = (path.clone(), version);
        let looked = tokio::task::spawn_blocking(move || look(&looked_at, &authority, known));
        let Ok((found, read)) = looked.await else {
            return;
        };
        version = found;
        match read {
            Some(Ok(revocations)) => shared.revocations.learn(authority, revocations).await,
            Some(Err(problem)) => (shared.report)(&problem),
            None => {}
        }
    }
}

/// The file's state, and what it holds if that is not the one that is known.
fn look(
    path: &Path,
    authority: &AuthorityKey,
    known: Version,
) -> (Version, Option<Result<Revocations, ConfigError>>) {
    let found = version(path);
    (found, (found != known).then(|| read(path, authority)))
}

fn version(path: &Path) -> Version {
    fs::metadata(path).and_then(|metadata| metadata.modified()).ok()
}

fn read(path: &Path, authority: &AuthorityKey) -> Result<Revocations, ConfigError> {
    let wrong = |problem: String| ConfigError::Revocations { path: path.to_owned(), problem };
    let bytes = read_exactly(path).map_err(|problem| wrong(problem.to_string()))?;
    let bytes = bytes.ok_or_else(|| wrong(format!("it is not of {REVOCATIONS_LEN} bytes")))?;
    Revocations::verify(&bytes, authority).map_err(|problem| wrong(problem.to_string()))
}

fn read_exactly(path: &Path) -> io::Result<Option<Box<[u8; REVOCATIONS_LEN]>>> {
    let mut bytes = Vec::new();
    let longest = u64::try_from(REVOCATIONS_LEN).unwrap_or(u64::MAX);
    File::open(path)?.take(longest.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(bytes.into_boxed_slice().try_into().ok())
}
