//! What a process has cost so far.

use std::fs;
use std::ops::{Add, Sub};
use std::time::Duration;

/// Processor time of a process with all its threads, and of those that have ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cpu(pub Duration);

impl Cpu {
    /// Of a process that runs.
    pub fn of(process: u32) -> Self {
        // The first number of each is the time on a processor, in nanoseconds. A thread may end meanwhile.
        let tasks = fs::read_dir(format!("/proc/{process}/task")).unwrap();
        let times = tasks.filter_map(|task| {
            let text = fs::read_to_string(task.ok()?.path().join("schedstat")).ok()?;
            text.split(' ').next()?.parse::<u64>().ok()
        });
        Self(Duration::from_nanos(times.sum()))
    }
}

impl Add for Cpu {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Cpu {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl std::iter::Sum for Cpu {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), Add::add)
    }
}

/// Memory that is a process's own, in bytes: not that of files.
pub fn anonymous_bytes(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"));
    let kibibytes = line.and_then(|text| text.trim().trim_end_matches(" kB").parse::<u64>().ok());
    kibibytes.expect("Linux tells it") * 1_024
}

/// What stands in the middle.
pub fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
