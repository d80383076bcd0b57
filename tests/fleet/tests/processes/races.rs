//! Links that are raced for.

use vestibule_fleet::race::{Size, Tally, run};
use vestibule_fleet::store::Kind;

use crate::alone;

fn check(tally: &Tally, size: Size) {
    println!("{tally:?}");
    assert_eq!(tally.spent_twice, 0, "no link is spent twice");
    assert!(tally.spent + tally.spent_by_nobody == size.links);
    assert!(tally.spent_by_nobody * 100 <= size.links, "hardly a link is lost to both");
    assert_eq!(tally.losses.len(), size.failovers);
    for loss in &tally.losses {
        assert!(loss.keys > 0, "something is lost, or nothing was tested");
        assert!(loss.naive_claim_spent_twice, "whoever believes a master at once is deceived");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_link_is_spent_once() {
    let _alone = alone().await;
    let size = Size { links: 200, workers: 10, failovers: 0 };
    check(&run(Kind::Single, size).await, size);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_link_is_spent_once_across_a_failover() {
    let _alone = alone().await;
    let size = Size { links: 200, workers: 10, failovers: 1 };
    check(&run(Kind::Sentinel, size).await, size);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_link_is_spent_once_in_a_cluster_that_fails_over() {
    let _alone = alone().await;
    let size = Size { links: 200, workers: 10, failovers: 1 };
    check(&run(Kind::Cluster, size).await, size);
}
