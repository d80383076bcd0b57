//! How far a published sum may be from the truth: the law of the noise that a relay adds.
//!
//! Each batch of a cell has two draws of the discrete Laplace law: one when it begins, one when it is
//! published. The law gives a whole number `k` with a probability proportional to `a^|k|`, where
//! `a = exp(-epsilon / factor)` (the factor is the table's).

use std::f64::consts::PI;

use vestibule_wire::{CATALOGUE, LABELS_PER_CONSULTATION_MAX, Noise, Period, Table};

/// Draws of a batch.
const DRAWS_PER_BATCH: u32 = 2;
/// Points at which the integral of the mean error is taken: enough for sums that are thousands wide.
const POINTS: u32 = 8_192;
/// Of a budget.
pub(crate) const MILLIONTHS: f64 = 1_000_000.0;

/// Some draws of one law.
#[derive(Debug, Clone, PartialEq)]
struct Draws {
    /// `a`.
    decay: f64,
    count: f64,
}

/// The noise of one cell, over some periods.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CellNoise(Vec<Draws>);

impl CellNoise {
    /// The noise of the sum of some cells of a table.
    pub(crate) fn of_cells(periods: &[Period], table: &Table, cells: usize) -> Self {
        if !table.is_about_clients() {
            return Self(Vec::new());
        }
        let noises = periods.iter().flat_map(|period| &period.noises);
        let cells = u32::try_from(cells).unwrap_or(u32::MAX);
        let draws = noises.filter_map(|noise| {
            let epsilon = epsilon(*noise)?;
            let count = f64::from(noise.batches) * f64::from(DRAWS_PER_BATCH) * f64::from(cells);
            Some(Draws { decay: decay(epsilon, table), count })
        });
        Self(draws.collect())
    }

    /// The square root of the mean of the squares: two of three published sums are nearer to the truth.
    pub(crate) fn expected_error(&self) -> f64 {
        let variance = |draws: &Draws| {
            let rest = 1.0 - draws.decay;
            draws.count * 2.0 * draws.decay / (rest * rest)
        };
        self.0.iter().map(variance).fold(0.0_f64, |sum, it| sum + it).sqrt()
    }

    /// The mean of the error without its sign, which a sum of whole numbers has by its characteristic
    /// function `f`: the integral of `(1 - f(t)) / (1 - cos t)` from 0 to pi, divided by pi.
    pub(crate) fn mean_error(&self) -> f64 {
        if self.0.is_empty() {
            return 0.0;
        }
        let at = |point: u32| {
            let angle = PI * (f64::from(point) + 0.5) / f64::from(POINTS);
            let one = |draws: &Draws| {
                let rest = 1.0 - draws.decay;
                let below = rest * rest + 2.0 * draws.decay * (1.0 - angle.cos());
                (rest * rest / below).ln() * draws.count
            };
            let logarithm: f64 = self.0.iter().map(one).sum();
            -logarithm.exp_m1() / (1.0 - angle.cos())
        };
        (0..POINTS).map(at).sum::<f64>() / f64::from(POINTS)
    }
}

fn epsilon(noise: Noise) -> Option<f64> {
    let used = noise.batches > 0 && noise.epsilon_millionths > 0;
    used.then(|| f64::from(noise.epsilon_millionths) / MILLIONTHS)
}

fn decay(epsilon: f64, table: &Table) -> f64 {
    (-epsilon * share(table)).exp()
}

/// The part of the budget that one cell of the table gets.
fn share(table: &Table) -> f64 {
    let (numerator, denominator) = table.noise_factor();
    f64::from(denominator) / f64::from(numerator)
}

/// What the noise protects, of one consultation.
#[derive(Debug, PartialEq)]
pub(crate) struct Budget {
    /// The different budgets of a table that the periods had, the smallest first.
    pub(crate) per_table: Vec<f64>,
    /// Whether some of it was counted without noise.
    pub(crate) some_exact: bool,
}

