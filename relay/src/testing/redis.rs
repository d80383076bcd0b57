//! A real Redis for a test, on a port of its own and with nothing on a disk.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use zeroize::Zeroizing;

use crate::Node;
use crate::nodes::{NodeAddresses, NodeConfig, NodeName};
use crate::redis_store::{RedisAddress, RedisConfig, RedisKind};

/// Longer than Redis takes to start on a busy machine.
const START_PATIENCE: Duration = Duration::from_secs(20);
/// Somebody else may take a port that was free.
const START_TRIES_MAX: usize = 5;

impl RedisConfig {
    /// One without a password and without replicas.
    pub(crate) fn at(address: &str) -> Self {
        Self {
            kind: RedisKind::Single,
            addresses: vec![RedisAddress::new(address).unwrap()],
            user: None,
            password: None,
            authority_pem: None,
            replicas: 0,
        }
    }
}

/// What a node of this name is configured with; one secret serves all.
pub(crate) fn node_of(redis: RedisConfig, name: &str) -> Node {
    let addresses = NodeAddresses::new("/n/{name}", BTreeMap::new()).unwrap();
    let this = NodeConfig { name: NodeName::new(name).unwrap(), addresses };
    Node { this, redis, secret: Zeroizing::new([3; 32]) }
}

/// A server, killed when dropped.
pub(crate) struct TestRedis {
    pub(crate) port: u16,
    folder: TempDir,
    process: Child,
    settings: Vec<String>,
}

impl TestRedis {
    /// Keeps nothing.
    pub(crate) fn start() -> Self {
        Self::start_with(&[])
    }

    /// The same, with more settings.
    pub(crate) fn start_with(settings: &[&str]) -> Self {
        Self::start_in(tempfile::tempdir().unwrap(), settings)
    }

    fn start_in(folder: TempDir, settings: &[&str]) -> Self {
        let settings: Vec<String> = settings.iter().map(|text| (*text).to_owned()).collect();
        for _ in 0..START_TRIES_MAX {
            let port = free_port();
            if let Some(process) = run(port, folder.path(), &settings) {
                return Self { port, folder, process, settings };
            }
        }
        panic!("redis-server does not start");
    }

    /// A sentinel that watches another.
    pub(crate) fn start_sentinel(master: &Self) -> Self {
        let watched = format!("sentinel monitor vestibule 127.0.0.1 {} 1\n", master.port);
        let settings = "sentinel down-after-milliseconds vestibule 1000\n";
        // It writes there what it finds.
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("sentinel.conf");
        std::fs::write(&file, watched + settings).unwrap();
        Self::start_in(folder, &[file.to_str().unwrap(), "--sentinel"])
    }

    /// A port that nobody has just now.
    pub(crate) fn free_port() -> u16 {
        free_port()
    }

    /// Ends it at once.
    pub(crate) fn kill(&mut self) {
        let _ended_already = self.process.kill();
        self.process.wait().unwrap();
    }

    /// Starts it again where it was, empty.
    pub(crate) fn restart(&mut self) {
        self.kill();
        self.process = run(self.port, self.folder.path(), &self.settings).unwrap();
    }

    /// How a node finds it.
    pub(crate) fn config(&self) -> RedisConfig {
        RedisConfig::at(&format!("redis://127.0.0.1:{}", self.port))
    }

    /// Where it is.
    pub(crate) fn address(&self) -> RedisAddress {
        RedisAddress::new(&format!("redis://127.0.0.1:{}", self.port)).unwrap()
    }

    /// Writes bytes that are no text.
    pub(crate) fn set(&self, key: &str, value: &[u8]) {
        let mut client = Command::new("redis-cli")
            .args(["-p", &self.port.to_string(), "-x", "SET", key])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        client.stdin.take().unwrap().write_all(value).unwrap();
        assert!(client.wait().unwrap().success());
    }

    /// What an operator's own client answers.
    pub(crate) fn ask(&self, question: &[&str]) -> String {
        let output = Command::new("redis-cli")
            .args(["-p", &self.port.to_string()])
            .args(question)
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
    }
}

impl Drop for TestRedis {
    fn drop(&mut self) {
        self.kill();
    }
}

fn run(port: u16, folder: &Path, settings: &[String]) -> Option<Child> {
    let keeps_nothing = ["--save", "", "--appendonly", "no", "--repl-diskless-sync", "yes"];
    let replicates = ["--repl-diskless-sync-delay", "0", "--repl-diskless-load", "swapdb"];
    let mut command = Command::new("redis-server");
    // A file of settings is a sentinel's, and comes first.
    let is_sentinel = settings.first().is_some_and(|first| !first.starts_with("--"));
    if is_sentinel {
        command.args(settings);
    }
    command.args(["--port", &port.to_string(), "--bind", "127.0.0.1"]);
    if !is_sentinel {
        command.args(keeps_nothing).args(replicates).args(settings);
    }
    let mut process = command
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("redis-server is installed: `apt-get install redis-server`");
    #[allow(clippy::disallowed_methods, reason = "a process has no clock that a test could hold")]
    let now = Instant::now;
    let until = now() + START_PATIENCE;
    while now() < until {
        if process.try_wait().unwrap().is_some() {
            return None;
        }
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return Some(process);
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    let _ended_already = process.kill();
    process.wait().unwrap();
    None
}

/// One that leaves room for a Cluster's second port, 10,000 above.
fn free_port() -> u16 {
    loop {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        if port < 55_535 {
            return port;
        }
    }
}
