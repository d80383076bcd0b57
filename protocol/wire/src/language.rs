//! The languages that there are, from the list that the build of the pages reads too (section 2).

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::Malformed;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Listed {
    code: String,
    byte: u8,
    direction: Direction,
    instead: String,
    name: String,
}

static LIST: LazyLock<Vec<Listed>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("languages.json")).expect("a test reads the list")
});

/// Which way the lines of a language run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// From left to right.
    Ltr,
    /// From right to left.
    Rtl,
}

/// A language of the list, by its byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "&'static str")]
pub struct Language(u8);

impl Language {
    /// The one in which everything is written that is written at all.
    pub const ENGLISH: Self = Self(1);

    /// All of them, in the order of the list.
    pub fn all() -> impl DoubleEndedIterator<Item = Self> + ExactSizeIterator + Clone {
        LIST.iter().map(|listed| Self(listed.byte))
    }

    /// Reads a byte.
    ///
    /// # Errors
    /// For a byte that is not in the list.
    pub fn from_byte(byte: u8) -> Result<Self, Malformed> {
        Self::all().find(|language| language.0 == byte).ok_or(Malformed)
    }

    /// Reads a code.
    ///
    /// # Errors
    /// For a code that is not in the list.
    pub fn from_code(code: &str) -> Result<Self, Malformed> {
        let found = LIST.iter().find(|listed| listed.code == code);
        found.map(|listed| Self(listed.byte)).ok_or(Malformed)
    }

    /// Its byte on the wire: one bit.
    pub fn byte(self) -> u8 {
        self.0
    }

    /// Its code (ISO 639-1): its name in files and on the desk.
    pub fn code(self) -> &'static str {
        &self.listed().code
    }

    /// Its name in itself.
    pub fn own_name(self) -> &'static str {
        &self.listed().name
    }

    /// Which way its lines run.
    pub fn direction(self) -> Direction {
        self.listed().direction
    }

    /// The languages to look for words in, the first that has any first: itself, the one that the list
    /// names in its stead, English, and then any.
    pub fn in_turn(self) -> impl Iterator<Item = Self> {
        let instead = Self::from_code(&self.listed().instead).unwrap_or(Self::ENGLISH);
        [self, instead, Self::ENGLISH].into_iter().chain(Self::all())
    }

    fn listed(self) -> &'static Listed {
        let found = LIST.iter().find(|listed| listed.byte == self.0);
        found.expect("a language is made of the list alone, and English is in it")
    }
}

impl TryFrom<String> for Language {
    type Error = String;

    fn try_from(code: String) -> Result<Self, String> {
        Self::from_code(&code).map_err(|Malformed| {
            let known: Vec<&str> = Self::all().map(Self::code).collect();
            format!("unknown language `{code}`, expected one of {}", known.join(", "))
        })
    }
}

impl From<Language> for &'static str {
    fn from(language: Language) -> Self {
        language.code()
    }
}

/// Languages that a worker speaks: the bytes of all of them together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LanguageSet(u8);

impl LanguageSet {
    /// From the bits.
    ///
    /// # Errors
    /// When no bit, or one of no language, is set.
    pub fn from_bits(bits: u8) -> Result<Self, Malformed> {
        let known = Language::all().fold(0, |set, language| set | language.0);
        if bits != 0 && bits & !known == 0 { Ok(Self(bits)) } else { Err(Malformed) }
    }

    /// Of these languages.
    ///
    /// # Errors
    /// When there is none.
    pub fn of(languages: impl IntoIterator<Item = Language>) -> Result<Self, Malformed> {
        Self::from_bits(languages.into_iter().fold(0, |set, language| set | language.0))
    }

    /// The bits.
    pub fn bits(self) -> u8 {
        self.0
    }

    /// The codes of the languages in it.
    pub fn codes(self) -> Vec<&'static str> {
        let spoken = Language::all().filter(|language| self.0 & language.0 != 0);
        spoken.map(Language::code).collect()
    }
}

/// One text in English, and in whichever other languages it was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "BTreeMap<Language, String>", into = "BTreeMap<Language, String>")]
pub struct CardTexts(BTreeMap<Language, String>);

impl CardTexts {
    /// A text that is the same for every reader: a name, say.
    pub fn for_all(text: &str) -> Self {
        Self(BTreeMap::from([(Language::ENGLISH, text.to_owned())]))
    }

    /// The text in a language, if it was written in it.
    pub fn written(&self, language: Language) -> Option<&str> {
        self.0.get(&language).map(String::as_str)
    }

    /// The text for who reads this language, whatever it was written in.
    pub fn for_reader(&self, language: Language) -> &str {
        language.in_turn().find_map(|one| self.written(one)).unwrap_or_default()
    }

    /// All that was written.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        self.0.values().map(String::as_str)
    }
}

impl TryFrom<BTreeMap<Language, String>> for CardTexts {
    type Error = &'static str;

    fn try_from(texts: BTreeMap<Language, String>) -> Result<Self, &'static str> {
        if texts.contains_key(&Language::ENGLISH) {
            Ok(Self(texts))
        } else {
            Err("missing field `en`")
        }
    }
}

impl From<CardTexts> for BTreeMap<Language, String> {
    fn from(texts: CardTexts) -> Self {
        texts.0
    }
}

#[cfg(test)]
mod tests;
