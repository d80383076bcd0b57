//! Prints the table of `docs/wiping-measured.md`. With the relays as operators run them: optimised.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this program talks to the person who started it"
)]

use std::process::ExitCode;
use std::time::Duration;

use vestibule_load::wiping;

const ROUNDS: usize = 20;
const ROUND: Duration = Duration::from_secs(2);
/// The least of the other's throughput that a wiping relay has.
const RATIO_MIN: f64 = 0.95;

#[tokio::main]
async fn main() -> ExitCode {
    let compared = wiping::run(ROUNDS, ROUND).await;
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
