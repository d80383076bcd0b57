//! What a worker's file holds: shifts with their certificates, and the keys of the epochs in which
//! the worker issues and answers links.

use std::cmp::Reverse;

use age::secrecy::SecretString;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use vestibule_protocol::{DoorSecret, EPOCH_KEYS_LEN, EpochKeys, ShiftKey};
use vestibule_wire::{
    Alias, AuthorityKey, CERTIFICATE_LEN, CardTexts, Epoch, EpochStatement, LanguageSet,
    Revocations, Role, SHIFT_SECONDS_MAX, STATEMENT_LEN, ShiftCertificate, Timestamp,
    UnsignedCertificate, hex, hex_array,
};

use crate::dates::DAY_SECONDS;
use crate::key_file::{self, KeyFileError, Kind, SecretHex, Work};
use crate::origin::Origin;
use crate::random;
use crate::service_file::{Service, read_origins, read_page};

/// Longest enrolment, in days.
pub const DAYS_MAX: u32 = 31;
/// A day's shift begins this long before its midnight (UTC) and, at its full length, ends as long
/// after the next one: at any moment some certificate holds for six hours in both directions, so
/// clocks that are wrong by an hour, and every time zone's working day, are served.
const EARLY_SECONDS: u32 = 21_600;
const VALID_FROM_PLACE: usize = 33;

/// Most generations of an epoch's keys in a worker's file: as many as a relay learns of one epoch.
pub const GENERATIONS_MAX: u8 = 4;

/// What a coordinator decides about a worker.
#[derive(Clone)]
pub struct Terms {
    /// What clients call the worker.
    pub alias: Alias,
    /// What the worker does.
    pub role: Role,
    /// What the worker speaks.
    pub languages: LanguageSet,
    /// First second (UTC) of the first day.
    pub first_day: Timestamp,
    /// How many days.
    pub days: u32,
}

/// A key and a certificate for one day.
pub struct Shift {
    /// The private key.
    pub key: ShiftKey,
    /// The authority's word for it.
    pub certificate: [u8; CERTIFICATE_LEN],
    /// What the certificate says.
    pub content: UnsignedCertificate,
}

/// The keys of an epoch and what tells relays of them.
pub struct EpochEntry {
    /// To issue and answer links.
    pub keys: EpochKeys,
    /// For relays.
    pub statement: [u8; STATEMENT_LEN],
}

/// Everything that a worker's file holds.
pub struct Enrolment {
    /// The service.
    pub authority: AuthorityKey,
    /// What the service is called.
    pub service_name: CardTexts,
    /// Where the relay is, the address of new links first.
    pub origins: Vec<Origin>,
    /// Where the client's page is, if a web server apart from the relay serves it.
    pub page: Option<Origin>,
    /// By their beginning. Never empty.
    pub shifts: Vec<Shift>,
    /// By their number, and of one number the newest generation first. Never empty.
    pub epochs: Vec<EpochEntry>,
    /// What opens the service's doors.
    pub door: DoorSecret,
    /// What the service no longer believed when the file was made.
    pub revocations: Option<Revocations>,
}

