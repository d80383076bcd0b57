//! Old sockets, replayed cells, wrong and old routes, outsiders at the right one, floods: refused, and
//! the running consultation goes on (sections 6, 7 and 9).

mod flood;
mod old_sockets;
mod outsiders;
mod replays;
mod routes;
mod silent_outsiders;

use std::time::Duration;

use tokio::time::{Instant, timeout};
use vestibule_protocol::{Cover, Side};
use vestibule_tests::end::{End, Status};
use vestibule_tests::faults::Network;
use vestibule_tests::meeting::converse;
use vestibule_tests::relay::RelayProcess;
use vestibule_tests::service::Service;
use vestibule_tests::socket::{Next, Socket, Way};
use vestibule_wire::{CELL_LEN, Close, EndToRelay, RelayToEnd, Route};

/// From the moment when two ends can meet until they have.
const MEET_MAX: Duration = Duration::from_secs(3);
/// The same, when one of them first has to find out that its line is dead.
const FIND_OUT_MAX: Duration = Duration::from_secs(20);
/// More than one cell holds, and nothing that any end has sealed.
const GARBAGE: [u8; CELL_LEN] = [0x55; CELL_LEN];

/// Somebody who is neither end comes to a route.
async fn intrude(way: &Way, side: Side, route: Route) -> (Socket, RelayToEnd) {
    let mut socket = Socket::connect(way, "/ws/rejoin").await;
    socket.send(&EndToRelay::Rejoin { side, route }.encode()).await;
    let frame = RelayToEnd::decode(&socket.message().await);
    (socket, frame.expect("the relay says whether somebody is there"))
}

/// Somebody waits at a route, as one end, until the other is there.
async fn pose_as(side: Side, way: &Way, route: Route) -> Socket {
    loop {
        let mut socket = Socket::connect(way, "/ws/rejoin").await;
        socket.send(&EndToRelay::Rejoin { side, route }.encode()).await;
        loop {
            match socket.next().await {
                Next::Message(frame) => {
                    let frame = RelayToEnd::decode(&frame).expect("the other end comes");
                    if matches!(frame, RelayToEnd::Joined) {
                        return socket;
                    }
                }
                // What the true end had on its way before its network was cut came later than this.
                Next::Closed(Close::RejoinedElsewhere) => break,
                Next::Closed(close) => panic!("closed: {}", close.name()),
                Next::Broken => panic!("the line broke"),
            }
        }
    }
}

/// An end leaves a socket on which it was told what the other end has not sealed, long before its
/// silence would tell.
async fn is_left(outsider: &mut Socket) {
    let closed = timeout(MEET_MAX, outsider.closed()).await;
    assert_eq!(closed, Ok(Close::PeerLeft), "the end leaves the outsider");
}

/// Two who talk, and the network of each.
struct Talk {
    client: End,
    worker: End,
    client_network: Network,
    worker_network: Network,
    /// Straight to the relay.
    way: Way,
    said: u32,
    /// Unless the test has another.
    _relay: Option<RelayProcess>,
}

/// How often each end has come to a new line, and was told what the other had not sealed.
#[derive(Debug, PartialEq, Eq)]
struct Noticed {
    client: (usize, u32),
    worker: (usize, u32),
}

impl Talk {
    async fn begin() -> Self {
        let service = Service::default();
        let relay = RelayProcess::start(&service).await;
        let talk = Self::through(&relay.way, &service).await;
        Self { _relay: Some(relay), ..talk }
    }

    /// The same through a relay that is there already.
    async fn through(way: &Way, service: &Service) -> Self {
        let client_network = Network::before(way).await;
        let worker_network = Network::before(way).await;
        let ways = (&client_network.way, &worker_network.way);
        let (client, worker) = converse(service, ways.0, ways.1, Cover::Sparing).await;
        let way = way.clone();
        Self { client, worker, client_network, worker_network, way, said: 0, _relay: None }
    }

    /// The same, when words have crossed and secrets were renewed on a second line.
    async fn on_second_line() -> Self {
        let mut talk = Self::begin().await;
        talk.goes_on().await;
        talk.rejoin().await;
        talk.goes_on().await;
        talk
    }

    /// Where both would rejoin.
    fn route(&self) -> Route {
        self.client.status().routes[0]
    }

    /// Each says something, whether or not there is a line.
    async fn say(&mut self) {
        self.said += 1;
        self.client.say(&format!("c{}", self.said)).await;
        self.worker.say(&format!("w{}", self.said)).await;
    }

    /// Each hears what the other said last, and nothing before it: nothing was lost, nothing came
    /// twice.
    async fn hear(&mut self) {
        assert_eq!(self.worker.hear().await, format!("c{}", self.said));
        assert_eq!(self.client.hear().await, format!("w{}", self.said));
    }

    async fn goes_on(&mut self) {
        self.say().await;
        self.hear().await;
    }

    /// The client's line breaks, and both come to new secrets on a new one.
    async fn rejoin(&mut self) {
        let since = Instant::now();
        self.client_network.cut();
        self.renews_secrets(since).await;
    }

    /// The client's device changes its network: nothing tells its old line.
    async fn change_network(&mut self) {
        let since = Instant::now();
        self.client.network_changed().await;
        self.renews_secrets(since).await;
    }

    /// Both meet on a line newer than this moment, where their secrets are renewed.
    async fn renews_secrets(&mut self, since: Instant) {
        let generation = self.client.status().generation;
        self.meets_within(MEET_MAX, since).await;
        let client = self.client.watch();
        let is_renewed = |status: &Status| {
            status.generation > generation && status.routes == client.borrow().routes
        };
        self.worker.until(is_renewed).await;
    }

    /// Both hear each other on a line newer than this moment.
    async fn meets_within(&mut self, longest: Duration, since: Instant) {
        let (client, worker) =
            tokio::join!(self.client.meets_after(since), self.worker.meets_after(since));
        let gap = client.max(worker) - since;
        assert!(gap <= longest, "they met after {gap:?}");
    }

    fn noticed(&self) -> Noticed {
        let [client, worker] = [&self.client, &self.worker].map(|end| {
            let status = end.status();
            (status.met_at.len(), status.refused)
        });
        Noticed { client, worker }
    }
}
