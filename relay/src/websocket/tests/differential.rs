//! Streams by the thousand, or by ten million (`cargo xtask measure frames`), read by this crate and by
//! tungstenite: the same is accepted, the same bytes come out, and the same code ends the socket.
//!
//! A stream is legal frames, then perhaps one that breaks one rule. Where tungstenite is milder than
//! RFC 6455 or than Vestibule, [`House`] names the rule, and tungstenite judges what comes before it.
#![allow(clippy::print_stdout, reason = "the counts go into docs/frames-measured.md")]

use std::thread;

use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, RngExt, SeedableRng};

use super::*;

/// Streams in a run of the tests.
const STREAMS: u64 = 20_000;
const FRAMES_MAX: usize = 8;

/// Rules that tungstenite does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum House {
    /// Vestibule has no texts.
    Text,
    /// RFC 6455 section 5.2: the shortest form.
    LongLength,
    /// The same: the highest bit of eight bytes is 0.
    HighestBit,
}

impl House {
    fn close(self) -> Close {
        match self {
            Self::Text => Close::Malformed,
            Self::LongLength | Self::HighestBit => Close::NotWebsocket,
        }
    }
}

/// How the last frame of a stream breaks a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Broken {
    House(House),
    ReservedBit,
    ReservedOpcode,
    NoMask,
    LongControl,
    FragmentedControl,
    LongData,
    LongMessage,
    UnexpectedContinuation,
    UnexpectedBeginning,
    CloseOfOneByte,
    CloseCode,
    CloseReason,
}

const BROKEN: [Broken; 15] = [
    Broken::House(House::Text),
    Broken::House(House::LongLength),
    Broken::House(House::HighestBit),
    Broken::ReservedBit,
    Broken::ReservedOpcode,
    Broken::NoMask,
    Broken::LongControl,
    Broken::FragmentedControl,
    Broken::LongData,
    Broken::LongMessage,
    Broken::UnexpectedContinuation,
    Broken::UnexpectedBeginning,
    Broken::CloseOfOneByte,
    Broken::CloseCode,
    Broken::CloseReason,
];

/// A frame as bytes, whatever it breaks.
struct Raw<'a> {
    first: u8,
    /// Seven bits, or more than the shortest form needs.
    length: Length,
    is_masked: bool,
    payload: &'a [u8],
}

enum Length {
    Shortest,
    TwoBytes,
    EightBytes,
    Announced(u64),
}

impl Raw<'_> {
    fn write(&self, stream: &mut Vec<u8>, random: &mut StdRng) {
        let mask_bit = if self.is_masked { 0x80 } else { 0 };
        let len = self.payload.len();
        stream.push(self.first);
        match (&self.length, len) {
            (Length::Shortest, ..126) => stream.push(mask_bit | u8::try_from(len).unwrap()),
            (Length::Shortest, ..0x1_0000) | (Length::TwoBytes, _) => {
                stream.push(mask_bit | 0x7E);
                stream.extend(u16::try_from(len).unwrap().to_be_bytes());
            }
            (Length::Shortest | Length::EightBytes, _) => {
                stream.push(mask_bit | 0x7F);
                stream.extend(u64::try_from(len).unwrap().to_be_bytes());
            }
            (Length::Announced(announced), _) => {
                stream.push(mask_bit | 0x7F);
                stream.extend(announced.to_be_bytes());
            }
        }
        if !self.is_masked {
            stream.extend(self.payload);
            return;
        }
        let mask: [u8; 4] = random.random();
        stream.extend(mask);
        stream.extend(self.payload.iter().zip(mask.iter().cycle()).map(|(byte, key)| byte ^ key));
    }
}

/// A stream under construction.
struct Stream {
    bytes: Vec<u8>,
    /// How much of the present message was sent, while it comes in fragments.
    begun: Option<usize>,
    /// The peer has closed.
    is_closed: bool,
}

impl Stream {
    /// Legal frames, of which the last may be cut off.
    fn legal(random: &mut StdRng) -> Self {
        let mut stream = Self { bytes: Vec::new(), begun: None, is_closed: false };
        for _ in 0..random.random_range(0..FRAMES_MAX) {
            if !stream.is_closed {
                stream.add_legal(random);
            }
        }
        stream
    }

    fn add(&mut self, first: u8, payload: &[u8], random: &mut StdRng) {
        let raw = Raw { first, length: Length::Shortest, is_masked: true, payload };
        raw.write(&mut self.bytes, random);
    }

