//! Fetching the directory, at `/nodes` of the relay.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use http_body_util::{BodyExt, Empty, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::{Request, StatusCode, Uri, header};
use hyper_util::rt::TokioIo;
use rand::RngExt;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsConnector;
use vestibule_protocol::{DIRECTORY_BYTES_MAX, Directory};

use super::Nodes;
use crate::context::Context;
use crate::random;

/// Between two questions, of which a part is left to chance: consoles are not to ask all at once.
const ASK_AGAIN_MILLISECONDS_MIN: u64 = 8_000;
const ASK_AGAIN_MILLISECONDS_MAX: u64 = 12_000;
/// However often it is hurried.
const ASK_INTERVAL_MIN: Duration = Duration::from_secs(1);
/// From the name look-up to the last byte.
const ANSWER_DEADLINE: Duration = Duration::from_secs(5);
/// Nodes that are asked when none of the relay's own addresses answers.
const ASKED_NODES_MAX: usize = 2;

/// Asks from time to time, while somebody watches.
pub(crate) async fn keep_asking(context: Arc<Context>) {
    let nodes = &context.nodes;
    loop {
        if nodes.known.receiver_count() == 0 {
            nodes.hurry.notified().await;
            continue;
        }
        nodes.note(Box::pin(ask(nodes)).await);
        sleep(ASK_INTERVAL_MIN).await;
        let pause = ASK_AGAIN_MILLISECONDS_MIN..=ASK_AGAIN_MILLISECONDS_MAX;
        let pause = Duration::from_millis(random::system().random_range(pause));
        let _ = timeout(pause.saturating_sub(ASK_INTERVAL_MIN), nodes.hurry.notified()).await;
    }
}

/// Asks at the relay's addresses in turn, then at nodes that have one of their own.
async fn ask(nodes: &Nodes) -> Option<(usize, Directory)> {
    for (through, origin) in nodes.origins.iter().enumerate() {
        if let Some(directory) = ask_at(origin.as_str()).await {
            return Some((through, directory));
        }
    }
    let through = nodes.known.borrow().through;
    for place in nodes.all().iter().take(ASKED_NODES_MAX) {
        let address = place.addresses.first()?;
        if *address.base != *address.origin.as_str()
            && let Some(directory) = ask_at(&address.base).await
        {
            return Some((through, directory));
        }
    }
    None
}

async fn ask_at(base: &str) -> Option<Directory> {
    let address: Uri = format!("{base}/nodes").parse().ok()?;
    let body = timeout(ANSWER_DEADLINE, fetch(&address)).await.ok()??;
    Directory::read(&body).ok()
}

async fn fetch(address: &Uri) -> Option<Bytes> {
    let host = address.host()?;
    let is_secure = address.scheme_str() == Some("https");
    let port = address.port_u16().unwrap_or(if is_secure { 443 } else { 80 });
    // Brackets belong to the written address of a host that is a number.
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let stream = TcpStream::connect((bare, port)).await.ok()?;
    if is_secure {
        let name = ServerName::try_from(bare.to_owned()).ok()?;
        let stream = TlsConnector::from(Arc::clone(&TLS)).connect(name, stream).await.ok()?;
        Box::pin(get(stream, address)).await
    } else {
        Box::pin(get(stream, address)).await
    }
}

/// Roots that come with the program, as for sockets.
static TLS: LazyLock<Arc<ClientConfig>> = LazyLock::new(|| {
    let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    Arc::new(ClientConfig::builder().with_root_certificates(roots).with_no_client_auth())
});

async fn get<S>(stream: S, address: &Uri) -> Option<Bytes>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.ok()?;
    let request = Request::get(address.path())
        .header(header::HOST, address.authority()?.as_str())
        .body(Empty::<Bytes>::new())
        .ok()?;
    let answer = async {
        let answer = sender.send_request(request).await.ok()?;
        if answer.status() != StatusCode::OK {
            return None;
        }
        let body = Limited::new(answer.into_body(), DIRECTORY_BYTES_MAX);
        Some(body.collect().await.ok()?.to_bytes())
    };
    // The connection does its part while the answer is awaited, and ends with it.
    tokio::pin!(connection, answer);
    tokio::select! {
        answer = &mut answer => answer,
        // It may have ended with the last byte.
        _ = &mut connection => answer.await,
    }
}
