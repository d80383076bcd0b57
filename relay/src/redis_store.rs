//! The one module that speaks Redis, or Valkey. Without `[redis]` in `relay.toml` nothing of it runs.
//!
//! Every key that is ever written; `docs/operations.md` has the same table, and a test holds both against
//! what really appears:
//!
//! | key | type | time to live | content |
//! |---|---|---|---|
//! | `vestibule:{nodes}:names` | set | 1 day, renewed | names of nodes seen |
//! | `vestibule:{nodes}:node:NAME` | string | 10 s, renewed every 3 s | `on` or `draining` |
//! | `vestibule:n:HEX` | string | 30 s when claimed; until the link has expired, and 10 minutes, when confirmed | `HMAC(k, hash of the opening)[..16]` |
//! | `vestibule:s:HEX` | string | 1 day | 16 random bytes: who counts this slip |
//! | `vestibule:r:AUTHORITY` | string | 40 days, renewed | the service's signed list of revocations |
//! | `vestibule:c:{AUTHORITY}:periods` | set | none | the first days of the periods that are kept |
//! | `vestibule:c:{AUTHORITY}:PERIOD` | hash | none | sums by cell under noise, minutes covered, noises |
//! | `vestibule:c:{AUTHORITY}:b:HEX` | string | 40 days | empty: this batch was added |
//!
//! No cell, opening, token, route or address is ever among it. Redis is not trusted either: whatever it
//! answers is checked, and is no more than a name, a yes or no, a sum, or bytes that a service signed.

mod checks;
mod claims;
mod counters;
mod keeper;
mod keys;
mod link;
mod presence;
mod problem;
pub(crate) mod revocations;
mod server;
mod settings;
mod slips;
mod slots;
mod take;
mod topology;

pub(crate) use claims::{Claim, Claimed, Claims};
pub(crate) use counters::CountersBatch;
pub use counters::RedisCounters;
pub(crate) use keeper::{Keeper, Store, store};
pub use problem::RedisProblem;
pub use settings::RedisConfig;
pub(crate) use settings::{RedisAddress, RedisKind};
pub(crate) use slips::{SlipClaim, SlipClaims};

use crate::Config;
use crate::indicators::KeptIn;
use link::Keeps;
pub(crate) use link::Link;

/// Looks at Redis before anybody is served, wherever it is named.
///
/// # Errors
/// When it is set to what it may not be, or cannot be reached: the second passes by itself.
pub async fn look_at_redis(config: &Config) -> Result<(), RedisProblem> {
    if let Some(nodes) = &config.nodes {
        Link::to(&nodes.redis, Keeps::Nothing, 0).await?;
    }
    match config.indicators.as_ref().map(|indicators| &indicators.kept_in) {
        Some(KeptIn::Redis(shared)) => shared.counters().look().await,
        Some(KeptIn::File(_)) | None => Ok(()),
    }
}
