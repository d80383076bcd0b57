//! From what things cost to how many nodes it takes.

use super::costs::{Costs, PINGED_ALWAYS, SOCKETS_OF_CONSULTATION};

/// How people use it.
#[derive(Debug, Clone, Copy)]
pub struct Use {
    /// Cells of both ends each second: steady ends send one every two seconds.
    pub cells_per_second: f64,
    /// How long a consultation is open.
    pub minutes: f64,
    /// Consultations that one console holds at once.
    pub per_console: f64,
}

/// What a node may take of its machine, and what it costs.
#[derive(Debug, Clone, Copy)]
pub struct Machine {
    /// Sockets of any kind: `connections_max`.
    pub sockets_max: f64,
    /// For the process and the kernel's sockets.
    pub bytes_max: f64,
    /// Of all processors together, in microseconds a second.
    pub micros_max: f64,
    /// In euros.
    pub month_price: f64,
}

/// As stated in docs/capacity.md.
pub const USE: Use = Use { cells_per_second: 1.0, minutes: 30.0, per_console: 5.0 };
/// Two processors and 4 GiB, of which a node may have half: the rest is for the moment at which everybody
/// comes again.
pub const MACHINE: Machine = Machine {
    sockets_max: 8_192.0,
    bytes_max: 2.0 * 1_073_741_824.0,
    micros_max: 1_000_000.0,
    month_price: 10.0,
};
/// Each region's Redis has a master and a replica, on machines of the same kind.
pub const REDIS_MACHINES: usize = 2;
/// With fewer no node can be lost while another is upgraded.
pub const NODES_MIN: usize = 3;
/// As many as a directory names.
pub const NODES_MAX: usize = 64;

/// What open consultations take of each node that is left when one is lost.
#[derive(Debug, Clone, Copy)]
pub struct Load {
    /// Of consultations and consoles.
    pub sockets: f64,
    /// Of them, those of consoles on duty.
    pub duty_sockets: f64,
    /// The process and the kernel.
    pub bytes: f64,
    /// Processor time, in microseconds a second.
    pub micros: f64,
}

/// Nodes that share a Redis, and consoles with a socket to each of them.
#[derive(Debug, Clone, Copy)]
pub struct Region {
    /// How many.
    pub nodes: usize,
}

impl Region {
    /// What so many open consultations are to each of its nodes when one is lost.
    pub fn load(self, open: f64, costs: &Costs) -> Load {
        self.load_at(open, costs, self.nodes - 1)
    }

    /// The same with so many nodes there.
    pub fn load_at(self, open: f64, costs: &Costs, nodes: usize) -> Load {
        let here = open / nodes as f64;
        let consoles = open / USE.per_console;
        let sockets = here * SOCKETS_OF_CONSULTATION as f64;
        let begins = here / (USE.minutes * 60.0);
        Load {
            sockets: sockets + consoles,
            duty_sockets: consoles,
            bytes: costs.node_bytes
                + here * costs.consultation_bytes
                + consoles * costs.duty_bytes
                + (sockets + consoles) * costs.kernel_socket_bytes,
            micros: here * steady_micros(costs, USE.cells_per_second)
                + begins * costs.begin_micros
                + consoles * costs.duty_micros,
        }
    }

    /// How many consultations may be open, one node being lost.
    pub fn bears(self, costs: &Costs, machine: &Machine) -> f64 {
        let [nobody, one] = [0.0, 1.0].map(|open| self.load(open, costs));
        let most = |max: f64, nobody: f64, one: f64| (max - nobody) / (one - nobody);
        most(machine.sockets_max, nobody.sockets, one.sockets)
            .min(most(machine.bytes_max, nobody.bytes, one.bytes))
            .min(most(machine.micros_max, nobody.micros, one.micros))
    }
}

/// Processor time of a consultation whose ends send so many cells, in microseconds a second.
pub fn steady_micros(costs: &Costs, cells_per_second: f64) -> f64 {
    costs.idle_micros * PINGED_ALWAYS + cells_per_second * costs.cell_micros
}

/// Everything for so many open consultations.
#[derive(Debug, Clone, Copy)]
pub struct Fleet {
    /// Alike.
    pub regions: usize,
    /// Nodes of each, and so sockets of each console.
    pub region: Region,
    /// At each node, nothing being lost.
    pub load: Load,
    /// Commands that each region's Redis gets each second.
    pub redis_commands: f64,
    /// All machines together, in euros.
    pub month_price: f64,
}

/// The cheapest.
pub fn fleet(open: f64, costs: &Costs, machine: &Machine) -> Fleet {
    let fleets = (NODES_MIN..=NODES_MAX).map(|nodes| {
        let region = Region { nodes };
        let regions = (open / region.bears(costs, machine)).ceil().max(1.0) as usize;
        let here = open / regions as f64;
        let begins = here / (USE.minutes * 60.0);
        Fleet {
            regions,
            region,
            load: region.load_at(here, costs, nodes),
            redis_commands: begins * costs.redis_begin_commands
                + nodes as f64 * costs.redis_node_commands,
            month_price: (regions * (nodes + REDIS_MACHINES)) as f64 * machine.month_price,
        }
    });
    let cheapest = fleets.min_by(|one, other| one.month_price.total_cmp(&other.month_price));
    cheapest.expect("there are sizes")
}

/// At so many nodes half of what each can hold are consoles: from there on more nodes help less and less,
/// and `sockets_max * per_console` consultations are never reached.
pub fn half_are_consoles() -> usize {
    (SOCKETS_OF_CONSULTATION as f64 * USE.per_console) as usize + 1
}
