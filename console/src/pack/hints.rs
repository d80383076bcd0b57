//! What a pack still lacks without being wrong.

use vestibule_protocol::Language;
use vestibule_wire::CardKind;

use super::{Pack, Texts};
use crate::words::words;

/// One sentence for each thing.
pub(super) fn hints(pack: &Pack) -> Vec<String> {
    let mut hints = Vec::new();
    if pack.reviewed_by.is_none() || pack.reviewed_on.is_none() {
        hints.push(words("pack-hint-review", &[]));
    }
    let languages = languages_of(pack);
    let mut missing = |place: &str, id: &str, texts: &Texts| {
        for language in languages.iter().filter(|language| texts.get(**language).is_none()) {
            let place = format!("{}/{place}", language.code());
            hints.push(words("pack-hint-missing", &[("place", place.into()), ("id", id.into())]));
        }
    };
    for reply in &pack.replies {
        missing("replies.toml", &reply.id, &reply.text);
    }
    for card in &pack.cards {
        let place = match card.kind {
            CardKind::Checklist | CardKind::Leaflet => "cards/",
            CardKind::Referral => "referrals.toml",
        };
        missing(place, &card.id, &card.body);
    }
    for script in &pack.scripts {
        missing("scripts/", &script.id, &script.steps);
    }
    let names = pack.card.name.iter().map(|name| ("card.toml", "name", name));
    let texts = [
        ("pack.toml", "hours", &pack.hours),
        ("card.toml", "about", &pack.card.about),
        ("card.toml", "emergency", &pack.card.emergency),
    ];
    for (place, member, texts) in texts.into_iter().chain(names) {
        for language in languages.iter().filter(|language| texts.written(**language).is_none()) {
            let id = format!("{member}.{}", language.code());
            hints.push(words("pack-hint-missing", &[("place", place.into()), ("id", id.into())]));
        }
    }
    hints
}

/// Those that the pack is written in. One in which it says nothing at all is not missed.
fn languages_of(pack: &Pack) -> Vec<Language> {
    let replies = pack.replies.iter().map(|reply| &reply.text);
    let texts = replies
        .chain(pack.cards.iter().map(|card| &card.body))
        .chain(pack.scripts.iter().map(|script| &script.steps));
    let written: Vec<&Texts> = texts.collect();
    let is_written = |language: &Language| written.iter().any(|it| it.get(*language).is_some());
    Language::all().filter(is_written).collect()
}
