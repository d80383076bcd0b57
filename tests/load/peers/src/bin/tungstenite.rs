//! tokio-tungstenite with a small read buffer: one task for each pair.

use std::future::ready;

use futures_util::future::select;
use futures_util::{StreamExt, TryStreamExt};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::accept_async_with_config;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use vestibule_peers::Waiting;

static WAITING: Waiting<WebSocketStream<TcpStream>> = Waiting::new();

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let listener = vestibule_peers::listen().await;
    loop {
        tokio::spawn(serve(vestibule_peers::accept(&listener).await));
    }
}

async fn serve(stream: TcpStream) {
    let config = WebSocketConfig::default().read_buffer_size(4 * 1024);
    let Ok(socket) = accept_async_with_config(stream, Some(config)).await else { return };
    let Some((first, second)) = WAITING.meet(socket) else { return };
    let ((to_first, first), (to_second, second)) = (first.split(), second.split());
    let binary = |message: &Message| ready(message.is_binary());
    select(
        first.try_filter(binary).forward(to_second),
        second.try_filter(binary).forward(to_first),
    )
    .await;
}
