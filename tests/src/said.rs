//! What relays say while tests run, kept for whoever runs all tests and looks at all of it at the end.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// Names the folder; without it nothing is kept.
const FOLDER_VARIABLE: &str = "VESTIBULE_SAID";

/// A new file for what one relay says.
pub fn file(harness: &str) -> Option<File> {
    path(harness).map(|path| File::create(path).unwrap())
}

/// Keeps a copy of a log.
pub fn keep(harness: &str, log: &Path) {
    if let Some(path) = path(harness) {
        fs::copy(log, path).unwrap();
    }
}

fn path(harness: &str) -> Option<PathBuf> {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let folder = PathBuf::from(std::env::var_os(FOLDER_VARIABLE)?);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    Some(folder.join(format!("{harness}-{}-{number}.log", std::process::id())))
}
