//! The relay under audit, as the network shows it, and connections to it.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use hyper::Uri;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
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
    tls: Option<TlsConnector>,
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
    /// Finds the relay's address. With TLS it is checked as browsers check it.
    ///
    /// # Errors
    /// When the URL is none of `http://HOST[:PORT]` and `https://HOST[:PORT]`, or its name unknown.
    pub async fn find(url: &str) -> io::Result<Self> {
        let wrong = || io::Error::new(io::ErrorKind::InvalidInput, "not a URL like https://HOST");
        let uri: Uri = url.trim_end_matches('/').parse().map_err(|_| wrong())?;
        let host = uri.host().ok_or_else(wrong)?.to_owned();
        let (tls, port) = match uri.scheme_str() {
            Some("http") => (None, 80),
            Some("https") => (Some(connector()), 443),
            _ => return Err(wrong()),
        };
        let host = host.trim_matches(['[', ']']).to_owned();
        let port = uri.port_u16().unwrap_or(port);
        let address = lookup_host((host.as_str(), port)).await?.next();
        let address = address.ok_or(io::ErrorKind::NotFound)?;
        Ok(Self { origin: url.trim_end_matches('/').to_owned(), host, address, tls })
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
        let Some(tls) = &self.tls else {
            return Ok(Box::new(stream));
        };
        let name = ServerName::try_from(self.host.clone())
            .map_err(|_| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(Box::new(tls.connect(name, stream).await?))
    }
}

fn connector() -> TlsConnector {
    let roots: RootCertStore = webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("the provider knows the versions that it was built with")
        .with_root_certificates(roots)
        .with_no_client_auth();
    TlsConnector::from(Arc::new(config))
}
