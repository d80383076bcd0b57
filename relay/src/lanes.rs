//! The threads that forward cells.
//!
//! Each has a runtime of its own, which knows both sockets of its pairs: a cell goes from one to the other
//! without waking another thread. Whoever arrives, and whatever is asked and shaken hands over before two
//! ends are joined, is served by other threads, for which no cell waits.

use std::future::pending;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use tokio::runtime::{Builder, Handle};

use crate::connection::Connection;
use crate::relay::Shared;
use crate::stop::Stop;
use crate::switchboard;

/// The threads that forward cells. They run as long as the process.
#[derive(Default)]
pub struct Lanes {
    handles: Vec<Handle>,
    next: AtomicUsize,
}

impl Lanes {
    /// So many threads.
    ///
    /// # Errors
    /// When the system gives none.
    pub fn start(count: usize) -> io::Result<Self> {
        let lane = |_| {
            let runtime = Builder::new_current_thread().enable_all().build()?;
            let handle = runtime.handle().clone();
            let forwards = move || runtime.block_on(pending());
            thread::Builder::new().name("forwarding".to_owned()).spawn(forwards)?;
            Ok(handle)
        };
        Ok(Self { handles: (0..count).map(lane).collect::<io::Result<_>>()?, ..Self::default() })
    }

    /// Forwards between two sockets until one side ends, in a task of the next lane; without lanes, of the
    /// runtime that asks for it.
    pub(crate) fn forward(
        &self,
        mut near: Box<Connection>,
        mut far: Box<Connection>,
        shared: Arc<Shared>,
        mut stop: Stop,
    ) {
        let turn = self.next.fetch_add(1, Ordering::Relaxed);
        let lane = turn.checked_rem(self.handles.len()).and_then(|turn| self.handles.get(turn));
        let lane = lane.cloned().unwrap_or_else(Handle::current);
        lane.spawn(async move {
            // Out of file descriptors: both ends see their lines break, and come again.
            if near.adopt().and_then(|()| far.adopt()).is_ok() {
                switchboard::run(near, far, &shared.limits, &mut stop).await;
            }
        });
    }
}
