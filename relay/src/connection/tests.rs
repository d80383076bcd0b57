use std::time::Duration;

use proptest::collection::vec;
use proptest::prelude::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::{Instant, timeout};
use vestibule_wire::{ClientToRelay, Close, Side};

use super::SCRATCH;
use super::liveness::Liveness;
use crate::Limits;
use crate::testing::{Peer, TestRelay};

/// Writes raw bytes after the upgrade, as a peer that knows no frames.
async fn write_raw(peer: Peer, bytes: &[u8]) {
    let mut stream = peer.socket.into_inner();
    // The relay may close before it has read everything.
    let _reset = stream.write_all(bytes).await;
    let _reset = stream.shutdown().await;
    let mut answer = Vec::new();
    let ended = stream.read_to_end(&mut answer);
    let _reset = timeout(Duration::from_secs(10), ended).await.expect("the relay ends the socket");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Any bytes on any socket in any state end at worst that socket: a pair beside it goes on.
    #[test]
    fn any_bytes_on_any_socket_end_at_worst_that_socket(
        bytes in vec(any::<u8>(), 1..3_000),
        masked_binary in any::<bool>(),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let relay = TestRelay::start().await;
            let mut worker = relay.worker().await;
            let (mut client, mut seat) = relay.pair(&mut worker, 1).await;
            let mut bytes = bytes.clone();
            if masked_binary {
                let length = u16::try_from(bytes.len()).unwrap().max(126).to_be_bytes();
                bytes = [&[0x82, 0xFE, length[0], length[1], 0, 0, 0, 0], &bytes[..]].concat();
            }
            for path in ["/ws/client", "/ws/duty", "/ws/seat", "/ws/rejoin"] {
                write_raw(relay.connect(path).await, &bytes).await;
            }
            write_raw(relay.worker().await, &bytes).await;
            write_raw(relay.rejoin(Side::Client, 1).await, &bytes).await;
            let mut waiting = relay.client(2, 2).await;
            waiting.wait().await;
            write_raw(waiting, &bytes).await;

            client.send(vec![5; 1_024]).await;
            assert!(seat.frame().await == [5; 1_024]);
            worker.settle().await;
            SCRATCH.with_borrow_mut(|scratch| {
                assert!(scratch.input.is_wiped(), "the shared buffer keeps nothing");
                assert!(scratch.output.is_empty());
            });
        });
    }
}

#[tokio::test]
async fn a_frame_may_come_byte_by_byte() {
    let relay = TestRelay::start().await;
    let client = relay.connect("/ws/client").await;
    let mut stream = client.socket.into_inner();
    let open = relay.service.open(1, 1).encode();
    assert_eq!(open.len(), ClientToRelay::LEN_MAX);
    let length = u16::try_from(open.len()).unwrap().to_be_bytes();
    let frame = [&[0x82, 0xFE, length[0], length[1], 0, 0, 0, 0], &open[..]].concat();
    for byte in frame {
        stream.write_all(&[byte]).await.unwrap();
    }
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    let code = Close::NotReady.code().to_be_bytes();
    assert!(answer.ends_with(&[0x88, 2, code[0], code[1]]));
}

#[test]
fn pings_silence_and_stalls_have_their_times() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let start = runtime.block_on(async { Instant::now() });
    let limits = Limits::default();
    let after = |seconds| start + Duration::from_secs(seconds);
    let mut liveness = Liveness::new(start);
    for (seconds, expected) in [
        (5, Ok(false)),
        (10, Ok(false)),
        (15, Ok(true)),
        (20, Ok(false)),
        (25, Ok(false)),
        (30, Ok(true)),
        (35, Err(Close::Silent)),
    ] {
        assert_eq!(liveness.tick(after(seconds), false, &limits), expected, "after {seconds} s");
    }

    let mut liveness = Liveness::new(start);
    for seconds in [5, 10, 15] {
        liveness.heard = true;
        assert_eq!(liveness.tick(after(seconds), true, &limits), Ok(false));
    }
    liveness.progressed = true;
    liveness.heard = true;
    assert_eq!(liveness.tick(after(20), true, &limits), Ok(false));
    liveness.heard = true;
    assert_eq!(liveness.tick(after(39), true, &limits), Ok(false));
    liveness.heard = true;
    assert_eq!(liveness.tick(after(40), true, &limits), Err(Close::TooSlow));
}
