//! The relay under audit, as the network shows it, and connections to it.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use hyper::Uri;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, KeyLog, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpSocket, TcpStream, lookup_host};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use crate::ledger::Ledger;

const CONNECT_DEADLINE: Duration = Duration::from_secs(20);

/// Bytes both ways, over TLS or not.
pub trait Line: AsyncRead + AsyncWrite + Send + Unpin {}
impl<L: AsyncRead + AsyncWrite + Send + Unpin> Line for L {}

/// Where the relay is.
#[derive(Clone)]
pub struct Target {
    origin: String,
    host: String,
    address: SocketAddr,
    /// Whose certificates count, where there is TLS.
    roots: Option<Arc<RootCertStore>>,
}

/// How a connection ends when it is dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// As programs end them (FIN).
    Orderly,
    /// As a machine that is switched off (RST).
    Reset,
}

impl Target {
    /// Finds the relay's address. With TLS its certificate is checked as browsers check it, or against the
    /// authorities in a file (PEM).
    ///
    /// # Errors
    /// When the URL is none of `http://HOST[:PORT]` and `https://HOST[:PORT]`, its name unknown, or the
    /// file not of certificates.
    pub async fn find(url: &str, authorities: Option<&Path>) -> io::Result<Self> {
        let wrong = || io::Error::new(io::ErrorKind::InvalidInput, "not a URL like https://HOST");
        let uri: Uri = url.trim_end_matches('/').parse().map_err(|_| wrong())?;
        let host = uri.host().ok_or_else(wrong)?.to_owned();
        let (roots, port) = match uri.scheme_str() {
            Some("http") => (None, 80),
            Some("https") => (Some(Arc::new(roots(authorities)?)), 443),
            _ => return Err(wrong()),
        };
        let host = host.trim_matches(['[', ']']).to_owned();
        let port = uri.port_u16().unwrap_or(port);
        let address = lookup_host((host.as_str(), port)).await?.next();
        let address = address.ok_or(io::ErrorKind::NotFound)?;
        Ok(Self { origin: url.trim_end_matches('/').to_owned(), host, address, roots })
    }

    /// The origin, as in `https://relay.example`.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// What stands in the header `Host`.
    pub fn authority(&self) -> &str {
        self.origin.split_once("://").map_or("", |(_, authority)| authority)
    }

    /// The port that it listens on, as far as the network shows.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Whether connections can come from addresses of the auditor's choice: on the relay's own machine
    /// the kernel allows all of 127.0.0.0/8.
    pub fn is_on_loopback(&self) -> bool {
        self.address.ip() == IpAddr::V4(Ipv4Addr::LOCALHOST)
    }

    /// Connects from an address of this canary's own, where that is possible.
    ///
    /// # Errors
    /// When the relay cannot be reached in time.
    pub async fn connect(
        &self,
        from: Ipv4Addr,
        ending: Ending,
        ledger: &Ledger,
    ) -> io::Result<Box<dyn Line>> {
        timeout(CONNECT_DEADLINE, self.connect_whenever(from, ending, ledger)).await?
    }

    async fn connect_whenever(
        &self,
        from: Ipv4Addr,
        ending: Ending,
        ledger: &Ledger,
    ) -> io::Result<Box<dyn Line>> {
        let stream = if self.is_on_loopback() {
            let socket = TcpSocket::new_v4()?;
            socket.bind((from, 0).into())?;
            socket.connect(self.address).await?
        } else {
            TcpStream::connect(self.address).await?
        };
        stream.set_nodelay(true)?;
        if ending == Ending::Reset {
            stream.set_zero_linger()?;
        }
        if self.is_on_loopback() {
            ledger.source(from, stream.local_addr()?.port());
        }
        let Some(roots) = &self.roots else {
            return Ok(Box::new(stream));
        };
        let name = ServerName::try_from(self.host.clone())
            .map_err(|_| io::Error::from(io::ErrorKind::InvalidInput))?;
        let secrets = Secrets { from, ledger: ledger.clone() };
        let connector = connector(Arc::clone(roots), secrets);
        Ok(Box::new(connector.connect(name, stream).await?))
    }
}

/// Tells the ledger of the secrets that both ends of a connection have: whoever still had them could
/// read what somebody recorded on the network.
struct Secrets {
    from: Ipv4Addr,
    ledger: Ledger,
}

// So that what holds one can be told without them.
impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secrets")
    }
}

impl KeyLog for Secrets {
    fn log(&self, _label: &str, _client_random: &[u8], secret: &[u8]) {
        self.ledger.tls_secret(self.from, secret);
    }
}

fn roots(authorities: Option<&Path>) -> io::Result<RootCertStore> {
    let Some(path) = authorities else {
        return Ok(webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect());
    };
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(path).map_err(io::Error::other)? {
        let certificate = certificate.map_err(io::Error::other)?;
        roots.add(certificate).map_err(io::Error::other)?;
    }
    Ok(roots)
}

fn connector(roots: Arc<RootCertStore>, secrets: Secrets) -> TlsConnector {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("the provider knows the versions that it was built with")
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.key_log = Arc::new(secrets);
    TlsConnector::from(Arc::new(config))
}
