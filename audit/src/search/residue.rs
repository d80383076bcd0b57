//! What was found in one place.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::{self, Read};

use crate::binary_addresses::{self, Seen};
use crate::ledger::{Addresses, Ledger, Owner};
use crate::marks::{BLOCK_LEN, MarkKind};
use crate::scanner::{REACH, Scanner, Trace};

/// Read at once, in bytes.
const CHUNK_BYTES: usize = 4 * 1_024 * 1_024;
/// Places that are told by name.
const PLACES_MAX: usize = 12;

/// Everything that is looked for, and whose it is.
pub struct Look {
    ledger: Ledger,
    scanner: Scanner,
    addresses: Addresses,
}

/// What was found.
#[derive(Default)]
pub struct Residue {
    /// How many bytes were looked at.
    pub bytes: u64,
    blocks: HashSet<u32>,
    masked: usize,
    others: HashSet<Trace>,
    encoded: usize,
    fragments: usize,
    /// Addresses of four bytes.
    pub addresses: Seen,
    shares: (usize, usize),
    places: BTreeMap<String, BTreeMap<&'static str, usize>>,
    owners: HashMap<Owner, usize>,
}

impl Look {
    /// Looks for all that is planted by now.
    pub fn new(ledger: &Ledger) -> Self {
        let (scanner, addresses) = (ledger.scanner(), ledger.addresses());
        Self { ledger: ledger.clone(), scanner, addresses }
    }

    /// Nothing was found yet.
    pub fn nothing(&self) -> Residue {
        Residue { shares: self.addresses.shares(), ..Residue::default() }
    }

    /// The addresses of this run.
    pub fn addresses(&self) -> &Addresses {
        &self.addresses
    }

    /// Looks at these bytes, which lie at this place.
    pub fn at(&self, bytes: &[u8], place: &str, residue: &mut Residue) {
        self.look(bytes, bytes.len(), place, residue);
    }

    /// Looks at what can be read, at most so many bytes. Returns whether that was all.
    ///
    /// # Errors
    /// When reading fails.
    pub fn through(
        &self,
        mut reader: impl Read,
        bytes_max: u64,
        place: &str,
        residue: &mut Residue,
    ) -> io::Result<bool> {
        let mut chunk = vec![0; CHUNK_BYTES];
        let (mut kept, mut left) = (0, bytes_max);
        loop {
            let read = reader.read(&mut chunk[kept..])?;
            let length = kept + read;
            if read == 0 || left == 0 {
                self.look(&chunk[..length], length, place, residue);
                return Ok(read == 0);
            }
            left = left.saturating_sub(u64::try_from(read).unwrap_or(u64::MAX));
            // What begins near the end is looked at when more is there.
            let whole = length.saturating_sub(REACH);
            self.look(&chunk[..length], whole, place, residue);
            chunk.copy_within(whole..length, 0);
            kept = length - whole;
        }
    }

    /// Looks at marks that begin before `from_before`.
    fn look(&self, bytes: &[u8], from_before: usize, place: &str, residue: &mut Residue) {
        let mut here: BTreeMap<&'static str, usize> = BTreeMap::new();
        residue.bytes += u64::try_from(from_before).unwrap_or(u64::MAX);
        self.scanner.scan(bytes, |hit| {
            if hit.offset >= from_before {
                return;
            }
            residue.masked += usize::from(hit.masked);
            *here.entry(name(hit.trace)).or_default() += 1;
            match hit.trace {
                Trace::Mark(MarkKind::Content, number) => {
                    if residue.blocks.insert(number)
                        && let Some(owner) = self.ledger.owner(number)
                    {
                        *residue.owners.entry(owner).or_default() += 1;
                    }
                }
                Trace::Fragment(_) => residue.fragments += 1,
                Trace::Encoded(_) => residue.encoded += 1,
                Trace::Mark(MarkKind::Route | MarkKind::Link | MarkKind::Agent, _)
                | Trace::Token(_)
                | Trace::Seat(_)
                | Trace::TlsSecret(_)
                | Trace::AddressText(_) => {
                    residue.others.insert(hit.trace);
                }
            }
        });
        let of_before = residue.addresses.with_port;
        binary_addresses::count(&bytes[..from_before], &self.addresses, &mut residue.addresses);
        let with_port = residue.addresses.with_port - of_before;
        if with_port > 0 {
            here.insert("addresses with their port", with_port);
        }
        if here.is_empty() {
            return;
        }
        if residue.places.len() < PLACES_MAX || residue.places.contains_key(place) {
            let known = residue.places.entry(place.to_owned()).or_default();
            for (name, count) in here {
                *known.entry(name).or_default() += count;
            }
        }
    }
}

