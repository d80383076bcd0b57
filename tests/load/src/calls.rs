//! System calls for a cell, counted by strace.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use tempfile::NamedTempFile;

use crate::contender::Contender;
use crate::performance::PAIRS;

/// Slower by a good deal while somebody counts.
const TIME: Duration = Duration::from_secs(1);
const WARM_UP: Duration = Duration::from_millis(50);

/// In a closed loop with so many cells of each end on their way: calls for each.
pub fn count(contender: &Contender, burst: usize) -> f64 {
    let mut generator = contender.join(PAIRS);
    generator.closed_loop(burst, WARM_UP);
    let strace = Strace::attach(contender.process());
    let cells = generator.closed_loop(burst, TIME).cells;
    strace.calls() as f64 / cells as f64
}

struct Strace {
    process: Child,
    summary: NamedTempFile,
}

impl Strace {
    /// Returns when it counts.
    fn attach(process: u32) -> Self {
        let summary = NamedTempFile::new().unwrap();
        let mut process = Command::new("strace")
            .args([
                "--follow-forks",
                "--summary-only",
                "--attach",
                &process.to_string(),
                "--output",
            ])
            .arg(summary.path())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stderr.take().unwrap()).lines();
        let attached = lines.next().unwrap().unwrap();
        assert!(attached.contains("attached"), "{attached}");
        // Whatever else it says is read, so that it never waits for a reader.
        thread::spawn(move || lines.for_each(drop));
        Self { process, summary }
    }

    /// Ends it; the sum of all threads.
    fn calls(mut self) -> u64 {
        let number = self.process.id().to_string();
        Command::new("kill").args(["-s", "INT", &number]).status().unwrap();
        self.process.wait().unwrap();
        let summary = std::fs::read_to_string(self.summary.path()).unwrap();
        let total = summary.lines().find(|line| line.ends_with(" total")).unwrap();
        // Share, seconds, microseconds of each, calls.
        total.split_whitespace().nth(3).unwrap().parse().unwrap()
    }
}
