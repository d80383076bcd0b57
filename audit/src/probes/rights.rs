//! Other programs, other processes, and getting back what was given up.

use std::io;

use nix::libc;

use super::Answer;
use super::files::{call, close};
use super::inject::Arg::{Is, Of};
use super::inject::Stopped;
use super::surroundings::Surroundings;

/// No process has this number (`PID_MAX_LIMIT` is 2^22).
const NOBODY: u64 = 0x7fff_fff0;
const GET_DUMPABLE: u64 = libc::PR_GET_DUMPABLE as u64;
const SET_DUMPABLE: u64 = libc::PR_SET_DUMPABLE as u64;
const CORE: u64 = libc::RLIMIT_CORE as u64;
const ATTACH: u64 = libc::PTRACE_ATTACH as u64;
const FORKED: u64 = (libc::CLONE_PARENT | libc::SIGCHLD) as u64;
const PARAMETERS_BYTES: usize = 120;

type Attempt = fn(&mut Stopped, &Surroundings) -> io::Result<Answer>;

pub(super) const PROBES: &[(&str, Attempt)] = &[
    ("begin another program", |thread, around| {
        let path = around.path("program");
        call(thread, libc::SYS_execve, &[Of(&path), Is(0), Is(0)])
    }),
    ("begin another process (fork)", |thread, _| {
        call(thread, libc::SYS_clone, &[Is(FORKED), Is(0), Is(0), Is(0), Is(0)])
    }),
    ("take hold of another process (ptrace)", |thread, _| {
        call(thread, libc::SYS_ptrace, &[Is(ATTACH), Is(NOBODY), Is(0), Is(0)])
    }),
    ("read another process's memory", |thread, _| {
        let nothing = [Is(NOBODY), Is(0), Is(0), Is(0), Is(0), Is(0)];
        call(thread, libc::SYS_process_vm_readv, &nothing)
    }),
    ("write another process's memory", |thread, _| {
        let nothing = [Is(NOBODY), Is(0), Is(0), Is(0), Is(0), Is(0)];
        call(thread, libc::SYS_process_vm_writev, &nothing)
    }),
    ("become readable and dumpable again", |thread, _| {
        let before = thread.attempt(libc::SYS_prctl, &[Is(GET_DUMPABLE)])?;
        let attempt = thread.attempt(libc::SYS_prctl, &[Is(SET_DUMPABLE), Is(1)])?;
        if let (Some(_), Some(before)) = (attempt.made(), before.made()) {
            thread.call(libc::SYS_prctl, &[Is(SET_DUMPABLE), Is(before)])?;
        }
        Ok(attempt.answer())
    }),
    ("raise the limit for images after a crash", |thread, _| {
        // The limit that it has is set again: that is asked, and changes nothing.
        let unlimited = [0xff; 16];
        let old = thread.core_limit()?;
        let attempt =
            thread.attempt(libc::SYS_prlimit64, &[Is(0), Is(CORE), Of(&unlimited), Is(0)])?;
        if attempt.made().is_some() {
            thread.call(libc::SYS_prlimit64, &[Is(0), Is(CORE), Of(&old), Is(0)])?;
        }
        Ok(attempt.answer())
    }),
    ("do input and output past the filter (io_uring)", |thread, _| {
        let attempt =
            thread.attempt(libc::SYS_io_uring_setup, &[Is(1), Of(&[0; PARAMETERS_BYTES])])?;
        close(thread, attempt.made())?;
        Ok(attempt.answer())
    }),
    ("mount a file system", |thread, _| {
        let (target, kind) = (b"/\0", b"no-such-kind\0");
        call(thread, libc::SYS_mount, &[Is(0), Of(target), Of(kind), Is(0), Is(0)])
    }),
    ("leave its name spaces", |thread, _| call(thread, libc::SYS_unshare, &[Is(0)])),
    ("give the kernel a program (bpf)", |thread, _| {
        // An array of one number.
        let attributes = [2_u32, 4, 4, 1, 0, 0, 0, 0, 0, 0, 0, 0];
        let attributes: Vec<u8> = attributes.iter().flat_map(|it| it.to_ne_bytes()).collect();
        let length = u64::try_from(attributes.len()).map_err(io::Error::other)?;
        let attempt = thread.attempt(libc::SYS_bpf, &[Is(0), Of(&attributes), Is(length)])?;
        close(thread, attempt.made())?;
        Ok(attempt.answer())
    }),
    ("count events of the machine (perf)", |thread, _| {
        // A clock, of this thread, in the first form of the structure.
        let mut attributes = [0_u8; 64];
        attributes[0] = 1;
        attributes[4] = 64;
        let any = u64::MAX;
        let args = [Of(&attributes), Is(0), Is(any), Is(any), Is(0)];
        let attempt = thread.attempt(libc::SYS_perf_event_open, &args)?;
        close(thread, attempt.made())?;
        Ok(attempt.answer())
    }),
    ("read the kernel's log", |thread, _| {
        const SIZE: u64 = 10;
        call(thread, libc::SYS_syslog, &[Is(SIZE), Is(0), Is(0)])
    }),
    ("use swap", |thread, around| {
        call(thread, libc::SYS_swapon, &[Of(&around.path("log")), Is(0)])
    }),
];
