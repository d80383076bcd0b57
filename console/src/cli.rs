//! The command line.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::clock::Clock;
use crate::output;
use crate::problem::Problem;
use crate::words::{self, Language, words};

mod desk;
mod link_new;
mod service_new;
mod worker_enrol;

/// Exit code for everything that the person can set right, as of a misspelt option.
const REFUSED: u8 = 2;

/// Anonymous, end-to-end encrypted consultations: the program of workers and coordinators.
#[derive(Parser)]
#[command(name = "vestibule", version)]
struct Cli {
    /// What the program speaks; your system's language when not given.
    #[arg(long, global = true, value_enum, value_name = "LANGUAGE")]
    language: Option<Language>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// For coordinators: the service itself.
    #[command(subcommand)]
    Service(ServiceCommand),
    /// For coordinators: the service's workers.
    #[command(subcommand)]
    Worker(WorkerCommand),
    /// For workers: one-time consultation links.
    #[command(subcommand)]
    Link(LinkCommand),
    /// For workers: go on duty and hold consultations, in the browser.
    Desk(DeskArgs),
}

#[derive(Subcommand)]
enum ServiceCommand {
    /// Make the keys and the card of a new service.
    New(ServiceNewArgs),
}

#[derive(Subcommand)]
enum WorkerCommand {
    /// Make the file that lets a worker answer for some days.
    Enrol(WorkerEnrolArgs),
}

#[derive(Subcommand)]
enum LinkCommand {
    /// Make links, one a line. Needs no network.
    New(LinkNewArgs),
}

#[derive(Args)]
struct ServiceNewArgs {
    /// What clients know the service as.
    #[arg(long)]
    name: String,
    /// Address of the relay, for example `https://relay.example`. May be given several times: links
    /// carry the first.
    #[arg(long = "relay", required = true, value_name = "ADDRESS")]
    relays: Vec<String>,
    /// JSON with the card's texts ("about", "hours", "emergency", each in en, ru, uk, ar).
    #[arg(long, value_name = "FILE")]
    card: Option<PathBuf>,
    /// Folder for service.age and service-card.bin.
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
    /// Take the new passphrase from a file instead of asking.
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
}

#[derive(Args)]
struct WorkerEnrolArgs {
    /// The coordinator's service.age.
    #[arg(long, value_name = "FILE")]
    service: PathBuf,
    /// What clients call the worker: at most 24 bytes.
    #[arg(long)]
    alias: String,
    /// outreach, peer, doctor, psychologist, lawyer or coordinator.
    #[arg(long)]
    role: String,
    /// Languages of the worker: en, ru, uk, ar, with commas between.
    #[arg(long)]
    languages: String,
    /// For how many days, at most 31.
    #[arg(long)]
    days: u32,
    /// First day (UTC), for example 2026-11-23; today when not given.
    #[arg(long, value_name = "DAY")]
    from: Option<String>,
    /// The worker's new file.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Take the service's passphrase from a file instead of asking.
    #[arg(long, value_name = "FILE")]
    service_passphrase_file: Option<PathBuf>,
    /// Take the worker's new passphrase from a file instead of asking.
    #[arg(long, value_name = "FILE")]
    worker_passphrase_file: Option<PathBuf>,
}

#[derive(Args)]
struct LinkNewArgs {
    /// Your file from the coordinator.
    #[arg(long, value_name = "FILE")]
    worker: PathBuf,
    /// How many, at most 200.
    #[arg(long, default_value_t = 1)]
    count: u16,
    /// How long they hold if nobody uses them: 3d, 12h or 45m.
    #[arg(long, default_value = "3d", value_name = "TIME")]
    expires: String,
    /// Where you hand them out: messenger, forum, social, site, bot or card. Only workers see it.
    #[arg(long, default_value = "not_said")]
    channel: String,
    /// Which of the relay's addresses they carry; the service's first when not given.
    #[arg(long, value_name = "ADDRESS")]
    relay: Option<String>,
    /// Draw a QR code below each.
    #[arg(long)]
    qr: bool,
    /// Take the passphrase from a file instead of asking.
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
}

#[derive(Args)]
struct DeskArgs {
    /// Your file from the coordinator.
    #[arg(long, value_name = "FILE")]
    worker: PathBuf,
    /// Folder of the desk page, if it is not the installed one.
    #[arg(long, value_name = "FOLDER")]
    page: Option<PathBuf>,
    /// Folder of the service's own replies, cards and opening hours; the starter pack when not given.
    #[arg(long, value_name = "FOLDER")]
    pack: Option<PathBuf>,
    /// Send less while nothing is said. Whoever watches the line sees when you write.
    #[arg(long)]
    save_data: bool,
    /// Do not open the browser.
    #[arg(long)]
    no_open: bool,
    /// Take the passphrase from a file instead of asking.
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
}

/// Does what the command line asks for.
pub fn run() -> ExitCode {
    let clock = Clock::system();
    let cli = Cli::parse();
    let system = || Language::of_system(|name| std::env::var_os(name));
    words::choose(cli.language.unwrap_or_else(system));
    let done = match cli.command {
        Command::Service(ServiceCommand::New(args)) => service_new::run(&args, clock),
        Command::Worker(WorkerCommand::Enrol(args)) => worker_enrol::run(&args, clock),
        Command::Link(LinkCommand::New(args)) => link_new::run(&args, clock),
        Command::Desk(args) => desk::run(&args, clock),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            output::say(&problem.to_string());
            ExitCode::from(REFUSED)
        }
    }
}

/// Opens a worker's file, asking for its passphrase.
fn open_enrolment(
    path: &Path,
    passphrase_file: Option<&Path>,
) -> Result<crate::enrolment::Enrolment, Problem> {
    let about = |error: crate::key_file::KeyFileError| error.about(path);
    let file = crate::key_file::read(path).map_err(about)?;
    let question = words("passphrase-of", &[("file", path.display().to_string().into())]);
    let passphrase = crate::passphrase::existing(&question, passphrase_file)?;
    crate::enrolment::Enrolment::open(&file, passphrase).map_err(about)
}
