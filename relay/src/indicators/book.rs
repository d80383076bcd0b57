//! What one service counts: the batch that is open, those that wait for the file, and which slips were
//! counted. Rules alone: the time and the random numbers are arguments.

use std::time::Duration;

use rand::Rng;
use vestibule_wire::{Cell, LinkKind, Role, Slip, Timestamp};

use super::batch::{Batch, Released, Staffed};
use super::noise::Budget;
use super::period::{DAY_PARTS, PeriodKind, Span, day_part};
use super::slips::Slips;
use crate::desk::{EndedRequest, RequestEnd};

/// A clock that is set back by less goes on in the period in which it was.
const SET_BACK_SECONDS_MAX: u32 = 43_200;

const KINDS: [Cell; 2] = [Cell::of("request", "one_time"), Cell::of("request", "door")];
const ANSWERED: Cell = Cell::of("request_end", "answered");
const LEFT: Cell = Cell::of("request_end", "left");
const LEFT_NOBODY_ON_DUTY: Cell = Cell::of("request_end", "left_nobody_on_duty");
const REFUSED: Cell = Cell::of("request_end", "refused");
const TIMES: [Cell; DAY_PARTS] = [
    Cell::of("request_time", "night"),
    Cell::of("request_time", "morning"),
    Cell::of("request_time", "afternoon"),
    Cell::of("request_time", "evening"),
];
const WAITS: [Cell; 4] = [
    Cell::of("wait", "under_1"),
    Cell::of("wait", "1_to_5"),
    Cell::of("wait", "5_to_15"),
    Cell::of("wait", "over_15"),
];
const WAITS_IN_VAIN: [Cell; 4] = [
    Cell::of("wait_in_vain", "under_1"),
    Cell::of("wait_in_vain", "1_to_5"),
    Cell::of("wait_in_vain", "5_to_15"),
    Cell::of("wait_in_vain", "over_15"),
];
const ADVISERS: [(Role, Cell); 6] = [
    (Role::Outreach, Cell::of("adviser", "outreach_worker")),
    (Role::Peer, Cell::of("adviser", "peer")),
    (Role::Doctor, Cell::of("adviser", "doctor")),
    (Role::Psychologist, Cell::of("adviser", "psychologist")),
    (Role::Lawyer, Cell::of("adviser", "lawyer")),
    (Role::Coordinator, Cell::of("adviser", "coordinator")),
];

/// What a service says about its indicators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counting {
    /// How much one consultation may show in one table.
    pub budget: Budget,
    /// How many hours the service's clock is before UTC, for parts of the day.
    pub utc_offset_hours: i8,
}

/// The counts of one service.
pub(super) struct Book {
    counting: Counting,
    period: PeriodKind,
    flush_within_seconds: u32,
    batch: Batch,
    waiting: Vec<Waiting>,
    staffed: Staffed,
    slips: Slips,
}

/// Tells a batch from all others, at this relay and elsewhere. Random.
pub(crate) type BatchId = [u8; 16];

/// A batch that waits for its moment, by the clock or as much later on a watch that nobody sets.
struct Waiting {
    id: BatchId,
    released: Released,
    due_at: Timestamp,
    due_on_watch: Duration,
}

/// A moment by the clock, and on a watch that nobody sets.
#[derive(Clone, Copy)]
pub(super) struct Moment {
    pub(super) clock: Timestamp,
    pub(super) watch: Duration,
}

impl Book {
    /// Nothing was counted.
    pub(super) fn new(
        counting: Counting,
        period: PeriodKind,
        (flush_within, slips_remembered_min): (Duration, usize),
        now: Timestamp,
        rng: &mut dyn Rng,
    ) -> Self {
        Self {
            counting,
            period,
            flush_within_seconds: u32::try_from(flush_within.as_secs()).unwrap_or(u32::MAX),
            batch: Batch::begin(period.span_of(now), counting.budget, now, rng),
            waiting: Vec::new(),
            staffed: Staffed::default(),
            slips: Slips::new(slips_remembered_min),
        }
    }

    /// Time went by: ends the batch when its period is over, or when the clock is set back before it.
    pub(super) fn pass(&mut self, now: Moment, rng: &mut dyn Rng) {
        self.batch.pass(now.clock, &mut self.staffed, self.counting.utc_offset_hours);
        let span = self.batch.span;
        let is_over = now.clock >= span.end && span.end.0 < u32::MAX;
        let was_set_back = now.clock.plus_seconds(SET_BACK_SECONDS_MAX) < span.start;
        if is_over || was_set_back {
            let next = self.period.span_of(now.clock);
            let from = if next.start == span.end { next.start } else { now.clock };
            let delay = delay_seconds(self.flush_within_seconds, rng);
            let due_at = if is_over { span.end } else { now.clock }.plus_seconds(delay);
            self.release(next, from, (due_at, now), rng);
            self.batch.pass(now.clock, &mut self.staffed, self.counting.utc_offset_hours);
        }
    }

