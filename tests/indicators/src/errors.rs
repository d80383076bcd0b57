//! How far what is published is from the truth: measured on what a relay's file gained in cells to which
//! nothing was added, and compared with the law that it states.

use vestibule_wire::{CATALOGUE, Sums, Table};

use crate::noise::Noise;
use crate::question::DEFAULT_EPSILON;
use crate::statistics::misfit;

/// Tables in which nobody is counted while a relay is attacked.
const QUIET_ONE: [&str; 5] = ["subject", "channel", "language", "age", "gender"];
const QUIET_MANY: [&str; 3] = ["referral", "kit", "substance"];
/// A class of the comparison has at least so many in it.
const CLASS_MIN: f64 = 50.0;
/// Published weeks in a month of a report.
pub const WEEKS_PER_MONTH: usize = 4;

/// The noise of one batch of many cells.
#[derive(Default)]
pub struct Errors {
    /// Of tables of one label,
    one: Vec<i64>,
    /// and of many.
    many: Vec<i64>,
}

/// How far a number is off.
#[derive(Debug, Clone, Copy)]
pub struct Spread {
    /// The mean of the error without its sign, as measured,
    pub mean: f64,
    /// and as the law has it.
    pub stated: f64,
    /// 19 of 20 errors are not larger.
    pub p95: f64,
}

impl Errors {
    /// Adds what the file of a relay gained in one batch.
    pub fn add(&mut self, gained: &[Box<Sums>]) {
        for sums in gained {
            for table in &CATALOGUE {
                let errors = match () {
                    () if QUIET_ONE.contains(&table.name) => &mut self.one,
                    () if QUIET_MANY.contains(&table.name) => &mut self.many,
                    () => continue,
                };
                errors.extend(table.cells().map(|cell| i64::from(cell.sum(sums))));
            }
        }
    }

    /// Adds those of other batches.
    pub fn append(&mut self, other: Self) {
        self.one.extend(other.one);
        self.many.extend(other.many);
    }

    /// How many there are of each kind.
    pub fn count(&self) -> (usize, usize) {
        (self.one.len(), self.many.len())
    }

    /// How badly they fit the law of two draws, as normal deviates: tables of one label, and of many.
    pub fn misfits(&self) -> (f64, f64) {
        let fit = |errors: &[i64], many: bool| misfit_of(errors, &law(many, 2));
        (fit(&self.one, false), fit(&self.many, true))
    }

    /// The error of an estimate of so many consultations, out of so many published batches.
    pub fn spread(&self, many: bool, truth: i64, batches: usize) -> Spread {
        let errors = if many { &self.many } else { &self.one };
        let mut off: Vec<i64> = errors
            .chunks_exact(batches)
            .map(|noise| ((truth + noise.iter().sum::<i64>()).max(0) - truth).abs())
            .collect();
        off.sort_unstable();
        let mean = off.iter().sum::<i64>() as f64 / off.len().max(1) as f64;
        let p95 = off.get(off.len() * 19 / 20).copied().unwrap_or_default() as f64;
        let stated = law(many, 2 * batches as u32).mean_absolute();
        Spread { mean, stated, p95 }
    }
}

fn law(many: bool, draws: u32) -> Noise {
    let named = if many { "need" } else { "request" };
    Noise::of_table(Table::named(named).expect("of the catalogue"), DEFAULT_EPSILON, draws)
}

/// How badly errors fit a law, as a normal deviate of their chi-square.
pub fn misfit_of(errors: &[i64], law: &Noise) -> f64 {
    let count = errors.len() as f64;
    let mut classes: Vec<(u64, f64)> = Vec::new();
    let (mut observed, mut expected) = (0, 0.0);
    let mut sorted = errors.to_vec();
    sorted.sort_unstable();
    let reach = sorted.iter().map(|error| error.abs()).max().unwrap_or_default() + 1;
    let mut seen = 0;
    for error in -reach..=reach {
        let up_to = sorted.partition_point(|other| *other <= error);
        observed += (up_to - seen) as u64;
        expected += law.probability(error) * count;
        seen = up_to;
        if expected >= CLASS_MIN {
            classes.push((observed, expected));
            (observed, expected) = (0, 0.0);
        }
    }
    // What is left over goes to the last class.
    if let Some((last_observed, last_expected)) = classes.last_mut() {
        *last_observed += observed;
        *last_expected += expected;
    }
    misfit(&classes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Errors that follow a law, evenly.
    fn following(law: &Noise, count: usize) -> Vec<i64> {
        let quantile = |place: usize| {
            let part = (place as f64 + 0.5) / count as f64;
            (-500..500).find(|error| law.up_to(*error) >= part).unwrap()
        };
        (0..count).map(quantile).collect()
    }

    #[test]
    fn a_law_fits_itself_and_no_other() {
        let (one, many) = (law(false, 2), law(true, 2));
        assert!(misfit_of(&following(&one, 4_000), &one) < 0.0);
        assert!(misfit_of(&following(&one, 4_000), &many) > 4.0);
        assert!(misfit_of(&following(&one, 4_000), &law(false, 1)) > 4.0);
    }
}
