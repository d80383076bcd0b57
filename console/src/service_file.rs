//! A service as its coordinator keeps it: the authority's keys, the relay's addresses, the card, and
//! who and what was let in.

use age::secrecy::SecretString;
use serde::{Deserialize, Serialize};
use vestibule_protocol::{AUTHORITY_SECRETS_LEN, Authority};
use vestibule_wire::{
    CARD_BYTES_MAX, CardTexts, Revocations, SIGNATURE_LEN, ServiceCard, Timestamp, hex, hex_array,
};

use crate::doors::{DOORS_MAX, Door, DoorContent};
use crate::enrolment::{Enrolment, Terms};
use crate::key_file::{self, KeyFileError, Kind, SecretHex, Work};
use crate::origin::Origin;
use crate::pack::Pack;
use crate::problem::Problem;
use crate::random;
use crate::roster::{Enrolled, EnrolledContent, ROSTER_LEN_MAX};

/// Most addresses that a service may name.
pub const ORIGINS_MAX: usize = 8;

/// Everything that a coordinator's file holds.
pub struct Service {
    /// The root of the service's trust.
    pub authority: Authority,
    /// Where the relay is, the address of new links first.
    pub origins: Vec<Origin>,
    /// Where the client's page is, if a web server apart from the relay serves it.
    pub page: Option<Origin>,
    /// What clients read.
    pub card: ServiceCard,
    /// Whom the coordinator has enrolled, the newest last.
    pub roster: Vec<Enrolled>,
    /// The permanent addresses.
    pub doors: Vec<Door>,
    /// Links of generations before this one are refused.
    pub lowest_generation: u8,
    pub(crate) revocations: Option<Revocations>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Content {
    secrets: SecretHex<AUTHORITY_SECRETS_LEN>,
    origins: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<String>,
    card: ServiceCard,
    roster: Vec<EnrolledContent>,
    doors: Vec<DoorContent>,
    lowest_generation: u8,
    revocations: Option<String>,
}

impl Service {
    /// Makes the keys of a new service. Its card says what the pack says, or the starter pack.
    ///
    /// # Errors
    /// With a sentence, when the name, the addresses or the card's texts are not usable.
    pub fn create(
        name: &str,
        origins: Vec<Origin>,
        pack: Option<&Pack>,
        now: Timestamp,
    ) -> Result<Self, Problem> {
        check_origins(&origins)?;
        let name = name.trim().to_owned();
        let name = CardTexts::for_all(&name);
        let starter = Pack::starter();
        let card = checked_card(pack.unwrap_or(&starter), &name, now)?;
        Ok(Self {
            authority: Authority::generate(&mut random::system()),
            origins,
            page: None,
            card,
            roster: Vec::new(),
            doors: Vec::new(),
            lowest_generation: 0,
            revocations: None,
        })
    }

    /// Takes the card's texts from a pack, under the name that the service has.
    ///
    /// # Errors
    /// With a sentence, when they are not usable.
    pub fn take_card(&mut self, pack: &Pack, now: Timestamp) -> Result<(), Problem> {
        self.card = checked_card(pack, &self.card.name, now)?;
        Ok(())
    }

    /// The card as a relay serves it: signature and JSON.
    pub fn signed_card(&self) -> Vec<u8> {
        self.authority.sign_card(&card_bytes(&self.card))
    }

    /// Makes a worker's keys, signs their certificates, and notes them on the roster.
    ///
    /// # Errors
    /// With a sentence, when the roster is full.
    pub fn enrol(&mut self, terms: Terms, now: Timestamp) -> Result<Enrolment, Problem> {
        self.forget_what_is_over(now);
        if self.roster.len() == ROSTER_LEN_MAX {
            return Err(Problem::new("roster-full", &[("maximum", ROSTER_LEN_MAX.into())]));
        }
        let enrolment = Enrolment::new(self, &terms);
        let generation = self.authority.newest_generation();
        self.roster.push(Enrolled::new(terms, &enrolment, generation));
        Ok(enrolment)
    }

    /// Drops whatever no certificate and no link can name any more.
    pub(crate) fn forget_what_is_over(&mut self, now: Timestamp) {
        self.roster.retain(|enrolled| enrolled.is_kept(now));
        self.doors.retain(|door| now <= door.expires_at());
    }

