//! Sums that several relays add to, in a Redis: as names and numbers, each under the name of its label.

use std::collections::BTreeMap;

use vestibule_wire::{AuthorityKey, CATALOGUE, CELLS, Period, Table, Timestamp};

use super::batch::Released;
use super::book::BatchId;
use super::kept::{KeptPeriod, PERIODS_MAX};
use super::noise::Budget;
use super::period::Date;
use crate::ConfigError;
use crate::redis_store::{CountersBatch, RedisCounters};

/// Which day a period ends before.
const END: &str = "end";
/// Before the name of a node: how many minutes of the period it has covered.
const COVERED: &str = "covered_minutes:";
/// Before a budget: how many batches have noise of it.
const NOISE: &str = "noise:";
const MINUTE_SECONDS: u32 = 60;

/// Sums that several relays add to.
pub struct SharedSums {
    counters: RedisCounters,
    /// Which of them this is; empty for one that stands alone.
    node: String,
}

impl SharedSums {
    /// What a relay of this name adds to; one that stands alone has none.
    pub fn new(counters: RedisCounters, node: String) -> Self {
        Self { counters, node }
    }

    /// Where they are.
    pub(crate) fn counters(&self) -> &RedisCounters {
        &self.counters
    }

    /// Adds a batch, once, however often this is tried.
    pub(super) async fn add(
        &self,
        authority: AuthorityKey,
        id: BatchId,
        released: &Released,
    ) -> Result<(), ConfigError> {
        let (start, end) = (Date::of(released.span.start), Date::of(released.span.end));
        let covered = (format!("{COVERED}{}", self.node), i64::from(released.covered_minutes));
        let noise = (format!("{NOISE}{}", released.budget), 1);
        let sums = names().map(|(name, cell)| (name, i64::from(cell.sum(&released.sums))));
        let batch = CountersBatch {
            id,
            start: start.to_string(),
            end: end.to_string(),
            sums: [covered, noise].into_iter().chain(sums).filter(|(_, sum)| *sum != 0).collect(),
        };
        let added = self.counters.add(authority, &batch, PERIODS_MAX).await;
        added.map_err(ConfigError::IndicatorsRedis)
    }

    /// The periods of a service that begin in this time.
    pub(crate) async fn periods(
        &self,
        authority: AuthorityKey,
        (from, until): (Timestamp, Timestamp),
    ) -> Result<Vec<Period>, ConfigError> {
        let found = self.counters.periods(authority).await.map_err(ConfigError::IndicatorsRedis)?;
        let told = found.into_iter().filter_map(|(start, fields)| {
            let start = Date::parse(&start)?;
            let told = read(start, &fields)?.tell(start);
            (from..until).contains(&told.start).then_some(told)
        });
        Ok(told.take(PERIODS_MAX).collect())
    }
}

/// Every cell of the catalogue and its name.
fn names() -> impl Iterator<Item = (String, vestibule_wire::Cell)> {
    CATALOGUE.iter().flat_map(|table: &'static Table| {
        let labels = (0..table.len()).filter_map(|place| table.label(place));
        labels.zip(table.cells()).map(|(label, cell)| (format!("{}.{label}", table.name), cell))
    })
}

/// What stands under one period; `None` when no relay wrote that. What is not of the catalogue is not
/// told: a newer relay may have written it.
fn read(start: Date, fields: &BTreeMap<String, String>) -> Option<KeptPeriod> {
    let end = Date::parse(fields.get(END)?)?;
    let sums = Box::new([0; CELLS]);
    let mut period = KeptPeriod { end, covered_minutes: 0, noises: Vec::new(), sums };
    for (name, cell) in names() {
        let sum: i64 = fields.get(&name).map_or(Ok(0), |sum| sum.parse()).ok()?;
        let at_limit = if sum < 0 { i32::MIN } else { i32::MAX };
        cell.add(&mut period.sums, i32::try_from(sum).unwrap_or(at_limit));
    }
    let (mut covered, mut nodes) = (0_u64, 0_u64);
    for (name, value) in fields {
        if name.starts_with(COVERED) {
            let minutes: u64 = value.parse().ok()?;
            (covered, nodes) = (covered.saturating_add(minutes), nodes.saturating_add(1));
        } else if let Some(budget) = name.strip_prefix(NOISE) {
            let batches: u64 = value.parse().ok()?;
            period.note(Budget::parse(budget)?, u16::try_from(batches).unwrap_or(u16::MAX));
        }
    }
    // On average over those that have counted: what one lost is lost of its share.
    let covered = covered.checked_div(nodes).unwrap_or_default();
    let minutes = end.start().0.saturating_sub(start.start().0) / MINUTE_SECONDS;
    period.covered_minutes = u32::try_from(covered).unwrap_or(u32::MAX).min(minutes);
    Some(period)
}

#[cfg(test)]
mod tests;
