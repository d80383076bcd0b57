//! What clients read of a pack before anybody answers: the service card and the leaflets, which the
//! authority signs and a relay serves.

use vestibule_protocol::{Language, Subject};
use vestibule_wire::{
    CardKind, CardTexts, LEAFLETS_BYTES_MAX, LeafletCard, Leaflets, SIGNATURE_LEN, ServiceCard,
    Timestamp,
};

use super::toml_file::SourceText;
use super::{Pack, PackProblem};
use crate::words::words;

impl Pack {
    /// The service card that says what this pack says. `name` stands unless the pack has another.
    pub fn service_card(&self, name: &CardTexts, now: Timestamp) -> ServiceCard {
        let subjects: Vec<String> =
            self.subjects.iter().map(|subject| Subject::name(*subject).to_owned()).collect();
        ServiceCard {
            version: 1,
            issued: now.0,
            name: self.card.name.as_ref().unwrap_or(name).clone(),
            about: self.card.about.clone(),
            hours: self.hours.clone(),
            emergency: self.card.emergency.clone(),
            subjects: Some(subjects).filter(|subjects| !subjects.is_empty()),
            exit: self.card.exit.clone(),
        }
    }

    /// The checklists and leaflets of a language.
    pub fn leaflets(&self, language: Language, now: Timestamp) -> Leaflets {
        let served = self.cards.iter().filter(|card| card.kind != CardKind::Referral);
        let cards = served.filter_map(|card| {
            Some(LeafletCard {
                id: card.id.clone(),
                kind: card.kind,
                topic: card.topic.to_owned(),
                title: card.title.get(language)?.to_owned(),
                body: card.body.get(language)?.to_owned(),
            })
        });
        Leaflets { version: 1, issued: now.0, language, cards: cards.collect() }
    }
}

/// The JSON that the authority signs.
pub(crate) fn leaflets_json(leaflets: &Leaflets) -> Vec<u8> {
    serde_json::to_vec(leaflets).expect("leaflets have a JSON form")
}

/// Refuses a pack whose cards a relay could not serve.
pub(super) fn check_leaflets(pack: &Pack) -> Result<(), PackProblem> {
    for language in Language::all() {
        // The longest moment that there is.
        let json = leaflets_json(&pack.leaflets(language, Timestamp(u32::MAX)));
        let length = json.len() + SIGNATURE_LEN;
        if length > LEAFLETS_BYTES_MAX {
            let reason = words(
                "pack-leaflets-too-large",
                &[("length", length.into()), ("maximum", LEAFLETS_BYTES_MAX.into())],
            );
            let folder = format!("{}/cards", language.code());
            return Err(SourceText::whole(&folder, "").problem(reason));
        }
    }
    Ok(())
}
