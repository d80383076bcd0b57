//! The one place that reads the clock.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use vestibule_wire::Timestamp;

/// Tells the time to whatever compares it with a link, a certificate or an epoch.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self::from_fn(|| Timestamp(unix_seconds()))
    }

    /// Any other clock: a test's, that stands still or runs ahead.
    pub fn from_fn(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    pub fn now(&self) -> Timestamp {
        (self.0)()
    }
}

#[allow(clippy::disallowed_methods, reason = "this is the relay's one clock module")]
fn unix_seconds() -> u32 {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    u32::try_from(seconds).unwrap_or(u32::MAX)
}
