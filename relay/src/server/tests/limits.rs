//! Deadlines, limits and the end.

use std::time::Duration;

use futures_util::SinkExt;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};
use tokio_tungstenite::tungstenite::Message;
use vestibule_wire::Close;

use super::cell;
use crate::Limits;
use crate::testing::TestRelay;

#[tokio::test]
async fn a_slow_reader_gets_everything_and_holds_its_peer_back() {
    let relay = TestRelay::start().await;
    let mut worker = relay.worker().await;
    let (mut client, mut seat) = relay.pair(&mut worker, 1).await;
    let count = 40_000;
    let sender = tokio::spawn(async move {
        for number in 0..count {
            client.socket.feed(Message::Binary(cell(number).into())).await.unwrap();
        }
        client.socket.flush().await.unwrap();
        client
    });
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!sender.is_finished(), "40 MB are more than sockets and spill hold");
    for number in 0..count {
        assert!(seat.frame().await == cell(number));
    }
    let mut client = sender.await.unwrap();
    seat.send(cell(1)).await;
    assert!(client.frame().await == cell(1));
}

#[tokio::test]
async fn a_peer_that_never_reads_is_cut() {
    let limits = Limits {
        tick_interval: Duration::from_millis(50),
        write_stall_max: Duration::from_millis(200),
        close_deadline: Duration::from_millis(200),
        ..Limits::default()
    };
    let relay = TestRelay::start_with(limits).await;
    let mut worker = relay.worker().await;
    let (mut client, mut seat) = relay.pair(&mut worker, 1).await;
    let flood =
        async { while client.socket.feed(Message::Binary(cell(1).into())).await.is_ok() {} };
    timeout(Duration::from_secs(10), flood).await.expect("the client is closed");
    while seat.message().await.is_some() {}
}

#[tokio::test]
async fn stopping_says_going_away_to_everybody() {
    let relay = TestRelay::start().await;
    let mut worker = relay.worker().await;
    let (client, seat) = relay.pair(&mut worker, 1).await;
    let waiting = relay.client(2, 2).await;
    let fresh = relay.connect("/ws/client").await;
    let peers = [worker, client, seat, waiting, fresh]
        .map(|mut peer| tokio::spawn(async move { peer.closed().await }));
    timeout(Duration::from_secs(2), relay.stop()).await.unwrap();
    for peer in peers {
        assert_eq!(peer.await.unwrap(), Some(Close::GoingAway));
    }
}

#[tokio::test]
async fn silent_peers_are_cut_and_answering_ones_are_not() {
    let relay = TestRelay::start_with(TestRelay::short_deadlines()).await;
    let mut worker = relay.worker().await;
    let (mut client, mut seat) = relay.pair(&mut worker, 1).await;
    let mut fresh = relay.connect("/ws/client").await;
    let worker = tokio::spawn(async move { worker.closed().await });
    // tungstenite answers pings only while it is read from: the client is, the seat is not.
    assert_eq!(client.closed().await, Some(Close::PeerLeft));
    assert_eq!(seat.closed().await, Some(Close::Silent));
    assert_eq!(fresh.closed().await, Some(Close::TooSlow));
    assert!(!worker.is_finished());
}

/// Part of a cell counts as being heard: one may take longer than a silent peer is waited for.
#[tokio::test]
async fn a_cell_may_come_over_a_line_that_is_slower_than_silence() {
    let silent_after = Duration::from_millis(400);
    let limits = Limits {
        tick_interval: Duration::from_millis(20),
        ping_interval: Duration::from_millis(100),
        silent_after,
        ..Limits::default()
    };
    let relay = TestRelay::start_with(limits).await;
    let (mut near, mut far) = relay.joined(1).await;
    let reading = tokio::spawn(async move { far.frame().await });
    let frame = [&[0x82, 0xFE, 4, 0, 0, 0, 0, 0][..], &cell(7)].concat();
    let began = Instant::now();
    for part in frame.chunks(frame.len() / 10) {
        tokio::time::sleep(silent_after / 5).await;
        near.socket.get_mut().write_all(part).await.unwrap();
    }
    assert!(began.elapsed() > silent_after);
    assert!(reading.await.unwrap() == cell(7));
}

#[tokio::test]
async fn a_slow_request_is_cut() {
    let limits = Limits {
        request_header_deadline: Duration::from_millis(100),
        request_deadline: Duration::from_millis(400),
        ..Limits::default()
    };
    let relay = TestRelay::start_with(limits).await;
    for start in ["", "GET / HTTP/1.1\r\nHost: x\r\n", "GET / HTTP/1.1\r\nHost: x\r\n\r\n"] {
        let mut stream = TcpStream::connect(relay.address).await.unwrap();
        stream.write_all(start.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        timeout(Duration::from_secs(2), stream.read_to_end(&mut answer)).await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn a_head_that_is_too_long_is_refused() {
    let relay = TestRelay::start().await;
    let mut stream = TcpStream::connect(relay.address).await.unwrap();
    let long = format!("GET / HTTP/1.1\r\nHost: x\r\nX: {}\r\n\r\n", "x".repeat(9_000));
    stream.write_all(long.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let _reset = stream.read_to_end(&mut answer).await;
    assert!(!String::from_utf8_lossy(&answer).contains("200 OK"));
}

#[tokio::test]
async fn connections_have_a_limit_and_give_their_place_back() {
    let relay = TestRelay::start_with(Limits { connections_max: 1, ..Limits::default() }).await;
    let first = relay.connect("/ws/seat").await;
    let mut second = TcpStream::connect(relay.address).await.unwrap();
    assert!(matches!(second.read(&mut [0; 1]).await, Ok(0) | Err(_)));
    drop(first);
    let again = async {
        loop {
            let mut stream = TcpStream::connect(relay.address).await.unwrap();
            let asked = stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await;
            if asked.is_ok() && stream.read(&mut [0; 1]).await.is_ok_and(|read| read == 1) {
                return;
            }
        }
    };
    timeout(Duration::from_secs(5), again).await.unwrap();
}
