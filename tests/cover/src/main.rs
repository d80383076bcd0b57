//! Measures what somebody who sees the wire, and not into cells, can tell of a consultation; and what
//! hiding it costs. Prints the tables of `docs/cover.md`. The same numbers come out every time.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this program talks to the person who started it"
)]
#![allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "statistics of counts that are far below 2^52"
)]

mod costs;
mod learning;
mod meeting;
mod observer;
mod people;
mod questions;
mod report;
mod simulation;

use std::process::ExitCode;

use simulation::Way;

/// Every draw of the whole measurement follows from this number.
const SEED: u64 = 20_261_124;

fn main() -> ExitCode {
    println!("{}", report::introduction());
    for window in &questions::WINDOWS {
        eprintln!("windows of {} s …", window.seconds);
        let table = questions::ask(window);
        if let Err(problem) = questions::check_controls(&table) {
            eprintln!("{problem}");
            return ExitCode::FAILURE;
        }
        println!("{}", report::of_questions(window, &table));
    }
    eprintln!("costs …");
    let costs = Way::ALL.map(|way| (way, costs::of(way)));
    println!("{}", report::of_costs(&costs));
    ExitCode::SUCCESS
}

/// A number for one purpose and one repetition, unrelated to every other.
fn seed_of(purpose: u64, repetition: u64) -> u64 {
    let mut mixed = SEED ^ purpose.rotate_left(48) ^ repetition.rotate_left(8);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// Does the same for many repetitions, on every processor; the results in their order.
fn in_parallel<T: Send>(repetitions: u64, work: impl Fn(u64) -> T + Sync) -> Vec<T> {
    let workers = std::thread::available_parallelism().map_or(1, |count| count.get() as u64);
    let (work, mut results) = (&work, Vec::new());
    std::thread::scope(|scope| {
        let start = |worker| {
            let own = (worker..repetitions).step_by(workers as usize);
            scope.spawn(move || own.map(|index| (index, work(index))).collect::<Vec<_>>())
        };
        let running: Vec<_> = (0..workers).map(start).collect();
        for thread in running {
            results.extend(thread.join().expect("a repetition that panics is a bug"));
        }
    });
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}
