//! Old sockets, replayed cells, wrong and old routes, outsiders at the right one: refused, and the
//! running consultation goes on (sections 6, 7 and 9).

use tokio::time::Instant;
use vestibule_protocol::{Cover, Side};
use vestibule_tests::end::End;
use vestibule_tests::faults::Network;
use vestibule_tests::meeting::converse;
use vestibule_tests::relay::RelayProcess;
use vestibule_tests::service::Service;
use vestibule_tests::socket::{Next, Socket, Way};
use vestibule_wire::{CELL_LEN, Close, EndToRelay, RelayToEnd, Route};

/// Somebody who is neither end comes to a route.
async fn intrude(way: &Way, side: Side, route: Route) -> (Socket, RelayToEnd) {
    let mut socket = Socket::connect(way, "/ws/rejoin").await;
    socket.send(&EndToRelay::Rejoin { side, route }.encode()).await;
    let frame = RelayToEnd::decode(&socket.message().await);
    (socket, frame.expect("the relay says whether somebody is there"))
}

/// Somebody waits at a worker's route until the worker is there.
async fn pose_as_client(way: &Way, route: Route) -> Socket {
    let (mut socket, mut frame) = intrude(way, Side::Client, route).await;
    while !matches!(frame, RelayToEnd::Joined) {
        frame = RelayToEnd::decode(&socket.message().await).expect("the worker comes");
    }
    socket
}

/// Two who talk, and the network of each, which remembers what the relay sent.
struct Talk {
    client: End,
    worker: End,
    client_network: Network,
    worker_network: Network,
    relay: RelayProcess,
    said: u32,
}

impl Talk {
    async fn begin() -> Self {
        let service = Service::default();
        let relay = RelayProcess::start(&service).await;
        let client_network = Network::before(&relay.way).await;
        let worker_network = Network::before(&relay.way).await;
        let ways = (&client_network.way, &worker_network.way);
        let (client, worker) = converse(&service, ways.0, ways.1, Cover::Sparing).await;
        Self { client, worker, client_network, worker_network, relay, said: 0 }
    }

    /// Each says something and hears what the other said: nothing was lost, nothing came twice.
    async fn goes_on(&mut self) {
        self.said += 1;
        let (of_client, of_worker) = (format!("c{}", self.said), format!("w{}", self.said));
        self.client.say(&of_client).await;
        self.worker.say(&of_worker).await;
        assert_eq!(self.worker.hear().await, of_client);
        assert_eq!(self.client.hear().await, of_worker);
    }

    /// The client's line breaks, and both come to new secrets on a new one.
    async fn rejoin(&mut self) {
        let generation = self.client.status().generation;
        let since = Instant::now();
        self.client_network.cut();
        self.client.meets_after(since).await;
        self.worker.meets_after(since).await;
        self.client.until(|status| status.generation > generation).await;
        let newest = self.client.status().routes;
        self.worker.until(|status| status.routes == newest).await;
    }

    /// Cells that the relay has carried to the client, as they crossed the wire.
    fn cells_to_client(&self) -> Vec<Vec<u8>> {
        let messages = self.client_network.recorded().concat();
        messages.into_iter().filter(|message| message.len() == CELL_LEN).collect()
    }

    /// The same, to the worker.
    fn cells_to_worker(&self) -> Vec<Vec<u8>> {
        let messages = self.worker_network.recorded().concat();
        messages.into_iter().filter(|message| message.len() == CELL_LEN).collect()
    }
}