impl Residue {
    /// Blocks of content, each counted once.
    pub fn blocks(&self) -> usize {
        self.blocks.len()
    }

    /// Whether not the least was found.
    pub fn is_clean(&self) -> bool {
        self.marks() == 0
            && self.addresses.with_port == 0
            && self.addresses.beyond_chance(self.shares) == 0
    }

    fn marks(&self) -> usize {
        self.blocks.len() + self.others.len() + self.encoded + self.fragments
    }

    fn count(&self, is: impl Fn(&Trace) -> bool) -> usize {
        self.others.iter().filter(|trace| is(trace)).count()
    }

    /// Tokens, routes, links, agents, keys to seats, and addresses as text: what tells whose a consultation
    /// is. A connection that is open has secrets of TLS, which do not.
    pub fn identifiers(&self) -> usize {
        self.count(|trace| !matches!(trace, Trace::TlsSecret(_)))
    }

    /// The most content found of one direction of one of these consultations, in bytes.
    pub fn most_of_one_direction_bytes(&self, consultations: &[u32]) -> usize {
        let of_these =
            self.owners.iter().filter(|(it, _)| consultations.contains(&it.consultation));
        of_these.map(|(_, blocks)| *blocks).max().unwrap_or_default() * BLOCK_LEN
    }

    /// What was found, in lines for the report.
    pub fn lines(&self) -> Vec<String> {
        let mark = |kind| self.count(|trace| matches!(trace, Trace::Mark(of, _) if *of == kind));
        let mut lines = vec![
            format!("bytes searched: {}", self.bytes),
            format!(
                "blocks: {}; fragments: {}; encoded: {}; under a WebSocket mask: {}",
                self.blocks.len(),
                self.fragments,
                self.encoded,
                self.masked
            ),
            format!(
                "tokens: {}; links: {}; seats: {}; routes: {}; user agents: {}; secrets of TLS: {}; \
                 addresses as text: {}",
                self.count(|trace| matches!(trace, Trace::Token(_))),
                mark(MarkKind::Link),
                self.count(|trace| matches!(trace, Trace::Seat(_))),
                mark(MarkKind::Route),
                mark(MarkKind::Agent),
                self.count(|trace| matches!(trace, Trace::TlsSecret(_))),
                self.count(|trace| matches!(trace, Trace::AddressText(_))),
            ),
            format!(
                "addresses of four bytes: {} with their port, {} alone; {} decoys",
                self.addresses.with_port,
                self.addresses.bare(),
                self.addresses.decoys()
            ),
        ];
        lines.extend(self.places.iter().map(|(place, found)| {
            let found = found.iter().map(|(name, count)| format!("{count} {name}"));
            format!("in {place}: {}", found.collect::<Vec<_>>().join(", "))
        }));
        lines
    }
}

/// What a trace is called, where it is counted each time that it is there.
fn name(trace: Trace) -> &'static str {
    match trace {
        Trace::Mark(MarkKind::Content, _) => "blocks",
        Trace::Mark(MarkKind::Route, _) => "routes",
        Trace::Mark(MarkKind::Link, _) => "links",
        Trace::Mark(MarkKind::Agent, _) => "user agents",
        Trace::Fragment(_) => "fragments",
        Trace::Encoded(_) => "encoded",
        Trace::Token(_) => "pieces of tokens",
        Trace::Seat(_) => "seats",
        Trace::TlsSecret(_) => "secrets of TLS",
        Trace::AddressText(_) => "addresses as text",
    }
}
