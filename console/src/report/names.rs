//! What a service calls the labels that it has added: the own labels of its pack, and its cards.

use std::collections::BTreeMap;

use vestibule_protocol::Language as Written;
use vestibule_wire::{CardTexts, Cell};

use crate::pack::{Pack, Texts};
use crate::words::Language;

/// Names by the cells of their labels.
#[derive(Default)]
pub(crate) struct OwnNames(BTreeMap<Cell, CardTexts>);

impl OwnNames {
    /// The names of a pack.
    pub(crate) fn of(pack: &Pack) -> Self {
        let mut names = pack.own_labels().clone();
        names.extend(pack.materials().map(|(cell, card)| (cell, in_four(&card.title))));
        Self(names)
    }

    /// The name in a language.
    pub(crate) fn get(&self, cell: Cell, language: Language) -> Option<&str> {
        let names = self.0.get(&cell)?;
        Some(match language {
            Language::English => &names.en,
            Language::Russian => &names.ru,
            Language::Ukrainian => &names.uk,
            Language::Arabic => &names.ar,
        })
    }

    #[cfg(test)]
    pub(crate) fn one(cell: Cell, english: &str, arabic: &str) -> Self {
        let text = || english.to_owned();
        let names = CardTexts { en: text(), ru: text(), uk: text(), ar: arabic.to_owned() };
        Self(BTreeMap::from([(cell, names)]))
    }
}

/// A card may be written in some languages alone: then its name is that of another.
fn in_four(texts: &Texts) -> CardTexts {
    let any = || Written::ALL.iter().find_map(|language| texts.get(*language));
    let english = texts.get(Written::English).or_else(any).unwrap_or_default();
    let of = |language| texts.get(language).unwrap_or(english).to_owned();
    CardTexts {
        en: of(Written::English),
        ru: of(Written::Russian),
        uk: of(Written::Ukrainian),
        ar: of(Written::Arabic),
    }
}
