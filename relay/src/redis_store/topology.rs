//! Which masters there are, and which keys each holds.

use std::ops::RangeInclusive;

use redis::aio::MultiplexedConnection;
use redis::{Cmd, Value, cmd, from_redis_value};
use tokio::time::timeout;

use super::problem::RedisProblem;
use super::server::{ANSWER_TIMEOUT, As, connect};
use super::settings::{RedisAddress, RedisConfig, RedisKind};

/// Masters of a Cluster, and runs of slots, at most.
const RANGES_MAX: usize = 4_096;

/// A master and the slots that are its own.
pub(super) struct Shard {
    pub(super) address: RedisAddress,
    pub(super) slots: Vec<RangeInclusive<u16>>,
}

/// Finds them. `attempt` decides who is asked first: another one whenever it is another number.
pub(super) async fn masters(
    config: &RedisConfig,
    attempt: usize,
) -> Result<Vec<Shard>, RedisProblem> {
    let mut problem = RedisProblem::NoMaster;
    let count = config.addresses.len();
    for address in config.addresses.iter().cycle().skip(attempt % count.max(1)).take(count) {
        let found = match &config.kind {
            RedisKind::Single => Ok(vec![whole(address.clone())]),
            RedisKind::Sentinel { master } => ask_sentinel(config, address, master).await,
            RedisKind::Cluster => ask_member(config, address).await,
        };
        match found {
            Ok(found) => return Ok(found),
            // What one has answered tells more than that another is silent.
            Err(RedisProblem::Unreachable(_)) if problem != RedisProblem::NoMaster => {}
            Err(other) => problem = other,
        }
    }
    Err(problem)
}

fn whole(address: RedisAddress) -> Shard {
    Shard { address, slots: vec![0..=u16::MAX] }
}

async fn ask_sentinel(
    config: &RedisConfig,
    sentinel: &RedisAddress,
    master: &str,
) -> Result<Vec<Shard>, RedisProblem> {
    let mut connection = connect(config, sentinel, As::Nobody).await?;
    let question = cmd("SENTINEL").arg("GET-MASTER-ADDR-BY-NAME").arg(master).to_owned();
    let found: Option<(String, u16)> = ask(&mut connection, &question).await?;
    let (host, port) = found.ok_or(RedisProblem::UnknownMaster)?;
    Ok(vec![whole(RedisAddress { host, port, tls: sentinel.tls })])
}

async fn ask_member(
    config: &RedisConfig,
    member: &RedisAddress,
) -> Result<Vec<Shard>, RedisProblem> {
    let mut connection = connect(config, member, As::User).await?;
    let question = cmd("CLUSTER").arg("SLOTS").to_owned();
    let ranges: Vec<Value> = ask(&mut connection, &question).await?;
    let mut shards: Vec<Shard> = Vec::new();
    for range in ranges.into_iter().take(RANGES_MAX) {
        let (slots, address) = read_range(range, member).ok_or(RedisProblem::Strange)?;
        match shards.iter_mut().find(|shard| shard.address == address) {
            Some(shard) => shard.slots.push(slots),
            None => shards.push(Shard { address, slots: vec![slots] }),
        }
    }
    if shards.is_empty() { Err(RedisProblem::NoMaster) } else { Ok(shards) }
}

/// `start, end, master, replica …`, each server as `host, port, …`. A host that is not told is the one
/// that was asked.
fn read_range(range: Value, asked: &RedisAddress) -> Option<(RangeInclusive<u16>, RedisAddress)> {
    let parts: Vec<Value> = from_redis_value(range).ok()?;
    let mut parts = parts.into_iter();
    let start = from_redis_value(parts.next()?).ok()?;
    let end = from_redis_value(parts.next()?).ok()?;
    let master: Vec<Value> = from_redis_value(parts.next()?).ok()?;
    let mut master = master.into_iter();
    let host: Option<String> = from_redis_value(master.next()?).ok()?;
    let port = from_redis_value(master.next()?).ok()?;
    let host = host.filter(|host| !host.is_empty()).unwrap_or_else(|| asked.host.clone());
    Some((start..=end, RedisAddress { host, port, tls: asked.tls }))
}

/// Asks one question, and waits no longer than for any answer.
pub(super) async fn ask<T: redis::FromRedisValue>(
    connection: &mut MultiplexedConnection,
    question: &Cmd,
) -> Result<T, RedisProblem> {
    let answer = timeout(ANSWER_TIMEOUT, question.query_async(connection)).await;
    answer.map_err(|_| RedisProblem::Slow)?.map_err(RedisProblem::from)
}
