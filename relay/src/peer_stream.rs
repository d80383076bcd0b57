//! What a peer's bytes come through, with TLS or without.

use tokio::net::TcpStream;
use tokio_util::either::Either;

use crate::tls::TlsStream;

/// TCP, where a proxy or an onion service of this machine speaks with the peer, or TLS in the process. The
/// latter in a box, so that those without have no room for it.
pub(crate) type PeerStream = Either<TcpStream, Box<TlsStream>>;

/// Bytes that were taken from the writer and wait for the peer. Whoever has written goes on to flush while
/// there are any.
pub(crate) fn unsent_len(stream: &PeerStream) -> usize {
    match stream {
        Either::Left(_) => 0,
        Either::Right(stream) => stream.unsent_len(),
    }
}
