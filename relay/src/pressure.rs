//! How crowded each door is, and how hard a puzzle that makes (section 6). Openings are counted, never
//! who brings them.

use std::collections::HashMap;
use std::time::Duration;

use vestibule_wire::{LinkId, PuzzleBits};

/// Doors of one service that are watched at once. Each is signed by the authority, so nobody can fill
/// this but the service itself.
const DOORS_WATCHED_MAX: usize = 1_024;
const MINUTE_SECONDS: u64 = 60;
/// Below this nobody is asked for anything.
const PRESSURE_CALM_MAX: usize = 7;

/// How many openings came to each door of a service in about the last minute.
#[derive(Default)]
pub(crate) struct Pressure(HashMap<LinkId, Arrivals>);

/// Openings that came in one minute and in the one before.
#[derive(Default)]
struct Arrivals {
    minute: u64,
    in_minute: u32,
    in_minute_before: u32,
}

impl Pressure {
    /// An opening came to a door.
    pub(crate) fn count(&mut self, door: LinkId, now: Duration) {
        if self.0.len() >= DOORS_WATCHED_MAX && !self.0.contains_key(&door) {
            self.forget_calmest(now);
        }
        self.0.entry(door).or_default().count(now);
    }

    /// How many came to a door in about the last minute.
    pub(crate) fn in_last_minute(&self, door: &LinkId, now: Duration) -> usize {
        let arrived = self.0.get(door).map_or(0, |arrivals| arrivals.in_last_minute(now));
        usize::try_from(arrived).unwrap_or(usize::MAX)
    }

    /// Forgets doors that nobody came to lately.
    pub(crate) fn forget_calm(&mut self, now: Duration) {
        self.0.retain(|_, arrivals| arrivals.in_last_minute(now) > 0);
    }

    fn forget_calmest(&mut self, now: Duration) {
        let calmest = self.0.iter().min_by_key(|(_, arrivals)| arrivals.in_last_minute(now));
        if let Some(door) = calmest.map(|(door, _)| *door) {
            self.0.remove(&door);
        }
    }
}

impl Arrivals {
    fn count(&mut self, now: Duration) {
        let minute = now.as_secs() / MINUTE_SECONDS;
        if minute != self.minute {
            let follows = minute.checked_sub(self.minute) == Some(1);
            self.in_minute_before = if follows { self.in_minute } else { 0 };
            self.in_minute = 0;
            self.minute = minute;
        }
        self.in_minute = self.in_minute.saturating_add(1);
    }

    /// This minute's, and of the one before the part that is not yet a minute ago, as if they had come
    /// evenly.
    fn in_last_minute(&self, now: Duration) -> u64 {
        let seconds_left = MINUTE_SECONDS - now.as_secs() % MINUTE_SECONDS;
        let part = |count: u32| u64::from(count) * seconds_left / MINUTE_SECONDS;
        match (now.as_secs() / MINUTE_SECONDS).checked_sub(self.minute) {
            Some(0) => u64::from(self.in_minute) + part(self.in_minute_before),
            Some(1) => part(self.in_minute),
            Some(_) | None => 0,
        }
    }
}

/// What an opening has to solve before it may wait. The pressure at its door is how many wait there
/// and came lately; each doubling of it doubles the work:
///
/// | pressure | 0–7 | 8–15 | 16–31 | 32–63 | 64–127 | 128–255 | 256 and more |
/// |----------|-----|------|-------|-------|--------|---------|--------------|
/// | bits     | –   | 13   | 14    | 15    | 16     | 17      | 18           |
pub(crate) fn puzzle_bits(pressure: usize) -> Option<PuzzleBits> {
    if pressure <= PRESSURE_CALM_MAX {
        return None;
    }
    let bits = pressure.ilog2().saturating_add(10);
    let bits = u8::try_from(bits).ok().and_then(|bits| PuzzleBits::new(bits).ok());
    Some(bits.unwrap_or(PuzzleBits::MAX))
}

#[cfg(test)]
mod tests;
