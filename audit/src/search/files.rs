//! Files that were changed since the relay began, and those that it holds open.

use std::fs::{self, File, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::{Look, Residue};
use crate::process::Process;

/// Entries that are looked at below the named folders.
const ENTRIES_MAX: usize = 1_000_000;
/// Of one file, so many bytes are searched.
const FILE_BYTES_MAX: u64 = 1_024 * 1_024 * 1_024;
const NAMES_MAX: usize = 20;

/// What was found in files.
pub struct Searched {
    /// What was found.
    pub residue: Residue,
    /// How many files were changed.
    pub changed: usize,
    /// Some of them.
    pub names: Vec<String>,
    /// What could not be searched, or not whole.
    pub unread: Vec<String>,
}

/// Searches every regular file below these folders that was changed at `since` or later.
pub fn changed_since(folders: &[PathBuf], since: u64, except: &[PathBuf], look: &Look) -> Searched {
    let mut searched = Searched::nothing(look);
    let mut waiting: Vec<PathBuf> = folders.to_vec();
    let mut entries = 0;
    while let Some(folder) = waiting.pop() {
        let Ok(listed) = fs::read_dir(&folder) else {
            searched.not_read(&folder);
            continue;
        };
        for entry in listed.flatten() {
            entries += 1;
            if entries > ENTRIES_MAX {
                searched.unread.push(format!("more than {ENTRIES_MAX} entries"));
                return searched;
            }
            let path = entry.path();
            let Ok(metadata) = fs::symlink_metadata(&path) else { continue };
            if except.iter().any(|except| path.starts_with(except)) {
                continue;
            }
            // Names are kept too.
            look.at(path.as_os_str().as_encoded_bytes(), "names of files", &mut searched.residue);
            if metadata.is_dir() {
                waiting.push(path);
            } else if metadata.is_file() && is_changed(&metadata, since) {
                searched.file(&path, look);
            }
        }
    }
    searched
}

/// Searches the regular files that a process holds open, deleted and nameless ones too.
///
/// # Errors
/// When its open files may not be seen.
pub fn held_open(process: Process, look: &Look) -> io::Result<Searched> {
    let mut searched = Searched::nothing(look);
    for file in process.open_files()? {
        let path = process.path(&format!("fd/{}", file.number));
        if fs::metadata(&path).is_ok_and(|metadata| metadata.is_file()) {
            searched.changed += 1;
            let place = format!("open file {}: {}", file.number, file.name);
            searched.content(&path, &place, look);
        }
    }
    Ok(searched)
}

fn is_changed(metadata: &Metadata, since: u64) -> bool {
    let since = i64::try_from(since).unwrap_or(i64::MAX);
    // The second that the relay began in counts too.
    metadata.mtime() >= since || metadata.ctime() >= since
}

impl Searched {
    fn nothing(look: &Look) -> Self {
        let residue = look.nothing();
        Self { residue, changed: 0, names: Vec::new(), unread: Vec::new() }
    }

    fn file(&mut self, path: &Path, look: &Look) {
        self.changed += 1;
        if self.names.len() < NAMES_MAX {
            self.names.push(path.display().to_string());
        }
        self.content(path, &path.display().to_string(), look);
    }

    fn content(&mut self, path: &Path, place: &str, look: &Look) {
        let read = File::open(path)
            .and_then(|file| look.through(file, FILE_BYTES_MAX, place, &mut self.residue));
        if !matches!(read, Ok(true)) {
            self.not_read(path);
        }
    }

    fn not_read(&mut self, path: &Path) {
        if self.unread.len() < NAMES_MAX {
            self.unread.push(path.display().to_string());
        }
    }
}
