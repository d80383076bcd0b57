//! What the kernel forbids the process that looks at a file: everything but reading its input, writing its
//! output, its memory and the time.
//!
//! Each layer forbids on its own what matters most. Seccomp knows no `open` and no socket, and ends the
//! process at the first attempt. Where the kernel has Landlock, it denies every file and port besides. The
//! limits say how much memory and time a file may take, and that no file can be opened at all.

#[cfg(target_os = "linux")]
mod calls;
#[cfg(target_os = "linux")]
mod files;
#[cfg(target_os = "linux")]
mod process;

use thiserror::Error;

/// All memory that the process may have, in bytes, program and stack included: 1 GiB.
pub const MEMORY_BYTES_MAX: u64 = 1_024 * 1_024 * 1_024;
/// How long the process may compute, in seconds.
pub const CPU_SECONDS_MAX: u64 = 20;

/// The process is not confined, and must not read anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("this system cannot confine a process")]
pub struct NotConfined;

/// Confines this process for good. Call it while it has one thread, and before it reads anything.
///
/// # Errors
/// When the system cannot forbid system calls (seccomp) or set limits. A kernel without Landlock is none:
/// what Landlock would deny, seccomp forbids too.
#[cfg(target_os = "linux")]
pub fn confine() -> Result<(), NotConfined> {
    process::confine().map_err(|_| NotConfined)?;
    files::confine();
    // Landlock needed one to be opened.
    process::open_no_more().map_err(|_| NotConfined)?;
    calls::confine().map_err(|_| NotConfined)
}

/// Confines this process for good.
///
/// # Errors
/// Always: only Linux is known to do it.
#[cfg(not(target_os = "linux"))]
pub fn confine() -> Result<(), NotConfined> {
    Err(NotConfined)
}
