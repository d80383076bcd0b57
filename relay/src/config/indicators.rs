//! What the operator says about indicators.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Deserializer, de};

use super::ConfigError;
use crate::indicators::{
    Budget, Counting, EpsilonMillionths, IndicatorsConfig, IndicatorsFile, PeriodKind,
};

/// Where somebody may be.
const UTC_OFFSET_HOURS: std::ops::RangeInclusive<i8> = -12..=14;

/// `[indicators]`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IndicatorsToml {
    file: PathBuf,
    #[serde(default)]
    period: PeriodToml,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "lowercase")]
enum PeriodToml {
    #[default]
    Week,
    Month,
}

/// `[service.indicators]`
#[derive(Default)]
pub(super) struct CountingToml(pub(super) Counting);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CountingFields {
    epsilon: Option<f64>,
    #[serde(default)]
    exact: bool,
    #[serde(default)]
    utc_offset_hours: i8,
}

impl IndicatorsToml {
    pub(super) fn load(self, directory: &Path) -> Result<IndicatorsConfig, ConfigError> {
        let file = IndicatorsFile::read(&directory.join(self.file))?;
        let period = match self.period {
            PeriodToml::Week => PeriodKind::Week,
            PeriodToml::Month => PeriodKind::Month,
        };
        Ok(IndicatorsConfig { file, period })
    }
}

impl<'de> Deserialize<'de> for CountingToml {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let CountingFields { epsilon, exact, utc_offset_hours } =
            CountingFields::deserialize(deserializer)?;
        let budget = match (epsilon, exact) {
            (None, false) => Budget::default(),
            (None, true) => Budget::Exact,
            (Some(epsilon), false) => Budget::Epsilon(
                millionths(epsilon)
                    .ok_or_else(|| de::Error::custom("epsilon must be from 0.01 to 10"))?,
            ),
            (Some(_), true) => {
                return Err(de::Error::custom("counts are exact or have an epsilon, not both"));
            }
        };
        if !UTC_OFFSET_HOURS.contains(&utc_offset_hours) {
            return Err(de::Error::custom("utc_offset_hours must be from -12 to 14"));
        }
        Ok(Self(Counting { budget, utc_offset_hours }))
    }
}

/// What a decimal fraction says in millionths, so that nothing is computed with fractions later.
#[allow(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "what is out of range becomes the nearest number in it, and is refused as one"
)]
fn millionths(epsilon: f64) -> Option<EpsilonMillionths> {
    EpsilonMillionths::new((epsilon * 1_000_000.0).round() as u32)
}
