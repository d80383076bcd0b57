//! `vestibule worker enrol`

use vestibule_wire::{ALIAS_BYTES_MAX, Alias, LanguageSet, Role, Timestamp};

use super::WorkerEnrolArgs;
use crate::clock::Clock;
use crate::dates::{self, DAY_SECONDS};
use crate::enrolment::{DAYS_MAX, Enrolment, Terms};
use crate::key_file::{self, Readers, Work};
use crate::output;
use crate::passphrase;
use crate::problem::Problem;
use crate::service_file::Service;
use crate::words::words;

/// A first day further ahead is a misspelt one.
const AHEAD_DAYS_MAX: u32 = 366;

pub(super) fn run(args: &WorkerEnrolArgs, clock: Clock) -> Result<(), Problem> {
    let terms = terms(args, clock.now())?;
    key_file::refuse_existing(&args.out)?;
    let about = |error: key_file::KeyFileError| error.about(&args.service);
    let file = key_file::read(&args.service).map_err(about)?;
    let question = words("passphrase-of", &[("file", args.service.display().to_string().into())]);
    let secret = passphrase::existing(&question, args.service_passphrase_file.as_deref())?;
    let service = Service::open(&file, secret).map_err(about)?;

    let enrolment = Enrolment::new(&service, &terms);
    let question = words("passphrase-for-worker", &[("alias", args.alias.as_str().into())]);
    let secret = passphrase::chosen(&question, args.worker_passphrase_file.as_deref())?;
    key_file::write_new(&args.out, &enrolment.seal(secret, Work::OneSecond), Readers::Owner)?;
    output::say(&words(
        "worker-enrolled",
        &[
            ("alias", args.alias.as_str().into()),
            ("moment", dates::moment(enrolment.valid_until()).into()),
            ("file", args.out.display().to_string().into()),
        ],
    ));
    Ok(())
}

fn terms(args: &WorkerEnrolArgs, now: Timestamp) -> Result<Terms, Problem> {
    let alias = Alias::new(&args.alias).map_err(|_| {
        Problem::new(
            "alias-unusable",
            &[("alias", args.alias.as_str().into()), ("maximum", ALIAS_BYTES_MAX.into())],
        )
    })?;
    let role = Role::ALL.iter().find(|(.., name)| *name == args.role).map(|(role, ..)| *role);
    let role =
        role.ok_or_else(|| Problem::new("role-unknown", &[("text", args.role.as_str().into())]))?;
    let languages = languages(&args.languages).ok_or_else(|| {
        Problem::new("languages-unknown", &[("text", args.languages.as_str().into())])
    })?;
    if !(1..=DAYS_MAX).contains(&args.days) {
        return Err(Problem::new("days-wrong", &[("maximum", DAYS_MAX.into())]));
    }
    let first_day = match &args.from {
        Some(text) => dates::day(text)?,
        None => dates::start_of_day(now),
    };
    let today = dates::start_of_day(now);
    if first_day.plus_seconds(args.days * DAY_SECONDS) <= today {
        return Err(Problem::new("first-day-over", &[]));
    }
    if first_day > today.plus_seconds(AHEAD_DAYS_MAX * DAY_SECONDS) {
        return Err(Problem::new("first-day-too-far", &[]));
    }
    Ok(Terms { alias, role, languages, first_day, days: args.days })
}

fn languages(text: &str) -> Option<LanguageSet> {
    let bit = |code: &str| {
        let known = LanguageSet::ALL.iter().find(|(_, name)| *name == code.trim());
        known.map(|(bit, _)| *bit)
    };
    let bits: Option<Vec<u8>> = text.split(',').map(bit).collect();
    LanguageSet::from_bits(bits?.into_iter().fold(0, |set, bit| set | bit)).ok()
}
