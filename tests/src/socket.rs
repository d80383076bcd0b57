//! A peer's WebSocket, as an ordinary library makes it.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Bytes, Message};
use tokio_tungstenite::{WebSocketStream, client_async};
use vestibule_wire::{Close, SUBPROTOCOL};

/// Longer than any deadline that a test waits for.
const PATIENCE: Duration = Duration::from_secs(45);

/// A socket to a relay.
pub struct Socket(WebSocketStream<TcpStream>);

/// What came next.
pub enum Next {
    /// A binary message.
    Message(Bytes),
    /// The relay closed with a code of the table.
    Closed(Close),
    /// The line broke without a close frame.
    Broken,
}

impl Socket {
    /// Connects to `path` of the relay at `origin`.
    pub async fn connect(origin: &str, path: &str) -> Self {
        let host = origin.trim_start_matches("http://");
        let mut request = format!("ws://{host}{path}").into_client_request().unwrap();
        let headers = request.headers_mut();
        headers.insert("sec-websocket-protocol", HeaderValue::from_static(SUBPROTOCOL));
        headers.insert("origin", HeaderValue::from_str(origin).unwrap());
        let stream = TcpStream::connect(host).await.unwrap();
        let (socket, _) = client_async(request, stream).await.unwrap();
        Self(socket)
    }

    /// Sends one binary message. A line that is already broken shows when reading.
    pub async fn send(&mut self, bytes: &[u8]) {
        let _ = self.0.send(Message::binary(bytes.to_vec())).await;
    }

    /// Waits for the next message or the end.
    pub async fn next(&mut self) -> Next {
        let next = tokio::time::timeout(PATIENCE, self.next_beside_pings()).await;
        next.expect("the relay must say something in time")
    }

    async fn next_beside_pings(&mut self) -> Next {
        loop {
            match self.0.next().await {
                Some(Ok(Message::Binary(bytes))) => return Next::Message(bytes),
                Some(Ok(Message::Close(Some(frame)))) => {
                    let code = u16::from(frame.code);
                    let close = Close::from_code(code);
                    return Next::Closed(close.unwrap_or_else(|| panic!("unknown code {code}")));
                }
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(Message::Text(_) | Message::Frame(_) | Message::Close(None))) => {
                    panic!("a relay sends binary messages and closes with a code")
                }
                Some(Err(_)) | None => return Next::Broken,
            }
        }
    }

    /// Waits for a message; anything else fails the test.
    pub async fn message(&mut self) -> Bytes {
        match self.next().await {
            Next::Message(bytes) => bytes,
            Next::Closed(close) => panic!("closed: {}", close.name()),
            Next::Broken => panic!("the line broke"),
        }
    }

    /// Waits for the close, passing over messages.
    pub async fn closed(&mut self) -> Close {
        loop {
            match self.next().await {
                Next::Message(_) => {}
                Next::Closed(close) => return close,
                Next::Broken => panic!("the line broke without a close code"),
            }
        }
    }

    /// Ends the socket as a peer that has finished.
    pub async fn finish(mut self) {
        let done = CloseFrame { code: CloseCode::Normal, reason: "".into() };
        let _ = self.0.close(Some(done)).await;
    }

    /// The socket beneath, for bytes that no library would send.
    pub fn into_stream(self) -> TcpStream {
        self.0.into_inner()
    }
}
