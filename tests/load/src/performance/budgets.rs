//! What the design promises, and what was measured of it.

use super::report::Row;
use super::{Figures, ratio};

/// One promise.
pub struct Budget {
    /// Of what.
    pub what: &'static str,
    /// At most so much.
    pub most: f64,
    /// It is so much.
    pub measured: f64,
    /// Of both.
    pub unit: &'static str,
}

/// Of the floor, the relay without TLS, and with it.
pub fn of([floor, plain, tls]: [&Row; 3]) -> Vec<Budget> {
    let times = |what, most, of: fn(&Figures) -> &Vec<f64>| {
        let measured = ratio(of(&plain.figures), of(&floor.figures));
        Budget { what, most, measured, unit: "× floor" }
    };
    let calls = |what, most, measured| Budget { what, most, measured, unit: "" };
    let memory =
        |what, most, bytes: f64| Budget { what, most, measured: bytes / 1_024.0, unit: "KiB" };
    vec![
        times("processor time for a cell, one on its way", 1.10, |figures| &figures.single),
        times("the same in bursts of 16", 1.25, |figures| &figures.burst),
        calls("system calls for a cell, one on its way", 2.1, plain.calls[0]),
        calls("the same in bursts of 16", 0.25, plain.calls[1]),
        times("there and back at an even pace, half", 1.10, |figures| &figures.half_there_and_back),
        times("the same, 99 of 100", 1.5, |figures| &figures.most_there_and_back),
        memory("memory of an idle socket", 1.0, plain.memory.idle),
        memory("the same after bursts", 1.0, plain.memory.after_bursts),
        memory("memory of an idle socket with TLS", 4.5, tls.memory.idle),
        memory("the same after bursts", 4.5, tls.memory.after_bursts),
    ]
}
