//! The kit's one clock.

use std::time::{SystemTime, UNIX_EPOCH};

use vestibule_wire::Timestamp;

/// The machine's time.
#[allow(clippy::disallowed_methods, reason = "this is the kit's one clock module")]
pub fn now() -> Timestamp {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    Timestamp(u32::try_from(seconds).unwrap_or(u32::MAX))
}
