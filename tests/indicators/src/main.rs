//! The whole measurement: a month of 10,000 consultations, and every attacker with enough trials. Prints
//! the tables of `docs/indicators-measured.md`.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this program talks to the person who started it"
)]

use std::process::ExitCode;

use vestibule_indicators::attack::{Attacker, Results, run};
use vestibule_indicators::errors::Errors;
use vestibule_indicators::fleet::{Defence, Fleet};
use vestibule_indicators::month::compare::{Compared, compare};
use vestibule_indicators::month::{FULL, Size, simulate};
use vestibule_indicators::question::QUESTIONS;
use vestibule_indicators::statistics::Verdicts;
use vestibule_indicators::{boundary, report, year};

/// Every draw of the month follows from this number. Noise and attackers draw from the operating system.
const SEED: u64 = 20_261_130;
/// Services of one relay, and how often it is started: together more than ten thousand trials.
const SERVICES: usize = 1_750;
const STARTS: usize = 6;
const SERVICES_WITHOUT_NOISE: usize = 64;
const SERVICES_OF_A_YEAR: usize = 200;
/// What the issue asks for.
const ADVANTAGE_MAX: f64 = 0.13;
/// Beyond that nothing is chance any more.
const DEVIATIONS_MAX: f64 = 4.0;

#[tokio::main]
async fn main() -> ExitCode {
    let exact = month(FULL, Defence::Off).await;
    let noisy = month(Size { consultations: 1_000, ..FULL }, Defence::Default).await;
    eprintln!("attackers, without noise …");
    let fleet = Fleet::new(SERVICES_WITHOUT_NOISE, Defence::Off);
    let (seen, padded_exact) = boundary::attack(&fleet, true).await;
    let without = seen.judge(&fleet.members, true);
    let (results, padded, errors) = attackers().await;
    eprintln!("a year …");
    let year_exact = year::attack(4, Defence::Off).await;
    let year = year::attack(SERVICES_OF_A_YEAR, Defence::Default).await;
    println!("{}", report::of_month(&exact, &noisy));
    println!("{}", report::of_errors(&errors));
    println!("{}", report::of_attackers(&results, &without));
    println!("{}", report::of_others((&padded, &padded_exact), (&year, &year_exact)));
    match check(&exact, &results) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}

async fn month(size: Size, defence: Defence) -> Compared {
    eprintln!("a month of {} consultations …", size.consultations);
    compare(&simulate(size, defence, SEED).await, defence)
}

/// Every start of the relay is a trial for each service; the first one of a file also for who pads.
async fn attackers() -> (Results, Verdicts, Errors) {
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
    (results.expect("the relay is started"), padded, errors)
}

/// Whether the tables show what they are to show.
fn check(exact: &Compared, results: &Results) -> Result<(), String> {
    if exact.different > 0 {
        return Err(format!("the exact report is not the truth: {:#?}", exact.differences));
    }
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
