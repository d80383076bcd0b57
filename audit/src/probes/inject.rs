//! Makes a stopped thread of another process call the kernel, and puts everything back.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;

use nix::errno::Errno;
use nix::libc::{c_long, user_regs_struct};
use nix::sys::ptrace::{self, Options};
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;

use super::Answer;
use crate::process::Process;

/// The instruction `syscall`.
const SYSCALL: [u8; 2] = [0x0f, 0x05];
/// Below its stack's end a function of x86-64 may use 128 bytes without saying so.
const RED_ZONE_BYTES: u64 = 128;
/// Room for arguments below that.
const ARGUMENT_BYTES: u64 = 2_048;
/// Of a program's code, so much is searched for the instruction.
const CODE_BYTES_MAX: u64 = 16 * 1_024 * 1_024;

/// The kernel says no, or that nothing of the kind is there for this process.
const DENIED: [(Errno, &str); 5] = [
    (Errno::EPERM, "EPERM"),
    (Errno::EACCES, "EACCES"),
    (Errno::EROFS, "EROFS"),
    (Errno::ENOENT, "ENOENT"),
    (Errno::ENETUNREACH, "ENETUNREACH"),
];

/// An argument of a call.
#[derive(Debug, Clone, Copy)]
pub(super) enum Arg<'a> {
    /// A number.
    Is(u64),
    /// The address of these bytes.
    Of(&'a [u8]),
}

/// A thread that stands still. The others go on.
pub(super) struct Stopped {
    process: Process,
    thread: Pid,
    memory: File,
    open_before: Vec<u64>,
    registers: user_regs_struct,
    code: u64,
    arguments: u64,
    kept: Vec<u8>,
    released: bool,
}

impl Stopped {
    /// Stops the first thread of a process.
    pub(super) fn stop(process: Process) -> io::Result<Self> {
        let thread = Pid::from_raw(i32::try_from(process.0).map_err(io::Error::other)?);
        let memory = OpenOptions::new().read(true).write(true).open(process.path("mem"))?;
        let code = find_syscall(process, &memory)?;
        let forks = Options::PTRACE_O_TRACEFORK
            | Options::PTRACE_O_TRACEVFORK
            | Options::PTRACE_O_TRACECLONE;
        ptrace::seize(thread, forks)?;
        let stopped = ptrace::interrupt(thread)
            .and_then(|()| waitpid(thread, Some(WaitPidFlag::__WALL)))
            .and_then(|_| ptrace::getregs(thread));
        let registers = match stopped {
            Ok(registers) => registers,
            Err(problem) => {
                let _gone = ptrace::detach(thread, None);
                return Err(problem.into());
            }
        };
        let arguments = (registers.rsp - RED_ZONE_BYTES - ARGUMENT_BYTES) & !0xf;
        let mut stopped = Self {
            process,
            thread,
            memory,
            open_before: Vec::new(),
            registers,
            code,
            arguments,
            kept: Vec::new(),
            released: false,
        };
        stopped.open_before = stopped.open_numbers()?;
        let mut kept = vec![0; usize::try_from(ARGUMENT_BYTES).map_err(io::Error::other)?];
        stopped.memory.read_exact_at(&mut kept, arguments)?;
        stopped.kept = kept;
        Ok(stopped)
    }