    fn release(
        &mut self,
        next: Span,
        from: Timestamp,
        (due_at, now): (Timestamp, Moment),
        rng: &mut dyn Rng,
    ) {
        let fresh = Batch::begin(next, self.counting.budget, from, rng);
        let over = std::mem::replace(&mut self.batch, fresh);
        let released = over.release(&mut self.staffed, rng);
        let wait = due_at.0.saturating_sub(now.clock.0);
        let due_on_watch = now.watch + Duration::from_secs(u64::from(wait));
        let mut id = BatchId::default();
        rng.fill_bytes(&mut id);
        self.waiting.push(Waiting { id, released, due_at, due_on_watch });
    }

    /// The relay stops: everything is to be written now. Nothing is counted afterwards.
    pub(super) fn finish(&mut self, now: Moment, rng: &mut dyn Rng) {
        self.pass(now, rng);
        self.staffed.round();
        let span = self.batch.span;
        self.release(span, now.clock, (now.clock, now), rng);
    }

    /// The batches whose moment has come, or all that wait; they stay until they are forgotten.
    pub(super) fn due(&self, now: Moment, all: bool) -> Vec<(BatchId, Released)> {
        let due = self.waiting.iter().filter(|waiting| all || waiting.is_due(now));
        due.map(|waiting| (waiting.id, waiting.released.clone())).collect()
    }

    /// Forgets a batch: it is written.
    pub(super) fn forget(&mut self, id: BatchId) {
        self.waiting.retain(|waiting| waiting.id != id);
    }

    /// Whether somebody is on duty from now on.
    pub(super) fn staff(&mut self, is_staffed: bool, now: Moment, rng: &mut dyn Rng) {
        self.pass(now, rng);
        self.staffed.is_now = is_staffed;
    }

    /// Counts a request that is over.
    pub(super) fn count_request(&mut self, request: &EndedRequest, now: Moment, rng: &mut dyn Rng) {
        self.pass(now, rng);
        for cell in cells_of(request, self.counting.utc_offset_hours) {
            self.batch.add(cell, 1);
        }
    }

    /// Counts a slip, unless it was counted before.
    pub(super) fn count_slip(&mut self, slip: &Slip, now: Moment, rng: &mut dyn Rng) {
        self.pass(now, rng);
        if self.slips.is_new(slip.id) {
            for (cell, count) in slip.counts() {
                self.batch.add(cell, i32::from(count));
            }
        }
    }
}

impl Waiting {
    fn is_due(&self, now: Moment) -> bool {
        self.due_at <= now.clock || self.due_on_watch <= now.watch
    }
}

/// Some seconds, all equally likely.
fn delay_seconds(within_seconds: u32, rng: &mut dyn Rng) -> u32 {
    let drawn = (u64::from(rng.next_u32()) * u64::from(within_seconds)) >> u32::BITS;
    u32::try_from(drawn).unwrap_or(within_seconds)
}

/// The cells of a request: one of each of its tables.
fn cells_of(request: &EndedRequest, utc_offset_hours: i8) -> Vec<Cell> {
    let [one_time, door] = KINDS;
    let mut cells = vec![match request.kind {
        LinkKind::OneTime => one_time,
        LinkKind::Door => door,
    }];
    cells.extend(TIMES.get(day_part(request.came, utc_offset_hours).0));
    let band = wait_band(request.waited_seconds);
    match request.end {
        RequestEnd::Answered(role) => {
            cells.push(ANSWERED);
            cells.extend(WAITS.get(band));
            let adviser = ADVISERS.iter().find(|(adviser, _)| Some(*adviser) == role);
            cells.extend(adviser.map(|(_, cell)| *cell));
        }
        RequestEnd::Left => cells.extend([LEFT].iter().chain(WAITS_IN_VAIN.get(band))),
        RequestEnd::LeftNobodyOnDuty => {
            cells.extend([LEFT_NOBODY_ON_DUTY].iter().chain(WAITS_IN_VAIN.get(band)));
        }
        RequestEnd::Refused => cells.push(REFUSED),
    }
    cells
}

/// Under a minute, under 5, under 15, longer.
fn wait_band(waited_seconds: u32) -> usize {
    [60, 5 * 60, 15 * 60].iter().filter(|limit| waited_seconds >= **limit).count()
}

#[cfg(test)]
mod tests;
