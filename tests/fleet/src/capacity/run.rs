//! As many consultations as this machine bears, and whether the model has foretold what they cost.

use std::time::Duration;

use tokio::time::{Instant, sleep};
use vestibule_tests::service::Service;
use vestibule_tests::socket::Way;

use super::costs::{Costs, IDLE, SOCKETS_OF_CONSULTATION};
use super::model::{USE, steady_micros};
use crate::cpu::{Cpu, anonymous_bytes};
use crate::nodes::{More, Nodes};
use crate::pairs::Pairs;
use crate::store::{Kind, Store};

const NODES: usize = 3;
/// How long all are watched while they send.
const ACTIVE: Duration = Duration::from_secs(30);

/// Something that was foretold and then measured.
#[derive(Debug, Clone, Copy)]
pub struct Foretold {
    /// By the model.
    pub foretold: f64,
    /// By the run.
    pub measured: f64,
}

impl Foretold {
    /// How far the model is off, of what was measured.
    pub fn error(self) -> f64 {
        self.foretold / self.measured - 1.0
    }
}

/// What the run came to, of all nodes together.
#[derive(Debug, Clone, Copy)]
pub struct Run {
    /// Open at once.
    pub consultations: usize,
    /// Sockets at nodes.
    pub sockets: usize,
    /// How long it took until all were there.
    pub joined_in: Duration,
    /// Memory of the processes, in bytes.
    pub bytes: Foretold,
    /// Processor time while nobody sends, in microseconds a second.
    pub idle_micros: Foretold,
    /// The same while both ends of all are steady.
    pub active_micros: Foretold,
    /// Cells that arrived each second meanwhile.
    pub cells_per_second: f64,
}

/// So many at each of three nodes.
pub async fn run(at_each: usize, costs: &Costs) -> Run {
    let service = Service::default();
    let store = Store::start(Kind::Single).await;
    let nodes = Nodes::start(NODES, &service, &store, &More::default()).await;
    let ways: Vec<Way> = (0..NODES).map(|node| nodes.way_to(node)).collect();
    let started = Instant::now();
    let mut pairs = Pairs::join(&ways, at_each).await;
    let joined_in = started.elapsed();
    let consultations = pairs.count as f64;
    let processes: Vec<u32> = nodes.nodes.iter().map(|node| node.process.id()).collect();
    let bytes = processes.iter().map(|process| anonymous_bytes(*process)).sum::<u64>() as f64;

    let (idle, _) = watch(&processes, &pairs, IDLE).await;
    // Both ends together send so many.
    let pace = Duration::from_secs_f64(2.0 / USE.cells_per_second);
    pairs.send_every(Some(pace));
    sleep(pace).await;
    let (active, cells_per_second) = watch(&processes, &pairs, ACTIVE).await;
    assert!(pairs.are_all_there(), "nobody has left");
    Run {
        consultations: pairs.count,
        sockets: pairs.count * SOCKETS_OF_CONSULTATION,
        joined_in,
        bytes: Foretold {
            foretold: NODES as f64 * costs.node_bytes + consultations * costs.consultation_bytes,
            measured: bytes,
        },
        idle_micros: Foretold { foretold: consultations * costs.idle_micros, measured: idle },
        active_micros: Foretold {
            // Of the cells that came: a machine that others use too may let some come late.
            foretold: consultations * steady_micros(costs, cells_per_second / consultations),
            measured: active,
        },
        cells_per_second,
    }
}

async fn watch(processes: &[u32], pairs: &Pairs, watched: Duration) -> (f64, f64) {
    let spent = || processes.iter().map(|process| Cpu::of(*process)).sum::<Cpu>();
    let (since, before) = (Instant::now(), (spent(), pairs.cells()));
    sleep(watched).await;
    let seconds = since.elapsed().as_secs_f64();
    let cells = (pairs.cells() - before.1) as f64;
    ((spent() - before.0).0.as_secs_f64() * 1e6 / seconds, cells / seconds)
}
