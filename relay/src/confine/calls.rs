//! Seccomp: which system calls the process may make. Every other one fails with EPERM, so that an
//! attempt changes nothing for the people who are served.

use std::collections::BTreeMap;
use std::env::consts::ARCH;

use seccompiler::{
    BackendError, BpfProgram, Error, SeccompAction, SeccompCmpArgLen, SeccompCmpOp,
    SeccompCondition, SeccompFilter, SeccompRule, TargetArch, apply_filter,
};

use super::{Connect, Measure, Needs};

const NAME: &str = "system calls (seccomp)";

/// When a call is let through.
enum When {
    /// Always.
    Always,
    /// When each of these arguments is so.
    Args(&'static [Arg]),
}

/// What an argument has to be.
enum Arg {
    /// This value.
    Is(u8, u64),
    /// This value in these bits.
    Bits(u8, u64, u64),
}

use Arg::{Bits, Is};
use When::{Always, Args};

/// What threads, memory and time need.
const RUNTIME: &[(i64, When)] = &[
    // Waiting for sockets, signals and other threads.
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_epoll_wait, Always),
    (libc::SYS_epoll_pwait, Always),
    (libc::SYS_epoll_ctl, Always),
    (libc::SYS_epoll_create1, Always),
    (libc::SYS_eventfd2, Always),
    (libc::SYS_futex, Always),
    (libc::SYS_sched_yield, Always),
    (libc::SYS_clock_nanosleep, Always),
    (libc::SYS_clock_gettime, Always),
    // Memory: never a page that holds a program.
    (libc::SYS_mmap, Args(&[Bits(2, EXECUTABLE, 0)])),
    (libc::SYS_mprotect, Args(&[Bits(2, EXECUTABLE, 0)])),
    (libc::SYS_mremap, Always),
    (libc::SYS_munmap, Always),
    (libc::SYS_madvise, Always),
    (libc::SYS_brk, Always),
    // Threads: `clone3`, whose arguments cannot be looked at, is answered as if the kernel had none.
    (libc::SYS_clone, Args(&[Bits(0, THREAD, THREAD)])),
    (libc::SYS_clone3, Always),
    (libc::SYS_set_robust_list, Always),
    (libc::SYS_rseq, Always),
    (libc::SYS_sched_getaffinity, Always),
    (libc::SYS_gettid, Always),
    (libc::SYS_getpid, Always),
    // A thread's own name.
    (libc::SYS_prctl, Args(&[Is(0, SET_NAME)])),
    (libc::SYS_exit, Always),
    (libc::SYS_exit_group, Always),
    // Signals that ask the relay to stop.
    (libc::SYS_rt_sigaction, Always),
    (libc::SYS_rt_sigprocmask, Always),
    (libc::SYS_rt_sigreturn, Always),
    (libc::SYS_sigaltstack, Always),
    (libc::SYS_restart_syscall, Always),
    // The runtime's own pipe for signals: a stream, which cannot be sent to another address.
    (libc::SYS_socketpair, Args(&[Is(0, LOCAL), Bits(1, KIND, STREAM)])),
    (libc::SYS_getrandom, Always),
];

/// What serving peers needs on top.
const SERVING: &[(i64, When)] = &[
    // A peer comes.
    (libc::SYS_accept4, Always),
    // What a peer sends, and what the runtime's eventfd and pipe say.
    (libc::SYS_read, Always),
    (libc::SYS_recvfrom, Always),
    // What a peer is sent: frames, and a page in several pieces.
    (libc::SYS_write, Always),
    (libc::SYS_writev, Always),
    // The same, as the standard library sends; only to the other end of a socket, never to an address.
    (libc::SYS_sendto, Args(&[Is(4, 0)])),
    // Our half of a connection ends.
    (libc::SYS_shutdown, Always),
    // TCP_NODELAY for each peer; the send buffer's and keep-alive's settings.
    (libc::SYS_setsockopt, Always),
    // Whether connecting to Redis failed (SO_ERROR), and what kind of socket one is.
    (libc::SYS_getsockopt, Always),
    // At which port the relay listens, for the line that says so.
    (libc::SYS_getsockname, Always),
    // Whether a socket blocks, and a second number for the pipe of signals.
    (libc::SYS_fcntl, Args(&[Is(1, GET_FLAGS)])),
    (libc::SYS_fcntl, Args(&[Is(1, SET_FLAGS)])),
    (libc::SYS_fcntl, Args(&[Is(1, DUPLICATE)])),
    // A connection or a file is done.
    (libc::SYS_close, Always),
];

/// What reading and replacing files needs; which ones is Landlock's to say.
const FILES: &[(i64, When)] = &[
    // A list of revocations, the file of indicators, the folder that is to be durable.
    (libc::SYS_openat, Always),
    // Whether a list has changed, and how long a file is.
    (libc::SYS_statx, Always),
    (libc::SYS_fstat, Always),
    // How much of a file is left to read.
    (libc::SYS_lseek, Always),
    // What was written is durable before it takes its name, and then its name.
    (libc::SYS_fsync, Always),
    // It takes its name; which of the three depends on the C library.
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_rename, Always),
    (libc::SYS_renameat, Always),
    (libc::SYS_renameat2, Always),
];

