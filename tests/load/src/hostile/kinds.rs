//! The kinds of hostile connections. Each step is small and each kind has a bounded pace, so that what honest
//! ends notice is the relay's doing and not that of a generator whose processor is busy.

use std::io::{ErrorKind, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use rustix::net::sockopt::set_socket_recv_buffer_size;
use vestibule_wire::CELL_LEN;

use super::Attack;
use crate::contender::Contender;
use crate::generator::wire::Wire;
use crate::generator::{FRAME_LEN, masked};

/// Of floods: one connection's turn, so a thousand turns a second in all.
const FLOOD: Duration = Duration::from_millis(1);
/// Written in one turn of a flood that the relay has to read.
const TURN_BYTES: usize = 8_192;
/// The same where it soon does not read any more.
const FILLING_TURN_BYTES: usize = 65_536;
/// So much of what they are sent do kernels keep for those who read nothing: little, so that it is the relay
/// that has to keep it or not.
const DEAF_BUFFER_BYTES: usize = 4_096;
/// Of those who are slow: a byte of each.
const SLOW: Duration = Duration::from_secs(1);
/// Of handshakes that are finished, the dearest thing that can be asked: a hundred a second.
const HANDSHAKES: Duration = Duration::from_millis(10);
/// The longest record of TLS (RFC 8446, section 5.2), without its header.
const RECORD_LEN: u16 = 16_384;

/// A kind of hostile connection.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Pings of 125 bytes, of whose answers none is read.
    UnreadPings,
    /// An end that reads nothing, whose other end sends cells.
    SlowReader,
    /// A message in fragments without content that never ends.
    EndlessFragments,
    /// All but one byte of a cell.
    HalfFrame,
    /// All but one byte of a record of TLS.
    HalfRecord,
    /// The request's head, a byte a second.
    SlowHead,
    /// TLS's first message, a byte a second.
    SlowHandshake,
    /// Nothing at all.
    Silent,
    /// Waiting at a route where nobody comes.
    WaitingAlone,
    /// Handshakes of TLS, each finished and dropped.
    Handshakes,
}

impl Kind {
    /// Each of them.
    pub const ALL: [Self; 10] = [
        Self::UnreadPings,
        Self::SlowReader,
        Self::EndlessFragments,
        Self::HalfFrame,
        Self::HalfRecord,
        Self::SlowHead,
        Self::SlowHandshake,
        Self::Silent,
        Self::WaitingAlone,
        Self::Handshakes,
    ];

    /// As many at once as fill whatever they fill within seconds.
    pub fn many(self) -> usize {
        match self {
            Self::UnreadPings | Self::SlowReader | Self::EndlessFragments => 20,
            Self::HalfFrame
            | Self::HalfRecord
            | Self::SlowHead
            | Self::SlowHandshake
            | Self::Silent
            | Self::WaitingAlone => 500,
            Self::Handshakes => 100,
        }
    }

    /// Those among so many that are there at the same time.
    pub(super) fn open_at_once(self, connections: usize) -> usize {
        if self == Self::Handshakes { 1 } else { connections }
    }

