//! Relays to audit, each in a folder of its own.

use std::fs::{self, File, Permissions};
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use vestibule_tests::said;

use crate::leak::Leak;

/// An ordinary user that every system has.
const NOBODY: u32 = 65_534;
const START_MAX: Duration = Duration::from_secs(20);
/// Closes what a shell, a build or a test before it left open, and gives no environment.
const WITHOUT_OPEN_FILES: &str = "for file in /proc/$$/fd/*; do n=${file##*/}; [ $n -gt 2 ] && eval \"exec $n>&-\"; done; exec env -i \"$@\"";

/// Which relay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The one that is shipped, as an ordinary user.
    Shipped(Setup),
    /// One of this crate's.
    Leaky(Leak),
}

/// How a relay is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setup {
    /// It speaks TLS with peers.
    pub tls: bool,
    /// Where it keeps what it keeps.
    pub keeps: Keeps,
}

/// Where a relay keeps what it keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeps {
    /// It keeps nothing at all.
    Nothing,
    /// Indicators, in a file.
    File,
    /// As one of several nodes, in Redis.
    Redis,
}

impl Setup {
    /// All that there are.
    pub fn all() -> impl Iterator<Item = Self> + Clone {
        let of = |keeps| [false, true].map(|tls| Self { tls, keeps });
        [Keeps::Nothing, Keeps::File, Keeps::Redis].into_iter().flat_map(of)
    }
}

/// A relay that runs.
pub struct Relay {
    /// Everything of it.
    pub folder: TempDir,
    /// Where peers come.
    pub origin: String,
    /// Where figures are told.
    pub metrics: String,
    /// At how many addresses it listens.
    pub listeners: usize,
    /// SHA-256 of its program.
    pub binary_hash: String,
    /// Whose certificates count.
    pub authorities: Option<PathBuf>,
    /// Where its file of indicators is.
    pub indicators_folder: Option<PathBuf>,
    /// The Redis beside it.
    pub redis: Option<Redis>,
    process: Child,
    is_shipped: bool,
}

/// A Redis that runs.
pub struct Redis {
    /// Where.
    pub address: SocketAddr,
    process: Child,
    _folder: TempDir,
}

impl Relay {
    /// Starts one for the canary service of a new kit, and returns when it listens.
    pub fn start(kind: Kind) -> Self {
        let folder = TempDir::new().unwrap();
        open_to_all(folder.path());
        let [front, metrics, inner, inner_metrics] = free_ports();
        let setup = kind.setup();
        let origin = format!("{}://{front}", if setup.tls { "https" } else { "http" });
        let relay = folder.path().join("relay");
        make_files(folder.path(), &relay, &origin);
        let (listen, health, listeners) = match kind {
            Kind::Shipped(Setup { tls: false, .. }) => (front, metrics, 2),
            Kind::Shipped(Setup { tls: true, .. }) => (inner, metrics, 3),
            Kind::Leaky(_) => (inner, inner_metrics, 4),
        };
        let redis = kind.needs_redis().then(Redis::start);
        write_configuration(folder.path(), &relay, &origin, listen, health);
        let authorities = setup.tls.then(|| speak_tls(&relay, front));
        let indicators_folder = keep(setup.keeps, &relay, redis.as_ref());
        let (name, arguments) = program(kind, front, metrics, &relay, redis.as_ref());
        let program = relay.join("program");
        fs::copy(programs().join(name), &program).unwrap();
        let log = File::create(folder.path().join("relay.log")).unwrap();
        let mut command = Command::new("bash");
        command.args(["-c", WITHOUT_OPEN_FILES, "bash"]);
        if kind == Kind::Leaky(Leak::Environment) {
            command.arg("REDIS_PASSWORD=secret");
        }
        command.arg(&program).args(arguments);
        command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        command.current_dir(&relay);
        if matches!(kind, Kind::Shipped(_)) {
            command.uid(NOBODY).gid(NOBODY);
        }
        let process = command.spawn().unwrap();
        let binary_hash = hash(&program);
        let metrics = format!("http://{metrics}/metrics");
        let mut started = Self {
            folder,
            origin,
            metrics,
            listeners,
            binary_hash,
            authorities,
            indicators_folder,
            redis,
            process,
            is_shipped: matches!(kind, Kind::Shipped(_)),
        };
        started.wait();
        started
    }

