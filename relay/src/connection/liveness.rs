//! When a peer was last heard, and last took something.

use tokio::time::Instant;
use vestibule_wire::Close;

use crate::Limits;

/// When a peer was last heard, and last took something.
pub(super) struct Liveness {
    /// Something came since the last tick.
    pub(super) heard: bool,
    /// Something was taken since the last tick.
    pub(super) progressed: bool,
    heard_at: Instant,
    pinged_at: Instant,
    progressed_at: Instant,
}

impl Liveness {
    pub(super) fn new(now: Instant) -> Self {
        Self { heard: false, progressed: false, heard_at: now, pinged_at: now, progressed_at: now }
    }

    /// Whether a ping is due.
    pub(super) fn tick(
        &mut self,
        now: Instant,
        backed_up: bool,
        limits: &Limits,
    ) -> Result<bool, Close> {
        if std::mem::take(&mut self.heard) {
            self.heard_at = now;
        }
        if std::mem::take(&mut self.progressed) || !backed_up {
            self.progressed_at = now;
        }
        if now - self.progressed_at >= limits.write_stall_max {
            return Err(Close::TooSlow);
        }
        if now - self.heard_at >= limits.silent_after {
            return Err(Close::Silent);
        }
        let due = limits.ping_interval;
        let ping = !backed_up && now - self.heard_at >= due && now - self.pinged_at >= due;
        if ping {
            self.pinged_at = now;
        }
        Ok(ping)
    }
}
