//! One page's WebSocket: the bearer first, then what the table in `docs/desk-page.md` allows.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use subtle::ConstantTimeEq;
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message};
use zeroize::Zeroizing;

use crate::hub::{Hub, JoinedPage};
use crate::messages::{PAGE_MESSAGE_BYTES_MAX, PageMessage};

const HELLO_DEADLINE: Duration = Duration::from_secs(5);
/// A page that takes nothing for so long is let go.
const WRITE_DEADLINE: Duration = Duration::from_secs(10);
const CLOSE_DEADLINE: Duration = Duration::from_secs(1);

const GOING_AWAY: u16 = 1001;
const TRY_AGAIN_LATER: u16 = 1013;
const MISUNDERSTOOD: u16 = 4400;
const WRONG_BEARER: u16 = 4401;
const TOO_MANY_PAGES: u16 = 4429;

type Socket = WebSocketStream<TokioIo<Upgraded>>;

/// What every page's socket needs.
#[derive(Clone)]
pub(crate) struct PageSockets {
    pub(crate) hub: Hub,
    pub(crate) bearer: std::sync::Arc<Zeroizing<String>>,
    /// Turns true when the first page has shown the bearer.
    pub(crate) connected: watch::Sender<bool>,
    /// Turns true when the program ends.
    pub(crate) stopping: watch::Receiver<bool>,
}

/// Waits until the program ends.
pub(crate) async fn stopped(stopping: &mut watch::Receiver<bool>) {
    let _ = stopping.wait_for(|stopping| *stopping).await;
}

impl PageSockets {
    /// Serves one page until it or the program ends.
    pub(crate) async fn serve(mut self, upgraded: Upgraded) {
        let config = WebSocketConfig::default()
            .max_message_size(Some(PAGE_MESSAGE_BYTES_MAX))
            .max_frame_size(Some(PAGE_MESSAGE_BYTES_MAX));
        let stream = TokioIo::new(upgraded);
        let mut socket = Socket::from_raw_socket(stream, Role::Server, Some(config)).await;
        let mut stopping = self.stopping.clone();
        let code = tokio::select! {
            code = self.converse(&mut socket) => code,
            () = stopped(&mut stopping) => Some(GOING_AWAY),
        };
        let Some(code) = code else { return };
        let farewell = async {
            let frame = CloseFrame { code: code.into(), reason: "".into() };
            if socket.close(Some(frame)).await.is_ok() {
                while let Some(Ok(_)) = socket.next().await {}
            }
        };
        let _ = timeout(CLOSE_DEADLINE, farewell).await;
    }

    /// Returns the code to close with, or none when the page has gone.
    async fn converse(&mut self, socket: &mut Socket) -> Option<u16> {
        match timeout(HELLO_DEADLINE, receive(socket)).await {
            Ok(Ok(Some(PageMessage::Hello { bearer }))) => {
                let bearer = Zeroizing::new(bearer);
                if !bool::from(bearer.as_bytes().ct_eq(self.bearer.as_bytes())) {
                    return Some(WRONG_BEARER);
                }
            }
            Ok(Ok(Some(_))) | Err(_) => return Some(WRONG_BEARER),
            Ok(Ok(None)) => return None,
            Ok(Err(code)) => return Some(code),
        }
        let Some(joined) = self.hub.join().await else { return Some(TOO_MANY_PAGES) };
        self.connected.send_replace(true);
        self.carry(socket, joined).await
    }

    async fn carry(
        &mut self,
        socket: &mut Socket,
        (page, mut messages): JoinedPage,
    ) -> Option<u16> {
        loop {
            tokio::select! {
                received = receive(socket) => match received {
                    Ok(Some(PageMessage::Hello { .. })) => return Some(MISUNDERSTOOD),
                    Ok(Some(message)) => self.hub.ask(page, message).await,
                    Ok(None) => return None,
                    Err(code) => return Some(code),
                },
                text = messages.recv() => {
                    let Some(text) = text else {
                        let lagged = !self.hub.is_over();
                        return Some(if lagged { TRY_AGAIN_LATER } else { GOING_AWAY });
                    };
                    let message = Message::text(text.as_str());
                    match timeout(WRITE_DEADLINE, socket.send(message)).await {
                        Ok(Ok(())) => {}
                        Ok(Err(_)) | Err(_) => return None,
                    }
                }
            }
        }
    }
}

/// The page's next message, `None` when it has gone, or the code for one that is not in the table.
async fn receive(socket: &mut Socket) -> Result<Option<PageMessage>, u16> {
    loop {
        match socket.next().await {
            Some(Ok(Message::Text(text))) => {
                return PageMessage::read(&text).map(Some).ok_or(MISUNDERSTOOD);
            }
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
            Some(Ok(Message::Binary(_) | Message::Frame(_))) => return Err(MISUNDERSTOOD),
            Some(Err(Error::Capacity(_) | Error::Utf8(_) | Error::Protocol(_))) => {
                return Err(MISUNDERSTOOD);
            }
            Some(Ok(Message::Close(_)) | Err(_)) | None => return Ok(None),
        }
    }
}
