//! As many consultations as this machine bears, and whether the model has foretold what they cost.

use std::time::Duration;

use tokio::time::{Instant, sleep};
use vestibule_tests::service::Service;
use vestibule_tests::socket::Way;

use super::costs::{COMING, Costs, IDLE, PINGED_ALWAYS, SOCKETS_OF_CONSULTATION, Sample};
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
    /// Memory of the processes, in bytes.
    pub bytes: Foretold,
    /// Processor time while nobody sends, in microseconds a second.
    pub idle_micros: Foretold,
    /// The same while both ends of all are steady.
    pub active_micros: Foretold,
    /// Cells that arrived each second meanwhile.
    pub cells_per_second: f64,
}

/// Processes, and the pairs that they serve.
struct Watched<'a> {
    processes: Vec<u32>,
    pairs: &'a Pairs,
}

/// Of a second: processor time, in microseconds, and cells that arrived.
#[derive(Clone, Copy)]
struct Second {
    micros: f64,
    cells: f64,
}

/// So many at each of three nodes, and beside them the sample by which they are foretold: both are watched
/// at the same time, since processors that are shared with others cost more at one time than at another.
pub async fn run(at_each: usize) -> (Costs, Run) {
    let sample = Sample::start().await;
    let service = Service::default();
    let store = Store::start(Kind::Single).await;
    let nodes = Nodes::start(NODES, &service, &store, &More::default()).await;
    let ways: Vec<Way> = (0..NODES).map(|node| nodes.way_to(node)).collect();
    let mut pairs = Pairs::join(&ways, at_each, COMING).await;
    let processes: Vec<u32> = nodes.nodes.iter().map(|node| node.process.id()).collect();
    let bytes = processes.iter().map(|process| anonymous_bytes(*process)).sum::<u64>() as f64;

    let small = Watched { processes: vec![sample.process()], pairs: &sample.pairs };
    let large = Watched { processes, pairs: &pairs };
    let [small_idle, large_idle] = watch([&small, &large], IDLE).await;
    // Both ends together send so many.
    let pace = Duration::from_secs_f64(2.0 / USE.cells_per_second);
    for watched in [&small, &large] {
        watched.pairs.send_every(Some(pace));
    }
    sleep(pace).await;
    let [small_active, large_active] = watch([&small, &large], ACTIVE).await;

    let idle_micros = small_idle.micros / small.pairs.count as f64;
    let pings = idle_micros * PINGED_ALWAYS * small.pairs.count as f64;
    let cell_micros = (small_active.micros - pings) / small_active.cells;
    assert!(pairs.are_all_there(), "nobody has left");
    let costs = sample.costs(idle_micros, cell_micros);
    let consultations = pairs.count as f64;
    let run = Run {
        consultations: pairs.count,
        sockets: pairs.count * SOCKETS_OF_CONSULTATION,
        bytes: Foretold {
            foretold: NODES as f64 * costs.node_bytes + consultations * costs.consultation_bytes,
            measured: bytes,
        },
        idle_micros: Foretold {
            foretold: consultations * costs.idle_micros,
            measured: large_idle.micros,
        },
        active_micros: Foretold {
            // Of the cells that came: a machine that others use too may let some come late.
            foretold: consultations * steady_micros(&costs, large_active.cells / consultations),
            measured: large_active.micros,
        },
        cells_per_second: large_active.cells,
    };
    (costs, run)
}

async fn watch<const COUNT: usize>(
    all: [&Watched<'_>; COUNT],
    watched: Duration,
) -> [Second; COUNT] {
    let look = || {
        all.map(|one| {
            let spent: Cpu = one.processes.iter().map(|process| Cpu::of(*process)).sum();
            (spent, one.pairs.cells())
        })
    };
    let (since, before) = (Instant::now(), look());
    sleep(watched).await;
    let (seconds, mut before) = (since.elapsed().as_secs_f64(), before.into_iter());
    look().map(|(spent, cells)| {
        let (spent_before, cells_before) = before.next().expect("as many as before");
        Second {
            micros: (spent - spent_before).0.as_secs_f64() * 1e6 / seconds,
            cells: (cells - cells_before) as f64 / seconds,
        }
    })
}
