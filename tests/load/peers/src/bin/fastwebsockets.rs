//! fastwebsockets on hyper: one task for each pair.

use fastwebsockets::upgrade::{UpgradeFut, upgrade};
use fastwebsockets::{
    FragmentCollectorRead, Frame, OpCode, WebSocket, WebSocketError, WebSocketRead, WebSocketWrite,
};
use http_body_util::Empty;
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::upgrade::Upgraded;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::io::{ReadHalf, WriteHalf};
use tokio::sync::Mutex;
use vestibule_peers::Waiting;

type Stream = TokioIo<Upgraded>;
type Reader = WebSocketRead<ReadHalf<Stream>>;
/// The other direction writes pongs.
type Writer = Mutex<WebSocketWrite<WriteHalf<Stream>>>;

static WAITING: Waiting<WebSocket<Stream>> = Waiting::new();

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let listener = vestibule_peers::listen().await;
    loop {
        let stream = TokioIo::new(vestibule_peers::accept(&listener).await);
        let connection = http1::Builder::new().serve_connection(stream, service_fn(answer));
        tokio::spawn(connection.with_upgrades());
    }
}

async fn answer(mut request: Request<Incoming>) -> Result<Response<Empty<Bytes>>, WebSocketError> {
    let (response, upgraded) = upgrade(&mut request)?;
    tokio::spawn(serve(upgraded));
    Ok(response)
}

async fn serve(upgraded: UpgradeFut) {
    let Ok(socket) = upgraded.await else { return };
    let Some((first, second)) = WAITING.meet(socket) else { return };
    // Divided, because a read that is dropped half-way loses what it has read.
    let (first, to_first) = first.split(tokio::io::split);
    let (second, to_second) = second.split(tokio::io::split);
    let (to_first, to_second) = (Mutex::new(to_first), Mutex::new(to_second));
    let _ = tokio::select! {
        ended = forward(first, &to_first, &to_second) => ended,
        ended = forward(second, &to_second, &to_first) => ended,
    };
}

async fn forward(from: Reader, back: &Writer, to: &Writer) -> Result<(), WebSocketError> {
    let mut from = FragmentCollectorRead::new(from);
    loop {
        let frame =
            from.read_frame(&mut async |frame| back.lock().await.write_frame(frame).await).await?;
        match frame.opcode {
            OpCode::Binary => to.lock().await.write_frame(frame).await?,
            OpCode::Close => return to.lock().await.write_frame(Frame::close(1000, &[])).await,
            OpCode::Text | OpCode::Continuation | OpCode::Ping | OpCode::Pong => {}
        }
    }
}
