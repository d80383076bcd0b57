//! What a service calls the labels that it has added.

use std::collections::BTreeMap;

use vestibule_wire::Cell;

use crate::pack::Pack;
use crate::words::Language;

/// Names by the cells of their labels.
#[derive(Default)]
pub(crate) struct OwnNames(BTreeMap<Cell, BTreeMap<&'static str, String>>);

impl OwnNames {
    /// The names of a pack.
    pub(crate) fn of(_pack: &Pack) -> Self {
        Self::default()
    }

    /// Takes a name, in one language.
    pub(crate) fn set(&mut self, cell: Cell, language: Language, name: &str) {
        self.0.entry(cell).or_default().insert(language.code(), name.to_owned());
    }

    /// The name in a language, or in English when it was not written in that one.
    pub(crate) fn get(&self, cell: Cell, language: Language) -> Option<&str> {
        let names = self.0.get(&cell)?;
        let name = names.get(language.code()).or_else(|| names.get(Language::English.code()));
        name.map(String::as_str)
    }
}
