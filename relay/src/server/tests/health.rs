//! Health figures tell nothing of what happens.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use vestibule_wire::Close;

use crate::Limits;
use crate::testing::{TestRedis, TestRelay, node_of};

/// A relay that tells its health here.
async fn start(limits: Limits) -> (TestRelay, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let with_health = |server: crate::Server| server.with_health(Some(listener));
    (TestRelay::start_changed(limits, |_| {}, with_health).await, address)
}

async fn get(address: SocketAddr, path: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

/// The figures.
async fn figures(address: SocketAddr) -> String {
    let answer = get(address, "/metrics").await;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200 OK"), "{head}");
    assert!(head.contains("content-type: text/plain; version=0.0.4"), "{head}");
    body.to_owned()
}

#[tokio::test]
async fn whoever_polls_before_while_and_after_people_talk_sees_the_same_bytes() {
    let (relay, address) = start(Limits::default()).await;
    let before = figures(address).await;
    let mut worker = relay.worker().await;
    let mut seen = vec![figures(address).await];
    let mut pairs = Vec::new();
    for link in 1..=5 {
        pairs.push(relay.pair(&mut worker, link).await);
        seen.push(figures(address).await);
    }
    // One who is refused, one who leaves, one who waits.
    let mut late = relay.client(1, 9).await;
    assert_eq!(late.closed().await, Some(Close::LinkSpent));
    let mut waits = relay.client(6, 6).await;
    waits.wait().await;
    drop(relay.client(7, 7).await);
    seen.push(figures(address).await);
    drop(pairs);
    worker.settle().await;
    seen.push(figures(address).await);
    assert!(seen.iter().all(|figures| *figures == before));
}

#[tokio::test]
async fn figures_are_of_the_relay_and_have_no_label_of_a_person() {
    let (relay, address) = start(Limits::default()).await;
    let figures = figures(address).await;
    for line in figures.lines().filter(|line| !line.starts_with('#')) {
        let (name, value) = line.rsplit_once(' ').unwrap();
        assert!(value.parse::<u32>().is_ok(), "{line}");
        let named = ["vestibule_up", "vestibule_indicators_written"].contains(&name)
            || name == format!("vestibule_build_info{{version=\"{}\"}}", env!("CARGO_PKG_VERSION"));
        let code = name
            .strip_prefix("vestibule_refusals{code=\"")
            .and_then(|rest| rest.strip_suffix("\"}"));
        let is_code = code.is_some_and(|code| Close::ALL.iter().any(|(.., name)| *name == code));
        assert!(named || is_code, "{line}");
        assert!(
            !["done", "going_away", "peer_left", "silent", "too_slow"]
                .iter()
                .any(|end| { code == Some(*end) })
        );
    }
    assert!(get(address, "/").await.starts_with("HTTP/1.1 404"));
    assert!(get(relay.address, "/metrics").await.starts_with("HTTP/1.1 404"), "not for everybody");
}

#[tokio::test]
async fn a_storm_of_refusals_is_told_later() {
    let snapshot = Duration::from_millis(400);
    let limits = Limits { health_snapshot_interval: snapshot, ..Limits::default() };
    let (relay, address) = start(limits).await;
    let refused = relay.service.slip(1, 0, "result", &[1]);
    for _ in 0..150 {
        let mut console = relay.connect("/ws/indicators").await;
        console.send(refused.clone()).await;
        assert_eq!(console.closed().await, Some(Close::NotReady));
    }
    // Some of them fell into the last of the intervals, or into the one before.
    let told = |figures: &str| !figures.contains("vestibule_refusals{code=\"not_ready\"} 0\n");
    while !told(&figures(address).await) {
        tokio::time::sleep(Duration::from_millis(20)).await;
        let mut console = relay.connect("/ws/indicators").await;
        console.send(refused.clone()).await;
        console.closed().await;
    }
}

#[tokio::test]
async fn a_node_tells_whether_its_redis_answers() {
    let mut redis = TestRedis::start();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let limits = Limits { redis_start_patience: Duration::from_secs(20), ..Limits::default() };
    let configure = |config: &mut crate::Config| {
        config.nodes = Some(node_of(redis.config(), "a"));
    };
    let with_health = |server: crate::Server| server.with_health(Some(listener));
    let _relay = TestRelay::start_changed(limits, configure, with_health).await;
    assert!(figures(address).await.ends_with("\nvestibule_redis_answers 1\n"));
    redis.kill();
    let told =
        async { while !figures(address).await.ends_with("\nvestibule_redis_answers 0\n") {} };
    tokio::time::timeout(Duration::from_secs(20), told).await.unwrap();
}
