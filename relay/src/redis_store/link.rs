//! Connections to every master, and the way of each key.
//!
//! `WAIT` is promised to tell how many replicas have what *its own connection* wrote, and no more. So it
//! rides behind its write in one pipeline on one connection, and a write that failed is never
//! tried again here, on what may be another connection: whoever asked does that, or does without.

use std::ops::RangeInclusive;
use std::time::Duration;

use futures_util::future::try_join_all;
use redis::aio::MultiplexedConnection;
use redis::{Pipeline, Value, cmd, from_redis_value};
use tokio::time::timeout;

use super::checks;
use super::problem::RedisProblem;
use super::server::{ANSWER_TIMEOUT, As, connect};
use super::settings::RedisConfig;
use super::slots::slot;
use super::topology::{Shard, ask, masters};

/// How long replicas have to say that they have what was written.
const REPLICAS_TIMEOUT: Duration = Duration::from_millis(500);

/// Connections to every master.
#[derive(Clone)]
pub(crate) struct Link {
    masters: Vec<Master>,
    replicas: u32,
}

#[derive(Clone)]
struct Master {
    slots: Vec<RangeInclusive<u16>>,
    connection: MultiplexedConnection,
}

/// What a Redis may keep.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keeps {
    /// Nothing on any disk, and no claim may be lost by a failover.
    Nothing,
    /// What it likes: it holds sums under noise alone.
    Sums,
}

impl Link {
    /// Finds every master, looks at what it is set to, and stays connected. Another `attempt` asks
    /// another address first.
    pub(crate) async fn to(
        config: &RedisConfig,
        keeps: Keeps,
        attempt: usize,
    ) -> Result<Self, RedisProblem> {
        let shards = masters(config, attempt).await?;
        let masters = shards.into_iter().map(|Shard { address, slots }| async move {
            let mut connection = connect(config, &address, As::User).await?;
            checks::check(config, &address, &mut connection, keeps).await?;
            Ok::<_, RedisProblem>(Master { slots, connection })
        });
        Ok(Self { masters: try_join_all(masters).await?, replicas: config.replicas })
    }

    /// Whether every master answers.
    pub(crate) async fn ping(&self) -> Result<(), RedisProblem> {
        let pings = self.masters.iter().map(|master| async {
            let mut connection = master.connection.clone();
            ask::<Value>(&mut connection, &cmd("PING")).await
        });
        try_join_all(pings).await.map(drop)
    }

    /// Runs commands where a key is.
    pub(crate) async fn run(
        &self,
        key: &str,
        commands: &Pipeline,
    ) -> Result<Vec<Value>, RedisProblem> {
        let slot = slot(key);
        let holds = |master: &&Master| master.slots.iter().any(|range| range.contains(&slot));
        let master = self.masters.iter().find(holds).ok_or(RedisProblem::NoMaster)?;
        let mut connection = master.connection.clone();
        let answers = timeout(ANSWER_TIMEOUT, commands.query_async(&mut connection)).await;
        answers.map_err(|_| RedisProblem::Slow)?.map_err(RedisProblem::from)
    }

    /// The same, and sure that every replica has what was written. There must have been a write: what `WAIT`
    /// says behind anything else differs from one Redis to the other.
    pub(crate) async fn write(
        &self,
        key: &str,
        mut commands: Pipeline,
    ) -> Result<Vec<Value>, RedisProblem> {
        if self.replicas == 0 {
            return self.run(key, &commands).await;
        }
        let patience = u64::try_from(REPLICAS_TIMEOUT.as_millis()).unwrap_or(u64::MAX);
        commands.cmd("WAIT").arg(self.replicas).arg(patience);
        let mut answers = self.run(key, &commands).await?;
        let reached = answers.pop().ok_or(RedisProblem::Strange)?;
        let reached: u32 = from_redis_value(reached).map_err(|_| RedisProblem::Strange)?;
        if reached < self.replicas { Err(RedisProblem::FewReplicas) } else { Ok(answers) }
    }
}

#[cfg(test)]
mod tests;
