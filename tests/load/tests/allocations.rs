//! Whoever forwards a cell needs no memory for it but what the thread has already.
#![allow(clippy::unwrap_used, reason = "what goes wrong in a test is its failure")]

use std::alloc::System;
use std::time::Duration;

use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};
use vestibule_load::allocations::count;
use vestibule_load::contender::Inside;
use vestibule_load::generator::BURST_CELLS_MAX;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const TIME: Duration = Duration::from_millis(500);

#[test]
fn forwarding_asks_for_no_memory() {
    let relay = Inside::start();
    for burst in [1, BURST_CELLS_MAX] {
        let counted = count(ALLOCATOR, &relay, burst, TIME);
        assert!(counted.cells > 1_000, "cells crossed");
        assert_eq!(counted.allocations, 0, "for {} cells", counted.cells);
    }
}
