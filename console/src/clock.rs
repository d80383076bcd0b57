//! The one place that reads the machine's clock.

use std::time::{SystemTime, UNIX_EPOCH};

use vestibule_wire::Timestamp;

/// The machine's clock, or another one: tests use those.
#[derive(Clone, Copy)]
pub struct Clock(Source);

#[derive(Clone, Copy)]
enum Source {
    Machine { ahead_seconds: i64 },
    Told(fn() -> Timestamp),
}

impl Default for Clock {
    fn default() -> Self {
        Self::system()
    }
}

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self::ahead_by_seconds(0)
    }

    /// A clock that runs ahead of the machine's, or behind it when negative.
    pub fn ahead_by_seconds(ahead_seconds: i64) -> Self {
        Self(Source::Machine { ahead_seconds })
    }

    /// Any other clock: a simulation's, that is moved by hand.
    pub fn told_by(now: fn() -> Timestamp) -> Self {
        Self(Source::Told(now))
    }

    /// The moment that this clock shows.
    pub fn now(self) -> Timestamp {
        match self.0 {
            Source::Machine { ahead_seconds } => machine(ahead_seconds),
            Source::Told(now) => now(),
        }
    }
}

#[allow(clippy::disallowed_methods, reason = "this is the program's clock module")]
fn machine(ahead_seconds: i64) -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let shown = since.as_secs().saturating_add_signed(ahead_seconds);
    Timestamp(u32::try_from(shown).unwrap_or(u32::MAX))
}
