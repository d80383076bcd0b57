//! What the process says about itself, and its limits.

use rustix::io;
use rustix::process::{
    DumpableBehavior, Resource, Rlimit, getrlimit, set_dumpable_behavior, setrlimit,
};
use rustix::thread::set_no_new_privs;

use super::{CPU_SECONDS_MAX, MEMORY_BYTES_MAX};

/// No rights from programs, no image in memory for others or on a disk after a crash, and limits.
pub(super) fn confine() -> io::Result<()> {
    set_no_new_privs(true)?;
    set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    let limits = [
        (Resource::Core, 0, 0),
        (Resource::Fsize, 0, 0),
        // Not even threads; administrators are exempt, whom seccomp stops.
        (Resource::Nproc, 0, 0),
        (Resource::Memlock, 0, 0),
        (Resource::Msgqueue, 0, 0),
        // At the first it is told to end, at the second it is ended.
        (Resource::Cpu, CPU_SECONDS_MAX, CPU_SECONDS_MAX + 1),
        (Resource::As, MEMORY_BYTES_MAX, MEMORY_BYTES_MAX),
    ];
    limits.into_iter().try_for_each(|(resource, most, maximum)| limit(resource, most, maximum))
}

/// No further file, socket or pipe, of whatever kind.
pub(super) fn open_no_more() -> io::Result<()> {
    limit(Resource::Nofile, 0, 0)
}

/// Lowers a limit, and how far it could be raised again; one that is lower already stays.
fn limit(resource: Resource, most: u64, maximum: u64) -> io::Result<()> {
    let now = getrlimit(resource);
    let lower = |limit: Option<u64>, most: u64| Some(limit.map_or(most, |limit| limit.min(most)));
    let limits = Rlimit { current: lower(now.current, most), maximum: lower(now.maximum, maximum) };
    setrlimit(resource, limits)
}
