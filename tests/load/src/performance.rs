//! What forwarding costs each contender, round by round in turn.

use std::time::Duration;

use vestibule_fleet::cpu::median;

use crate::contender::Contender;
use crate::generator::{BURST_CELLS_MAX, Generator};

/// Consultations at each contender.
pub const PAIRS: usize = 100;
/// Of each load in each round.
const LOAD: Duration = Duration::from_secs(1);
const WARM_UP: Duration = Duration::from_millis(200);
/// Pings in a second, of all pairs together.
const PACE_A_SECOND: u32 = 1_000;

/// One contender's figures, one of each kind for each round.
#[derive(Default)]
pub struct Figures {
    /// Processor time for a cell with one of each end on its way, in microseconds.
    pub single: Vec<f64>,
    /// The same in bursts.
    pub burst: Vec<f64>,
    /// Processor time for a cell at an even pace.
    pub paced: Vec<f64>,
    /// The way there and back at that pace, in microseconds: of half of all, and of all but one in a hundred.
    pub there_and_back: [Vec<f64>; 2],
    /// Processor time to join a pair, in microseconds.
    pub joining: Vec<f64>,
    /// Cells in a second, one of each end on its way.
    pub a_second: Vec<f64>,
}

/// So many rounds. In each every contender has its turn, and begins one place later than before.
pub fn run(contenders: &[Contender], rounds: usize) -> Vec<Figures> {
    let mut all: Vec<Figures> = contenders.iter().map(|_| Figures::default()).collect();
    for round in 0..rounds {
        for turn in 0..contenders.len() {
            let number = (turn + round) % contenders.len();
            one_round(&contenders[number], &mut all[number]);
        }
    }
    all
}

fn one_round(contender: &Contender, figures: &mut Figures) {
    let before = contender.cost();
    let mut generator = contender.join(PAIRS);
    figures.joining.push(micros(contender, before) / PAIRS as f64);
    let (cost, a_second) = closed(contender, &mut generator, 1);
    figures.single.push(cost);
    figures.a_second.push(a_second);
    figures.burst.push(closed(contender, &mut generator, BURST_CELLS_MAX).0);
    let before = contender.cost();
    let mut ways = generator.paced(PACE_A_SECOND, LOAD);
    // There and back are two.
    figures.paced.push(micros(contender, before) / (2 * ways.len()) as f64);
    ways.sort();
    let [half, most] = &mut figures.there_and_back;
    half.push(ways[ways.len() / 2].as_secs_f64() * 1e6);
    most.push(ways[ways.len() * 99 / 100].as_secs_f64() * 1e6);
}

fn closed(contender: &Contender, generator: &mut Generator, burst: usize) -> (f64, f64) {
    generator.closed_loop(burst, WARM_UP);
    let before = contender.cost();
    let done = generator.closed_loop(burst, LOAD);
    let cells = done.cells as f64;
    (micros(contender, before) / cells, cells / done.time.as_secs_f64())
}

fn micros(contender: &Contender, before: vestibule_fleet::cpu::Cpu) -> f64 {
    (contender.cost() - before).0.as_secs_f64() * 1e6
}

/// The median of the ratios of rounds, to the floor's of the same round.
pub fn ratio(of: &[f64], floor: &[f64]) -> f64 {
    median(&mut of.iter().zip(floor).map(|(one, other)| one / other).collect::<Vec<f64>>())
}
