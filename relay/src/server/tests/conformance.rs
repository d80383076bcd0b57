//! Autobahn's test suite against the real listener, which hands whatever it hears back to whoever said it.
//!
//! `cargo xtask measure frames` runs it, where Python 2.7 and the suite are: nobody has carried it further.
#![allow(clippy::print_stdout, reason = "the table goes into docs/frames-measured.md")]

use std::convert::Infallible;
use std::process::Stdio;
use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::header::{CONNECTION, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, UPGRADE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::process::Command;
use tokio::sync::Semaphore;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use super::*;
use crate::connection::{Connection, Ended};
use crate::peer_stream::PeerStream;
use crate::server::Front;
use crate::stop;

/// About the longest frame of any peer.
const MESSAGE_BYTES_MAX: usize = 4_096;

async fn echo(mut request: Request) -> Response {
    let Some(key) = request.headers().get(SEC_WEBSOCKET_KEY).cloned() else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let upgrade = hyper::upgrade::on(&mut request);
    tokio::spawn(async move {
        let parts = upgrade.await.unwrap().downcast::<TokioIo<PeerStream>>().unwrap();
        let stream = parts.io.into_inner();
        let mut connection = Connection::new(stream, parts.read_buf.to_vec(), None);
        let Err(ended) = repeat(&mut connection).await;
        connection.close(ended.reply(), &Limits::default()).await;
    });
    let headers = [
        (CONNECTION, HeaderValue::from_static("upgrade")),
        (UPGRADE, HeaderValue::from_static("websocket")),
        (SEC_WEBSOCKET_ACCEPT, derive_accept_key(key.as_bytes()).parse().unwrap()),
    ];
    (StatusCode::SWITCHING_PROTOCOLS, headers).into_response()
}

async fn repeat(connection: &mut Connection) -> Result<Infallible, Ended> {
    loop {
        let message = connection.first_message(MESSAGE_BYTES_MAX, Duration::from_mins(1)).await?;
        connection.send(&message);
    }
}

#[tokio::test]
#[ignore = "needs Python 2.7 and Autobahn's test suite"]
async fn the_suite_finds_no_failure() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (_stopper, stop) = stop::channel();
    let front = Front {
        router: Router::new().route("/", get(echo)),
        places: Arc::new(Semaphore::new(64)),
        limits: Limits::default(),
        stop,
    };
    let serving = tokio::spawn(front.accept(listener, None));
    let driver = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/conformance/run_suite.py");
    let output = Command::new("python2.7")
        .args([driver, &format!("ws://{address}/")])
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .stderr(Stdio::inherit())
        .output()
        .await
        .unwrap();
    println!("{}", String::from_utf8(output.stdout).unwrap());
    assert!(output.status.success());
    serving.abort();
}
