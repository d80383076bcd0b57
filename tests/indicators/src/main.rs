//! The whole measurement: a month of 10,000 consultations, and every attacker with enough trials. Prints
//! the tables of `docs/indicators-measured.md`. Each part runs as a process of its own, because a
//! simulated clock is the clock of its whole process, and all of them wait more than they work.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this program talks to the person who started it"
)]

use std::path::PathBuf;
use std::process::{ExitCode, Stdio};

use futures_util::future::join_all;
use tokio::process::{Child, Command};
use vestibule_indicators::attack::{Attacker, Results, run};
use vestibule_indicators::errors::Errors;
use vestibule_indicators::fleet::{Defence, Fleet};
use vestibule_indicators::month::compare::compare;
use vestibule_indicators::month::{FULL, Size, simulate};
use vestibule_indicators::question::told;
use vestibule_indicators::statistics::Verdicts;
use vestibule_indicators::{boundary, by_hand, report, year};

/// Every draw of the month follows from this number. Noise and attackers draw from the operating system.
const SEED: u64 = 20_261_130;
/// Services of one relay, files of such relays, and how often a relay is started with each file: together
/// so many trials that no standard error is more than 0.004.
const SERVICES: usize = 2_700;
const FILES: usize = 12;
const STARTS_PER_FILE: usize = 2;
/// Relays at once: while clients of one wait for a minute, those of the other are answered.
const RELAYS_AT_ONCE: usize = 2;
const SERVICES_WITHOUT_NOISE: usize = 64;
const SERVICES_OF_A_YEAR: usize = 200;
/// What the issue asks for.
const ADVANTAGE_MAX: f64 = 0.13;
/// What is knowing, even if the mark of some service was misread.
const KNOWING_MIN: f64 = 0.99;
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
        Some(by_hand::PART) => relay_by_hand().await,
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

/// What this program starts itself as, to have a relay whose clock it moves.
async fn relay_by_hand() -> Outcome {
    let mut arguments = std::env::args_os().skip(2).map(PathBuf::from);
    let (Some(config), Some(clock)) = (arguments.next(), arguments.next()) else {
        return Err("a configuration and a clock are needed".to_owned());
    };
    by_hand::serve(&config, &clock).await.map(|()| String::new())
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

/// What attackers found out in all trials.
#[derive(Default)]
struct Found {
    results: Option<Results>,
    errors: Errors,
    padded: Verdicts,
}

async fn attackers() -> Outcome {
    let bare = Fleet::new(SERVICES_WITHOUT_NOISE, Defence::Off);
    let (seen, padded_exact) = boundary::attack(&bare, true).await;
    let without = seen.judge(&bare.members, true);
    let mut found = Found::default();
    let lanes = (0..RELAYS_AT_ONCE).map(|_| attack_one_after_another(FILES / RELAYS_AT_ONCE));
    for file in join_all(lanes).await.into_iter().flatten() {
        found.add(file);
    }
    let Found { results, errors, padded } = found;
    let results = results.expect("the relay is started");
    let tables = format!(
        "{}\n{}\n{}",
        report::of_errors(&errors),
        report::of_attackers(&results, &without),
        report::of_padding(&padded, &padded_exact)
    );
    // Whoever reads of a problem wants to see the numbers too: half an hour has gone into them.
    check(&results).map_err(|problem| format!("{tables}\n{problem}"))?;
    Ok(tables)
}

async fn attack_one_after_another(files: usize) -> Vec<Found> {
    let mut found = Vec::new();
    for file in 0..files {
        eprintln!("attackers, file {} of {files} …", file + 1);
        found.push(attack_file().await);
    }
    found
}

/// Every start of a relay is a trial for each service; the first one of a file also for who pads.
async fn attack_file() -> Found {
    let fleet = Fleet::new(SERVICES, Defence::Default);
    let mut found = Found::default();
    for start in 0..STARTS_PER_FILE {
        let (seen, padded) = if start == 0 {
            boundary::attack(&fleet, true).await
        } else {
            (run(&fleet, true, async |_, _| {}).await, Verdicts::default())
        };
        let mut errors = Errors::default();
        errors.add(&seen.gained(&fleet.members));
        let results = Some(seen.judge(&fleet.members, true));
        found.add(Found { results, errors, padded });
    }
    found
}

impl Found {
    fn add(&mut self, other: Self) {
        self.errors.append(other.errors);
        self.padded.merge(&other.padded);
        self.results = match (self.results.take(), other.results) {
            (Some(mut own), Some(others)) => {
                own.merge(&others);
                Some(own)
            }
            (own, others) => own.or(others),
        };
    }
}

async fn year() -> String {
    let exact = year::attack(4, Defence::Off).await;
    report::of_year(&year::attack(SERVICES_OF_A_YEAR, Defence::Default).await, &exact)
}

/// Whether nobody learns more than the issue allows, nor anything else than is computed.
fn check(results: &Results) -> Result<(), String> {
    if results.pooled(Attacker::TwoMemoryImages).advantage() < KNOWING_MIN {
        return Err(
            "whoever has two images knows all, unless they are of something else".to_owned()
        );
    }
    for attacker in Attacker::ALL.into_iter().filter(|it| it.is_promised()) {
        for question in told() {
            if results.of(attacker, &question).interval().0 > ADVANTAGE_MAX {
                return Err(format!("{attacker:?} knows: {}", question.name));
            }
        }
        let fit = report::fit(results, attacker);
        if fit > DEVIATIONS_MAX {
            return Err(format!("{attacker:?} gains something else than is computed: {fit:+.1}"));
        }
    }
    Ok(())
}
