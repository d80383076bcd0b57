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

/// A first day further ahead is a misspelt one.
const AHEAD_DAYS_MAX: u32 = 366;

pub(super) fn run(args: &WorkerEnrolArgs, clock: Clock) -> Result<(), Problem> {
    let terms = terms(args, clock.now())?;
    key_file::refuse_existing(&args.out)?;
    let about = |error: key_file::KeyFileError| error.about(&args.service);
    let file = key_file::read(&args.service).map_err(about)?;
    let question = format!("Passphrase of {}: ", args.service.display());
    let secret = passphrase::existing(&question, args.service_passphrase_file.as_deref())?;
    let service = Service::open(&file, secret).map_err(about)?;

    let enrolment = Enrolment::new(&service, &terms);
    let question = format!("Choose a passphrase for {}'s file: ", args.alias);
    let secret = passphrase::chosen(&question, args.worker_passphrase_file.as_deref())?;
    key_file::write_new(&args.out, &enrolment.seal(secret, Work::OneSecond), Readers::Owner)?;
    output::say(&format!(
        "{} is enrolled until {}. Hand over {} and its passphrase by different ways; then delete \
         this copy.",
        args.alias,
        dates::moment(enrolment.valid_until()),
        args.out.display()
    ));
    Ok(())
}

fn terms(args: &WorkerEnrolArgs, now: Timestamp) -> Result<Terms, Problem> {
    let alias = Alias::new(&args.alias).map_err(|_| {
        Problem::new(format!(
            "The alias “{}” cannot be used: it takes 1 to {ALIAS_BYTES_MAX} bytes (12 letters in \
             Russian, Ukrainian or Arabic) without spaces at its ends or invisible characters.",
            args.alias
        ))
    })?;
    let role = Role::ALL.iter().find(|(.., name)| *name == args.role).map(|(role, ..)| *role);
    let role = role.ok_or_else(|| {
        Problem::new(format!(
            "“{}” is not a role: choose outreach, peer, doctor, psychologist, lawyer or coordinator.",
            args.role
        ))
    })?;
    let languages = languages(&args.languages).ok_or_else(|| {
        Problem::new(format!(
            "“{}” are not languages: write en, ru, uk or ar, with commas between, for example ru,uk.",
            args.languages
        ))
    })?;
    if !(1..=DAYS_MAX).contains(&args.days) {
        return Err(Problem::new(format!(
            "An enrolment takes 1 to {DAYS_MAX} days: make another file for the time after."
        )));
    }
    let first_day = match &args.from {
        Some(text) => dates::day(text)?,
        None => dates::start_of_day(now),
    };
    let today = dates::start_of_day(now);
    if first_day.plus_seconds(args.days * DAY_SECONDS) <= today {
        return Err(Problem::new("These days are over already: choose a later --from."));
    }
    if first_day > today.plus_seconds(AHEAD_DAYS_MAX * DAY_SECONDS) {
        return Err(Problem::new("This day is more than a year ahead: choose an earlier --from."));
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
