//! At most one opening of a one-time link, whichever nodes it comes to.
//!
//! A claim holds for half a minute, as long as a worker has to take its seat and more; a worker who took
//! it makes it hold until the link has expired. Nothing is ever deleted: what nobody confirms is
//! forgotten by itself, and the same opening may be claimed again meanwhile. Whatever fails is not
//! granted.

use redis::{from_redis_value, pipe};
use vestibule_wire::{AuthorityKey, CLOCK_TOLERANCE_SECONDS, LinkName, Timestamp};
use zeroize::Zeroizing;

use super::keeper::Store;
use super::keys::NodesSecret;
use super::problem::RedisProblem;
use super::take::take;

/// How long a claim holds that nobody confirms.
const CLAIM_MILLIS: u64 = 30_000;

/// Claims links at all nodes.
#[derive(Clone)]
pub(crate) struct Claims {
    pub(super) store: Store,
    pub(super) secret: NodesSecret,
}

/// What an opening is to be claimed for.
#[derive(Clone, Copy)]
pub(crate) struct Claimed {
    /// The service.
    pub(crate) authority: AuthorityKey,
    /// The link.
    pub(crate) link: LinkName,
    /// Tells the opening from others of the same link.
    pub(crate) opening_hash: [u8; 32],
}

/// How a claim ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Claim {
    /// This opening has the link.
    Holds,
    /// Another one has.
    Spent,
    /// Nobody knows: Redis does not answer as it should.
    Unknown,
}

impl Claims {
    /// Claims with this secret, the same at all nodes.
    pub(crate) fn new(store: Store, secret: Zeroizing<[u8; 32]>) -> Self {
        Self { store, secret: NodesSecret(secret) }
    }

    /// The store in which they are.
    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    /// A worker has accepted an opening.
    pub(crate) async fn claim(&self, claimed: &Claimed) -> Claim {
        claim(&self.take(claimed, CLAIM_MILLIS).await)
    }

    /// A worker takes its seat. By the node's own clock, so that what Redis's shows does not matter; nodes
    /// whose clocks differ by less than the tolerance agree on when a link is over.
    pub(crate) async fn confirm(&self, claimed: &Claimed, now: Timestamp) -> Claim {
        let until = claimed.link.expires_at().plus_seconds(CLOCK_TOLERANCE_SECONDS);
        let millis = u64::from(until.0.saturating_sub(now.0)) * 1_000;
        claim(&self.take(claimed, millis.max(CLAIM_MILLIS)).await)
    }

    /// Whether another opening of a link is known to be claimed. Only a claim decides; this tells somebody
    /// in time who would wait in vain.
    pub(crate) async fn is_spent(&self, claimed: &Claimed) -> bool {
        let (key, value) = self.name(claimed);
        let mut question = pipe();
        question.cmd("GET").arg(&key);
        let held = self.store.run(&key, &question).await;
        let held = held.ok().and_then(|answers| answers.into_iter().next());
        let held: Option<Vec<u8>> = held.and_then(|held| from_redis_value(held).ok()).flatten();
        held.is_some_and(|held| held != value)
    }

    async fn take(&self, claimed: &Claimed, millis: u64) -> Result<bool, RedisProblem> {
        let (key, value) = self.name(claimed);
        take(&self.store, &key, value, millis).await
    }

    fn name(&self, claimed: &Claimed) -> (String, [u8; 16]) {
        let Claimed { authority, link, opening_hash } = claimed;
        self.secret.nullifier(*authority, link, opening_hash)
    }
}

fn claim(taken: &Result<bool, RedisProblem>) -> Claim {
    match taken {
        Ok(true) => Claim::Holds,
        Ok(false) => Claim::Spent,
        Err(_) => Claim::Unknown,
    }
}

#[cfg(test)]
mod tests;
