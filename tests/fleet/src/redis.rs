//! One server of Redis, with nothing on a disk unless it is told so.

use std::fs;
use std::path::Path;

use tempfile::TempDir;
use tokio::process::Command;
use vestibule_tests::relay::free_port;

use crate::process::{Process, until};

/// A port that was free may be somebody's when the server comes to it.
const START_TRIES_MAX: usize = 5;

/// What docs/operations.md asks of every server.
const SETTINGS: &str = "\
bind 127.0.0.1
save \"\"
appendonly no
repl-diskless-sync yes
repl-diskless-sync-delay 0
repl-diskless-load swapdb
";

/// A server.
pub struct Redis {
    /// Where it listens.
    pub port: u16,
    /// The process.
    pub process: Process,
    folder: TempDir,
}

impl Redis {
    /// Starts a server with more settings, each a line.
    pub async fn start(settings: &[&str]) -> Self {
        let folder = TempDir::new().unwrap();
        for _ in 0..START_TRIES_MAX {
            let port = free_port().await;
            let lines = settings.join("\n");
            let text = format!("{SETTINGS}port {port}\ndir {}\n{lines}\n", folder.path().display());
            fs::write(folder.path().join("redis.conf"), text).unwrap();
            if let Some(process) = run(folder.path(), port, &["redis.conf"]).await {
                return Self { port, process, folder };
            }
        }
        panic!("redis-server starts");
    }

    /// A replica of another.
    pub async fn replica_of(master: &Redis, settings: &[&str]) -> Self {
        let line = format!("replicaof 127.0.0.1 {}", master.port);
        let replica = Self::start(&[&[line.as_str()], settings].concat()).await;
        replica.until_in_step().await;
        replica
    }

    /// Waits until this replica has what its master has.
    pub async fn until_in_step(&self) {
        until("the replica is in step", async || {
            self.ask(&["INFO", "replication"]).await.contains("master_link_status:up")
        })
        .await;
    }

    /// Starts it again where it was. Whatever it knew is gone.
    pub async fn start_again(&mut self) {
        self.process.kill().await;
        let process = run(self.folder.path(), self.port, &["redis.conf"]).await;
        self.process = process.expect("nobody has taken its port");
    }

    /// Its files.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// What an operator's own client is answered.
    pub async fn ask(&self, question: &[&str]) -> String {
        ask(self.port, question).await
    }
}

/// One of those that watch over a master and its replicas.
pub struct Sentinel {
    /// Where it listens.
    pub port: u16,
    _process: Process,
    _folder: TempDir,
}

impl Sentinel {
    /// Watches a master, together with others.
    pub async fn over(master: &Redis, name: &str, quorum: usize) -> Self {
        let folder = TempDir::new().unwrap();
        for _ in 0..START_TRIES_MAX {
            let port = free_port().await;
            let text = format!(
                "bind 127.0.0.1\nport {port}\ndir {}\n\
                 sentinel monitor {name} 127.0.0.1 {} {quorum}\n\
                 sentinel down-after-milliseconds {name} 1000\n\
                 sentinel failover-timeout {name} 5000\n",
                folder.path().display(),
                master.port
            );
            fs::write(folder.path().join("sentinel.conf"), text).unwrap();
            let arguments = ["sentinel.conf", "--sentinel"];
            if let Some(process) = run(folder.path(), port, &arguments).await {
                return Self { port, _process: process, _folder: folder };
            }
        }
        panic!("a sentinel starts");
    }

    /// What it answers.
    pub async fn ask(&self, question: &[&str]) -> String {
        ask(self.port, question).await
    }
}

async fn run(folder: &Path, port: u16, arguments: &[&str]) -> Option<Process> {
    let mut process = Process::start("redis-server", Path::new("redis-server"), arguments, folder);
    let mut has_ended = false;
    until("redis-server answers", async || {
        has_ended = process.has_ended();
        has_ended || ask(port, &["PING"]).await.contains("PONG")
    })
    .await;
    (!has_ended).then_some(process)
}

/// Asks by `redis-cli`. Empty when nobody answers.
pub async fn ask(port: u16, question: &[&str]) -> String {
    String::from_utf8_lossy(&ask_bytes(port, question).await).trim_end().to_owned()
}

/// The same, for an answer that is no text.
pub async fn ask_bytes(port: u16, question: &[&str]) -> Vec<u8> {
    let client = Command::new("redis-cli")
        .args(["-h", "127.0.0.1", "-p", &port.to_string()])
        .args(question)
        .kill_on_drop(true)
        .output();
    client.await.expect("redis-cli is installed: cargo xtask test sees to it").stdout
}