#[tokio::test]
async fn nobody_is_met_at_a_wrong_or_an_old_route_or_on_the_wrong_side() {
    let mut talk = Talk::begin().await;
    talk.goes_on().await;
    let old = talk.client.status().routes[0];
    talk.rejoin().await;
    talk.goes_on().await;
    let current = talk.client.status().routes[0];
    assert!(old != current, "fresh secrets lead elsewhere");
    for (side, route) in [
        (Side::Client, Route([7; 32])),
        (Side::Worker, Route([7; 32])),
        (Side::Client, old),
        (Side::Worker, old),
        (Side::Worker, current),
    ] {
        let (_outsider, frame) = intrude(&talk.relay.way, side, route).await;
        assert!(matches!(frame, RelayToEnd::Alone), "nobody is met as {side:?}");
        talk.goes_on().await;
    }
    talk.rejoin().await;
    talk.goes_on().await;
}

#[tokio::test]
async fn what_an_outsider_says_at_the_right_route_is_refused() {
    let mut talk = Talk::begin().await;
    talk.goes_on().await;
    talk.rejoin().await;
    talk.goes_on().await;
    let route = talk.client.status().routes[0];
    let recorded = talk.cells_to_worker();
    let reflected = talk.cells_to_client();
    let mut forged = recorded[recorded.len() - 1].clone();
    forged[..8].copy_from_slice(&1_000_u64.to_be_bytes());
    for said in [forged, vec![0x55; CELL_LEN]] {
        let refused = talk.worker.status().refused;
        let mut outsider = pose_as_client(&talk.relay.way, route).await;
        outsider.send(&said).await;
        assert_eq!(outsider.closed().await, Close::PeerLeft, "the worker leaves the outsider");
        assert_eq!(talk.worker.status().refused, refused + 1);
        talk.goes_on().await;
    }
    let mut outsider = pose_as_client(&talk.relay.way, route).await;
    for cell in reflected {
        outsider.send(&cell).await;
    }
    talk.goes_on().await;
    // Nothing of it was the client's: its own line still serves.
    assert_eq!(talk.client.status().met_at.len(), 2, "the client kept its line");
}

#[tokio::test]
async fn replayed_cells_do_nothing_on_a_new_line() {
    let mut talk = Talk::begin().await;
    talk.goes_on().await;
    talk.rejoin().await;
    talk.goes_on().await;
    let route = talk.client.status().routes[0];
    let lines = (talk.client.status().met_at.len(), talk.worker.status().met_at.len());
    let mut outsider = pose_as_client(&talk.relay.way, route).await;
    for cell in talk.cells_to_worker() {
        outsider.send(&cell).await;
    }
    // What the worker refuses came after all of them.
    outsider.send(&[0x55; CELL_LEN]).await;
    assert_eq!(outsider.closed().await, Close::PeerLeft);
    let now = (talk.client.status().met_at.len(), talk.worker.status().met_at.len());
    assert!(now == lines, "a line that brings only old cells takes nobody's place");
    talk.goes_on().await;
}

#[tokio::test]
async fn a_worker_who_poses_as_the_other_is_refused_by_the_client() {
    let mut talk = Talk::begin().await;
    talk.goes_on().await;
    let route = talk.client.status().routes[0];
    let (mut outsider, _) = intrude(&talk.relay.way, Side::Worker, route).await;
    let since = Instant::now();
    talk.client_network.cut();
    // It may be met before the worker itself, and says nonsense then.
    outsider.send(&[0x55; CELL_LEN]).await;
    while let Next::Message(_) = outsider.next().await {}
    talk.client.meets_after(since).await;
    talk.worker.meets_after(since).await;
    talk.goes_on().await;
}

#[tokio::test]
async fn a_client_whose_network_has_changed_meets_its_worker_at_once() {
    let service = Service::default();
    let relay = RelayProcess::start(&service).await;
    let network = Network::before(&relay.way).await;
    let (mut client, mut worker) =
        converse(&service, &network.way, &relay.way, Cover::Sparing).await;
    // The device changes its network: its old socket is still open while the new one joins.
    let since = Instant::now();
    client.network_changed().await;
    client.meets_after(since).await;
    worker.meets_after(since).await;
    client.say("on the new one").await;
    assert_eq!(worker.hear().await, "on the new one");
}
