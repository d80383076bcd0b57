//! What a service calls the labels that it has added.

use std::collections::BTreeMap;

use vestibule_wire::Table;

use crate::words::Language;

/// Names by the number of their table and their place in it.
#[derive(Default)]
pub(crate) struct OwnNames(BTreeMap<(u8, usize), BTreeMap<&'static str, String>>);

impl OwnNames {
    /// Takes a name, in one language.
    pub(crate) fn set(&mut self, table: &Table, place: usize, language: Language, name: &str) {
        let names = self.0.entry((table.number, place)).or_default();
        names.insert(language.code(), name.to_owned());
    }

    /// The name in a language, or in English when it was not written in that one.
    pub(crate) fn get(&self, table: &Table, place: usize, language: Language) -> Option<&str> {
        let names = self.0.get(&(table.number, place))?;
        let name = names.get(language.code()).or_else(|| names.get(Language::English.code()));
        name.map(String::as_str)
    }
}
