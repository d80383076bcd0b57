//! As many sockets as the limit of descriptors allows, of people who have nothing to say: what they cost
//! while nothing is sent, and while cover cells are.

use std::thread::sleep;
use std::time::Duration;

use crate::contender::{Contender, Serving, vestibule};
use crate::generator::Generator;

/// Two sockets each.
pub const PAIRS: usize = 7_500;
/// Beside the sockets of the pairs, those of the sample.
const CONNECTIONS: usize = 2 * PAIRS + 500;
/// They come evenly over one round of pings: whoever comes at the same moment is pinged at the same
/// moment ever after.
const ARRIVAL: Duration = Duration::from_secs(15);
/// Each end's slots in steady cover.
pub const COVER: Duration = Duration::from_secs(2);
/// Few pairs that are busy, at the same cells a second: what a cell costs.
const SAMPLE_PAIRS: usize = 100;
const SAMPLE: Duration = Duration::from_secs(20);

/// What was measured.
pub struct Idle {
    /// Memory of the relay's own, in bytes for each socket.
    pub memory: f64,
    /// Share of one processor while nobody says anything.
    pub quiet: f64,
    /// The same with cover.
    pub covered: f64,
    /// Cells in a second with cover.
    pub cells_a_second: f64,
    /// Processor time for a cell of the sample, in microseconds.
    pub cell: f64,
}

impl Idle {
    /// What the cells should cost beside what all costs without them.
    pub fn foretold(&self) -> f64 {
        self.quiet + self.cells_a_second * self.cell / 1e6
    }
}

/// Sits there for so long without cover, and as long with it.
pub fn run(time: Duration) -> Idle {
    let [relay, _] = vestibule(&Serving { connections: CONNECTIONS });
    let mut sample = relay.join(SAMPLE_PAIRS);
    let every = COVER * u32::try_from(SAMPLE_PAIRS).unwrap() / u32::try_from(PAIRS).unwrap();
    let (share, cells_a_second) = share(&relay, &mut sample, SAMPLE, Some(every));
    let cell = share * 1e6 / cells_a_second;
    drop(sample);
    let before = relay.memory();
    let wires = (0..PAIRS).map(|_| {
        sleep(ARRIVAL / u32::try_from(PAIRS).unwrap());
        relay.pair()
    });
    let mut generator = Generator::over(wires, relay.framing);
    let (quiet, _) = self::share(&relay, &mut generator, time, None);
    let memory = relay.memory().saturating_sub(before) as f64 / (2 * PAIRS) as f64;
    let (covered, cells_a_second) = self::share(&relay, &mut generator, time, Some(COVER));
    Idle { memory, quiet, covered, cells_a_second, cell }
}

/// The share of one processor, and cells in a second.
fn share(
    relay: &Contender,
    generator: &mut Generator,
    time: Duration,
    every: Option<Duration>,
) -> (f64, f64) {
    let before = relay.cost();
    let cells = generator.hold(time, every);
    let cost = relay.cost() - before;
    (cost.0.as_secs_f64() / time.as_secs_f64(), cells as f64 / time.as_secs_f64())
}