/// Why an enrolment is of no use now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NotEnrolled {
    /// Its first shift is still to come.
    #[error("the enrolment has not begun")]
    NotBegun(Timestamp),
    /// Its last shift is over.
    #[error("the enrolment is over")]
    Over(Timestamp),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Content {
    authority: String,
    service_name: CardTexts,
    origins: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<String>,
    shifts: Vec<ShiftContent>,
    epochs: Vec<EpochContent>,
    door: SecretHex<32>,
    revocations: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ShiftContent {
    key: SecretHex<32>,
    certificate: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct EpochContent {
    epoch: u16,
    generation: u8,
    secrets: SecretHex<EPOCH_KEYS_LEN>,
    statement: String,
}

impl Enrolment {
    /// Makes a worker's keys and signs their certificates.
    pub fn new(service: &Service, terms: &Terms) -> Self {
        let days = 0..terms.days.clamp(1, DAYS_MAX);
        let shifts: Vec<Shift> = days.map(|day| shift(service, terms, day)).collect();
        let from = shifts.first().map_or(Timestamp(0), |shift| shift.content.valid_from);
        let to = shifts.last().map_or(Timestamp(0), |shift| shift.content.valid_to);
        let epochs = epochs_between(from, to).flat_map(|epoch| {
            let generations = service.generations().rev();
            let keys = generations.filter_map(move |it| service.authority.epoch_keys(epoch, it));
            keys.map(|keys| EpochEntry { statement: service.authority.state_epoch(&keys), keys })
        });
        Self {
            authority: service.authority.public(),
            service_name: service.card.name.clone(),
            origins: service.origins.clone(),
            page: service.page.clone(),
            epochs: epochs.collect(),
            shifts,
            door: service.authority.door_secret().clone(),
            revocations: service.revocations(),
        }
    }

    /// What new links begin with, unless something else is asked for.
    pub fn link_origin(&self) -> Option<&Origin> {
        self.page.as_ref().or_else(|| self.origins.first())
    }

    /// The shift whose certificate holds now, with the most time on both sides.
    ///
    /// # Errors
    /// When the enrolment has not begun or is over.
    pub fn shift_at(&self, now: Timestamp) -> Result<&Shift, NotEnrolled> {
        let margin = |shift: &&Shift| {
            let since = now.0.saturating_sub(shift.content.valid_from.0);
            let left = shift.content.valid_to.0.saturating_sub(now.0);
            since.min(left)
        };
        let holds =
            |shift: &&Shift| shift.content.valid_from <= now && now < shift.content.valid_to;
        let best = self.shifts.iter().filter(holds).max_by_key(margin);
        best.ok_or_else(|| {
            let first = self.shifts.iter().map(|shift| shift.content.valid_from).min();
            match first.filter(|first| now < *first) {
                Some(first) => NotEnrolled::NotBegun(first),
                None => NotEnrolled::Over(self.valid_until()),
            }
        })
    }

    /// The newest keys of an epoch, if this worker has any.
    pub fn epoch(&self, epoch: Epoch) -> Option<&EpochEntry> {
        self.epoch_generations(epoch).next()
    }

    /// Every generation of an epoch's keys that this worker has, the newest first.
    pub fn epoch_generations(&self, epoch: Epoch) -> impl Iterator<Item = &EpochEntry> {
        self.epochs.iter().filter(move |entry| entry.keys.epoch() == epoch)
    }

    /// When the last shift ends.
    pub fn valid_until(&self) -> Timestamp {
        self.shifts.iter().map(|shift| shift.content.valid_to).max().unwrap_or(Timestamp(0))
    }

    /// The bytes of the worker's file.
    pub fn seal(&self, passphrase: SecretString, work: Work) -> Vec<u8> {
        let shift = |shift: &Shift| ShiftContent {
            key: SecretHex((*shift.key.as_bytes()).into()),
            certificate: hex(&shift.certificate),
        };
        let epoch = |entry: &EpochEntry| EpochContent {
            epoch: entry.keys.epoch().0,
            generation: entry.keys.generation(),
            secrets: SecretHex(entry.keys.secrets()),
            statement: hex(&entry.statement),
        };
        let content = Content {
            authority: self.authority.to_hex(),
            service_name: self.service_name.clone(),
            origins: self.origins.iter().map(|origin| origin.as_str().to_owned()).collect(),
            page: self.page.as_ref().map(|page| page.as_str().to_owned()),
            shifts: self.shifts.iter().map(shift).collect(),
            epochs: self.epochs.iter().map(epoch).collect(),
            door: SecretHex((*self.door.as_bytes()).into()),
            revocations: self.revocations.as_ref().map(|it| hex(it.as_bytes())),
        };
        key_file::seal(Kind::Worker, &content, passphrase, work)
    }

    /// Reads the bytes of a worker's file, and believes nothing in it that the authority did not
    /// sign.
    ///
    /// # Errors
    /// When it is not such a file, is damaged, or the passphrase is wrong.
    pub fn open(file: &[u8], passphrase: SecretString) -> Result<Self, KeyFileError> {
        let content: Content = key_file::open(Kind::Worker, file, passphrase)?;
        let authority =
            AuthorityKey::from_hex(&content.authority).map_err(|_| KeyFileError::Damaged)?;
        let shifts: Option<Vec<Shift>> =
            content.shifts.iter().map(|shift| read_shift(shift, &authority)).collect();
        let epochs: Option<Vec<EpochEntry>> =
            content.epochs.iter().map(|epoch| read_epoch(epoch, &authority)).collect();
        let mut epochs = epochs.ok_or(KeyFileError::Damaged)?;
        epochs.sort_by_key(|entry| (entry.keys.epoch().0, Reverse(entry.keys.generation())));
        let revocations = content.revocations.map(|it| read_revocations(&it, &authority));
        let enrolment = Self {
            authority,
            service_name: content.service_name,
            origins: read_origins(&content.origins)?,
            page: read_page(content.page.as_deref())?,
            shifts: shifts.ok_or(KeyFileError::Damaged)?,
            epochs,
            door: DoorSecret::from_bytes(&content.door.0),
            revocations: revocations.transpose()?,
        };
        let filled = !enrolment.shifts.is_empty() && !enrolment.epochs.is_empty();
        if filled { Ok(enrolment) } else { Err(KeyFileError::Damaged) }
    }
}

fn shift(service: &Service, terms: &Terms, day: u32) -> Shift {
    let key = ShiftKey::generate(&mut random::system());
    let valid_from = shift_begins_at(terms.first_day, day);
    let content = UnsignedCertificate {
        shift_public: key.public(),
        valid_from,
        valid_to: shift_ends_at(terms.first_day, day),
        role: terms.role,
        languages: terms.languages,
        alias: terms.alias.clone(),
    };
    Shift { key, certificate: service.authority.certify(&content), content }
}

fn shift_begins_at(first_day: Timestamp, day: u32) -> Timestamp {
    let midnight = first_day.plus_seconds(day * DAY_SECONDS);
    Timestamp(midnight.0.saturating_sub(EARLY_SECONDS))
}

/// When the certificate of an enrolment's day ends; its first day is day 0.
pub(crate) fn shift_ends_at(first_day: Timestamp, day: u32) -> Timestamp {
    shift_begins_at(first_day, day).plus_seconds(SHIFT_SECONDS_MAX)
}

/// Every epoch that holds at some moment between the two.
fn epochs_between(from: Timestamp, to: Timestamp) -> impl Iterator<Item = Epoch> {
    let [_, first] = Epoch::holding(from);
    let [last, _] = Epoch::holding(to);
    (first.0..=last.0).map(Epoch)
}

fn read_shift(content: &ShiftContent, authority: &AuthorityKey) -> Option<Shift> {
    let key = ShiftKey::from_bytes(&content.key.0);
    let certificate: [u8; CERTIFICATE_LEN] = hex_array(&content.certificate).ok()?;
    let from = certificate.get(VALID_FROM_PLACE..)?.first_chunk::<4>()?;
    let from = Timestamp(u32::from_be_bytes(*from));
    let content = ShiftCertificate::verify(&certificate, authority, from).ok()?.content;
    (content.shift_public == key.public()).then_some(Shift { key, certificate, content })
}

fn read_revocations(text: &str, authority: &AuthorityKey) -> Result<Revocations, KeyFileError> {
    let bytes = hex_array(text).map_err(|_| KeyFileError::Damaged)?;
    Revocations::verify(&bytes, authority).map_err(|_| KeyFileError::Damaged)
}

fn read_epoch(content: &EpochContent, authority: &AuthorityKey) -> Option<EpochEntry> {
    let epoch = Epoch(content.epoch);
    let keys = EpochKeys::from_secrets(epoch, content.generation, &content.secrets.0);
    let statement: [u8; STATEMENT_LEN] = hex_array(&content.statement).ok()?;
    let stated = EpochStatement::verify(&statement, authority, epoch.starts_at()).ok()?;
    let fits = stated.epoch == epoch
        && stated.generation == content.generation
        && stated.issuing_public == keys.issuing_public();
    fits.then_some(EpochEntry { keys, statement })
}

#[cfg(test)]
mod tests;
