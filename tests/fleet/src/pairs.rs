//! Two ends that are joined at a node, and send each other cells that nobody reads: what a consultation
//! is to a relay, without what it is to its ends.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use rand::{Rng as _, RngExt as _};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at, sleep_until, timeout};
use vestibule_tests::service::rng;
use vestibule_tests::socket::Way;
use vestibule_wire::{CELL_LEN, EndToRelay, RelayToEnd, Route, Side};

use crate::raw::Raw;

const JOIN_MAX: Duration = Duration::from_secs(30);
/// Pairs that come at once.
const AT_ONCE: usize = 32;

/// Pairs, and what they do.
pub struct Pairs {
    ends: JoinSet<()>,
    pace: watch::Sender<Option<Duration>>,
    cells: Arc<AtomicU64>,
    /// How many there are.
    pub count: usize,
}

impl Pairs {
    /// So many at each of these nodes. Like a consultation, each has a third socket, of the worker who waits
    /// where both would rejoin. They come evenly over this time, and so do their pings later.
    pub async fn join(ways: &[Way], at_each: usize, over: Duration) -> Self {
        let (pace, _) = watch::channel(None);
        let cells = Arc::new(AtomicU64::new(0));
        let mut ends = JoinSet::new();
        let mut coming = JoinSet::new();
        let count = at_each * ways.len();
        let started = Instant::now();
        for number in 0..count {
            sleep_until(started + over.mul_f64(number as f64 / count as f64)).await;
            let way = ways[number % ways.len()].clone();
            coming.spawn(async move { pair(&way).await });
            if coming.len() >= AT_ONCE {
                let came =
                    coming.join_next().await.expect("somebody comes").expect("it comes well");
                live(came, &mut ends, &pace, &cells);
            }
        }
        while let Some(came) = coming.join_next().await {
            live(came.expect("it comes well"), &mut ends, &pace, &cells);
        }
        Self { ends, pace, cells, count }
    }

    /// Each end sends a cell so often from now on; with `None` none.
    pub fn send_every(&self, pace: Option<Duration>) {
        self.pace.send_replace(pace);
    }

    /// Cells that have arrived so far.
    pub fn cells(&self) -> u64 {
        self.cells.load(Ordering::Relaxed)
    }

    /// Whether nobody has left.
    pub fn are_all_there(&mut self) -> bool {
        self.ends.try_join_next().is_none()
    }
}

fn live(
    ([one, other], waits): ([Raw; 2], Raw),
    all: &mut JoinSet<()>,
    pace: &watch::Sender<Option<Duration>>,
    cells: &Arc<AtomicU64>,
) {
    for end in [one, other] {
        all.spawn(talk(end, pace.subscribe(), Arc::clone(cells)));
    }
    all.spawn(wait(waits));
}

async fn pair(way: &Way) -> ([Raw; 2], Raw) {
    let ends = meet(way).await;
    let mut waits = come(way, Side::Worker, route()).await;
    assert!(waits.next().await.is_some(), "it waits");
    (ends, waits)
}

/// A client and a worker who have met where nobody else is.
pub async fn meet(way: &Way) -> [Raw; 2] {
    let route = route();
    let mut worker = come(way, Side::Worker, route).await;
    let mut client = come(way, Side::Client, route).await;
    for end in [&mut worker, &mut client] {
        let joined = async {
            while let Some(frame) = end.next().await {
                if matches!(RelayToEnd::decode(&frame), Ok(RelayToEnd::Joined)) {
                    return;
                }
            }
            panic!("both meet");
        };
        timeout(JOIN_MAX, joined).await.expect("in time");
    }
    [client, worker]
}

fn route() -> Route {
    let mut route = Route([0; 32]);
    rng().fill_bytes(&mut route.0);
    route
}

async fn come(way: &Way, side: Side, route: Route) -> Raw {
    let mut end = Raw::connect(way, "/ws/rejoin").await.expect("the node takes a socket");
    end.send(&EndToRelay::Rejoin { side, route }.encode()).await.expect("the node reads");
    end
}

/// Ends with its socket.
async fn talk(mut end: Raw, mut pace: watch::Receiver<Option<Duration>>, cells: Arc<AtomicU64>) {
    let mut cell = [0; CELL_LEN];
    rng().fill_bytes(&mut cell);
    let mut ticks = None;
    loop {
        tokio::select! {
            message = end.next() => match message {
                Some(_) => drop(cells.fetch_add(1, Ordering::Relaxed)),
                None => return,
            },
            () = tick(&mut ticks) => if end.send(&cell).await.is_err() { return },
            changed = pace.changed() => {
                if changed.is_err() { return }
                ticks = pace.borrow_and_update().map(evenly);
            }
        }
    }
}

async fn wait(mut end: Raw) {
    while end.next().await.is_some() {}
}

/// Not all at the same moment.
fn evenly(every: Duration) -> Interval {
    let first = every.mul_f64(rand::rng().random_range(0.0..1.0));
    let mut ticks = interval_at(Instant::now() + first, every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

async fn tick(ticks: &mut Option<Interval>) {
    match ticks {
        Some(ticks) => drop(ticks.tick().await),
        None => std::future::pending().await,
    }
}
