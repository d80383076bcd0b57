//! What the kernel tells about a process, in `/proc`.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::PathBuf;

/// Longest file of `/proc` that is read whole, in bytes.
const TEXT_BYTES_MAX: u64 = 16 * 1_024 * 1_024;
const TICKS_PER_SECOND: u64 = 100;

/// A process under audit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Process(pub u32);

/// One line of its map of memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// First address.
    pub from: u64,
    /// The address after the last.
    pub to: u64,
    /// As in `rw-p`.
    pub rights: String,
    /// What it is of, or empty.
    pub name: String,
}

/// An open file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenFile {
    /// Its number.
    pub number: u32,
    /// As the kernel names it: `/path`, `socket:[12]`, `anon_inode:[eventpoll]`.
    pub name: String,
    /// Whether it can be written.
    pub writable: bool,
}

impl Process {
    /// A file of the process's folder in `/proc`.
    pub fn path(self, name: &str) -> PathBuf {
        PathBuf::from(format!("/proc/{}/{name}", self.0))
    }

    /// A file of that folder as text.
    ///
    /// # Errors
    /// When it may not be read.
    pub fn text(self, name: &str) -> io::Result<String> {
        read_text(&self.path(name))
    }

    /// Fields of `status`, also of one thread.
    ///
    /// # Errors
    /// When it may not be read.
    pub fn status(self, thread: Option<u32>) -> io::Result<HashMap<String, String>> {
        let name = thread.map_or("status".to_owned(), |thread| format!("task/{thread}/status"));
        let text = self.text(&name)?;
        let fields = text.lines().filter_map(|line| line.split_once(':'));
        Ok(fields.map(|(name, value)| (name.to_owned(), value.trim().to_owned())).collect())
    }

    /// Its threads.
    ///
    /// # Errors
    /// When there is no such process.
    pub fn threads(self) -> io::Result<Vec<u32>> {
        let entries = fs::read_dir(self.path("task"))?.flatten();
        Ok(entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect())
    }

    /// Its map of memory.
    ///
    /// # Errors
    /// When it may not be read.
    pub fn regions(self) -> io::Result<Vec<Region>> {
        Ok(self.text("maps")?.lines().filter_map(Region::read).collect())
    }

    /// Its open files.
    ///
    /// # Errors
    /// When they may not be read.
    pub fn open_files(self) -> io::Result<Vec<OpenFile>> {
        let mut files = Vec::new();
        for entry in fs::read_dir(self.path("fd"))?.flatten() {
            let number = entry.file_name().to_str().and_then(|name| name.parse().ok());
            let (Some(number), Ok(link)) = (number, fs::read_link(entry.path())) else {
                // Closed in the meantime.
                continue;
            };
            let flags = self.text(&format!("fdinfo/{number}")).unwrap_or_default();
            let flags = flags.lines().find_map(|line| line.strip_prefix("flags:"));
            let flags = flags.and_then(|octal| u32::from_str_radix(octal.trim(), 8).ok());
            let writable = flags.is_none_or(|flags| flags & 3 != 0);
            files.push(OpenFile { number, name: link.to_string_lossy().into_owned(), writable });
        }
        files.sort_by_key(|file| file.number);
        Ok(files)
    }

    /// When it was started, in Unix seconds.
    ///
    /// # Errors
    /// When that cannot be found out.
    pub fn started_at(self) -> io::Result<u64> {
        let odd = || io::Error::from(io::ErrorKind::InvalidData);
        let stat = self.text("stat")?;
        // The name, in brackets, may hold spaces. The start is the 22nd field, the 20th after it.
        let (_, fields) = stat.rsplit_once(')').ok_or_else(odd)?;
        let ticks: u64 =
            fields.split_whitespace().nth(19).ok_or_else(odd)?.parse().map_err(|_| odd())?;
        let system = read_text(&PathBuf::from("/proc/stat"))?;
        let boot = system.lines().find_map(|line| line.strip_prefix("btime "));
        let boot: u64 = boot.and_then(|text| text.parse().ok()).ok_or_else(odd)?;
        Ok(boot + ticks / TICKS_PER_SECOND)
    }
}

impl Region {
    fn read(line: &str) -> Option<Self> {
        let mut fields = line.split_whitespace();
        let (from, to) = fields.next()?.split_once('-')?;
        let rights = fields.next()?.to_owned();
        let name = fields.skip(3).collect::<Vec<_>>().join(" ");
        let [from, to] = [from, to].map(|hex| u64::from_str_radix(hex, 16).ok());
        Some(Self { from: from?, to: to?, rights, name })
    }

    /// Its length in bytes.
    pub fn len(&self) -> u64 {
        self.to.saturating_sub(self.from)
    }

    /// Whether it has no bytes.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A text file of bounded length.
///
/// # Errors
/// When it cannot be read.
pub fn read_text(path: &std::path::Path) -> io::Result<String> {
    let mut bytes = Vec::new();
    File::open(path)?.take(TEXT_BYTES_MAX).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
