use super::super::link::{Keeps, Link};
use super::super::problem::RedisProblem;
use crate::redis_store::RedisConfig;
use crate::testing::TestRedis;

async fn problem(config: &RedisConfig, keeps: Keeps) -> Option<RedisProblem> {
    Link::to(config, keeps, 0).await.err()
}

#[tokio::test]
async fn each_setting_that_keeps_something_is_named() {
    let redis = TestRedis::start();
    let config = redis.config();
    assert_eq!(problem(&config, Keeps::Nothing).await, None);
    for (name, value, good, line) in
        [("save", "3600 1", "", "save \"\""), ("appendonly", "yes", "no", "appendonly no")]
    {
        redis.ask(&["CONFIG", "SET", name, value]);
        let found = problem(&config, Keeps::Nothing).await.unwrap();
        let at = redis.address().to_string();
        assert_eq!(found, RedisProblem::Setting { at, setting: line.to_owned() });
        assert!(found.is_for_the_operator() && found.to_string().contains(line), "{found}");
        assert_eq!(problem(&config, Keeps::Sums).await, None);
        redis.ask(&["CONFIG", "SET", name, good]);
    }
    assert_eq!(problem(&config, Keeps::Nothing).await, None);
}

#[tokio::test]
async fn replicas_are_looked_at_and_all_waited_for() {
    let redis = TestRedis::start();
    let port = redis.port.to_string();
    let replica = TestRedis::start_with(&["--replicaof", "127.0.0.1", &port]);
    while redis.ask(&["WAIT", "1", "100"]) != "1" {}
    let unaware = redis.config();
    let replicas =
        RedisProblem::Replicas { at: redis.address().to_string(), connected: 1, waited_for: 0 };
    assert_eq!(problem(&unaware, Keeps::Nothing).await, Some(replicas));
    let config = RedisConfig { replicas: 1, ..unaware };
    assert_eq!(problem(&config, Keeps::Nothing).await, None);
    for (name, value, good, line) in [
        ("save", "3600 1", "", "save \"\""),
        ("appendonly", "yes", "no", "appendonly no"),
        ("repl-diskless-sync", "no", "yes", "repl-diskless-sync yes"),
        ("repl-diskless-load", "disabled", "swapdb", "repl-diskless-load swapdb"),
        ("repl-diskless-load", "on-empty-db", "swapdb", "repl-diskless-load swapdb"),
    ] {
        for server in [&redis, &replica] {
            server.ask(&["CONFIG", "SET", name, value]);
            let at = server.address().to_string();
            let found = problem(&config, Keeps::Nothing).await.unwrap();
            assert_eq!(found, RedisProblem::Setting { at, setting: line.to_owned() });
            server.ask(&["CONFIG", "SET", name, good]);
        }
    }
    // A replica is no master, whatever the operator says.
    let wrong = RedisConfig { addresses: vec![replica.address()], ..config };
    assert_eq!(problem(&wrong, Keeps::Nothing).await, Some(RedisProblem::NoMaster));
}

#[tokio::test]
async fn who_may_not_ask_is_told_so() {
    let redis = TestRedis::start();
    redis.ask(&["ACL", "SETUSER", "vestibule", "on", ">secret", "~vestibule:*", "+ping", "+role"]);
    let login = |password: &str| RedisConfig {
        user: Some("vestibule".to_owned()),
        password: Some(password.to_owned().into()),
        ..redis.config()
    };
    let (wrong, right) = (login("wrong"), login("secret"));
    assert_eq!(problem(&wrong, Keeps::Nothing).await, Some(RedisProblem::Refused));
    assert_eq!(problem(&right, Keeps::Nothing).await, Some(RedisProblem::NotAllowed));
    redis.ask(&["ACL", "SETUSER", "vestibule", "+config|get"]);
    assert_eq!(problem(&right, Keeps::Nothing).await, None);
}
