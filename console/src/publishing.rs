//! Telling the service's relays at once what it no longer believes.

use tokio::time::{Duration, timeout};
use vestibule_wire::{AuthorityKey, Close, Revocations, WorkerToRelay};

use crate::nodes::Address;
use crate::origin::Origin;
use crate::relay_socket::{Heard, RelaySocket};

/// From the connection to the relay's answer.
const DEADLINE: Duration = Duration::from_secs(25);
/// A relay says little before it answers.
const MESSAGES_MAX: usize = 8;

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Told {
    /// The relay knows now.
    Knows,
    /// The relay did not take it.
    Refused,
    /// Nobody answered.
    NotReached,
}

/// Tells one relay.
pub(crate) async fn tell(origin: &Origin, authority: AuthorityKey, list: &Revocations) -> Told {
    let told = timeout(DEADLINE, tell_without_deadline(origin, authority, list));
    told.await.unwrap_or(Told::NotReached)
}

async fn tell_without_deadline(
    origin: &Origin,
    authority: AuthorityKey,
    list: &Revocations,
) -> Told {
    let Ok(mut socket) = RelaySocket::connect(&Address::of(origin), "/ws/duty").await else {
        return Told::NotReached;
    };
    let revocations = Box::new(*list.as_bytes());
    socket.push(WorkerToRelay::Revoke { authority, revocations }.encode());
    for _ in 0..MESSAGES_MAX {
        match socket.heard().await {
            // Its challenge, which was underway.
            Heard::Message(_) => {}
            Heard::Ended(Some(Close::Done)) => return Told::Knows,
            Heard::Ended(Some(_)) | Heard::Foreign => return Told::Refused,
            Heard::Ended(None) => return Told::NotReached,
        }
    }
    Told::Refused
}
