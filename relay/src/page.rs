//! The client's page, read into memory when the relay starts: nothing is read while it serves.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use thiserror::Error;

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
    pub(crate) bytes: axum::body::Bytes,
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
        if page.0.contains_key("/index.html") { Ok(page) } else { Err(PageError::NoIndex) }
    }

    /// Adds a file, for pages that are not in a directory.
    #[must_use]
    pub fn with_file(mut self, path: &str, bytes: Vec<u8>) -> Self {
        let content_type = content_type(path);
        self.0.insert(path.to_owned(), PageFile { content_type, bytes: bytes.into() });
        self
    }

    /// What is at a path.
    pub(crate) fn file(&self, path: &str) -> Option<&PageFile> {
        self.0.get(if path == "/" { "/index.html" } else { path })
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
                let bytes = fs::read(entry.path())?.into();
                self.0.insert(path.clone(), PageFile { content_type: content_type(&path), bytes });
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
