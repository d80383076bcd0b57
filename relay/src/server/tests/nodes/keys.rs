//! What is written down of Redis's keys and rights, held against what really appears and is needed.

use std::collections::BTreeSet;

use vestibule_wire::WorkerToRelay;

use super::{counting, hand_in, node_with};
use crate::testing::{TestRedis, nothing_revoked};
use crate::{Limits, RedisConfig};

const OPERATIONS: &str = include_str!("../../../../../docs/operations.md");
const MODULE: &str = include_str!("../../../redis_store.rs");
const DAY_SECONDS: i64 = 86_400;

/// A row of the table.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Row<'a> {
    pattern: &'a str,
    kind: &'a str,
    lives: &'a str,
}

fn rows(text: &str) -> BTreeSet<Row<'_>> {
    let rows = text.lines().filter_map(|line| {
        let line = line.trim_start_matches("//! ").strip_prefix("| `vestibule:")?;
        let mut cells = line.split(" | ");
        let pattern = cells.next()?.strip_suffix('`')?;
        Some(Row { pattern, kind: cells.next()?, lives: cells.next()? })
    });
    rows.collect()
}

/// Words in capitals stand for what changes.
fn matches(pattern: &str, key: &str) -> bool {
    let (pattern, key): (Vec<&str>, Vec<&str>) =
        (pattern.split(':').collect(), key.split(':').collect());
    let is_hex = |part: &str, len: usize| {
        part.len() == len && part.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    pattern.len() == key.len()
        && pattern.iter().zip(&key).all(|(pattern, part)| match *pattern {
            "NAME" => crate::NodeName::new(part).is_some(),
            "HEX" => is_hex(part, 32),
            "AUTHORITY" => is_hex(part, 64),
            "{AUTHORITY}" => part
                .strip_prefix('{')
                .and_then(|part| part.strip_suffix('}'))
                .is_some_and(|part| is_hex(part, 64)),
            "PERIOD" => part.len() == 10 && part.bytes().filter(|byte| *byte == b'-').count() == 2,
            word => word == *part,
        })
}

fn seconds_max(lives: &str) -> Option<i64> {
    match lives.split([',', ';']).next().unwrap_or_default() {
        "none" => None,
        "10 s" => Some(10),
        "1 day" => Some(DAY_SECONDS),
        "40 days" | "30 s when claimed" => Some(40 * DAY_SECONDS),
        other => panic!("how long is {other:?}?"),
    }
}

/// The line of the access list, as an operator copies it.
fn access_list() -> Vec<&'static str> {
    let line = OPERATIONS.lines().find(|line| line.starts_with("user vestibule ")).unwrap();
    line.split(' ').skip(2).map(|word| if word == ">PASSWORD" { ">secret" } else { word }).collect()
}

#[tokio::test]
async fn redis_holds_what_the_table_says_and_the_access_list_allows_no_more() {
    let redis = TestRedis::start();
    redis.ask(&[&["ACL", "SETUSER", "vestibule"][..], &access_list()].concat());
    redis.ask(&["ACL", "SETUSER", "default", "resetpass", ">operator"]);
    let config = RedisConfig {
        user: Some("vestibule".to_owned()),
        password: Some("secret".to_owned().into()),
        ..redis.config()
    };
    let a = node_with(&config, "a", Limits::default(), counting(&config, "a")).await;
    let mut worker = a.worker().await;
    let (authority, revocations) = (a.service.authority(), nothing_revoked(4));
    let revocations = a.service.revocations(&revocations);
    worker.send(WorkerToRelay::Revoke { authority, revocations }.encode()).await;
    worker.revocations(&a.service).await;
    assert_eq!(hand_in(&a, &a.service.slip(1, 0, "language", &[2])).await, Ok(()));
    let (_client, _seat) = a.pair(&mut worker, 1).await;
    let mut waiting = a.client(2, 2).await;
    waiting.wait().await;
    a.accept(&mut worker).await;
    // Its sums are written when it stops.
    a.stop().await;
    let ask = |question: &[&str]| {
        redis.ask(&[&["--no-auth-warning", "-a", "operator"][..], question].concat())
    };
    let (written, told) = (rows(MODULE), rows(OPERATIONS));
    assert!(written == told, "the two tables differ");
    assert_eq!(written.len(), 8);
    let keys = ask(&["KEYS", "*"]);
    let mut seen = BTreeSet::new();
    for key in keys.lines() {
        let name = key.strip_prefix("vestibule:").expect("every key says whose it is");
        let row = written.iter().find(|row| matches(row.pattern, name));
        let row = row.unwrap_or_else(|| panic!("{key} is in no row"));
        assert_eq!(ask(&["TYPE", key]), row.kind, "{key}");
        let lives: i64 = ask(&["TTL", key]).parse().unwrap();
        match seconds_max(row.lives) {
            Some(max) => assert!((1..=max).contains(&lives), "{key}: {lives} s"),
            None => assert_eq!(lives, -1, "{key}"),
        }
        seen.insert(row.pattern);
    }
    for row in &written {
        assert!(seen.contains(row.pattern), "nothing was written at {}: {keys}", row.pattern);
    }
    // Everything was done with the rights of the list, and nothing that it denies was tried.
    assert_eq!(ask(&["ACL", "LOG"]), "");
}
