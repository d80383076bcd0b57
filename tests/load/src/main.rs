//! Prints the tables of `docs/performance.md`, or of `docs/wiping-measured.md`. With the relays as operators
//! run them: optimised.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this program talks to the person who started it"
)]

use std::alloc::System;
use std::process::ExitCode;
use std::time::Duration;

use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};
use vestibule_load::contender::{Contender, Inside, Serving, floor, peers, proxies, vestibule};
use vestibule_load::generator::BURST_CELLS_MAX;
use vestibule_load::hostile::Kind;
use vestibule_load::performance::budgets;
use vestibule_load::performance::report::{self, Row};
use vestibule_load::{allocations, calls, hostile, idle, memory, performance, wiping};

/// For the count of what the relay asks for; the relays that are timed are other processes.
#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const ROUNDS: usize = 8;
const BURSTS: [usize; 2] = [1, BURST_CELLS_MAX];
const COUNTED: Duration = Duration::from_secs(2);
/// Sockets whose memory is looked at, in pairs.
const IDLE_PAIRS: usize = 1_000;
/// Before any deadline ends those who are slow.
const HOSTILE_TIME: Duration = Duration::from_secs(5);
const IDLE_MINUTES: u64 = 5;
/// Sockets of one contender that are open at the same time, and room.
const CONNECTIONS: usize = 4_096;

fn main() -> ExitCode {
    match std::env::args().nth(1).as_deref() {
        Some("wiping") => wiping(),
        Some("performance") => performance(),
        _ => {
            eprintln!("the parts are: wiping performance");
            ExitCode::FAILURE
        }
    }
}

/// Never fails for what it finds: a machine that is shared is not the relay's fault.
fn performance() -> ExitCode {
    let mut contenders = vec![floor()];
    contenders.extend(vestibule(&Serving { connections: CONNECTIONS }));
    contenders.extend(peers());
    contenders.extend(proxies());
    // First, while nobody has grown yet.
    let memories = each(&contenders, "memory", |one| memory::of(one, IDLE_PAIRS));
    let calls =
        each(&contenders, "system calls", |one| BURSTS.map(|burst| calls::count(one, burst)));
    eprintln!("{ROUNDS} rounds …");
    let figures = performance::run(&contenders, ROUNDS);
    let rows: Vec<Row> = contenders
        .iter()
        .zip(figures.into_iter().zip(calls.into_iter().zip(memories)))
        .map(|(one, (figures, (calls, memory)))| Row { name: one.name, figures, calls, memory })
        .collect();
    drop(contenders);
    eprintln!("allocations …");
    let relay = Inside::start();
    let counted = BURSTS.map(|burst| allocations::count(ALLOCATOR, &relay, burst, COUNTED));
    eprintln!("hostile connections …");
    let prices = hostile::run(Kind::many, HOSTILE_TIME);
    eprintln!("sockets that are idle …");
    let idle = idle::run(Duration::from_mins(IDLE_MINUTES));
    let [floor, plain, tls, ..] = &rows[..] else { unreachable!("they are the first") };
    let plots = [
        report::plot("Processor time for a cell, one on its way", &rows, |one| &one.single, 8.0),
        report::plot("Processor time for a cell, bursts of 16", &rows, |one| &one.burst, 40.0),
    ];
    let parts = [
        report::of_budgets(&budgets::of([floor, plain, tls])),
        report::of_forwarding(&rows),
        plots.join("\n"),
        report::of_needs(&rows),
        report::of_allocations(&counted),
        report::of_idle(&idle, IDLE_MINUTES),
        report::of_prices(&prices),
    ];
    println!("{}", parts.join("\n"));
    ExitCode::SUCCESS
}

fn each<T>(contenders: &[Contender], what: &str, measure: impl Fn(&Contender) -> T) -> Vec<T> {
    let told = |one: &Contender| {
        eprintln!("{what}: {} …", one.name);
        measure(one)
    };
    contenders.iter().map(told).collect()
}

const WIPING_ROUNDS: usize = 20;
const WIPING_ROUND: Duration = Duration::from_secs(2);
/// The least of the other's throughput that a wiping relay has.
const RATIO_MIN: f64 = 0.95;

#[tokio::main]
async fn wiping() -> ExitCode {
    let compared = wiping::run(WIPING_ROUNDS, WIPING_ROUND).await;
    println!(
        "| cells of each pair on their way | cells a second, wiping | not | ratio | µs of the relay's \
         processor for a cell, wiping | not | ratio |\n|---|---|---|---|---|---|---|"
    );
    let mut good = true;
    for one in &compared {
        let [throughput, throughput_not] = one.medians(|rounds| &rounds.throughput);
        let [micros, micros_not] = one.medians(|rounds| &rounds.micros);
        let ratio = one.ratio(|rounds| &rounds.throughput);
        let cost = one.ratio(|rounds| &rounds.micros);
        good &= ratio >= RATIO_MIN;
        println!(
            "| {} | {throughput:.0} | {throughput_not:.0} | {ratio:.3} | {micros:.2} | \
             {micros_not:.2} | {cost:.3} |",
            one.in_flight
        );
    }
    if good {
        ExitCode::SUCCESS
    } else {
        eprintln!("below {RATIO_MIN} of the throughput without wiping");
        ExitCode::FAILURE
    }
}