    /// The number of its process.
    pub fn pid(&self) -> u32 {
        self.process.id()
    }

    fn wait(&mut self) {
        let path = self.folder.path().join("relay.log");
        let log = || fs::read_to_string(&path).unwrap_or_default();
        wait_for(|| log().contains("listening on http:"), log);
    }
}

impl Kind {
    fn setup(self) -> Setup {
        match self {
            Self::Shipped(setup) => setup,
            Self::Leaky(_) => Setup { tls: false, keeps: Keeps::Nothing },
        }
    }

    fn needs_redis(self) -> bool {
        match self {
            Self::Shipped(setup) => setup.keeps == Keeps::Redis,
            Self::Leaky(leak) => leak.needs_redis(),
        }
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        if self.is_shipped {
            said::keep("audit", &self.folder.path().join("relay.log"));
        }
        let _gone = self.process.kill();
        let _gone = self.process.wait();
    }
}

impl Redis {
    fn start() -> Self {
        let folder = TempDir::new().unwrap();
        let [address] = free_ports();
        let port = address.port().to_string();
        let process = Command::new("redis-server")
            .args(["--port", &port, "--save", "", "--appendonly", "no", "--bind", "127.0.0.1"])
            .arg("--dir")
            .arg(folder.path())
            .stdout(Stdio::null())
            .spawn()
            .expect("redis-server is needed: apt-get install redis-server");
        wait_for(|| std::net::TcpStream::connect(address).is_ok(), String::new);
        Self { address, process, _folder: folder }
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        let _gone = self.process.kill();
        let _gone = self.process.wait();
    }
}

/// Where cargo puts the programs: beside this one, or above it when this is a test.
pub(super) fn programs() -> PathBuf {
    let own = std::env::current_exe().unwrap();
    let folder = own.parent().unwrap();
    let above = if folder.ends_with("deps") { folder.parent().unwrap() } else { folder };
    above.to_owned()
}

fn program(
    kind: Kind,
    front: SocketAddr,
    metrics: SocketAddr,
    relay: &Path,
    redis: Option<&Redis>,
) -> (&'static str, Vec<String>) {
    let configuration = ["--config", "relay.toml"].map(str::to_owned);
    let Kind::Leaky(leak) = kind else {
        return ("vestibule-relay", configuration.to_vec());
    };
    let leak_name = clap::ValueEnum::to_possible_value(&leak).unwrap().get_name().to_owned();
    let mut arguments = configuration.to_vec();
    arguments.extend(["--listen".to_owned(), front.to_string()]);
    arguments.extend(["--metrics".to_owned(), metrics.to_string()]);
    arguments.extend(["--folder".to_owned(), relay.display().to_string()]);
    arguments.extend(["--leak".to_owned(), leak_name]);
    arguments.extend(
        redis.into_iter().flat_map(|redis| ["--redis".to_owned(), redis.address.to_string()]),
    );
    let name = if leak == Leak::StockAllocator { "unwiped-relay" } else { "leaky-relay" };
    (name, arguments)
}

/// The kit's own folder, the page and its manifest.
fn make_files(folder: &Path, relay: &Path, origin: &str) {
    let kit = folder.join("kit");
    let mut prepare = Command::new(programs().join("vestibule-audit"));
    let prepared = prepare.args(["prepare", "--folder"]).arg(&kit).output().unwrap();
    assert!(prepared.status.success(), "run `cargo build -p vestibule-audit` first: {origin}");
    fs::create_dir_all(relay.join("page")).unwrap();
    let page = format!("<!doctype html><title>Page of {origin}</title>\n");
    fs::write(relay.join("page/index.html"), page).unwrap();
    let page = hash(&relay.join("page/index.html"));
    let manifest = format!("{{\"version\": 1, \"sha256\": {{\"index.html\": \"{page}\"}}}}\n");
    fs::write(relay.join("page/manifest.json"), manifest).unwrap();
    fs::copy(kit.join("canary-card.bin"), relay.join("canary-card.bin")).unwrap();
}

