//! What a cell costs: one relay alone, one node, and three, each with as many consultations per process.

use std::time::Duration;

use tokio::time::{Instant, sleep};
use vestibule_tests::service::Service;
use vestibule_tests::socket::Way;

use crate::cpu::{Cpu, median};
use crate::nodes::{More, Nodes};
use crate::pairs::Pairs;
use crate::store::{Kind, Store};

/// Consultations at each relay.
const PAIRS: usize = 60;
/// Each end sends so often: each cell is a wake-up of its own, as in a steady consultation.
const PACE: Duration = Duration::from_millis(250);

/// One of those that are compared.
pub struct Fleet {
    /// What it is, in words.
    pub name: &'static str,
    /// Relays of it.
    pub relays: usize,
    /// Processor time of all relays for a cell, in microseconds; one number a round.
    pub relay_micros: Vec<f64>,
    /// The same of its Redis.
    pub redis_micros: Vec<f64>,
    nodes: Nodes,
    store: Option<Store>,
    pairs: Pairs,
}

/// Compares them in turn, so many rounds.
pub async fn run(rounds: usize, round: Duration) -> Vec<Fleet> {
    let service = Service::default();
    let mut fleets = vec![
        Fleet::start("one relay alone", &service, 1, false).await,
        Fleet::start("one node", &service, 1, true).await,
        Fleet::start("three nodes", &service, 3, true).await,
    ];
    for _ in 0..rounds {
        for fleet in &mut fleets {
            fleet.measure(round).await;
        }
    }
    fleets
}

impl Fleet {
    async fn start(name: &'static str, service: &Service, relays: usize, shared: bool) -> Self {
        let store = if shared { Some(Store::start(Kind::Single).await) } else { None };
        let nodes = match &store {
            Some(store) => Nodes::start(relays, service, store, &More::default()).await,
            None => Nodes::alone(service).await,
        };
        let ways: Vec<Way> = (0..relays).map(|node| nodes.way_to(node)).collect();
        let pairs = Pairs::join(&ways, PAIRS, Duration::ZERO).await;
        let (relay_micros, redis_micros) = (Vec::new(), Vec::new());
        Self { name, relays, relay_micros, redis_micros, nodes, store, pairs }
    }

    async fn measure(&mut self, round: Duration) {
        self.pairs.send_every(Some(PACE));
        // Until all are at their pace.
        sleep(2 * PACE).await;
        let (since, before) = (Instant::now(), (self.relays(), self.redis(), self.pairs.cells()));
        sleep(round).await;
        let (relays, redis, cells) = (self.relays(), self.redis(), self.pairs.cells());
        self.pairs.send_every(None);
        let cells = (cells - before.2) as f64;
        let due =
            2.0 * self.pairs.count as f64 * since.elapsed().as_secs_f64() / PACE.as_secs_f64();
        assert!(cells > due * 0.8, "the machine bears this pace: {cells} of {due} cells");
        self.relay_micros.push((relays - before.0).0.as_secs_f64() * 1e6 / cells);
        self.redis_micros.push((redis - before.1).0.as_secs_f64() * 1e6 / cells);
        assert!(self.pairs.are_all_there(), "nobody has left");
    }

    fn relays(&self) -> Cpu {
        self.nodes.nodes.iter().map(|node| Cpu::of(node.process.id())).sum()
    }

    fn redis(&self) -> Cpu {
        self.store
            .iter()
            .flat_map(|store| &store.servers)
            .map(|one| Cpu::of(one.process.id()))
            .sum()
    }

    /// Medians over rounds: of relays, of Redis.
    pub fn medians(&self) -> [f64; 2] {
        [&self.relay_micros, &self.redis_micros].map(|micros| median(&mut micros.clone()))
    }

    /// How many times as much a cell costs as at another, in rounds that follow each other.
    pub fn ratio_to(&self, other: &Self) -> f64 {
        let all = |fleet: &Self| {
            let both = fleet.relay_micros.iter().zip(&fleet.redis_micros);
            both.map(|(relays, redis)| relays + redis).collect::<Vec<f64>>()
        };
        let rounds = all(self).into_iter().zip(all(other));
        median(&mut rounds.map(|(one, other)| one / other).collect::<Vec<f64>>())
    }
}
