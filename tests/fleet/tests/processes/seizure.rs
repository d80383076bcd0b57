//! What a hostile Redis has of consultations: nothing.

use vestibule_fleet::hostile::{Seized, run};

use crate::alone;

const CONSULTATIONS: usize = 15;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hostile_redis_has_nothing_of_any_consultation() {
    let _alone = alone().await;
    let Seized { kinds, found, control, backlog_bytes, recorded, .. } = run(CONSULTATIONS).await;
    println!("{} kinds, backlog {backlog_bytes} bytes, {recorded} commands recorded", kinds.len());
    for (place, found) in &found {
        assert!(found.is_empty(), "{place}: {found:?}");
    }
    assert!(backlog_bytes > 0 && recorded > 2 * CONSULTATIONS, "there was something to keep");
    for (place, found) in &control {
        let found: std::collections::BTreeSet<_> = found.keys().copied().collect();
        assert_eq!(found, kinds, "the search finds what is there, in {place}");
    }
}
