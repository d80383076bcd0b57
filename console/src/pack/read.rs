//! From the files of a folder to a pack, or to the first thing that is wrong.

use std::collections::{BTreeMap, BTreeSet};

use vestibule_protocol::{Language, Subject};
use vestibule_wire::{CardKind, LEAFLETS_CARDS_MAX};

use super::card_file::{self, Card, Steps};
use super::limits::{REFERRALS_MAX, REPLIES_MAX, SCRIPTS_MAX};
use super::toml_file::SourceText;
use super::{
    Material, Pack, PackProblem, Reply, Script, Texts, characters, lists, served, settings,
};
use crate::words::words;

/// The texts of a folder by their paths, with `/` between.
pub(super) type Files = BTreeMap<String, String>;

/// Reads a whole pack.
pub(super) fn pack(files: &Files) -> Result<Pack, PackProblem> {
    for (path, text) in files {
        check_place(path)?;
        characters::check_file(SourceText::whole(path, text))?;
    }
    let settings = settings::settings(needed(files, "pack.toml")?)?;
    let card = settings::card(needed(files, "card.toml")?)?;
    let mut parts = Parts::default();
    for language in Language::all() {
        parts.add_language(files, language)?;
    }
    parts.check_counts()?;
    let topics: Vec<&str> = card_file::topics().map(Subject::name).collect();
    let place = |topic: &str| topics.iter().position(|known| *known == topic);
    parts.cards.sort_by(|one, other| {
        let key = |card: &Material| (card.kind.byte(), place(card.topic));
        key(one).cmp(&key(other)).then_with(|| one.id.cmp(&other.id))
    });
    let pack = Pack {
        starter: false,
        version: settings.version,
        reviewed_by: settings.reviewed_by,
        reviewed_on: settings.reviewed_on,
        hours: settings.hours,
        needs: settings.needs,
        own_labels: settings.own_labels,
        replies: parts.replies,
        cards: parts.cards,
        scripts: parts.scripts,
        subjects: settings.subjects,
        card,
    };
    served::check_leaflets(&pack)?;
    Ok(pack)
}

fn needed<'a>(files: &'a Files, path: &'static str) -> Result<SourceText<'a>, PackProblem> {
    match files.get(path) {
        Some(text) => Ok(SourceText::whole(path, text)),
        None => Err(SourceText::whole(path, "").problem(words("pack-file-missing", &[]))),
    }
}

/// What a file's place in the folder makes of it.
enum Place<'a> {
    Whole,
    Replies,
    Referrals,
    Card(&'a str),
    Script(&'a str),
}

/// Refuses a file that no part of the pack is read from: a misspelt name would go unnoticed.
fn check_place(path: &str) -> Result<(), PackProblem> {
    let unknown = || SourceText::whole(path, "").problem(words("pack-file-unknown", &[]));
    match place(path).ok_or_else(unknown)? {
        Place::Card(id) | Place::Script(id) if !characters::is_id(id) => {
            Err(SourceText::whole(path, "").problem(characters::not_an_id(id)))
        }
        Place::Whole | Place::Replies | Place::Referrals | Place::Card(_) | Place::Script(_) => {
            Ok(())
        }
    }
}

fn place(path: &str) -> Option<Place<'_>> {
    if matches!(path, "pack.toml" | "card.toml" | "README.md") {
        return Some(Place::Whole);
    }
    let (language, rest) = path.split_once('/')?;
    Language::from_code(language).ok()?;
    match rest {
        "replies.toml" => Some(Place::Replies),
        "referrals.toml" => Some(Place::Referrals),
        _ => {
            let (folder, file) = rest.split_once('/')?;
            let id = file.strip_suffix(".md")?;
            match folder {
                "cards" => Some(Place::Card(id)),
                "scripts" => Some(Place::Script(id)),
                _ => None,
            }
        }
    }
}

/// What has been read of the languages so far.
#[derive(Default)]
struct Parts {
    replies: Vec<Reply>,
    cards: Vec<Material>,
    scripts: Vec<Script>,
}

