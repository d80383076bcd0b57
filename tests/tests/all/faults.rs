//! Lines that break, in every way that lines break. Nothing said is lost, doubled or turned round.

use std::time::Duration;

use rand::rngs::SmallRng;
use rand::{RngExt as _, SeedableRng as _};
use tokio::time::{Instant, sleep};
use vestibule_protocol::Cover;
use vestibule_tests::end::End;
use vestibule_tests::faults::{Direction, Network};
use vestibule_tests::meeting::converse;
use vestibule_tests::relay::RelayProcess;
use vestibule_tests::service::Service;

/// From a line's silent death until the two talk again.
const HALF_OPEN_MAX: Duration = Duration::from_secs(20);

/// Two who talk, each through a network of its own.
struct Talk {
    client: End,
    worker: End,
    client_network: Network,
    worker_network: Network,
    said: u32,
    _relay: RelayProcess,
}

impl Talk {
    async fn begin(cover: Cover) -> Self {
        let service = Service::default();
        let relay = RelayProcess::start(&service).await;
        let client_network = Network::before(&relay.way).await;
        let worker_network = Network::before(&relay.way).await;
        let (client, worker) =
            converse(&service, &client_network.way, &worker_network.way, cover).await;
        Self { client, worker, client_network, worker_network, said: 0, _relay: relay }
    }

    /// Both say something, before they can know whether there is a line.
    async fn say(&mut self) {
        self.said += 1;
        self.client.say(&format!("client {}", self.said)).await;
        self.worker.say(&format!("worker {}", self.said)).await;
    }

    /// Both hear the last that was said, and nothing before it.
    async fn hear(&mut self) {
        assert_eq!(self.worker.hear().await, format!("client {}", self.said));
        assert_eq!(self.client.hear().await, format!("worker {}", self.said));
    }

    /// Returns how long it takes until each has heard something new of the other on a new line.
    async fn meet_anew(&mut self, since: Instant) -> Duration {
        let (client, worker) =
            tokio::join!(self.client.meets_after(since), self.worker.meets_after(since));
        client.max(worker) - since
    }

    fn network(&self, leg: Leg) -> &Network {
        match leg {
            Leg::Client => &self.client_network,
            Leg::Worker => &self.worker_network,
        }
    }
}

/// Whose network.
#[derive(Debug, Clone, Copy)]
enum Leg {
    Client,
    Worker,
}

async fn gaps_of_cuts(legs: &[Leg]) -> Vec<Duration> {
    let mut talk = Talk::begin(Cover::Sparing).await;
    let mut random = SmallRng::seed_from_u64(3);
    let mut gaps = Vec::new();
    for _ in 0..20 {
        sleep(Duration::from_millis(random.random_range(50..400))).await;
        let since = Instant::now();
        for leg in legs {
            talk.network(*leg).cut();
        }
        talk.say().await;
        gaps.push(talk.meet_anew(since).await);
        talk.hear().await;
    }
    gaps.sort_unstable();
    gaps
}

#[tokio::test]
async fn a_line_that_is_cut_is_made_anew_at_once() {
    for legs in [&[Leg::Client][..], &[Leg::Worker], &[Leg::Client, Leg::Worker]] {
        let gaps = gaps_of_cuts(legs).await;
        let (median, longest) = (gaps[gaps.len() / 2], gaps[gaps.len() - 1]);
        println!("{legs:?} cut: median {} ms, max {} ms", median.as_millis(), longest.as_millis());
        assert!(median <= Duration::from_secs(1), "{legs:?}: the median is {median:?}");
        assert!(longest <= Duration::from_secs(3), "{legs:?}: the longest is {longest:?}");
    }
}

async fn gap_of_hold(leg: Leg, directions: &[Direction]) {
    let mut talk = Talk::begin(Cover::Steady).await;
    let since = Instant::now();
    talk.network(leg).hold(directions);
    talk.say().await;
    let gap = talk.meet_anew(since).await;
    println!("{leg:?} held {directions:?}: {} ms", gap.as_millis());
    assert!(gap <= HALF_OPEN_MAX, "{leg:?} {directions:?}: {gap:?}");
    talk.hear().await;
}

const TO: &[Direction] = &[Direction::ToRelay];
const FROM: &[Direction] = &[Direction::FromRelay];
const BOTH: &[Direction] = &[Direction::ToRelay, Direction::FromRelay];

#[tokio::test]
async fn a_clients_line_that_died_without_a_word_is_found() {
    let gap = |directions| gap_of_hold(Leg::Client, directions);
    tokio::join!(gap(TO), gap(FROM), gap(BOTH));
}

#[tokio::test]
async fn a_workers_line_that_died_without_a_word_is_found_and_so_is_the_one_that_waits() {
    let gap = |directions| gap_of_hold(Leg::Worker, directions);
    tokio::join!(gap(TO), gap(FROM), gap(BOTH));
}
