//! What one hostile connection of each kind costs the relay, and what fifty honest pairs notice of many.

mod kinds;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use tokio::time::Instant;

use crate::contender::{Contender, Serving, vestibule};
use crate::generator::Generator;
use crate::generator::wire::Wire;
use crate::performance::half_and_most;
pub use kinds::Kind;

/// Most that any one may cost, in bytes of the relay's own memory.
pub const BYTES_MAX: f64 = 262_144.0;
const HONEST_PAIRS: usize = 50;
/// Between two cells of honest ends; each pair has its turn four times a second.
const PACE: Duration = Duration::from_millis(5);
/// Whatever the first connections of a process ask for is asked for by then.
const WARM_UP: Duration = Duration::from_millis(250);
/// How often the relay's memory is looked at: once each honest pair has had its turn.
const LOOK: Duration = Duration::from_millis(250);

/// What one kind costs.
pub struct Price {
    /// Which.
    pub kind: Kind,
    /// How many attacked at once.
    pub connections: usize,
    /// Memory of the relay's own for each, at its highest.
    pub bytes: f64,
    /// Processor time of the relay in microseconds: for each of them a second.
    pub micros_a_second: f64,
    /// Honest ways there and back before, in microseconds: of half, and of 99 of 100.
    pub before: [f64; 2],
    /// The same meanwhile.
    pub meanwhile: [f64; 2],
}

/// What a kind does.
struct Attack {
    /// So often.
    every: Duration,
    /// One step of it.
    step: Box<dyn FnMut() + Send>,
    /// They stay open meanwhile.
    _open: Vec<Wire>,
}

/// Each kind in turn, with so many connections for so long, at a relay of its own.
///
/// # Panics
/// When an honest cell does not arrive.
pub fn run(connections: impl Fn(Kind) -> usize, time: Duration) -> Vec<Price> {
    Kind::ALL.into_iter().map(|kind| price(kind, connections(kind), time)).collect()
}

fn price(kind: Kind, connections: usize, time: Duration) -> Price {
    let relays = vestibule(&Serving { connections: 4 * (connections + HONEST_PAIRS) });
    let [relay, _] = &relays;
    let mut honest = relay.join(HONEST_PAIRS);
    drop(kind.attack(&relays, 2));
    honest.paced(PACE, WARM_UP);
    let (before, cost_before, _) = look(relay, &mut honest, time);
    let memory = relay.memory();
    let ends = Arc::new(AtomicBool::new(false));
    let attack = kind.attack(&relays, connections);
    let attacking = thread::spawn({
        let ends = Arc::clone(&ends);
        move || go_on(attack, &ends)
    });
    let (meanwhile, cost, highest) = look(relay, &mut honest, time);
    ends.store(true, Ordering::Relaxed);
    attacking.join().unwrap();
    Price {
        kind,
        connections,
        bytes: highest.saturating_sub(memory) as f64 / kind.open_at_once(connections) as f64,
        micros_a_second: (cost - cost_before) * 1e6 / time.as_secs_f64() / connections as f64,
        before,
        meanwhile,
    }
}

/// Its steps, until it is to end.
fn go_on(mut attack: Attack, ends: &AtomicBool) {
    let started = Instant::now();
    let mut steps = 0;
    while !ends.load(Ordering::Relaxed) {
        (attack.step)();
        steps += 1;
        thread::sleep((started + attack.every * steps).saturating_duration_since(Instant::now()));
    }
}

/// Honest ways for so long; seconds of the relay's processor; its memory at its highest.
fn look(relay: &Contender, honest: &mut Generator, time: Duration) -> ([f64; 2], f64, u64) {
    let before = relay.cost();
    let mut ways = Vec::new();
    let mut highest = 0;
    let started = Instant::now();
    while started.elapsed() < time {
        ways.extend(honest.paced(PACE, LOOK));
        highest = highest.max(relay.memory());
    }
    (half_and_most(&mut ways), (relay.cost() - before).0.as_secs_f64(), highest)
}
