//! How every task learns that the relay stops, and the relay that every task has.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::timeout;

/// Held by the server: asks every task to stop.
pub(crate) struct Stopper(watch::Sender<bool>);

/// Held by each task for as long as it runs.
#[derive(Clone)]
pub(crate) struct Stop(watch::Receiver<bool>);

/// A server's end and the one that its tasks clone.
pub(crate) fn channel() -> (Stopper, Stop) {
    let (sender, receiver) = watch::channel(false);
    (Stopper(sender), Stop(receiver))
}

impl Stopper {
    /// Asks every task to stop and waits until they have, at most for `deadline`.
    pub(crate) async fn stop(self, deadline: Duration) {
        self.0.send_replace(true);
        // A task that has not closed its sockets by then loses them with the process.
        let _late = timeout(deadline, self.0.closed()).await;
    }
}

impl Stop {
    /// Waits until the relay is asked to stop.
    pub(crate) async fn requested(&mut self) {
        // An error means that the server is gone, which asks for the same.
        let _gone = self.0.wait_for(|stopping| *stopping).await;
    }
}
