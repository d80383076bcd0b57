//! After the end of every consultation: whether anything is left anywhere.

use std::io;
use std::path::{Path, PathBuf};

use crate::claims::{Claim, Reason, Severity};
use crate::plan::Plan;
use crate::process::Process;
use crate::search::kernel::{TIME_WAIT, figures_by_address, followed_connections, tcp_sockets};
use crate::search::logs::{Growth, Logs};
use crate::search::redis::{self, Monitor};
use crate::search::{Look, Residue, files, memory};

type Monitors = Vec<(String, io::Result<Monitor>)>;

pub(super) fn look(
    plan: &Plan,
    logs: &io::Result<Logs>,
    monitors: Monitors,
    still_on_duty: Option<Claim>,
    look: &Look,
) -> Vec<Claim> {
    let mut claims = Vec::new();
    let off_duty = memory(plan, look).map(|claim| claim.with_first("nobody on duty".to_owned()));
    let on_duty = still_on_duty.map(|claim| claim.with_first("a worker on duty".to_owned()));
    let searched: Vec<Claim> = on_duty.into_iter().chain(off_duty).collect();
    if !searched.is_empty() {
        claims.push(worst("memory-after", &searched));
    }
    if let Some(process) = plan.process {
        claims.push(Claim::of("files-open", files::held_open(process, look), |searched| {
            clean("files-open", &searched.residue, searched.unread)
        }));
    }
    if !plan.neighbours.is_empty() {
        claims.push(memories("memory-neighbours", &plan.neighbours, look));
    }
    claims.extend(changed(plan, look));
    if !plan.logs.is_empty() {
        claims.push(Claim::of(
            "logs-silent",
            logs.as_ref().map_err(copy).and_then(Logs::growth),
            |growth| silent(&growth),
        ));
        let searched = logs.as_ref().map_err(copy).and_then(|logs| logs.search(look));
        claims.push(Claim::of("logs-marks", searched, |residue| clean("logs-marks", &residue, [])));
    }
    if !monitors.is_empty() {
        claims.extend(of_redis(monitors, look));
    }
    claims.extend(of_kernel(plan.process, look));
    claims
}

/// The memory of the process, when all consultations have ended.
pub(super) fn memory(plan: &Plan, look: &Look) -> Option<Claim> {
    let id = "memory-after";
    let searched = memory::search(plan.process?, look);
    Some(Claim::of(id, searched, |searched| clean(id, &searched.residue, searched.unread)))
}

fn copy(problem: &io::Error) -> io::Error {
    io::Error::new(problem.kind(), problem.to_string())
}

fn clean(id: &'static str, residue: &Residue, more: impl IntoIterator<Item = String>) -> Claim {
    let mut evidence = residue.lines();
    evidence.extend(more.into_iter().map(|place| format!("not searched: {place}")));
    Claim::expect(id, residue.is_clean(), Severity::High, evidence)
}

fn memories(id: &'static str, processes: &[Process], look: &Look) -> Claim {
    let mut claims = Vec::new();
    for process in processes {
        claims.push(Claim::of(id, memory::search(*process, look), |searched| {
            let which = format!("process {}", process.0);
            clean(id, &searched.residue, searched.unread).with_first(which)
        }));
    }
    worst(id, &claims)
}

/// The worst of several, with the evidence of all.
fn worst(id: &'static str, claims: &[Claim]) -> Claim {
    let evidence = claims.iter().flat_map(|claim| claim.evidence.clone()).collect();
    let not_checked = claims.iter().find(|claim| claim.is_not_checked());
    let worst = claims.iter().max_by_key(|claim| claim.severity());
    let verdict = match (worst.and_then(Claim::severity), not_checked) {
        (None, Some(claim)) => claim.verdict,
        (None, None) => crate::claims::Verdict::Holds,
        (Some(severity), _) => crate::claims::Verdict::Finding { severity },
    };
    Claim { id, verdict, evidence }
}

