//! All of it at full size. Prints the tables of `docs/nodes-measured.md` and
//! `docs/capacity.md`, or of parts that are named. With the
//! relay as operators run it: optimised.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this program talks to the person who started it"
)]

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::time::Duration;

use vestibule_fleet::capacity::report::of_capacity;
use vestibule_fleet::capacity::run as capacity_run;
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
const AWAY: Duration = Duration::from_mins(1);
const ROUNDS: usize = 30;
const ROUND: Duration = Duration::from_secs(2);
/// Processes that share two processors wake up in other orders.
const RATIO_MAX: f64 = 1.2;
/// How far the model may be off, of what was measured.
const ERROR_MAX: f64 = 0.2;
/// At each of three nodes: this process may have 20,000 descriptors, and each takes three, as
/// do the 1,200 of the sample.
const AT_EACH: usize = 1_600;

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
        match tables(part).await {
            Ok(tables) => println!("{tables}"),
            Err(problem) => {
                eprintln!("{problem}");
                return ExitCode::FAILURE;
            }
        }
    }
    ExitCode::SUCCESS
}

/// Measures, and holds what was measured to what is promised.
async fn tables(part: &str) -> Result<String, String> {
    match part {
        "courses" => {
            let mut courses = Vec::new();
            for kind in KINDS {
                courses.push((kind, faults::run(kind, CONSULTATIONS, &COURSE).await));
            }
            let cut = |course: &faults::Course| {
                course
                    .reports
                    .iter()
                    .any(|report| !report.fault.is_of_nodes() && report.ends_cut > 0)
            };
            let is_well = !courses.iter().any(|(_, course)| cut(course));
            told(report::of_courses(&courses, CONSULTATIONS), is_well)
        }
        "races" => {
            let mut races = Vec::new();
            for kind in KINDS {
                races.push((kind, race::run(kind, RACE).await));
            }
            let is_well = races.iter().all(|(_, tally)| tally.spent_twice == 0);
            told(report::of_races(&races, RACE), is_well)
        }
        "seizure" => {
            let seized = hostile::run(SEIZED).await;
            let is_clean = seized.found.values().all(BTreeMap::is_empty);
            let kinds = seized.kinds.len();
            let is_found = seized.control.values().all(|found| found.len() == kinds);
            told(report::of_seizure(&seized), is_clean && is_found)
        }
        "absence" => {
            let mut seen = Vec::new();
            for absence in [away::Absence::Stopped, away::Absence::Killed] {
                seen.push((absence, away::run(TALKING, absence, AWAY).await));
            }
            let mut requests = seen.iter().flat_map(|(_, seen)| seen.requests.values());
            let is_right = requests.all(|[came, counted]| came == counted);
            told(report::of_absence(&seen), is_right)
        }
        "cells" => {
            let fleets = cost::run(ROUNDS, ROUND).await;
            let is_same = fleets[2].ratio_to(&fleets[1]) <= RATIO_MAX;
            told(report::of_cells(&fleets), is_same)
        }
        _ => {
            let (costs, run) = capacity_run::run(AT_EACH).await;
            let foretold = [run.bytes, run.idle_micros, run.active_micros];
            let is_near = foretold.iter().all(|value| value.error().abs() <= ERROR_MAX);
            told(of_capacity(&costs, &run), is_near)
        }
    }
}

/// Tables that show what is not promised go with the failure.
fn told(tables: String, is_well: bool) -> Result<String, String> {
    if is_well { Ok(tables) } else { Err(tables) }
}
