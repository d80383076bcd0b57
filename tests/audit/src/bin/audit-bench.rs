//! The kit's own proof: what it finds of relays that leak, and of one that does not.
#![allow(clippy::print_stdout, reason = "this program talks to the person who started it")]

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};
use vestibule_audit_tests::bench::{self, Keeps, Setup};
use vestibule_audit_tests::leak::Leak;

#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Every leak, or those named, one at a time
    Leaks {
        /// Which
        names: Vec<Leak>,
    },
    /// Audits of the relay as it is shipped; none may find anything
    Clean {
        /// How many
        #[arg(long, default_value_t = 100)]
        runs: u32,
    },
    /// An audit of a relay that does not serve the auditor's service: it says that it could not be held
    Unserved,
    /// Audits of the relay as it is shipped, with many consultations: without TLS and with it, with a file
    /// of indicators and with Redis
    Campaign {
        /// How many
        #[arg(long, default_value_t = 1_000)]
        consultations: u32,
        /// Where the reports are put
        #[arg(long, default_value = "target/audit-campaign")]
        report: PathBuf,
    },
}

fn main() -> ExitCode {
    if let Some(status) = bench::in_own_network() {
        return if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    let good = match Arguments::parse().command {
        Command::Leaks { names } if names.is_empty() => leaks(Leak::value_variants()),
        Command::Leaks { names } => leaks(&names),
        Command::Clean { runs } => clean(runs),
        Command::Unserved => {
            let heard = bench::unserved();
            let unchecked = heard.not_checked();
            println!("exit {}, not checked {unchecked:?}", heard.code);
            let vain = ["canaries-held", "memory-after", "logs-marks", "kernel-sockets"];
            heard.code == 3 && vain.iter().all(|id| unchecked.iter().any(|it| it == id))
        }
        Command::Campaign { consultations, report } => campaign(consultations, &report),
    };
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn leaks(leaks: &[Leak]) -> bool {
    let mut found = 0;
    for leak in leaks {
        let (as_expected, heard) = bench::leaks(*leak);
        found += usize::from(as_expected);
        let word = if as_expected { "as expected" } else { "MISSED" };
        println!("{leak:?}: {word}: exit {}, findings {:?}", heard.code, heard.findings());
        if !as_expected {
            println!("{}", heard.said);
            for id in heard.findings() {
                println!("{id}: {}", heard.evidence(&id));
            }
        }
    }
    println!("{found} of {} as expected", leaks.len());
    found == leaks.len()
}

fn campaign(consultations: u32, report: &Path) -> bool {
    let setups = Setup::all().filter(|setup| setup.keeps != Keeps::Nothing);
    let mut clean = 0;
    for setup in setups.clone() {
        let folder = report.join(format!("{:?}-tls-{}", setup.keeps, setup.tls).to_lowercase());
        let heard = bench::campaign(setup, consultations, &folder);
        println!("{setup:?}: exit {}, findings {:?}", heard.code, heard.findings());
        for id in ["canaries-held", "memory-during", "memory-after", "redis-marks", "redis-memory"]
        {
            println!("{id}: {}", heard.evidence(id));
        }
        clean += usize::from(bench::is_clean(setup, &heard));
    }
    println!("{clean} of {} clean", setups.clone().count());
    clean == setups.count()
}

fn clean(runs: u32) -> bool {
    let mut alarms = 0;
    for (run, setup) in (1..=runs).zip(Setup::all().cycle()) {
        let heard = bench::clean(setup);
        if !bench::is_clean(setup, &heard) {
            alarms += 1;
            println!("not checked: {:?}", heard.not_checked());
            println!("run {run}, {setup:?}: exit {}, findings {:?}", heard.code, heard.findings());
            println!("canaries-held: {}", heard.evidence("canaries-held"));
            for id in heard.findings() {
                println!("{id}: {}", heard.evidence(&id));
            }
            println!("{}", heard.said);
        }
    }
    println!("{alarms} alarms in {runs} runs");
    alarms == 0
}