fn changed(plan: &Plan, look: &Look) -> Option<Claim> {
    let id = "files-changed";
    if plan.changed_since_start.is_empty() {
        return None;
    }
    let Some(process) = plan.process else {
        return Some(Claim::not_checked(id, Reason::NeedsProcess, []));
    };
    let own = plan.folder.canonicalize().unwrap_or_else(|_| plan.folder.clone());
    Some(Claim::of(id, process.started_at(), |since| {
        let except: [PathBuf; 1] = [own];
        let searched = files::changed_since(&plan.changed_since_start, since, &except, look);
        let mut more = vec![format!("files changed since the start: {}", searched.changed)];
        more.extend(searched.names);
        let claim = clean(id, &searched.residue, searched.unread);
        Claim { evidence: [more, claim.evidence].concat(), ..claim }
    }))
}

/// A line at each consultation is a note of when it was, whatever it says.
fn silent(growth: &[Growth]) -> Claim {
    let grown = growth.iter().flat_map(|log| {
        let head =
            format!("{} grew by {} bytes while canaries were there", log.path.display(), log.bytes);
        [vec![head], log.lines.clone()].concat()
    });
    Claim::expect("logs-silent", growth.is_empty(), Severity::Medium, grown)
}

fn of_redis(monitors: Monitors, look: &Look) -> Vec<Claim> {
    let ids = ["redis-keys", "redis-marks", "redis-settings", "redis-memory"];
    let mut claims: [Vec<Claim>; 4] = Default::default();
    for (url, monitor) in monitors {
        let (heard, deaf) = match monitor {
            Ok(monitor) => (monitor.end(), None),
            Err(problem) => (Vec::new(), Some(format!("MONITOR: {problem}"))),
        };
        let searched = match redis::search(&url, &heard, look) {
            Ok(searched) => searched,
            Err(problem) => {
                for (id, claims) in ids.into_iter().zip(&mut claims) {
                    let why = format!("{url}: {problem}");
                    claims.push(Claim::not_checked(id, Reason::NeedsRights, [why]));
                }
                continue;
            }
        };
        let keys = [vec![format!("keys: {}", searched.keys)], searched.unknown.clone()].concat();
        let memory = match searched.process {
            Some(process) => memories("redis-memory", &[Process(process)], look),
            None => Claim::not_checked("redis-memory", Reason::NotHere, [url]),
        };
        let settings = searched.settings.is_empty();
        let of_this = [
            Claim::expect("redis-keys", searched.unknown.is_empty(), Severity::High, keys),
            clean("redis-marks", &searched.residue, deaf),
            Claim::expect("redis-settings", settings, Severity::Medium, searched.settings),
            memory,
        ];
        for (claim, claims) in of_this.into_iter().zip(&mut claims) {
            claims.push(claim);
        }
    }
    ids.into_iter().zip(claims).map(|(id, claims)| worst(id, &claims)).collect()
}

fn of_kernel(process: Option<Process>, look: &Look) -> Vec<Claim> {
    let net = process.map_or(PathBuf::from("/proc/net"), |process| process.path("net"));
    let addresses = look.addresses();
    let ours = tcp_sockets(&net).into_iter().filter(|socket| addresses.contains(socket.remote.0));
    let (waiting, open): (Vec<_>, Vec<_>) = ours.partition(|socket| socket.state == TIME_WAIT);
    let mut evidence =
        vec![format!("open: {}; waiting out their minute: {}", open.len(), waiting.len())];
    evidence.extend(open.iter().take(10).map(|socket| {
        let (address, port) = socket.remote;
        format!("{address}:{port} state {} with {} unread bytes", socket.state, socket.unread_bytes)
    }));
    let of_table = |id, lines: Result<Vec<String>, String>| match lines {
        Ok(lines) => {
            let count = format!("entries with addresses of this run: {}", lines.len());
            let holds = lines.is_empty();
            let shown = lines.into_iter().take(5);
            Claim::expect(id, holds, Severity::Medium, [count].into_iter().chain(shown))
        }
        Err(problem) => Claim::not_checked(id, Reason::NotHere, [problem]),
    };
    let is_seen = Path::new("/proc/net/tcp").exists();
    let sockets = if is_seen {
        Claim::expect("kernel-sockets", open.is_empty(), Severity::High, evidence)
    } else {
        Claim::not_checked("kernel-sockets", Reason::NotHere, [])
    };
    vec![
        sockets,
        of_table("kernel-figures", figures_by_address(addresses)),
        of_table("kernel-connections", followed_connections(addresses)),
    ]
}
