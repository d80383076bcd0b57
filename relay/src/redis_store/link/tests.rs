//! TLS, a Cluster and Sentinel, with real servers.

use std::time::Duration;

use redis::pipe;

use super::{Keeps, Link};
use crate::redis_store::{RedisAddress, RedisConfig, RedisKind, RedisProblem};
use crate::testing::TestRedis;

const TLS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tls");
const PATIENCE: Duration = Duration::from_secs(30);

async fn at_last(config: &RedisConfig) -> Link {
    let connected = async {
        let mut attempt = 0;
        loop {
            match Link::to(config, Keeps::Nothing, attempt).await {
                Ok(link) => return link,
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
            attempt += 1;
        }
    };
    tokio::time::timeout(PATIENCE, connected).await.expect("Redis can be used at last")
}

#[tokio::test]
async fn tls_is_spoken_with_whom_the_authority_names() {
    let port = TestRedis::free_port();
    let file = |name: &str| format!("{TLS}/{name}");
    let settings = [
        "--tls-port",
        &port.to_string(),
        "--tls-cert-file",
        &file("server.pem"),
        "--tls-key-file",
        &file("server.key"),
        "--tls-ca-cert-file",
        &file("ca.pem"),
        "--tls-auth-clients",
        "no",
    ];
    let redis = TestRedis::start_with(&settings);
    let pem = |name: &str| Some(std::fs::read(file(name)).unwrap());
    let config =
        |address: &str, name| RedisConfig { authority_pem: pem(name), ..RedisConfig::at(address) };
    let address = format!("rediss://127.0.0.1:{port}");
    let link = at_last(&config(&address, "ca.pem")).await;
    link.ping().await.unwrap();
    // Another authority, another name, and one who speaks no TLS.
    for (address, name) in [
        (address.clone(), "other-ca.pem"),
        (format!("rediss://127.0.0.2:{port}"), "ca.pem"),
        (format!("rediss://127.0.0.1:{}", redis.port), "ca.pem"),
    ] {
        let refused = Link::to(&config(&address, name), Keeps::Nothing, 0).await;
        assert!(matches!(refused, Err(RedisProblem::Unreachable(_))), "{address} {name}");
    }
    let no_list =
        RedisConfig { authority_pem: Some(b"none".to_vec()), ..RedisConfig::at(&address) };
    let unusable = Link::to(&no_list, Keeps::Nothing, 0).await;
    assert!(unusable.is_err());
}

#[tokio::test]
async fn each_key_of_a_cluster_is_written_at_its_master() {
    let settings = ["--cluster-enabled", "yes", "--cluster-node-timeout", "2000"];
    let members = [(); 3].map(|()| TestRedis::start_with(&settings));
    let addresses: Vec<String> =
        members.iter().map(|member| format!("127.0.0.1:{}", member.port)).collect();
    let create: Vec<&str> = ["--cluster", "create"]
        .into_iter()
        .chain(addresses.iter().map(String::as_str))
        .chain(["--cluster-yes"])
        .collect();
    members[0].ask(&create);
    let address = |text: &String| RedisAddress::new(&format!("redis://{text}")).unwrap();
    let config = RedisConfig {
        kind: RedisKind::Cluster,
        // One that is not there does no harm.
        addresses: ["127.0.0.1:1".to_owned()].iter().chain(&addresses).map(address).collect(),
        ..members[0].config()
    };
    let link = at_last(&config).await;
    for number in 0..60 {
        let key = format!("vestibule:n:{number}");
        let mut commands = pipe();
        commands.cmd("SET").arg(&key).arg(number).cmd("GET").arg(&key);
        let written = async {
            // A Cluster that has just been made is not everywhere of one mind.
            while link.write(&key, commands.clone()).await.is_err() {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        tokio::time::timeout(PATIENCE, written).await.unwrap();
    }
    link.ping().await.unwrap();
    let sizes = members.iter().map(|member| member.ask(&["DBSIZE"]).parse::<usize>().unwrap());
    let sizes: Vec<usize> = sizes.collect();
    assert!(sizes.iter().all(|size| *size > 5) && sizes.iter().sum::<usize>() == 60, "{sizes:?}");
}

#[tokio::test]
async fn sentinels_name_the_master_that_is() {
    let first = TestRedis::start();
    let port = first.port.to_string();
    let second = TestRedis::start_with(&["--replicaof", "127.0.0.1", &port]);
    while first.ask(&["WAIT", "1", "100"]) != "1" {}
    let sentinel = TestRedis::start_sentinel(&first);
    let config = RedisConfig {
        kind: RedisKind::Sentinel { master: "vestibule".to_owned() },
        addresses: vec![RedisAddress::new("redis://127.0.0.1:1").unwrap(), sentinel.address()],
        replicas: 1,
        ..first.config()
    };
    let link = at_last(&config).await;
    let write = |link: Link| async move {
        let mut commands = pipe();
        commands.cmd("SET").arg("vestibule:n:1").arg("1");
        link.write("vestibule:n:1", commands).await.map(drop)
    };
    let written = async { while write(link.clone()).await.is_err() {} };
    tokio::time::timeout(PATIENCE, written).await.expect("the master takes it, and its replica");
    let unknown =
        RedisConfig { kind: RedisKind::Sentinel { master: "other".to_owned() }, ..config.clone() };
    assert_eq!(
        Link::to(&unknown, Keeps::Nothing, 1).await.err(),
        Some(RedisProblem::UnknownMaster)
    );
    // The replica is known to the sentinel some seconds after the master is.
    let failover = async {
        while sentinel.ask(&["SENTINEL", "FAILOVER", "vestibule"]) != "OK" {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        while second.ask(&["ROLE"]).lines().next() != Some("master") {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(PATIENCE, failover).await.expect("the replica takes over");
    // The old connection leads to a replica now, or to nobody's master.
    let old = async { while write(link.clone()).await.is_ok() {} };
    tokio::time::timeout(PATIENCE, old).await.expect("the old master takes nothing");
    let written = async { while write(at_last(&config).await).await.is_err() {} };
    tokio::time::timeout(PATIENCE, written).await.expect("the new master takes it");
    assert_eq!(second.ask(&["GET", "vestibule:n:1"]), "1");
}
