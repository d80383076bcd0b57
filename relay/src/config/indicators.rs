//! What the operator says about indicators.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Deserializer, de};

use super::ConfigError;
use super::nodes::Node;
use super::redis::RedisToml;
use crate::indicators::{
    Budget, Counting, EpsilonMillionths, IndicatorsConfig, IndicatorsFile, KeptIn, PeriodKind,
    SharedSums,
};
use crate::redis_store::RedisCounters;

/// Where somebody may be.
const UTC_OFFSET_HOURS: std::ops::RangeInclusive<i8> = -12..=14;

/// `[indicators]`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IndicatorsToml {
    file: Option<PathBuf>,
    redis: Option<RedisToml>,
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
    pub(super) fn load(
        self,
        nodes: Option<&Node>,
        directory: &Path,
    ) -> Result<IndicatorsConfig, ConfigError> {
        let wrong = |problem: &str| ConfigError::Nodes(format!("[indicators] {problem}"));
        let kept_in = match (self.file, self.redis) {
            (Some(_), None) if nodes.is_some() => {
                return Err(wrong("needs redis: a file would have what one node counts alone"));
            }
            (Some(file), None) => KeptIn::File(IndicatorsFile::read(&directory.join(file))?),
            (None, Some(redis)) if redis.secret_file.is_some() => {
                return Err(wrong("redis has no secret_file"));
            }
            (None, Some(redis)) => {
                let counters = RedisCounters::new(redis.load(directory)?);
                let node = nodes.map(|nodes| nodes.this.name.to_string());
                KeptIn::Redis(SharedSums::new(counters, node.unwrap_or_default()))
            }
            (None, None) | (Some(_), Some(_)) => return Err(wrong("needs file or redis")),
        };
        let period = match self.period {
            PeriodToml::Week => PeriodKind::Week,
            PeriodToml::Month => PeriodKind::Month,
        };
        Ok(IndicatorsConfig { kept_in, period })
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
