//! Sums of the indicators, in place of a file: in a Redis of their own, which may keep them.
//!
//! There is no connection while nothing is written or read: that happens a few times a week.

use std::collections::BTreeMap;

use redis::{Value, from_redis_value, pipe};
use vestibule_wire::AuthorityKey;

use super::keys::{BATCH_SECONDS, batch, period, periods};
use super::link::{Keeps, Link};
use super::problem::RedisProblem;
use super::settings::RedisConfig;

/// Adds a batch, unless it was added before: a batch whose answer was lost is sent again.
const ADD: &str = "\
if not redis.call('SET', KEYS[1], '', 'NX', 'EX', ARGV[1]) then return 0 end
redis.call('SADD', KEYS[2], ARGV[2])
local before = redis.call('HGET', KEYS[3], 'end')
if not before or before < ARGV[3] then redis.call('HSET', KEYS[3], 'end', ARGV[3]) end
for place = 4, #ARGV, 2 do redis.call('HINCRBY', KEYS[3], ARGV[place], ARGV[place + 1]) end
return 1";

/// Where sums are.
#[derive(Clone)]
pub struct RedisCounters(RedisConfig);

/// A batch as it is added.
pub(crate) struct CountersBatch {
    /// Tells it from others; the same however often it is sent.
    pub(crate) id: [u8; 16],
    /// The first day of its period, which is its name.
    pub(crate) start: String,
    /// The day after its last.
    pub(crate) end: String,
    /// What is added to what.
    pub(crate) sums: Vec<(String, i64)>,
}

impl RedisCounters {
    /// Nothing is asked yet.
    pub(crate) fn new(config: RedisConfig) -> Self {
        Self(config)
    }

    /// Where it is.
    pub(crate) fn config(&self) -> &RedisConfig {
        &self.0
    }

    /// Whether it can be used.
    pub(crate) async fn look(&self) -> Result<(), RedisProblem> {
        self.link().await.map(drop)
    }

    /// Adds a batch.
    pub(crate) async fn add(
        &self,
        authority: AuthorityKey,
        added: &CountersBatch,
        periods_max: usize,
    ) -> Result<(), RedisProblem> {
        let link = self.link().await?;
        let CountersBatch { id, start, end, sums } = added;
        let [batch, all] = [batch(authority, id), periods(authority)];
        let mut commands = pipe();
        let script = commands.cmd("EVAL").arg(ADD).arg(3);
        script.arg(&batch).arg(&all).arg(period(authority, start));
        script.arg(BATCH_SECONDS).arg(start).arg(end);
        for (name, count) in sums {
            script.arg(name).arg(count);
        }
        link.write(&all, commands).await?;
        forget_oldest(&link, authority, periods_max).await
    }

    /// The periods of a service, as names and numbers; whoever asks knows which make sense.
    pub(crate) async fn periods(
        &self,
        authority: AuthorityKey,
    ) -> Result<BTreeMap<String, BTreeMap<String, String>>, RedisProblem> {
        let link = self.link().await?;
        let mut found = BTreeMap::new();
        for start in starts(&link, authority).await? {
            let mut question = pipe();
            question.cmd("HGETALL").arg(period(authority, &start));
            let fields = link.run(&periods(authority), &question).await?.into_iter().next();
            let fields = from_redis_value(fields.unwrap_or(Value::Nil));
            found.insert(start, fields.map_err(|_| RedisProblem::Strange)?);
        }
        Ok(found)
    }

    async fn link(&self) -> Result<Link, RedisProblem> {
        let mut found = Err(RedisProblem::NoMaster);
        for attempt in 0..self.0.addresses.len() {
            found = Link::to(&self.0, Keeps::Sums, attempt).await;
            if found.is_ok() {
                break;
            }
        }
        found
    }
}

/// Days sort as they are written.
async fn starts(link: &Link, authority: AuthorityKey) -> Result<Vec<String>, RedisProblem> {
    let all = periods(authority);
    let mut question = pipe();
    question.cmd("SMEMBERS").arg(&all);
    let found = link.run(&all, &question).await?.into_iter().next().unwrap_or(Value::Nil);
    let mut found: Vec<String> = from_redis_value(found).map_err(|_| RedisProblem::Strange)?;
    found.sort();
    Ok(found)
}

async fn forget_oldest(
    link: &Link,
    authority: AuthorityKey,
    periods_max: usize,
) -> Result<(), RedisProblem> {
    let found = starts(link, authority).await?;
    let too_many = found.len().saturating_sub(periods_max);
    for start in found.iter().take(too_many) {
        let all = periods(authority);
        let mut commands = pipe();
        commands.cmd("SREM").arg(&all).arg(start).ignore();
        commands.cmd("DEL").arg(period(authority, start)).ignore();
        link.write(&all, commands).await?;
    }
    Ok(())
}
