//! Redis is away.

use std::time::Duration;

use vestibule_fleet::away::{Absence, Seen, run};

use crate::alone;

const TALKING: usize = 12;
/// The full minute is for `cargo xtask measure nodes`.
const AWAY: Duration = Duration::from_secs(8);
/// On a busy machine; without Redis no word takes another way than with it.
const WORD_MAX: Duration = Duration::from_secs(3);

async fn nobody_notices(absence: Absence) {
    let _alone = alone().await;
    let seen = run(TALKING, absence, AWAY).await;
    println!("{absence:?}: {seen:?}");
    let Seen { words, slowest, requests, .. } = seen;
    assert!(words > TALKING * 10 && slowest[1] < WORD_MAX);
    for (label, [came, counted]) in requests {
        assert_eq!(came, counted, "{label}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_who_talks_notices_that_redis_stands_still() {
    nobody_notices(Absence::Stopped).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_who_talks_notices_that_redis_is_killed() {
    nobody_notices(Absence::Killed).await;
}
