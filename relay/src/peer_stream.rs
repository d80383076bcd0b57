//! What a peer's bytes come through, with TLS or without.

use std::io;
use std::os::fd::AsFd as _;

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

/// Makes the runtime that runs this the one that hears of the socket.
pub(crate) fn adopt(stream: &mut PeerStream) -> io::Result<()> {
    let tcp = match stream {
        Either::Left(tcp) => tcp,
        Either::Right(stream) => stream.tcp(),
    };
    // A second descriptor, since the first cannot be taken out of its place. The old runtime forgets it.
    let again = tcp.as_fd().try_clone_to_owned()?;
    *tcp = TcpStream::from_std(again.into())?;
    Ok(())
}
