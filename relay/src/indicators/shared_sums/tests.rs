use std::collections::BTreeMap;

use rand::SeedableRng;
use rand::rngs::StdRng;
use vestibule_wire::{Cell, Timestamp};

use super::{SharedSums, read};
use crate::indicators::batch::{Batch, Released, Staffed};
use crate::indicators::noise::Budget;
use crate::indicators::period::{Date, PeriodKind};
use crate::redis_store::RedisCounters;
use crate::testing::{FakeService, NOW, TestRedis};

const EVER: (Timestamp, Timestamp) = (Timestamp(0), Timestamp(u32::MAX));
const WEEK_SECONDS: u32 = 7 * 86_400;
const DOOR: Cell = Cell::of("request", "door");

fn sums(redis: &TestRedis, node: &str) -> SharedSums {
    SharedSums::new(RedisCounters::new(redis.config()), node.to_owned())
}

/// A batch of one day with so many requests at a door, in a week after this one or in it.
fn batch(weeks: u32, requests: i32, budget: Budget) -> Released {
    let rng = &mut StdRng::seed_from_u64(u64::from(weeks));
    let span = PeriodKind::Week.span_of(NOW.plus_seconds(weeks * WEEK_SECONDS));
    let mut batch = Batch::begin(span, budget, span.start, rng);
    batch.pass(span.start.plus_seconds(86_400), &mut Staffed::default(), 0);
    batch.add(DOOR, requests);
    batch.release(&mut Staffed::default(), rng)
}

#[tokio::test]
async fn what_several_relays_add_is_told_as_one() {
    let redis = TestRedis::start();
    let authority = FakeService::new(1).authority();
    let (a, b) = (sums(&redis, "a"), sums(&redis, "b"));
    a.add(authority, [1; 16], &batch(0, 5, Budget::Exact)).await.unwrap();
    b.add(authority, [2; 16], &batch(0, 7, Budget::Exact)).await.unwrap();
    b.add(authority, [3; 16], &batch(0, -2, Budget::Exact)).await.unwrap();
    a.add(authority, [4; 16], &batch(1, 9, Budget::default())).await.unwrap();
    let told = b.periods(authority, EVER).await.unwrap();
    assert_eq!(told.len(), 2);
    assert_eq!(DOOR.sum(&told[0].sums), 10);
    // One day of one and two of the other.
    assert_eq!(told[0].covered_minutes, 1_440 * 3 / 2);
    let noises: Vec<_> = told.iter().map(|period| period.noises[0]).collect();
    assert_eq!((noises[0].epsilon_millionths, noises[0].batches), (0, 3));
    assert_eq!((noises[1].epsilon_millionths, noises[1].batches), (250_000, 1));
    assert_eq!(told[0].end, told[1].start);
    let later = b.periods(authority, (told[1].start, Timestamp(u32::MAX))).await.unwrap();
    assert_eq!(later.len(), 1);
    let other = FakeService::new(2).authority();
    assert!(b.periods(other, EVER).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_batch_that_is_sent_again_is_added_once() {
    let redis = TestRedis::start();
    let authority = FakeService::new(1).authority();
    let a = sums(&redis, "a");
    for _ in 0..3 {
        a.add(authority, [1; 16], &batch(0, 5, Budget::Exact)).await.unwrap();
    }
    let told = a.periods(authority, EVER).await.unwrap();
    assert_eq!((DOOR.sum(&told[0].sums), told[0].noises[0].batches), (5, 1));
}

#[tokio::test]
async fn the_oldest_periods_are_forgotten() {
    let redis = TestRedis::start();
    let authority = FakeService::new(1).authority();
    let a = sums(&redis, "a");
    for week in 0..123_u8 {
        a.add(authority, [week; 16], &batch(u32::from(week), 1, Budget::Exact)).await.unwrap();
    }
    let told = a.periods(authority, EVER).await.unwrap();
    assert_eq!(told.len(), 120);
    let fourth = PeriodKind::Week.span_of(NOW.plus_seconds(3 * WEEK_SECONDS));
    assert_eq!(told[0].start, fourth.start);
    assert_eq!(redis.ask(&["DBSIZE"]), (120 + 1 + 123).to_string());
}

#[tokio::test]
async fn what_no_relay_wrote_is_not_told_and_harms_nobody() {
    let redis = TestRedis::start();
    let authority = FakeService::new(1).authority();
    let a = sums(&redis, "a");
    a.add(authority, [1; 16], &batch(0, 5, Budget::Exact)).await.unwrap();
    let all = format!("vestibule:c:{{{}}}:periods", authority.to_hex());
    redis.ask(&["SADD", &all, "yesterday", "2026-13-01"]);
    assert_eq!(a.periods(authority, EVER).await.unwrap().len(), 1);
    redis.ask(&["DEL", &all]);
    redis.ask(&["SET", &all, "text"]);
    assert!(a.periods(authority, EVER).await.is_err());
    assert!(a.add(authority, [2; 16], &batch(0, 5, Budget::Exact)).await.is_err());
}

#[test]
fn fields_are_read_strictly() {
    let start = Date::parse("2026-11-16").unwrap();
    let fields = |changed: &[(&str, &str)]| {
        let mut fields = BTreeMap::from([("end".to_owned(), "2026-11-23".to_owned())]);
        fields.extend(changed.iter().map(|(name, value)| ((*name).into(), (*value).into())));
        fields
    };
    let told = read(start, &fields(&[("request.door", "99999999999"), ("new.label", "1")]));
    assert_eq!(told.map(|period| DOOR.sum(&period.sums)), Some(i32::MAX));
    let told = read(start, &fields(&[("covered_minutes:a", "99999999999")])).unwrap();
    assert_eq!(told.covered_minutes, 7 * 1_440);
    for wrong in [
        ("end", "soon"),
        ("request.door", "many"),
        ("covered_minutes:a", "-1"),
        ("noise:0.25", "x"),
        ("noise:x", "1"),
    ] {
        assert!(read(start, &fields(&[wrong])).is_none(), "{wrong:?}");
    }
    let many: Vec<(String, String)> =
        (1..=9).map(|tenths| (format!("noise:0.{tenths}"), "70000".to_owned())).collect();
    let many: Vec<_> = many.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert!(read(start, &fields(&many)).is_some());
    assert!(read(start, &BTreeMap::new()).is_none());
}
