use std::time::Duration;

use proptest::collection::vec;
use proptest::prelude::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Control, Data, OpCode};
use tokio_tungstenite::tungstenite::protocol::frame::{Frame, FrameHeader};
use tokio_tungstenite::tungstenite::protocol::{Message, Role};
use vestibule_wire::{CELL_LEN, Close};

use futures_util::StreamExt;

use super::run;
use crate::connection::Connection;
use crate::peer_stream::PeerStream;
use crate::testing::socket_pair;
use crate::{Limits, stop};

/// A pair under way; the ends of the client and the worker.
async fn pair(read_ahead: &[u8]) -> (TcpStream, TcpStream) {
    let (client, client_far) = socket_pair().await;
    let (seat, seat_far) = socket_pair().await;
    let client_side =
        Box::new(Connection::new(PeerStream::Left(client_far), read_ahead.to_vec(), None));
    let seat_side = Box::new(Connection::new(PeerStream::Left(seat_far), Vec::new(), None));
    tokio::spawn(async move {
        let (_stopper, mut stop) = stop::channel();
        let limits = Limits { close_deadline: Duration::from_millis(500), ..Limits::default() };
        Box::pin(run(client_side, seat_side, &limits, &mut stop)).await;
    });
    (client, seat)
}

fn frame(opcode: OpCode, fin: bool, payload: &[u8], mask: [u8; 4]) -> Vec<u8> {
    let mask = Some(mask);
    let header = FrameHeader { is_final: fin, opcode, mask, ..FrameHeader::default() };
    let mut output = Vec::new();
    Frame::from_payload(header, payload.to_vec().into()).format(&mut output).unwrap();
    output
}

/// A cell in as many fragments as there are cuts, and one more.
fn cell_frames(byte: u8, cuts: &[usize], mask: [u8; 4]) -> Vec<u8> {
    let cell = [byte; CELL_LEN];
    let mut rest = &cell[..];
    let mut opcode = OpCode::Data(Data::Binary);
    let mut frames = Vec::new();
    for cut in cuts {
        let (part, later) = rest.split_at(*cut.min(&rest.len()));
        frames.extend(frame(opcode, false, part, mask));
        frames.extend(frame(OpCode::Control(Control::Ping), true, b"between", mask));
        opcode = OpCode::Data(Data::Continue);
        rest = later;
    }
    frames.extend(frame(opcode, true, rest, mask));
    frames
}

