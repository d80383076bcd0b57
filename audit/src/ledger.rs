//! What this run has planted, so that whatever turns up can be told to whom it belongs.

use std::collections::HashMap;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use vestibule_wire::{CELL_LEN, OPENING_LEN, SIGNATURE_LEN, SeatKey};

use crate::entropy::random_bytes;
use crate::marks::{BLOCK_LEN, MarkKind, Run};
use crate::scanner::{Scanner, Trace};

/// Pieces of a signature, of a seat's key and of a secret that are looked for, in bytes.
const PIECE_LEN: usize = 16;
/// Octets of canary addresses: three digits each, so that no address is the beginning of another.
const OCTET_MIN: u32 = 100;
const OCTETS: u32 = 155;
/// Steps through all pairs of octets, so that addresses in use and others lie mixed.
const STEP: u32 = 7_919;

/// Which way content went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// From the client to the worker.
    ToWorker,
    /// From the worker to the client.
    ToClient,
}

/// Whose a block was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Owner {
    /// Which consultation.
    pub consultation: u32,
    /// Which way it went.
    pub direction: Direction,
}

/// Everything planted so far. Clones share it.
#[derive(Clone)]
pub struct Ledger(Arc<Mutex<Planted>>);

struct Planted {
    run: Run,
    second_octet: u8,
    /// Owner of each block that was sent: its number is the place.
    blocks: Vec<Owner>,
    routes: u32,
    agents: u32,
    signatures: Vec<[u8; SIGNATURE_LEN]>,
    seats: Vec<SeatKey>,
    addresses: Vec<Ipv4Addr>,
    /// Which address each connection came from, and its port.
    sources: Vec<(Ipv4Addr, u16)>,
    /// The first piece of each secret of TLS, and where its connection came from.
    tls_secrets: Vec<(Ipv4Addr, [u8; PIECE_LEN])>,
    /// Of a connection that is still open: the kernel tells it to everybody.
    open: Option<Ipv4Addr>,
}

/// How much was planted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Amounts {
    /// Blocks of content.
    pub blocks: usize,
    /// Tokens.
    pub tokens: usize,
    /// Keys to seats.
    pub seats: usize,
    /// Routes.
    pub routes: usize,
    /// User agents.
    pub agents: usize,
    /// Source addresses.
    pub addresses: usize,
    /// Connections.
    pub connections: usize,
    /// Secrets of TLS connections.
    pub tls_secrets: usize,
}

impl Ledger {
    /// Nothing is planted.
    pub fn new(run: Run) -> Self {
        let [random] = random_bytes();
        let second_octet = octet(u32::from(random));
        Self(Arc::new(Mutex::new(Planted {
            run,
            second_octet,
            blocks: Vec::new(),
            routes: 0,
            agents: 0,
            signatures: Vec::new(),
            seats: Vec::new(),
            addresses: Vec::new(),
            sources: Vec::new(),
            tls_secrets: Vec::new(),
            open: None,
        })))
    }

    fn planted(&self) -> MutexGuard<'_, Planted> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Content for a cell.
    pub fn cell(&self, owner: Owner) -> [u8; CELL_LEN] {
        let mut cell = [0; CELL_LEN];
        self.planted().fill(&mut cell, owner);
        cell
    }

    /// Content for an opening.
    pub fn opening(&self, owner: Owner) -> [u8; OPENING_LEN] {
        let mut opening = [0; OPENING_LEN];
        self.planted().fill(&mut opening, owner);
        opening
    }

    /// A route that nobody has met at.
    pub fn route(&self) -> [u8; 32] {
        let mut planted = self.planted();
        planted.routes += 1;
        planted.run.block(MarkKind::Route, planted.routes - 1)
    }

    /// A user agent that nobody has, like those of browsers.
    pub fn agent(&self) -> String {
        let mut planted = self.planted();
        planted.agents += 1;
        let mark = planted.run.agent(planted.agents - 1);
        format!("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 {mark}")
    }

    /// The number that the next link has, and its sixteen bytes.
    pub fn link(&self) -> (u32, [u8; 16]) {
        let planted = self.planted();
        let number = number(planted.signatures.len());
        (number, planted.run.link(number))
    }

    /// The token of the link that was numbered last is signed.
    pub fn signed(&self, signature: [u8; SIGNATURE_LEN]) {
        self.planted().signatures.push(signature);
    }

    /// The relay has given out this key.
    pub fn seat(&self, seat: SeatKey) {
        self.planted().seats.push(seat);
    }

    /// An address of this machine's own that nobody else uses.
    pub fn address(&self) -> Ipv4Addr {
        let mut planted = self.planted();
        let place = number(planted.addresses.len());
        let address = planted.nth_address(place);
        planted.addresses.push(address);
        address
    }

    /// A connection came from here.
    pub fn source(&self, address: Ipv4Addr, port: u16) {
        self.planted().sources.push((address, port));
    }

    /// A connection from here has this secret.
    pub fn tls_secret(&self, from: Ipv4Addr, secret: &[u8]) {
        if let Some(piece) = secret.first_chunk() {
            self.planted().tls_secrets.push((from, *piece));
        }
    }