    /// As the table calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::UnreadPings => "pings, whose answers nobody reads",
            Self::SlowReader => "cells to one who reads nothing",
            Self::EndlessFragments => "fragments without end",
            Self::HalfFrame => "a frame but for its last byte",
            Self::HalfRecord => "a TLS record but for its last byte",
            Self::SlowHead => "a request's head, a byte a second",
            Self::SlowHandshake => "TLS's first message, a byte a second",
            Self::Silent => "nothing at all",
            Self::WaitingAlone => "waiting where nobody comes",
            Self::Handshakes => "a TLS handshake, 100 a second, each dropped",
        }
    }

    /// So many connections of it.
    pub(super) fn attack(self, [plain, tls]: &[Contender; 2], connections: usize) -> Attack {
        match self {
            Self::UnreadPings => {
                let ping = [&[0x89, 0xFD, 1, 2, 3, 4][..], &[7; 125]].concat();
                let ends = pairs(plain, connections);
                deafen(&ends);
                flood(ends, &ping, TURN_BYTES)
            }
            Self::SlowReader => {
                let ends = (0..connections).map(|_| plain.pair());
                let (writers, readers): (Vec<Wire>, Vec<Wire>) =
                    ends.map(|[one, other]| (one, other)).unzip();
                deafen(&readers);
                let frame = masked(&[7; CELL_LEN]);
                Attack { _open: readers, ..flood(writers, &frame, FILLING_TURN_BYTES) }
            }
            Self::EndlessFragments => {
                let mut ends = pairs(plain, connections);
                for end in &mut ends {
                    end.write_all(&[0x02, 0x80, 1, 2, 3, 4]).unwrap();
                }
                flood(ends, &[0x00, 0x80, 1, 2, 3, 4], TURN_BYTES)
            }
            Self::HalfFrame => {
                let mut ends = pairs(plain, connections);
                let frame = &masked(&[7; CELL_LEN])[..FRAME_LEN - 1];
                for end in &mut ends {
                    end.write_all(frame).unwrap();
                }
                still(ends)
            }
            Self::HalfRecord => {
                let ends = pairs(tls, connections);
                let [high, low] = RECORD_LEN.to_be_bytes();
                let mut record = vec![23, 3, 3, high, low];
                record.resize(record.len() + usize::from(RECORD_LEN) - 1, 7);
                for end in &ends {
                    end.tcp().write_all(&record).unwrap();
                }
                still(ends)
            }
            Self::SlowHead => slow(plain, connections, b"GET /ws/client HTTP/1.1\r\n"),
            Self::SlowHandshake => slow(tls, connections, &[22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3]),
            Self::Silent => still((0..connections).map(|_| Wire::plain(connect(plain))).collect()),
            Self::WaitingAlone => still((0..connections).filter_map(|_| plain.waiting()).collect()),
            Self::Handshakes => {
                let connect = tls.connector();
                let step = Box::new(move || {
                    connect().write_all(b"GET / HTTP/1.1\r\n").unwrap();
                });
                Attack { every: HANDSHAKES, step, _open: Vec::new() }
            }
        }
    }
}

/// So many ends, joined with each other.
fn pairs(relay: &Contender, connections: usize) -> Vec<Wire> {
    (0..connections.div_ceil(2)).flat_map(|_| relay.pair()).collect()
}

fn connect(relay: &Contender) -> TcpStream {
    TcpStream::connect(relay.address()).unwrap()
}

/// Each in turn sends the same over and over, as much as the relay takes, and reads nothing.
fn flood(ends: Vec<Wire>, unit: &[u8], turn_bytes: usize) -> Attack {
    let endless = unit.repeat(turn_bytes / unit.len() + 2);
    let unit_len = unit.len();
    let mut ends: Vec<(Wire, usize)> = ends.into_iter().map(|end| (end, 0)).collect();
    for (end, _) in &ends {
        end.set_nonblocking();
    }
    let mut turn = 0;
    let step = move || {
        let count = ends.len();
        let (end, at) = &mut ends[turn % count];
        turn += 1;
        match end.write(&endless[*at..*at + turn_bytes]) {
            // It goes on where it was cut.
            Ok(written) => *at = (*at + written) % unit_len,
            Err(error) => assert_eq!(error.kind(), ErrorKind::WouldBlock, "the relay holds it"),
        }
    };
    Attack { every: FLOOD, step: Box::new(step), _open: Vec::new() }
}

/// They take next to nothing of what they are sent.
fn deafen(ends: &[Wire]) {
    for end in ends {
        set_socket_recv_buffer_size(end.tcp(), DEAF_BUFFER_BYTES).unwrap();
    }
}

/// They are there.
fn still(ends: Vec<Wire>) -> Attack {
    Attack { every: SLOW, step: Box::new(|| {}), _open: ends }
}

/// Each sends a byte a second.
fn slow(relay: &Contender, connections: usize, begins: &'static [u8]) -> Attack {
    let mut ends: Vec<TcpStream> = (0..connections).map(|_| connect(relay)).collect();
    let mut bytes = begins.iter().chain(std::iter::repeat(&b'a'));
    let step = move || {
        let byte = bytes.next().copied().unwrap_or_default();
        for end in &mut ends {
            end.write_all(&[byte]).unwrap();
        }
    };
    Attack { every: SLOW, step: Box::new(step), _open: Vec::new() }
}
