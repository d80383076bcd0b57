//! A WebSocket to the relay (section 5), for duty and for seats.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::error::ProtocolError;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::http::header::{ORIGIN, SEC_WEBSOCKET_PROTOCOL};
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Bytes, Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};
use vestibule_wire::{Close, SUBPROTOCOL};

use crate::nodes::Address;

/// Longer than any frame and any cell: revocations take 4,426 bytes.
const MESSAGE_BYTES_MAX: usize = 8_192;
const READ_BUFFER_BYTES: usize = 4_096;
const WRITE_BUFFER_BYTES_MAX: usize = 16_384;
/// Nothing more is read while so much waits to be written.
const OUTBOX_LEN_MAX: usize = 256;
/// From the name look-up to the end of the WebSocket's opening.
const CONNECT_DEADLINE: Duration = Duration::from_secs(15);
/// After so long without a word the relay is sent a ping.
const PING_AFTER: Duration = Duration::from_secs(5);
/// And after so long it is gone. When a worker's network dies without a word, its client gives the
/// line up no sooner than after 13.5 s: 16 s after a cell that is at most one slot older. By then a
/// socket that waits at the route must be a new one, or the client would be joined to the dead one.
const SILENT_AFTER: Duration = Duration::from_secs(10);
/// And after so long when there is reason to think so.
const PROBED_AFTER: Duration = Duration::from_secs(4);
/// For what is still to be said when this end closes.
const CLOSE_DEADLINE: Duration = Duration::from_secs(2);

/// Why there is no socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ConnectError {
    /// Nobody answers, or not now.
    Unreachable,
    /// Somebody answers who is not a relay.
    NotARelay,
}

/// What came.
pub(crate) enum Heard {
    /// A binary message.
    Message(Bytes),
    /// A message that no relay sends.
    Foreign,
    /// The socket has ended, with the relay's reason if it gave one.
    Ended(Option<Close>),
}

/// An open socket. Messages wait in its outbox and are written while somebody listens.
pub(crate) struct RelaySocket {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    outbox: VecDeque<Message>,
    write_failed: bool,
    heard_at: Instant,
    pinged: bool,
    /// Until then it has to say something.
    probed_until: Option<Instant>,
}

impl RelaySocket {
    /// Connects to one of a node's paths.
    pub(crate) async fn connect(address: &Address, path: &str) -> Result<Self, ConnectError> {
        Self::connect_within(CONNECT_DEADLINE, address, path).await
    }

    /// The same, for whoever has somewhere else to go.
    pub(crate) async fn connect_within(
        deadline: Duration,
        address: &Address,
        path: &str,
    ) -> Result<Self, ConnectError> {
        let origin = address.origin();
        if origin.is_onion() {
            return Err(ConnectError::Unreachable);
        }
        let request = address.socket_address(path).into_client_request();
        let mut request = request.map_err(|_| ConnectError::NotARelay)?;
        let own = HeaderValue::from_str(origin.as_str()).map_err(|_| ConnectError::NotARelay)?;
        request.headers_mut().insert(ORIGIN, own);
        request.headers_mut().insert(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(SUBPROTOCOL));
        let config = WebSocketConfig::default()
            .read_buffer_size(READ_BUFFER_BYTES)
            .write_buffer_size(0)
            .max_write_buffer_size(WRITE_BUFFER_BYTES_MAX)
            .max_message_size(Some(MESSAGE_BYTES_MAX))
            .max_frame_size(Some(MESSAGE_BYTES_MAX));
        let connecting = Box::pin(connect_async_with_config(request, Some(config), true));
        match timeout(deadline.min(CONNECT_DEADLINE), connecting).await {
            Ok(Ok((socket, _))) => Ok(Self {
                socket,
                outbox: VecDeque::new(),
                write_failed: false,
                heard_at: Instant::now(),
                pinged: false,
                probed_until: None,
            }),
            Ok(Err(error)) => Err(judge(&error)),
            Err(_) => Err(ConnectError::Unreachable),
        }
    }

    /// Puts a message behind those that wait to be written.
    pub(crate) fn push(&mut self, message: Vec<u8>) {
        self.outbox.push_back(Message::Binary(message.into()));
    }

