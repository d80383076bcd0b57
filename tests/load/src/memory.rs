//! Memory of its own that a contender keeps for a socket that is idle.

use std::time::Duration;

use crate::contender::Contender;
use crate::generator::BURST_CELLS_MAX;

/// Buffers that all share are there after these.
const WARM_UP_PAIRS: usize = 20;
const BURSTS: Duration = Duration::from_millis(500);

/// In bytes for each socket.
pub struct Memory {
    /// After a cell of each end.
    pub idle: f64,
    /// After bursts in both directions, idle again.
    pub after_bursts: f64,
}

/// Of a contender that has not served so many pairs before.
pub fn of(contender: &Contender, pairs: usize) -> Memory {
    contender.join(WARM_UP_PAIRS).closed_loop(BURST_CELLS_MAX, BURSTS);
    let before = contender.memory();
    let of_each = || contender.memory().saturating_sub(before) as f64 / (2 * pairs) as f64;
    let mut generator = contender.join(pairs);
    let idle = of_each();
    generator.closed_loop(BURST_CELLS_MAX, BURSTS);
    Memory { idle, after_bursts: of_each() }
}
