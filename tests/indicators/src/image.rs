//! A memory image of the running relay, as somebody with the machine's root takes it.

use std::fs::File;
use std::io::BufRead as _;
use std::io::{BufReader, ErrorKind};
use std::os::unix::fs::FileExt as _;

use vestibule_wire::{CELLS, Cell, Sums};

/// Read at once from one mapping.
const BLOCK_BYTES: usize = 1 << 20;
const SUM_BYTES: usize = size_of::<i32>();
/// Everything that is found lies within one block and the beginning of the next.
const SUMS_BYTES: usize = CELLS * SUM_BYTES;

/// What the attacker has put into a service's sums, to find them again by: in these cells stands about
/// so much.
pub struct Mark<'a> {
    /// Neighbours in the order of the catalogue.
    pub cells: &'a [Cell],
    /// One of these in each.
    pub counts: &'a [i32],
    /// How far noise may have moved each.
    pub tolerance: i32,
}

/// Every place in a process's memory where sums with such a mark stand.
pub fn find_sums(process: u32, mark: &Mark<'_>) -> Vec<Sums> {
    let mut found = Vec::new();
    let memory = File::open(format!("/proc/{process}/mem")).expect("its owner may read it");
    for (start, end) in writable_mappings(process) {
        let mut at = start;
        while at < end {
            let whole = usize::try_from(end - at).unwrap_or(usize::MAX);
            let length = whole.min(BLOCK_BYTES + SUMS_BYTES);
            let mut block = vec![0; length];
            // A mapping may go away while it is read, and guard pages cannot be read at all.
            match memory.read_exact_at(&mut block, at) {
                Ok(()) => search(&block, mark, &mut found),
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(_) => {}
            }
            at += BLOCK_BYTES as u64;
        }
    }
    found
}

fn writable_mappings(process: u32) -> Vec<(u64, u64)> {
    let maps = File::open(format!("/proc/{process}/maps")).expect("its owner may read it");
    let of_line = |line: String| {
        let (range, rest) = line.split_once(' ')?;
        let (start, end) = range.split_once('-')?;
        let address = |text| u64::from_str_radix(text, 16).ok();
        rest.starts_with("rw").then_some((address(start)?, address(end)?))
    };
    BufReader::new(maps).lines().filter_map(|line| of_line(line.ok()?)).collect()
}

/// Sums lie on addresses that four divides, and so do blocks.
fn search(block: &[u8], mark: &Mark<'_>, found: &mut Vec<Sums>) {
    let Some(first) = mark.cells.first() else { return };
    let before = first.index() * SUM_BYTES;
    let (numbers, _) = block.as_chunks::<SUM_BYTES>();
    let tolerance = mark.tolerance.unsigned_abs();
    let fits = |at: usize, expected: &i32| {
        numbers
            .get(at)
            .is_some_and(|bytes| i32::from_le_bytes(*bytes).abs_diff(*expected) <= tolerance)
    };
    // Of sums that begin in this block; what begins in the next is read with it.
    for place in 0..(BLOCK_BYTES / SUM_BYTES).min(numbers.len()) {
        let mut expected = mark.counts.iter().enumerate();
        let Some((_, first_count)) = expected.next() else { return };
        let marked = place + before / SUM_BYTES;
        if fits(marked, first_count) && expected.all(|(by, count)| fits(marked + by, count)) {
            let sums = numbers.get(place..place + CELLS);
            let sums: Option<Vec<i32>> =
                sums.map(|sums| sums.iter().map(|bytes| i32::from_le_bytes(*bytes)).collect());
            found.extend(sums.and_then(|sums| Sums::try_from(sums).ok()));
        }
    }
}
