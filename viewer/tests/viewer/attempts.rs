//! What somebody who took over a decoder would try. This program is started for each attempt, confines
//! itself as the shipped one does, and tries.

use std::fs::{self, File};
use std::io::Read;
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::process::{Command, exit};
use std::thread;

use nix::sys::ptrace;
use rustix::fs::{MemfdFlags, memfd_create};
use rustix::process::{getppid, test_kill_process};
use vestibule_viewer::confine;

/// With which this program tries something.
pub(crate) const COMMAND: &str = "attempt";
/// As the third word: without being confined, to see that the attempt is a real one.
pub(crate) const FREELY: &str = "freely";
/// The attempt failed, and the process goes on.
pub(crate) const FAILED: i32 = 40;
const CONFINING_FAILED: i32 = 41;

/// Each ends the process.
pub(crate) const FORBIDDEN: [&str; 17] = [
    "read a file",
    "write a file",
    "read a file that was left open",
    "list a folder",
    "look at a file",
    "remove a file",
    "listen",
    "connect",
    "send a datagram",
    "connect to another program here",
    "become another program",
    "start another program",
    "start a thread",
    "look into another process",
    "signal another process",
    "make a file in memory",
    "copy a file's number",
];

/// Fails, since there is a limit.
pub(crate) const MEMORY: &str = "take 4 GiB of memory";
/// Fails too, and what was taken can be given back.
pub(crate) const GOING_ON: &str = "give back all memory that there is";
/// Ends when its time is up.
pub(crate) const TIME: &str = "compute for a minute";

pub(crate) fn run(args: &[&str]) -> ! {
    let (what, freely) = match args {
        [what, FREELY] => (*what, true),
        [what, ..] => (*what, false),
        [] => exit(CONFINING_FAILED),
    };
    let mut left_open = File::open("/etc/passwd").expect("a file that everybody may read");
    if !freely && confine().is_err() {
        exit(CONFINING_FAILED);
    }
    // At once: closing the file would be an attempt of its own.
    exit(if attempt(what, &mut left_open) { 0 } else { FAILED })
}

/// Tries, and says whether it worked.
fn attempt(what: &str, left_open: &mut File) -> bool {
    match what {
        "read a file" => fs::read("/etc/passwd").is_ok(),
        "write a file" => File::create(temporary("written")).is_ok(),
        "read a file that was left open" => left_open.read(&mut [0; 16]).is_ok(),
        "list a folder" => fs::read_dir("/").is_ok(),
        "look at a file" => fs::metadata("/etc/passwd").is_ok(),
        // There is none: whoever is not confined is told so.
        "remove a file" => {
            let removed = fs::remove_file(temporary("absent"));
            removed.is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound)
        }
        "listen" => TcpListener::bind("127.0.0.1:0").is_ok(),
        // Nobody listens there: whoever is not confined is told so.
        "connect" => TcpStream::connect("127.0.0.1:1")
            .is_err_and(|error| error.kind() == std::io::ErrorKind::ConnectionRefused),
        "send a datagram" => UdpSocket::bind("127.0.0.1:0").is_ok(),
        "connect to another program here" => UnixStream::pair().is_ok(),
        "become another program" => {
            let _ = Command::new("/bin/true").exec();
            false
        }
        "start another program" => Command::new("/bin/true").status().is_ok(),
        "start a thread" => thread::Builder::new().spawn(|| ()).is_ok(),
        "look into another process" => ptrace::traceme().is_ok(),
        "signal another process" => {
            getppid().is_some_and(|parent| test_kill_process(parent).is_ok())
        }
        "make a file in memory" => memfd_create("name", MemfdFlags::empty()).is_ok(),
        "copy a file's number" => rustix::io::dup(left_open).is_ok(),
        MEMORY => Vec::<u8>::new().try_reserve_exact(4 << 30).is_ok(),
        GOING_ON => {
            // glibc opens another heap after the first, and would look into a file before it shrinks that.
            let failed = Vec::<u8>::new().try_reserve_exact(4 << 30).is_err();
            for blocks in [1_000, 1_000_000] {
                let mut taken = Vec::with_capacity(blocks);
                while taken.len() < blocks {
                    let mut block: Vec<u8> = Vec::new();
                    if block.try_reserve_exact(100_000).is_err() {
                        break;
                    }
                    taken.push(block);
                }
            }
            !failed
        }
        TIME => loop {
            std::hint::spin_loop();
        },
        _ => false,
    }
}

fn temporary(name: &str) -> std::path::PathBuf {
    std::env::temp_dir().join(format!("vestibule-viewer-{name}-{}", std::process::id()))
}
