//! Wrong and old routes.

use std::time::Duration;

use tokio::time::{Instant, timeout};
use vestibule_protocol::Side;
use vestibule_wire::{RelayToEnd, Route};

use super::{MEET_MAX, Talk, intrude};

/// A worker that waits at a route and was met there in vain is back before that.
const BACK_MAX: Duration = Duration::from_secs(1);

/// Whether somebody is met here.
async fn meets(talk: &Talk, side: Side, route: Route) -> bool {
    !matches!(intrude(&talk.way, side, route).await.1, RelayToEnd::Alone)
}

/// The worker has left this route for a newer one, and does not come back.
async fn nobody_comes_to(talk: &Talk, route: Route) {
    let since = Instant::now();
    let mut outsider = loop {
        let (outsider, frame) = intrude(&talk.way, Side::Client, route).await;
        if matches!(frame, RelayToEnd::Alone) {
            break outsider;
        }
        // The relay may not yet have heard that the worker has left.
        assert!(since.elapsed() < MEET_MAX, "the worker waits at the old route");
    };
    let came = timeout(BACK_MAX, outsider.next()).await;
    assert!(came.is_err(), "the worker comes to the old route");
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
    nobody_comes_to(&talk, old).await;
    talk.goes_on().await;
    talk.rejoin().await;
    talk.goes_on().await;
}
