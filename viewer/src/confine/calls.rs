//! Seccomp: which system calls the process may make. Any other ends it: what a decoder has no use for,
//! only somebody who took it over would try.

use std::collections::BTreeMap;
use std::env::consts::ARCH;

use seccompiler::{
    BackendError, BpfProgram, Error, SeccompAction, SeccompCmpArgLen, SeccompCmpOp,
    SeccompCondition, SeccompFilter, SeccompRule, TargetArch, apply_filter,
};

/// What an argument has to be.
#[derive(Clone, Copy)]
enum Arg {
    /// This value.
    Is(u8, u64),
    /// This value in these bits.
    Bits(u8, u64, u64),
}

use Arg::{Bits, Is};

/// A call, and what each of these arguments has to be. Of several rows of one call, one has to fit.
type Row = (i64, &'static [Arg]);

/// What reading, writing, memory and time need, with either C library.
const CALLS: &[Row] = &[
    // The file comes in and pictures go out. A file that was left open by mistake is of no use.
    (libc::SYS_read, &[Is(0, INPUT)]),
    (libc::SYS_write, &[Is(0, OUTPUT)]),
    // What a panic says, which goes nowhere.
    (libc::SYS_write, &[Is(0, ERRORS)]),
    // Memory: of the process alone, and never a page that holds a program.
    (libc::SYS_mmap, &[Bits(2, EXECUTABLE, 0), Bits(3, ANONYMOUS, ANONYMOUS)]),
    (libc::SYS_mprotect, &[Bits(2, EXECUTABLE, 0)]),
    (libc::SYS_mremap, &[]),
    (libc::SYS_munmap, &[]),
    (libc::SYS_madvise, &[]),
    (libc::SYS_brk, &[]),
    // Locks, which wait for nobody here.
    (libc::SYS_futex, &[]),
    (libc::SYS_clock_gettime, &[]),
    (libc::SYS_getrandom, &[]),
    // What a stack that overflows and a panic do before the process ends.
    (libc::SYS_rt_sigaction, &[]),
    (libc::SYS_rt_sigprocmask, &[]),
    (libc::SYS_rt_sigreturn, &[]),
    (libc::SYS_sigaltstack, &[]),
    (libc::SYS_gettid, &[]),
    (libc::SYS_getpid, &[]),
    (libc::SYS_restart_syscall, &[]),
    (libc::SYS_exit, &[]),
    (libc::SYS_exit_group, &[]),
];

const INPUT: u64 = libc::STDIN_FILENO as u64;
const OUTPUT: u64 = libc::STDOUT_FILENO as u64;
const ERRORS: u64 = libc::STDERR_FILENO as u64;
const EXECUTABLE: u64 = libc::PROT_EXEC as u64;
const ANONYMOUS: u64 = libc::MAP_ANONYMOUS as u64;
const ABORT: u64 = libc::SIGABRT as u64;

/// Forbids every other call.
pub(super) fn confine() -> Result<(), Error> {
    apply_filter(&program()?)
}

fn program() -> Result<BpfProgram, BackendError> {
    let architecture: TargetArch = ARCH.try_into()?;
    SeccompFilter::new(allowed()?, SeccompAction::KillProcess, SeccompAction::Allow, architecture)?
        .try_into()
}

fn allowed() -> Result<BTreeMap<i64, Vec<SeccompRule>>, BackendError> {
    let mut rules: BTreeMap<i64, Vec<SeccompRule>> = BTreeMap::new();
    for (call, args) in CALLS {
        // A call without rules is always let through.
        let of_call = rules.entry(*call).or_default();
        if !args.is_empty() {
            of_call.push(rule(args)?);
        }
    }
    // The process may end itself, and signal nobody else.
    let itself = Is(0, std::process::id().into());
    rules.insert(libc::SYS_tgkill, vec![rule(&[itself, Is(2, ABORT)])?]);
    // musl sends it so.
    rules.insert(libc::SYS_tkill, vec![rule(&[itself, Is(1, ABORT)])?]);
    Ok(rules)
}

fn rule(args: &[Arg]) -> Result<SeccompRule, BackendError> {
    let conditions: Result<_, _> = args.iter().map(|arg| arg.condition()).collect();
    SeccompRule::new(conditions?)
}

impl Arg {
    fn condition(self) -> Result<SeccompCondition, BackendError> {
        let (place, operator, value) = match self {
            Is(place, value) => (place, SeccompCmpOp::Eq, value),
            Bits(place, mask, value) => (place, SeccompCmpOp::MaskedEq(mask), value),
        };
        let length = SeccompCmpArgLen::Qword;
        SeccompCondition::new(place, length, operator, value)
    }
}
