//! Noise for what is counted about clients, drawn from the operating system and forgotten. The sampler is
//! exact: no floating point, whose gaps would tell what was added to what.

use prio::dp::Rational;
use prio::dp::distributions::DiscreteLaplace;
use rand::Rng;
use rand::distr::Distribution;
use vestibule_wire::{CATALOGUE, Sums, Table};

const MILLION: u32 = 1_000_000;

/// How much one consultation may show in one table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Budget {
    /// Counts stand as they are.
    Exact,
    /// Epsilon of each table, in millionths.
    Epsilon(EpsilonMillionths),
}

/// An epsilon that somebody may want.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct EpsilonMillionths(u32);

impl EpsilonMillionths {
    /// What a service gets that says nothing: 0.25.
    pub const DEFAULT: Self = Self(250_000);
    /// With less nobody can read a count of a thousand.
    const MIN: u32 = 10_000;
    /// With more the noise is next to none; whoever wants that says `exact`.
    const MAX: u32 = 10_000_000;

    /// Takes one from 0.01 to 10.
    pub fn new(millionths: u32) -> Option<Self> {
        (Self::MIN..=Self::MAX).contains(&millionths).then_some(Self(millionths))
    }

    /// The number.
    pub fn get(self) -> u32 {
        self.0
    }
}

impl Default for Budget {
    fn default() -> Self {
        Self::Epsilon(EpsilonMillionths::DEFAULT)
    }
}

impl Budget {
    /// Its number on the wire: nought for exact counts.
    pub(crate) fn millionths(self) -> u32 {
        match self {
            Self::Exact => 0,
            Self::Epsilon(epsilon) => epsilon.0,
        }
    }

    /// By how much a cell of a table is wrong on average after so many batches: each adds noise when it
    /// begins and again when it is told.
    pub fn expected_error(self, table: &Table, batches: u16) -> f64 {
        match self {
            Self::Epsilon(epsilon) if table.is_about_clients() && batches > 0 => {
                let (numerator, denominator) = table.noise_factor();
                let scale = f64::from(numerator) * f64::from(MILLION)
                    / (f64::from(denominator) * f64::from(epsilon.0));
                mean_distance(scale, 2 * u32::from(batches))
            }
            Self::Exact | Self::Epsilon(_) => 0.0,
        }
    }

    /// Adds noise to every cell that is about clients.
    pub(crate) fn disturb(self, sums: &mut Sums, rng: &mut dyn Rng) {
        let Self::Epsilon(epsilon) = self else { return };
        for table in CATALOGUE.iter().filter(|table| table.is_about_clients()) {
            let laplace = laplace(epsilon, table.noise_factor());
            for cell in table.cells() {
                cell.add(sums, draw(&laplace, rng));
            }
        }
    }
}

/// Mean distance from nought of the sum of `n` Laplace variables: `b · 2n · C(2n, n) / 4ⁿ`.
fn mean_distance(scale: f64, n: u32) -> f64 {
    (1..=n).fold(2.0 * f64::from(n) * scale, |mean, k| {
        mean * (2.0 * f64::from(k) - 1.0) / (2.0 * f64::from(k))
    })
}

/// The law by which a table's cells are disturbed: `k` has a probability in proportion to
/// `exp(-|k| · epsilon / factor)`.
pub(crate) fn laplace(epsilon: EpsilonMillionths, factor: (u32, u32)) -> DiscreteLaplace {
    let numerator = u128::from(factor.0) * u128::from(MILLION);
    let denominator = u128::from(factor.1) * u128::from(epsilon.0);
    let scale = Rational::from_unsigned(numerator, denominator);
    scale.and_then(DiscreteLaplace::new).expect("a budget and a factor are above nought")
}

/// One draw.
pub(crate) fn draw(laplace: &DiscreteLaplace, rng: &mut dyn Rng) -> i32 {
    let drawn = laplace.sample(rng);
    let at_limit = if drawn < 0.into() { i32::MIN } else { i32::MAX };
    i32::try_from(drawn).unwrap_or(at_limit)
}

#[cfg(test)]
mod tests;
