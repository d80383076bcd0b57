//! The page for a web server of its own, apart from the relay: the files that it serves, and the headers
//! that it sends with each of them, in the forms of two servers and in plain lines.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use axum::body::Bytes;
use axum::http::HeaderMap;
use serde::Serialize;
use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::config::{Config, Origin};
use crate::headers::apart_headers;
use crate::page::Page;

/// Where the page says which relay it belongs to: nothing in a page that the relay itself serves.
const PLACE: &str = "<meta name=\"relay\" content=\"\">";
const INDEX: &str = "/index.html";
const MANIFEST: &str = "/manifest.json";

/// Why the page cannot be written.
#[derive(Debug, Error)]
pub enum ApartError {
    /// A file cannot be written.
    #[error("{0}")]
    NotWritten(#[from] std::io::Error),
    /// The page was not built by this version.
    #[error("index.html of the page has no place for the relay's address: build it anew")]
    NoPlace,
}

impl Config {
    /// Writes the page of this relay for a web server of its own into a new folder.
    ///
    /// # Errors
    /// When the folder is there already or cannot be written.
    pub fn write_page(&self, folder: &Path) -> Result<(), ApartError> {
        let files = page_files(&self.page, &self.origins)?;
        let node = self.nodes.as_ref().map(|nodes| &nodes.this);
        let headers = apart_headers(&self.origins, node);
        // Nothing of an older page may stay beside the new one.
        fs::create_dir(folder)?;
        for (name, text) in [
            ("headers.txt", plain(&headers)),
            ("headers.nginx", nginx(&headers)),
            ("headers.caddy", caddy(&headers)),
        ] {
            fs::write(folder.join(name), text)?;
        }
        let page = folder.join("page");
        for (path, bytes) in files {
            let file = page.join(path.trim_start_matches('/'));
            fs::create_dir_all(file.parent().unwrap_or(&page))?;
            fs::write(file, bytes)?;
        }
        Ok(())
    }
}

/// The page with the relay's addresses in it, and its list of hashes made anew.
fn page_files(page: &Page, origins: &[Origin]) -> Result<BTreeMap<String, Bytes>, ApartError> {
    let mut files: BTreeMap<String, Bytes> = page.on_disk().collect();
    let index = files.get(INDEX).and_then(|bytes| std::str::from_utf8(bytes).ok());
    let index = index.filter(|text| text.matches(PLACE).count() == 1).ok_or(ApartError::NoPlace)?;
    let relays: Vec<&str> = origins.iter().map(Origin::as_str).collect();
    let filled = PLACE.replace("\"\"", &format!("\"{}\"", relays.join(" ")));
    let index = index.replace(PLACE, &filled).into_bytes();
    // What lies compressed or signed beside them is of the page without the addresses.
    files.retain(|path, _| !is_of_another_page(path));
    files.insert(INDEX.to_owned(), index.into());
    files.insert(MANIFEST.to_owned(), manifest(&files).into());
    Ok(files)
}

fn is_of_another_page(path: &str) -> bool {
    path.starts_with("/index.html.") || path.starts_with(MANIFEST)
}

/// As the build of the page writes it.
#[derive(Serialize)]
struct Manifest<'a> {
    version: u8,
    sha256: BTreeMap<&'a str, String>,
}

fn manifest(files: &BTreeMap<String, Bytes>) -> Vec<u8> {
    let hash = |bytes: &Bytes| format!("{:x}", Sha256::digest(bytes));
    let sha256 = files.iter().map(|(path, bytes)| (path.trim_start_matches('/'), hash(bytes)));
    let manifest = Manifest { version: 1, sha256: sha256.collect() };
    let mut json = serde_json::to_vec_pretty(&manifest).expect("names and hashes are JSON");
    json.push(b'\n');
    json
}

/// Names and values, in the order of names.
fn sorted(headers: &HeaderMap) -> BTreeMap<&str, &str> {
    headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.to_str().expect("our headers are ASCII")))
        .collect()
}

fn plain(headers: &HeaderMap) -> String {
    lines(headers, "", "", |name, value| format!("{name}: {value}"))
}

fn nginx(headers: &HeaderMap) -> String {
    lines(headers, "", "", |name, value| format!("add_header {name} \"{value}\" always;"))
}

fn caddy(headers: &HeaderMap) -> String {
    lines(headers, "header {\n", "}\n", |name, value| format!("\t{name} \"{value}\""))
}

fn lines(
    headers: &HeaderMap,
    before: &str,
    after: &str,
    line: impl Fn(&str, &str) -> String,
) -> String {
    let mut text = before.to_owned();
    for (name, value) in sorted(headers) {
        let _infallible = writeln!(text, "{}", line(name, value));
    }
    text.push_str(after);
    text
}

#[cfg(test)]
mod tests;
