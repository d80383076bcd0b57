//! Several relays that serve as one, with a real Redis between them.
#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "a test fails by panicking at whatever it did not expect"
)]

mod drain;
mod keys;

use std::time::Duration;

use tokio_tungstenite::tungstenite::Message;
use vestibule_wire::{
    Cell, Close, RelayToIndicators, RelayToSeat, RelayToWorker, SeatToRelay, Timestamp, Wait,
    WithdrawReason, WorkerToRelay,
};

use crate::indicators::KeptIn;
use crate::redis_store::RedisCounters;
use crate::testing::{FakeService, Peer, TestRedis, TestRelay, node_of, nothing_revoked};
use crate::{
    Budget, Config, Counting, IndicatorsConfig, Limits, PeriodKind, RedisConfig, SharedSums,
};

/// Longer than a failover or a restart of Redis may take here.
const PATIENCE: Duration = Duration::from_secs(20);

/// A relay of this name, for which Redis answers.
async fn node(redis: &RedisConfig, name: &str) -> TestRelay {
    node_with(redis, name, Limits::default(), |_| {}).await
}

async fn node_with(
    redis: &RedisConfig,
    name: &str,
    limits: Limits,
    configure: impl FnOnce(&mut Config),
) -> TestRelay {
    let limits = Limits { redis_start_patience: PATIENCE, ..limits };
    let change = |config: &mut Config| {
        config.nodes = Some(node_of(redis.clone(), name));
        configure(config);
    };
    TestRelay::start_changed(limits, change, |server| server).await
}

/// The operator has the relays count, exactly, in this Redis.
fn counting(redis: &RedisConfig, name: &str) -> impl FnOnce(&mut Config) + use<> {
    let (redis, name) = (redis.clone(), name.to_owned());
    move |config| {
        let kept_in = KeptIn::Redis(SharedSums::new(RedisCounters::new(redis), name));
        config.indicators = Some(IndicatorsConfig { kept_in, period: PeriodKind::Week });
        for service in &mut config.services {
            service.counting = Counting { budget: Budget::Exact, utc_offset_hours: 0 };
        }
    }
}

/// Who waits is told this at last, whatever it is told before.
async fn told_at_last(client: &mut Peer, wanted: Wait) {
    while client.wait().await != wanted {}
}

async fn take_seat(relay: &TestRelay, seat: vestibule_wire::SeatKey) -> Peer {
    let mut peer = relay.connect("/ws/seat").await;
    peer.send(SeatToRelay::TakeSeat(seat).encode()).await;
    peer
}

#[tokio::test]
async fn a_link_that_waits_at_two_nodes_is_granted_at_one() {
    let redis = TestRedis::start();
    let (a, b) = (node(&redis.config(), "a").await, node(&redis.config(), "b").await);
    let (mut at_a, mut at_b) = (a.worker().await, b.worker().await);
    let (mut first, mut second) = (a.client(1, 1).await, b.client(1, 2).await);
    assert_eq!((first.wait().await, second.wait().await), (Wait::Now, Wait::Now));
    let seat = a.accept(&mut at_a).await;
    let (offer, _) = at_b.offer().await;
    at_b.send(WorkerToRelay::Accept(offer).encode()).await;
    assert_eq!(second.closed().await, Some(Close::LinkSpent));
    match at_b.next_frame().await {
        RelayToWorker::Withdrawn(withdrawn, WithdrawReason::Refused) => {
            assert!(withdrawn == offer);
        }
        _ => panic!("not withdrawn"),
    }
    let mut seat = take_seat(&a, seat).await;
    assert!(RelayToSeat::decode(&seat.frame().await).is_ok());
    first.read_until_matched().await;
    // Who comes later need not wait to hear of it, at whichever node; the same opening may come again.
    for relay in [&a, &b] {
        assert_eq!(relay.client(1, 3).await.closed().await, Some(Close::LinkSpent));
        assert_eq!(relay.client(1, 1).await.wait().await, Wait::Now);
    }
}

