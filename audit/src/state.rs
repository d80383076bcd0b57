//! What the kernel says of the process, whatever the process says of itself.

mod descriptors;
mod said;

use std::collections::HashMap;
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

pub use descriptors::sockets;

use crate::claims::{Claim, Reason, Severity};
use crate::process::{Process, read_text};

const SECCOMP_FILTER: &str = "2";

/// Every claim about the state of a process that may listen at so many addresses and keeps indicators in a
/// folder. `said` is its own table
/// at its start, if a log has it.
pub fn check(
    process: Process,
    listeners_max: usize,
    indicators: Option<&Path>,
    said: &[String],
) -> Vec<Claim> {
    let mut claims = vec![
        Claim::of("state-user", process.status(None), |status| user(&status)),
        calls(process),
        unreadable(process),
        Claim::of("state-image", process.text("limits"), |limits| image(&limits)),
        Claim::of("state-environment", environment_bytes(process), environment),
        Claim::of("state-programs", process.regions(), |regions| {
            let both = |rights: &str| rights.contains('w') && rights.contains('x');
            let wrong = regions.iter().filter(|region| both(&region.rights));
            let wrong: Vec<String> =
                wrong.map(|region| format!("{:x} {}", region.from, region.name)).collect();
            let regions = format!("regions: {}", regions.len());
            Claim::expect(
                "state-programs",
                wrong.is_empty(),
                Severity::Medium,
                [vec![regions], wrong].concat(),
            )
        }),
    ];
    claims.extend(descriptors::check(process, listeners_max, indicators));
    claims.push(said::check(process, said, &claims));
    claims
}

fn user(status: &HashMap<String, String>) -> Claim {
    let field = |name: &str| status.get(name).cloned().unwrap_or_default();
    let ids: Vec<String> = field("Uid").split_whitespace().map(str::to_owned).collect();
    let is_root = ids.iter().any(|id| id == "0");
    let sets = ["CapEff", "CapPrm", "CapInh", "CapAmb"];
    let capable = sets.iter().any(|set| field(set).chars().any(|digit| digit != '0'));
    let mut evidence = vec![format!("Uid: {}", ids.join(" "))];
    evidence.extend(sets.iter().map(|set| format!("{set}: {}", field(set))));
    Claim::expect("state-user", !is_root && !capable, Severity::Medium, evidence)
}

/// Each thread has rules of its own: one without would be enough for a leak.
fn calls(process: Process) -> Claim {
    let threads = match process.threads() {
        Ok(threads) => threads,
        Err(problem) => {
            return Claim::not_checked("state-calls", Reason::NeedsRights, [problem.to_string()]);
        }
    };
    let mut without = Vec::new();
    let mut filters = Vec::new();
    for thread in &threads {
        let Ok(status) = process.status(Some(*thread)) else { continue };
        let field = |name: &str| status.get(name).map_or("", String::as_str);
        if field("Seccomp") != SECCOMP_FILTER || field("NoNewPrivs") != "1" {
            let (mode, no_new) = (field("Seccomp"), field("NoNewPrivs"));
            without.push(format!("thread {thread}: Seccomp {mode}, NoNewPrivs {no_new}"));
        }
        filters.push(field("Seccomp_filters").to_owned());
    }
    filters.sort();
    filters.dedup();
    let mut evidence =
        vec![format!("threads: {}; Seccomp_filters: {}", threads.len(), filters.join(", "))];
    let holds = without.is_empty() && !threads.is_empty();
    evidence.extend(without);
    Claim::expect("state-calls", holds, Severity::High, evidence)
}

/// What a process owns in `/proc` belongs to root as soon as it is not dumpable. Of a process of root's
/// that cannot be told.
fn unreadable(process: Process) -> Claim {
    let id = "state-unreadable";
    let owner = fs::metadata(process.path("environ")).map(|metadata| metadata.uid());
    let user = process.status(None).map(|status| {
        let ids = status.get("Uid").cloned().unwrap_or_default();
        ids.split_whitespace().nth(1).and_then(|id| id.parse::<u32>().ok())
    });
    match (owner, user) {
        (Ok(owner), Ok(Some(user))) if user != 0 => {
            let evidence = format!("user {user}, /proc/{}/environ belongs to {owner}", process.0);
            Claim::expect(id, owner != user, Severity::Medium, [evidence])
        }
        (Ok(_), Ok(Some(_))) => {
            let why = "it runs as root, and root's processes always belong to root".to_owned();
            Claim::not_checked(id, Reason::NotHere, [why])
        }
        _ => Claim::not_checked(id, Reason::NeedsRights, []),
    }
}

fn image(limits: &str) -> Claim {
    let line = limits.lines().find(|line| line.starts_with("Max core file size"));
    let line = line.unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
    Claim::expect("state-image", line.contains("size 0 0"), Severity::Medium, [line])
}

fn environment_bytes(process: Process) -> io::Result<usize> {
    fs::read(process.path("environ")).map(|bytes| bytes.len())
}

fn environment(bytes: usize) -> Claim {
    let evidence = format!("{bytes} bytes in /proc/PID/environ");
    Claim::expect("state-environment", bytes == 0, Severity::Medium, [evidence])
}

/// Whether memory can reach a disk: swap, and images after a crash.
pub fn machine(process: Option<Process>) -> Vec<Claim> {
    let swaps = read_text(Path::new("/proc/swaps")).unwrap_or_default();
    let places = swaps.lines().skip(1).map(str::to_owned).collect::<Vec<_>>();
    let locked = process.is_some_and(|process| {
        let status = process.status(None).unwrap_or_default();
        let kib =
            |name: &str| status.get(name).and_then(|it| it.split(' ').next()?.parse::<u64>().ok());
        matches!((kib("VmLck"), kib("VmRSS")), (Some(locked), Some(resident)) if locked >= resident)
            || cgroup_swap_max(process).as_deref() == Some("0")
    });
    let holds = places.is_empty() || locked;
    let swap_evidence =
        [vec![format!("swap: {}; locked or without: {locked}", places.len())], places];
    let pattern = read_text(Path::new("/proc/sys/kernel/core_pattern")).unwrap_or_default();
    let limits = process.and_then(|process| process.text("limits").ok()).unwrap_or_default();
    let none = image(&limits).severity().is_none();
    // A program behind a pipe is given the image whatever the limit, unless the process is not dumpable.
    let dumpable = process.map(unreadable).is_none_or(|claim| claim.severity().is_some());
    let kept = pattern.trim().starts_with('|') && dumpable || !none;
    let pattern = format!("core_pattern: {}", pattern.trim());
    vec![
        Claim::expect("machine-swap", holds, Severity::Medium, swap_evidence.concat()),
        match process {
            Some(_) => Claim::expect("machine-images", !kept, Severity::Medium, [pattern]),
            None => Claim::not_checked("machine-images", Reason::NeedsProcess, [pattern]),
        },
    ]
}

fn cgroup_swap_max(process: Process) -> Option<String> {
    let groups = process.text("cgroup").ok()?;
    let group = groups.lines().find_map(|line| line.strip_prefix("0::"))?;
    let path = format!("/sys/fs/cgroup{group}/memory.swap.max");
    Some(read_text(Path::new(&path)).ok()?.trim().to_owned())
}