/// Reads a socket to its end as a WebSocket client: its messages and its close code.
async fn read_to_end(stream: TcpStream) -> (Vec<Vec<u8>>, Option<Close>) {
    let mut socket = WebSocketStream::from_raw_socket(stream, Role::Client, None).await;
    let mut messages = Vec::new();
    let read = async {
        while let Some(Ok(message)) = socket.next().await {
            match message {
                Message::Binary(bytes) => messages.push(bytes.to_vec()),
                Message::Close(frame) => return Close::from_code(frame?.code.into()),
                Message::Ping(_) | Message::Pong(_) => {}
                Message::Text(_) | Message::Frame(_) => panic!("the relay sends no text"),
            }
        }
        None
    };
    let close = timeout(Duration::from_secs(10), read).await.expect("the socket ends");
    (messages, close)
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

fn done() -> Vec<u8> {
    frame(OpCode::Control(Control::Close), true, &1000_u16.to_be_bytes(), [3; 4])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// However a peer cuts its cells into fragments and its bytes into packets, the other end gets
    /// the same cells, each in one frame.
    #[test]
    fn cells_cross_whole_and_in_order(
        cells in vec((any::<u8>(), vec(0..700_usize, 0..3), any::<[u8; 4]>()), 0..90),
        packet_lens in vec(1..9_000_usize, 1..20),
        read_ahead_len in 0..8_000_usize,
    ) {
        runtime().block_on(async {
            let mut stream: Vec<u8> =
                cells.iter().flat_map(|(byte, cuts, mask)| cell_frames(*byte, cuts, *mask)).collect();
            stream.extend(done());
            let (read_ahead, rest) = stream.split_at(read_ahead_len.min(stream.len()));
            let (mut client, seat) = pair(read_ahead).await;
            let reading = tokio::spawn(read_to_end(seat));
            let mut rest = rest;
            for packet_len in packet_lens.iter().cycle() {
                let (packet, later) = rest.split_at(*packet_len.min(&rest.len()));
                client.write_all(packet).await.unwrap();
                tokio::task::yield_now().await;
                rest = later;
                if rest.is_empty() {
                    break;
                }
            }
            let (messages, close) = reading.await.unwrap();
            let expected: Vec<Vec<u8>> =
                cells.iter().map(|(byte, ..)| vec![*byte; CELL_LEN]).collect();
            assert!(messages == expected);
            assert_eq!(close, Some(Close::Done));
            let (messages, close) = read_to_end(client).await;
            assert!(messages.is_empty());
            assert_eq!(close, Some(Close::Done));
        });
    }

    /// Any bytes end the pair at worst: the other end gets whole cells or nothing, and is told.
    #[test]
    fn any_bytes_end_at_worst_the_pair(
        good in 0..4_usize,
        bytes in vec(any::<u8>(), 0..2_500),
    ) {
        runtime().block_on(async {
            let (mut client, seat) = pair(&[]).await;
            let stream = [cell_frames(7, &[], [1; 4]).repeat(good), bytes].concat();
            let (mut client_read, mut client_write) = client.split();
            // The relay may close before it has read everything.
            let _reset = client_write.write_all(&stream).await;
            let _reset = client_write.shutdown().await;
            let mut answer = Vec::new();
            let draining = async {
                let _reset = client_read.read_to_end(&mut answer).await;
            };
            let ((), (messages, close)) = tokio::join!(draining, read_to_end(seat));
            assert!(messages.len() >= good);
            assert!(messages.iter().all(|message| message.len() == CELL_LEN));
            assert!(matches!(close, Some(Close::PeerLeft | Close::Done)), "{close:?}");
        });
    }
}

#[tokio::test]
async fn a_ping_flood_that_reads_nothing_takes_little_memory() {
    let (mut client, seat) = pair(&[]).await;
    let ping = frame(OpCode::Control(Control::Ping), true, &[7; 125], [1; 4]);
    let flood = ping.repeat(1_000);
    // The relay reads every ping and answers while the peer reads; it never holds back by memory.
    for _ in 0..200 {
        client.write_all(&flood).await.unwrap();
    }
    client.write_all(&cell_frames(9, &[], [1; 4])).await.unwrap();
    client.write_all(&done()).await.unwrap();
    let (messages, close) = read_to_end(seat).await;
    assert!(messages == [vec![9; CELL_LEN]]);
    assert_eq!(close, Some(Close::Done));
}

#[tokio::test]
async fn both_directions_flow_while_both_are_backed_up() {
    let (client, seat) = pair(&[]).await;
    let count = 20_000;
    let cells = cell_frames(1, &[], [5; 4]);
    let flood = |stream: TcpStream| {
        let cells = cells.clone();
        let (mut read, mut write) = stream.into_split();
        let writing = tokio::spawn(async move {
            for _ in 0..count {
                write.write_all(&cells).await.unwrap();
            }
            write
        });
        let reading = async move {
            let mut left = count * (CELL_LEN + 4);
            let mut buffer = vec![0; 4_096];
            while left > 0 {
                left -= read.read(&mut buffer).await.unwrap();
            }
            read
        };
        (writing, reading)
    };
    let (client_writing, client_reading) = flood(client);
    let (seat_writing, seat_reading) = flood(seat);
    let all = async { tokio::join!(client_writing, seat_writing, client_reading, seat_reading) };
    let (client_write, seat_write, ..) = timeout(Duration::from_secs(20), all).await.unwrap();
    drop((client_write.unwrap(), seat_write.unwrap()));
}

#[tokio::test(start_paused = true)]
async fn ticks_of_all_fall_on_the_same_moments() {
    let limits = Limits::default();
    let mut first = super::ticks(&limits);
    let arrived = tokio::time::Instant::now();
    let first_tick = first.tick().await;
    assert!(first_tick - arrived <= limits.tick_interval, "nobody waits longer than one interval");
    let grid = limits.tick_interval / super::TICK_PHASES;
    for later in [1, 17, 249, 251, 1_234] {
        tokio::time::advance(Duration::from_millis(later)).await;
        let mut other = super::ticks(&limits);
        for _ in 0..3 {
            let apart = (other.tick().await - first_tick).as_nanos();
            assert_eq!(apart % grid.as_nanos(), 0, "{apart} ns apart, {later} ms later");
        }
    }
    // Who was late is on the grid again.
    tokio::time::advance(limits.tick_interval + Duration::from_millis(77)).await;
    first.tick().await;
    let apart = (first.tick().await - first_tick).as_nanos();
    assert_eq!(apart % grid.as_nanos(), 0);
}