#[tokio::test]
async fn a_seat_whose_claim_another_has_is_gone() {
    let redis = TestRedis::start();
    let (a, b) = (node(&redis.config(), "a").await, node(&redis.config(), "b").await);
    let (mut at_a, mut at_b) = (a.worker().await, b.worker().await);
    let (mut first, _second) = (a.client(1, 1).await, b.client(1, 2).await);
    first.wait().await;
    let late = a.accept(&mut at_a).await;
    // A failover has lost the claim, or the node stood still for longer than it holds.
    redis.ask(&["FLUSHALL"]);
    let in_time = b.accept(&mut at_b).await;
    let mut seat = take_seat(&b, in_time).await;
    assert!(RelayToSeat::decode(&seat.frame().await).is_ok());
    assert_eq!(take_seat(&a, late).await.closed().await, Some(Close::SeatGone));
    assert_eq!(first.closed().await, Some(Close::LinkSpent));
}

#[tokio::test]
async fn without_redis_nothing_begins_and_what_runs_goes_on() {
    let mut redis = TestRedis::start();
    let relay = node(&redis.config(), "a").await;
    let mut worker = relay.worker().await;
    let (mut talking, mut seat) = relay.pair(&mut worker, 7).await;
    let mut client = relay.client(1, 1).await;
    assert_eq!(client.wait().await, Wait::Now);
    let (offer, _) = worker.offer().await;
    redis.kill();
    worker.send(WorkerToRelay::Accept(offer).encode()).await;
    match worker.next_frame().await {
        RelayToWorker::Deferred(deferred) => assert!(deferred == offer),
        _ => panic!("not deferred"),
    }
    told_at_last(&mut client, Wait::Held).await;
    // Doors are not claimed: they open all the same.
    let mut at_door = relay.client_at_door(1, 9).await;
    assert_eq!(at_door.wait().await, Wait::Soon);
    relay.accept(&mut worker).await;
    for number in 0..3 {
        talking.send(super::cell(number)).await;
        assert_eq!(seat.frame().await, super::cell(number));
    }
    // Known to be away, it is not even asked.
    worker.send(WorkerToRelay::Accept(offer).encode()).await;
    assert!(matches!(worker.next_frame().await, RelayToWorker::Deferred(_)));
    redis.restart();
    told_at_last(&mut client, Wait::Now).await;
    worker.send(WorkerToRelay::Accept(offer).encode()).await;
    let seat = match worker.next_frame().await {
        RelayToWorker::Granted(granted, seat) if granted == offer => seat,
        _ => panic!("not granted"),
    };
    let mut seat = take_seat(&relay, seat).await;
    assert!(RelayToSeat::decode(&seat.frame().await).is_ok());
    client.read_until_matched().await;
}

#[tokio::test]
async fn a_seat_is_not_taken_without_redis_and_its_client_is_offered_again() {
    let mut redis = TestRedis::start();
    let relay = node(&redis.config(), "a").await;
    let mut worker = relay.worker().await;
    let mut client = relay.client(1, 1).await;
    client.wait().await;
    let seat = relay.accept(&mut worker).await;
    redis.kill();
    assert_eq!(take_seat(&relay, seat).await.closed().await, Some(Close::SeatGone));
    told_at_last(&mut client, Wait::Held).await;
    let (_, link) = worker.offer().await;
    assert!(link.id.0 == [1; 16]);
}

#[tokio::test]
async fn who_accepts_second_hears_what_became_of_it() {
    let redis = TestRedis::start();
    let relay = node(&redis.config(), "a").await;
    let (mut first, mut second) = (relay.worker().await, relay.worker().await);
    let mut client = relay.client(1, 1).await;
    client.wait().await;
    let ((offer, _), _) = tokio::join!(first.offer(), second.offer());
    // Redis stands still while both accept.
    redis.ask(&["CLIENT", "PAUSE", "500", "ALL"]);
    first.send(WorkerToRelay::Accept(offer).encode()).await;
    first.settle().await;
    second.send(WorkerToRelay::Accept(offer).encode()).await;
    // What the lobby does meanwhile does not wait for Redis.
    let mut other = relay.client_at_door(1, 9).await;
    assert_eq!(other.wait().await, Wait::Now);
    let granted = loop {
        match first.next_frame().await {
            RelayToWorker::Granted(granted, _) => break granted,
            RelayToWorker::Offer { .. }
            | RelayToWorker::Colleague(..)
            | RelayToWorker::Withdrawn(..) => {}
            _ => panic!("the first is not granted it"),
        }
    };
    assert!(granted == offer);
    loop {
        match second.next_frame().await {
            RelayToWorker::Withdrawn(withdrawn, WithdrawReason::Taken) => {
                assert!(withdrawn == offer);
                return;
            }
            RelayToWorker::Offer { .. } | RelayToWorker::Colleague(..) => {}
            _ => panic!("the second is not told"),
        }
    }
}

