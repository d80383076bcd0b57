//! Time as the protocol writes it (section 1). The clock itself is the caller's.

/// Certificates hold this much longer at both ends, since clocks differ by some minutes.
pub const CLOCK_TOLERANCE_SECONDS: u32 = 600;

/// Seconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp(pub u32);

impl Timestamp {
    /// Whether `self` lies between two moments, with the tolerance for differing clocks.
    pub fn within(self, from: Self, to: Self) -> bool {
        self.0 >= from.0.saturating_sub(CLOCK_TOLERANCE_SECONDS)
            && self.0 <= to.0.saturating_add(CLOCK_TOLERANCE_SECONDS)
    }

    /// How far apart two moments are, in seconds.
    pub fn distance_seconds(self, other: Self) -> u32 {
        self.0.abs_diff(other.0)
    }

    /// A later moment; stays at the last one that can be written.
    #[must_use]
    pub fn plus_seconds(self, seconds: u32) -> Self {
        Self(self.0.saturating_add(seconds))
    }
}
