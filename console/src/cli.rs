//! The command line.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use vestibule_viewer::FileKind;

use crate::clock::Clock;
use crate::output;
use crate::problem::Problem;
use crate::words::{self, Language, words};

mod coordinator;
mod desk;
mod door;
mod link_new;
mod pack;
mod report;
mod service_new;
mod service_page;
mod worker_enrol;
mod worker_revoke;

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
    /// For coordinators: permanent addresses, for posters and pages.
    #[command(subcommand)]
    Door(DoorCommand),
    /// For coordinators: replies, cards and other words of the service.
    #[command(subcommand)]
    Pack(PackCommand),
    /// For workers: one-time consultation links.
    #[command(subcommand)]
    Link(LinkCommand),
    /// For coordinators: what was counted, as tables, files or a page to print.
    Report(report::Args),
    /// For workers: go on duty and hold consultations, in the browser.
    Desk(DeskArgs),
    /// The desk starts this for each file that a client sent; it is of no use to people.
    #[command(name = vestibule_viewer::COMMAND, hide = true)]
    ShowFile { kind: FileKind },
}

#[derive(Subcommand)]
enum ServiceCommand {
    /// Make the keys and the card of a new service.
    New(service_new::Args),
    /// Say where the client's page is, if a web server apart from the relay serves it.
    Page(service_page::Args),
}

#[derive(Subcommand)]
enum WorkerCommand {
    /// Make the file that lets a worker answer for some days.
    Enrol(worker_enrol::EnrolArgs),
    /// Make the next file of a worker on the roster, on the same terms unless others are given.
    Renew(worker_enrol::RenewArgs),
    /// Send a worker off before their days are over.
    Revoke(worker_revoke::RevokeArgs),
    /// Show who is enrolled.
    Roster(worker_revoke::RosterArgs),
}

#[derive(Subcommand)]
enum DoorCommand {
    /// Make an address that many people may use, again and again.
    New(door::NewArgs),
    /// Show the doors and their addresses.
    List(door::ListArgs),
    /// Shut a door before its time is over.
    Revoke(door::RevokeArgs),
}

#[derive(Subcommand)]
enum PackCommand {
    /// Write the starter pack into a new folder.
    New(pack::NewArgs),
    /// Look through a pack: says file and line of what is wrong.
    Check(pack::CheckArgs),
    /// Sign what clients read of a pack, for the relay.
    Sign(pack::SignArgs),
}

#[derive(Subcommand)]
enum LinkCommand {
    /// Make links, one a line. Needs no network.
    New(link_new::Args),
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
        Command::Service(ServiceCommand::Page(args)) => service_page::run(&args),
        Command::Worker(WorkerCommand::Enrol(args)) => worker_enrol::enrol(&args, clock),
        Command::Worker(WorkerCommand::Renew(args)) => worker_enrol::renew(&args, clock),
        Command::Worker(WorkerCommand::Revoke(args)) => worker_revoke::revoke(&args, clock),
        Command::Worker(WorkerCommand::Roster(args)) => worker_revoke::roster(&args, clock),
        Command::Door(DoorCommand::New(args)) => door::new(&args, clock),
        Command::Door(DoorCommand::List(args)) => door::list(&args, clock),
        Command::Door(DoorCommand::Revoke(args)) => door::revoke(&args, clock),
        Command::Pack(PackCommand::New(args)) => pack::new(&args),
        Command::Pack(PackCommand::Check(args)) => pack::check(&args),
        Command::Pack(PackCommand::Sign(args)) => pack::sign(&args, clock),
        Command::Link(LinkCommand::New(args)) => link_new::run(&args, clock),
        Command::Report(args) => report::run(&args, clock),
        Command::Desk(args) => desk::run(&args, clock),
        Command::ShowFile { kind } => return vestibule_viewer::serve_child(kind),
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