#[tokio::test]
async fn what_one_node_hears_of_revocations_the_others_hear() {
    let redis = TestRedis::start();
    let (a, b) = (node(&redis.config(), "a").await, node(&redis.config(), "b").await);
    let mut at_b = b.worker().await;
    let mut at_a = a.worker().await;
    let (authority, list) = (a.service.authority(), a.service.revocations(&nothing_revoked(4)));
    at_a.send(WorkerToRelay::Revoke { authority, revocations: list }.encode()).await;
    assert_eq!(at_b.revocations(&b.service).await.number(), 4);
    // A node that starts later knows before it serves anybody.
    let c = node(&redis.config(), "c").await;
    let mut at_c = c.on_duty(&c.service, 7).await;
    assert_eq!(at_c.revocations(&c.service).await.number(), 4);
}

#[tokio::test]
async fn nobody_believes_revocations_that_a_service_has_not_signed() {
    let redis = TestRedis::start();
    let [service, other] = [1, 2].map(FakeService::new);
    let key = format!("vestibule:r:{}", service.authority().to_hex());
    for wrong in [&other.revocations(&nothing_revoked(9))[..], b"text", b""] {
        redis.set(&key, wrong);
        let relay = node(&redis.config(), "a").await;
        let mut worker = relay.on_duty(&relay.service, 7).await;
        let (authority, list) = (service.authority(), service.revocations(&nothing_revoked(4)));
        worker.send(WorkerToRelay::Revoke { authority, revocations: list }.encode()).await;
        // It has heard of no other, and puts what is right in the place of what is wrong.
        assert_eq!(worker.revocations(&relay.service).await.number(), 4);
        let written = async {
            while redis.ask(&["STRLEN", &key]) != vestibule_wire::REVOCATIONS_LEN.to_string() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(PATIENCE, written).await.expect("it is written");
        relay.stop().await;
    }
}

async fn hand_in(relay: &TestRelay, slip: &[u8]) -> Result<(), Close> {
    let mut console = relay.connect("/ws/indicators").await;
    console.frame().await;
    console.send(slip.to_vec()).await;
    let Some(message) = console.message().await else { panic!("the socket ended") };
    match message {
        Message::Binary(bytes) => {
            assert!(matches!(RelayToIndicators::decode(&bytes), Ok(RelayToIndicators::Counted)));
            Ok(())
        }
        Message::Close(frame) => Err(Close::from_code(frame.unwrap().code.into()).unwrap()),
        _ => panic!("neither counted nor closed"),
    }
}

#[tokio::test]
async fn a_slip_counts_once_at_whichever_node_and_sums_add_up() {
    let mut redis = TestRedis::start();
    let kept = TestRedis::start();
    let start = async |name| {
        let configure = counting(&kept.config(), name);
        node_with(&redis.config(), name, Limits::default(), configure).await
    };
    let (a, b) = (start("a").await, start("b").await);
    let (_at_a, _at_b) = (a.worker().await, b.worker().await);
    let slip = |id| a.service.slip(id, 0, "language", &[2, 3]);
    for relay in [&a, &b, &a] {
        assert_eq!(hand_in(relay, &slip(1)).await, Ok(()));
    }
    assert_eq!(hand_in(&b, &slip(2)).await, Ok(()));
    redis.kill();
    assert_eq!(hand_in(&a, &slip(3)).await, Err(Close::Crowded));
    redis.restart();
    let again = async { while hand_in(&b, &slip(3)).await.is_err() {} };
    tokio::time::timeout(PATIENCE, again).await.unwrap();
    let authority = a.service.authority();
    tokio::join!(a.stop(), b.stop());
    let sums = SharedSums::new(RedisCounters::new(kept.config()), String::new());
    let told = sums.periods(authority, (Timestamp(0), Timestamp(u32::MAX)));
    let told = told.await.unwrap();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].noises[0].batches, 2);
    let first = Cell::of("language", "en");
    assert_eq!(first.sum(&told[0].sums), 6);
}
