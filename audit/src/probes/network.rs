//! Sockets: new ones of every family, to journals, log servers and other machines, and new listeners.

use std::io;

use nix::libc;

use super::Answer;
use super::files::close;
use super::inject::Arg::{Is, Of};
use super::inject::{Arg, Stopped};
use super::surroundings::{Surroundings, internet};

const UNIX: u64 = libc::AF_UNIX as u64;
const INTERNET: u64 = libc::AF_INET as u64;
const INTERNET_6: u64 = libc::AF_INET6 as u64;
const NETLINK: u64 = libc::AF_NETLINK as u64;
const PACKET: u64 = libc::AF_PACKET as u64;
const VSOCK: u64 = libc::AF_VSOCK as u64;
const ALGORITHMS: u64 = libc::AF_ALG as u64;
const STREAM: u64 = libc::SOCK_STREAM as u64;
const DATAGRAM: u64 = libc::SOCK_DGRAM as u64;
const RAW: u64 = libc::SOCK_RAW as u64;
const ICMP: u64 = libc::IPPROTO_ICMP as u64;

type Attempt = fn(&mut Stopped, &Surroundings) -> io::Result<Answer>;

pub(super) const PROBES: &[(&str, Attempt)] = &[
    ("send to a journal's socket", |thread, around| datagram(thread, UNIX, &around.journal())),
    ("connect to a journal's socket", |thread, around| {
        let socket = [Is(UNIX), Is(DATAGRAM), Is(0)];
        on_socket(thread, &socket, &[(libc::SYS_connect, &around.journal())])
    }),
    ("send to a log server (UDP)", |thread, around| datagram(thread, INTERNET, &around.syslog()?)),
    ("send over UDP in IPv6", |thread, _| only_socket(thread, INTERNET_6, DATAGRAM, 0)),
    ("connect to another program (TCP)", |thread, around| {
        let socket = [Is(INTERNET), Is(STREAM), Is(0)];
        on_socket(thread, &socket, &[(libc::SYS_connect, &around.other_machine()?)])
    }),
    ("listen at a new port", |thread, _| {
        let socket = [Is(INTERNET), Is(STREAM), Is(0)];
        on_socket(thread, &socket, &[(libc::SYS_bind, &internet(0)), (libc::SYS_listen, &[])])
    }),
    ("make a raw socket", |thread, _| only_socket(thread, INTERNET, RAW, ICMP)),
    ("make a socket to the kernel (netlink)", |thread, _| only_socket(thread, NETLINK, RAW, 0)),
    ("make a socket beneath the network (packet)", |thread, _| only_socket(thread, PACKET, RAW, 0)),
    ("make a socket to the host of a virtual machine", |thread, _| {
        only_socket(thread, VSOCK, STREAM, 0)
    }),
    ("make a socket to the kernel's algorithms", |thread, _| {
        only_socket(thread, ALGORITHMS, libc::SOCK_SEQPACKET as u64, 0)
    }),
    ("make a pair of sockets for datagrams", |thread, _| {
        let args = [Is(UNIX), Is(DATAGRAM), Is(0), Of(&[0; 8])];
        let attempt = thread.attempt(libc::SYS_socketpair, &args)?;
        let made = if attempt.made().is_some() { thread.made_pair()? } else { [None; 2] };
        for file in made {
            close(thread, file)?;
        }
        Ok(attempt.answer())
    }),
    ("send with open files attached (sendmsg)", |thread, _| {
        // A number that is no open file: where the call is let through, that is what it says.
        super::files::call(thread, libc::SYS_sendmsg, &[Is(u64::from(u32::MAX)), Is(0), Is(0)])
    }),
];

fn only_socket(thread: &mut Stopped, family: u64, kind: u64, protocol: u64) -> io::Result<Answer> {
    on_socket(thread, &[Is(family), Is(kind), Is(protocol)], &[])
}

fn datagram(thread: &mut Stopped, family: u64, address: &[u8]) -> io::Result<Answer> {
    let socket = thread.attempt(libc::SYS_socket, &[Is(family), Is(DATAGRAM), Is(0)])?;
    let Some(file) = socket.made() else { return Ok(socket.answer()) };
    let length = u64::try_from(address.len()).map_err(io::Error::other)?;
    let args = [Is(file), Of(b"kept"), Is(4), Is(0), Of(address), Is(length)];
    let sent = thread.attempt(libc::SYS_sendto, &args)?;
    close(thread, Some(file))?;
    Ok(sent.answer())
}

/// Makes a socket and does this with it; the first thing that is denied is the answer.
fn on_socket(
    thread: &mut Stopped,
    socket: &[Arg<'_>],
    then: &[(libc::c_long, &[u8])],
) -> io::Result<Answer> {
    let socket = thread.attempt(libc::SYS_socket, socket)?;
    let Some(file) = socket.made() else { return Ok(socket.answer()) };
    let mut answer = socket.answer();
    for (number, address) in then {
        let length = u64::try_from(address.len()).map_err(io::Error::other)?;
        let attempt = if address.is_empty() {
            thread.attempt(*number, &[Is(file), Is(1)])?
        } else {
            thread.attempt(*number, &[Is(file), Of(address), Is(length)])?
        };
        answer = attempt.answer();
        if !matches!(answer, Answer::LetThrough(_)) {
            break;
        }
    }
    close(thread, Some(file))?;
    Ok(answer)
}
