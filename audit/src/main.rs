//! The auditor's program.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this program talks to the person who started it"
)]

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use vestibule_audit::plan::Plan;
use vestibule_audit::process::Process;
use vestibule_audit::report::{self, Exit};
use vestibule_audit::run::{self, Stage};
use vestibule_audit::service::{CARD_FILE, CanaryService, LINES_FILE};

/// Looks for what a Vestibule relay has kept. Exit codes: 0 nothing was found; 10, 11, 12 something of
/// low, medium, high severity; 3 the audit could not be held; 2 the command is wrong.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Makes the auditor's own service, for the operator to add
    Prepare {
        /// Where its keys and what the operator needs are written
        #[arg(long)]
        folder: PathBuf,
    },
    /// Holds canary consultations, looks for what is left of them, and writes the report
    Run(Box<RunArguments>),
    /// Checks the signature of a report
    Verify {
        /// The report's folder
        #[arg(long)]
        report: PathBuf,
        /// The auditor's public key, from the auditor and not from the folder (hex)
        #[arg(long)]
        key: String,
    },
}

#[derive(Args)]
struct RunArguments {
    /// The folder of `prepare`
    #[arg(long)]
    folder: PathBuf,
    /// The relay, as in `https://relay.example`
    #[arg(long, value_name = "URL")]
    relay: String,
    /// Whose certificates count, if not those that browsers trust (PEM)
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,
    /// The relay's process; without it the audit is from outside
    #[arg(long, value_name = "N")]
    pid: Option<u32>,
    /// Another process whose memory is searched: the proxy before the relay
    #[arg(long, value_name = "N")]
    neighbour_pid: Vec<u32>,
    /// Folders in which every file changed since the relay's start is searched
    #[arg(long, value_name = "DIR", num_args = 1..)]
    changed_since_start: Vec<PathBuf>,
    /// Redis servers, as in `redis://127.0.0.1:6379`
    #[arg(long, value_name = "URL", num_args = 1..)]
    redis: Vec<String>,
    /// Logs: of the relay, of the proxy, of the journal as written to a file
    #[arg(long, value_name = "FILE", num_args = 1..)]
    log: Vec<PathBuf>,
    /// The relay's figures, as in `http://127.0.0.1:9464/metrics`
    #[arg(long, value_name = "URL")]
    metrics: Option<String>,
    /// The folder of the file of indicators, as in relay.toml
    #[arg(long, value_name = "DIR")]
    indicators_folder: Option<PathBuf>,
    /// At how many addresses relay.toml has it listen: `listen`, `health_listen`, and `listen` of [tls]
    #[arg(long, value_name = "N", default_value_t = 2)]
    listeners: usize,
    /// SHA-256 of the released program
    #[arg(long, value_name = "H")]
    binary_hash: Option<String>,
    /// The released page's manifest.json
    #[arg(long, value_name = "FILE")]
    manifest: Option<PathBuf>,
    /// Canary consultations; every other one is broken off
    #[arg(long, value_name = "N", default_value_t = 100)]
    consultations: u32,
    /// Visitors who compare the page
    #[arg(long, value_name = "N", default_value_t = 100)]
    visitors: u32,
    /// Where the report is written; the default is `report` in the folder
    #[arg(long, value_name = "DIR")]
    report: Option<PathBuf>,
    /// The auditor's signing key (64 digits of hex); the default is made in the folder
    #[arg(long, value_name = "FILE")]
    sign_key: Option<PathBuf>,
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Prepare { folder } => prepare(&folder),
        Command::Run(arguments) => audit(*arguments),
        Command::Verify { report, key } => verify(&report, &key),
    };
    outcome.unwrap_or_else(|problem| {
        eprintln!("vestibule-audit: {problem}");
        ExitCode::from(Exit::CouldNotBeHeld.code())
    })
}

fn prepare(folder: &std::path::Path) -> Result<ExitCode, String> {
    let service = CanaryService::new();
    service.write(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    println!("Made a canary service in {}.", folder.display());
    println!(
        "For the operator: put {CARD_FILE} beside relay.toml, add the lines of {LINES_FILE} to"
    );
    println!(
        "relay.toml, and start the relay again. After the audit take them out in the same way."
    );
    Ok(ExitCode::SUCCESS)
}

fn audit(arguments: RunArguments) -> Result<ExitCode, String> {
    let report_folder = arguments.report.clone().unwrap_or_else(|| arguments.folder.join("report"));
    let key_file = arguments.sign_key.clone().unwrap_or_else(|| arguments.folder.join("audit.key"));
    let key = report::signing_key(&key_file, arguments.sign_key.is_none())
        .map_err(|error| format!("{}: {error}", key_file.display()))?;
    let plan = plan(arguments);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    let audited = runtime.block_on(run::run(&plan, |stage| eprintln!("{}", words(stage))));
    let audited = audited.map_err(|error| error.to_string())?;
    let exit = Exit::of(&audited.claims);
    report::write(&report_folder, &plan, audited, &key)
        .map_err(|error| format!("{}: {error}", report_folder.display()))?;
    println!("The report is in {}.", report_folder.display());
    Ok(ExitCode::from(exit.code()))
}

fn plan(arguments: RunArguments) -> Plan {
    Plan {
        folder: arguments.folder,
        relay: arguments.relay,
        authorities: arguments.ca,
        process: arguments.pid.map(Process),
        neighbours: arguments.neighbour_pid.into_iter().map(Process).collect(),
        changed_since_start: arguments.changed_since_start,
        redis: arguments.redis,
        logs: arguments.log,
        metrics: arguments.metrics,
        indicators_folder: arguments.indicators_folder,
        listeners: arguments.listeners,
        binary_hash: arguments.binary_hash,
        manifest: arguments.manifest,
        consultations: arguments.consultations,
        visitors: arguments.visitors,
    }
}

fn words(stage: Stage) -> &'static str {
    match stage {
        Stage::Canaries => "Holding canary consultations …",
        Stage::During => "Looking at the process while some are open …",
        Stage::After => "All have ended; searching …",
        Stage::Page => "Comparing the page …",
    }
}

fn verify(folder: &std::path::Path, key: &str) -> Result<ExitCode, String> {
    report::verify(folder, key).map_err(|error| format!("{}: {error}", folder.display()))?;
    println!("The report is whole and signed with this key.");
    Ok(ExitCode::SUCCESS)
}
