//! How every task learns that the relay stops, and the relay that every task has.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, sleep_until, timeout};

use crate::entropy::random_bytes;

/// Held by the server: asks every task to stop.
pub(crate) struct Stopper(watch::Sender<Option<Asked>>);

/// Held by each task for as long as it runs.
#[derive(Clone)]
pub(crate) struct Stop {
    asked: watch::Receiver<Option<Asked>>,
    /// This task's own moment, once it was asked.
    at: Option<Instant>,
}

/// When tasks were asked, and over how long they may spread.
#[derive(Clone, Copy)]
struct Asked {
    since: Instant,
    spread: Duration,
}

/// A server's end and the one that its tasks clone.
pub(crate) fn channel() -> (Stopper, Stop) {
    let (sender, receiver) = watch::channel(None);
    (Stopper(sender), Stop { asked: receiver, at: None })
}

impl Stopper {
    /// Asks every task to stop, each at a moment of its own within `spread`, so that those whom it serves
    /// do not all come to another relay at once. Waits until they have, at most for `deadline` more.
    pub(crate) async fn stop(self, spread: Duration, deadline: Duration) {
        self.0.send_replace(Some(Asked { since: Instant::now(), spread }));
        // A task that has not closed its sockets by then loses them with the process.
        let _late = timeout(spread + deadline, self.0.closed()).await;
    }
}

impl Stop {
    /// Waits until the relay is asked to stop, and this task's moment has come.
    pub(crate) async fn requested(&mut self) {
        let Some(Asked { since, spread }) = self.asked().await else { return };
        let at = *self.at.get_or_insert_with(|| since + some_part_of(spread));
        // In a box, so that a task has no room for this timer while it serves.
        Box::pin(sleep_until(at)).await;
    }

    /// Waits until the relay is asked to stop.
    pub(crate) async fn requested_at_all(&mut self) {
        self.asked().await;
    }

    /// `None` when the server is gone, which asks for the same, and at once.
    async fn asked(&mut self) -> Option<Asked> {
        self.asked.wait_for(Option::is_some).await.ok().and_then(|asked| *asked)
    }
}

/// All parts are equally likely.
fn some_part_of(spread: Duration) -> Duration {
    spread.mul_f64(f64::from(u32::from_be_bytes(random_bytes())) / f64::from(u32::MAX))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::Instant;

    use super::channel;

    #[tokio::test(start_paused = true)]
    async fn tasks_end_at_moments_of_their_own() {
        const SPREAD: Duration = Duration::from_secs(2);
        let (stopper, stop) = channel();
        let began = Instant::now();
        let tasks: Vec<_> = (0..100)
            .map(|_| {
                let mut stop = stop.clone();
                tokio::spawn(async move {
                    // A task asks again and again, and its moment stays.
                    let early = tokio::time::timeout(Duration::from_millis(1), stop.requested());
                    let _not_yet = early.await;
                    stop.requested().await;
                    began.elapsed()
                })
            })
            .collect();
        drop(stop);
        tokio::task::yield_now().await;
        stopper.stop(SPREAD, Duration::from_secs(1)).await;
        let mut ended = Vec::new();
        for task in tasks {
            ended.push(task.await.unwrap());
        }
        assert!(ended.iter().all(|at| *at <= SPREAD), "{ended:?}");
        let early = ended.iter().filter(|at| **at < SPREAD / 2).count();
        assert!((10..90).contains(&early), "{early} of 100 in the first half");
    }
}
