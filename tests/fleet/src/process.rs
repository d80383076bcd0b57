//! A program as a process of its own, killed when dropped. What it says goes into a file beside its own.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep};
use vestibule_tests::said;

/// From one look at something that is to come to the next.
const LOOK_PAUSE: Duration = Duration::from_millis(20);
/// For whatever has to come on a machine that does other things too.
const PATIENCE: Duration = Duration::from_mins(1);

/// A running program.
pub struct Process {
    child: Child,
    name: String,
    log: PathBuf,
    is_relay: bool,
}

impl Process {
    /// Starts a program.
    pub fn start(name: &str, program: &Path, arguments: &[&str], folder: &Path) -> Self {
        let log = folder.join(format!("{name}.log"));
        let output = File::create(&log).unwrap();
        let child = Command::new(program)
            .args(arguments)
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(output.try_clone().unwrap())
            .stderr(output)
            .kill_on_drop(true)
            .spawn()
            .unwrap_or_else(|error| panic!("{name} does not start: {error}"));
        let is_relay = program.ends_with("vestibule-relay");
        Self { child, name: name.to_owned(), log, is_relay }
    }

    /// Its number.
    pub fn id(&self) -> u32 {
        self.child.id().unwrap_or_else(|| panic!("{} has ended", self.name))
    }

    /// Whether it has ended.
    pub fn has_ended(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// What it has said so far.
    pub fn said(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Ends it by SIGKILL: it cannot say goodbye.
    pub async fn kill(&mut self) {
        let _ended_already = self.child.kill().await;
    }

    /// Tells it to end, and waits until it has; whether it ended well.
    pub async fn stop(&mut self) -> bool {
        self.signal("TERM").await;
        self.child.wait().await.unwrap().success()
    }

    /// Sends a signal: `STOP`, `CONT`, `TERM`.
    pub async fn signal(&self, signal: &str) {
        let (signal, process) = (format!("-{signal}"), self.id().to_string());
        let sent = Command::new("kill").args([&signal, &process]).status().await.unwrap();
        assert!(sent.success(), "{} hears {signal}", self.name);
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if self.is_relay {
            said::keep("fleet", &self.log);
        }
    }
}

/// Waits until something holds.
pub async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let since = Instant::now();
    while !holds().await {
        assert!(since.elapsed() < PATIENCE, "in vain: {what}");
        sleep(LOOK_PAUSE).await;
    }
}
