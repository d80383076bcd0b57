//! Vestibule's relay, as operators run it.

use std::fs;
use std::future::pending;
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::thread;

use rand::Rng as _;
use rustls::pki_types::{CertificateDer, pem::PemObject as _};
use rustls::{ClientConfig, RootCertStore};
use tempfile::TempDir;
use tokio::runtime::Builder;
use vestibule_relay::{Config, Server};
use vestibule_tests::relay::programs;
use vestibule_tests::service::{Service, rng};
use vestibule_wire::{EndToRelay, RelayToEnd, Route, Side};

use super::{Contender, Door, apart, expect, free_address, start, upgrade};
use crate::generator::wire::Wire;
use crate::generator::{Framing, Generator};

/// How the relay is run.
pub struct Serving {
    /// Sockets that it takes.
    pub connections: usize,
}

/// The relay without TLS, and the same process with TLS.
pub fn vestibule(Serving { connections }: &Serving) -> [Contender; 2] {
    let folder = TempDir::new().unwrap();
    let [plain, tls] = [free_address(), free_address()];
    let config = Service::default().write_relay_files(folder.path(), &origin(plain));
    let trusted = write_certificate(folder.path(), tls);
    let written = fs::read_to_string(&config).unwrap();
    let text = format!(
        "connections = {connections}\n{written}[tls]\nlisten = \"{tls}\"\n\
         certificate_file = \"certificate.pem\"\nkey_file = \"key.pem\"\n"
    );
    fs::write(&config, text).unwrap();
    let process = start(&mut command(&config), Some(folder));
    let contender = |name, address, tls| Contender {
        name,
        framing: Framing::WebSocket,
        door: Door::Route { origin: origin(plain), tls },
        address,
        process: Arc::clone(&process),
    };
    [contender("Vestibule", plain, None), contender("Vestibule with TLS", tls, Some(trusted))]
}

/// The relay's code in this process, in threads of its own, as long as the process lasts.
pub struct Inside(SocketAddr);

impl Inside {
    /// Starts it.
    pub fn start() -> Self {
        let folder = TempDir::new().unwrap();
        let listener = super::listening();
        let address = listener.local_addr().unwrap();
        let config = Service::default().write_relay_files(folder.path(), &origin(address));
        listener.set_nonblocking(true).unwrap();
        thread::spawn(move || {
            let runtime = Builder::new_multi_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener).unwrap();
                let server = Server::new(Config::load(&config).unwrap());
                server.serve(listener, pending()).await;
            });
            drop(folder);
        });
        Self(address)
    }

    /// So many pairs, joined one after the other.
    pub fn join(&self, pairs: usize) -> Generator {
        let pairs = (0..pairs).map(|_| rejoined(self.0, &origin(self.0), None));
        Generator::over(pairs, Framing::WebSocket)
    }
}

fn origin(plain: SocketAddr) -> String {
    format!("http://{plain}")
}

/// Two ends of a consultation whose sockets broke, joined at a new route.
pub(super) fn rejoined(
    address: SocketAddr,
    origin: &str,
    tls: Option<&Arc<ClientConfig>>,
) -> [Wire; 2] {
    let route = new_route();
    let mut ends = [Side::Worker, Side::Client]
        .map(|side| arrived(address, origin, tls, side, Route(route.0)));
    let [first, second] = &mut ends;
    expect(first, &message(&RelayToEnd::Alone.encode()));
    for end in [first, second] {
        expect(end, &message(&RelayToEnd::Joined.encode()));
    }
    ends
}

/// One end at a new route.
pub(super) fn waiting(address: SocketAddr, origin: &str, tls: Option<&Arc<ClientConfig>>) -> Wire {
    let mut end = arrived(address, origin, tls, Side::Client, new_route());
    expect(&mut end, &message(&RelayToEnd::Alone.encode()));
    end
}

fn new_route() -> Route {
    let mut route = Route([0; 32]);
    rng().fill_bytes(&mut route.0);
    route
}

fn arrived(
    address: SocketAddr,
    origin: &str,
    tls: Option<&Arc<ClientConfig>>,
    side: Side,
    route: Route,
) -> Wire {
    let mut wire = Wire::connect(address, tls);
    upgrade(&mut wire, "/ws/rejoin", origin);
    let rejoin = EndToRelay::Rejoin { side, route }.encode();
    let length = 0x80 | u8::try_from(rejoin.len()).unwrap();
    wire.write_all(&[&[0x82, length, 0, 0, 0, 0], &rejoin[..]].concat()).unwrap();
    wire
}

/// A short message, as a server frames it.
fn message(payload: &[u8]) -> Vec<u8> {
    [&[0x82, u8::try_from(payload.len()).unwrap()], payload].concat()
}

/// With every protection that this machine's kernel has.
fn command(config: &Path) -> Command {
    let mut command = apart(program());
    command.arg("--config").arg(config);
    command
}

fn program() -> PathBuf {
    let program = programs().join("vestibule-relay");
    assert!(program.exists(), "run `cargo build --release -p vestibule-relay` first");
    program
}

/// Writes a certificate for an address, and its key; returns who trusts it.
fn write_certificate(folder: &Path, address: SocketAddr) -> Arc<ClientConfig> {
    let pair = rcgen::generate_simple_self_signed([address.ip().to_string()]).unwrap();
    fs::write(folder.join("certificate.pem"), pair.cert.pem()).unwrap();
    fs::write(folder.join("key.pem"), pair.signing_key.serialize_pem()).unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(pair.cert.pem().as_bytes()).unwrap()).unwrap();
    Arc::new(ClientConfig::builder().with_root_certificates(roots).with_no_client_auth())
}
