//! A batch: what is counted between two writings of the file, in memory alone. It begins with noise, so
//! that whoever sees the memory sees no count; it gets noise again when it is told, so that whoever saw
//! the memory before learns nothing from the file.

use rand::Rng;
use vestibule_wire::{CELLS, Cell, Sums, Timestamp};

use super::noise::Budget;
use super::period::{DAY_PARTS, Span, day_part};

const HOUR_SECONDS: u32 = 3_600;
const MINUTE_SECONDS: u32 = 60;
const STAFFED: [Cell; DAY_PARTS] = [
    Cell::of("staffed", "night"),
    Cell::of("staffed", "morning"),
    Cell::of("staffed", "afternoon"),
    Cell::of("staffed", "evening"),
];

/// What is counted just now.
pub(super) struct Batch {
    pub(super) span: Span,
    budget: Budget,
    sums: Box<Sums>,
    /// Up to when time has been counted.
    seen: Timestamp,
    covered_seconds: u32,
}

/// A batch that is over, as the file will add it up.
#[derive(Clone)]
pub(crate) struct Released {
    /// Of which period it is.
    pub(crate) span: Span,
    /// Which noise it has.
    pub(crate) budget: Budget,
    /// The time that it covers.
    pub(crate) covered_minutes: u32,
    /// Its sums, with noise.
    pub(crate) sums: Box<Sums>,
}

/// Seconds with somebody on duty that are not yet whole hours, by part of the day.
#[derive(Default)]
pub(super) struct Staffed {
    pub(super) is_now: bool,
    seconds: [u32; DAY_PARTS],
}

impl Batch {
    /// Nothing but noise, from this moment on.
    pub(super) fn begin(span: Span, budget: Budget, from: Timestamp, rng: &mut dyn Rng) -> Self {
        let mut sums = Box::new([0; CELLS]);
        budget.disturb(&mut sums, rng);
        Self { span, budget, sums, seen: from, covered_seconds: 0 }
    }

    /// Adds to a cell.
    pub(super) fn add(&mut self, cell: Cell, count: i32) {
        cell.add(&mut self.sums, count);
    }

    /// Time went by. What lies beyond the period does not count, nor does what was counted before the
    /// clock was set back.
    pub(super) fn pass(&mut self, now: Timestamp, staffed: &mut Staffed, utc_offset_hours: i8) {
        let until = now.min(self.span.end);
        while self.seen < until {
            let (part, next) = day_part(self.seen, utc_offset_hours);
            let seconds = until.min(next).0.saturating_sub(self.seen.0).max(1);
            self.covered_seconds = self.covered_seconds.saturating_add(seconds);
            if let Some(sum) = staffed.seconds.get_mut(part).filter(|_| staffed.is_now) {
                *sum = sum.saturating_add(seconds);
            }
            self.seen = self.seen.plus_seconds(seconds);
        }
    }

    /// Ends it, with noise once more. Whole hours are counted now; the rest waits for the next batch.
    pub(super) fn release(mut self, staffed: &mut Staffed, rng: &mut dyn Rng) -> Released {
        for (cell, seconds) in STAFFED.into_iter().zip(&mut staffed.seconds) {
            let hours = i32::try_from(*seconds / HOUR_SECONDS).unwrap_or(i32::MAX);
            *seconds %= HOUR_SECONDS;
            cell.add(&mut self.sums, hours);
        }
        self.budget.disturb(&mut self.sums, rng);
        let Self { span, budget, sums, covered_seconds, .. } = self;
        Released { span, budget, covered_minutes: covered_seconds / MINUTE_SECONDS, sums }
    }
}

impl Staffed {
    /// There will be no other batch: half an hour and more counts as one.
    pub(super) fn round(&mut self) {
        for seconds in &mut self.seconds {
            *seconds = seconds.saturating_add(HOUR_SECONDS / 2) / HOUR_SECONDS * HOUR_SECONDS;
        }
    }
}
