//! The numbers of a report: sums over periods with what is known of their error.

use vestibule_wire::{Cell, Period, Table, Timestamp};

use super::Report;
use super::noise::CellNoise;

/// What readers are shown instead of a smaller number.
pub(crate) const SMALLEST_SHOWN: i64 = 5;

/// One sum, as it was published.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Figure {
    /// With its noise: it may be below nought.
    pub(crate) raw: i64,
    /// The square root of the mean of the squares of the noise; nought for exact counts.
    pub(crate) expected_error: f64,
    about_clients: bool,
    noise: CellNoise,
}

impl Figure {
    /// The estimate: nothing is less than nought.
    pub(crate) fn value(&self) -> i64 {
        self.raw.max(0)
    }

    /// Whether readers are shown "under 5". Noise makes small numbers of none; where there is none,
    /// nought says only that nobody came.
    pub(crate) fn is_under_5(&self) -> bool {
        let smallest = if self.is_exact() { 1 } else { i64::MIN };
        self.about_clients && (smallest..SMALLEST_SHOWN).contains(&self.raw)
    }

    /// The mean of the noise without its sign.
    pub(crate) fn mean_error(&self) -> f64 {
        self.noise.mean_error()
    }

    pub(crate) fn is_exact(&self) -> bool {
        self.expected_error == 0.0
    }
}

/// A count, for reckoning.
#[allow(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
pub(crate) fn real(count: i64) -> f64 {
    count as f64
}

/// The sum of one cell over some periods.
pub(crate) fn figure(periods: &[Period], cell: Cell) -> Figure {
    let (table, _) = cell.table();
    total(periods, table, &[cell])
}

/// The sum of some cells of a table over some periods.
pub(crate) fn total(periods: &[Period], table: &Table, cells: &[Cell]) -> Figure {
    let counted = |period: &Period| -> i64 {
        let sum = |cell: &Cell| period.sums.get(cell.index()).copied().unwrap_or_default();
        cells.iter().map(|cell| i64::from(sum(cell))).sum()
    };
    let noise = CellNoise::of_cells(periods, table, cells.len());
    Figure {
        raw: periods.iter().map(counted).sum(),
        expected_error: noise.expected_error(),
        about_clients: table.is_about_clients(),
        noise,
    }
}

/// How much of the periods was counted and not lost; nought when there are none.
pub(crate) fn completeness(periods: &[Period]) -> f64 {
    let minutes = |period: &Period| f64::from(seconds(period) / 60);
    let whole: f64 = periods.iter().map(minutes).sum();
    // A relay that says more than there was is not more complete for it.
    let covered = |period: &Period| f64::from(period.covered_minutes).min(minutes(period));
    let covered: f64 = periods.iter().map(covered).sum();
    if whole > 0.0 { covered / whole } else { 0.0 }
}

fn seconds(period: &Period) -> u32 {
    period.end.0.saturating_sub(period.start.0)
}

impl Report {
    /// One cell over all periods.
    pub(crate) fn figure(&self, cell: Cell) -> Figure {
        figure(&self.periods, cell)
    }

    /// All cells of a table over all periods.
    pub(crate) fn total(&self, table: &Table) -> Figure {
        total(&self.periods, table, &table.cells().collect::<Vec<_>>())
    }

    /// From the beginning of the first period to the end of the last.
    pub(crate) fn span(&self) -> (Timestamp, Timestamp) {
        let first = self.periods.iter().map(|period| period.start).min();
        let last = self.periods.iter().map(|period| period.end).max();
        (first.unwrap_or(self.from), last.unwrap_or(self.until))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::samples;

    const ONE_TIME: Cell = Cell::of("request", "one_time");
    const STAFFED: Cell = Cell::of("staffed", "night");

    #[test]
    fn sums_are_taken_before_anything_is_cut_off() {
        let mut periods = vec![
            samples::period(0, &[(250_000, 1)]),
            samples::period(1, &[(250_000, 1)]),
            samples::period(2, &[(250_000, 1)]),
        ];
        for (period, sum) in periods.iter_mut().zip([-9, 20, -4]) {
            period.sums[ONE_TIME.index()] = sum;
        }
        let all = figure(&periods, ONE_TIME);
        assert_eq!((all.raw, all.value(), all.is_under_5()), (7, 7, false));
        assert!((all.expected_error - (6.0_f64 * 31.8339).sqrt()).abs() < 0.001);
        let first = figure(&periods[..1], ONE_TIME);
        assert_eq!((first.raw, first.value(), first.is_under_5()), (-9, 0, true));
        let mut report = samples::report(periods);
        report.periods[0].sums[Cell::of("request", "door").index()] = 3;
        assert_eq!(report.total(Table::named("request").unwrap()).raw, 10);
    }

    #[test]
    fn nought_is_shown_where_it_is_exact() {
        let mut exact = samples::period(0, &[(0, 1)]);
        for (sum, under) in [(0, false), (1, true), (4, true), (5, false)] {
            exact.sums[ONE_TIME.index()] = sum;
            assert_eq!(figure(&[exact.clone()], ONE_TIME).is_under_5(), under, "{sum}");
        }
        let mut noisy = samples::period(0, &[(250_000, 1)]);
        noisy.sums[STAFFED.index()] = 2;
        for (sum, under) in [(0, true), (4, true), (5, false)] {
            noisy.sums[ONE_TIME.index()] = sum;
            assert_eq!(figure(&[noisy.clone()], ONE_TIME).is_under_5(), under, "{sum}");
        }
        // Hours are about nobody.
        assert!(!figure(&[noisy], STAFFED).is_under_5());
    }

    #[test]
    fn completeness_is_of_the_minutes() {
        let mut periods = vec![samples::period(0, &[]), samples::period(1, &[])];
        assert!((completeness(&periods) - 1.0).abs() < 0.000_001);
        periods[1].covered_minutes = 2_520;
        assert!((completeness(&periods) - 0.625).abs() < 0.000_001);
        periods[0].covered_minutes = u32::MAX;
        assert!((completeness(&periods) - 0.625).abs() < 0.000_001);
        assert!(completeness(&[]).abs() < 0.000_001);
    }
}
