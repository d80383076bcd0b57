//! Consultations that outlive nodes and Redis.

use std::time::Duration;

use vestibule_fleet::faults::{Course, Fault, run};
use vestibule_fleet::store::Kind;

use crate::alone;

const CONSULTATIONS: usize = 40;
/// On a busy machine. What is usual stands in docs/nodes-measured.md.
const SILENCE_MAX: Duration = Duration::from_secs(10);

fn check(course: &Course) {
    for report in &course.reports {
        println!("{report:?}");
        assert!(report.silence[0] < SILENCE_MAX, "{report:?}");
        let is_cut = report.ends_cut > 0;
        assert_eq!(is_cut, report.fault.is_of_nodes(), "{report:?}");
    }
    println!("{} messages, each heard once and in order", course.messages);
    assert!(course.messages > 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_when_nodes_and_redis_fail() {
    let _alone = alone().await;
    let faults = [
        Fault::NodeKilled(0),
        Fault::NodeDrained(1),
        Fault::RedisRestarted,
        Fault::RedisFailedOver,
    ];
    check(&run(Kind::Sentinel, CONSULTATIONS, &faults).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_when_a_cluster_fails_over() {
    let _alone = alone().await;
    let faults = [Fault::NodeKilled(2), Fault::RedisFailedOver];
    check(&run(Kind::Cluster, CONSULTATIONS, &faults).await);
}
