//! The desk page's files, read once when the desk starts.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use hyper::body::Bytes;

use crate::problem::Problem;

/// All files together, in bytes. The page takes a tenth.
const BYTES_MAX: u64 = 4_194_304;
const FILES_MAX: usize = 128;
const DEPTH_MAX: usize = 4;

/// A file as it is served.
pub(crate) struct PageFile {
    pub(crate) content_type: &'static str,
    pub(crate) content: Bytes,
}

/// Every file of the page, by the path at which it is served.
pub struct PageFiles(HashMap<String, PageFile>);

impl PageFiles {
    /// Reads a directory that holds an `index.html`.
    ///
    /// # Errors
    /// With a sentence, when there is no desk page there.
    pub fn read(directory: &Path) -> Result<Self, Problem> {
        let mut files = Self(HashMap::new());
        let read = files.read_into(directory, "/", &mut 0, DEPTH_MAX);
        if read.is_none() || !files.0.contains_key("/index.html") {
            return Err(Problem::new(
                "page-missing",
                &[("folder", directory.display().to_string().into())],
            ));
        }
        Ok(files)
    }

    /// Where the page lies when nobody names a directory: beside the program. Never in a folder of
    /// wherever the person happens to be: a page from there would get the bearer.
    pub fn default_directory() -> PathBuf {
        let program = std::env::current_exe().unwrap_or_default();
        let beside = program.parent().map(|parent| parent.join("desk-page")).unwrap_or_default();
        // A program that is being worked on finds the page where it is built; a release names no folder of
        // the machine that built it.
        #[cfg(debug_assertions)]
        if !beside.is_dir() {
            return PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../client-web/dist/desk"));
        }
        beside
    }

    pub(crate) fn at(&self, path: &str) -> Option<&PageFile> {
        self.0.get(if path == "/" { "/index.html" } else { path })
    }

    fn read_into(
        &mut self,
        directory: &Path,
        prefix: &str,
        bytes: &mut u64,
        depth: usize,
    ) -> Option<()> {
        for entry in fs::read_dir(directory).ok()? {
            let entry = entry.ok()?;
            let name = entry.file_name().into_string().ok()?;
            let kind = entry.file_type().ok()?;
            if kind.is_dir() {
                self.read_into(
                    &entry.path(),
                    &format!("{prefix}{name}/"),
                    bytes,
                    depth.checked_sub(1)?,
                )?;
            } else if kind.is_file() {
                *bytes += entry.metadata().ok()?.len();
                if *bytes > BYTES_MAX || self.0.len() >= FILES_MAX {
                    return None;
                }
                let content = fs::read(entry.path()).ok()?.into();
                let file = PageFile { content_type: content_type(&name), content };
                self.0.insert(format!("{prefix}{name}"), file);
            }
        }
        Some(())
    }
}

fn content_type(name: &str) -> &'static str {
    match Path::new(name).extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_read_with_its_folders() {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join("index.html"), "<!doctype html>").unwrap();
        fs::create_dir(directory.path().join("fonts")).unwrap();
        fs::write(directory.path().join("fonts/a.js"), "1").unwrap();
        let files = PageFiles::read(directory.path()).unwrap();
        assert_eq!(files.at("/").unwrap().content_type, "text/html; charset=utf-8");
        assert_eq!(files.at("/fonts/a.js").unwrap().content, "1");
        assert!(files.at("/fonts").is_none());
        assert!(files.at("/../secret").is_none());
    }

    #[test]
    fn a_folder_without_a_page_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        assert!(PageFiles::read(directory.path()).is_err());
        assert!(PageFiles::read(&directory.path().join("nowhere")).is_err());
        fs::write(directory.path().join("index.html"), "x").unwrap();
        fs::write(directory.path().join("large"), vec![0; 4_194_304]).unwrap();
        assert!(PageFiles::read(directory.path()).is_err());
    }
}
