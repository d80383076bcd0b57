//! Coming to a route at one node.

use std::time::Duration;

use tokio::time::{Instant, timeout};
use vestibule_protocol::Side;
use vestibule_wire::{Close, EndToRelay, RelayToEnd, Route};

use crate::nodes::NodePlace;
use crate::relay_socket::{Heard, RelaySocket};

/// For a node to answer when there are others: one whose machine has gone says nothing.
const PATIENCE_MIN: Duration = Duration::from_secs(3);
const PATIENCE_MAX: Duration = Duration::from_secs(15);

/// What came of it.
pub(super) enum Came {
    /// The client is not here.
    Waits(Box<RelaySocket>),
    /// Somebody is.
    Joined(Box<RelaySocket>),
    /// The node does not answer, or does not take this end.
    Nowhere {
        /// How long there was a socket.
        stood_for: Duration,
    },
}

/// How long one of so many nodes is given, after so many rounds without an answer.
pub(super) fn patience(nodes: usize, rounds: u32) -> Duration {
    if nodes == 1 {
        return PATIENCE_MAX;
    }
    PATIENCE_MIN.saturating_mul(1_u32.checked_shl(rounds).unwrap_or(u32::MAX)).min(PATIENCE_MAX)
}

/// Comes to the route at this node, by whichever of its addresses leads there.
pub(super) async fn come(place: &NodePlace, route: Route, patience: Duration) -> Came {
    let mut stood_for = Duration::ZERO;
    for address in &place.addresses {
        let connected = RelaySocket::connect_within(patience, address, "/ws/rejoin").await;
        let Ok(mut socket) = connected else { continue };
        let since = Instant::now();
        socket.push(EndToRelay::Rejoin { side: Side::Worker, route }.encode());
        match timeout(patience, socket.heard()).await {
            Ok(Heard::Message(bytes)) => match RelayToEnd::decode(&bytes) {
                Ok(RelayToEnd::Alone) => return Came::Waits(Box::new(socket)),
                Ok(RelayToEnd::Joined) => return Came::Joined(Box::new(socket)),
                Err(_) => socket.finish(Close::Malformed).await,
            },
            Ok(Heard::Foreign) => socket.finish(Close::Malformed).await,
            Ok(Heard::Ended(_)) | Err(_) => stood_for = since.elapsed(),
        }
    }
    Came::Nowhere { stood_for }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_that_says_nothing_is_left_sooner_while_there_are_others() {
        assert_eq!(patience(1, 0), PATIENCE_MAX);
        assert_eq!(patience(2, 0), PATIENCE_MIN);
        assert_eq!(patience(2, 1), 2 * PATIENCE_MIN);
        assert_eq!(patience(64, u32::MAX), PATIENCE_MAX);
    }
}
