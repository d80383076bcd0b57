//! What a cell costs with one node and with three.

use std::time::Duration;

use vestibule_fleet::cost::run;

use crate::alone;

const ROUNDS: usize = 3;
const ROUND: Duration = Duration::from_secs(3);
/// Three rounds on a machine that does other things too. The full comparison is in docs/nodes-measured.md.
const RATIO_MAX: f64 = 1.5;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cell_costs_with_three_nodes_what_it_costs_with_one() {
    let _alone = alone().await;
    let fleets = run(ROUNDS, ROUND).await;
    let costs: Vec<f64> = fleets.iter().map(|fleet| fleet.medians().iter().sum()).collect();
    for fleet in &fleets {
        let [relays, redis] = fleet.medians();
        println!("{}: {relays:.1} µs a cell, Redis {redis:.2}", fleet.name);
    }
    assert!(costs[2] < costs[1] * RATIO_MAX, "{costs:?}");
}
