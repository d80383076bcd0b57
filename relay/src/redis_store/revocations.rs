//! What one node has heard of a service's revocations, all nodes hear. Each verifies what it reads, so
//! whoever owns Redis can keep a list from them and cannot make one up.

use std::sync::Arc;
use std::time::Duration;

use redis::{Value, from_redis_value, pipe};
use tokio::time::{MissedTickBehavior, interval};
use vestibule_wire::{AuthorityKey, Revocations};

use super::keeper::Store;
use super::keys::{REVOCATIONS_SECONDS, revocations};
use super::problem::RedisProblem;
use crate::relay::Shared;
use crate::stop::Stop;

/// How often a node looks for what others have heard.
const POLL_INTERVAL: Duration = Duration::from_secs(10);

/// Tells and hears of one service's list until the relay stops.
pub(crate) async fn keep_up(
    store: Store,
    authority: AuthorityKey,
    shared: Arc<Shared>,
    mut stop: Stop,
) {
    let Some(mut known) = shared.revocations.watch(authority) else { return };
    let mut answers = store.watch();
    let mut polls = interval(POLL_INTERVAL);
    polls.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = polls.tick() => {}
            Ok(()) = known.changed() => {}
            Ok(()) = answers.changed() => {}
            () = stop.requested_at_all() => return,
        }
        // The keeper has told the operator what is wrong, and another try comes soon.
        let _tried = exchange(&store, authority, &shared).await;
    }
}

/// Takes the list that is there if it is newer, and writes ours if that is.
pub(crate) async fn exchange(
    store: &Store,
    authority: AuthorityKey,
    shared: &Shared,
) -> Result<(), RedisProblem> {
    let key = revocations(authority);
    let mut question = pipe();
    question.cmd("GETEX").arg(&key).arg("EX").arg(REVOCATIONS_SECONDS);
    let there = store.run(&key, &question).await?.into_iter().next();
    let there = there.and_then(|there| read(there, &authority));
    let ours = shared.revocations.watch(authority).and_then(|known| known.borrow().clone());
    let number = |list: &Option<Arc<Revocations>>| list.as_ref().map(|list| list.number());
    let there = there.map(Arc::new);
    if number(&there) > number(&ours) {
        if let Some(there) = there.and_then(Arc::into_inner) {
            shared.revocations.learn(authority, there).await;
        }
        return Ok(());
    }
    if number(&ours) > number(&there)
        && let Some(ours) = ours
    {
        let mut commands = pipe();
        let list = &ours.as_bytes()[..];
        commands.cmd("SET").arg(&key).arg(list).arg("EX").arg(REVOCATIONS_SECONDS);
        store.write(&key, commands).await?;
    }
    Ok(())
}

fn read(value: Value, authority: &AuthorityKey) -> Option<Revocations> {
    let bytes: Option<Vec<u8>> = from_redis_value(value).ok()?;
    let bytes: Box<[u8; vestibule_wire::REVOCATIONS_LEN]> =
        bytes?.into_boxed_slice().try_into().ok()?;
    Revocations::verify(&bytes, authority).ok()
}
