//! What asks the relays: both ends of many pairs in one thread that sleeps in `epoll_wait`. It sends frames
//! that were masked before and allocates nothing while it runs, so that it leaves a processor to the relay
//! and allocations of one process are the relay's alone.

mod framing;
pub mod wire;

use std::io::{Read as _, Write as _};
use std::os::fd::OwnedFd;
use std::time::Duration;

use rand::Rng as _;
use rustix::buffer::spare_capacity;
use rustix::event::Timespec;
use rustix::event::epoll::{self, CreateFlags, Event, EventData, EventFlags};
use tokio::time::Instant;
use vestibule_tests::service::rng;
use vestibule_wire::CELL_LEN;

pub use self::framing::Framing;
pub(crate) use self::framing::masked;
use self::framing::{Arrived, Reader};
use self::wire::Wire;
use crate::processors;

/// Most cells that an end sends at once.
pub const BURST_CELLS_MAX: usize = 16;
/// A masked frame with a cell (RFC 6455, section 5.2): 4 bytes of header, 4 of mask.
pub const FRAME_LEN: usize = 8 + CELL_LEN;
/// Taken from a socket at once.
const READ_BYTES_MAX: usize = 65_536;
const EVENTS_MAX: usize = 1_024;
/// Whatever was sent has arrived by then, or never will.
const ARRIVAL_MAX: Duration = Duration::from_secs(5);
/// A pong without content, masked with zeros.
const PONG: [u8; 6] = [0x8A, 0x80, 0, 0, 0, 0];

/// Pairs of sockets whose ends are both here: 2n and 2n + 1.
pub struct Generator {
    epoll: OwnedFd,
    ends: Vec<End>,
    frames: Vec<u8>,
    read: Vec<u8>,
    events: Vec<Event>,
}

struct End {
    wire: Wire,
    reader: Reader,
    /// Cells that arrived of the other's last burst.
    arrived: usize,
}

/// What a closed loop did.
pub struct Done {
    /// Cells that arrived.
    pub cells: u64,
    /// From the first sent to the last arrived.
    pub time: Duration,
}

impl Generator {
    /// Over these pairs of sockets, as they come. One cell of each end has crossed, whole and to the right one.
    ///
    /// # Panics
    /// When a cell comes back changed, or to somebody else.
    pub fn over(pairs: impl Iterator<Item = [Wire; 2]>, framing: Framing) -> Self {
        let mut cell = [0; CELL_LEN];
        rng().fill_bytes(&mut cell);
        let frame = masked(&cell);
        assert_eq!(frame.len(), FRAME_LEN);
        let expected = framing.of(&frame, &cell);
        processors::keep_generator();
        let epoll = epoll::create(CreateFlags::CLOEXEC).unwrap();
        let mut ends = Vec::new();
        for mut pair in pairs {
            crossed(&mut pair, &frame, &expected);
            pair.reverse();
            crossed(&mut pair, &frame, &expected);
            for wire in pair {
                wire.set_nonblocking();
                let number = EventData::new_u64(ends.len() as u64);
                epoll::add(&epoll, wire.tcp(), number, EventFlags::IN).unwrap();
                ends.push(End { wire, reader: Reader::new(framing), arrived: 0 });
            }
        }
        Self {
            epoll,
            ends,
            frames: frame.repeat(BURST_CELLS_MAX),
            read: vec![0; READ_BYTES_MAX],
            events: Vec::with_capacity(EVENTS_MAX),
        }
    }

    /// Each end sends so many cells at once, and again as many when the other has them all, for so long: so
    /// many are on their way in each direction, never more.
    pub fn closed_loop(&mut self, burst: usize, time: Duration) -> Done {
        let started = Instant::now();
        for number in 0..self.ends.len() {
            self.send(number, burst);
        }
        let mut left = self.ends.len() * burst;
        let mut cells = 0;
        while left > 0 {
            let is_over = started.elapsed() >= time;
            assert!(started.elapsed() < time + ARRIVAL_MAX, "{left} cells never came");
            self.wait(Some(ARRIVAL_MAX));
            for event in 0..self.events.len() {
                let number = usize::try_from(self.events[event].data.u64()).unwrap();
                let came = self.receive(number);
                (cells, left) = (cells + came as u64, left - came);
                let end = &mut self.ends[number];
                end.arrived += came;
                if end.arrived == burst {
                    end.arrived = 0;
                    if !is_over {
                        self.send(number ^ 1, burst);
                        left += burst;
                    }
                }
            }
        }
        Done { cells, time: started.elapsed() }
    }

