//! What must hold between tables: whatever was held was answered, and whatever was answered was asked.

use vestibule_wire::{Cell, Table};

use super::Report;
use super::figures::{Figure, real};

/// So many expected errors of their difference lie between two sums before it is said that they do not
/// agree: by chance alone it happens once in forty times.
pub(crate) const ERRORS: f64 = 2.0;

/// Two sums of which one cannot be larger than the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Check {
    /// Consultations held, and requests answered.
    HeldIsAnswered,
    /// Requests answered, and requests.
    AnsweredIsAsked,
}

impl Check {
    pub(crate) const ALL: [Self; 2] = [Self::HeldIsAnswered, Self::AnsweredIsAsked];

    /// Its name in files, and in the texts.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::HeldIsAnswered => "held-is-answered",
            Self::AnsweredIsAsked => "answered-is-asked",
        }
    }

    /// The smaller and the larger.
    pub(crate) fn figures(self, report: &Report) -> (Figure, Figure) {
        match self {
            Self::HeldIsAnswered => (held(report), answered(report)),
            Self::AnsweredIsAsked => (answered(report), requests(report)),
        }
    }

    /// Whether the two agree, as far as noise lets one say.
    pub(crate) fn holds(self, report: &Report) -> bool {
        let (smaller, larger) = self.figures(report);
        let beyond = smaller.raw.saturating_sub(larger.raw);
        let error = smaller.expected_error.hypot(larger.expected_error);
        real(beyond) <= ERRORS * error
    }
}

pub(crate) fn held(report: &Report) -> Figure {
    report.figure(Cell::of("consultation", "held"))
}

pub(crate) fn answered(report: &Report) -> Figure {
    report.figure(Cell::of("request_end", "answered"))
}

pub(crate) fn requests(report: &Report) -> Figure {
    report.total(Table::named("request").expect("a constant of the catalogue"))
}

/// How many of a hundred requests were answered; nothing when there were hardly any.
pub(crate) fn answered_percent(report: &Report) -> Option<i64> {
    let (answered, requests) = (answered(report), requests(report));
    let shown = !requests.is_under_5() && requests.value() > 0;
    shown.then(|| (answered.value() * 100 / requests.value()).min(100))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::samples;

    fn report(noise: &[(u32, u16)], asked: [i32; 2], answered: i32, held: i32) -> Report {
        let mut period = samples::period(0, noise);
        period.sums[Cell::of("request", "one_time").index()] = asked[0];
        period.sums[Cell::of("request", "door").index()] = asked[1];
        period.sums[Cell::of("request_end", "answered").index()] = answered;
        period.sums[Cell::of("consultation", "held").index()] = held;
        samples::report(vec![period])
    }

    fn flags(report: &Report) -> Vec<Check> {
        Check::ALL.into_iter().filter(|check| !check.holds(report)).collect()
    }

    #[test]
    fn exact_counts_are_held_to_it_by_one() {
        let exact = [(0, 1)];
        assert_eq!(flags(&report(&exact, [60, 40], 90, 90)), []);
        assert_eq!(flags(&report(&exact, [60, 40], 90, 91)), [Check::HeldIsAnswered]);
        assert_eq!(flags(&report(&exact, [60, 29], 90, 80)), [Check::AnsweredIsAsked]);
    }

    /// Two errors of 7.979 each make 11.28, twice that is 22.57; with three cells 13.82 and 27.64.
    #[test]
    fn noise_may_be_the_reason() {
        let noisy = [(250_000, 1)];
        assert_eq!(flags(&report(&noisy, [60, 40], 90, 112)), []);
        assert_eq!(flags(&report(&noisy, [60, 40], 90, 113)), [Check::HeldIsAnswered]);
        assert_eq!(flags(&report(&noisy, [60, 40], 127, 90)), []);
        assert_eq!(flags(&report(&noisy, [60, 40], 128, 90)), [Check::AnsweredIsAsked]);
    }

    #[test]
    fn percents_are_of_the_requests() {
        let exact = [(0, 1)];
        assert_eq!(answered_percent(&report(&exact, [60, 40], 87, 0)), Some(87));
        assert_eq!(answered_percent(&report(&exact, [0, 0], 0, 0)), None);
        assert_eq!(answered_percent(&report(&exact, [2, 0], 1, 0)), None);
        assert_eq!(answered_percent(&report(&[(250_000, 1)], [60, 40], 120, 0)), Some(100));
    }
}
