//! What is compared: each a process that joins sockets in pairs, and how a pair is joined there.

mod programs;
mod proxies;
mod relay;

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use rand::Rng as _;
use rustls::ClientConfig;
use tempfile::TempDir;
use tokio::time::Instant;
use vestibule_fleet::cpu::{Cpu, anonymous_bytes};
use vestibule_tests::service::rng;
use vestibule_wire::SUBPROTOCOL;

use crate::generator::wire::Wire;
use crate::generator::{Framing, Generator};
use crate::processors;
pub use programs::{floor, peers};
pub use proxies::proxies;
pub use relay::{Inside, Serving, vestibule};

/// A program that has not begun to listen by then does not run.
const START_MAX: Duration = Duration::from_secs(20);
/// The key of RFC 6455, section 1.3, and the answer to it.
const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";
const ACCEPT: &str = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

/// One program that forwards between two sockets.
pub struct Contender {
    /// As the table calls it.
    pub name: &'static str,
    /// What it makes of frames.
    pub framing: Framing,
    /// How a pair comes together.
    door: Door,
    address: SocketAddr,
    process: Arc<Running>,
}

/// How a pair comes together.
enum Door {
    /// Whoever connects next.
    Next,
    /// Whoever upgrades next.
    Upgrade,
    /// At a route, as ends of a consultation whose sockets broke.
    Route { origin: String, tls: Option<Arc<ClientConfig>> },
    /// By a token (the transit protocol of magic-wormhole).
    Token,
    /// The second socket is the one that the proxy makes.
    Behind(TcpListener),
    /// The same, of a proxy that reads the upgrade.
    BehindUpgrade(TcpListener),
}

/// A process that is killed at the end.
pub struct Running {
    child: std::sync::Mutex<Child>,
    _folder: Option<TempDir>,
}

impl Contender {
    /// So many pairs, joined one after the other.
    pub fn join(&self, pairs: usize) -> Generator {
        Generator::over((0..pairs).map(|_| self.pair()), self.framing)
    }

    /// One pair, joined.
    pub fn pair(&self) -> [Wire; 2] {
        let connect = |tls| Wire::connect(self.address, tls);
        match &self.door {
            Door::Next => [connect(None), connect(None)],
            Door::Upgrade => [(); 2].map(|()| {
                let mut wire = connect(None);
                upgrade(&mut wire, "/", "http://127.0.0.1");
                wire
            }),
            Door::Route { origin, tls } => relay::rejoined(self.address, origin, tls.as_ref()),
            Door::Token => {
                let [high, low] = [(); 2].map(|()| u128::from(rng().next_u64()));
                let token = format!("{high:032x}{low:032x}");
                let mut ends = ["0123456789abcdef", "fedcba9876543210"].map(|side| {
                    let mut wire = connect(None);
                    writeln!(wire, "please relay {token} for side {side}").unwrap();
                    wire
                });
                for end in &mut ends {
                    expect(end, b"ok\n");
                }
                ends
            }
            Door::Behind(listener) => {
                let first = connect(None);
                [first, Wire::plain(listener.accept().unwrap().0)]
            }
            Door::BehindUpgrade(listener) => {
                let mut first = connect(None);
                ask(&mut first, "/", "http://127.0.0.1");
                let mut second = Wire::plain(listener.accept().unwrap().0);
                second.read_head();
                write!(
                    second,
                    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\
                     Connection: Upgrade\r\nSec-WebSocket-Accept: {ACCEPT}\r\n\r\n"
                )
                .unwrap();
                switched(&mut first);
                [first, second]
            }
        }
    }

    /// One end that waits for another, where ends meet at routes.
    pub fn waiting(&self) -> Option<Wire> {
        let Door::Route { origin, tls } = &self.door else { return None };
        Some(relay::waiting(self.address, origin, tls.as_ref()))
    }

    /// What connects to it, with TLS where it speaks that.
    pub fn connector(&self) -> impl Fn() -> Wire + Send + use<> {
        let tls = if let Door::Route { tls, .. } = &self.door { tls.clone() } else { None };
        let address = self.address;
        move || Wire::connect(address, tls.as_ref())
    }

    /// What it has cost so far.
    pub fn cost(&self) -> Cpu {
        Cpu::of(self.process())
    }

    /// Memory of its own, in bytes.
    pub fn memory(&self) -> u64 {
        anonymous_bytes(self.process())
    }

    /// Its number.
    pub fn process(&self) -> u32 {
        self.process.child.lock().unwrap().id()
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let child = self.child.get_mut().unwrap();
        let _ = child.kill();
        let _ = child.wait();
    }
}

/// A command for the processor on which no generator runs.
fn apart(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new("taskset");
    command.args(["--cpu-list", &processors::contenders().to_string()]).arg(program);
    command
}

/// Starts a program that says `listening on http:` when it does.
fn start(command: &mut Command, folder: Option<TempDir>) -> Arc<Running> {
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let listens =
        lines.by_ref().map_while(Result::ok).any(|line| line.contains("listening on http:"));
    assert!(listens, "{command:?} listens");
    thread::spawn(move || lines.for_each(drop));
    Arc::new(Running { child: std::sync::Mutex::new(child), _folder: folder })
}

/// Starts a program that says nothing, and waits until somebody listens there.
fn start_silent(
    command: &mut Command,
    address: SocketAddr,
    folder: Option<TempDir>,
) -> Arc<Running> {
    let child = command.stdout(Stdio::null()).spawn().unwrap();
    let running = Arc::new(Running { child: std::sync::Mutex::new(child), _folder: folder });
    let started = Instant::now();
    while !listens(address) {
        assert!(started.elapsed() < START_MAX, "{command:?} listens");
        thread::sleep(Duration::from_millis(20));
    }
    running
}

/// Asked of the kernel, so that nobody is led to the socket behind a proxy.
fn listens(address: SocketAddr) -> bool {
    let sockets = std::fs::read_to_string("/proc/net/tcp").unwrap();
    let local = format!("0100007F:{:04X} 00000000:0000 0A", address.port());
    sockets.lines().any(|line| line.contains(&local))
}

/// An address where nobody listened a moment ago.
fn free_address() -> SocketAddr {
    listening().local_addr().unwrap()
}

fn listening() -> TcpListener {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap()
}

fn upgrade(wire: &mut Wire, path: &str, origin: &str) {
    ask(wire, path, origin);
    switched(wire);
}

fn ask(wire: &mut Wire, path: &str, origin: &str) {
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: {origin}\r\nUpgrade: websocket\r\n\
         Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {KEY}\r\n\
         Sec-WebSocket-Protocol: {SUBPROTOCOL}\r\n\r\n"
    );
    wire.write_all(request.as_bytes()).unwrap();
}

fn switched(wire: &mut Wire) {
    let head = wire.read_head();
    assert!(head.starts_with("HTTP/1.1 101"), "{head}");
}

fn expect(wire: &mut Wire, bytes: &[u8]) {
    let mut came = vec![0; bytes.len()];
    wire.read_exact(&mut came).unwrap();
    assert_eq!(came, bytes);
}