    fn add_legal(&mut self, random: &mut StdRng) {
        match random.random_range(0..12) {
            0 | 1 => {
                let payload = some_bytes(random, 125);
                self.add(0x89, &payload, random);
            }
            2 => {
                let payload = some_bytes(random, 125);
                self.add(0x8A, &payload, random);
            }
            3 => {
                let payload = legal_close(random);
                self.add(0x88, &payload, random);
                self.is_closed = true;
            }
            _ => self.add_data(random),
        }
    }

    fn add_data(&mut self, random: &mut StdRng) {
        let sent = self.begun.unwrap_or_default();
        let payload = some_bytes(random, LEN_MAX - sent);
        let opcode = if self.begun.is_some() { 0x0 } else { 0x2 };
        let is_last = random.random_bool(0.6);
        self.begun = (!is_last).then_some(sent + payload.len());
        self.add(if is_last { 0x80 | opcode } else { opcode }, &payload, random);
    }

    /// So that the rule can be broken at all.
    fn make_ready_for(&mut self, broken: Broken, random: &mut StdRng) {
        let wants_begun = match broken {
            Broken::LongMessage | Broken::UnexpectedBeginning => true,
            Broken::UnexpectedContinuation | Broken::House(House::Text) | Broken::LongData => false,
            Broken::House(_)
            | Broken::ReservedBit
            | Broken::ReservedOpcode
            | Broken::NoMask
            | Broken::LongControl
            | Broken::FragmentedControl
            | Broken::CloseOfOneByte
            | Broken::CloseCode
            | Broken::CloseReason => return,
        };
        match (self.begun, wants_begun) {
            (Some(_), false) => self.add(0x80, b"", random),
            (None, true) => {
                let payload = some_bytes(random, LEN_MAX);
                self.add(0x02, &payload, random);
                self.begun = Some(payload.len());
                return;
            }
            _ => return,
        }
        self.begun = None;
    }

    fn add_broken(&mut self, broken: Broken, random: &mut StdRng) {
        let sent = self.begun.unwrap_or_default();
        let data = if self.begun.is_some() { 0x80 } else { 0x82 };
        let short = some_bytes(random, 125.min(LEN_MAX - sent));
        let mut raw =
            Raw { first: data, length: Length::Shortest, is_masked: true, payload: &short };
        let long;
        let close;
        match broken {
            Broken::House(House::Text) => raw.first = *[0x81, 0x01].choose(random).unwrap(),
            Broken::House(House::LongLength) => {
                raw.length = if random.random() { Length::TwoBytes } else { Length::EightBytes };
            }
            Broken::House(House::HighestBit) => {
                raw.length = Length::Announced(random.random::<u64>() | 1 << 63);
            }
            Broken::ReservedBit => raw.first |= 0x10 << random.random_range(0..3_u8),
            Broken::ReservedOpcode => {
                let reserved = [0x3, 0x4, 0x5, 0x6, 0x7, 0xB, 0xC, 0xD, 0xE, 0xF];
                raw.first = 0x80 | *reserved.choose(random).unwrap();
            }
            Broken::NoMask => raw.is_masked = false,
            Broken::LongControl => {
                long = vec![b'x'; random.random_range(126..300)];
                raw.payload = &long;
                raw.first = *[0x88, 0x89, 0x8A].choose(random).unwrap();
            }
            Broken::FragmentedControl => raw.first = *[0x08, 0x09, 0x0A].choose(random).unwrap(),
            Broken::LongData => {
                let announced = [1_025, 1_026, 65_535, 65_536, u64::MAX / 2];
                raw.length = Length::Announced(0);
                let announced = *announced.choose(random).unwrap();
                if announced < 65_536 {
                    long = vec![0; usize::try_from(announced).unwrap()];
                    (raw.length, raw.payload) = (Length::Shortest, &long);
                } else {
                    raw.length = Length::Announced(announced);
                }
            }
            Broken::LongMessage => {
                long = vec![7; LEN_MAX + 1 - sent];
                raw.payload = &long;
            }
            Broken::UnexpectedContinuation => raw.first = 0x80,
            Broken::UnexpectedBeginning => raw.first = 0x82,
            Broken::CloseOfOneByte => (raw.first, raw.payload) = (0x88, b"\x03"),
            Broken::CloseCode => {
                let wrong = [0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65_535_u16];
                close = wrong.choose(random).unwrap().to_be_bytes();
                (raw.first, raw.payload) = (0x88, &close);
            }
            Broken::CloseReason => {
                (raw.first, raw.payload) = (0x88, b"\x03\xE8not UTF-8: \xC0\x80");
            }
        }
        raw.write(&mut self.bytes, random);
    }
}

