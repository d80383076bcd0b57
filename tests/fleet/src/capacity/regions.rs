//! What comes when one region is full: more of them, each with some services. A service has its links at one
//! region's address, and its consoles hold sockets to the nodes of that region alone.

use rand::rngs::SmallRng;
use rand::{RngExt as _, SeedableRng as _};

use super::costs::Costs;
use super::model::{MACHINE, Region, USE};

/// Workers on duty for one service: what a relay allows.
const WORKERS_MAX: f64 = 256.0;
/// Open consultations of a middling service, and how many times as many a large one has. Made up.
const MEDIAN: f64 = 60.0;
const SPREAD: f64 = 3.0;
/// From one moment to another each service has so many times its usual number.
const SWINGS: std::ops::Range<f64> = 0.4..1.6;
const MOMENTS: usize = 1_000;

/// How a service gets its region.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placing {
    /// By chance, as a hash would.
    ByChance,
    /// Where least is open when the service comes.
    WhereThereIsRoom,
}

/// What was seen.
#[derive(Debug, Clone, Copy)]
pub struct Simulated {
    /// Services.
    pub services: usize,
    /// The most that was open in any region at any moment, of what it bears when a node is lost.
    pub fullest: f64,
    /// Moments at which some region had more than it bears.
    pub overfull: f64,
    /// The most sockets at any node, one of its region being lost.
    pub sockets: f64,
}

/// So many consultations over regions of so many nodes, with room for so many times as many.
pub fn simulate(
    open: f64,
    region: Region,
    room: f64,
    placing: Placing,
    costs: &Costs,
    seed: u64,
) -> Simulated {
    let mut random = SmallRng::seed_from_u64(seed);
    let bears = region.bears(costs, &MACHINE);
    let regions = (open * room / bears).ceil() as usize;
    let mut usual = vec![0.0; regions];
    let mut services = Vec::new();
    while usual.iter().sum::<f64>() < open {
        let size = size(&mut random);
        let home = match placing {
            Placing::ByChance => random.random_range(0..regions),
            Placing::WhereThereIsRoom => least(&usual),
        };
        usual[home] += size;
        services.push((home, size));
    }
    let (mut fullest, mut overfull) = (0.0_f64, 0);
    for _ in 0..MOMENTS {
        let mut now = vec![0.0; regions];
        for (home, size) in &services {
            now[*home] += size * random.random_range(SWINGS);
        }
        let most = now.iter().copied().fold(0.0, f64::max);
        fullest = fullest.max(most / bears);
        overfull += usize::from(most > bears);
    }
    Simulated {
        services: services.len(),
        fullest,
        overfull: overfull as f64 / MOMENTS as f64,
        sockets: region.load(fullest * bears, costs).sockets,
    }
}

/// Lognormal, by the mean of many chances; never more than its workers can hold.
fn size(random: &mut SmallRng) -> f64 {
    let normal: f64 = (0..12).map(|_| random.random_range(-0.5..0.5)).sum();
    (MEDIAN * SPREAD.powf(normal)).min(WORKERS_MAX * USE.per_console)
}

fn least(usual: &[f64]) -> usize {
    let least = usual.iter().enumerate().min_by(|one, other| one.1.total_cmp(other.1));
    least.map_or(0, |(place, _)| place)
}
