//! A slip counts once, at whichever nodes it is handed in.
//!
//! The first node that writes its own random bytes under the slip's number counts it. When it cannot know
//! whether it was the first, because no answer came, the console is told to come again, here or at another
//! node, and this node goes on asking: if its bytes stand there, the slip is its own to count.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::sleep;
use vestibule_wire::AuthorityKey;

use super::claims::Claims;
use super::keeper::Store;
use super::keys::NodesSecret;
use super::take::take;
use crate::entropy::random_bytes;

/// How long it is known that a slip was counted: longer than a console goes on trying.
const COUNTED_MILLIS: u64 = 86_400_000;
/// Slips of which it is not known whether they are this node's to count. A slip takes about 200 bytes.
const IN_DOUBT_MAX: usize = 1_024;
/// From one question about such a slip to the next.
const IN_DOUBT_PAUSE: Duration = Duration::from_secs(1);
/// Questions about it: for as long as the slip's number is kept.
const IN_DOUBT_TRIES_MAX: u32 = 86_400;

/// Says whose slips are to count.
#[derive(Clone)]
pub(crate) struct SlipClaims {
    store: Store,
    secret: NodesSecret,
    in_doubt: Arc<Semaphore>,
}

/// Whose it is to count a slip.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SlipClaim {
    /// This node's.
    Ours,
    /// It was counted, here or elsewhere.
    Counted,
    /// Nobody knows.
    Unknown,
}

impl SlipClaims {
    /// With the same secret as claims of links.
    pub(crate) fn beside(claims: &Claims) -> Self {
        let Claims { store, secret } = claims.clone();
        Self { store, secret, in_doubt: Arc::new(Semaphore::new(IN_DOUBT_MAX)) }
    }

    /// Claims a slip, and counts it if it is this node's: now, or once that is known.
    pub(crate) async fn count(
        &self,
        authority: AuthorityKey,
        id: &[u8; 16],
        count: impl FnOnce() + Send + 'static,
    ) -> SlipClaim {
        let Ok(room) = Arc::clone(&self.in_doubt).try_acquire_owned() else {
            return SlipClaim::Unknown;
        };
        if !self.store.answers() {
            // Nothing is asked, so nothing is in doubt.
            return SlipClaim::Unknown;
        }
        let (key, ours) = (self.secret.slip(authority, id), random_bytes());
        match take(&self.store, &key, ours, COUNTED_MILLIS).await {
            Ok(true) => {
                count();
                SlipClaim::Ours
            }
            Ok(false) => SlipClaim::Counted,
            Err(_) => {
                tokio::spawn(go_on_asking(self.store.clone(), (key, ours), count, room));
                SlipClaim::Unknown
            }
        }
    }
}

async fn go_on_asking(
    store: Store,
    (key, ours): (String, [u8; 16]),
    count: impl FnOnce(),
    _room: OwnedSemaphorePermit,
) {
    for _ in 0..IN_DOUBT_TRIES_MAX {
        sleep(IN_DOUBT_PAUSE).await;
        match take(&store, &key, ours, COUNTED_MILLIS).await {
            Ok(true) => return count(),
            Ok(false) => return,
            Err(_) => {}
        }
    }
}
