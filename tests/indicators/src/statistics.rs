//! What is concluded from many trials, with its error.

/// The normal law has 19 of 20 within.
const DEVIATIONS_OF_19_IN_20: f64 = 1.96;

/// What an attacker said in trials whose answers were known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Verdicts {
    said_yes_rightly: u64,
    were_true: u64,
    said_yes_wrongly: u64,
    were_false: u64,
}

impl Verdicts {
    /// One trial: what was so, and what the attacker said.
    pub fn add(&mut self, so: bool, said: bool) {
        let (all, yes) = if so {
            (&mut self.were_true, &mut self.said_yes_rightly)
        } else {
            (&mut self.were_false, &mut self.said_yes_wrongly)
        };
        *all += 1;
        *yes += u64::from(said);
    }

    /// All of them.
    pub fn count(&self) -> u64 {
        self.were_true + self.were_false
    }

    /// True positives less false positives: 0 is a coin, 1 is knowing.
    pub fn advantage(&self) -> f64 {
        part(self.said_yes_rightly, self.were_true) - part(self.said_yes_wrongly, self.were_false)
    }

    /// The standard error of that.
    pub fn standard_error(&self) -> f64 {
        let variance = |yes, all| {
            let p = part(yes, all);
            p * (1.0 - p) / all.max(1) as f64
        };
        let (true_ones, false_ones) = (
            variance(self.said_yes_rightly, self.were_true),
            variance(self.said_yes_wrongly, self.were_false),
        );
        (true_ones + false_ones).sqrt()
    }

    /// What the true advantage is in 19 of 20 such measurements.
    pub fn interval(&self) -> (f64, f64) {
        let reach = DEVIATIONS_OF_19_IN_20 * self.standard_error();
        (self.advantage() - reach, self.advantage() + reach)
    }

    /// How far it is from what is expected, in standard errors.
    pub fn deviation(&self, expected: f64) -> f64 {
        (self.advantage() - expected) / self.standard_error()
    }

    /// Both sets of trials together.
    pub fn merge(&mut self, other: &Self) {
        self.said_yes_rightly += other.said_yes_rightly;
        self.were_true += other.were_true;
        self.said_yes_wrongly += other.said_yes_wrongly;
        self.were_false += other.were_false;
    }
}

fn part(some: u64, all: u64) -> f64 {
    some as f64 / all.max(1) as f64
}

/// How badly observed counts fit expected ones: the normal deviate that a chi-square of so many classes
/// stands for. Beyond 4 chance is no excuse.
pub fn misfit(classes: &[(u64, f64)]) -> f64 {
    let term = |(observed, expected): &(u64, f64)| (*observed as f64 - expected).powi(2) / expected;
    normal_deviate(classes.iter().map(term).sum(), classes.len() - 1)
}

/// The same of measurements, from how far each is off, in its standard errors.
pub fn misfit_of_deviations(deviations: &[f64]) -> f64 {
    normal_deviate(deviations.iter().map(|off| off.powi(2)).sum(), deviations.len())
}

/// Wilson and Hilferty.
fn normal_deviate(chi_square: f64, freedom: usize) -> f64 {
    let freedom = freedom as f64;
    let spread = 2.0 / (9.0 * freedom);
    ((chi_square / freedom).cbrt() - (1.0 - spread)) / spread.sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_advantage_is_between_a_coins_and_knowing() {
        let (mut knowing, mut deaf) = (Verdicts::default(), Verdicts::default());
        for so in [true, false, true, false] {
            knowing.add(so, so);
            deaf.add(so, true);
        }
        assert!((knowing.advantage() - 1.0).abs() < 1e-9 && knowing.standard_error() < 1e-9);
        assert!(deaf.advantage().abs() < 1e-9);
        knowing.merge(&deaf);
        assert!((knowing.advantage() - 0.5).abs() < 1e-9 && knowing.count() == 8);
    }

    #[test]
    fn a_misfit_shows() {
        assert!(misfit(&[(25, 25.0), (24, 25.0), (27, 25.0), (24, 25.0)]) < 0.0);
        assert!(misfit(&[(45, 25.0), (5, 25.0), (25, 25.0), (25, 25.0)]) > 4.0);
        assert!(misfit_of_deviations(&[0.9, -1.1, 0.2, -1.0]) < 0.5);
        assert!(misfit_of_deviations(&[3.0, -3.0, 3.0, 3.0]) > 4.0);
    }
}