impl Budget {
    pub(crate) fn of(periods: &[Period]) -> Self {
        let noises = || periods.iter().flat_map(|period| &period.noises);
        let mut per_table: Vec<f64> = noises().copied().filter_map(epsilon).collect();
        per_table.sort_by(f64::total_cmp);
        per_table.dedup();
        let exact = |noise: &Noise| noise.batches > 0 && noise.epsilon_millionths == 0;
        Self { per_table, some_exact: noises().any(exact) }
    }

    /// The one that protects least.
    pub(crate) fn largest(&self) -> Option<f64> {
        self.per_table.last().copied()
    }
}

/// The tables that one consultation touches at most. A request waits until somebody answers, or in
/// vain: it is in one of the two.
pub(crate) fn tables_touched() -> impl Iterator<Item = &'static Table> {
    static TABLES: [Table; CATALOGUE.len()] = CATALOGUE;
    TABLES.iter().filter(|table| table.is_about_clients() && table.name != "wait_in_vain")
}

/// How many labels of a table one consultation has at most.
fn labels_max(table: &Table) -> u32 {
    let many = LABELS_PER_CONSULTATION_MAX.min(table.len());
    if table.many { u32::try_from(many).unwrap_or(u32::MAX) } else { 1 }
}

/// The budget over everything that one consultation touches at most: that of each table, as often as
/// it has labels there.
pub(crate) fn total_budget(per_table: f64) -> f64 {
    let of = |table: &Table| f64::from(labels_max(table)) * share(table) * per_table;
    tables_touched().map(of).sum()
}

/// How often somebody guesses right between two consultations of which all else is known, when they
/// look at one table: 0.5 is a coin.
pub(crate) fn right_guesses_one_table(per_table: f64) -> f64 {
    f64::midpoint(1.0, (per_table / 2.0).tanh())
}

/// The same when they lay all tables side by side and the two differ in every one of them.
///
/// Each cell in which the two differ votes for the right one with the odds `exp(epsilon)`; the votes of
/// tables of one label weigh 15, those of the others 8. Somebody who weighs them so cannot do better.
pub(crate) fn right_guesses_all_tables(per_table: f64) -> f64 {
    let votes = |many: bool| -> u32 {
        let tables = tables_touched().filter(|table| table.many == many);
        2 * tables.map(labels_max).sum::<u32>()
    };
    let (heavy, light) = (votes(false), votes(true));
    let (weight, light_weight) = (15, 8);
    let light_share = f64::from(light_weight) / f64::from(weight);
    let mut right = 0.0;
    for (heavy_for, chance) in (0..).zip(binomial(heavy, odds(per_table))) {
        let light_chances = binomial(light, odds(per_table * light_share));
        for (light_for, light_chance) in (0..).zip(light_chances) {
            let heavy_balance = 2 * heavy_for - heavy.cast_signed();
            let light_balance = 2 * light_for - light.cast_signed();
            let balance = weight * heavy_balance + light_weight * light_balance;
            right += chance * light_chance * f64::from(1 + balance.signum()) / 2.0;
        }
    }
    right
}

/// The chance of a right vote.
fn odds(epsilon: f64) -> f64 {
    1.0 / (1.0 + (-epsilon).exp())
}

