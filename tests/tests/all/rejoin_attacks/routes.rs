//! Wrong and old routes.

use tokio::time::Instant;
use vestibule_protocol::Side;
use vestibule_wire::{RelayToEnd, Route};

use super::{MEET_MAX, Talk, intrude};

/// Whether somebody is met here.
async fn meets(talk: &Talk, side: Side, route: Route) -> bool {
    !matches!(intrude(&talk.way, side, route).await.1, RelayToEnd::Alone)
}

#[tokio::test]
async fn nobody_is_met_at_a_wrong_or_an_old_route_or_on_the_wrong_side() {
    let mut talk = Talk::begin().await;
    talk.goes_on().await;
    let old = talk.route();
    talk.rejoin().await;
    talk.goes_on().await;
    let current = talk.route();
    assert!(old != current, "fresh secrets lead elsewhere");
    for (side, route) in [
        (Side::Client, Route([7; 32])),
        (Side::Worker, Route([8; 32])),
        (Side::Worker, old),
        (Side::Worker, current),
    ] {
        assert!(!meets(&talk, side, route).await, "nobody is met as {side:?}");
        talk.goes_on().await;
    }
    // The relay may not yet have heard that the worker has left for its new route.
    let since = Instant::now();
    while meets(&talk, Side::Client, old).await {
        assert!(since.elapsed() < MEET_MAX, "nobody waits at the old route");
    }
    talk.goes_on().await;
    talk.rejoin().await;
    talk.goes_on().await;
}
