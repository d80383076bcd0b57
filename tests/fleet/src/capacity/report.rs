//! The tables of `docs/capacity.md`.

use std::fmt::Write as _;

use super::costs::Costs;
use super::model::{MACHINE, Machine, Region, fleet, half_are_consoles};
use super::regions::{Placing, simulate};
use super::run::{Foretold, Run};

/// Nodes of one region that are looked at.
const REGIONS: [usize; 7] = [3, 4, 6, 10, 16, 32, 64];
/// Open consultations that are looked at.
const OPEN: [f64; 5] = [1_000.0, 10_000.0, 30_000.0, 100_000.0, 1_000_000.0];
/// How much more room regions have than is usually needed.
const ROOMS: [f64; 5] = [1.0, 1.1, 1.2, 1.5, 2.0];
/// The same machine, if a relay took eight times as many sockets.
const ROOMY: Machine = Machine { sockets_max: 65_536.0, ..MACHINE };
const SEED: u64 = 20_261_201;

/// Everything about capacity.
pub fn of_capacity(costs: &Costs, run: &Run) -> String {
    let fleets = [of_fleets(costs, &MACHINE), of_fleets(costs, &ROOMY)];
    let [as_built, roomy] = fleets;
    [of_costs(costs), of_run(run), of_regions(costs), as_built, roomy, of_simulation(costs)]
        .join("\n")
}

fn of_costs(costs: &Costs) -> String {
    let Costs { node_bytes, consultation_bytes, duty_bytes, kernel_socket_bytes, .. } = costs;
    let kib = |bytes: &f64| format!("{:.1} KiB", bytes / 1_024.0);
    format!(
        "**Measured costs**\n\n| what | cost |\n|---|---|\n\
         | a node's process, nobody there | {} |\n\
         | an open consultation: three sockets, in the process | {} |\n\
         | a duty socket, in the process | {} |\n\
         | a socket, in the kernel | {} |\n\
         | an idle consultation | {:.2} µs a second |\n\
         | a duty socket | {:.2} µs a second |\n\
         | a cell | {:.1} µs |\n\
         | a beginning: opening, offer, claim, seat | {:.0} µs at nodes, {:.0} µs and {:.1} commands at Redis |\n\
         | a node's presence | {:.1} commands a second at Redis |\n",
        kib(node_bytes),
        kib(consultation_bytes),
        kib(duty_bytes),
        kib(kernel_socket_bytes),
        costs.idle_micros,
        costs.duty_micros,
        costs.cell_micros,
        costs.begin_micros,
        costs.redis_begin_micros,
        costs.redis_begin_commands,
        costs.redis_node_commands,
    )
}

fn of_run(run: &Run) -> String {
    let line = |name: &str, unit: &str, scale: f64, value: Foretold| {
        format!(
            "| {name} | {:.1} {unit} | {:.1} {unit} | {:+.0} % |\n",
            value.foretold / scale,
            value.measured / scale,
            value.error() * 100.0
        )
    };
    format!(
        "**As many as this machine bears**: {} consultations at three nodes, {} sockets (the end of what \
         one process may have descriptors for at their other side, with the sample); while all are steady, \
         {:.0} cells a second.\n\n| | foretold | measured | error |\n|---|---|---|---|\n{}{}{}",
        run.consultations,
        run.sockets,
        run.cells_per_second,
        line("memory of the nodes", "MiB", 1_048_576.0, run.bytes),
        line("all idle, processor time a second", "ms", 1_000.0, run.idle_micros),
        line("all steady, processor time a second", "ms", 1_000.0, run.active_micros),
    )
}

fn of_regions(costs: &Costs) -> String {
    let mut text = format!(
        "**One region: every console has a socket to every node.** Of {} sockets at each node, one node \
         being lost. From {} nodes on, half of them are consoles'; more than {:.0} consultations are never \
         reached.\n\n\
         | nodes | consultations | for each node | sockets of consoles at each node | sockets of a console |\n\
         |---|---|---|---|---|\n",
        MACHINE.sockets_max,
        half_are_consoles(),
        MACHINE.sockets_max * super::model::USE.per_console
    );
    for nodes in REGIONS {
        let region = Region { nodes };
        let bears = region.bears(costs, &MACHINE);
        let load = region.load(bears, costs);
        let _ = writeln!(
            text,
            "| {nodes} | {bears:.0} | {:.0} | {:.0} % | {nodes} |",
            bears / nodes as f64,
            100.0 * load.duty_sockets / load.sockets
        );
    }
    text
}

fn of_fleets(costs: &Costs, machine: &Machine) -> String {
    let mut text = format!(
        "**To one million, {} sockets at a node**: the cheapest regions; load of each node, nothing being \
         lost.\n\n\
         | open | regions | nodes of each | nodes | sockets | memory | processors busy | Redis commands a \
         second, each region | a month |\n|---|---|---|---|---|---|---|---|---|\n",
        machine.sockets_max
    );
    for open in OPEN {
        let fleet = fleet(open, costs, machine);
        let _ = writeln!(
            text,
            "| {open:.0} | {} | {} | {} | {:.0} | {:.0} MiB | {:.0} % of one | {:.0} | {:.0} € |",
            fleet.regions,
            fleet.region.nodes,
            fleet.regions * fleet.region.nodes,
            fleet.load.sockets,
            fleet.load.bytes / 1_048_576.0,
            fleet.load.micros / 10_000.0,
            fleet.redis_commands,
            fleet.month_price
        );
    }
    text
}

fn of_simulation(costs: &Costs) -> String {
    let region = fleet(1_000_000.0, costs, &MACHINE).region;
    let mut text = format!(
        "**Regions, simulated**: a million open consultations of services of all sizes, regions of {} \
         nodes, each service 0.4 to 1.6 times its usual size from one moment to another; 1,000 moments. \
         Full: the most that any region had, of what it bears with a node lost.\n\n\
         | room | services come to a region | services | full | moments with a region that is over full | \
         sockets at a node, most |\n|---|---|---|---|---|---|\n",
        region.nodes
    );
    for room in ROOMS {
        for placing in [Placing::ByChance, Placing::WhereThereIsRoom] {
            let seen = simulate(1_000_000.0, region, room, placing, costs, SEED);
            let how = match placing {
                Placing::ByChance => "by chance",
                Placing::WhereThereIsRoom => "where least is open",
            };
            let _ = writeln!(
                text,
                "| {room:.1} | {how} | {} | {:.0} % | {:.1} % | {:.0} |",
                seen.services,
                seen.fullest * 100.0,
                seen.overfull * 100.0,
                seen.sockets
            );
        }
    }
    text
}
