//! Files: of every kind and in every place.

use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use nix::libc;

use super::Answer;
use super::inject::Arg::{Is, Of};
use super::inject::Stopped;
use super::surroundings::Surroundings;

/// A name that nobody else has.
const NAME: &str = "vestibule-audit-probe";
const HERE: u64 = (libc::AT_FDCWD as i64).cast_unsigned();
const CREATE: u64 = (libc::O_CREAT | libc::O_WRONLY) as u64;
const WRITE: u64 = (libc::O_WRONLY | libc::O_APPEND) as u64;
const NAMELESS: u64 = (libc::O_TMPFILE | libc::O_RDWR) as u64;
const MODE: u64 = 0o600;

type Attempt = fn(&mut Stopped, &Surroundings) -> io::Result<Answer>;

pub(super) const PROBES: &[(&str, Attempt)] = &[
    ("make a file in the auditor's open folder", |thread, around| {
        open(thread, &around.path("made"), CREATE)
    }),
    ("make a file in /tmp", |thread, around| create(thread, around, "/tmp")),
    ("make a file in /var/tmp", |thread, around| create(thread, around, "/var/tmp")),
    ("make a file in /dev/shm (shared memory of POSIX)", |thread, around| {
        create(thread, around, "/dev/shm")
    }),
    ("make a file in /run", |thread, around| create(thread, around, "/run")),
    ("make a file in /var/log", |thread, around| create(thread, around, "/var/log")),
    ("make a file where the process began", |thread, around| create(thread, around, ".")),
    ("make a file without a name", |thread, around| open(thread, &around.path(""), NAMELESS)),
    ("write on at the end of a log", |thread, around| open(thread, &around.path("log"), WRITE)),
    ("write to the kernel's log", |thread, _| open(thread, b"/dev/kmsg\0", WRITE)),
    ("write to a terminal", |thread, _| open(thread, b"/dev/tty\0", WRITE)),
    ("shorten a file", |thread, around| {
        call(thread, libc::SYS_truncate, &[Of(&around.path("log")), Is(1)])
    }),
    ("make a folder", |thread, around| {
        call(thread, libc::SYS_mkdirat, &[Is(HERE), Of(&around.path("folder")), Is(MODE)])
    }),
    ("make a symbolic link, whose target is what is kept", |thread, around| {
        let (what, name) = (b"kept\0", around.path("symlink"));
        call(thread, libc::SYS_symlinkat, &[Of(what), Is(HERE), Of(&name)])
    }),
    ("give a file another name", |thread, around| {
        let (from, to) = (around.path("log"), around.path("kept"));
        let answer = call(thread, libc::SYS_renameat, &[Is(HERE), Of(&from), Is(HERE), Of(&to)])?;
        // Undone, for the probes that follow.
        thread.call(libc::SYS_renameat, &[Is(HERE), Of(&to), Is(HERE), Of(&from)])?;
        Ok(answer)
    }),
    ("make a named pipe", |thread, around| {
        let mode = u64::from(libc::S_IFIFO) | MODE;
        call(thread, libc::SYS_mknodat, &[Is(HERE), Of(&around.path("pipe")), Is(mode), Is(0)])
    }),
    ("write an attribute of a file", |thread, around| {
        let (path, name) = (around.path("log"), b"user.kept\0");
        call(thread, libc::SYS_setxattr, &[Of(&path), Of(name), Of(b"1"), Is(1), Is(0)])
    }),
    ("change the rights of a file", |thread, around| {
        call(thread, libc::SYS_fchmodat, &[Is(HERE), Of(&around.path("log")), Is(0o666)])
    }),
];

/// Another name beside the file of indicators.
pub(super) fn in_folder(thread: &mut Stopped, folder: &Path) -> io::Result<Answer> {
    let path = folder.join(NAME);
    let answer = open(thread, &[path.as_os_str().as_bytes(), &[0]].concat(), CREATE)?;
    // Gone again, whether the process can take it away or not.
    let _not_there = std::fs::remove_file(path);
    Ok(answer)
}

fn create(thread: &mut Stopped, around: &Surroundings, place: &str) -> io::Result<Answer> {
    let path = if place == "." { NAME.to_owned() } else { format!("{place}/{NAME}") };
    let answer = open(thread, format!("{path}\0").as_bytes(), CREATE)?;
    around.remove(&path);
    Ok(answer)
}

fn open(thread: &mut Stopped, path: &[u8], flags: u64) -> io::Result<Answer> {
    let attempt = thread.attempt(libc::SYS_openat, &[Is(HERE), Of(path), Is(flags), Is(MODE)])?;
    close(thread, attempt.made())?;
    Ok(attempt.answer())
}

/// Closes what a probe has opened.
pub(super) fn close(thread: &mut Stopped, file: Option<u64>) -> io::Result<()> {
    if let Some(file) = file {
        thread.call(libc::SYS_close, &[Is(file)])?;
    }
    Ok(())
}

/// A call that makes nothing that would have to be undone here.
pub(super) fn call(
    thread: &mut Stopped,
    number: libc::c_long,
    args: &[super::inject::Arg<'_>],
) -> io::Result<Answer> {
    Ok(thread.attempt(number, args)?.answer())
}
