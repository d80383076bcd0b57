//! Vestibule's relay, as operators run it.

use std::fmt::Write as _;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use rustls::pki_types::{CertificateDer, pem::PemObject as _};
use rustls::{ClientConfig, RootCertStore};
use tempfile::TempDir;
use vestibule_tests::relay::programs;
use vestibule_tests::service::Service;

use super::{Contender, Door, apart, free_address, start};
use crate::generator::Framing;

/// How the relay is run.
pub struct Serving {
    /// Sockets that it takes.
    pub connections: usize,
}

/// The relay without TLS, and the same process with TLS.
pub fn vestibule(serving: &Serving) -> [Contender; 2] {
    let folder = TempDir::new().unwrap();
    let [plain, tls] = [free_address(), free_address()];
    let origin = format!("http://{plain}");
    let config = Service::default().write_relay_files(folder.path(), &origin);
    let trusted = write_certificate(folder.path(), tls);
    let Serving { connections } = serving;
    let mut text = format!("connections = {connections}\n{}", fs::read_to_string(&config).unwrap());
    write!(text, "[tls]\nlisten = \"{tls}\"\ncertificate_file = \"certificate.pem\"\nkey_file = \"key.pem\"\n")
        .unwrap();
    fs::write(&config, text).unwrap();
    let process = start(&mut command(&config), Some(folder));
    let contender = |name, address, tls| Contender {
        name,
        framing: Framing::WebSocket,
        door: Door::Route { origin: origin.clone(), tls },
        address,
        process: Arc::clone(&process),
    };
    [contender("Vestibule", plain, None), contender("Vestibule with TLS", tls, Some(trusted))]
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
