//! The client's page, read into memory when the relay starts: nothing is read while it serves.
//!
//! A file may lie compressed beside itself, as `NAME.br` or `NAME.gz`. On a slow line that is the
//! difference between a quarter of a minute and most of one. The build makes them, so that the relay
//! compresses nothing and an auditor has their hashes.

mod encoding;

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use axum::body::Bytes;
use thiserror::Error;

use encoding::Encoding;

/// A page may have so many files, of so many bytes together.
const FILES_MAX: usize = 256;
const BYTES_MAX: u64 = 8 * 1_024 * 1_024;
const DEPTH_MAX: usize = 4;

/// Why a directory is not a page.
#[derive(Debug, Error)]
pub enum PageError {
    /// It, or something in it, cannot be read.
    #[error("cannot be read: {0}")]
    Unreadable(#[from] std::io::Error),
    /// It has no `index.html`.
    #[error("has no index.html; build it with `npm run build` in client-web")]
    NoIndex,
    /// It is no page.
    #[error("is too large: at most 256 files, 8 MiB and 4 directories deep")]
    TooLarge,
    /// A name that no address can have.
    #[error("has a file whose name is not letters, digits, '.', '-' and '_'")]
    StrangeName,
}

/// A page's files by their path in the address, `/index.html` among them.
#[derive(Default)]
pub struct Page(HashMap<String, PageFile>);

/// One file of the page.
pub(crate) struct PageFile {
    /// What it is, as HTTP says it.
    pub(crate) content_type: &'static str,
    /// What it holds.
    pub(crate) bytes: Bytes,
    /// The same in fewer bytes, the fewest first.
    encoded: Vec<(Encoding, Bytes)>,
}

impl PageFile {
    fn new(path: &str, bytes: Bytes) -> Self {
        Self { content_type: content_type(path), bytes, encoded: Vec::new() }
    }

    /// What to send to who accepts these encodings, and in which it is.
    pub(crate) fn for_who_accepts(&self, accepted: &str) -> (Option<&'static str>, Bytes) {
        let best = self.encoded.iter().find(|(encoding, _)| encoding.is_in(accepted));
        match best {
            Some((encoding, bytes)) => (Some(encoding.name()), bytes.clone()),
            None => (None, self.bytes.clone()),
        }
    }
}

impl Page {
    /// Reads a directory.
    ///
    /// # Errors
    /// When it is missing, too large or has no `index.html`.
    pub fn load(directory: &Path) -> Result<Self, PageError> {
        let mut page = Self::default();
        let mut bytes_left = BYTES_MAX;
        page.add_directory(directory, "", DEPTH_MAX, &mut bytes_left)?;
        page.put_encoded_beside();
        if page.0.contains_key("/index.html") { Ok(page) } else { Err(PageError::NoIndex) }
    }

    /// Adds a file, for pages that are not in a directory.
    #[must_use]
    pub fn with_file(mut self, path: &str, bytes: Vec<u8>) -> Self {
        self.0.insert(path.to_owned(), PageFile::new(path, bytes.into()));
        self
    }

    /// What is at a path.
    pub(crate) fn file(&self, path: &str) -> Option<&PageFile> {
        self.0.get(if path == "/" { "/index.html" } else { path })
    }

    /// Every file by its path, compressed ones beside the plain as the build made them.
    pub(crate) fn on_disk(&self) -> impl Iterator<Item = (String, Bytes)> {
        self.0.iter().flat_map(|(path, file)| {
            let encoded = file.encoded.iter().map(move |(encoding, bytes)| {
                (format!("{path}{}", encoding.ending()), bytes.clone())
            });
            encoded.chain([(path.clone(), file.bytes.clone())])
        })
    }

    /// Takes each compressed file to the one that it is of. It has no address of its own.
    fn put_encoded_beside(&mut self) {
        for encoding in Encoding::ALL {
            let of = |path: &String| path.strip_suffix(encoding.ending()).map(str::to_owned);
            let plain: Vec<String> =
                self.0.keys().filter_map(of).filter(|path| self.0.contains_key(path)).collect();
            for path in plain {
                let encoded = self.0.remove(&format!("{path}{}", encoding.ending()));
                let file = self.0.get_mut(&path);
                if let Some((encoded, file)) = encoded.zip(file) {
                    file.encoded.push((encoding, encoded.bytes));
                }
            }
        }
    }

    fn add_directory(
        &mut self,
        directory: &Path,
        prefix: &str,
        depth_left: usize,
        bytes_left: &mut u64,
    ) -> Result<(), PageError> {
        let depth_left = depth_left.checked_sub(1).ok_or(PageError::TooLarge)?;
        for entry in fs::read_dir(directory)? {
            let entry = entry?;
            let name = entry.file_name();
            let name = name.to_str().filter(|name| is_plain(name)).ok_or(PageError::StrangeName)?;
            let path = format!("{prefix}/{name}");
            let metadata = entry.metadata()?;
            if metadata.is_dir() {
                self.add_directory(&entry.path(), &path, depth_left, bytes_left)?;
            } else if metadata.is_file() {
                *bytes_left = bytes_left.checked_sub(metadata.len()).ok_or(PageError::TooLarge)?;
                if self.0.len() >= FILES_MAX {
                    return Err(PageError::TooLarge);
                }
                let file = PageFile::new(&path, fs::read(entry.path())?.into());
                self.0.insert(path, file);
            }
        }
        Ok(())
    }
}

fn is_plain(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json" | "map") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests;