/// The chances of none, one, two and so on out of `count`.
fn binomial(count: u32, chance: f64) -> Vec<f64> {
    let mut chances = vec![1.0];
    for _ in 0..count {
        let before = std::mem::take(&mut chances);
        let missed = before.iter().map(|it| it * (1.0 - chance)).chain([0.0]);
        let hit = [0.0].into_iter().chain(before.iter().map(|it| it * chance));
        chances = missed.zip(hit).map(|(missed, hit)| missed + hit).collect();
    }
    chances
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::samples;

    fn near(left: f64, right: f64, distance: f64) {
        assert!((left - right).abs() < distance, "{left} {right}");
    }

    fn table(name: &str) -> &'static Table {
        Table::named(name).unwrap()
    }

    /// By hand: a = exp(-0.25) = 0.7788, 2a / (1 - a)^2 = 31.8339, twice that is 63.6678.
    #[test]
    fn the_expected_error_of_one_batch() {
        let period = [samples::period(0, &[(250_000, 1)])];
        let noise = CellNoise::of_cells(&period, table("request"), 1);
        near(noise.expected_error(), 7.9792, 0.001);
        // a = exp(-0.25 * 8 / 15) = 0.87517, 2a / (1 - a)^2 = 112.3336, twice that is 224.667.
        let noise = CellNoise::of_cells(&period, table("need"), 1);
        near(noise.expected_error(), 14.989, 0.001);
    }

    #[test]
    fn batches_of_all_periods_add_up() {
        let periods = [
            samples::period(0, &[(250_000, 2), (0, 5)]),
            samples::period(1, &[(500_000, 1), (250_000, 1)]),
        ];
        let noise = CellNoise::of_cells(&periods, table("request"), 1);
        // a = exp(-0.5): 2a / (1 - a)^2 = 7.8354.
        near(noise.expected_error(), (6.0_f64 * 31.8339 + 2.0 * 7.8354).sqrt(), 0.001);
        let two = CellNoise::of_cells(&periods, table("request"), 2);
        near(two.expected_error(), noise.expected_error() * 2.0_f64.sqrt(), 0.000_001);
    }

    #[test]
    fn the_mean_error_is_that_of_the_law() {
        let period = [samples::period(0, &[(250_000, 1)])];
        let noise = CellNoise::of_cells(&period, table("request"), 1);
        near(noise.mean_error(), slow_mean_error(0.25, 2), 0.000_1);
        let periods: Vec<Period> =
            (0..5).map(|week| samples::period(week, &[(250_000, 1)])).collect();
        let noise = CellNoise::of_cells(&periods, table("request"), 1);
        near(noise.mean_error(), slow_mean_error(0.25, 10), 0.000_1);
    }

    /// Out of the law itself, draw by draw.
    fn slow_mean_error(epsilon: f64, draws: usize) -> f64 {
        let half = 300_i32;
        let decay = (-epsilon).exp();
        let law: Vec<f64> =
            (-half..=half).map(|k| (1.0 - decay) / (1.0 + decay) * decay.powi(k.abs())).collect();
        let mut sum = vec![1.0];
        for _ in 0..draws {
            let mut next = vec![0.0; sum.len() + law.len() - 1];
            for (place, chance) in sum.iter().enumerate() {
                for (step, other) in law.iter().enumerate() {
                    next[place + step] += chance * other;
                }
            }
            sum = next;
        }
        let draws = i32::try_from(draws).unwrap();
        let places = -half * draws..=half * draws;
        places.zip(sum).map(|(place, chance)| f64::from(place.abs()) * chance).sum()
    }

    #[test]
    fn exact_counts_and_hours_have_no_error() {
        let exact = [samples::period(0, &[(0, 3)])];
        let noise = CellNoise::of_cells(&exact, table("request"), 1);
        near(noise.expected_error() + noise.mean_error(), 0.0, 0.000_001);
        let noisy = [samples::period(0, &[(250_000, 3)])];
        let noise = CellNoise::of_cells(&noisy, table("staffed"), 1);
        near(noise.expected_error() + noise.mean_error(), 0.0, 0.000_001);
        assert!(Budget::of(&exact).some_exact);
        assert_eq!(Budget::of(&noisy), Budget { per_table: vec![0.25], some_exact: false });
    }

    #[test]
    fn what_the_budget_protects() {
        // 29 tables: 23 of one label at 0.25, six of up to three labels at 0.25 * 8 / 15 each.
        assert_eq!(tables_touched().count(), 29);
        near(total_budget(0.25), 23.0 * 0.25 + 6.0 * 3.0 * 0.25 * 8.0 / 15.0, 0.000_001);
        near(right_guesses_one_table(0.25), 0.5622, 0.000_1);
        let all = right_guesses_all_tables(0.25);
        // As many votes are nearly normal: (1 + erf(mean / deviation / sqrt 2)) / 2.
        near(all, 0.826, 0.003);
        near(right_guesses_all_tables(0.0), 0.5, 0.000_001);
        assert!(right_guesses_all_tables(2.0) > 0.999);
    }
}
