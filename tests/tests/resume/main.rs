//! Two hundred consultations, and a relay that is killed again and again beneath them.
//!
//! In a binary of its own: it measures how long people wait, so nothing else may run beside it.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test that panics has failed, which is what it is for; this one tells what it measured"
)]

use std::time::Duration;

use rand::rngs::SmallRng;
use rand::{RngExt as _, SeedableRng as _};
use tokio::sync::watch;
use tokio::time::{Instant, sleep};
use vestibule_protocol::Cover;
use vestibule_tests::client::WaitingClient;
use vestibule_tests::meeting::{converse, meet};
use vestibule_tests::relay::RelayProcess;
use vestibule_tests::service::Service;
use vestibule_tests::talkers::Talker;
use vestibule_tests::worker::DutyWorker;

const CONSULTATIONS: usize = 200;
const KILLS: usize = 10;
/// How long the relay is away, in milliseconds.
const AWAY: std::ops::Range<u64> = 300..3_000;
/// How long it is there before it is killed again, in milliseconds: longer than anybody may wait.
const THERE: std::ops::Range<u64> = 3_300..4_000;
const GAP_MAX: Duration = Duration::from_secs(3);
const GAP_MEDIAN_MAX: Duration = Duration::from_secs(1);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_consultations_outlive_ten_kills_of_the_relay() {
    let seed = rand::random();
    println!("seed {seed}");
    let mut random = SmallRng::seed_from_u64(seed);
    let service = Service::default();
    let mut relay = RelayProcess::start(&service).await;
    let (stop, stopped) = watch::channel(false);
    let mut pairs = Vec::new();
    for number in 0..CONSULTATIONS {
        // Each worker signs in for this one client and goes off duty: when the relay is killed nobody
        // is on duty, and nobody will be.
        let covers = [Cover::Sparing, Cover::Steady];
        let (client_cover, worker_cover) = (covers[number % 2], covers[number / 2 % 2]);
        let mut duty = DutyWorker::go_on_duty(&relay.way, &service, service.shift()).await;
        let client = WaitingClient::arrive(&relay.way, &service.link()).await;
        let (client, worker) = meet(&mut duty, client).await;
        duty.socket.finish().await;
        let client = client.talk(client_cover);
        let worker = worker.talk(worker_cover).await.unwrap();
        pairs.push(Talker::pair((client, client_cover), (worker, worker_cover), &stopped));
    }

    let mut gaps = Vec::new();
    for kill in 1..=KILLS {
        sleep(Duration::from_millis(random.random_range(THERE))).await;
        let killed_at = Instant::now();
        relay.kill().await;
        sleep(Duration::from_millis(random.random_range(AWAY))).await;
        relay.start_again().await;
        let listening_at = Instant::now();
        let before = gaps.len();
        for (client, worker) in &mut pairs {
            let met_at =
                client.meets_after(killed_at).await.max(worker.meets_after(killed_at).await);
            gaps.push(met_at.saturating_duration_since(listening_at));
        }
        println!("kill {kill}: {}", describe(&mut gaps[before..].to_vec()));
    }

    stop.send(true).unwrap();
    let mut messages = 0;
    for (client, worker) in pairs {
        // Each heard everything that the other said, once and in order.
        let ((by_client, _client), (by_worker, _worker)) =
            tokio::join!(client.finish(), worker.finish());
        messages += by_client + by_worker;
    }
    let described = describe(&mut gaps);
    println!("{messages} messages, {} gaps: {described}", gaps.len());
    assert!(gaps[gaps.len() - 1] <= GAP_MAX, "the longest gap: {described}");
    assert!(gaps[gaps.len() / 2] <= GAP_MEDIAN_MAX, "the median gap: {described}");

    // The relay, on the other hand, has forgotten everything: for new clients workers sign in again.
    let link = service.link();
    let (mut early, ..) = vestibule_tests::client::open(&relay.way, &link).await;
    assert_eq!(early.closed().await, vestibule_wire::Close::NotReady);
    let _new = converse(&service, &relay.way, &relay.way, Cover::Sparing).await;
}

/// Sorts what it describes.
fn describe(gaps: &mut [Duration]) -> String {
    gaps.sort_unstable();
    let at = |percent: usize| gaps[(gaps.len() * percent / 100).min(gaps.len() - 1)].as_millis();
    format!("median {} ms, p99 {} ms, max {} ms", at(50), at(99), at(100))
}
