//! Which nodes there are, and one that stops while others go on.

use std::time::Duration;

use futures_util::future::join_all;
use tokio::time::{Instant, timeout};
use vestibule_wire::{Close, Wait};

use super::{PATIENCE, node};
use crate::Limits;
use crate::testing::{TestRedis, TestRelay, node_of};

const A: &str = r#"{"name":"a","at":"/n/a"}"#;
const B: &str = r#"{"name":"b","at":"/n/b"}"#;

/// What a node tells of all nodes.
async fn directory(relay: &TestRelay) -> String {
    relay.get("/nodes").await
}

async fn directory_at_last(relay: &TestRelay, wanted: &str) {
    let heard = async {
        while directory(relay).await != wanted {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(PATIENCE, heard).await.expect("the directory says so at last");
}

#[tokio::test]
async fn nodes_hear_of_each_other_and_remember_without_redis() {
    let mut redis = TestRedis::start();
    let (a, b) = (node(&redis.config(), "a").await, node(&redis.config(), "b").await);
    let both = format!("{{\"nodes\":[{A},{B}]}}");
    directory_at_last(&b, &both).await;
    directory_at_last(&a, &both).await;
    redis.kill();
    assert_eq!(directory(&a).await, both);
    // Whatever stands there, a name is a name.
    redis.restart();
    redis.ask(&["SADD", "vestibule:{nodes}:names", "https://evil.example", "A", ""]);
    redis.ask(&["SET", "vestibule:{nodes}:node:https://evil.example", "on"]);
    directory_at_last(&a, &both).await;
}

#[tokio::test]
async fn a_node_that_stops_says_so_and_lets_people_go_one_after_the_other() {
    const PAIRS: u8 = 8;
    let redis = TestRedis::start();
    let (a, b) = (node(&redis.config(), "a").await, node(&redis.config(), "b").await);
    directory_at_last(&a, &format!("{{\"nodes\":[{A},{B}]}}")).await;
    let mut peers = Vec::new();
    for route in 0..PAIRS {
        let (client, worker) = b.joined(route).await;
        peers.extend([client, worker]);
    }
    let began = Instant::now();
    let closings = peers.iter_mut().map(|peer| async move {
        let close = peer.closed().await;
        (close, began.elapsed())
    });
    let (closings, ()) = tokio::join!(join_all(closings), b.stop());
    assert!(closings.iter().all(|(close, _)| *close == Some(Close::GoingAway)));
    let moments: Vec<Duration> = closings.iter().map(|(_, at)| *at).collect();
    let spread = moments.iter().max().unwrap().abs_diff(*moments.iter().min().unwrap());
    assert!(spread > Duration::from_millis(300), "all at once: {moments:?}");
    // Both ends of a pair go together.
    for pair in moments.chunks(2) {
        assert!(pair[0].abs_diff(pair[1]) < Duration::from_millis(500), "{pair:?}");
    }
    assert_eq!(redis.ask(&["GET", "vestibule:{nodes}:node:b"]), "draining");
    directory_at_last(&a, &format!("{{\"nodes\":[{A}]}}")).await;
}

#[tokio::test]
async fn a_node_that_starts_without_redis_serves_and_claims_nothing() {
    let mut redis = TestRedis::start();
    redis.kill();
    let limits = Limits { redis_start_patience: Duration::from_millis(100), ..Limits::default() };
    let configure = |config: &mut crate::Config| {
        config.nodes = Some(node_of(redis.config(), "a"));
    };
    let relay = TestRelay::start_changed(limits, configure, |server| server).await;
    assert_eq!(directory(&relay).await, format!("{{\"nodes\":[{A}]}}"));
    let _worker = relay.worker().await;
    assert_eq!(relay.client(1, 1).await.wait().await, Wait::Held);
    let (_client, _worker) = relay.joined(1).await;
}
