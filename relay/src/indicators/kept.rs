//! What the file keeps: sums by cell, and nothing that could be text of a person.

use std::collections::BTreeMap;

use vestibule_wire::{AuthorityKey, CELLS, NOISES_MAX, Noise, Period, Sums, Timestamp};

use super::batch::Released;
use super::noise::Budget;
use super::period::Date;

/// Periods of one service that are kept: ten years of months, or more than two years of weeks.
pub(crate) const PERIODS_MAX: usize = 120;

/// The periods of all services, by the bytes of their authority keys and by their first days.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Kept(pub(super) BTreeMap<[u8; 32], Periods>);

/// The periods of one service.
pub(crate) type Periods = BTreeMap<Date, KeptPeriod>;

/// The sums of one period.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct KeptPeriod {
    pub(super) end: Date,
    pub(super) covered_minutes: u32,
    /// Which noise its batches have; one for each budget.
    pub(super) noises: Vec<(Budget, u16)>,
    pub(super) sums: Box<Sums>,
}

impl Kept {
    /// Adds a batch.
    pub(crate) fn add(&mut self, authority: AuthorityKey, batch: &Released) {
        let periods = self.0.entry(*authority.as_bytes()).or_default();
        let (start, end) = (Date::of(batch.span.start), Date::of(batch.span.end));
        let period = periods.entry(start).or_insert_with(|| KeptPeriod {
            end,
            covered_minutes: 0,
            noises: Vec::new(),
            sums: Box::new([0; CELLS]),
        });
        period.add(batch);
        while periods.len() > PERIODS_MAX {
            periods.pop_first();
        }
    }

    /// The periods of a service that begin in this time, as they are told.
    pub(crate) fn periods(
        &self,
        authority: AuthorityKey,
        (from, until): (Timestamp, Timestamp),
    ) -> Vec<Period> {
        let periods = self.0.get(authority.as_bytes()).into_iter().flatten();
        let told = periods.map(|(start, period)| period.tell(*start));
        told.filter(|period| (from..until).contains(&period.start)).collect()
    }
}

impl KeptPeriod {
    fn add(&mut self, batch: &Released) {
        // Of a period that was once a week and once a month, the longer is told.
        self.end = self.end.max(Date::of(batch.span.end));
        let minutes = self.end.start().0.saturating_sub(batch.span.start.0) / 60;
        self.covered_minutes =
            self.covered_minutes.saturating_add(batch.covered_minutes).min(minutes);
        self.note(batch.budget, 1);
        for (sum, count) in self.sums.iter_mut().zip(batch.sums.iter()) {
            *sum = sum.saturating_add(*count);
        }
    }

    /// When there is no place for another budget, its batches are told as some with the least noise of all:
    /// no more protection is claimed than there is.
    pub(super) fn note(&mut self, budget: Budget, batches: u16) {
        let same = self.noises.iter().position(|(noted, _)| *noted == budget);
        let has_place = self.noises.len() < NOISES_MAX;
        let least_noise = |noises: &[(Budget, u16)]| {
            (0..noises.len()).min_by_key(|place| match noises.get(*place) {
                Some((Budget::Epsilon(epsilon), _)) => u32::MAX - epsilon.get(),
                Some((Budget::Exact, _)) | None => 0,
            })
        };
        match same.or_else(|| if has_place { None } else { least_noise(&self.noises) }) {
            Some(place) => {
                if let Some((_, noted)) = self.noises.get_mut(place) {
                    *noted = noted.saturating_add(batches);
                }
            }
            None => self.noises.push((budget, batches)),
        }
    }

    pub(super) fn tell(&self, start: Date) -> Period {
        let mut noises = [Noise::default(); NOISES_MAX];
        for (noise, (budget, batches)) in noises.iter_mut().zip(&self.noises) {
            *noise = Noise { epsilon_millionths: budget.millionths(), batches: *batches };
        }
        Period {
            start: start.start(),
            end: self.end.start(),
            covered_minutes: self.covered_minutes,
            noises,
            sums: self.sums.clone(),
        }
    }
}

#[cfg(test)]
mod tests;
