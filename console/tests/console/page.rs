//! A desk page without a browser.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};
use vestibule_console::desk_page::RunningDesk;

pub(crate) const PATIENCE: Duration = Duration::from_secs(90);

pub(crate) struct Page(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Page {
    /// Connects and shows the bearer; the snapshot comes next.
    pub(crate) async fn open(desk: &RunningDesk) -> Self {
        let mut page = Self::connect(desk, desk.origin()).await.ok().unwrap();
        page.send(json!({ "type": "hello", "bearer": desk.bearer() })).await;
        page
    }

    pub(crate) async fn connect(desk: &RunningDesk, origin: &str) -> Result<Self, Error> {
        let address = format!("{}/socket", desk.origin().replacen("http", "ws", 1));
        let mut request = address.into_client_request().unwrap();
        request.headers_mut().insert("origin", origin.parse().unwrap());
        // Small messages are not held back, so that a hastened clock does not run away.
        Ok(Self(connect_async_with_config(request, None, true).await?.0))
    }

    pub(crate) async fn send(&mut self, message: Value) {
        self.send_text(message.to_string()).await;
    }

    pub(crate) async fn send_text(&mut self, text: String) {
        self.send_message(Message::text(text)).await;
    }

    pub(crate) async fn send_message(&mut self, message: Message) {
        // The console may have closed already; what it said is read next.
        let _ = self.0.send(message).await;
    }

    /// The next message, whatever it is.
    pub(crate) async fn next(&mut self) -> Value {
        match self.received().await {
            Message::Text(text) => serde_json::from_str(&text).unwrap(),
            Message::Close(frame) => panic!("closed with {:?}", frame.map(|frame| frame.code)),
            other => panic!("{other:?} is not JSON text"),
        }
    }

    /// The next message of a type; those before it are passed over.
    pub(crate) async fn next_of(&mut self, kind: &str) -> Value {
        loop {
            let message = self.next().await;
            if message["type"] == kind {
                return message;
            }
        }
    }

    /// The next consultation in this state.
    pub(crate) async fn consultation(&mut self, status: &str) -> Value {
        loop {
            let consultation = self.next_of("consultation").await["consultation"].take();
            if consultation["status"] == status {
                return consultation;
            }
        }
    }

    /// Waits until an offer is shown that nobody has accepted yet.
    pub(crate) async fn shows_offer(&mut self, offer: &str) {
        loop {
            let waiting = self.next_of("waiting").await["waiting"].take();
            let mut entries = waiting.as_array().unwrap().iter();
            if entries.any(|entry| entry["offer"] == offer && entry["accepting"] == false) {
                return;
            }
        }
    }

    /// The next state of duty other than the passing ones.
    pub(crate) async fn settled_duty(&mut self) -> Value {
        loop {
            let duty = self.next_of("duty").await["duty"].take();
            if duty["status"] != "connecting" {
                return duty;
            }
        }
    }

    /// Waits until the console closes the socket, and returns its code.
    pub(crate) async fn closed_with(&mut self) -> u16 {
        loop {
            if let Message::Close(frame) = self.received().await {
                return frame.unwrap().code.into();
            }
        }
    }

    async fn received(&mut self) -> Message {
        timeout(PATIENCE, self.0.next()).await.expect("the console is silent").unwrap().unwrap()
    }
}
