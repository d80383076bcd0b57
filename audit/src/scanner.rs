//! Finds marks in any bytes, as they were sent or under a WebSocket mask that nobody knows.
//!
//! A mask of four bytes repeats, so the difference (XOR) of bytes that stand four apart is the same with
//! and without it. The eight differences at a mark's head are looked up at every position; what fits
//! shows its mask, is taken out from under it and compared as a whole.

use std::collections::HashMap;

use data_encoding::{BASE64, BASE64URL, HEXLOWER, HEXUPPER};

use crate::marks::{BLOCK_LEN, MarkKind, PREFIX_LEN, Run};

/// Bits of the table that answers first; most positions go no further.
const FILTER_BITS: u32 = 18;
/// No mark and no neighbourhood that is looked at is longer, in bytes.
pub const REACH: usize = 128;

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Trace {
    /// A whole mark of a kind, with its number.
    Mark(MarkKind, u32),
    /// The beginning of a mark whose rest is gone.
    Fragment(MarkKind),
    /// A mark written in hex, in base64, as a list of numbers or with escapes.
    Encoded(MarkKind),
    /// Part of a token's signature, by the number of its link.
    Token(u32),
    /// A key to a seat, by the number of its link.
    Seat(u32),
    /// A secret of a TLS connection, by its number.
    TlsSecret(u32),
    /// A source address, by its number, as text.
    AddressText(u32),
}

/// Where something was found, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// What.
    pub trace: Trace,
    /// Where it begins.
    pub offset: usize,
    /// Whether it lay under a WebSocket mask.
    pub masked: bool,
}

struct Needle {
    bytes: Vec<u8>,
    trace: Trace,
}

/// Looks for everything that a run has planted.
pub struct Scanner {
    run: Run,
    needles: Vec<Needle>,
    by_difference: HashMap<u64, Vec<usize>>,
    filter: Vec<u64>,
}

impl Scanner {
    /// Looks for the marks of a run, in the forms in which programs write bytes.
    pub fn new(run: Run) -> Self {
        let filter = vec![0; 1 << (FILTER_BITS - 6)];
        let mut scanner = Self { run, needles: Vec::new(), by_difference: HashMap::new(), filter };
        for kind in MarkKind::ALL {
            let prefix = run.prefix(kind);
            scanner.add(&prefix, Trace::Fragment(kind));
            let forms = encodings(&prefix).into_iter().filter(|text| text.as_bytes() != prefix);
            for text in forms {
                scanner.add(text.as_bytes(), Trace::Encoded(kind));
            }
        }
        scanner
    }

    /// Looks for these bytes too, at least twelve.
    pub fn add(&mut self, bytes: &[u8], trace: Trace) {
        let Some(head) = bytes.first_chunk() else {
            debug_assert!(false, "a needle has at least {PREFIX_LEN} bytes");
            return;
        };
        let difference = difference(head);
        let bit = filter_bit(difference);
        self.filter[bit / 64] |= 1 << (bit % 64);
        self.by_difference.entry(difference).or_default().push(self.needles.len());
        self.needles.push(Needle { bytes: bytes.to_vec(), trace });
    }

    /// Calls back for everything in these bytes.
    pub fn scan(&self, bytes: &[u8], mut found: impl FnMut(Hit)) {
        for (offset, window) in bytes.windows(PREFIX_LEN).enumerate() {
            let Some(head) = window.first_chunk() else { return };
            let difference = difference(head);
            let bit = filter_bit(difference);
            if difference == 0 || self.filter[bit / 64] >> (bit % 64) & 1 == 0 {
                continue;
            }
            for index in self.by_difference.get(&difference).into_iter().flatten() {
                if let Some(hit) = self.check(&self.needles[*index], bytes, offset) {
                    found(hit);
                }
            }
        }
    }

    fn check(&self, needle: &Needle, bytes: &[u8], offset: usize) -> Option<Hit> {
        let rest = &bytes[offset..];
        let mut mask = [0; 4];
        for (place, byte) in mask.iter_mut().enumerate() {
            *byte = rest[place] ^ needle.bytes[place];
        }
        let unmasked = |place: usize| rest.get(place).map(|byte| byte ^ mask[place % 4]);
        let fits = (0..needle.bytes.len()).all(|at| unmasked(at) == Some(needle.bytes[at]));
        // Text is written by programs, and only frames are masked; tables of numbers can look like both.
        let is_text = matches!(needle.trace, Trace::Encoded(_) | Trace::AddressText(_));
        if !fits || is_text && mask != [0; 4] {
            return None;
        }
        let trace = match needle.trace {
            Trace::Fragment(kind) => {
                let mut block = [0; BLOCK_LEN];
                for (place, byte) in block.iter_mut().enumerate() {
                    *byte = unmasked(place).unwrap_or_default();
                }
                let number = self.run.read(kind, &block);
                number.map_or(needle.trace, |number| Trace::Mark(kind, number))
            }
            Trace::Mark(..)
            | Trace::Encoded(_)
            | Trace::Token(_)
            | Trace::Seat(_)
            | Trace::TlsSecret(_)
            | Trace::AddressText(_) => needle.trace,
        };
        Some(Hit { trace, offset, masked: mask != [0; 4] })
    }
}

/// XOR of the first eight bytes with the eight that begin four later.
fn difference(head: &[u8; PREFIX_LEN]) -> u64 {
    let word = |bytes: Option<&[u8; 8]>| u64::from_le_bytes(*bytes.expect("twelve hold eight"));
    word(head.first_chunk()) ^ word(head.last_chunk())
}

fn filter_bit(difference: u64) -> usize {
    let mixed = difference.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - FILTER_BITS);
    usize::try_from(mixed).expect("eighteen bits fit")
}

/// How programs write bytes into logs and files.
fn encodings(prefix: &[u8; PREFIX_LEN]) -> Vec<String> {
    let mut texts = vec![HEXLOWER.encode(prefix), HEXUPPER.encode(prefix)];
    let numbers =
        |separator: &str| prefix.iter().map(u8::to_string).collect::<Vec<_>>().join(separator);
    texts.extend([numbers(", "), numbers(",")]);
    texts.extend([prefix.escape_ascii().to_string(), escaped_by_redis(prefix)]);
    // Where base64 begins in the middle, the first and last letters depend on the neighbours.
    for (shift, from, to) in [(0, 0, 16), (1, 2, 17), (2, 3, 18)] {
        let shifted = [&vec![0; shift][..], prefix].concat();
        for alphabet in [BASE64, BASE64URL] {
            let text = alphabet.encode(&shifted);
            texts.extend(text.get(from..to).map(str::to_owned));
        }
    }
    texts.sort();
    texts.dedup();
    texts
}

/// As Redis writes bytes for people (`sdscatrepr`).
fn escaped_by_redis(prefix: &[u8]) -> String {
    let escape = |byte: &u8| match byte {
        b'\\' | b'"' => format!("\\{}", char::from(*byte)),
        b'\n' => "\\n".to_owned(),
        b'\r' => "\\r".to_owned(),
        b'\t' => "\\t".to_owned(),
        7 => "\\a".to_owned(),
        8 => "\\b".to_owned(),
        b' '..=b'~' => char::from(*byte).to_string(),
        _ => format!("\\x{byte:02x}"),
    };
    prefix.iter().map(escape).collect()
}

#[cfg(test)]
mod tests;
