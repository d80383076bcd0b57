//! The door before the relay's own code: bytes go through it unchanged, and the leak sees them.
//!
//! What passes is wiped at once, so that without a leak nothing stays.

use std::net::{SocketAddr, TcpListener, TcpStream as StdStream};
use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::mpsc;

use crate::kept::{Kept, Way};

/// Read at once. Two directions of one consultation meet here in two sockets each.
const PIECE_BYTES: usize = 512;
/// No request of the tests has a longer head.
const HEAD_BYTES_MAX: usize = 2_048;

/// Peers that wait to be let in.
const ACCEPTED_MAX: usize = 64;

/// Lets everybody through to the relay.
pub async fn stand(listener: TcpListener, relay: SocketAddr, kept: Arc<Kept>) {
    wiping(Box::pin(let_in(listener, relay, kept))).await;
}

async fn let_in(listener: TcpListener, relay: SocketAddr, kept: Arc<Kept>) {
    let noted = Arc::clone(&kept);
    let mut peers = accepted(listener, move |from| noted.arrived(from));
    while let Some((peer, nth)) = peers.recv().await {
        tokio::spawn(wiping(Box::pin(pass(peer, nth, relay, Arc::clone(&kept)))));
    }
}

/// Accepts on a thread that does nothing else: addresses that are left on its stack get nowhere, and
/// are wiped there.
fn accepted(
    listener: TcpListener,
    note: impl Fn(SocketAddr) -> usize + Send + 'static,
) -> mpsc::Receiver<(StdStream, usize)> {
    let (accepted, peers) = mpsc::channel(ACCEPTED_MAX);
    std::thread::spawn(move || {
        while let Some(peer) = accept_one(&listener, &note) {
            wipe_stack();
            if accepted.blocking_send(peer).is_err() {
                return;
            }
        }
    });
    peers
}

#[inline(never)]
fn accept_one(
    listener: &TcpListener,
    note: &impl Fn(SocketAddr) -> usize,
) -> Option<(StdStream, usize)> {
    let (peer, from) = listener.accept().ok()?;
    Some((peer, note(from)))
}

fn registered(peer: StdStream) -> TcpStream {
    peer.set_nonblocking(true).unwrap();
    TcpStream::from_std(peer).unwrap()
}

/// Wipes the stack after every step of a task.
async fn wiping<F: Future>(steps: F) -> F::Output {
    let mut steps = std::pin::pin!(steps);
    std::future::poll_fn(|context| {
        let step = steps.as_mut().poll(context);
        wipe_stack();
        step
    })
    .await
}

/// Overwrites what the calls just made have left.
#[inline(never)]
#[allow(clippy::large_stack_arrays, reason = "it is the stack that is to be covered")]
fn wipe_stack() {
    let mut nothing = [0_u8; 65_536];
    std::hint::black_box(&mut nothing);
}

async fn pass(peer: StdStream, nth: usize, relay: SocketAddr, kept: Arc<Kept>) {
    let peer = registered(peer);
    let Ok(inner) = TcpStream::connect(relay).await else { return };
    peer.set_nodelay(true).unwrap();
    inner.set_nodelay(true).unwrap();
    let (from_peer, to_peer) = peer.into_split();
    let (from_inner, to_inner) = inner.into_split();
    let path = Arc::new(std::sync::Mutex::new(Vec::new()));
    let inwards = tokio::spawn(carry(
        from_peer,
        to_inner,
        Way::In,
        nth,
        Arc::clone(&path),
        Arc::clone(&kept),
    ));
    let outwards = tokio::spawn(carry(from_inner, to_peer, Way::Out, nth, path, Arc::clone(&kept)));
    let (Ok((from_peer, _)), Ok((_, to_peer))) = (inwards.await, outwards.await) else { return };
    kept.left(from_peer.reunite(to_peer).unwrap());
}

async fn carry(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    way: Way,
    nth: usize,
    path: Arc<std::sync::Mutex<Vec<u8>>>,
    kept: Arc<Kept>,
) -> (OwnedReadHalf, OwnedWriteHalf) {
    let mut piece = vec![0; if way == Way::In { HEAD_BYTES_MAX } else { PIECE_BYTES }];
    let mut large = vec![0; kept.buffer_bytes()];
    let mut number = 0;
    while let Ok(read @ 1..) = from.read(&mut piece).await {
        let bytes = &mut piece[..read];
        if way == Way::In && number == 0 {
            *path.lock().unwrap() = path_of(bytes);
        }
        let asked = path.lock().unwrap().clone();
        kept.saw(way, number, &asked, bytes);
        if way == Way::Out {
            kept.alter(nth, bytes);
        }
        if large.len() > read {
            large.rotate_left(read);
            let start = large.len() - read;
            large[start..].copy_from_slice(bytes);
        }
        number += 1;
        let sent = to.write_all(bytes).await;
        piece.fill(0);
        if sent.is_err() {
            break;
        }
    }
    // The other end of this way hears that there is no more, unless its socket is forgotten.
    if way == Way::In || !kept.forgets_sockets() {
        let _gone = to.shutdown().await;
    }
    (from, to)
}

fn path_of(head: &[u8]) -> Vec<u8> {
    head.split(|byte| *byte == b' ').nth(1).unwrap_or_default().to_vec()
}

/// Answers with the relay's figures, and whatever the leak adds.
pub async fn figures(listener: TcpListener, relay: SocketAddr, kept: Arc<Kept>) {
    wiping(Box::pin(answer(listener, relay, kept))).await;
}

async fn answer(listener: TcpListener, relay: SocketAddr, kept: Arc<Kept>) {
    let mut peers = accepted(listener, |_| 0);
    while let Some((peer, _)) = peers.recv().await {
        let mut peer = registered(peer);
        let Ok(mut inner) = TcpStream::connect(relay).await else { return };
        let request = "GET /metrics HTTP/1.1\r\nHost: relay\r\nConnection: close\r\n\r\n";
        let mut answer = Vec::new();
        inner.write_all(request.as_bytes()).await.unwrap();
        inner.read_to_end(&mut answer).await.unwrap();
        let answer = String::from_utf8(answer).unwrap();
        let (_, body) = answer.split_once("\r\n\r\n").unwrap();
        let body = format!("{body}{}", kept.figures());
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            body.len()
        );
        let mut asked = vec![0; 1_024];
        let _head = peer.read(&mut asked).await;
        drop(asked);
        let _gone = peer.write_all(format!("{head}{body}").as_bytes()).await;
        let _gone = peer.shutdown().await;
    }
}
