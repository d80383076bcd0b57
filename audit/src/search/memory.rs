//! The memory of a process, region by region.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::FileExt;

use super::{Look, Residue};
use crate::process::Process;

/// A region is read so far; what lies beyond is told as not searched.
const REGION_BYTES_MAX: u64 = 4 * 1_024 * 1_024 * 1_024;
const PAGE_BYTES: usize = 4_096;

/// What was found in memory, and what could not be read.
pub struct Searched {
    /// What was found.
    pub residue: Residue,
    /// Regions that the kernel shows to nobody, or that are too long.
    pub unread: Vec<String>,
}

/// Searches everything that the process can read.
///
/// # Errors
/// When its memory may not be read.
pub fn search(process: Process, look: &Look) -> io::Result<Searched> {
    let memory = File::open(process.path("mem"))?;
    let mut searched = Searched { residue: look.nothing(), unread: Vec::new() };
    for region in process.regions()? {
        // Nothing can be kept where nothing can be read; the kernel's own pages are the same for all.
        if !region.rights.starts_with('r') || region.name.starts_with("[v") {
            continue;
        }
        let name = if region.name.is_empty() { "memory without a name" } else { &region.name };
        let place = format!("{name} {:x} {}", region.from, region.rights);
        let length = region.len().min(REGION_BYTES_MAX);
        let reader = MemoryReader { memory: &memory, at: region.from, left: length, unread: 0 };
        let mut reader = reader;
        look.through(&mut reader, REGION_BYTES_MAX, &place, &mut searched.residue)?;
        let unread = reader.unread + (region.len() - length);
        if unread > 0 {
            searched.unread.push(format!("{place}: {unread} bytes"));
        }
    }
    Ok(searched)
}

/// Reads on behind pages that cannot be read.
struct MemoryReader<'a> {
    memory: &'a File,
    at: u64,
    left: u64,
    unread: u64,
}

impl Read for MemoryReader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let wanted = usize::try_from(self.left).unwrap_or(usize::MAX).min(buffer.len());
        if wanted == 0 {
            return Ok(0);
        }
        let read = if let Ok(read @ 1..) = self.memory.read_at(&mut buffer[..wanted], self.at) {
            read
        } else {
            let page = wanted.min(PAGE_BYTES);
            buffer[..page].fill(0);
            self.unread += u64::try_from(page).unwrap_or(u64::MAX);
            page
        };
        let length = u64::try_from(read).unwrap_or(u64::MAX);
        self.at += length;
        self.left -= length;
        Ok(read)
    }
}
