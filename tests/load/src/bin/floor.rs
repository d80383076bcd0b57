//! The floor: what forwarding costs a program that does nothing else. One thread, one `epoll_wait` for all
//! sockets, one read and one write for whatever has come; bytes go over as they are. It pairs sockets in the
//! order in which they come, has no limits, and wipes nothing.

#![allow(
    clippy::unwrap_used,
    reason = "what goes wrong in a program of the tests is the test's failure"
)]

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};

use rustix::buffer::spare_capacity;
use rustix::event::epoll::{self, CreateFlags, EventData, EventFlags};
use rustix::io::Errno;

const READ_BYTES_MAX: usize = 65_536;
const EVENTS_MAX: usize = 1_024;
const LISTENER: EventData = EventData::new_u64(u64::MAX);

/// A socket, and what its peer has not taken.
struct End {
    tcp: TcpStream,
    waits: Vec<u8>,
}

#[allow(clippy::print_stdout, reason = "whoever starts it waits for this line")]
fn main() {
    let port: u16 = std::env::args().nth(1).unwrap().parse().unwrap();
    let listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
    println!("listening on http://127.0.0.1:{port}");
    let epoll = epoll::create(CreateFlags::CLOEXEC).unwrap();
    epoll::add(&epoll, &listener, LISTENER, EventFlags::IN).unwrap();
    let mut ends: Vec<Option<End>> = Vec::new();
    let mut events = Vec::with_capacity(EVENTS_MAX);
    let mut read = vec![0; READ_BYTES_MAX];
    loop {
        events.clear();
        // Whoever counts system calls interrupts this one.
        if epoll::wait(&epoll, spare_capacity(&mut events), None) == Err(Errno::INTR) {
            continue;
        }
        for event in &events {
            if event.data.u64() == LISTENER.u64() {
                let (tcp, _) = listener.accept().unwrap();
                tcp.set_nodelay(true).unwrap();
                tcp.set_nonblocking(true).unwrap();
                let number = EventData::new_u64(ends.len() as u64);
                epoll::add(&epoll, &tcp, number, EventFlags::IN).unwrap();
                ends.push(Some(End { tcp, waits: Vec::new() }));
                continue;
            }
            let number = usize::try_from(event.data.u64()).unwrap();
            if !forward(&epoll, &mut ends, number, event.flags, &mut read) {
                // Both ends are closed by being dropped.
                ends[number] = None;
                if let Some(other) = ends.get_mut(number ^ 1) {
                    *other = None;
                }
            }
        }
    }
}

/// Does what an event asks for; `false` when the pair has ended.
fn forward(
    epoll: &impl std::os::fd::AsFd,
    ends: &mut [Option<End>],
    number: usize,
    flags: EventFlags,
    read: &mut [u8],
) -> bool {
    let waits = ends.get(number ^ 1).is_none();
    let Some(mut end) = ends[number].take() else { return true };
    let mut other = ends.get_mut(number ^ 1).and_then(Option::take);
    let goes_on = if flags.contains(EventFlags::OUT) {
        write_rest(epoll, &mut end, number)
    } else {
        match (end.tcp.read(read), &mut other) {
            (Ok(0), _) => false,
            (Ok(length), Some(to)) => write(epoll, to, number ^ 1, &read[..length]),
            (Ok(_), None) => false,
            (Err(error), _) => error.kind() == ErrorKind::WouldBlock,
        }
    };
    ends[number] = Some(end);
    if !waits {
        ends[number ^ 1] = other;
    }
    goes_on
}

fn write(epoll: &impl std::os::fd::AsFd, to: &mut End, number: usize, bytes: &[u8]) -> bool {
    let written = if to.waits.is_empty() { to.tcp.write(bytes) } else { Ok(0) };
    let written = match written {
        Ok(written) => written,
        Err(error) if error.kind() == ErrorKind::WouldBlock => 0,
        Err(_) => return false,
    };
    if written < bytes.len() {
        to.waits.extend_from_slice(&bytes[written..]);
        let number = EventData::new_u64(number as u64);
        epoll::modify(epoll, &to.tcp, number, EventFlags::IN | EventFlags::OUT).unwrap();
    }
    true
}

fn write_rest(epoll: &impl std::os::fd::AsFd, end: &mut End, number: usize) -> bool {
    match end.tcp.write(&end.waits) {
        Ok(written) => drop(end.waits.drain(..written)),
        Err(error) => return error.kind() == ErrorKind::WouldBlock,
    }
    if end.waits.is_empty() {
        let number = EventData::new_u64(number as u64);
        epoll::modify(epoll, &end.tcp, number, EventFlags::IN).unwrap();
    }
    true
}
