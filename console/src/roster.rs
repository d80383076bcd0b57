//! Whom a coordinator has enrolled: what is needed to renew them and to send them off.

use serde::{Deserialize, Serialize};
use vestibule_wire::{Alias, Language, LanguageSet, Role, Timestamp, hex, hex_array};

use crate::dates::DAY_SECONDS;
use crate::enrolment::{DAYS_MAX, Enrolment, Terms, shift_ends_at};

/// Most enrolments that are kept, those that are over not counted.
pub const ROSTER_LEN_MAX: usize = 300;

/// One enrolment.
pub struct Enrolled {
    /// What was decided.
    pub terms: Terms,
    /// The newest generation of epoch keys at that time.
    pub generation: u8,
    /// Whether it was taken back.
    pub revoked: bool,
    /// The public half of each day's key.
    keys: Vec<[u8; 32]>,
}

/// How an enrolment stands in the service's file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EnrolledContent {
    alias: String,
    role: String,
    languages: u8,
    first_day: u32,
    days: u32,
    generation: u8,
    revoked: bool,
    keys: Vec<String>,
}

impl Enrolled {
    /// Notes an enrolment.
    pub fn new(terms: Terms, enrolment: &Enrolment, generation: u8) -> Self {
        let keys = enrolment.shifts.iter().map(|shift| shift.content.shift_public).collect();
        Self { terms, generation, revoked: false, keys }
    }

    /// When its last certificate ends.
    pub fn ends_at(&self) -> Timestamp {
        shift_ends_at(self.terms.first_day, self.terms.days.saturating_sub(1))
    }

    /// Whether this worker can still be on duty, now or later.
    pub fn holds(&self, now: Timestamp) -> bool {
        !self.revoked && now < self.ends_at()
    }

    /// Whether something of it must be remembered: a day more than its certificates hold, for clocks
    /// that are wrong.
    pub(crate) fn is_kept(&self, now: Timestamp) -> bool {
        now < self.ends_at().plus_seconds(DAY_SECONDS)
    }

    /// The public keys whose certificates are not over.
    pub(crate) fn keys_at(&self, now: Timestamp) -> impl Iterator<Item = [u8; 32]> {
        let over = move |day: u32| {
            now >= shift_ends_at(self.terms.first_day, day).plus_seconds(DAY_SECONDS)
        };
        (0..).zip(&self.keys).filter(move |(day, _)| !over(*day)).map(|(_, key)| *key)
    }

    pub(crate) fn to_content(&self) -> EnrolledContent {
        EnrolledContent {
            alias: self.terms.alias.as_str().to_owned(),
            role: self.terms.role.name().to_owned(),
            languages: self.terms.languages.bits(),
            first_day: self.terms.first_day.0,
            days: self.terms.days,
            generation: self.generation,
            revoked: self.revoked,
            keys: self.keys.iter().map(|key| hex(key)).collect(),
        }
    }

    pub(crate) fn from_content(content: &EnrolledContent) -> Option<Self> {
        let terms = Terms {
            alias: Alias::new(&content.alias).ok()?,
            role: role(&content.role)?,
            languages: LanguageSet::from_bits(content.languages).ok()?,
            first_day: Timestamp(content.first_day),
            days: Some(content.days).filter(|days| (1..=DAYS_MAX).contains(days))?,
        };
        let keys: Option<Vec<[u8; 32]>> =
            content.keys.iter().map(|key| hex_array(key).ok()).collect();
        Some(Self { terms, generation: content.generation, revoked: content.revoked, keys: keys? })
    }
}

/// A role by its name.
pub fn role(name: &str) -> Option<Role> {
    Role::ALL.iter().find(|(.., known)| *known == name).map(|(role, ..)| *role)
}

/// Languages by their codes.
pub fn languages(text: &str) -> Option<LanguageSet> {
    let known = |code: &str| Language::from_code(code.trim()).ok();
    let languages: Option<Vec<Language>> = text.split(',').map(known).collect();
    LanguageSet::of(languages?).ok()
}
