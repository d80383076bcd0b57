//! `vestibule report`

use std::path::PathBuf;

use clap::ValueEnum;

use super::open_enrolment;
use crate::clock::Clock;
use crate::dates;
use crate::key_file::{self, Readers};
use crate::output;
use crate::pack::Pack;
use crate::problem::Problem;
use crate::report::{self, Dhis2Map, Form, Question};
use crate::words::{language, reason, words};

#[derive(clap::Args)]
pub(super) struct Args {
    /// Your file, of a worker whose role is coordinator.
    #[arg(long, value_name = "FILE")]
    worker: PathBuf,
    /// The first day: periods that begin on it or later, for example 2026-11-01.
    #[arg(long, value_name = "DAY")]
    from: String,
    /// The last day: periods that begin on it or earlier.
    #[arg(long, value_name = "DAY")]
    to: String,
    /// What to write.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Write it into this file instead of to the screen.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Folder of the service's own pack, for the names of its own labels and cards.
    #[arg(long, value_name = "FOLDER")]
    pack: Option<PathBuf>,
    /// Which data element of your DHIS2 is which label; codes when not given.
    #[arg(long, value_name = "FILE")]
    dhis2_map: Option<PathBuf>,
    /// Take the passphrase from a file instead of asking.
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
}

/// In which form.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// To read on the terminal.
    Table,
    /// Rows for a spreadsheet.
    Csv,
    /// For other programs.
    Json,
    /// A page with plots, to print.
    Html,
    /// A data value set for DHIS2.
    Dhis2,
}

pub(super) fn run(args: &Args, clock: Clock) -> Result<(), Problem> {
    let question = question(&args.from, &args.to)?;
    let form = match (args.format, &args.dhis2_map) {
        (Format::Table, _) => Form::Table,
        (Format::Csv, _) => Form::Csv,
        (Format::Json, _) => Form::Json,
        (Format::Html, _) => Form::Html,
        (Format::Dhis2, None) => Form::Dhis2(None),
        (Format::Dhis2, Some(path)) => Form::Dhis2(Some(Dhis2Map::read(path)?)),
    };
    if let Some(file) = &args.out {
        key_file::refuse_existing(file)?;
    }
    let pack = match &args.pack {
        Some(folder) => Pack::read(folder)?,
        None => Pack::starter(),
    };
    let enrolment = open_enrolment(&args.worker, args.passphrase_file.as_deref())?;
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| {
            Problem::new("tasks-not-started", &[("reason", reason(error.kind()).into())])
        })?;
    // Another crate of the same build may bring a second provider; this names ours.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let fetched = runtime.block_on(report::fetch(&enrolment, clock, question))?;
    let text = report::render(&fetched, &form, &pack, language())?;
    let Some(file) = &args.out else {
        output::result(text.trim_end_matches(['\r', '\n']));
        return Ok(());
    };
    key_file::write_new(file, text.as_bytes(), Readers::Owner)?;
    let file = file.display().to_string();
    output::say(&words("report-written", &[("file", file.into())]));
    Ok(())
}

fn question(from: &str, to: &str) -> Result<Question, Problem> {
    let question = Question::days(dates::day(from)?, dates::day(to)?);
    question.ok_or_else(|| Problem::new("report-days-wrong", &[]))
}
