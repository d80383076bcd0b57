//! axum with small buffers: one task for each pair, no channel.

use std::future::ready;

use axum::Router;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::serve::ListenerExt;
use futures_util::future::select;
use futures_util::{StreamExt, TryStreamExt};
use vestibule_peers::Waiting;

static WAITING: Waiting<WebSocket> = Waiting::new();

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {
    let listener = vestibule_peers::listen().await.tap_io(|stream| {
        stream.set_nodelay(true).expect("TCP has this option");
    });
    let upgrade = async |upgrade: WebSocketUpgrade| {
        upgrade.read_buffer_size(4 * 1024).write_buffer_size(0).on_upgrade(serve)
    };
    axum::serve(listener, Router::new().fallback(upgrade)).await
}

async fn serve(socket: WebSocket) {
    let Some((first, second)) = WAITING.meet(socket) else { return };
    let ((to_first, first), (to_second, second)) = (first.split(), second.split());
    let binary = |message: &Message| ready(matches!(message, Message::Binary(_)));
    select(
        first.try_filter(binary).forward(to_second),
        second.try_filter(binary).forward(to_first),
    )
    .await;
}
