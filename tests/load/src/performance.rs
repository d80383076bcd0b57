//! What forwarding costs each contender, in turns that follow each other closely.
//!
//! A machine that is shared is slower at one moment than at the next. So each load of a round is cut into
//! slices, and every contender has its slice before the next begins: what slows one slows all.

pub mod budgets;
pub mod report;

use std::time::Duration;

use vestibule_fleet::cpu::{Cpu, median};

use crate::contender::Contender;
use crate::generator::{BURST_CELLS_MAX, Generator};

/// Consultations at each contender.
pub const PAIRS: usize = 100;
/// Slices of each load in a round.
const SLICES: usize = 10;
const SLICE: Duration = Duration::from_millis(100);
const WARM_UP: Duration = Duration::from_millis(10);
/// Between two pings, of all pairs together.
const PACE: Duration = Duration::from_millis(1);

/// One contender's figures, one of each kind for each round.
#[derive(Default)]
pub struct Figures {
    /// Processor time to join a pair, in microseconds.
    pub joining: Vec<f64>,
    /// Processor time for a cell with one of each end on its way, in microseconds.
    pub single: Vec<f64>,
    /// The same in bursts.
    pub burst: Vec<f64>,
    /// Processor time for a cell at an even pace.
    pub paced: Vec<f64>,
    /// The way there and back at that pace, in microseconds, of half of all.
    pub half_there_and_back: Vec<f64>,
    /// The same of all but one in a hundred.
    pub most_there_and_back: Vec<f64>,
    /// Cells in a second, one of each end on its way.
    pub a_second: Vec<f64>,
}

/// So many rounds, each with new pairs. Every contender has its turn, and begins one place later than before.
pub fn run(contenders: &[Contender], rounds: usize) -> Vec<Figures> {
    let mut all: Vec<Figures> = contenders.iter().map(|_| Figures::default()).collect();
    for round in 0..rounds {
        let mut runs: Vec<Run<'_>> =
            contenders.iter().zip(&mut all).map(|(one, figures)| Run::join(one, figures)).collect();
        for load in [Run::single, Run::burst, Run::paced] {
            for slice in 0..SLICES {
                let count = runs.len();
                for turn in 0..count {
                    load(&mut runs[(turn + slice + round) % count]);
                }
            }
        }
        runs.into_iter().for_each(Run::end);
    }
    all
}

/// One contender's round.
struct Run<'a> {
    contender: &'a Contender,
    generator: Generator,
    figures: &'a mut Figures,
    single: Sum,
    burst: Sum,
    paced: Sum,
    ways: Vec<Duration>,
}

/// What slices add up to.
#[derive(Default)]
struct Sum {
    cost: Cpu,
    cells: u64,
    time: Duration,
}

impl<'a> Run<'a> {
    fn join(contender: &'a Contender, figures: &'a mut Figures) -> Self {
        let before = contender.cost();
        let generator = contender.join(PAIRS);
        let joining = contender.cost() - before;
        figures.joining.push(joining.0.as_secs_f64() * 1e6 / PAIRS as f64);
        let [single, burst, paced] = [(); 3].map(|()| Sum::default());
        Self { contender, generator, figures, single, burst, paced, ways: Vec::new() }
    }

    fn single(&mut self) {
        closed(self.contender, &mut self.generator, 1, &mut self.single);
    }

    fn burst(&mut self) {
        closed(self.contender, &mut self.generator, BURST_CELLS_MAX, &mut self.burst);
    }

    fn paced(&mut self) {
        let before = self.contender.cost();
        let ways = self.generator.paced(PACE, SLICE);
        self.paced.cost = self.paced.cost + (self.contender.cost() - before);
        // There and back are two.
        self.paced.cells += 2 * ways.len() as u64;
        self.ways.extend(ways);
    }

    fn end(self) {
        let Self { figures, mut ways, .. } = self;
        figures.single.push(self.single.micros());
        figures.a_second.push(self.single.cells as f64 / self.single.time.as_secs_f64());
        figures.burst.push(self.burst.micros());
        figures.paced.push(self.paced.micros());
        let [half, most] = half_and_most(&mut ways);
        figures.half_there_and_back.push(half);
        figures.most_there_and_back.push(most);
    }
}

impl Sum {
    /// For a cell.
    fn micros(&self) -> f64 {
        self.cost.0.as_secs_f64() * 1e6 / self.cells as f64
    }
}

fn closed(contender: &Contender, generator: &mut Generator, burst: usize, sum: &mut Sum) {
    generator.closed_loop(burst, WARM_UP);
    let before = contender.cost();
    let done = generator.closed_loop(burst, SLICE);
    sum.cost = sum.cost + (contender.cost() - before);
    sum.cells += done.cells;
    sum.time += done.time;
}

/// Of half of all, and of all but one in a hundred, in microseconds.
pub(crate) fn half_and_most(ways: &mut [Duration]) -> [f64; 2] {
    ways.sort();
    [50, 99].map(|hundredths| ways[ways.len() * hundredths / 100].as_secs_f64() * 1e6)
}

/// The median of the ratios of rounds, to the floor's of the same round.
pub fn ratio(of: &[f64], floor: &[f64]) -> f64 {
    median(&mut of.iter().zip(floor).map(|(one, other)| one / other).collect::<Vec<f64>>())
}