    /// Makes a call; what the kernel returns.
    pub(super) fn call(&mut self, number: c_long, args: &[Arg<'_>]) -> io::Result<i64> {
        let mut values = [0; 6];
        let mut at = self.arguments;
        for (value, arg) in values.iter_mut().zip(args) {
            *value = match arg {
                Arg::Is(number) => *number,
                Arg::Of(bytes) => {
                    self.memory.write_all_at(bytes, at)?;
                    let here = at;
                    at +=
                        u64::try_from(bytes.len()).map_err(io::Error::other)?.next_multiple_of(16);
                    here
                }
            };
        }
        if at > self.arguments + ARGUMENT_BYTES {
            return Err(io::Error::other("the arguments of a probe are too long"));
        }
        let [rdi, rsi, rdx, r10, r8, r9] = values;
        let registers = user_regs_struct {
            // No call is under way any more that the kernel would begin again.
            orig_rax: u64::MAX,
            rax: number.cast_unsigned(),
            rip: self.code,
            rdi,
            rsi,
            rdx,
            r10,
            r8,
            r9,
            ..self.registers
        };
        ptrace::setregs(self.thread, registers)?;
        self.step()?;
        Ok(ptrace::getregs(self.thread)?.rax.cast_signed())
    }

    /// Makes a call and says what its answer means.
    pub(super) fn attempt(&mut self, number: c_long, args: &[Arg<'_>]) -> io::Result<Attempt> {
        self.call(number, args).map(Attempt)
    }

    /// The two open files with the highest numbers, of those that came since the thread was stopped.
    pub(super) fn made_pair(&self) -> io::Result<[Option<u64>; 2]> {
        let numbers = self.open_numbers()?;
        let mut new = numbers.iter().rev().filter(|number| !self.open_before.contains(number));
        Ok([new.next().copied(), new.next().copied()])
    }

    /// The limit for images after a crash, as the kernel's structure.
    pub(super) fn core_limit(&self) -> io::Result<Vec<u8>> {
        let limits = self.process.text("limits")?;
        let line = limits.lines().find(|line| line.starts_with("Max core file size"));
        let values = line.into_iter().flat_map(|line| line.split_whitespace().skip(4).take(2));
        let value = |text: &str| text.parse().unwrap_or(u64::MAX);
        Ok(values.flat_map(|text| value(text).to_ne_bytes()).collect())
    }

    fn open_numbers(&self) -> io::Result<Vec<u64>> {
        let files = self.process.open_files()?;
        Ok(files.into_iter().map(|file| u64::from(file.number)).collect())
    }

    /// One instruction, and whatever the kernel does for it.
    fn step(&mut self) -> io::Result<()> {
        let mut signal = None;
        loop {
            ptrace::step(self.thread, signal)?;
            signal = None;
            let stopped = waitpid(self.thread, Some(WaitPidFlag::__WALL))?;
            if let WaitStatus::Stopped(_, Signal::SIGTRAP) = stopped {
                return Ok(());
            } else if let WaitStatus::Stopped(_, other) = stopped {
                signal = Some(other);
            } else if let WaitStatus::PtraceEvent(..) = stopped {
                // It has begun another process, which must not run.
                self.end_child();
            } else {
                self.released = true;
                return Err(io::Error::other("the process ended while it was probed"));
            }
        }
    }

    fn end_child(&self) {
        let child = ptrace::getevent(self.thread).ok().and_then(|child| i32::try_from(child).ok());
        // Not every event is about a child.
        if let Some(child) = child.map(Pid::from_raw).filter(|child| child.as_raw() > 0)
            && kill(child, Signal::SIGKILL).is_ok()
        {
            let _ended = waitpid(child, Some(WaitPidFlag::__WALL));
        }
    }

    /// Puts everything back and lets the thread go on.
    pub(super) fn release(mut self) -> io::Result<()> {
        self.put_back()
    }

    fn put_back(&mut self) -> io::Result<()> {
        if self.released {
            return Ok(());
        }
        self.released = true;
        let memory = self.memory.write_all_at(&self.kept, self.arguments);
        let registers = ptrace::setregs(self.thread, self.registers);
        ptrace::detach(self.thread, None)?;
        registers?;
        memory
    }
}

impl Drop for Stopped {
    fn drop(&mut self) {
        // On the way out of a failure, which is told already.
        let _put_back = self.put_back();
    }
}

/// What a call returned.
#[derive(Debug, Clone, Copy)]
pub(super) struct Attempt(i64);

impl Attempt {
    /// A number of an open file, or of something else that was made.
    pub(super) fn made(self) -> Option<u64> {
        u64::try_from(self.0).ok()
    }

    /// What that means.
    pub(super) fn answer(self) -> Answer {
        if self.0 >= 0 {
            return Answer::LetThrough("succeeded".to_owned());
        }
        let errno = i32::try_from(-self.0).map_or(Errno::UnknownErrno, Errno::from_raw);
        if errno == Errno::ENOSYS {
            return Answer::Absent;
        }
        match DENIED.iter().find(|(denied, _)| *denied == errno) {
            Some((_, name)) => Answer::Denied(name),
            None => Answer::LetThrough(format!("{errno:?}")),
        }
    }
}

fn find_syscall(process: Process, memory: &File) -> io::Result<u64> {
    for region in process.regions()? {
        if !region.rights.starts_with("r-x") {
            continue;
        }
        let length = region.len().min(CODE_BYTES_MAX);
        let mut code = vec![0; usize::try_from(length).map_err(io::Error::other)?];
        if memory.read_exact_at(&mut code, region.from).is_err() {
            continue;
        }
        if let Some(offset) = memchr::memmem::find(&code, &SYSCALL) {
            return Ok(region.from + u64::try_from(offset).map_err(io::Error::other)?);
        }
    }
    Err(io::Error::other("the program has no instruction that calls the kernel"))
}
