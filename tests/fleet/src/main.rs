//! All of it at full size. Prints the tables of `docs/capacity.md`, or of one part that is named. With the
//! relay as operators run it: optimised.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this program talks to the person who started it"
)]

use std::process::ExitCode;
use std::time::Duration;

use vestibule_fleet::capacity::{costs, run as capacity_run};
use vestibule_fleet::faults::{self, Fault};
use vestibule_fleet::race::{self, Size};
use vestibule_fleet::store::Kind;
use vestibule_fleet::{away, cost, hostile, report};

/// In the order of the page.
const PARTS: [&str; 6] = ["courses", "races", "seizure", "absence", "cells", "capacity"];
const KINDS: [Kind; 2] = [Kind::Sentinel, Kind::Cluster];

const CONSULTATIONS: usize = 300;
const COURSE: [Fault; 6] = [
    Fault::NodeKilled(0),
    Fault::NodeKilled(1),
    Fault::NodeKilled(2),
    Fault::NodeDrained(0),
    Fault::RedisRestarted,
    Fault::RedisFailedOver,
];
const RACE: Size = Size { links: 10_000, workers: 50, failovers: 3 };
const SEIZED: usize = 200;
const TALKING: usize = 60;
const AWAY: Duration = Duration::from_secs(60);
const ROUNDS: usize = 10;
const ROUND: Duration = Duration::from_secs(6);
/// At each of three nodes: this process may have 20,000 descriptors, and each takes three.
const AT_EACH: usize = 2_100;

#[tokio::main]
async fn main() -> ExitCode {
    let named: Vec<String> = std::env::args().skip(1).collect();
    let parts: Vec<&str> = match named.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => PARTS.to_vec(),
        named if named.iter().all(|part| PARTS.contains(part)) => named.to_vec(),
        _ => {
            eprintln!("the parts are: {}", PARTS.join(" "));
            return ExitCode::FAILURE;
        }
    };
    for part in parts {
        eprintln!("{part} …");
        println!("{}", tables(part).await);
    }
    ExitCode::SUCCESS
}

async fn tables(part: &str) -> String {
    match part {
        "courses" => {
            let mut courses = Vec::new();
            for kind in KINDS {
                courses.push((kind, faults::run(kind, CONSULTATIONS, &COURSE).await));
            }
            report::of_courses(&courses, CONSULTATIONS)
        }
        "races" => {
            let mut races = Vec::new();
            for kind in KINDS {
                races.push((kind, race::run(kind, RACE).await));
            }
            report::of_races(&races, RACE)
        }
        "seizure" => report::of_seizure(&hostile::run(SEIZED).await),
        "absence" => {
            let mut seen = Vec::new();
            for absence in [away::Absence::Stopped, away::Absence::Killed] {
                seen.push((absence, away::run(TALKING, absence, AWAY).await));
            }
            report::of_absence(&seen)
        }
        "cells" => report::of_cells(&cost::run(ROUNDS, ROUND).await),
        _ => {
            let costs = costs::measure().await;
            report::of_capacity(&costs, &capacity_run::run(AT_EACH, &costs).await)
        }
    }
}
