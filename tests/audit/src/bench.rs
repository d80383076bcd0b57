//! Runs relays and the kit against each other, as processes of their own.

mod machine;
mod relays;

use std::path::Path;
use std::process::Command;

use serde_json::Value;

pub use machine::{in_own_network, may_look_into_processes};
pub use relays::{Keeps, Kind, Redis, Relay, Setup};

use crate::leak::Leak;

/// Two of every course that a consultation can take.
const CONSULTATIONS: u32 = 26;
const VISITORS: u32 = 40;

/// What the kit said.
pub struct Heard {
    /// Its exit code.
    pub code: i32,
    /// Its report, if it wrote one.
    pub report: Value,
    /// What it said on the terminal.
    pub said: String,
}

impl Heard {
    /// The claims of the report that are findings.
    pub fn findings(&self) -> Vec<String> {
        self.ids("finding")
    }

    /// The claims that could not be checked.
    pub fn not_checked(&self) -> Vec<String> {
        self.ids("not-checked")
    }

    fn ids(&self, verdict: &str) -> Vec<String> {
        let claims = self.report["claims"].as_array().cloned().unwrap_or_default();
        let is_such = |claim: &&Value| claim["verdict"]["is"] == verdict;
        claims
            .iter()
            .filter(is_such)
            .map(|claim| claim["id"].as_str().unwrap().to_owned())
            .collect()
    }

    /// The evidence of a claim.
    pub fn evidence(&self, id: &str) -> String {
        let claims = self.report["claims"].as_array().cloned().unwrap_or_default();
        let claim = claims.iter().find(|claim| claim["id"] == id);
        claim.map_or_else(String::new, |claim| format!("{:#}", claim["evidence"]))
    }
}

/// Lets the kit audit a relay.
pub fn audit(relay: &Relay, consultations: u32, visitors: u32) -> Heard {
    let folder = relay.folder.path();
    let path = |name: &str| folder.join(name).display().to_string();
    let mut command = Command::new(relays::programs().join("vestibule-audit"));
    command.args(["run", "--folder", &path("kit"), "--relay", &relay.origin]);
    command.args(["--pid", &relay.pid().to_string(), "--log", &path("relay.log")]);
    command.args(["--metrics", &relay.metrics, "--changed-since-start", &path("relay")]);
    command.args(["--manifest", &path("relay/page/manifest.json")]);
    command.args(["--listeners", &relay.listeners.to_string()]);
    command.args(["--binary-hash", &relay.binary_hash]);
    command.args(["--consultations", &consultations.to_string()]);
    command.args(["--visitors", &visitors.to_string()]);
    if let Some(authorities) = &relay.authorities {
        command.arg("--ca").arg(authorities);
    }
    if let Some(folder) = &relay.indicators_folder {
        command.arg("--indicators-folder").arg(folder);
    }
    if let Some(redis) = &relay.redis {
        command.args(["--redis", &format!("redis://{}", redis.address)]);
    }
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let report = std::fs::read(folder.join("kit/report/report.json")).unwrap_or_default();
    let report = serde_json::from_slice(&report).unwrap_or_default();
    Heard { code: output.status.code().unwrap_or(-1), report, said }
}

/// One leak: whether the kit finds it, and what it says.
pub fn leaks(leak: Leak) -> (bool, Heard) {
    let relay = Relay::start(Kind::Leaky(leak));
    let heard = audit(&relay, CONSULTATIONS, VISITORS);
    let found = match leak.claim() {
        Some(claim) => heard.findings().iter().any(|id| id == claim),
        None => heard.findings().iter().all(|id| NOT_CONFINED.contains(&id.as_str())),
    };
    (found, heard)
}

/// What is found of any relay that nothing confines, as all of this crate's are.
pub const NOT_CONFINED: [&str; 7] = [
    "state-user",
    "state-calls",
    "state-image",
    "state-unreadable",
    "machine-images",
    "probes-denied",
    "probes-folder",
];

/// What an audit of the shipped relay cannot check here, and nothing else: there is no proxy beside it, and
/// a Redis or a file of indicators only where it keeps something there.
fn not_here(keeps: Keeps) -> Vec<&'static str> {
    let redis = ["redis-keys", "redis-marks", "redis-memory", "redis-settings"];
    let redis = redis.into_iter().filter(|_| keeps != Keeps::Redis);
    let folder = ["probes-folder"].into_iter().filter(|_| keeps != Keeps::File);
    ["memory-neighbours"].into_iter().chain(redis).chain(folder).collect()
}

/// Whether an audit of the shipped relay found nothing that is not known, and checked all that is there.
pub fn is_clean(setup: Setup, heard: &Heard) -> bool {
    // Landlock's rules are by folder: beside the file of indicators another could be made.
    let known: &[&str] = if setup.keeps == Keeps::File { &["probes-folder"] } else { &[] };
    heard.findings() == known && heard.not_checked() == not_here(setup.keeps)
}

/// The relay as it is shipped, confined, as an ordinary user.
pub fn clean(setup: Setup) -> Heard {
    audit(&Relay::start(Kind::Shipped(setup)), CONSULTATIONS, VISITORS)
}

/// An audit of a relay that does not serve the canary service: nothing that depends on canaries may be
/// said to hold.
pub fn unserved() -> Heard {
    let relay = Relay::start(Kind::Shipped(Setup { tls: false, keeps: Keeps::Nothing }));
    let kit = relay.folder.path().join("kit");
    let prepare = ["prepare", "--folder"];
    let mut prepared = Command::new(relays::programs().join("vestibule-audit"));
    assert!(prepared.args(prepare).arg(&kit).status().unwrap().success());
    audit(&relay, CONSULTATIONS, VISITORS)
}

/// A whole campaign against the relay as it is shipped.
pub fn campaign(setup: Setup, consultations: u32, report: &Path) -> Heard {
    let relay = Relay::start(Kind::Shipped(setup));
    let heard = audit(&relay, consultations, VISITORS);
    std::fs::create_dir_all(report).unwrap();
    for entry in std::fs::read_dir(relay.folder.path().join("kit/report")).unwrap() {
        let path = entry.unwrap().path();
        std::fs::copy(&path, report.join(path.file_name().unwrap())).unwrap();
    }
    heard
}
