//! Every compared relay carries what two ends send, whole and in order, to the other end and to no other.

use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

const MESSAGES: usize = 100;
const MESSAGE_BYTES: usize = 1024;
const LIMIT: Duration = Duration::from_secs(20);

#[tokio::test]
async fn axum_default() {
    pairs(&mut Command::new(env!("CARGO_BIN_EXE_axum-default"))).await;
}

#[tokio::test]
async fn axum_tuned() {
    pairs(&mut Command::new(env!("CARGO_BIN_EXE_axum-tuned"))).await;
}

#[tokio::test]
async fn tungstenite() {
    pairs(&mut Command::new(env!("CARGO_BIN_EXE_tungstenite"))).await;
}

#[tokio::test]
async fn fastwebsockets() {
    pairs(&mut Command::new(env!("CARGO_BIN_EXE_fastwebsockets"))).await;
}

#[tokio::test]
#[expect(clippy::print_stderr, reason = "a test that did not run says so")]
async fn ws() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("ws");
    if !folder.join("node_modules").exists() {
        eprintln!("not run: `npm ci` in {}", folder.display());
        return;
    }
    pairs(Command::new("node").arg(folder.join("relay.mjs"))).await;
}

async fn pairs(program: &mut Command) {
    tokio::time::timeout(LIMIT, async {
        let (_relay, port) = start(program).await;
        let mut ends =
            [connect(port).await, connect(port).await, connect(port).await, connect(port).await];
        for (way, end) in ends.iter_mut().enumerate() {
            for number in 0..MESSAGES {
                end.send(message(way, number)).await.expect("the relay reads");
            }
        }
        // Of consecutive sockets, 0 and 1 are a pair, and 2 and 3 are.
        for (way, end) in ends.iter_mut().enumerate() {
            for number in 0..MESSAGES {
                let got = end.next().await.expect("the relay writes").expect("whole messages");
                assert_eq!(got, message(way ^ 1, number), "message {number} to end {way}");
            }
        }
        let [mut first, mut second, mut third, fourth] = ends;
        // Of one pair one says goodbye and goes, of the other one vanishes.
        first.close(None).await.expect("the relay reads");
        drop(first);
        closed(&mut second).await;
        drop(fourth);
        closed(&mut third).await;
    })
    .await
    .expect("a relay of so little is done in time");
}

/// The program on a free port, once it listens.
async fn start(program: &mut Command) -> (Child, u16) {
    let free =
        TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|listener| listener.local_addr());
    let port = free.expect("a port is free").port();
    let started = program.arg(port.to_string()).stdout(Stdio::piped()).kill_on_drop(true).spawn();
    let mut relay = started.expect("the program starts");
    let stdout = relay.stdout.take().expect("stdout is piped");
    let said = BufReader::new(stdout).lines().next_line().await.expect("stdout is read");
    assert_eq!(said.as_deref(), Some(format!("listening on http://127.0.0.1:{port}").as_str()));
    (relay, port)
}

async fn connect(port: u16) -> Socket {
    connect_async(format!("ws://127.0.0.1:{port}/any/path")).await.expect("the relay upgrades").0
}

/// Like no other in any byte's neighbourhood.
fn message(way: usize, number: usize) -> Message {
    let bytes = (0..MESSAGE_BYTES).map(|place| (place * 31 + number * 7 + way * 101) % 251);
    Message::binary(
        bytes.map(|byte| u8::try_from(byte).expect("less than 251")).collect::<Vec<_>>(),
    )
}

async fn closed(end: &mut Socket) {
    while let Some(Ok(message)) = end.next().await {
        assert!(message.is_close(), "nothing more was sent");
    }
}
