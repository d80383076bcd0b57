//! A peer's WebSocket, as an ordinary library makes it.

use std::time::Duration;

use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt as _, StreamExt as _};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::{Bytes, Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};
use vestibule_wire::{Close, SUBPROTOCOL};

/// Longer than any deadline that a test waits for.
const PATIENCE: Duration = Duration::from_secs(45);
/// A relay that has not answered the upgrade by then is not reached.
const UPGRADE_MAX: Duration = Duration::from_secs(10);

/// How a peer gets to a relay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// Under which origin the relay serves.
    pub origin: String,
    /// Where its bytes go: the relay itself, or something between that a test has put there.
    pub address: String,
    /// What comes before each path: `/n/NAME` for one node of several.
    pub path: String,
}

/// A socket to a relay.
pub struct Socket {
    sink: SplitSink<WebSocketStream<TcpStream>, Message>,
    stream: Hearing,
}

/// The half of a socket that hears.
pub struct Hearing(SplitStream<WebSocketStream<TcpStream>>);

/// The half of a socket that speaks.
pub struct Speaking(SplitSink<WebSocketStream<TcpStream>, Message>);

/// What came next.
pub enum Next {
    /// A binary message.
    Message(Bytes),
    /// The relay closed with a code of the table.
    Closed(Close),
    /// The line broke without a close frame.
    Broken,
}

impl Way {
    /// Straight to a relay on this machine.
    pub fn to(origin: &str) -> Self {
        let address = origin.trim_start_matches("http://").to_owned();
        Self { origin: origin.to_owned(), address, path: String::new() }
    }

    /// To a node that a directory from this way's end places there. The origin stays that of the link.
    #[must_use]
    pub fn to_node(&self, at: &str) -> Self {
        match at.strip_prefix("http://") {
            Some(address) => {
                Self { address: address.to_owned(), path: String::new(), ..self.clone() }
            }
            None => Self { path: at.to_owned(), ..self.clone() },
        }
    }
}

impl Socket {
    /// Connects to `path` of a relay that is known to be there.
    pub async fn connect(way: &Way, path: &str) -> Self {
        Self::try_connect(way, path).await.expect("the relay takes a socket")
    }

    /// Connects to `path` of a relay that may not be there.
    pub async fn try_connect(way: &Way, path: &str) -> Result<Self, Error> {
        Self::connect_within(UPGRADE_MAX, way, path).await
    }

    /// The same, for whoever has somewhere else to go.
    pub async fn connect_within(
        upgrade_max: Duration,
        way: &Way,
        path: &str,
    ) -> Result<Self, Error> {
        let mut request =
            format!("ws://{}{}{path}", way.address, way.path).into_client_request()?;
        let headers = request.headers_mut();
        headers.insert("sec-websocket-protocol", HeaderValue::from_static(SUBPROTOCOL));
        headers.insert("origin", HeaderValue::from_str(&way.origin)?);
        let connected = async {
            let stream = TcpStream::connect(&way.address).await?;
            stream.set_nodelay(true)?;
            client_async(request, stream).await
        };
        let late = |_| Error::Io(std::io::ErrorKind::TimedOut.into());
        let (socket, _) = tokio::time::timeout(upgrade_max, connected).await.map_err(late)??;
        let (sink, stream) = socket.split();
        Ok(Self { sink, stream: Hearing(stream) })
    }

    /// Sends one binary message. A line that is already broken shows when reading.
    pub async fn send(&mut self, bytes: &[u8]) {
        let _ = self.sink.send(Message::binary(bytes.to_vec())).await;
    }

    /// Waits for the next message or the end, for as long as a test is patient.
    pub async fn next(&mut self) -> Next {
        let next = tokio::time::timeout(PATIENCE, self.stream.next()).await;
        next.expect("the relay must say something in time")
    }

    /// The same, for as long as it takes.
    pub async fn next_whenever(&mut self) -> Next {
        self.stream.next().await
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
    pub async fn finish(self) {
        let (mut speaking, _hearing) = self.split();
        speaking.close(Close::Done).await;
    }

    /// Its two halves, so that neither waits for the other.
    pub fn split(self) -> (Speaking, Hearing) {
        (Speaking(self.sink), self.stream)
    }

    /// The socket beneath, for bytes that no library would send.
    pub fn into_stream(self) -> TcpStream {
        let whole = self.stream.0.reunite(self.sink);
        whole.expect("two halves of one socket").into_inner()
    }
}

impl Hearing {
    /// Waits for the next message or the end.
    pub async fn next(&mut self) -> Next {
        loop {
            if let Some(next) = self.sign_of_life().await {
                return next;
            }
        }
    }

    /// The same, or `None` when the relay has only pinged or answered a ping.
    pub(crate) async fn sign_of_life(&mut self) -> Option<Next> {
        match self.0.next().await {
            Some(Ok(Message::Binary(bytes))) => Some(Next::Message(bytes)),
            Some(Ok(Message::Close(Some(frame)))) => {
                let code = u16::from(frame.code);
                let close = Close::from_code(code);
                Some(Next::Closed(close.unwrap_or_else(|| panic!("unknown code {code}"))))
            }
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => None,
            Some(Ok(Message::Text(_) | Message::Frame(_) | Message::Close(None))) => {
                panic!("a relay sends binary messages and closes with a code")
            }
            Some(Err(_)) | None => Some(Next::Broken),
        }
    }
}

impl Speaking {
    /// Sends one binary message, or tells that the line is broken.
    pub async fn send(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.0.send(Message::binary(bytes.to_vec())).await
    }

    /// Asks the relay for a sign of life. A line that is already broken shows when reading.
    pub(crate) async fn ping(&mut self) {
        let _ = self.0.send(Message::Ping(Bytes::new())).await;
    }

    /// Closes with a code of the table.
    pub async fn close(&mut self, close: Close) {
        let frame = CloseFrame { code: close.code().into(), reason: "".into() };
        let _ = self.0.send(Message::Close(Some(frame))).await;
    }
}
