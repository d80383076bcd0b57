//! Pairs in a closed loop: so many cells of each are always on their way, and whoever gets one sends the
//! next. It goes as fast as the slowest of relay and ends.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use rand::Rng as _;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::sleep;
use vestibule_fleet::pairs::meet;
use vestibule_fleet::raw::Raw;
use vestibule_tests::service::rng;
use vestibule_tests::socket::Way;
use vestibule_wire::CELL_LEN;

/// Until every cell that is on its way has arrived.
const QUIET: Duration = Duration::from_millis(500);

/// Pairs, and what they do.
pub struct Loop {
    ends: JoinSet<()>,
    runs: watch::Sender<bool>,
    cells: Arc<AtomicU64>,
}

impl Loop {
    /// So many pairs at a relay, with so many cells each on their way.
    pub async fn join(way: &Way, pairs: usize, in_flight: usize) -> Self {
        let (runs, _) = watch::channel(false);
        let cells = Arc::new(AtomicU64::new(0));
        let mut ends = JoinSet::new();
        for _ in 0..pairs {
            let [client, worker] = meet(way).await;
            for (end, first) in [(client, in_flight), (worker, 0)] {
                ends.spawn(talk(end, first, runs.subscribe(), Arc::clone(&cells)));
            }
        }
        Self { ends, runs, cells }
    }

    /// Runs for a time; returns how many cells arrived.
    pub async fn run(&mut self, time: Duration) -> u64 {
        let before = self.cells.load(Ordering::Relaxed);
        self.runs.send_replace(true);
        sleep(time).await;
        self.runs.send_replace(false);
        sleep(QUIET).await;
        assert!(self.ends.try_join_next().is_none(), "nobody has left");
        self.cells.load(Ordering::Relaxed) - before
    }
}

/// Answers each cell with one while it runs; begins with so many each time.
async fn talk(mut end: Raw, first: usize, mut runs: watch::Receiver<bool>, cells: Arc<AtomicU64>) {
    let mut cell = [0; CELL_LEN];
    rng().fill_bytes(&mut cell);
    loop {
        tokio::select! {
            message = end.next() => {
                if message.is_none() {
                    return;
                }
                cells.fetch_add(1, Ordering::Relaxed);
                let goes_on = *runs.borrow();
                if goes_on && end.send(&cell).await.is_err() {
                    return;
                }
            }
            changed = runs.changed() => {
                let Ok(()) = changed else { return };
                let begins = *runs.borrow_and_update();
                for _ in 0..if begins { first } else { 0 } {
                    if end.send(&cell).await.is_err() {
                        return;
                    }
                }
            }
        }
    }
}
