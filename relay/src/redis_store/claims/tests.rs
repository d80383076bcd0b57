use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use vestibule_wire::{LinkName, Timestamp};
use zeroize::Zeroizing;

use super::{Claim, Claimed, Claims};
use crate::nodes::Directory;
use crate::redis_store::{RedisConfig, store};
use crate::testing::{FakeService, NOW, TestRedis, link_name, node_of};

const SECRET: [u8; 32] = [3; 32];

/// A node's claims, when its Redis answers.
async fn node(config: RedisConfig, secret: [u8; 32]) -> Claims {
    let directory = Arc::new(Directory::new(Some(node_of(config.clone(), "a").this)));
    let (store, keeper) = store(config);
    tokio::spawn(keeper.keep_up(directory, Arc::new(|_| {})));
    let answers = async { store.watch().wait_for(Option::is_some).await.map(drop) };
    tokio::time::timeout(Duration::from_secs(20), answers).await.unwrap().unwrap();
    Claims::new(store, Zeroizing::new(secret))
}

/// A replica on a busy machine may be late once or twice.
async fn claim_at_last(node: &Claims, claimed: &Claimed) -> Claim {
    let mut answers = node.store().watch();
    let known = async {
        loop {
            answers.wait_for(Option::is_some).await.unwrap();
            match node.claim(claimed).await {
                Claim::Unknown => tokio::task::yield_now().await,
                known @ (Claim::Holds | Claim::Spent) => return known,
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(20), known).await.unwrap()
}

fn claimed(link: LinkName, opening: u8) -> Claimed {
    let authority = FakeService::new(1).authority();
    Claimed { authority, link, opening_hash: [opening; 32] }
}

#[tokio::test]
async fn one_opening_has_a_link_and_may_come_again() {
    let redis = TestRedis::start();
    let a = node(redis.config(), SECRET).await;
    let b = node(redis.config(), SECRET).await;
    let (first, second) = (claimed(link_name(1), 1), claimed(link_name(1), 2));
    assert!(!a.is_spent(&first).await);
    assert_eq!(a.claim(&first).await, Claim::Holds);
    assert_eq!(b.claim(&second).await, Claim::Spent);
    assert_eq!(b.confirm(&second, NOW).await, Claim::Spent);
    assert!(b.is_spent(&second).await && !b.is_spent(&first).await);
    assert_eq!(b.claim(&first).await, Claim::Holds);
    assert_eq!(b.confirm(&first, NOW).await, Claim::Holds);
    assert_eq!(a.claim(&first).await, Claim::Holds);
    assert_eq!(a.claim(&second).await, Claim::Spent);
    assert_eq!(a.claim(&claimed(link_name(2), 2)).await, Claim::Holds);
}

#[tokio::test]
async fn a_claim_is_short_until_it_is_confirmed_and_never_shortened() {
    let redis = TestRedis::start();
    let node = node(redis.config(), SECRET).await;
    let claimed = claimed(link_name(1), 1);
    node.claim(&claimed).await;
    let key = redis.ask(&["KEYS", "vestibule:n:*"]);
    let seconds = || redis.ask(&["TTL", &key]).parse::<u32>().unwrap();
    assert!((20..=30).contains(&seconds()), "{}", seconds());
    // Another node's clock shows five minutes more.
    let ahead = NOW.plus_seconds(300);
    let until = claimed.link.expires_at().0 + 600;
    assert_eq!(node.confirm(&claimed, ahead).await, Claim::Holds);
    assert!((until - ahead.0 - 10..=until - ahead.0).contains(&seconds()));
    assert_eq!(node.confirm(&claimed, NOW).await, Claim::Holds);
    assert!((until - NOW.0 - 10..=until - NOW.0).contains(&seconds()));
    node.claim(&claimed).await;
    node.confirm(&claimed, Timestamp(until)).await;
    assert!((until - NOW.0 - 10..=until - NOW.0).contains(&seconds()));
}

#[tokio::test]
async fn a_claim_that_vanished_is_confirmed_all_the_same_unless_another_came() {
    let redis = TestRedis::start();
    let node = node(redis.config(), SECRET).await;
    let (first, second) = (claimed(link_name(1), 1), claimed(link_name(1), 2));
    node.claim(&first).await;
    redis.ask(&["FLUSHALL"]);
    assert_eq!(node.confirm(&first, NOW).await, Claim::Holds);
    redis.ask(&["FLUSHALL"]);
    node.claim(&second).await;
    assert_eq!(node.confirm(&first, NOW).await, Claim::Spent);
}

#[tokio::test]
async fn of_many_at_once_one_has_the_link() {
    let redis = TestRedis::start();
    let nodes = [
        node(redis.config(), SECRET).await,
        node(redis.config(), SECRET).await,
        node(redis.config(), SECRET).await,
    ];
    for round in 0..50 {
        let mut race = JoinSet::new();
        for opening in 0..12 {
            let node = nodes[usize::from(opening % 3)].clone();
            race.spawn(async move { node.claim(&claimed(link_name(round), opening)).await });
        }
        let claims = race.join_all().await;
        assert_eq!(claims.iter().filter(|claim| **claim == Claim::Holds).count(), 1);
        assert_eq!(claims.iter().filter(|claim| **claim == Claim::Spent).count(), 11);
    }
}

#[tokio::test]
async fn what_is_written_shows_neither_service_nor_link() {
    let redis = TestRedis::start();
    let node_with = |secret| node(redis.config(), secret);
    let (a, other) = (node_with(SECRET).await, node_with([4; 32]).await);
    let claimed = claimed(link_name(1), 1);
    a.claim(&claimed).await;
    // Whoever lacks the secret cannot find it.
    assert!(!other.is_spent(&Claimed { opening_hash: [9; 32], ..claimed }).await);
    let key = redis.ask(&["KEYS", "vestibule:n:*"]);
    assert_eq!(key.len(), "vestibule:n:".len() + 32, "{key}");
    assert_eq!(redis.ask(&["STRLEN", &key]), "16");
    let authority = claimed.authority.to_hex();
    let link = vestibule_wire::hex(&claimed.link.id.0);
    assert!(!key.contains(&authority[..8]) && !key.contains(&link[..8]));
    // Another service's link of the same name is another.
    let theirs = Claimed { authority: FakeService::new(2).authority(), ..claimed };
    assert_eq!(a.claim(&Claimed { opening_hash: [2; 32], ..theirs }).await, Claim::Holds);
}

#[tokio::test]
async fn nothing_is_granted_while_redis_is_away_and_all_is_well_when_it_is_back() {
    let mut redis = TestRedis::start();
    let node = node(redis.config(), SECRET).await;
    redis.kill();
    assert_eq!(node.claim(&claimed(link_name(1), 1)).await, Claim::Unknown);
    let mut answers = node.store().watch();
    answers.wait_for(Option::is_none).await.unwrap();
    assert_eq!(node.confirm(&claimed(link_name(1), 1), NOW).await, Claim::Unknown);
    assert!(!node.is_spent(&claimed(link_name(1), 1)).await);
    redis.restart();
    answers.wait_for(Option::is_some).await.unwrap();
    assert_eq!(node.claim(&claimed(link_name(1), 1)).await, Claim::Holds);
}

#[tokio::test]
async fn a_claim_that_a_replica_lacks_is_not_granted() {
    let redis = TestRedis::start();
    let port = redis.port.to_string();
    let mut replica = TestRedis::start_with(&["--replicaof", "127.0.0.1", &port]);
    let config = RedisConfig { replicas: 1, ..redis.config() };
    let node = node(config, SECRET).await;
    assert_eq!(claim_at_last(&node, &claimed(link_name(1), 1)).await, Claim::Holds);
    assert!(!replica.ask(&["KEYS", "vestibule:n:*"]).is_empty());
    replica.kill();
    assert_eq!(node.claim(&claimed(link_name(2), 1)).await, Claim::Unknown);
    let mut answers = node.store().watch();
    answers.wait_for(Option::is_none).await.unwrap();
    replica.restart();
    // The claim is there already, and is written once more, so that the replica has it for sure.
    assert_eq!(claim_at_last(&node, &claimed(link_name(2), 1)).await, Claim::Holds);
    assert_eq!(replica.ask(&["KEYS", "vestibule:n:*"]).lines().count(), 2);
}
