//! `vestibule worker enrol` and `vestibule worker renew`

use std::path::{Path, PathBuf};

use vestibule_wire::Timestamp;

use super::coordinator::{ServiceInHand, alias, languages, role};
use crate::clock::Clock;
use crate::dates::{self, DAY_SECONDS};
use crate::enrolment::{DAYS_MAX, Terms};
use crate::key_file::{self, Prepared, Readers, Work};
use crate::output;
use crate::passphrase;
use crate::problem::Problem;
use crate::words::words;

/// A first day further ahead is a misspelt one.
const AHEAD_DAYS_MAX: u32 = 366;

#[derive(clap::Args)]
pub(super) struct EnrolArgs {
    /// The coordinator's service.age.
    #[arg(long, value_name = "FILE")]
    service: PathBuf,
    /// What clients call the worker: at most 24 bytes.
    #[arg(long)]
    alias: String,
    /// outreach, peer, doctor, psychologist, lawyer or coordinator.
    #[arg(long)]
    role: String,
    /// Languages of the worker by their codes, with commas between: ru,uk.
    #[arg(long)]
    languages: String,
    /// For how many days, at most 31.
    #[arg(long)]
    days: u32,
    #[command(flatten)]
    file: NewFileArgs,
}

#[derive(clap::Args)]
pub(super) struct RenewArgs {
    /// The coordinator's service.age.
    #[arg(long, value_name = "FILE")]
    service: PathBuf,
    /// Who: an alias on the roster.
    #[arg(long)]
    alias: String,
    /// Another role than before.
    #[arg(long)]
    role: Option<String>,
    /// Other languages than before.
    #[arg(long)]
    languages: Option<String>,
    /// For how many days, at most 31; as many as before when not given.
    #[arg(long)]
    days: Option<u32>,
    #[command(flatten)]
    file: NewFileArgs,
}

#[derive(clap::Args)]
struct NewFileArgs {
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

pub(super) fn enrol(args: &EnrolArgs, clock: Clock) -> Result<(), Problem> {
    let now = clock.now();
    let terms = Terms {
        alias: alias(&args.alias)?,
        role: role(&args.role)?,
        languages: languages(&args.languages)?,
        first_day: first_day(args.file.from.as_deref(), now)?,
        days: args.days,
    };
    check_days(&terms, now)?;
    let hand = open(&args.service, &args.file)?;
    let known = |enrolled: &crate::roster::Enrolled| {
        enrolled.terms.alias == terms.alias && enrolled.holds(now)
    };
    if hand.service.roster.iter().any(known) {
        return Err(Problem::new("alias-enrolled", &[("alias", args.alias.as_str().into())]));
    }
    make_file(hand, terms, &args.file, now)
}

pub(super) fn renew(args: &RenewArgs, clock: Clock) -> Result<(), Problem> {
    let now = clock.now();
    let wanted = alias(&args.alias)?;
    let role = args.role.as_deref().map(role).transpose()?;
    let languages = args.languages.as_deref().map(languages).transpose()?;
    let first_day = first_day(args.file.from.as_deref(), now)?;
    let hand = open(&args.service, &args.file)?;
    let is_wanted =
        |enrolled: &&crate::roster::Enrolled| enrolled.terms.alias == wanted && !enrolled.revoked;
    let Some(before) = hand.service.roster.iter().rev().find(is_wanted) else {
        return Err(Problem::new("alias-not-enrolled", &[("alias", args.alias.as_str().into())]));
    };
    let terms = Terms {
        role: role.unwrap_or(before.terms.role),
        languages: languages.unwrap_or(before.terms.languages),
        days: args.days.unwrap_or(before.terms.days),
        alias: wanted,
        first_day,
    };
    check_days(&terms, now)?;
    make_file(hand, terms, &args.file, now)
}

fn open(service: &Path, file: &NewFileArgs) -> Result<ServiceInHand, Problem> {
    key_file::refuse_existing(&file.out)?;
    ServiceInHand::open(service, file.service_passphrase_file.as_deref())
}

/// The roster is written before the worker's file takes its place: a file that the roster does not
/// know could never be revoked.
fn make_file(
    mut hand: ServiceInHand,
    terms: Terms,
    file: &NewFileArgs,
    now: Timestamp,
) -> Result<(), Problem> {
    let alias = terms.alias.as_str().to_owned();
    let enrolment = hand.service.enrol(terms, now)?;
    let question = words("passphrase-for-worker", &[("alias", alias.as_str().into())]);
    let secret = passphrase::chosen(&question, file.worker_passphrase_file.as_deref())?;
    let sealed = enrolment.seal(secret, Work::OneSecond);
    let prepared = Prepared::write(&file.out, &sealed, Readers::Owner)?;
    hand.save()?;
    prepared.place_new()?;
    output::say(&words(
        "worker-enrolled",
        &[
            ("alias", alias.into()),
            ("moment", dates::moment(enrolment.valid_until()).into()),
            ("file", file.out.display().to_string().into()),
        ],
    ));
    Ok(())
}

fn first_day(from: Option<&str>, now: Timestamp) -> Result<Timestamp, Problem> {
    match from {
        Some(text) => dates::day(text),
        None => Ok(dates::start_of_day(now)),
    }
}

fn check_days(terms: &Terms, now: Timestamp) -> Result<(), Problem> {
    if !(1..=DAYS_MAX).contains(&terms.days) {
        return Err(Problem::new("days-wrong", &[("maximum", DAYS_MAX.into())]));
    }
    let today = dates::start_of_day(now);
    if terms.first_day.plus_seconds(terms.days * DAY_SECONDS) <= today {
        return Err(Problem::new("first-day-over", &[]));
    }
    if terms.first_day > today.plus_seconds(AHEAD_DAYS_MAX * DAY_SECONDS) {
        return Err(Problem::new("first-day-too-far", &[]));
    }
    Ok(())
}
