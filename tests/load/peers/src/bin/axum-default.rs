//! axum, all defaults, in the manner of its chat example: the socket divided, a writer task and a channel for each.

use std::sync::Mutex;

use axum::Router;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::serve::ListenerExt;
use futures_util::stream::SplitStream;
use futures_util::{SinkExt, StreamExt};
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// Messages to the other end, and from it.
type End = (Sender<Message>, Receiver<Message>);

static WAITING: Mutex<Option<End>> = Mutex::new(None);

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {
    let listener = vestibule_peers::listen().await.tap_io(|stream| {
        stream.set_nodelay(true).expect("TCP has this option");
    });
    let upgrade = async |upgrade: WebSocketUpgrade| upgrade.on_upgrade(serve);
    axum::serve(listener, Router::new().fallback(upgrade)).await
}

/// The end that the first left for the second, or the first's.
fn end() -> End {
    let mut waiting = WAITING.lock().expect("nobody panics");
    waiting.take().unwrap_or_else(|| {
        let (to_first, from_second) = channel(100);
        let (to_second, from_first) = channel(100);
        *waiting = Some((to_first, from_first));
        (to_second, from_second)
    })
}

async fn serve(socket: WebSocket) {
    let (mut sink, stream) = socket.split();
    let (to_other, mut from_other) = end();
    let mut writer = tokio::spawn(async move {
        while let Some(message) = from_other.recv().await {
            if sink.send(message).await.is_err() {
                return;
            }
        }
        let _ = sink.close().await;
    });
    tokio::select! {
        () = read(stream, to_other) => writer.abort(),
        _ = &mut writer => {}
    }
}

async fn read(mut stream: SplitStream<WebSocket>, to_other: Sender<Message>) {
    while let Some(Ok(message)) = stream.next().await {
        if matches!(message, Message::Binary(_)) && to_other.send(message).await.is_err() {
            return;
        }
    }
}