fn some_bytes(random: &mut StdRng, len_max: usize) -> Vec<u8> {
    let edges = [0, 1, 125, 126, len_max];
    let len = match random.random_range(0..4) {
        0 => *edges.choose(random).unwrap(),
        _ => random.random_range(0..=len_max),
    };
    let mut bytes = vec![0; len.min(len_max)];
    random.fill_bytes(&mut bytes);
    bytes
}

fn legal_close(random: &mut StdRng) -> Vec<u8> {
    // tungstenite does not know 1014, which came later; `close_frames_carry_a_valid_code_or_none` has it.
    let codes = [1000, 1001, 1002, 1003, 1007, 1011, 1013, 3000, 3999, 4000, 4032, 4999_u16];
    if random.random_ratio(1, 4) {
        return Vec::new();
    }
    let reasons = ["", "bye", "до свидания", "مع السلامة"];
    let code = codes.choose(random).unwrap().to_be_bytes();
    [&code, reasons.choose(random).unwrap().as_bytes()].concat()
}

/// What tungstenite makes of it, under the rules of the house.
fn expected(legal_len: usize, stream: &[u8], broken: Option<Broken>) -> Outcome {
    if let Some(Broken::House(house)) = broken {
        let mut outcome = read_with_tungstenite(&stream[..legal_len]);
        outcome.error = Some(house.close());
        return outcome;
    }
    let mut outcome = read_with_tungstenite(stream);
    // tungstenite tells its caller of a close with 1002, in place of the code that may not be sent.
    if broken == Some(Broken::CloseCode) {
        assert_eq!(outcome.events.pop(), Some(Seen::Close(Some(1002))));
        outcome.error = Some(Close::NotWebsocket);
    }
    outcome
}

/// One stream of this seed. Returns how it ended, for the count.
fn compare(seed: u64) -> Option<Broken> {
    let random = &mut StdRng::seed_from_u64(seed);
    let mut stream = Stream::legal(random);
    let breaks = !stream.is_closed && random.random_bool(0.5);
    let broken = breaks.then(|| *BROKEN.choose(random).unwrap());
    let legal_len = if let Some(broken) = broken {
        stream.make_ready_for(broken, random);
        let legal_len = stream.bytes.len();
        stream.add_broken(broken, random);
        legal_len
    } else {
        let cut = random.random_range(0..=stream.bytes.len());
        if random.random_bool(0.3) {
            stream.bytes.truncate(cut);
        }
        stream.bytes.len()
    };
    let chunk_lens: Vec<usize> = (0..random.random_range(1..6))
        .map(|_| *[1, 2, 3, 7, 64, 500, 1_028, 4_000].choose(random).unwrap())
        .collect();
    let ours = read(&stream.bytes, &chunk_lens);
    let theirs = expected(legal_len, &stream.bytes, broken);
    assert!(ours == theirs, "seed {seed}, {broken:?}, in chunks of {chunk_lens:?}");
    for seen in &ours.events {
        if let Seen::Message(message) = seen {
            let (mut mine, mut other) = (Vec::new(), Vec::new());
            write_frame(&mut mine, Opcode::Binary, message);
            let frame = Frame::message(message.clone(), OpCode::Data(DataCode::Binary), true);
            frame.format(&mut other).unwrap();
            assert!(mine == other, "seed {seed}: the same bytes go out");
        }
    }
    broken
}

#[test]
fn the_same_streams_are_read_alike() {
    let streams = std::env::var("VESTIBULE_FRAME_STREAMS")
        .map_or(STREAMS, |streams| streams.parse().unwrap());
    let threads = thread::available_parallelism().map_or(1, |threads| threads.get() as u64);
    let counts = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|first| {
                scope.spawn(move || {
                    let mut counts = [0_u64; BROKEN.len() + 1];
                    for seed in (first..streams).step_by(usize::try_from(threads).unwrap()) {
                        let ended = compare(seed);
                        let at = BROKEN.iter().position(|one| Some(*one) == ended);
                        counts[at.unwrap_or(BROKEN.len())] += 1;
                    }
                    counts
                })
            })
            .collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).collect::<Vec<_>>()
    });
    let total = |at: usize| counts.iter().map(|counts| counts[at]).sum::<u64>();
    println!("| streams | read alike |\n|---|--:|");
    for (at, broken) in BROKEN.iter().enumerate() {
        println!("| {broken:?} | {} |", total(at));
        assert!(total(at) > 0, "{broken:?} was never tried");
    }
    println!("| legal, whole or cut off | {} |", total(BROKEN.len()));
}
