//! Who runs where: the generator on one processor, whoever serves it on another, so that neither takes time
//! from the other and each contender has the same.

use std::sync::LazyLock;

use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

/// The first and the last of those that this process may use, which are one if it has no more.
static ENDS: LazyLock<[usize; 2]> = LazyLock::new(|| {
    let allowed = sched_getaffinity(None).unwrap();
    let mut numbers = (0..CpuSet::MAX_CPU).filter(|number| allowed.is_set(*number));
    let first = numbers.next().unwrap();
    [first, numbers.next_back().unwrap_or(first)]
});

/// The number of the processor for contenders, asked before this thread has a place.
pub(crate) fn contenders() -> usize {
    ENDS[1]
}

/// Keeps this thread on the generator's.
pub(crate) fn keep_generator() {
    let mut own = CpuSet::new();
    own.set(ENDS[0]);
    sched_setaffinity(None, &own).unwrap();
}
