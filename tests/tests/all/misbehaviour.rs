//! Any bytes, on any socket, in any state, end at worst that socket.

use rand::rngs::SmallRng;
use rand::{Rng as _, RngExt as _, SeedableRng as _};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use vestibule_protocol::Cover;
use vestibule_tests::client::{MetClient, WaitingClient};
use vestibule_tests::end::End;
use vestibule_tests::meeting::{converse, meet};
use vestibule_tests::relay::RelayProcess;
use vestibule_tests::service::Service;
use vestibule_tests::socket::{Socket, Way};
use vestibule_tests::worker::{AnsweredWorker, DutyWorker};
use vestibule_wire::Close;

const PATHS: [&str; 4] = ["/ws/client", "/ws/duty", "/ws/seat", "/ws/rejoin"];

/// Two sockets between which cells travel.
async fn matched(way: &Way, service: &Service) -> (MetClient, AnsweredWorker) {
    let mut duty = DutyWorker::go_on_duty(way, service, service.shift()).await;
    let client = WaitingClient::arrive(way, &service.link()).await;
    meet(&mut duty, client).await
}

/// The relay is alive and a running consultation has noticed nothing.
async fn still_talking(client: &mut End, worker: &mut End) {
    client.say("still here").await;
    assert_eq!(worker.hear().await, "still here");
    worker.say("so am I").await;
    assert_eq!(client.hear().await, "so am I");
}

#[tokio::test]
async fn messages_of_every_kind_end_only_their_own_socket() {
    let service = Service::default();
    let mut relay = RelayProcess::start(&service).await;
    let ways = (&relay.way, &relay.way);
    let (mut client, mut worker) = converse(&service, ways.0, ways.1, Cover::Sparing).await;
    let mut random = SmallRng::seed_from_u64(1);
    for path in PATHS {
        for length in [0, 1, 5, 17, 100, 197, 1_023, 1_024, 1_025, 2_166] {
            let mut socket = Socket::connect(&relay.way, path).await;
            let mut bytes = vec![0; length];
            random.fill_bytes(&mut bytes);
            socket.send(&bytes).await;
            let close = socket.closed().await;
            let expected = [Close::Malformed, Close::SeatGone, Close::UnknownService];
            assert!(expected.contains(&close), "{path}, {length} bytes: {}", close.name());
        }
    }
    still_talking(&mut client, &mut worker).await;
    assert!(relay.process.try_wait().unwrap().is_none(), "the relay is running");
}

#[tokio::test]
async fn raw_bytes_end_only_their_own_socket() {
    let service = Service::default();
    let mut relay = RelayProcess::start(&service).await;
    let ways = (&relay.way, &relay.way);
    let (mut client, mut worker) = converse(&service, ways.0, ways.1, Cover::Sparing).await;
    let mut random = SmallRng::seed_from_u64(2);
    for round in 0..60 {
        // Half behind a good upgrade, half instead of HTTP.
        let path = PATHS[round % PATHS.len()];
        let mut stream = if round % 2 == 0 {
            Socket::connect(&relay.way, path).await.into_stream()
        } else {
            TcpStream::connect(&relay.way.address).await.unwrap()
        };
        let mut bytes = vec![0; random.random_range(1..4_000)];
        random.fill_bytes(&mut bytes);
        let _ = stream.write_all(&bytes).await;
        let _ = stream.shutdown().await;
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest).await;
    }
    still_talking(&mut client, &mut worker).await;
    assert!(relay.process.try_wait().unwrap().is_none(), "the relay is running");
}

#[tokio::test]
async fn a_matched_peer_that_sends_no_cell_is_cut_and_the_other_told() {
    let service = Service::default();
    let relay = RelayProcess::start(&service).await;
    for length in [0, 1, 1_023, 1_025, 2_048] {
        let (mut client, mut worker) = matched(&relay.way, &service).await;
        client.socket.send(&vec![7; length]).await;
        assert_eq!(client.socket.closed().await, Close::Malformed, "{length} bytes");
        assert_eq!(worker.socket.closed().await, Close::PeerLeft, "{length} bytes");
    }
}

#[tokio::test]
async fn a_changed_cell_is_forwarded_and_refused_by_the_end() {
    let service = Service::default();
    let relay = RelayProcess::start(&service).await;
    let (mut client, mut worker) = matched(&relay.way, &service).await;
    let forged = [0x55; 1024];
    client.socket.send(&forged).await;
    let arrived = worker.socket.message().await;
    assert_eq!(arrived[..], forged, "the relay cannot tell a forged cell from a sealed one");
    let worker = tokio::spawn(worker.talk(Cover::Sparing));
    client.socket.send(&forged).await;
    assert_eq!(client.socket.closed().await, Close::PeerLeft, "the end can");
    assert!(!worker.is_finished(), "a forged cell is nobody's first");
    worker.abort();
}

#[tokio::test]
async fn a_client_that_speaks_while_it_waits_is_refused() {
    let service = Service::default();
    let relay = RelayProcess::start(&service).await;
    let mut duty = DutyWorker::go_on_duty(&relay.way, &service, service.shift()).await;
    let mut client = WaitingClient::arrive(&relay.way, &service.link()).await;
    let _offered = duty.offered().await;
    client.socket.send(&[7; 1_024]).await;
    assert_eq!(client.socket.closed().await, Close::Malformed);
}

#[tokio::test]
async fn a_silent_peer_is_told_that_it_was_too_slow() {
    let service = Service::default();
    let relay = RelayProcess::start(&service).await;
    let mut sockets = Vec::new();
    for path in PATHS {
        sockets.push(Socket::connect(&relay.way, path).await);
    }
    for mut socket in sockets {
        assert_eq!(socket.closed().await, Close::TooSlow);
    }
}