fn write_configuration(
    folder: &Path,
    relay: &Path,
    origin: &str,
    listen: SocketAddr,
    health: SocketAddr,
) {
    let lines = fs::read_to_string(folder.join("kit/relay-lines.toml")).unwrap();
    let toml = format!(
        "listen = \"{listen}\"\nhealth_listen = \"{health}\"\norigins = [\"{origin}\"]\npage = \"page\"\n{lines}"
    );
    fs::write(relay.join("relay.toml"), toml).unwrap();
    open_to_all(relay);
}

/// Adds TLS, with a certificate of its own, which is the one that counts.
fn speak_tls(relay: &Path, listen: SocketAddr) -> PathBuf {
    let pair = rcgen::generate_simple_self_signed([listen.ip().to_string()]).unwrap();
    let certificate = relay.join("tls.pem");
    fs::write(&certificate, pair.cert.pem()).unwrap();
    fs::write(relay.join("tls.key"), pair.signing_key.serialize_pem()).unwrap();
    configure(
        relay,
        &format!(
            "[tls]\nlisten = \"{listen}\"\ncertificate_file = \"tls.pem\"\nkey_file = \"tls.key\"\n"
        ),
    );
    certificate
}

/// Adds where the relay keeps what it keeps; returns the folder of its file.
fn keep(keeps: Keeps, relay: &Path, redis: Option<&Redis>) -> Option<PathBuf> {
    match (keeps, redis) {
        (Keeps::File, _) => {
            let folder = relay.join("indicators");
            fs::create_dir(&folder).unwrap();
            chown(&folder, Some(NOBODY), Some(NOBODY)).unwrap();
            configure(relay, "[indicators]\nfile = \"indicators/sums.json\"\n");
            Some(folder)
        }
        (Keeps::Redis, Some(redis)) => {
            fs::write(relay.join("nodes.secret"), format!("{}\n", "5a".repeat(32))).unwrap();
            let at = format!("kind = \"single\"\naddresses = [\"redis://{}\"]\n", redis.address);
            configure(
                relay,
                &format!(
                    "[node]\nname = \"a\"\naddress = \"/n/{{name}}\"\n\
                     [redis]\n{at}secret_file = \"nodes.secret\"\n\
                     [indicators.redis]\n{at}"
                ),
            );
            None
        }
        (Keeps::Nothing | Keeps::Redis, _) => None,
    }
}

/// Adds lines to the configuration.
fn configure(relay: &Path, lines: &str) {
    let path = relay.join("relay.toml");
    let before = fs::read_to_string(&path).unwrap();
    fs::write(path, format!("{before}\n{lines}")).unwrap();
}

fn open_to_all(folder: &Path) {
    fs::set_permissions(folder, Permissions::from_mode(0o755)).unwrap();
}

fn hash(path: &Path) -> String {
    let output = Command::new("sha256sum").arg(path).output().unwrap();
    String::from_utf8(output.stdout).unwrap().split(' ').next().unwrap().to_owned()
}

/// Ports that were free a moment ago.
fn free_ports<const N: usize>() -> [SocketAddr; N] {
    let listeners = [(); N].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
    listeners.map(|listener| listener.local_addr().unwrap())
}

#[allow(clippy::disallowed_methods, reason = "another process is waited for")]
fn wait_for(is_ready: impl Fn() -> bool, said: impl Fn() -> String) {
    let begun = Instant::now();
    while !is_ready() {
        let late = begun.elapsed() > START_MAX;
        assert!(!late, "a program of the bench does not start: {}", said());
        std::thread::sleep(Duration::from_millis(20));
    }
}
