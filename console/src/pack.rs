//! A service's own words: replies, cards, emergency scripts, hours and what the service card says.
//!
//! A pack is a folder of TOML and Markdown that a coordinator writes (docs/packs.md). It is read
//! whole or not at all; what is wrong is said with file and line. Everything in it is meant for
//! clients and workers to read: it holds no secret.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Serialize, Serializer};
use thiserror::Error;
use vestibule_protocol::{Card, Language, Subject};
use vestibule_wire::{CardKind, CardTexts, Cell};

use crate::coding::OwnNames;
use crate::words::words;

mod card_file;
mod characters;
mod directory;
mod hints;
mod labels;
mod limits;
mod lists;
mod markup;
mod read;
mod served;
mod settings;
mod starter;
mod toml_file;

pub(crate) use served::leaflets_json;

/// Why a pack was not taken.
#[derive(Debug, Error)]
#[error("{}", self.sentence())]
pub struct PackProblem {
    /// The file, from the pack's folder on.
    pub file: String,
    /// The line, from 1 on; 1 also when the file as a whole is meant.
    pub line: usize,
    /// What is wrong, in the person's language.
    pub reason: String,
}

impl PackProblem {
    fn sentence(&self) -> String {
        words(
            "pack-problem",
            &[
                ("file", self.file.as_str().into()),
                ("line", self.line.to_string().into()),
                ("reason", self.reason.as_str().into()),
            ],
        )
    }
}

/// A text in those languages in which it was written.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Texts(BTreeMap<Language, String>);

impl Texts {
    /// The text in a language, if it was written in it.
    pub fn get(&self, language: Language) -> Option<&str> {
        self.0.get(&language).map(String::as_str)
    }

    fn set(&mut self, language: Language, text: String) {
        self.0.insert(language, text);
    }
}

/// As the desk page reads it: every language, with nothing for those in which it was not written.
impl Serialize for Texts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(Language::all().map(|language| (language, self.get(language))))
    }
}

/// What a worker inserts into a conversation.
#[derive(Clone, Serialize)]
pub struct Reply {
    /// Its name in the files.
    pub id: String,
    /// Whether it is for somebody in danger.
    pub emergency: bool,
    /// What the worker picks it by.
    pub title: Texts,
    /// What is inserted, with placeholders.
    pub text: Texts,
}

/// What a worker sends as a card, and a client reads while it waits.
#[derive(Clone, Serialize)]
pub struct Material {
    /// Its name in the files.
    pub id: String,
    /// Which kind of card.
    pub kind: CardKind,
    /// The subject that it belongs to.
    pub topic: &'static str,
    /// As which of the catalogue's materials it is counted, if at all.
    #[serde(skip)]
    pub indicator: Option<Cell>,
    /// Its title.
    pub title: Texts,
    /// Its card text.
    pub body: Texts,
}

/// What a worker reads in an emergency.
#[derive(Clone, Serialize)]
pub struct Script {
    /// Its name in the files.
    pub id: String,
    /// What it is for.
    pub title: Texts,
    /// Card text: what to do, in order.
    pub steps: Texts,
}

/// A whole pack. Serialised, it is the form that the desk page reads (docs/desk-page.md).
#[derive(Clone, Serialize)]
pub struct Pack {
    starter: bool,
    version: String,
    reviewed_by: Option<String>,
    reviewed_on: Option<String>,
    hours: CardTexts,
    needs: Vec<String>,
    replies: Vec<Reply>,
    cards: Vec<Material>,
    scripts: Vec<Script>,
    #[serde(skip)]
    own_labels: OwnNames,
    #[serde(skip)]
    subjects: Vec<Subject>,
    #[serde(skip)]
    card: CardPart,
}

/// What the pack says on the service card, beside the hours.
#[derive(Clone)]
struct CardPart {
    exit: Option<String>,
    name: Option<CardTexts>,
    about: CardTexts,
    emergency: CardTexts,
}

impl Pack {
    /// The pack that comes with the program. It still needs the service's own clinician.
    pub fn starter() -> Self {
        let files = starter::files();
        let mut pack =
            read::pack(&files).expect("a test reads the pack that comes with the program");
        pack.starter = true;
        pack
    }

    /// Reads a folder.
    ///
    /// # Errors
    /// For the first thing that is wrong, with file and line.
    pub fn read(folder: &Path) -> Result<Self, PackProblem> {
        read::pack(&directory::read(folder)?)
    }

    /// The labels of needs that workers choose from, in this order.
    pub fn needs(&self) -> &[String] {
        &self.needs
    }

    /// What the labels are called that the service has added, by their cells.
    pub fn own_labels(&self) -> &BTreeMap<Cell, CardTexts> {
        &self.own_labels
    }

    /// The cards that are counted, by their cells.
    pub fn materials(&self) -> impl Iterator<Item = (Cell, &Material)> {
        self.cards.iter().filter_map(|card| Some((card.indicator?, card)))
    }

    /// As what a card is counted.
    pub(crate) fn indicator_of(&self, id: &str) -> Option<Cell> {
        self.cards.iter().find(|card| card.id == id)?.indicator
    }

    /// The subjects that clients choose from, in this order; all when empty.
    pub fn subjects(&self) -> &[Subject] {
        &self.subjects
    }

    /// The version that the coordinator gave it.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// A card in a language, or in one that stands in for it when it was not written in that one.
    pub fn card(&self, id: &str, language: Language) -> Option<Card> {
        let card = self.cards.iter().find(|card| card.id == id)?;
        let language = language.in_turn().find(|one| card.body.get(*one).is_some())?;
        let (title, body) = (card.title.get(language)?, card.body.get(language)?);
        Some(Card { kind: card.kind, title: title.to_owned(), body: body.to_owned() })
    }

    /// What the pack still lacks without being wrong, one sentence each.
    pub fn hints(&self) -> Vec<String> {
        hints::hints(self)
    }
}

/// The files of the pack that comes with the program, by their paths.
pub(crate) fn starter_files() -> impl Iterator<Item = (String, String)> {
    starter::files().into_iter()
}

#[cfg(test)]
mod tests;
