//! What Redis is set to, before it is told anything: nothing that nodes share may reach a disk, and no
//! replica may take over that lacks a claim.

use std::collections::BTreeMap;

use redis::aio::MultiplexedConnection;
use redis::{Value, cmd, from_redis_value};

use super::link::Keeps;
use super::problem::RedisProblem;
use super::server::{As, connect};
use super::settings::{RedisAddress, RedisConfig};
use super::topology::ask;

/// Looks at a master and its replicas.
pub(super) async fn check(
    config: &RedisConfig,
    master: &RedisAddress,
    connection: &mut MultiplexedConnection,
    keeps: Keeps,
) -> Result<(), RedisProblem> {
    let replicas = replicas_of(connection, master.tls).await?;
    if keeps == Keeps::Sums {
        return Ok(());
    }
    if replicas.len() > usize::try_from(config.replicas).unwrap_or(usize::MAX) {
        return Err(RedisProblem::Replicas {
            at: master.to_string(),
            connected: replicas.len(),
            waited_for: config.replicas,
        });
    }
    let is_replicated = config.replicas > 0;
    check_settings(master, connection, is_replicated).await?;
    for replica in replicas {
        let mut connection = connect(config, &replica, As::User).await?;
        check_settings(&replica, &mut connection, is_replicated).await?;
    }
    Ok(())
}

/// The replicas that are connected to a master; an error when it is none.
async fn replicas_of(
    connection: &mut MultiplexedConnection,
    tls: bool,
) -> Result<Vec<RedisAddress>, RedisProblem> {
    let role: Vec<Value> = ask(connection, &cmd("ROLE")).await?;
    let mut role = role.into_iter();
    let name: Option<String> = role.next().and_then(|name| from_redis_value(name).ok());
    if name.as_deref() != Some("master") {
        return Err(RedisProblem::NoMaster);
    }
    let replicas = role.nth(1).ok_or(RedisProblem::Strange)?;
    let replicas: Vec<(String, u16, Value)> =
        from_redis_value(replicas).map_err(|_| RedisProblem::Strange)?;
    Ok(replicas.into_iter().map(|(host, port, _)| RedisAddress { host, port, tls }).collect())
}

async fn check_settings(
    at: &RedisAddress,
    connection: &mut MultiplexedConnection,
    is_replicated: bool,
) -> Result<(), RedisProblem> {
    let settings: BTreeMap<String, String> =
        ask(connection, cmd("CONFIG").arg("GET").arg(&NAMES)).await?;
    match wrong_setting(&settings, is_replicated) {
        None => Ok(()),
        Some(setting) => {
            Err(RedisProblem::Setting { at: at.to_string(), setting: setting.to_owned() })
        }
    }
}

const SAVE: &str = "save";
const APPEND_ONLY: &str = "appendonly";
const DISKLESS_SYNC: &str = "repl-diskless-sync";
const DISKLESS_LOAD: &str = "repl-diskless-load";
const NAMES: [&str; 4] = [SAVE, APPEND_ONLY, DISKLESS_SYNC, DISKLESS_LOAD];

/// The first line that would have to stand in its configuration.
fn wrong_setting(settings: &BTreeMap<String, String>, is_replicated: bool) -> Option<&'static str> {
    let is = |name: &str, value: &str| settings.get(name).is_some_and(|found| found == value);
    if !is(SAVE, "") {
        return Some("save \"\"");
    }
    if !is(APPEND_ONLY, "no") {
        return Some("appendonly no");
    }
    // A master may become a replica, and the other way round, so both settings are wanted of both.
    if is_replicated && !is(DISKLESS_SYNC, "yes") {
        return Some("repl-diskless-sync yes");
    }
    // `on-empty-db` would write a file wherever something is in memory already: after each failover.
    let loads_from_memory = is(DISKLESS_LOAD, "swapdb") || is(DISKLESS_LOAD, "flush-before-load");
    (is_replicated && !loads_from_memory).then_some("repl-diskless-load swapdb")
}

#[cfg(test)]
mod tests;
