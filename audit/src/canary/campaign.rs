//! Many canary consultations, some at once.

use std::io;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::course::{Canary, Course, Pair, Setting};
use super::duty::Duty;

/// Consultations at the same time.
const AT_ONCE: usize = 8;
/// Failures that are told in words.
const FAILURES_TOLD_MAX: usize = 8;

/// A worker on duty, and consultations with it.
pub struct Campaign {
    setting: Setting,
    duty: Duty,
    on_duty: JoinHandle<()>,
    begun: u32,
}

/// How consultations went.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// Those that ended well.
    pub whole: u32,
    /// Those that were broken off on purpose.
    pub broken_off: u32,
    /// What did not go as planned, in words for the auditor.
    pub failures: Vec<String>,
    /// How many did not.
    pub failed: u32,
}

/// Consultations that are open.
pub struct Held {
    pairs: Vec<Pair>,
    /// Their numbers.
    pub numbers: Vec<u32>,
}

impl Campaign {
    /// Goes on duty.
    ///
    /// # Errors
    /// When the relay cannot be reached or does not serve the canary service.
    pub async fn begin(setting: Setting) -> io::Result<Self> {
        let (duty, on_duty) = Duty::begin(&setting).await?;
        Ok(Self { setting, duty, on_duty, begun: 0 })
    }

    /// Holds so many consultations, every other one broken off.
    pub async fn hold(&mut self, count: u32) -> Outcome {
        let numbers = self.begun..self.begun.saturating_add(count);
        self.begun = numbers.end;
        let (setting, duty) = (&self.setting, &self.duty);
        let went = stream::iter(numbers)
            .map(|number| async move {
                let course = Course::nth(number);
                let canary = Canary::new(setting, duty, number);
                (course, canary.go(course).await)
            })
            .buffer_unordered(AT_ONCE)
            .collect::<Vec<_>>()
            .await;
        let mut outcome = Outcome::default();
        for (course, result) in went {
            match result {
                Ok(()) if course.is_broken_off() => outcome.broken_off += 1,
                Ok(()) => outcome.whole += 1,
                Err(problem) => {
                    outcome.failed += 1;
                    if outcome.failures.len() < FAILURES_TOLD_MAX {
                        outcome.failures.push(format!("{course:?}: {problem}"));
                    }
                }
            }
        }
        outcome
    }

    /// Begins consultations that stay open.
    ///
    /// # Errors
    /// When one cannot be held.
    pub async fn keep_open(&mut self, count: u32) -> io::Result<Held> {
        let mut held = Held { pairs: Vec::new(), numbers: Vec::new() };
        for number in self.begun..self.begun.saturating_add(count) {
            let canary = Canary::new(&self.setting, &self.duty, number);
            held.pairs.push(canary.hold().await?);
            held.numbers.push(number);
        }
        self.begun = self.begun.saturating_add(count);
        Ok(held)
    }

    /// Sends bursts both ways in all that are open; returns how long that took. Turn by turn it would be
    /// the machine's time to wake up that was measured.
    ///
    /// # Errors
    /// When one of them does not go on.
    pub async fn talk_on(&self, held: &mut Held) -> io::Result<Duration> {
        let begun = Instant::now();
        for (pair, number) in held.pairs.iter_mut().zip(&held.numbers) {
            Canary::new(&self.setting, &self.duty, *number).burst(pair).await?;
        }
        Ok(begun.elapsed())
    }

    /// Goes off duty.
    pub async fn end(self) {
        self.on_duty.abort();
        let _aborted = self.on_duty.await;
        self.setting.ledger.stays_open(None);
    }
}

impl Held {
    /// Ends them all.
    pub async fn end(self) {
        for pair in self.pairs {
            pair.end().await;
        }
    }
}
