//! Which nodes there are: each says so every few seconds, and is forgotten when it does not.

use std::collections::BTreeSet;

use redis::{Value, from_redis_value, pipe};

use super::keys::{NAMES, NAMES_SECONDS, PRESENT_SECONDS, node};
use super::link::Link;
use super::problem::RedisProblem;
use crate::nodes::NodeName;

const ON: &str = "on";
const DRAINING: &str = "draining";
/// Names that are asked about at most: those of nodes that were renamed stay for a day.
const NAMES_ASKED_MAX: usize = 256;

/// Says that a node is there, sure that replicas have heard it; returns which nodes take people.
pub(super) async fn beat(
    link: &Link,
    name: &NodeName,
    is_draining: bool,
) -> Result<BTreeSet<NodeName>, RedisProblem> {
    let state = if is_draining { DRAINING } else { ON };
    let mut commands = pipe();
    commands.cmd("SADD").arg(NAMES).arg(name.as_str()).ignore();
    commands.cmd("EXPIRE").arg(NAMES).arg(NAMES_SECONDS).ignore();
    commands.cmd("SET").arg(node(name)).arg(state).arg("EX").arg(PRESENT_SECONDS).ignore();
    commands.cmd("SMEMBERS").arg(NAMES);
    let seen = link.write(NAMES, commands).await?.into_iter().next();
    let seen: Vec<Vec<u8>> = read(seen.unwrap_or(Value::Nil))?;
    let names: Vec<NodeName> =
        seen.iter().filter_map(|name| name_of(name)).take(NAMES_ASKED_MAX).collect();
    if names.is_empty() {
        return Err(RedisProblem::Strange);
    }
    let mut question = pipe();
    question.cmd("MGET").arg(names.iter().map(node).collect::<Vec<_>>());
    let states = link.run(NAMES, &question).await?.into_iter().next();
    let states: Vec<Option<Vec<u8>>> = read(states.unwrap_or(Value::Nil))?;
    let present = names.into_iter().zip(states);
    Ok(present.filter(|(_, state)| is_on(state.as_deref())).map(|(name, _)| name).collect())
}

fn name_of(bytes: &[u8]) -> Option<NodeName> {
    str::from_utf8(bytes).ok().and_then(NodeName::new)
}

fn is_on(state: Option<&[u8]>) -> bool {
    state == Some(ON.as_bytes())
}

fn read<T: redis::FromRedisValue>(value: Value) -> Result<T, RedisProblem> {
    from_redis_value(value).map_err(|_| RedisProblem::Strange)
}