    /// A connection from here stays open, or from nowhere any more. While it does, its address, its
    /// port and its secrets are no trace.
    pub fn stays_open(&self, address: Option<Ipv4Addr>) {
        self.planted().open = address;
    }

    /// Whose a block was, if it was sent.
    pub fn owner(&self, block: u32) -> Option<Owner> {
        self.planted().blocks.get(usize::try_from(block).ok()?).copied()
    }

    /// How much there is.
    pub fn amounts(&self) -> Amounts {
        let planted = self.planted();
        let count = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
        Amounts {
            blocks: planted.blocks.len(),
            tokens: planted.signatures.len(),
            seats: planted.seats.len(),
            routes: count(planted.routes),
            agents: count(planted.agents),
            addresses: planted.addresses.len(),
            connections: planted.sources.len(),
            tls_secrets: planted.tls_secrets.len(),
        }
    }

    /// Looks for everything that is planted by now.
    pub fn scanner(&self) -> Scanner {
        let planted = self.planted();
        let mut scanner = Scanner::new(planted.run);
        for (link, signature) in (0..).zip(&planted.signatures) {
            for piece in signature.chunks_exact(PIECE_LEN) {
                scanner.add(piece, Trace::Token(link));
            }
        }
        for (link, seat) in (0..).zip(&planted.seats) {
            scanner.add(&seat.0, Trace::Seat(link));
        }
        for (place, (from, piece)) in (0..).zip(&planted.tls_secrets) {
            if planted.open != Some(*from) {
                scanner.add(piece, Trace::TlsSecret(place));
            }
        }
        for (place, address) in (0..).zip(&planted.addresses) {
            scanner.add(address.to_string().as_bytes(), Trace::AddressText(place));
        }
        scanner
    }

    /// Tells addresses that were used from such as were not.
    pub fn addresses(&self) -> Addresses {
        let planted = self.planted();
        let used = planted.addresses.iter().map(|address| last_octets(*address)).collect();
        let mut ports: HashMap<[u8; 2], Vec<u16>> = HashMap::new();
        let ended = planted.sources.iter().filter(|(address, _)| planted.open != Some(*address));
        for (address, port) in ended {
            ports.entry(last_octets(*address)).or_default().push(*port);
        }
        Addresses { second_octet: planted.second_octet, used, ports }
    }
}

impl Planted {
    fn fill(&mut self, bytes: &mut [u8], owner: Owner) {
        for chunk in bytes.chunks_exact_mut(BLOCK_LEN) {
            chunk.copy_from_slice(&self.run.block(MarkKind::Content, number(self.blocks.len())));
            self.blocks.push(owner);
        }
    }

    fn nth_address(&self, place: u32) -> Ipv4Addr {
        let place = place.wrapping_mul(STEP) % (OCTETS * OCTETS);
        Ipv4Addr::new(127, self.second_octet, octet(place / OCTETS), octet(place % OCTETS))
    }
}

/// The last two bytes of canary addresses; the first two are the same for all of a run.
pub struct Addresses {
    /// The second byte.
    pub second_octet: u8,
    used: std::collections::HashSet<[u8; 2]>,
    ports: HashMap<[u8; 2], Vec<u16>>,
}

impl Addresses {
    /// Whether a connection came from 127.x.y.z of these last two bytes.
    pub fn is_used(&self, last: [u8; 2]) -> bool {
        self.used.contains(&last)
    }

    /// Whether such an address could have been one, and was not.
    pub fn is_decoy(&self, last: [u8; 2]) -> bool {
        let fits = |byte: u8| u32::from(byte) >= OCTET_MIN && u32::from(byte) < OCTET_MIN + OCTETS;
        last.into_iter().all(fits) && !self.is_used(last)
    }

    /// Whether a connection came from this address and port.
    pub fn came_from(&self, last: [u8; 2], port: u16) -> bool {
        self.ports.get(&last).is_some_and(|ports| ports.contains(&port))
    }

    /// How many addresses are in use, of how many that there could be.
    pub fn shares(&self) -> (usize, usize) {
        (self.used.len(), usize::try_from(OCTETS * OCTETS).unwrap_or(usize::MAX))
    }

    /// Whether this is an address of the run, also as IPv4 in IPv6.
    pub fn contains(&self, address: std::net::IpAddr) -> bool {
        let std::net::IpAddr::V4(address) = address.to_canonical() else { return false };
        let [first, second, third, fourth] = address.octets();
        first == 127 && second == self.second_octet && self.is_used([third, fourth])
    }
}

fn last_octets(address: Ipv4Addr) -> [u8; 2] {
    let [_, _, third, fourth] = address.octets();
    [third, fourth]
}

fn octet(number: u32) -> u8 {
    u8::try_from(OCTET_MIN + number % OCTETS).expect("below 255")
}

fn number(length: usize) -> u32 {
    u32::try_from(length).expect("a run plants fewer than four thousand million marks")
}
