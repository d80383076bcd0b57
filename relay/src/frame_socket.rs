//! A socket on which a worker or a console speaks in frames.

use std::sync::Arc;

use futures_util::{SinkExt, StreamExt};
use tokio::io::AsyncWriteExt;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Message, Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Bytes, Utf8Bytes};
use vestibule_wire::{Close, Malformed};

use crate::peer_stream::PeerStream;
use crate::relay::Shared;
use crate::websocket::{Opcode, write_frame};

/// Reads a frame of one direction.
pub(crate) type Decode<T> = fn(&[u8]) -> Result<T, Malformed>;

/// Longer than any frame of a worker.
const MESSAGE_BYTES_MAX: usize = 8_192;
const READ_BUFFER_BYTES: usize = 4_096;
/// Of a frame that no frame here exceeds.
const HEADER_BYTES_MAX: usize = 4;
const WRITE_BUFFER_BYTES_MAX: usize = 16_384;

/// Frames are few here, so tungstenite serves, with small buffers.
pub(crate) struct FrameSocket {
    socket: WebSocketStream<PeerStream>,
    heard_at: Instant,
    pinged_at: Instant,
    /// Keeps the place among the relay's connections.
    _permit: Option<Arc<OwnedSemaphorePermit>>,
}

impl FrameSocket {
    /// Takes over an upgraded socket with what was already read from it.
    pub(crate) async fn new(
        stream: PeerStream,
        read_ahead: Vec<u8>,
        permit: Option<Arc<OwnedSemaphorePermit>>,
    ) -> Self {
        let config = WebSocketConfig::default()
            .read_buffer_size(READ_BUFFER_BYTES)
            .write_buffer_size(0)
            .max_write_buffer_size(WRITE_BUFFER_BYTES_MAX)
            .max_message_size(Some(MESSAGE_BYTES_MAX))
            .max_frame_size(Some(MESSAGE_BYTES_MAX));
        let role = Role::Server;
        let socket =
            WebSocketStream::from_partially_read(stream, read_ahead, role, Some(config)).await;
        let now = Instant::now();
        Self { socket, heard_at: now, pinged_at: now, _permit: permit }
    }

    /// The next frame, whatever pings come before it.
    pub(crate) async fn next_frame<T>(&mut self, decode: Decode<T>) -> Result<T, Close> {
        loop {
            if let Some(frame) = self.receive(decode).await? {
                return Ok(frame);
            }
        }
    }

    /// The next frame, or `None` for a ping or pong.
    pub(crate) async fn receive<T>(&mut self, decode: Decode<T>) -> Result<Option<T>, Close> {
        let message =
            self.socket.next().await.ok_or(Close::Done)?.map_err(|error| close_for(&error))?;
        self.heard_at = Instant::now();
        match message {
            Message::Binary(bytes) => decode(&bytes).map(Some).map_err(|_| Close::Malformed),
            Message::Text(_) | Message::Frame(_) => Err(Close::Malformed),
            Message::Ping(_) | Message::Pong(_) => Ok(None),
            Message::Close(_) => Err(Close::Done),
        }
    }

    /// Nothing is read from this peer now, so that its silence means nothing.
    pub(crate) fn excuse_silence(&mut self, now: Instant) {
        self.heard_at = now;
    }

    /// Sends a frame.
    pub(crate) async fn send(&mut self, frame: Vec<u8>, shared: &Shared) -> Result<(), Close> {
        match timeout(shared.limits.write_stall_max, self.write(&frame)).await {
            Ok(sent) => sent.map_err(|error| close_for(&error)),
            Err(_) => Err(Close::TooSlow),
        }
    }

    /// Past the library's buffer, which would go on to hold the frame: a duty socket is open for hours.
    async fn write(&mut self, frame: &[u8]) -> Result<(), Error> {
        // The library has nothing to send then, so that no two frames mix.
        self.socket.flush().await?;
        let mut whole = Vec::with_capacity(frame.len() + HEADER_BYTES_MAX);
        write_frame(&mut whole, Opcode::Binary, frame);
        let stream = self.socket.get_mut();
        stream.write_all(&whole).await?;
        stream.flush().await?;
        Ok(())
    }

    async fn send_message(&mut self, message: Message, shared: &Shared) -> Result<(), Close> {
        match timeout(shared.limits.write_stall_max, self.socket.send(message)).await {
            Ok(sent) => sent.map_err(|error| close_for(&error)),
            Err(_) => Err(Close::TooSlow),
        }
    }

    /// Looks at the time: sends a ping when one is due.
    pub(crate) async fn tick(&mut self, now: Instant, shared: &Shared) -> Result<(), Close> {
        if now.saturating_duration_since(self.heard_at) >= shared.limits.silent_after {
            return Err(Close::Silent);
        }
        let due = now.saturating_duration_since(self.heard_at.max(self.pinged_at))
            >= shared.limits.ping_interval;
        if due {
            self.pinged_at = now;
            self.send_message(Message::Ping(Bytes::new()), shared).await?;
        }
        Ok(())
    }

    /// Ends the socket.
    pub(crate) async fn close(mut self, close: Close, shared: &Shared) {
        shared.refusals.count(close);
        let code = CloseCode::from(close.code());
        let frame = CloseFrame { code, reason: Utf8Bytes::default() };
        let farewell = async {
            self.socket.close(Some(frame)).await.ok()?;
            while let Some(Ok(_)) = self.socket.next().await {}
            Some(())
        };
        // Whatever goes wrong now, the socket ends with this function.
        let _ended = timeout(shared.limits.close_deadline, farewell).await;
    }
}

/// Whose fault an error is.
#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "every other error means that the socket is gone"
)]
fn close_for(error: &Error) -> Close {
    match error {
        Error::Protocol(_) | Error::Utf8(_) => Close::NotWebsocket,
        Error::Capacity(_) => Close::Malformed,
        _ => Close::Done,
    }
}
