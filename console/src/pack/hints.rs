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
    for reply in &pack.replies {
        missing(&mut hints, "replies.toml", &reply.id, &reply.text);
    }
    for card in &pack.cards {
        let place = match card.kind {
            CardKind::Checklist | CardKind::Leaflet => "cards/",
            CardKind::Referral => "referrals.toml",
        };
        missing(&mut hints, place, &card.id, &card.body);
    }
    for script in &pack.scripts {
        missing(&mut hints, "scripts/", &script.id, &script.steps);
    }
    hints
}

fn missing(hints: &mut Vec<String>, place: &str, id: &str, texts: &Texts) {
    for language in Language::ALL {
        if texts.get(*language).is_none() {
            let place = format!("{}/{place}", language.name());
            hints.push(words("pack-hint-missing", &[("place", place.into()), ("id", id.into())]));
        }
    }
}
