//! Relays to speak to: the real process, and the same code inside the test.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::net::TcpListener;
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;
use vestibule_relay::{Admission, Config, Limits, Page, Server};
use vestibule_wire::{Challenge, SignIn, SignInError, Timestamp};

use crate::said;
use crate::service::{Service, now};
use crate::socket::Way;

/// A port that was free may be the other end of somebody's socket when the relay comes to it.
const START_TRIES_MAX: usize = 5;

/// The real relay as a process of its own, killed when dropped.
pub struct RelayProcess {
    /// How peers get to it.
    pub way: Way,
    /// The process.
    pub process: Child,
    config: PathBuf,
    _folder: TempDir,
}

impl RelayProcess {
    /// Starts a relay for one service.
    pub async fn start(service: &Service) -> Self {
        let folder = TempDir::new().unwrap();
        let configure = |origin: &str| service.write_relay_files(folder.path(), origin);
        let (way, config, process) = start_somewhere(configure, relay_command).await;
        Self { way, process, config, _folder: folder }
    }

    /// Kills the process with SIGKILL: it cannot say goodbye.
    pub async fn kill(&mut self) {
        self.process.kill().await.unwrap();
    }

    /// Starts the relay again where it was; returns when it listens.
    pub async fn start_again(&mut self) {
        let started = listening(relay_command(&self.config)).await;
        self.process = started.expect("nobody has taken its port");
    }
}

/// The relay's program, with this configuration.
pub fn relay_command(config: &Path) -> Command {
    let program = programs().join("vestibule-relay");
    assert!(program.exists(), "run `cargo build -p vestibule-relay` first");
    let mut command = Command::new(program);
    command.arg("--config").arg(config);
    command
}

/// Starts a relay at a port that is free, as `configure` writes its files for an origin; returns the way
/// to it, its configuration and the process.
pub async fn start_somewhere(
    configure: impl Fn(&str) -> PathBuf,
    command: impl Fn(&Path) -> Command,
) -> (Way, PathBuf, Child) {
    for _ in 0..START_TRIES_MAX {
        let origin = format!("http://127.0.0.1:{}", free_port().await);
        let config = configure(&origin);
        if let Some(process) = listening(command(&config)).await {
            return (Way::to(&origin), config, process);
        }
    }
    panic!("a relay starts")
}

/// Starts the program and waits until it listens; `None` when it does not.
async fn listening(mut command: Command) -> Option<Child> {
    let mut said = said::file("tests");
    if let Some(said) = &said {
        command.stderr(said.try_clone().unwrap());
    }
    let mut process = command.stdout(Stdio::piped()).kill_on_drop(true).spawn().unwrap();
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
    let mut hear = move |line: &str| {
        if let Some(said) = &mut said {
            writeln!(said, "{line}").unwrap();
        }
    };
    while let Some(line) = lines.next_line().await.unwrap() {
        hear(&line);
        if line.contains("listening on http:") {
            // Whatever else it says is read, so that it never waits for a reader.
            tokio::spawn(async move {
                while let Ok(Some(line)) = lines.next_line().await {
                    hear(&line);
                }
            });
            return Some(process);
        }
    }
    None
}

/// The relay's code in this process, with whatever admission a test wants.
pub struct RelayTask {
    /// How peers get to it.
    pub way: Way,
    task: JoinHandle<()>,
    _folder: TempDir,
}

impl RelayTask {
    /// Starts an honest relay.
    pub async fn start(service: &Service) -> Self {
        Self::start_with(service, |_| {}, |server| server).await
    }

    /// Starts an honest relay with other limits.
    pub async fn start_with_limits(service: &Service, limits: Limits) -> Self {
        Self::start_with(service, |config| config.limits = limits, |server| server).await
    }

    /// Starts a relay that admits anybody who says to be a worker.
    pub async fn start_dishonest(service: &Service) -> Self {
        Self::start_with(service, |_| {}, |server| server.with_admission(AdmitEverybody)).await
    }

    /// The same, serving the page of a folder.
    pub async fn start_dishonest_with_page(service: &Service, page: &Path) -> Self {
        let dishonest = |server: Server| server.with_admission(AdmitEverybody);
        let page = Page::load(page).unwrap();
        Self::start_with(service, |config| config.page = page, dishonest).await
    }

    async fn start_with(
        service: &Service,
        configure: impl FnOnce(&mut Config),
        change: impl FnOnce(Server) -> Server,
    ) -> Self {
        let folder = TempDir::new().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let path = service.write_relay_files(folder.path(), &origin);
        let mut config = Config::load(&path).unwrap();
        configure(&mut config);
        let server = change(Server::new(config));
        let task = tokio::spawn(server.serve(listener, std::future::pending()));
        Self { way: Way::to(&origin), task, _folder: folder }
    }
}

impl Drop for RelayTask {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A relay's rule that is none: no certificate is checked.
pub struct AdmitEverybody;

impl Admission for AdmitEverybody {
    fn admit(
        &self,
        _challenge: Challenge,
        _sign_in: &SignIn,
        _origins: &[String],
        _now: Timestamp,
    ) -> Result<Timestamp, SignInError> {
        Ok(now().plus_seconds(3_600))
    }
}

/// Where cargo puts the programs that it builds: beside this one, or above it when this is a test.
pub fn programs() -> PathBuf {
    let own = std::env::current_exe().unwrap();
    let folder = own.parent().unwrap();
    let above = if folder.ends_with("deps") { folder.parent().unwrap() } else { folder };
    above.to_owned()
}

/// A port that was free a moment ago.
pub async fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port()
}
