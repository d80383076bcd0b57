//! More sockets at routes than the relay keeps.

use std::time::Duration;

use rand::Rng as _;
use tokio::time::{Instant, timeout};
use vestibule_protocol::Side;
use vestibule_relay::Limits;
use vestibule_tests::faults::Network;
use vestibule_tests::relay::RelayTask;
use vestibule_tests::service::{Service, rng};
use vestibule_tests::socket::{Next, Socket, Way};
use vestibule_wire::{Close, EndToRelay, RelayToEnd, Route};

use super::{MEET_MAX, Talk};

/// Few enough for the sockets that a test may open, on any machine.
const PLACES: usize = 64;
/// Longer than it takes to fill them.
const FLOOD_MAX: Duration = Duration::from_secs(10);

/// Sockets that wait where nobody comes.
#[derive(Default)]
struct Flood(Vec<Socket>);

impl Flood {
    /// Comes to ever more routes until the relay has no place, and then as often again.
    async fn rises(&mut self, way: &Way) {
        let mut refused = 0;
        while refused < PLACES {
            let mut socket = come_somewhere(way).await;
            match socket.next().await {
                Next::Message(frame) => {
                    assert!(matches!(RelayToEnd::decode(&frame), Ok(RelayToEnd::Alone)));
                    self.0.push(socket);
                }
                Next::Closed(close) => {
                    assert_eq!(close, Close::Crowded);
                    refused += 1;
                }
                Next::Broken => panic!("one too many is told so"),
            }
            assert!(self.0.len() <= PLACES, "the relay keeps its limit");
        }
    }

    /// The same, until it has every place.
    async fn takes_everything(&mut self, way: &Way) {
        let taken = async {
            while self.0.len() < PLACES {
                self.rises(way).await;
            }
        };
        timeout(FLOOD_MAX, taken).await.expect("who leaves gives its place back");
    }
}

async fn come_somewhere(way: &Way) -> Socket {
    let mut route = Route([0; 32]);
    rng().fill_bytes(&mut route.0);
    let mut socket = Socket::connect(way, "/ws/rejoin").await;
    socket.send(&EndToRelay::Rejoin { side: Side::Client, route }.encode()).await;
    socket
}

/// Waits until an end has a place at the relay.
async fn waits(network: &Network) {
    let alone = RelayToEnd::Alone.encode();
    network.heard(|message| message == alone, 1).await;
}

#[tokio::test]
async fn a_flood_of_rejoins_is_refused_and_leaves_those_who_talk_alone() {
    let service = Service::default();
    let limits = Limits { rejoining_sockets_max: PLACES, ..Limits::default() };
    let relay = RelayTask::start_with_limits(&service, limits).await;
    let mut talk = Talk::through(&relay.way, &service).await;
    waits(&talk.worker_network).await;
    talk.goes_on().await;
    let mut flood = Flood::default();
    flood.rises(&relay.way).await;
    assert_eq!(flood.0.len() + 1, PLACES, "the worker keeps the last one");
    talk.goes_on().await;
    // Who comes to one that waits needs no place.
    talk.rejoin().await;
    talk.goes_on().await;

    // Both ends lose their lines, and the flood takes their places.
    let networks = [&talk.client_network, &talk.worker_network];
    networks.into_iter().for_each(Network::unplug);
    flood.takes_everything(&relay.way).await;
    networks.into_iter().for_each(Network::plug);
    for network in networks {
        network.closed(Close::Crowded).await;
    }
    talk.say().await;
    let since = Instant::now();
    drop(flood);
    talk.meets_within(MEET_MAX, since).await;
    talk.hear().await;
    talk.goes_on().await;
}
