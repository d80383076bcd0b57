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
        names.extend(pack.materials().map(|(cell, card)| (cell, named(&card.title))));
        Self(names)
    }

    /// The name in a language.
    pub(crate) fn get(&self, cell: Cell, language: Language) -> Option<&str> {
        Some(self.0.get(&cell)?.for_reader(language.written()))
    }

    #[cfg(test)]
    pub(crate) fn one(cell: Cell, english: &str, arabic: &str) -> Self {
        let names = [(Written::ENGLISH, english), (Language::Arabic.written(), arabic)];
        let names = BTreeMap::from(names.map(|(language, name)| (language, name.to_owned())));
        Self(BTreeMap::from([(cell, CardTexts::try_from(names).unwrap())]))
    }
}

/// A card may be written in some languages alone: then its name is that of another.
fn named(titles: &Texts) -> CardTexts {
    let title = |language: Written| {
        let text = language.in_turn().find_map(|one| titles.get(one)).unwrap_or_default();
        (language, text.to_owned())
    };
    let names: BTreeMap<Written, String> = Written::all().map(title).collect();
    CardTexts::try_from(names).expect("English is among all languages")
}
