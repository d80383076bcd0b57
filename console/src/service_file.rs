//! A service as its coordinator keeps it: the authority's keys, the relay's addresses, the card.

use age::secrecy::SecretString;
use serde::{Deserialize, Serialize};
use vestibule_protocol::{AUTHORITY_SECRETS_LEN, Authority};
use vestibule_wire::{CARD_BYTES_MAX, CardTexts, SIGNATURE_LEN, ServiceCard, Timestamp};

use crate::default_card;
use crate::key_file::{self, KeyFileError, Kind, SecretHex, Work};
use crate::origin::Origin;
use crate::problem::Problem;
use crate::random;

/// Most addresses that a service may name.
pub const ORIGINS_MAX: usize = 8;

/// Everything that a coordinator's file holds.
pub struct Service {
    /// The root of the service's trust.
    pub authority: Authority,
    /// Where the relay is, the address of new links first.
    pub origins: Vec<Origin>,
    /// What clients read.
    pub card: ServiceCard,
}

/// Texts of a card that a coordinator wrote, as JSON.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CardFile {
    name: Option<CardTexts>,
    about: CardTexts,
    hours: CardTexts,
    emergency: CardTexts,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Content {
    secrets: SecretHex<AUTHORITY_SECRETS_LEN>,
    origins: Vec<String>,
    card: ServiceCard,
}

impl Service {
    /// Makes the keys of a new service.
    ///
    /// # Errors
    /// With a sentence, when the name, the addresses or the card's texts are not usable.
    pub fn create(
        name: &str,
        origins: Vec<Origin>,
        card_json: Option<&[u8]>,
        now: Timestamp,
    ) -> Result<Self, Problem> {
        check_origins(&origins)?;
        let card = card(name, card_json, now)?;
        Ok(Self { authority: Authority::generate(&mut random::system()), origins, card })
    }

    /// The card as a relay serves it: signature and JSON.
    pub fn signed_card(&self) -> Vec<u8> {
        self.authority.sign_card(&card_bytes(&self.card))
    }

    /// The bytes of the coordinator's file.
    pub fn seal(&self, passphrase: SecretString, work: Work) -> Vec<u8> {
        let content = Content {
            secrets: SecretHex(self.authority.secrets()),
            origins: self.origins.iter().map(|origin| origin.as_str().to_owned()).collect(),
            card: self.card.clone(),
        };
        key_file::seal(Kind::Service, &content, passphrase, work)
    }

    /// Reads the bytes of a coordinator's file.
    ///
    /// # Errors
    /// When it is not such a file, is damaged, or the passphrase is wrong.
    pub fn open(file: &[u8], passphrase: SecretString) -> Result<Self, KeyFileError> {
        let content: Content = key_file::open(Kind::Service, file, passphrase)?;
        let origins = read_origins(&content.origins)?;
        let card = ServiceCard::from_json(&card_bytes(&content.card))
            .map_err(|_| KeyFileError::Damaged)?;
        let authority =
            Authority::from_secrets(&content.secrets.0).map_err(|_| KeyFileError::Damaged)?;
        Ok(Self { authority, origins, card })
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

fn card(name: &str, json: Option<&[u8]>, now: Timestamp) -> Result<ServiceCard, Problem> {
    let name = name.trim();
    let texts = match json {
        None => CardFile {
            name: None,
            about: default_card::about(),
            hours: default_card::hours(),
            emergency: default_card::emergency(),
        },
        Some(json) => serde_json::from_slice(json).map_err(|error| {
            Problem::new("card-not-json", &[("detail", error.to_string().into())])
        })?,
    };
    let card = ServiceCard {
        version: 1,
        issued: now.0,
        name: texts.name.unwrap_or_else(|| default_card::name(name)),
        about: texts.about,
        hours: texts.hours,
        emergency: texts.emergency,
        subjects: None,
    };
    let bytes = card_bytes(&card);
    let fits = bytes.len() + SIGNATURE_LEN <= CARD_BYTES_MAX;
    let usable = fits && !name.is_empty() && ServiceCard::from_json(&bytes).is_ok();
    usable.then_some(card).ok_or_else(|| Problem::new("card-unusable", &[]))
}

fn card_bytes(card: &ServiceCard) -> Vec<u8> {
    serde_json::to_vec(card).expect("a card has a JSON form")
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_795_466_000);

    fn origins(texts: &[&str]) -> Vec<Origin> {
        texts.iter().map(|text| Origin::parse(text).unwrap()).collect()
    }

    fn create(name: &str, card: Option<&[u8]>) -> Result<Service, Problem> {
        Service::create(name, origins(&["https://relay.example"]), card, NOW)
    }

    #[test]
    fn a_service_survives_its_file() {
        let service = create("Open Door", None).unwrap();
        let secret = SecretString::from("p".to_owned());
        let file = service.seal(secret.clone(), Work::Factor(2));
        let opened = Service::open(&file, secret).unwrap();
        assert!(opened.authority.public() == service.authority.public());
        assert!(opened.origins == service.origins);
        assert_eq!(opened.card, service.card);
    }

    #[test]
    fn the_card_is_signed_and_says_the_name_in_every_language() {
        let service = create(" Open Door ", None).unwrap();
        let card =
            ServiceCard::verify(&service.signed_card(), &service.authority.public()).unwrap();
        for name in [&card.name.en, &card.name.ru, &card.name.uk, &card.name.ar] {
            assert_eq!(name, "Open Door");
        }
        assert_eq!(card.issued, NOW.0);
    }

    #[test]
    fn a_coordinator_writes_other_texts() {
        let four = r#"{"en":"a","ru":"b","uk":"c","ar":"d"}"#;
        let json = format!(r#"{{"about":{four},"hours":{four},"emergency":{four}}}"#);
        let service = create("Open Door", Some(json.as_bytes())).unwrap();
        assert_eq!(service.card.hours.uk, "c");
        assert_eq!(service.card.name.en, "Open Door");
        let named =
            format!(r#"{{"name":{four},"about":{four},"hours":{four},"emergency":{four}}}"#);
        assert_eq!(create("x", Some(named.as_bytes())).unwrap().card.name.en, "a");
    }

    #[test]
    fn unusable_cards_and_names_are_refused() {
        assert!(create("", None).is_err());
        assert!(create("  ", None).is_err());
        assert!(create(&"x".repeat(1_001), None).is_err());
        assert!(create("x", Some(b"{}")).is_err());
        let long = "я".repeat(1_000);
        let four = format!(r#"{{"en":"{long}","ru":"{long}","uk":"{long}","ar":"{long}"}}"#);
        let json = format!(r#"{{"about":{four},"hours":{four},"emergency":{four}}}"#);
        assert!(create("x", Some(json.as_bytes())).is_err(), "larger than a relay serves");
    }

    #[test]
    fn unusable_addresses_are_refused() {
        let with = |texts: &[&str]| Service::create("x", origins(texts), None, NOW).is_ok();
        assert!(!with(&[]));
        assert!(!with(&["https://a.example", "https://a.example/"]));
        assert!(!with(&["http://abc.onion"]));
        assert!(with(&["http://abc.onion", "https://a.example"]));
    }
}
