//! What a process holds open: each open file and socket could be a way out.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::Path;

use crate::claims::{Claim, Severity};
use crate::process::{OpenFile, Process, read_text};
use crate::search::kernel::{LISTENING, TcpSocket, tcp_sockets};

/// Numbers of standard input, output and error: what the relay says goes there.
const STANDARD: u32 = 3;
/// Objects of the kernel that keep nothing.
const KEEPS_NOTHING: [&str; 3] =
    ["anon_inode:[eventpoll]", "anon_inode:[eventfd]", "anon_inode:[timerfd]"];
/// What the name of the relay's lock ends with.
const LOCK: &str = "lock";
/// A socket of the kind that is connected, as `/proc/net/unix` writes it.
const STREAM: &str = "0001";

/// A process's sockets of TCP.
///
/// # Errors
/// When its open files may not be seen.
pub fn sockets(process: Process) -> io::Result<Vec<TcpSocket>> {
    let inodes: Vec<u64> =
        process.open_files()?.iter().filter_map(|file| inode(&file.name)).collect();
    let all = tcp_sockets(&process.path("net"));
    Ok(all.into_iter().filter(|socket| inodes.contains(&socket.inode)).collect())
}

pub(super) fn check(
    process: Process,
    listeners_max: usize,
    indicators: Option<&Path>,
) -> Vec<Claim> {
    vec![
        Claim::of("state-files", process.open_files(), |files| files_claim(&files, indicators)),
        Claim::of("state-sockets", process.open_files(), |files| {
            sockets_claim(process, &files, listeners_max)
        }),
    ]
}

/// Whether it is the empty file by which a relay keeps others off its indicators.
fn is_lock(file: &OpenFile, indicators: Option<&Path>) -> bool {
    let path = Path::new(&file.name);
    let is_empty = || fs::metadata(path).is_ok_and(|metadata| metadata.len() == 0);
    !file.writable
        && indicators.is_some_and(|folder| path.parent() == Some(folder))
        && path.extension().is_some_and(|ending| ending == LOCK)
        && is_empty()
}

fn files_claim(files: &[OpenFile], indicators: Option<&Path>) -> Claim {
    let mut worst = None;
    let mut evidence = vec![format!("open: {}", files.len())];
    for file in files {
        let is_standard = file.number < STANDARD;
        let is_known =
            KEEPS_NOTHING.contains(&file.name.as_str()) || file.name.starts_with("socket:");
        if is_standard {
            evidence.push(format!("{}: {}", file.number, file.name));
        } else if !is_known {
            let nameless = file.name.contains("memfd:") || file.name.contains("(deleted)");
            if !is_lock(file, indicators) {
                let is_high = file.writable || nameless;
                let severity = if is_high { Severity::High } else { Severity::Low };
                worst = worst.max(Some(severity));
            }
            let rights = if file.writable { "can be written" } else { "can be read" };
            evidence.push(format!("{}: {} {rights}", file.number, file.name));
        }
    }
    Claim::checked("state-files", worst, evidence)
}

fn sockets_claim(process: Process, files: &[OpenFile], listeners_max: usize) -> Claim {
    let inodes: Vec<u64> = files.iter().filter_map(|file| inode(&file.name)).collect();
    let tcp = tcp_sockets(&process.path("net"));
    let tcp: HashMap<u64, TcpSocket> =
        tcp.into_iter().map(|socket| (socket.inode, socket)).collect();
    let unix = read_text(&process.path("net/unix")).unwrap_or_default();
    let unix: HashMap<u64, &str> = unix.lines().skip(1).filter_map(unix_row).collect();
    let mut evidence = Vec::new();
    let mut wrong = Vec::new();
    let mut listeners = 0;
    let mut connected = 0;
    for number in inodes {
        match (tcp.get(&number), unix.get(&number)) {
            (Some(socket), _) if socket.state == LISTENING => {
                listeners += 1;
                evidence.push(format!("listens at {}:{}", socket.local.0, socket.local.1));
            }
            (Some(_), _) => connected += 1,
            // The pipe on which signals come to the relay.
            (None, Some(kind)) if *kind == STREAM => {}
            (None, Some(kind)) => wrong.push(format!("unix socket of kind {kind}")),
            (None, None) => wrong.push(other_kind(process, number)),
        }
    }
    evidence.push(format!("connected: {connected}"));
    let holds = wrong.is_empty() && listeners <= listeners_max;
    evidence.extend(wrong);
    Claim::expect("state-sockets", holds, Severity::High, evidence)
}

fn unix_row(line: &str) -> Option<(u64, &str)> {
    let fields: Vec<&str> = line.split_whitespace().collect();
    Some((fields.get(6)?.parse().ok()?, fields.get(4)?))
}

/// In which of the kernel's other tables a socket stands.
fn other_kind(process: Process, inode: u64) -> String {
    let tables = ["udp", "udp6", "raw", "raw6", "netlink", "packet", "icmp", "mptcp"];
    let number = inode.to_string();
    let stands_in = |table: &&&str| {
        let text = read_text(&process.path(&format!("net/{table}"))).unwrap_or_default();
        text.lines().any(|line| line.split_whitespace().any(|field| field == number))
    };
    let table = tables.iter().find(stands_in).unwrap_or(&"unknown");
    format!("a socket of kind {table}")
}

fn inode(name: &str) -> Option<u64> {
    name.strip_prefix("socket:[")?.strip_suffix(']')?.parse().ok()
}
