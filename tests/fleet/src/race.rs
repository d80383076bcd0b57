//! Links for which two clients and many workers race at several nodes: each is spent at most once.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use rand::rngs::SmallRng;
use rand::{RngExt as _, SeedableRng as _};
use tokio::sync::{Semaphore, mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};
use vestibule_protocol::Link;
use vestibule_tests::client::open;
use vestibule_tests::service::Service;
use vestibule_tests::socket::{Next, Way};
use vestibule_wire::{Close, LinkId, RelayToClient};

use crate::failover::{Lossy, lose_the_last_second};
use crate::nodes::{More, Nodes};
use crate::store::{Kind, Store};
use crate::workers::{News, Outcome, go_on_duty};

/// Links for which clients wait at once: their openings fit into the waiting rooms.
const AT_ONCE: usize = 48;
/// From the arrival of two clients to what becomes of them, across a failover.
const RESULT_MAX: Duration = Duration::from_mins(3);
/// What workers have told and nobody has heard.
const NEWS_WAITING_MAX: usize = 1_024;
/// After the last race a worker has nothing more to tell by then.
const NEWS_MAX: Duration = Duration::from_secs(3);
/// Of each link.
const CLIENTS: usize = 2;
const NODES: usize = 3;

/// How much.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// Links.
    pub links: usize,
    /// Workers, each on duty at every node.
    pub workers: usize,
    /// How often Redis fails over meanwhile, losing what came last.
    pub failovers: usize,
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Tally {
    /// Links that one of the clients spent.
    pub spent: usize,
    /// Links that both spent: there may be none.
    pub spent_twice: usize,
    /// Links of which both clients were told that somebody else has spent them.
    pub spent_by_nobody: usize,
    /// How often an offer could not be granted.
    pub deferred: usize,
    /// How often a grant came to nothing.
    pub seats_lost: usize,
    /// What each failover lost.
    pub losses: Vec<Lossy>,
    /// The whole race, in seconds.
    pub seconds: f64,
}

/// What became of one client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Matched,
    Refused,
}

/// Runs a race over three nodes.
pub async fn run(kind: Kind, size: Size) -> Tally {
    let service = Arc::new(Service::default());
    let mut store = Store::start(kind).await;
    let nodes = Nodes::start(NODES, &service, &store, &More::default()).await;
    let ways: Arc<Vec<Way>> = Arc::new((0..NODES).map(|node| nodes.way_to(node)).collect());
    let (told, news) = mpsc::channel(NEWS_WAITING_MAX);
    let heard = tokio::spawn(Heard::all(news));
    let mut workers = Vec::new();
    for _ in 0..size.workers {
        let shift = service.shift();
        workers.push(go_on_duty(&ways, &service, shift, CLIENTS, told.clone()).await);
    }
    let started = Instant::now();
    let (begun, mut reached) = watch::channel(0);
    let race_on = async {
        let places = Arc::new(Semaphore::new(AT_ONCE));
        let mut races = JoinSet::new();
        for number in 0..size.links {
            begun.send_replace(number);
            let place = Arc::clone(&places).acquire_owned().await.expect("nobody closes it");
            let (service, ways) = (Arc::clone(&service), Arc::clone(&ways));
            races.spawn(async move {
                let _place = place;
                race(&service.link(), &ways).await
            });
        }
        races
    };
    // Everybody goes on racing meanwhile.
    let fail_over = async {
        let mut losses = Vec::new();
        for failover in 1..=size.failovers {
            let due = failover * size.links / (size.failovers + 1);
            reached.wait_for(|begun| *begun >= due).await.expect("the race has not ended");
            losses.push(lose_the_last_second(&mut store).await);
        }
        losses
    };
    let (mut races, losses) = tokio::join!(race_on, fail_over);
    let mut tally = Tally { losses, ..Tally::default() };
    while let Some(fates) = races.join_next().await {
        tally.add(fates.expect("no race panics"));
    }
    tally.seconds = started.elapsed().as_secs_f64();
    // A client may hear of a match before its worker does.
    sleep(NEWS_MAX).await;
    workers.iter().for_each(tokio::task::AbortHandle::abort);
    drop(told);
    tally.judge(&heard.await.expect("it hears everything"));
    tally
}

/// Two clients come at once, each to some node.
async fn race(link: &Link, ways: &[Way]) -> [Fate; CLIENTS] {
    let mut random = SmallRng::from_rng(&mut rand::rng());
    let [one, other] = [0; CLIENTS].map(|_| &ways[random.random_range(0..ways.len())]);
    let fates = async { tokio::join!(client(link, one), client(link, other)) };
    let (one, other) = timeout(RESULT_MAX, fates).await.expect("both hear what becomes of them");
    [one, other]
}

async fn client(link: &Link, way: &Way) -> Fate {
    let (mut socket, ..) = open(way, link).await;
    loop {
        match socket.next_whenever().await {
            Next::Message(frame) => match RelayToClient::decode(&frame) {
                Ok(RelayToClient::Waiting(_)) => {}
                Ok(RelayToClient::Matched) => return Fate::Matched,
                Ok(RelayToClient::RelayTime(_) | RelayToClient::Puzzle { .. }) | Err(_) => {
                    panic!("not a frame for waiting")
                }
            },
            Next::Closed(Close::LinkSpent) => return Fate::Refused,
            Next::Closed(close) => panic!("a client is closed: {}", close.name()),
            Next::Broken => panic!("a client's line breaks"),
        }
    }
}

impl Tally {
    fn add(&mut self, fates: [Fate; CLIENTS]) {
        match fates {
            [Fate::Matched, Fate::Matched] => self.spent_twice += 1,
            [Fate::Refused, Fate::Refused] => self.spent_by_nobody += 1,
            [Fate::Matched, Fate::Refused] | [Fate::Refused, Fate::Matched] => self.spent += 1,
        }
    }

    /// What the workers say must be the same.
    fn judge(&mut self, heard: &Heard) {
        let twice = heard.seated.values().filter(|openings| openings.len() > 1).count();
        assert_eq!(twice, self.spent_twice, "workers and clients see the same");
        let spent = self.spent + self.spent_twice;
        assert_eq!(heard.seated.len(), spent, "workers and clients see the same");
        self.seats_lost = heard.seats_lost;
        self.deferred = heard.deferred;
    }
}

/// What all workers have told.
#[derive(Default)]
struct Heard {
    /// By link: the openings with which somebody sat.
    seated: HashMap<LinkId, BTreeSet<[u8; 32]>>,
    seats_lost: usize,
    deferred: usize,
}

impl Heard {
    /// Until nobody is left who could tell anything.
    async fn all(mut news: mpsc::Receiver<News>) -> Self {
        let mut heard = Self::default();
        while let Some(News { link, opening_hash, outcome }) = news.recv().await {
            match outcome {
                Outcome::Seated => drop(heard.seated.entry(link).or_default().insert(opening_hash)),
                Outcome::SeatLost => heard.seats_lost += 1,
                Outcome::Deferred => heard.deferred += 1,
            }
        }
        heard
    }
}