impl Parts {
    fn add_language(&mut self, files: &Files, language: Language) -> Result<(), PackProblem> {
        let prefix = format!("{}/", language.code());
        // Ids of cards, wherever in this language's folder they stand.
        let mut seen = BTreeSet::new();
        for (path, text) in files.range(prefix.clone()..) {
            if !path.starts_with(&prefix) {
                break;
            }
            let file = SourceText::whole(path, text);
            match place(path) {
                Some(Place::Replies) => self.add_replies(file, language)?,
                Some(Place::Referrals) => {
                    for referral in lists::referrals(file)? {
                        let at = SourceText { first_line: referral.line, ..file };
                        if !seen.insert(referral.id.clone()) {
                            return Err(at.problem(words("pack-twice", &[])));
                        }
                        self.add_card(at, language, &referral.id, referral.card)?;
                    }
                }
                Some(Place::Card(id)) => {
                    if !seen.insert(id.to_owned()) {
                        return Err(file.problem(words("pack-twice", &[])));
                    }
                    self.add_card(file, language, id, card_file::card(file)?)?;
                }
                Some(Place::Script(id)) => {
                    self.add_script(language, id, card_file::script(file)?);
                }
                Some(Place::Whole) | None => {}
            }
        }
        Ok(())
    }

    fn add_replies(&mut self, file: SourceText<'_>, language: Language) -> Result<(), PackProblem> {
        for said in lists::replies(file)? {
            let at = SourceText { first_line: said.line, ..file };
            let known = self.replies.iter().position(|reply| reply.id == said.id);
            if known.is_none() {
                self.replies.push(Reply {
                    id: said.id,
                    emergency: said.emergency,
                    title: Texts::default(),
                    text: Texts::default(),
                });
            }
            let place = known.unwrap_or(self.replies.len() - 1);
            let Some(reply) = self.replies.get_mut(place) else { continue };
            if reply.text.get(language).is_some() {
                return Err(at.problem(words("pack-twice", &[])));
            }
            if reply.emergency != said.emergency {
                return Err(at.problem(words("pack-languages-differ", &[])));
            }
            reply.title.set(language, said.title);
            reply.text.set(language, said.text);
        }
        Ok(())
    }

    fn add_card(
        &mut self,
        at: SourceText<'_>,
        language: Language,
        id: &str,
        said: Card,
    ) -> Result<(), PackProblem> {
        let cell = said.indicator.map(|indicator| indicator.cell);
        let known = self.cards.iter().position(|card| card.id == id);
        if known.is_none() {
            let taken = |card: &Material| cell.is_some() && card.indicator == cell;
            if self.cards.iter().any(taken) {
                let line = said.indicator.map_or(at.first_line, |indicator| indicator.line);
                let at = SourceText { first_line: line, ..at };
                return Err(at.problem(words("pack-number-twice", &[])));
            }
            self.cards.push(Material {
                id: id.to_owned(),
                kind: said.kind,
                topic: said.topic,
                indicator: cell,
                title: Texts::default(),
                body: Texts::default(),
            });
        }
        let place = known.unwrap_or(self.cards.len() - 1);
        if let Some(card) = self.cards.get_mut(place) {
            let same = (card.kind, card.topic, card.indicator);
            if same != (said.kind, said.topic, cell) {
                return Err(at.problem(words("pack-languages-differ", &[])));
            }
            card.title.set(language, said.title);
            card.body.set(language, said.body);
        }
        Ok(())
    }

    fn add_script(&mut self, language: Language, id: &str, said: Steps) {
        let known = self.scripts.iter().position(|script| script.id == id);
        if known.is_none() {
            self.scripts.push(Script {
                id: id.to_owned(),
                title: Texts::default(),
                steps: Texts::default(),
            });
        }
        let place = known.unwrap_or(self.scripts.len() - 1);
        if let Some(script) = self.scripts.get_mut(place) {
            script.title.set(language, said.title);
            script.steps.set(language, said.body);
        }
    }

    fn check_counts(&self) -> Result<(), PackProblem> {
        let referrals = self.cards.iter().filter(|card| card.kind == CardKind::Referral).count();
        for (count, maximum, place) in [
            (self.replies.len(), REPLIES_MAX, "en/replies.toml"),
            (self.cards.len() - referrals, LEAFLETS_CARDS_MAX, "en/cards"),
            (referrals, REFERRALS_MAX, "en/referrals.toml"),
            (self.scripts.len(), SCRIPTS_MAX, "en/scripts"),
        ] {
            if count > maximum {
                let reason = words("pack-too-many", &[("maximum", maximum.into())]);
                return Err(SourceText::whole(place, "").problem(reason));
            }
        }
        Ok(())
    }
}