    /// A cell of the next pair so often, each answered with one by the other end: the ways there and back.
    pub fn paced(&mut self, every: Duration, time: Duration) -> Vec<Duration> {
        let count = u32::try_from(time.as_nanos() / every.as_nanos()).unwrap();
        let mut ways = Vec::with_capacity(count as usize);
        let mut sent = vec![None; self.ends.len()];
        let started = Instant::now();
        let due = |number| started + every * number;
        let mut next = 0;
        while ways.len() < count as usize {
            assert!(started.elapsed() < time + ARRIVAL_MAX, "an answer never came");
            while next < count && due(next) <= Instant::now() {
                let end = 2 * (next as usize % (self.ends.len() / 2));
                // One that is still on its way would be counted twice.
                assert!(sent[end].is_none(), "slower than a cell can be counted");
                sent[end] = Some(Instant::now());
                self.send(end, 1);
                next += 1;
            }
            let patience = if next < count {
                due(next).saturating_duration_since(Instant::now())
            } else {
                ARRIVAL_MAX
            };
            self.wait(Some(patience));
            for event in 0..self.events.len() {
                let number = usize::try_from(self.events[event].data.u64()).unwrap();
                if self.receive(number) == 0 {
                    continue;
                }
                match sent[number].take() {
                    Some(at) => ways.push(at.elapsed()),
                    None => self.send(number, 1),
                }
            }
        }
        ways
    }

    /// Sits there for so long. Each end sends a cell so often, evenly; or none does. Pings are answered.
    /// Returns how many cells came.
    pub fn hold(&mut self, time: Duration, every: Option<Duration>) -> u64 {
        let started = Instant::now();
        let step = every.map(|every| every / u32::try_from(self.ends.len()).unwrap());
        let mut next = 0;
        let mut cells = 0;
        while started.elapsed() < time {
            let mut patience = time.saturating_sub(started.elapsed());
            if let Some(step) = step {
                while started + step * next <= Instant::now() {
                    self.send(next as usize % self.ends.len(), 1);
                    next += 1;
                }
                patience =
                    patience.min((started + step * next).saturating_duration_since(Instant::now()));
            }
            self.wait(Some(patience));
            for event in 0..self.events.len() {
                let number = usize::try_from(self.events[event].data.u64()).unwrap();
                cells += self.receive(number) as u64;
            }
        }
        cells
    }

    fn wait(&mut self, patience: Option<Duration>) {
        let timeout = patience.map(|time| Timespec::try_from(time).unwrap());
        self.events.clear();
        epoll::wait(&self.epoll, spare_capacity(&mut self.events), timeout.as_ref()).unwrap();
    }

    fn send(&mut self, number: usize, cells: usize) {
        self.ends[number].wire.write_all(&self.frames[..cells * FRAME_LEN]).unwrap();
    }

    /// Reads what has come; returns how many cells ended with it.
    fn receive(&mut self, number: usize) -> usize {
        let End { wire, reader, .. } = &mut self.ends[number];
        let mut cells = 0;
        loop {
            let length = match wire.read(&mut self.read) {
                Ok(0) => panic!("a relay has closed a socket that was well behaved"),
                Ok(length) => length,
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => return cells,
                Err(error) => panic!("a relay has left: {error}"),
            };
            let mut pings = 0;
            reader.take(&self.read[..length], &mut |arrived| match arrived {
                Arrived::Cell => cells += 1,
                Arrived::Ping => pings += 1,
            });
            for _ in 0..pings {
                wire.write_all(&PONG).unwrap();
            }
            // What is left comes with the next event; of TLS there may be some that epoll does not see.
            if length < self.read.len() && !wire.is_tls() {
                return cells;
            }
        }
    }
}

/// One cell gets from the first end to the second as it should.
fn crossed([from, to]: &mut [Wire; 2], frame: &[u8], expected: &[u8]) {
    from.write_all(frame).unwrap();
    let mut came = vec![0; expected.len()];
    to.read_exact(&mut came).unwrap();
    assert!(came == expected, "what arrives is what was sent");
}