/// What connecting to Redis needs; to which ports is Landlock's to say.
const CONNECTING: &[(i64, When)] = &[
    // A stream of the internet, and no other kind of socket.
    (libc::SYS_socket, Args(&[Is(0, INTERNET), Bits(1, KIND, STREAM)])),
    (libc::SYS_socket, Args(&[Is(0, INTERNET_6), Bits(1, KIND, STREAM)])),
    // After a failover, and when Redis was away.
    (libc::SYS_connect, Always),
    // Whether the connection stands.
    (libc::SYS_getpeername, Always),
];

const EXECUTABLE: u64 = libc::PROT_EXEC as u64;
const THREAD: u64 = libc::CLONE_THREAD as u64;
const SET_NAME: u64 = libc::PR_SET_NAME as u64;
const LOCAL: u64 = libc::AF_UNIX as u64;
const INTERNET: u64 = libc::AF_INET as u64;
const INTERNET_6: u64 = libc::AF_INET6 as u64;
const STREAM: u64 = libc::SOCK_STREAM as u64;
/// The bits of a socket's type that are no flags.
const KIND: u64 = 0xf;
const GET_FLAGS: u64 = libc::F_GETFL as u64;
const SET_FLAGS: u64 = libc::F_SETFL as u64;
const DUPLICATE: u64 = libc::F_DUPFD_CLOEXEC as u64;

pub(super) fn confine(needs: &Needs) -> Measure {
    let allowed = allowed(needs);
    let names = allowed.len();
    Measure::of(
        NAME,
        restrict(allowed)
            .map(|()| format!("{names} calls are allowed, all others fail"))
            .map_err(|problem| problem.to_string()),
    )
}

fn restrict(allowed: BTreeMap<i64, Vec<SeccompRule>>) -> Result<(), Error> {
    let refused = errno(libc::EPERM);
    // Where both speak of a call, the stricter counts: `clone3` fails as if there were none, and whoever
    // begins a thread does it with `clone`.
    let absent = BTreeMap::from([(libc::SYS_clone3, Vec::new())]);
    apply_filter(&program(absent, SeccompAction::Allow, errno(libc::ENOSYS))?)?;
    apply_filter(&program(allowed, refused, SeccompAction::Allow)?)
}

fn errno(number: i32) -> SeccompAction {
    SeccompAction::Errno(number.unsigned_abs())
}

fn program(
    rules: BTreeMap<i64, Vec<SeccompRule>>,
    otherwise: SeccompAction,
    matched: SeccompAction,
) -> Result<BpfProgram, BackendError> {
    let architecture: TargetArch = ARCH.try_into()?;
    SeccompFilter::new(rules, otherwise, matched, architecture)?.try_into()
}

fn allowed(needs: &Needs) -> BTreeMap<i64, Vec<SeccompRule>> {
    let no_calls: &[(i64, When)] = &[];
    let files = !needs.read.is_empty() || needs.write.is_some();
    let files = if files { FILES } else { no_calls };
    let connects = !matches!(needs.connect, Connect::Nowhere);
    let connecting = if connects { CONNECTING } else { no_calls };
    let mut rules: BTreeMap<i64, Vec<SeccompRule>> = BTreeMap::new();
    for (call, when) in [RUNTIME, SERVING, files, connecting].into_iter().flatten() {
        // A call without rules is always let through.
        let of_call = rules.entry(*call).or_default();
        if let Args(args) = when {
            let conditions = args.iter().map(Arg::condition).collect();
            of_call.push(SeccompRule::new(conditions).expect("the table names arguments"));
        }
    }
    rules
}

impl Arg {
    fn condition(&self) -> SeccompCondition {
        let (place, operator, value) = match *self {
            Is(place, value) => (place, SeccompCmpOp::Eq, value),
            Bits(place, mask, value) => (place, SeccompCmpOp::MaskedEq(mask), value),
        };
        SeccompCondition::new(place, SeccompCmpArgLen::Qword, operator, value)
            .expect("a call has six arguments")
    }
}

#[cfg(test)]
mod tests {
    use super::{CONNECTING, FILES, RUNTIME, SERVING};

    /// The auditor's limit for what is allowed beyond what the runtime needs.
    const BEYOND_RUNTIME_MAX: usize = 30;

    #[test]
    fn few_calls_are_allowed_beyond_what_the_runtime_needs() {
        let runtime: Vec<i64> = RUNTIME.iter().map(|(call, _)| *call).collect();
        let rows = [SERVING, FILES, CONNECTING].into_iter().flatten();
        let mut beyond: Vec<i64> =
            rows.map(|(call, _)| *call).filter(|call| !runtime.contains(call)).collect();
        beyond.sort_unstable();
        beyond.dedup();
        assert!(beyond.len() <= BEYOND_RUNTIME_MAX, "{}", beyond.len());
        assert!(!beyond.contains(&libc::SYS_execve) && !beyond.contains(&libc::SYS_ptrace));
    }
}
