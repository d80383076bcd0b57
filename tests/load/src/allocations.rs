//! How often the relay asks for memory while it forwards: its code and both ends in one process whose
//! allocator counts. The ends ask for none. Without TLS, whose other end asks for some in the same process.

use std::alloc::System;
use std::time::Duration;

use stats_alloc::{Region, StatsAlloc};

use crate::contender::Inside;

const PAIRS: usize = 20;
/// Whatever the first cells ask for is asked for by then.
const WARM_UP: Duration = Duration::from_millis(300);

/// What was counted.
pub struct Counted {
    /// Blocks that were asked for or grown.
    pub allocations: usize,
    /// Cells that crossed meanwhile.
    pub cells: u64,
}

/// Forwards bursts for so long.
pub fn count(
    allocator: &StatsAlloc<System>,
    relay: &Inside,
    burst: usize,
    time: Duration,
) -> Counted {
    let mut generator = relay.join(PAIRS);
    generator.closed_loop(burst, WARM_UP);
    let region = Region::new(allocator);
    let cells = generator.closed_loop(burst, time).cells;
    let change = region.change();
    Counted { allocations: change.allocations + change.reallocations, cells }
}
