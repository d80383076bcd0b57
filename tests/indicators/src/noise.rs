//! The noise as the definition has it, computed here anew: what is measured is compared with this, and
//! the attackers know it.

use vestibule_wire::Table;

/// Nothing is further out than so many scales: e⁻⁶⁰ of it.
const SCALES_MAX: f64 = 60.0;

/// The distribution of a sum of discrete-Laplace draws of one scale. It is symmetrical.
#[derive(Clone)]
pub struct Noise {
    /// From `-reach` to `reach`.
    probabilities: Vec<f64>,
    reach: i64,
}

impl Noise {
    /// So many draws with P(k) proportional to e^(-|k| / scale).
    pub fn of(scale: f64, draws: u32) -> Self {
        let one = Self::one(scale);
        (1..draws).fold(one.clone(), |sum, _| sum.and(&one))
    }

    /// The noise of a cell of this table at this budget.
    pub fn of_table(table: &Table, epsilon: f64, draws: u32) -> Self {
        Self::of(scale_of(table, epsilon), draws)
    }

    fn one(scale: f64) -> Self {
        let ratio = (-1.0 / scale).exp();
        let reach = (scale * SCALES_MAX).ceil() as i64;
        let probability =
            |k: i64| (1.0 - ratio) / (1.0 + ratio) * ratio.powf(k.unsigned_abs() as f64);
        Self { probabilities: (-reach..=reach).map(probability).collect(), reach }
    }

    /// The sum with another noise.
    fn and(&self, other: &Self) -> Self {
        let reach = self.reach + other.reach;
        let mut probabilities = vec![0.0; (2 * reach + 1) as usize];
        for (at, p) in self.probabilities.iter().enumerate() {
            for (beside, q) in other.probabilities.iter().enumerate() {
                probabilities[at + beside] += p * q;
            }
        }
        Self { probabilities, reach }
    }

    /// P(noise = k).
    pub fn probability(&self, k: i64) -> f64 {
        let place = usize::try_from(k + self.reach).ok();
        // Where it cannot be told from nought it is not nought either: logarithms are taken of it.
        place.and_then(|place| self.probabilities.get(place)).copied().unwrap_or(0.0).max(1e-300)
    }

    /// P(noise ≤ k).
    pub fn up_to(&self, k: i64) -> f64 {
        let places = usize::try_from(k + self.reach + 1).unwrap_or(0);
        self.probabilities.iter().take(places).sum()
    }

    /// How much more likely a sum is if the noise is `if_true` rather than `if_false`: its logarithm.
    pub fn evidence(&self, if_true: i64, if_false: i64) -> f64 {
        (self.probability(if_true) / self.probability(if_false)).ln()
    }

    /// The mean of |noise|.
    pub fn mean_absolute(&self) -> f64 {
        self.values().map(|(k, p)| k.abs() as f64 * p).sum()
    }

    /// The mean of noise².
    pub fn variance(&self) -> f64 {
        self.values().map(|(k, p)| (k * k) as f64 * p).sum()
    }

    /// The least bound within which |noise| stays in this part of all cases.
    pub fn within(&self, part: f64) -> i64 {
        let mut inside = self.probability(0);
        let mut bound = 0;
        while inside < part && bound < self.reach {
            bound += 1;
            inside += self.probability(bound) + self.probability(-bound);
        }
        bound
    }

    /// What the best test gains of one cell to which a consultation adds 1, or does not: the largest
    /// difference between P(noise ≥ k) and P(noise ≥ k + 1).
    pub fn advantage_of_one(&self) -> f64 {
        self.probabilities.iter().copied().fold(0.0, f64::max)
    }

    fn values(&self) -> impl Iterator<Item = (i64, f64)> {
        (-self.reach..).zip(self.probabilities.iter().copied())
    }
}

/// By how much the noise of a table's cells is spread.
pub fn scale_of(table: &Table, epsilon: f64) -> f64 {
    let (numerator, denominator) = table.noise_factor();
    f64::from(numerator) / f64::from(denominator) / epsilon
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_draw_is_as_the_formulas_say() {
        let noise = Noise::of(4.0, 1);
        let (epsilon, ratio) = (0.25_f64, (-0.25_f64).exp());
        assert!((noise.advantage_of_one() - (epsilon / 2.0).tanh()).abs() < 1e-12);
        assert!((noise.variance() - 2.0 * ratio / (1.0 - ratio).powi(2)).abs() < 1e-9);
        assert!((noise.mean_absolute() - 2.0 * ratio / (1.0 - ratio * ratio)).abs() < 1e-9);
        assert!((noise.up_to(0) - noise.probability(0) - noise.up_to(-1)).abs() < 1e-12);
        assert!((noise.up_to(1_000) - 1.0).abs() < 1e-12);
        // Whatever a sum is, it is at most e^epsilon times as likely.
        assert!((noise.evidence(6, 7) - epsilon).abs() < 1e-9);
        assert!((noise.evidence(-7, -6) + epsilon).abs() < 1e-9);
    }

    #[test]
    fn draws_add_up() {
        let (one, two) = (Noise::of(4.0, 1), Noise::of(4.0, 2));
        assert!((two.variance() - 2.0 * one.variance()).abs() < 1e-6);
        assert!(two.advantage_of_one() < one.advantage_of_one());
        assert!(two.up_to(two.within(0.95)) - two.up_to(-two.within(0.95) - 1) >= 0.95);
    }
}