    /// The bytes of the coordinator's file.
    pub fn seal(&self, passphrase: SecretString, work: Work) -> Vec<u8> {
        let content = Content {
            secrets: SecretHex(self.authority.secrets()),
            origins: self.origins.iter().map(|origin| origin.as_str().to_owned()).collect(),
            page: self.page.as_ref().map(|page| page.as_str().to_owned()),
            card: self.card.clone(),
            roster: self.roster.iter().map(Enrolled::to_content).collect(),
            doors: self.doors.iter().map(Door::to_content).collect(),
            lowest_generation: self.lowest_generation,
            revocations: self.revocations.as_ref().map(|list| hex(list.as_bytes())),
        };
        key_file::seal(Kind::Service, &content, passphrase, work)
    }

    /// Reads the bytes of a coordinator's file.
    ///
    /// # Errors
    /// When it is not such a file, is damaged, or the passphrase is wrong.
    pub fn open(file: &[u8], passphrase: SecretString) -> Result<Self, KeyFileError> {
        let content: Content = key_file::open(Kind::Service, file, passphrase)?;
        Self::from_content(&content).ok_or(KeyFileError::Damaged)
    }

    fn from_content(content: &Content) -> Option<Self> {
        let authority = Authority::from_secrets(&content.secrets.0).ok()?;
        let revocations = match &content.revocations {
            Some(text) => {
                Some(Revocations::verify(&hex_array(text).ok()?, &authority.public()).ok()?)
            }
            None => None,
        };
        let roster: Option<Vec<Enrolled>> =
            content.roster.iter().map(Enrolled::from_content).collect();
        let doors: Option<Vec<Door>> = content.doors.iter().map(Door::from_content).collect();
        let service = Self {
            origins: read_origins(&content.origins).ok()?,
            page: read_page(content.page.as_deref()).ok()?,
            card: ServiceCard::from_json(&card_bytes(&content.card)).ok()?,
            roster: roster?,
            doors: doors?,
            lowest_generation: content.lowest_generation,
            revocations,
            authority,
        };
        let sized = service.roster.len() <= ROSTER_LEN_MAX && service.doors.len() <= DOORS_MAX;
        let fits = service.lowest_generation <= service.authority.newest_generation();
        (sized && fits).then_some(service)
    }
}

/// Reads the addresses of a file.
pub(crate) fn read_origins(texts: &[String]) -> Result<Vec<Origin>, KeyFileError> {
    let origins: Result<Vec<Origin>, Problem> =
        texts.iter().map(|text| Origin::parse(text)).collect();
    let origins = origins.map_err(|_| KeyFileError::Damaged)?;
    let right_count = (1..=ORIGINS_MAX).contains(&origins.len());
    if right_count { Ok(origins) } else { Err(KeyFileError::Damaged) }
}

/// Reads where a file says that the page is.
pub(crate) fn read_page(text: Option<&str>) -> Result<Option<Origin>, KeyFileError> {
    text.map(Origin::parse).transpose().map_err(|_| KeyFileError::Damaged)
}

fn check_origins(origins: &[Origin]) -> Result<(), Problem> {
    let twice = origins
        .iter()
        .enumerate()
        .any(|(place, origin)| origins.iter().take(place).any(|before| before == origin));
    if origins.is_empty() || origins.len() > ORIGINS_MAX || twice {
        return Err(Problem::new("relays-wrong-number", &[("maximum", ORIGINS_MAX.into())]));
    }
    if origins.iter().all(Origin::is_onion) {
        return Err(Problem::new("relays-all-onion", &[]));
    }
    Ok(())
}

fn checked_card(pack: &Pack, name: &CardTexts, now: Timestamp) -> Result<ServiceCard, Problem> {
    let card = pack.service_card(name, now);
    let bytes = card_bytes(&card);
    let fits = bytes.len() + SIGNATURE_LEN <= CARD_BYTES_MAX;
    let usable = fits && ServiceCard::from_json(&bytes).is_ok();
    usable.then_some(card).ok_or_else(|| Problem::new("card-unusable", &[]))
}

fn card_bytes(card: &ServiceCard) -> Vec<u8> {
    serde_json::to_vec(card).expect("a card has a JSON form")
}

#[cfg(test)]
mod tests;
