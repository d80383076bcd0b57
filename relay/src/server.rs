//! The accept loop, and what becomes of a connection after its upgrade.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use futures_util::future::OptionFuture;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::{TokioIo, TokioTimer};
use rustix::net::{SocketFlags, accept_with};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{sleep, timeout};
use tokio_util::either::Either;
use tower::ServiceExt;

use crate::connection::Connection;
use crate::frame_socket::FrameSocket;
use crate::peer_stream::PeerStream;
use crate::relay::Relay;
use crate::stop::Stop;
use crate::tls::TlsAcceptor;
use crate::{Limits, client, duty, indicators, rejoin, routes, seat};

/// Out of file descriptors, the relay waits for some socket to end instead of spinning.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Accepts connections until the relay stops, without TLS and, where the operator wants it, with TLS.
pub(crate) async fn accept_all(
    plain: TcpListener,
    tls: Option<(TcpListener, TlsAcceptor)>,
    relay: Relay,
) {
    let (limits, stop) = (relay.shared.limits.clone(), relay.stop.clone());
    let places = Arc::new(Semaphore::new(limits.connections_max));
    let front = Front { router: routes::router(relay), places, limits, stop };
    let with_tls = tls.map(|(listener, acceptor)| front.clone().accept(listener, Some(acceptor)));
    tokio::join!(front.accept(plain, None), OptionFuture::from(with_tls));
}

/// What every listener of one kind shares.
#[derive(Clone)]
pub(crate) struct Front {
    /// Answers requests.
    pub(crate) router: Router,
    /// One for each connection.
    pub(crate) places: Arc<Semaphore>,
    pub(crate) limits: Limits,
    pub(crate) stop: Stop,
}

impl Front {
    /// Accepts connections while there are places, and answers as the router says.
    pub(crate) async fn accept(mut self, listener: TcpListener, tls: Option<TlsAcceptor>) {
        let listener = registered(listener).expect("what was registered can be registered again");
        loop {
            let accepted = tokio::select! {
                accepted = accept_one(&listener) => accepted,
                () = self.stop.requested_at_all() => return,
            };
            let Ok(stream) = accepted else {
                sleep(ACCEPT_PAUSE).await;
                continue;
            };
            // A full relay refuses at once: a connection that waits in the queue helps nobody.
            let Ok(permit) = Arc::clone(&self.places).try_acquire_owned() else { continue };
            // A cell that waits for the acknowledgement of another is late.
            if stream.set_nodelay(true).is_err() {
                continue;
            }
            let stream = match &tls {
                None => Either::Left(stream),
                Some(tls) => match tls.accept(stream) {
                    Ok(stream) => stream,
                    Err(_) => continue,
                },
            };
            tokio::spawn(serve_http(stream, self.clone(), Arc::new(permit)));
        }
    }
}

#[allow(
    deprecated,
    reason = "what takes its place is for types less safe than std's, in unsafe code"
)]
fn registered(listener: TcpListener) -> io::Result<AsyncFd<std::net::TcpListener>> {
    AsyncFd::new(listener.into_std()?)
}

/// Nobody asks where a connection comes from: so the kernel is not asked either, and no copy of an address
/// comes into this process's memory.
async fn accept_one(listener: &AsyncFd<std::net::TcpListener>) -> io::Result<TcpStream> {
    let flags = SocketFlags::NONBLOCK | SocketFlags::CLOEXEC;
    let take = |listener: &std::net::TcpListener| Ok(accept_with(listener, flags)?);
    let stream = listener.async_io(Interest::READABLE, take).await?;
    TcpStream::from_std(stream.into())
}

/// Speaks HTTP with one connection, until it ends or becomes a WebSocket.
async fn serve_http(stream: PeerStream, front: Front, permit: Arc<OwnedSemaphorePermit>) {
    let Front { router, limits, mut stop, .. } = front;
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(Arc::clone(&permit));
        router.clone().oneshot(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.request_header_deadline)
        .max_buf_size(limits.request_header_bytes_max)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    tokio::select! {
        // However it ends, there is nothing left to do, and nobody to tell.
        _ended = timeout(limits.request_deadline, connection) => {}
        () = stop.requested() => {}
    }
}

/// Which of the five sockets a connection became.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SocketKind {
    /// `/ws/client`
    Client,
    /// `/ws/duty`
    Duty,
    /// `/ws/seat`
    Seat,
    /// `/ws/rejoin`
    Rejoin,
    /// `/ws/indicators`
    Indicators,
}

/// Serves a connection from its 101 answer on, on the socket itself.
pub(crate) async fn serve_upgraded(
    upgrade: OnUpgrade,
    kind: SocketKind,
    relay: Relay,
    permit: Option<Arc<OwnedSemaphorePermit>>,
) {
    let Ok(upgraded) = upgrade.await else {
        return;
    };
    let Ok(parts) = upgraded.downcast::<TokioIo<PeerStream>>() else {
        return;
    };
    let stream = parts.io.into_inner();
    // hyper's buffer, with the head of the request in it, must not live as long as the socket.
    let read_ahead = parts.read_buf.to_vec();
    drop(parts.read_buf);
    let Relay { shared, stop } = relay;
    // A task of its own for each kind: this one would be as large as the largest.
    let _runs_by_itself = match kind {
        SocketKind::Client => {
            let connection = Box::new(Connection::new(stream, read_ahead, permit));
            tokio::spawn(client::serve(connection, shared, stop))
        }
        SocketKind::Seat => {
            let connection = Box::new(Connection::new(stream, read_ahead, permit));
            tokio::spawn(seat::serve(connection, shared, stop))
        }
        SocketKind::Rejoin => {
            let connection = Box::new(Connection::new(stream, read_ahead, permit));
            tokio::spawn(rejoin::serve(connection, shared, stop))
        }
        SocketKind::Duty => {
            let socket = FrameSocket::new(stream, read_ahead, permit).await;
            tokio::spawn(duty::serve(socket, shared, stop))
        }
        SocketKind::Indicators => {
            let socket = FrameSocket::new(stream, read_ahead, permit).await;
            tokio::spawn(indicators::serve(socket, shared, stop))
        }
    };
}

#[cfg(test)]
mod tests;
