//! Memory that outlives a connection or belongs to nobody: shared, nameless, of the kernel.

use std::io;

use nix::libc;

use super::Answer;
use super::files::{call, close};
use super::inject::Arg::{Is, Of};
use super::inject::Stopped;
use super::surroundings::Surroundings;

const MODE: u64 = 0o600;
const PAGE_BYTES: u64 = 4_096;
const REMOVE: u64 = libc::IPC_RMID as u64;
/// The keyring of the process (`KEY_SPEC_PROCESS_KEYRING`).
const PROCESS_KEYRING: u64 = (-2_i64).cast_unsigned();
const UNLINK_KEY: u64 = 9;
const GET_KEYRING: u64 = 0;
const WRITE_AND_RUN: u64 = (libc::PROT_READ | libc::PROT_WRITE | libc::PROT_EXEC) as u64;
const OWN: u64 = (libc::MAP_PRIVATE | libc::MAP_ANONYMOUS) as u64;

type Attempt = fn(&mut Stopped, &Surroundings) -> io::Result<Answer>;

pub(super) const PROBES: &[(&str, Attempt)] = &[
    ("make a file in memory (memfd)", |thread, _| {
        opened(thread, libc::SYS_memfd_create, &[Of(b"kept\0"), Is(0)])
    }),
    ("make secret memory (memfd_secret)", |thread, _| {
        opened(thread, libc::SYS_memfd_secret, &[Is(0)])
    }),
    ("make shared memory of System V", |thread, _| {
        removed(thread, libc::SYS_shmget, &[Is(0), Is(PAGE_BYTES), Is(MODE)], libc::SYS_shmctl)
    }),
    ("make a message queue of System V", |thread, _| {
        removed(thread, libc::SYS_msgget, &[Is(0), Is(MODE)], libc::SYS_msgctl)
    }),
    ("make semaphores of System V, whose values can be kept", |thread, _| {
        let attempt = thread.attempt(libc::SYS_semget, &[Is(0), Is(1), Is(MODE)])?;
        if let Some(id) = attempt.made() {
            thread.call(libc::SYS_semctl, &[Is(id), Is(0), Is(REMOVE)])?;
        }
        Ok(attempt.answer())
    }),
    ("make a message queue of POSIX", |thread, _| {
        let (name, flags) = (b"vestibule-audit-probe\0", (libc::O_CREAT | libc::O_RDWR) as u64);
        let answer = opened(thread, libc::SYS_mq_open, &[Of(name), Is(flags), Is(MODE), Is(0)])?;
        if matches!(answer, Answer::LetThrough(_)) {
            thread.call(libc::SYS_mq_unlink, &[Of(name)])?;
        }
        Ok(answer)
    }),
    ("put a key into a keyring", |thread, _| {
        let args = [Of(b"user\0"), Of(b"kept\0"), Of(b"1"), Is(1), Is(PROCESS_KEYRING)];
        let attempt = thread.attempt(libc::SYS_add_key, &args)?;
        if let Some(key) = attempt.made() {
            let unlink = [Is(UNLINK_KEY), Is(key), Is(PROCESS_KEYRING)];
            thread.call(libc::SYS_keyctl, &unlink)?;
        }
        Ok(attempt.answer())
    }),
    ("ask for a keyring", |thread, _| {
        call(thread, libc::SYS_keyctl, &[Is(GET_KEYRING), Is(PROCESS_KEYRING), Is(1)])
    }),
    ("make a pipe, whose bytes the kernel keeps", |thread, _| {
        let attempt = thread.attempt(libc::SYS_pipe2, &[Of(&[0; 8]), Is(0)])?;
        if attempt.made().is_some() {
            for file in thread.made_pair()? {
                close(thread, file)?;
            }
        }
        Ok(attempt.answer())
    }),
    ("make memory that can be written and run", |thread, _| {
        let args = [Is(0), Is(PAGE_BYTES), Is(WRITE_AND_RUN), Is(OWN), Is(u64::MAX), Is(0)];
        let attempt = thread.attempt(libc::SYS_mmap, &args)?;
        if let Some(address) = attempt.made() {
            thread.call(libc::SYS_munmap, &[Is(address), Is(PAGE_BYTES)])?;
        }
        Ok(attempt.answer())
    }),
    ("handle faults of memory outside the program (userfaultfd)", |thread, _| {
        opened(thread, libc::SYS_userfaultfd, &[Is(0)])
    }),
];

fn opened(
    thread: &mut Stopped,
    number: libc::c_long,
    args: &[super::inject::Arg<'_>],
) -> io::Result<Answer> {
    let attempt = thread.attempt(number, args)?;
    close(thread, attempt.made())?;
    Ok(attempt.answer())
}

fn removed(
    thread: &mut Stopped,
    number: libc::c_long,
    args: &[super::inject::Arg<'_>],
    control: libc::c_long,
) -> io::Result<Answer> {
    let attempt = thread.attempt(number, args)?;
    if let Some(id) = attempt.made() {
        thread.call(control, &[Is(id), Is(REMOVE), Is(0)])?;
    }
    Ok(attempt.answer())
}
