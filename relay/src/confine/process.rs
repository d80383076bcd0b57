//! What a process can say about itself: that nobody may read it, and that it leaves no image behind.

use std::env;
use std::fs;
use std::io;
use std::os::unix::process::CommandExt;
use std::process::Command;

use rustix::mm::{MlockAllFlags, mlockall};
use rustix::process::{
    DumpableBehavior, Resource, Rlimit, getrlimit, set_dumpable_behavior, setrlimit,
};
use rustix::thread::set_no_new_privs;

use super::Measure;

/// Starts this program again without the environment, if it has one: what stood in it at the start stays
/// in the memory of a process, whatever it does later. Returns only if there is none, or with the reason
/// why the program could not be started again.
///
/// # Errors
/// When the program cannot be found or started.
pub fn without_environment() -> Result<(), io::Error> {
    if env::vars_os().next().is_none() {
        return Ok(());
    }
    Err(Command::new(env::current_exe()?).args(env::args_os().skip(1)).env_clear().exec())
}

pub(super) fn confine() -> Vec<Measure> {
    vec![
        user(),
        environment(),
        Measure::of(
            "no new rights from programs",
            told(set_no_new_privs(true), "no_new_privs is set"),
        ),
        Measure::of("no image after a crash", no_core()),
        Measure::of(
            "not readable by its own user",
            told(set_dumpable_behavior(DumpableBehavior::NotDumpable), "not dumpable"),
        ),
        memory(),
    ]
}

fn told(result: rustix::io::Result<()>, how: &'static str) -> Result<&'static str, String> {
    result.map(|()| how).map_err(|problem| problem.to_string())
}

fn user() -> Measure {
    let name = "no rights of an administrator";
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let capabilities = field(&status, "CapEff:").and_then(|hex| u64::from_str_radix(hex, 16).ok());
    match (rustix::process::geteuid().is_root(), capabilities) {
        (false, Some(0)) => Measure::enforced(name, "an ordinary user without capabilities"),
        (true, _) => Measure::missing(name, "run it as a user of its own, not as root"),
        (false, _) => Measure::missing(name, "run it without capabilities"),
    }
}

fn environment() -> Measure {
    let name = "no environment";
    match fs::read("/proc/self/environ") {
        Ok(bytes) if bytes.is_empty() => Measure::enforced(name, "empty"),
        Ok(_) => Measure::missing(name, "the program could not be started again without it"),
        Err(problem) => Measure::missing(name, problem.to_string()),
    }
}

/// A service manager may have set it already and forbidden to set it again.
fn no_core() -> Result<&'static str, String> {
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    let set = setrlimit(Resource::Core, none);
    let limits = fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let cores = field(&limits, "Max core file size").unwrap_or_default();
    if cores.split_whitespace().take(2).eq(["0", "0"]) {
        return Ok("the limit for core files is 0");
    }
    Err(set.map_or_else(|problem| problem.to_string(), |()| "the limit was not taken".to_owned()))
}

/// Memory is on no disk when there is no swap, or none for this process. Else it is locked, where that
/// has no limit: with one, a thread that begins later would bring the process down.
fn memory() -> Measure {
    let name = "memory is never written to a disk";
    let swaps = fs::read_to_string("/proc/swaps").unwrap_or_default();
    if swaps.lines().count() <= 1 {
        return Measure::enforced(name, "this machine has no swap");
    }
    if cgroup_swap_max().as_deref() == Some("0") {
        return Measure::enforced(name, "its control group may not swap");
    }
    let unlimited = getrlimit(Resource::Memlock).current.is_none();
    let flags = MlockAllFlags::CURRENT | MlockAllFlags::FUTURE;
    if unlimited && mlockall(flags).is_ok() {
        return Measure::enforced(name, "all of it is locked");
    }
    Measure::missing(
        name,
        "set MemorySwapMax=0 or LimitMEMLOCK=infinity in its unit, or turn swap off",
    )
}

fn cgroup_swap_max() -> Option<String> {
    let groups = fs::read_to_string("/proc/self/cgroup").ok()?;
    let group = groups.lines().find_map(|line| line.strip_prefix("0::"))?;
    let max = fs::read_to_string(format!("/sys/fs/cgroup{group}/memory.swap.max")).ok()?;
    Some(max.trim().to_owned())
}

fn field<'a>(status: &'a str, name: &str) -> Option<&'a str> {
    status.lines().find_map(|line| line.strip_prefix(name)).map(str::trim)
}
