//! The model of capacity, with costs that stand still.
#![allow(clippy::cast_precision_loss, reason = "numbers far below 2^53")]

use vestibule_fleet::capacity::costs::Costs;
use vestibule_fleet::capacity::model::half_are_consoles;
use vestibule_fleet::capacity::model::{MACHINE, NODES_MAX, NODES_MIN, Region, USE, fleet};
use vestibule_fleet::capacity::regions::{Placing, simulate};

const COSTS: Costs = Costs {
    node_bytes: 4e6,
    consultation_bytes: 6_000.0,
    duty_bytes: 6_000.0,
    kernel_socket_bytes: 3_700.0,
    idle_micros: 5.0,
    duty_micros: 2.0,
    cell_micros: 20.0,
    begin_micros: 1_500.0,
    redis_begin_micros: 100.0,
    redis_begin_commands: 10.0,
    redis_node_commands: 2.0,
};

#[test]
fn a_region_bears_no_more_than_its_nodes_do_when_one_is_lost() {
    for nodes in NODES_MIN..=NODES_MAX {
        let region = Region { nodes };
        let load = region.load(region.bears(&COSTS, &MACHINE), &COSTS);
        // One of the three is what fills it.
        let full = [
            load.sockets / MACHINE.sockets_max,
            load.bytes / MACHINE.bytes_max,
            load.micros / MACHINE.micros_max,
        ];
        let fullest = full.into_iter().fold(0.0, f64::max);
        assert!((fullest - 1.0).abs() < 1e-6, "{nodes} nodes: {full:?}");
    }
}

#[test]
fn more_nodes_help_less_and_less() {
    let bears = |nodes| Region { nodes }.bears(&COSTS, &MACHINE);
    let gained: Vec<f64> =
        (NODES_MIN..NODES_MAX).map(|nodes| bears(nodes + 1) - bears(nodes)).collect();
    assert!(gained.windows(2).all(|two| two[0] > two[1] && two[1] > 0.0));
    assert!(bears(NODES_MAX) < MACHINE.sockets_max * USE.per_console);
    let region = Region { nodes: half_are_consoles() };
    let load = region.load(region.bears(&COSTS, &MACHINE), &COSTS);
    assert!((load.duty_sockets * 2.0 / load.sockets - 1.0).abs() < 1e-6);
}

#[test]
fn a_million_consultations_fit_into_regions() {
    let fleet = fleet(1e6, &COSTS, &MACHINE);
    assert!(fleet.regions as f64 * fleet.region.bears(&COSTS, &MACHINE) >= 1e6);
    assert!(fleet.load.sockets <= MACHINE.sockets_max && fleet.load.bytes <= MACHINE.bytes_max);
}

#[test]
fn regions_need_room_and_services_need_a_choice() {
    let region = fleet(1e6, &COSTS, &MACHINE).region;
    let tight = simulate(1e6, region, 1.0, Placing::ByChance, &COSTS, 1);
    assert!(tight.overfull > 0.5, "without room some region is always over full: {tight:?}");
    let roomy = simulate(1e6, region, 1.5, Placing::WhereThereIsRoom, &COSTS, 1);
    assert!(roomy.overfull == 0.0 && roomy.sockets <= MACHINE.sockets_max, "{roomy:?}");
    let chance = simulate(1e6, region, 1.5, Placing::ByChance, &COSTS, 1);
    assert!(chance.fullest > roomy.fullest, "chance is no plan");
}
