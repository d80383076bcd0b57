//! The one file that the relay writes: whole at every moment, also when the power goes. An empty one
//! beside it is locked for as long as the relay runs, so that no other relay writes there too.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use super::kept::Kept;
use crate::ConfigError;
use crate::confine::folder_of;

/// Far more than a hundred services fill in ten years.
const FILE_BYTES_MAX: u64 = 67_108_864;

/// Where the sums are kept, and what is kept there.
pub struct IndicatorsFile {
    path: PathBuf,
    pub(super) kept: Kept,
    /// The kernel frees it when the process ends, however it does.
    _lock: Option<File>,
}

impl IndicatorsFile {
    /// Reads the file; one that is not there yet has nothing in it.
    ///
    /// # Errors
    /// When it cannot be read, or holds what no relay wrote there. It is left as it is.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let wrong = |problem: String| ConfigError::Indicators {
            path: path.to_owned(),
            line: None,
            problem,
        };
        let kept = match read_text(path) {
            Ok(text) => Kept::read(&text).map_err(|error| {
                let line = Some(error.line()).filter(|line| *line > 0);
                ConfigError::Indicators { path: path.to_owned(), line, problem: problem_of(&error) }
            })?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Kept::default(),
            Err(error) => return Err(wrong(error.to_string())),
        };
        Ok(Self { path: path.to_owned(), kept, _lock: None })
    }

    /// Makes it this process's own, reads it once more, since until now another may have written, and
    /// writes it as it is, so that a folder that cannot be written is known before anything was counted.
    ///
    /// # Errors
    /// When another relay has it, or it cannot be read or written.
    pub fn claim(self) -> Result<Self, ConfigError> {
        let lock = lock(&self.path).map_err(|problem| match problem {
            TryLockError::WouldBlock => ConfigError::IndicatorsTaken { path: self.path.clone() },
            TryLockError::Error(problem) => self.not_written(problem),
        })?;
        let claimed = Self { _lock: Some(lock), ..Self::read(&self.path)? };
        replace(&claimed.path, &claimed.kept.write())
            .map_err(|problem| claimed.not_written(problem))?;
        Ok(claimed)
    }

    /// Where it is replaced.
    pub(crate) fn folder(&self) -> PathBuf {
        folder_of(&self.path)
    }

    /// Takes over what is to be kept from now on, when it is written and not before.
    pub(super) fn write(&mut self, kept: Kept) -> Result<(), ConfigError> {
        replace(&self.path, &kept.write()).map_err(|problem| self.not_written(problem))?;
        self.kept = kept;
        Ok(())
    }

    fn not_written(&self, problem: io::Error) -> ConfigError {
        ConfigError::IndicatorsNotWritten { path: self.path.clone(), problem }
    }
}

/// Without the place, which is told apart.
fn problem_of(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or_default().replace('\n', " ")
}

fn read_text(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    let file = File::open(path)?;
    if file.metadata()?.len() > FILE_BYTES_MAX {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    file.take(FILE_BYTES_MAX).read_to_string(&mut text)?;
    Ok(text)
}

/// Puts other bytes in the place of a file's: they lie whole and durable beside it before they take its
/// name, and their name is durable when this returns.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let beside = beside(path, ".new");
    let mut file = create(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&beside, path)?;
    File::open(folder_of(path))?.sync_all()
}

/// Locks a file that stays where it is: the one with the sums is replaced at each writing. It is held open
/// for reading alone, so that the relay has no file open that can be written.
fn lock(path: &Path) -> Result<File, TryLockError> {
    let beside = beside(path, ".lock");
    create(&beside).map_err(TryLockError::Error)?;
    let file = File::open(&beside).map_err(TryLockError::Error)?;
    file.try_lock()?;
    Ok(file)
}

/// An empty file that only its owner reads.
fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// One name for each purpose, so that what a power cut leaves behind is replaced by the next writing.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(ending);
    path.with_file_name(name)
}

#[cfg(test)]
mod tests;
