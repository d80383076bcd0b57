//! The one module that speaks Redis, or Valkey. Without `[redis]` in `relay.toml` nothing of it runs.
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
//! | `vestibule:c:{AUTHORITY}:b:HEX` | string | 1 day | empty: this batch was added |
//!
//! No cell, opening, token, route or address is ever among it. Redis is not trusted either: whatever it
//! answers is checked, and is no more than a name, a yes or no, a sum, or bytes that a service signed.

mod checks;
mod claims;
mod keeper;
mod keys;
mod link;
mod presence;
mod problem;
mod server;
mod settings;
mod slots;
mod topology;

pub(crate) use claims::{Claim, Claimed, Claims};
pub(crate) use keeper::{Keeper, Store, store};
pub use problem::RedisProblem;
pub use settings::RedisConfig;
pub(crate) use settings::{RedisAddress, RedisKind};

use crate::Config;
use link::Keeps;
pub(crate) use link::Link;

/// Looks at Redis before anybody is served.
///
/// # Errors
/// When it is set to what it may not be, or cannot be reached: the second passes by itself.
pub async fn look_at_redis(config: &Config) -> Result<(), RedisProblem> {
    match &config.nodes {
        Some(nodes) => Link::to(&nodes.redis, Keeps::Nothing, 0).await.map(drop),
        None => Ok(()),
    }
}
