//! The one place that reads the machine's clock.

use std::time::{SystemTime, UNIX_EPOCH};

use vestibule_wire::Timestamp;

/// The machine's clock, or one that is wrong by a known amount: tests use that.
#[derive(Clone, Copy, Default)]
pub struct Clock {
    ahead_seconds: i64,
}

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self::default()
    }

    /// A clock that runs ahead of the machine's, or behind it when negative.
    pub fn ahead_by_seconds(ahead_seconds: i64) -> Self {
        Self { ahead_seconds }
    }

    /// The moment that this clock shows.
    #[allow(clippy::disallowed_methods, reason = "this is the program's clock module")]
    pub fn now(self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let shown = since.as_secs().saturating_add_signed(self.ahead_seconds);
        Timestamp(u32::try_from(shown).unwrap_or(u32::MAX))
    }
}