    /// Asks whether the relay is still there: a machine that has changed its network keeps sockets that
    /// lead nowhere.
    pub(crate) fn probe(&mut self) {
        if self.probed_until.is_none() {
            self.probed_until = Some(Instant::now() + PROBED_AFTER);
            self.outbox.push_back(Message::Ping(Bytes::new()));
        }
    }

    /// How many messages wait to be written.
    pub(crate) fn outbox_len(&self) -> usize {
        self.outbox.len()
    }

    /// Writes what waits and returns what comes. Nothing is lost when this is dropped half-way.
    pub(crate) async fn heard(&mut self) -> Heard {
        loop {
            let deadline = self.heard_at + if self.pinged { SILENT_AFTER } else { PING_AFTER };
            let deadline = self.probed_until.map_or(deadline, |until| until.min(deadline));
            let message = tokio::select! {
                message = poll_fn(|context| self.poll(context)) => message,
                () = sleep_until(deadline) => {
                    let in_vain = self.probed_until.is_some_and(|until| until <= Instant::now());
                    if self.pinged || in_vain {
                        return Heard::Ended(None);
                    }
                    self.pinged = true;
                    self.outbox.push_back(Message::Ping(Bytes::new()));
                    continue;
                }
            };
            self.heard_at = Instant::now();
            self.pinged = false;
            self.probed_until = None;
            match message {
                Some(Ok(Message::Binary(bytes))) => return Heard::Message(bytes),
                Some(Ok(Message::Text(_) | Message::Frame(_))) => return Heard::Foreign,
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(Message::Close(frame))) => {
                    let code = frame.map(|frame| u16::from(frame.code));
                    return Heard::Ended(code.and_then(Close::from_code));
                }
                Some(Err(Error::Capacity(_))) => return Heard::Foreign,
                Some(Err(_)) | None => return Heard::Ended(None),
            }
        }
    }

    /// Writes what waits, says why the socket ends, and ends it, all within two seconds.
    pub(crate) async fn finish(mut self, close: Close) {
        let code = close.code().into();
        let farewell = async {
            while let Some(message) = self.outbox.pop_front() {
                self.socket.send(message).await?;
            }
            self.socket.close(Some(CloseFrame { code, reason: "".into() })).await?;
            while let Some(Ok(_)) = self.socket.next().await {}
            Ok::<(), Error>(())
        };
        let _ = timeout(CLOSE_DEADLINE, farewell).await;
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Message, Error>>> {
        if !self.write_failed {
            self.write_failed = self.poll_write(context).is_err();
        }
        // A peer that takes nothing is not listened to either: its answers would only pile up.
        let listening = self.outbox.len() < OUTBOX_LEN_MAX;
        if listening && let Poll::Ready(message) = self.socket.poll_next_unpin(context) {
            return Poll::Ready(message);
        }
        // What was received before the socket broke, such as a close code, came first.
        if self.write_failed { Poll::Ready(None) } else { Poll::Pending }
    }

    fn poll_write(&mut self, context: &mut Context<'_>) -> Result<(), Error> {
        while !self.outbox.is_empty() {
            match self.socket.poll_ready_unpin(context) {
                Poll::Ready(ready) => ready?,
                Poll::Pending => return Ok(()),
            }
            if let Some(message) = self.outbox.pop_front() {
                self.socket.start_send_unpin(message)?;
            }
        }
        match self.socket.poll_flush_unpin(context) {
            Poll::Ready(flushed) => flushed,
            Poll::Pending => Ok(()),
        }
    }
}

#[allow(clippy::wildcard_enum_match_arm, reason = "any other answer is not that of a relay")]
fn judge(error: &Error) -> ConnectError {
    match error {
        // A gateway in front of a relay that is being restarted answers so; and 421 who is another node
        // than the one that was meant.
        Error::Http(response)
            if response.status().is_server_error()
                || matches!(response.status().as_u16(), 421 | 429) =>
        {
            ConnectError::Unreachable
        }
        Error::Io(_) | Error::Tls(_) | Error::ConnectionClosed | Error::AlreadyClosed => {
            ConnectError::Unreachable
        }
        Error::Protocol(ProtocolError::HandshakeIncomplete) => ConnectError::Unreachable,
        Error::Url(_) => ConnectError::Unreachable,
        _ => ConnectError::NotARelay,
    }
}
