//! A canary's WebSocket.

use std::io;
use std::net::Ipv4Addr;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::{Bytes, Message};
use tokio_tungstenite::{WebSocketStream, client_async};
use vestibule_wire::SUBPROTOCOL;

use crate::ledger::Ledger;
use crate::target::{Ending, Line, Target};

/// Longer than a relay under load takes for anything.
const PATIENCE: Duration = Duration::from_secs(30);

/// A relay that has been told goodbye ends its side by then.
const FAREWELL: Duration = Duration::from_secs(2);

/// One end's socket.
pub struct Socket(WebSocketStream<Box<dyn Line>>);

/// Whether the header `Origin` is sent, as browsers do and workers' programs do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum As {
    /// A browser on the relay's page.
    Browser,
    /// A native program.
    Program,
}

impl Socket {
    /// Opens a socket at a path of the relay.
    ///
    /// # Errors
    /// When there is none to be had.
    pub async fn open(
        target: &Target,
        path: &str,
        who: As,
        from: Ipv4Addr,
        ending: Ending,
        ledger: &Ledger,
    ) -> io::Result<Self> {
        let url = format!("ws://{}{path}", target.authority());
        let mut request = url.into_client_request().map_err(io::Error::other)?;
        let value = |text: &str| HeaderValue::from_str(text).map_err(io::Error::other);
        let headers = request.headers_mut();
        headers.insert("sec-websocket-protocol", HeaderValue::from_static(SUBPROTOCOL));
        headers.insert("user-agent", value(&ledger.agent())?);
        if who == As::Browser {
            headers.insert("origin", value(target.origin())?);
        }
        let line = target.connect(from, ending, ledger).await?;
        let (socket, _) =
            timeout(PATIENCE, client_async(request, line)).await?.map_err(io::Error::other)?;
        Ok(Self(socket))
    }

    /// Sends a message.
    ///
    /// # Errors
    /// When the line is broken or the relay takes nothing.
    pub async fn send(&mut self, message: &[u8]) -> io::Result<()> {
        let sent = self.0.send(Message::binary(message.to_vec()));
        timeout(PATIENCE, sent).await?.map_err(io::Error::other)
    }

    /// Queues a message without waiting for its way.
    ///
    /// # Errors
    /// When the line is broken or the relay takes nothing.
    pub async fn feed(&mut self, message: &[u8]) -> io::Result<()> {
        let fed = self.0.feed(Message::binary(message.to_vec()));
        timeout(PATIENCE, fed).await?.map_err(io::Error::other)
    }

    /// Waits for a message; `None` when the socket has ended.
    ///
    /// # Errors
    /// When nothing comes for half a minute.
    pub async fn message(&mut self) -> io::Result<Option<Bytes>> {
        Ok(timeout(PATIENCE, self.message_whenever()).await?)
    }

    /// The same, for as long as it takes.
    pub async fn message_whenever(&mut self) -> Option<Bytes> {
        loop {
            match self.0.next().await {
                Some(Ok(Message::Binary(bytes))) => return Some(bytes),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(Message::Text(_) | Message::Frame(_) | Message::Close(_)) | Err(_))
                | None => {
                    return None;
                }
            }
        }
    }

    /// Waits for a message of one row of the table.
    ///
    /// # Errors
    /// When the socket ends first, or something else comes.
    pub async fn frame<F, E>(&mut self, decode: impl Fn(&[u8]) -> Result<F, E>) -> io::Result<F> {
        let message = self.message().await?.ok_or(io::ErrorKind::ConnectionAborted)?;
        decode(&message).map_err(|_| io::ErrorKind::InvalidData.into())
    }

    /// Ends it as one that has finished.
    pub async fn finish(mut self) {
        let farewell = async {
            self.0.close(None).await.ok()?;
            while self.message_whenever().await.is_some() {}
            Some(())
        };
        // A relay that does not end its side is found with the sockets that are left.
        let _ended = timeout(FAREWELL, farewell).await;
    }
}
