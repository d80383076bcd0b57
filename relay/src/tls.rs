//! TLS in the process, so that no program before the relay sees what it forwards.
//!
//! TLS 1.3 alone (RFC 8446), with rustls. No session is remembered and no ticket given: a peer that comes
//! again is a new one, and there is no key whose loss opens a session that has ended. What passes goes
//! through one buffer of each thread, which is wiped after each use; an idle connection holds its keys
//! and nothing else.

mod stream;

use std::net::SocketAddr;
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::NoServerSessionStorage;
use rustls::version::TLS13;
use tokio::net::TcpStream;

use crate::peer_stream::PeerStream;
pub(crate) use stream::TlsStream;

/// What is spoken inside: WebSocket needs it, and browsers then offer nothing else.
const HTTP_1_1: &[u8] = b"http/1.1";

/// Where the relay listens with TLS, and as whom.
pub struct TlsConfig {
    /// Where.
    pub listen: SocketAddr,
    /// What is said in each handshake.
    pub(crate) acceptor: TlsAcceptor,
}

/// Answers handshakes.
#[derive(Clone)]
pub(crate) struct TlsAcceptor(Arc<ServerConfig>);

impl TlsAcceptor {
    /// With a certificate, those that sign it, and its key.
    ///
    /// # Errors
    /// When they do not belong together or are of a kind that is not used.
    pub(crate) fn new(
        certificates: Vec<CertificateDer<'static>>,
        key: PrivateKeyDer<'static>,
    ) -> Result<Self, rustls::Error> {
        let mut config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_protocol_versions(&[&TLS13])?
            .with_no_client_auth()
            .with_single_cert(certificates, key)?;
        config.session_storage = Arc::new(NoServerSessionStorage {});
        config.send_tls13_tickets = 0;
        config.alpn_protocols = vec![HTTP_1_1.to_vec()];
        Ok(Self(Arc::new(config)))
    }

    /// A stream whose handshake is made while it is read.
    ///
    /// # Errors
    /// Never with a configuration of [`new`](Self::new).
    pub(crate) fn accept(&self, stream: TcpStream) -> Result<PeerStream, rustls::Error> {
        let stream = TlsStream::new(stream, Arc::clone(&self.0))?;
        Ok(PeerStream::Right(Box::new(stream)))
    }
}

#[cfg(test)]
mod tests;
