//! The whole measurement: a month of 10,000 consultations, and every attacker with enough trials. Prints
//! the tables of `docs/indicators-measured.md`. Each part runs as a process of its own, because a
//! simulated clock is the clock of its whole process, and all of them wait more than they work.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this program talks to the person who started it"
)]

use std::process::{ExitCode, Stdio};

use tokio::process::{Child, Command};
use vestibule_indicators::attack::{Attacker, Results, run};
use vestibule_indicators::errors::Errors;
use vestibule_indicators::fleet::{Defence, Fleet};
use vestibule_indicators::month::compare::compare;
use vestibule_indicators::month::{FULL, Size, simulate};
use vestibule_indicators::question::QUESTIONS;
use vestibule_indicators::statistics::Verdicts;
use vestibule_indicators::{boundary, report, year};

/// Every draw of the month follows from this number. Noise and attackers draw from the operating system.
const SEED: u64 = 20_261_130;
/// Services of one relay, and how often relays are started: together more than ten thousand trials.
const SERVICES: usize = 1_750;
const STARTS: usize = 6;
const SERVICES_WITHOUT_NOISE: usize = 64;
const SERVICES_OF_A_YEAR: usize = 200;
/// What the issue asks for.
const ADVANTAGE_MAX: f64 = 0.13;
/// Beyond that nothing is chance any more.
const DEVIATIONS_MAX: f64 = 4.0;
/// In the order of the page.
const PARTS: [&str; 4] = ["month", "month-with-noise", "attackers", "year"];

type Outcome = Result<String, String>;

#[tokio::main]
async fn main() -> ExitCode {
    let outcome = match std::env::args().nth(1).as_deref() {
        None => all_parts().await,
        Some("month") => month().await,
        Some("month-with-noise") => month_with_noise().await,
        Some("attackers") => attackers().await,
        Some("year") => Ok(year().await),
        Some(_) => Err(format!("the parts are: {}", PARTS.join(" "))),
    };
    match outcome {
        Ok(tables) => {
            print!("{tables}");
            ExitCode::SUCCESS
        }
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}

async fn all_parts() -> Outcome {
    let mut running: Vec<(&str, Child)> = Vec::new();
    for part in PARTS {
        let own = std::env::current_exe().map_err(|error| error.to_string())?;
        let child = Command::new(own).arg(part).stdout(Stdio::piped()).kill_on_drop(true).spawn();
        running.push((part, child.map_err(|error| error.to_string())?));
    }
    let mut tables = String::new();
    for (part, child) in running {
        let output = child.wait_with_output().await.map_err(|error| error.to_string())?;
        if !output.status.success() {
            return Err(format!("{part} has failed"));
        }
        tables.push_str(&String::from_utf8_lossy(&output.stdout));
    }
    Ok(tables)
}

async fn month() -> Outcome {
    let compared = compare(&simulate(FULL, Defence::Off, SEED).await, Defence::Off);
    if compared.different > 0 {
        return Err(format!("the exact report is not the truth: {:#?}", compared.differences));
    }
    Ok(format!("{}{}", report::MONTHS_HEAD, report::of_month("exact", &compared)))
}

async fn month_with_noise() -> Outcome {
    let size = Size { consultations: 1_000, waves: 1, ..FULL };
    let compared = compare(&simulate(size, Defence::Default, SEED).await, Defence::Default);
    match compared.misfit {
        Some((one, many)) if one.max(many) < DEVIATIONS_MAX => {
            Ok(format!("{}\n", report::of_month("default budget", &compared)))
        }
        misfit => Err(format!("the errors do not follow their law: {misfit:?}")),
    }
}

/// Every start of a relay is a trial for each service; the first one of a file also for who pads.
async fn attackers() -> Outcome {
    let bare = Fleet::new(SERVICES_WITHOUT_NOISE, Defence::Off);
    let (seen, padded_exact) = boundary::attack(&bare, true).await;
    let without = seen.judge(&bare.members, true);
    let (mut errors, mut padded) = (Errors::default(), Verdicts::default());
    let mut results: Option<Results> = None;
    for file in 0..STARTS / 2 {
        let fleet = Fleet::new(SERVICES, Defence::Default);
        for start in 0..2 {
            eprintln!("attackers, start {} of {STARTS} …", 2 * file + start + 1);
            let seen = if start == 0 {
                let (seen, verdicts) = boundary::attack(&fleet, true).await;
                padded.merge(&verdicts);
                seen
            } else {
                run(&fleet, true, async |_, _| {}).await
            };
            errors.add(&seen.gained(&fleet.members));
            let judged = seen.judge(&fleet.members, true);
            match &mut results {
                Some(results) => results.merge(&judged),
                None => results = Some(judged),
            }
        }
    }
    let results = results.expect("the relay is started");
    check(&results)?;
    Ok(format!(
        "{}\n{}\n{}",
        report::of_errors(&errors),
        report::of_attackers(&results, &without),
        report::of_padding(&padded, &padded_exact)
    ))
}

async fn year() -> String {
    let exact = year::attack(4, Defence::Off).await;
    report::of_year(&year::attack(SERVICES_OF_A_YEAR, Defence::Default).await, &exact)
}

/// Whether nobody learns more than the issue allows.
fn check(results: &Results) -> Result<(), String> {
    for attacker in Attacker::ALL {
        for question in QUESTIONS {
            let verdicts = results.of(attacker, &question);
            let most = ADVANTAGE_MAX + DEVIATIONS_MAX * verdicts.standard_error();
            if attacker != Attacker::TwoMemoryImages && verdicts.advantage() > most {
                return Err(format!("{attacker:?} knows: {}", question.name));
            }
        }
    }
    Ok(())
}
