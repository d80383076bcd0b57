//! What wiping costs: a relay whose allocator wipes what is freed, beside one whose does not.

use std::path::Path;
use std::time::Duration;

use tempfile::TempDir;
use tokio::process::{Child, Command};
use vestibule_fleet::cpu::{Cpu, median};
use vestibule_tests::relay::{programs, start_somewhere};
use vestibule_tests::service::Service;
use vestibule_tests::socket::Way;

use crate::closed::Loop;

/// Consultations at each relay.
const PAIRS: usize = 50;
/// Cells of each on their way: one at a time, and bursts.
const IN_FLIGHT: [usize; 2] = [1, 16];
/// The two relays: wiping, and not.
const PROGRAMS: [&str; 2] = ["wiping-relay", "stock-relay"];

/// What one relay did in each round.
#[derive(Default, Clone)]
pub struct Rounds {
    /// Cells in a second.
    pub throughput: Vec<f64>,
    /// Processor time of the relay for a cell, in microseconds.
    pub micros: Vec<f64>,
}

/// Both at one load.
pub struct Compared {
    /// Cells of each pair on their way.
    pub in_flight: usize,
    /// Wiping, and not.
    pub relays: [Rounds; 2],
}

struct Relay {
    process: Child,
    way: Way,
    _folder: TempDir,
}

/// Compares them in turn, so many rounds at each load.
pub async fn run(rounds: usize, round: Duration) -> Vec<Compared> {
    let service = Service::default();
    let mut compared = Vec::new();
    for in_flight in IN_FLIGHT {
        let mut loops = Vec::new();
        for program in PROGRAMS {
            let relay = Relay::start(program, &service).await;
            let pairs = Loop::join(&relay.way, PAIRS, in_flight).await;
            loops.push((relay, pairs));
        }
        let mut relays = [Rounds::default(), Rounds::default()];
        for number in 0..=rounds {
            // Each goes first as often as the other.
            let mut order = [0, 1];
            if number % 2 == 1 {
                order.reverse();
            }
            for which in order {
                let (relay, pairs) = &mut loops[which];
                let before = relay.cost();
                let cells = pairs.run(round).await as f64;
                let cost = relay.cost() - before;
                // The first round warms both up.
                if number > 0 {
                    relays[which].throughput.push(cells / round.as_secs_f64());
                    relays[which].micros.push(cost.0.as_secs_f64() * 1e6 / cells);
                }
            }
        }
        compared.push(Compared { in_flight, relays });
    }
    compared
}

impl Compared {
    /// Medians over rounds, of the wiping relay and the other.
    pub fn medians(&self, of: fn(&Rounds) -> &Vec<f64>) -> [f64; 2] {
        [0, 1].map(|which| median(&mut of(&self.relays[which]).clone()))
    }

    /// The median of the ratios of rounds that follow each other, of wiping to not.
    pub fn ratio(&self, of: fn(&Rounds) -> &Vec<f64>) -> f64 {
        let [wiping, not] = &self.relays;
        let rounds = of(wiping).iter().zip(of(not));
        median(&mut rounds.map(|(one, other)| one / other).collect::<Vec<f64>>())
    }
}

impl Relay {
    async fn start(program: &str, service: &Service) -> Self {
        let folder = TempDir::new().unwrap();
        let path = programs().join(program);
        let command = |config: &Path| {
            let mut command = Command::new(&path);
            command.arg(config);
            command
        };
        let configure = |origin: &str| service.write_relay_files(folder.path(), origin);
        let (way, _, process) = start_somewhere(configure, command).await;
        Self { process, way, _folder: folder }
    }

    fn cost(&self) -> Cpu {
        Cpu::of(self.process.id().expect("it runs"))
    }
}
