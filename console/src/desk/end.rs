//! The end of a desk: with goodbyes, or in a hurry.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::spawn_blocking;
use tokio::time::{Instant, sleep_until, timeout};

use super::Desk;
use crate::consultations::ConsultationCommand;
use crate::hub::Input;

/// For the last goodbyes when the program ends.
const GOODBYE_DEADLINE: Duration = Duration::from_secs(2);
/// The same when somebody is at the door.
const PANIC_DEADLINE: Duration = Duration::from_millis(300);
/// For the disk to take the file that replaces the worker's.
const FILE_DEADLINE: Duration = Duration::from_secs(2);

/// Why the program ends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum HowToEnd {
    /// The worker has finished.
    Goodbye,
    /// Nobody is to find anything.
    Panic,
}

impl Desk {
    /// Nothing more is shown, and everything goes.
    pub(super) fn panic(&mut self) {
        self.pages.locked = true;
        self.ending = Some(HowToEnd::Panic);
    }

    /// Says goodbye to every client and waits a little for the goodbyes to leave. After a panic the
    /// worker's file is gone, and every key and word in memory.
    pub(super) async fn end_all(mut self, how: HowToEnd, mut inputs: mpsc::Receiver<Input>) {
        let file = (how == HowToEnd::Panic).then(|| {
            let file = Arc::clone(&self.belongings.worker_file);
            // There is nobody left to whom a failure could be told.
            spawn_blocking(move || file.destroy().is_ok())
        });
        let deadline = Instant::now()
            + match how {
                HowToEnd::Goodbye => GOODBYE_DEADLINE,
                HowToEnd::Panic => PANIC_DEADLINE,
            };
        self.go_off_duty();
        for kept in self.consultations.values() {
            // Once to end it, and once more so that its goodbye waits for no slot.
            for _ in 0..2 {
                let _ = kept.commands.try_send(ConsultationCommand::End);
            }
        }
        self.expected.clear();
        while !self.tasks.is_empty() {
            tokio::select! {
                Some(input) = inputs.recv() => self.take(input),
                _ = self.tasks.join_next() => {}
                () = sleep_until(deadline) => break,
            }
        }
        // What has not ended by itself ends here, and its keys with it.
        self.tasks.shutdown().await;
        if let Some(file) = file {
            let _ = timeout(FILE_DEADLINE, file).await;
        }
        // Pages whose messages end see by this whether the desk is over or they lagged behind.
        drop(inputs);
    }
}
