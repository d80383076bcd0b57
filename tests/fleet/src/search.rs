//! Looks for canaries in whatever somebody may seize: memory, files, records.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::FileExt as _;
use std::path::Path;

/// What is left of a canary is found when it is at least twice as long. That anything else looks like one
/// happens once in 2^64 places.
const BLOCK_BYTES: usize = 8;
/// The same, written as hex.
const HEX_BLOCK_BYTES: usize = 2 * BLOCK_BYTES;
/// Read at once from one mapping.
const MAPPED_BYTES: usize = 1 << 20;

/// What is looked for.
#[derive(Default)]
pub struct Search {
    blocks: HashMap<[u8; BLOCK_BYTES], &'static str>,
    hex_blocks: HashMap<[u8; HEX_BLOCK_BYTES], &'static str>,
}

/// Which kinds of canaries were found, and how many blocks of each.
pub type Found = BTreeMap<&'static str, usize>;

impl Search {
    /// Looks for these bytes too, also when they are written as hex.
    pub fn add(&mut self, kind: &'static str, bytes: &[u8]) {
        assert!(bytes.len() >= BLOCK_BYTES, "a canary is longer than chance");
        for block in bytes.as_chunks::<BLOCK_BYTES>().0 {
            // What stands in every frame or every memory tells nothing.
            let is_plain = block.iter().collect::<BTreeSet<_>>().len() < BLOCK_BYTES / 2;
            if !is_plain {
                self.blocks.insert(*block, kind);
                let hex = hex(block);
                self.hex_blocks.insert(hex.as_bytes().try_into().expect("two digits a byte"), kind);
            }
        }
    }

    /// The kinds that are looked for.
    pub fn kinds(&self) -> BTreeSet<&'static str> {
        self.blocks.values().copied().collect()
    }

    /// Looks through bytes.
    pub fn through(&self, bytes: &[u8]) -> Found {
        let mut found = Found::new();
        let raw = bytes.array_windows().filter_map(|window| self.blocks.get(window));
        let hex = bytes.array_windows().filter_map(|window| self.hex_blocks.get(window));
        for kind in raw.chain(hex) {
            *found.entry(*kind).or_default() += 1;
        }
        found
    }

    /// Looks through everything that a process may read.
    pub fn through_memory(&self, process: u32) -> Found {
        let mut found = Found::new();
        let memory = File::open(format!("/proc/{process}/mem")).expect("root may read it");
        for (start, end) in mappings(process) {
            let mut at = start;
            while at < end {
                let left = usize::try_from(end - at).unwrap_or(usize::MAX);
                // What lies across two blocks is read with the first.
                let mut bytes = vec![0; left.min(MAPPED_BYTES + HEX_BLOCK_BYTES - 1)];
                if memory.read_exact_at(&mut bytes, at).is_ok() {
                    add(&mut found, self.through(&bytes));
                }
                at += MAPPED_BYTES as u64;
            }
        }
        found
    }

    /// Looks through all files of a folder, and those of its folders.
    pub fn through_folder(&self, folder: &Path) -> Found {
        let mut found = Found::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                add(&mut found, self.through_folder(&path));
            } else if let Ok(bytes) = std::fs::read(&path) {
                add(&mut found, self.through(&bytes));
                add(&mut found, self.through(&unescaped(&bytes)));
            }
        }
        found
    }
}

fn add(found: &mut Found, more: Found) {
    for (kind, count) in more {
        *found.entry(kind).or_default() += count;
    }
}

/// Of mappings of devices and of the kernel's own nothing can be read.
fn mappings(process: u32) -> Vec<(u64, u64)> {
    let maps = File::open(format!("/proc/{process}/maps")).expect("root may read it");
    let of_line = |line: String| {
        let (range, rest) = line.split_once(' ')?;
        let (start, end) = range.split_once('-')?;
        let address = |text| u64::from_str_radix(text, 16).ok();
        let is_readable = rest.starts_with('r') && !rest.contains("[vvar");
        is_readable.then_some((address(start)?, address(end)?))
    };
    BufReader::new(maps).lines().filter_map(|line| of_line(line.ok()?)).collect()
}

/// Two digits for each byte.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a text takes everything");
        text
    })
}

/// Redis writes what is no letter as `\x00` in what it tells about commands.
pub fn unescaped(text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        let (byte, taken) = match (first, after) {
            (b'\\', [b'x', high, low, ..]) => {
                let digits = std::str::from_utf8(&[*high, *low]).map(str::to_owned);
                let byte = digits.ok().and_then(|digits| u8::from_str_radix(&digits, 16).ok());
                byte.map_or((b'\\', 0), |byte| (byte, 3))
            }
            (b'\\', [escaped, ..]) => match escaped {
                b'n' => (b'\n', 1),
                b'r' => (b'\r', 1),
                b't' => (b'\t', 1),
                b'a' => (7, 1),
                b'b' => (8, 1),
                other => (*other, 1),
            },
            _ => (*first, 0),
        };
        bytes.push(byte);
        rest = rest.get(taken..).unwrap_or_default();
    }
    bytes
}
