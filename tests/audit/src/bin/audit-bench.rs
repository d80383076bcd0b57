//! The kit's own proof: what it finds of relays that leak, and of one that does not.
#![allow(clippy::print_stdout, reason = "this program talks to the person who started it")]

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};
use vestibule_audit_tests::bench;
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
    /// One audit of the relay as it is shipped, with many consultations
    Campaign {
        /// How many
        #[arg(long, default_value_t = 1_000)]
        consultations: u32,
        /// Where the report is put
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
        Command::Campaign { consultations, report } => {
            let heard = bench::campaign(consultations, &report);
            println!("exit {}\n{}", heard.code, heard.said);
            println!("{}", heard.evidence("canaries-held"));
            println!("{}", heard.evidence("memory-after"));
            println!("findings: {:?}", heard.findings());
            heard.code == 0
        }
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

fn clean(runs: u32) -> bool {
    let mut alarms = 0;
    for run in 1..=runs {
        let heard = bench::clean();
        if heard.code != 0 || heard.not_checked() != bench::NOT_HERE {
            alarms += 1;
            println!("not checked: {:?}", heard.not_checked());
            println!("run {run}: exit {}, findings {:?}", heard.code, heard.findings());
            for id in heard.findings() {
                println!("{id}: {}", heard.evidence(&id));
            }
            println!("{}", heard.said);
        }
    }
    println!("{alarms} alarms in {runs} runs");
    alarms == 0
}
