//! `pack.toml` and `card.toml`: what holds for the whole pack.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;
use vestibule_protocol::Subject;
use vestibule_wire::{CardTexts, Language, Table, is_exit_address};

use super::limits::CARD_TEXT_CHARACTERS_MAX;
use super::toml_file::SourceText;
use super::{CardPart, PackProblem, characters, labels};
use crate::coding::{OwnNames, label_of};
use crate::words::words;

/// What `pack.toml` says.
pub(super) struct Settings {
    pub(super) version: String,
    pub(super) reviewed_by: Option<String>,
    pub(super) reviewed_on: Option<String>,
    pub(super) hours: CardTexts,
    pub(super) needs: Vec<String>,
    pub(super) own_labels: OwnNames,
    pub(super) subjects: Vec<Subject>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PackFile {
    version: Spanned<String>,
    reviewed_by: Option<Spanned<String>>,
    reviewed_on: Option<Spanned<Datetime>>,
    needs: Option<Vec<Spanned<String>>>,
    subjects: Option<Vec<Spanned<String>>>,
    hours: Worded,
    #[serde(default)]
    label: Vec<labels::LabelEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CardFile {
    exit: Option<Spanned<String>>,
    name: Option<Worded>,
    about: Worded,
    emergency: Worded,
}

/// Every client reads these: in English where nobody has written them in their language.
#[derive(Deserialize)]
#[serde(try_from = "BTreeMap<Language, Spanned<String>>")]
struct Worded(BTreeMap<Language, Spanned<String>>);

impl TryFrom<BTreeMap<Language, Spanned<String>>> for Worded {
    type Error = &'static str;

    fn try_from(texts: BTreeMap<Language, Spanned<String>>) -> Result<Self, &'static str> {
        if texts.contains_key(&Language::ENGLISH) {
            Ok(Self(texts))
        } else {
            Err("missing field `en`")
        }
    }
}

/// Reads `pack.toml`.
pub(super) fn settings(file: SourceText<'_>) -> Result<Settings, PackProblem> {
    let said: PackFile = file.parse()?;
    let reviewed_on = match &said.reviewed_on {
        Some(day) if day.get_ref().date.is_none() || day.get_ref().time.is_some() => {
            return Err(file.problem_in(day, words("pack-day", &[])));
        }
        Some(day) => Some(day.get_ref().to_string()),
        None => None,
    };
    let own_labels = labels::labels(file, &said.label)?;
    let reviewed_by = said.reviewed_by.as_ref().map(|name| characters::line(file, name));
    Ok(Settings {
        version: characters::line(file, &said.version)?,
        reviewed_by: reviewed_by.transpose()?,
        reviewed_on,
        hours: worded(file, &said.hours)?,
        needs: needs(file, said.needs.as_deref(), &own_labels)?,
        own_labels,
        subjects: subjects(file, said.subjects.as_deref().unwrap_or_default())?,
    })
}

/// Reads `card.toml`.
pub(super) fn card(file: SourceText<'_>) -> Result<CardPart, PackProblem> {
    let said: CardFile = file.parse()?;
    Ok(CardPart {
        exit: said.exit.as_ref().map(|exit| exit_address(file, exit)).transpose()?,
        name: said.name.as_ref().map(|name| worded(file, name)).transpose()?,
        about: worded(file, &said.about)?,
        emergency: worded(file, &said.emergency)?,
    })
}

fn exit_address(file: SourceText<'_>, exit: &Spanned<String>) -> Result<String, PackProblem> {
    let text = exit.get_ref().as_str();
    if is_exit_address(text) {
        return Ok(text.to_owned());
    }
    Err(file.problem_in(exit, words("pack-exit", &[("text", text.into())])))
}

fn worded(file: SourceText<'_>, texts: &Worded) -> Result<CardTexts, PackProblem> {
    let read = |(language, value): (&Language, &Spanned<String>)| {
        let text = characters::lines_of_characters(file, value, CARD_TEXT_CHARACTERS_MAX)?;
        Ok((*language, text))
    };
    let texts: BTreeMap<Language, String> = texts.0.iter().map(read).collect::<Result<_, _>>()?;
    Ok(CardTexts::try_from(texts).expect("English is among them"))
}

/// The needs that workers choose from. Those that the service has added are always among them.
fn needs(
    file: SourceText<'_>,
    names: Option<&[Spanned<String>]>,
    own: &OwnNames,
) -> Result<Vec<String>, PackProblem> {
    let table = Table::named("need").expect("the catalogue has it");
    let added = table.cells().filter(|cell| own.contains_key(cell)).map(label_of);
    let known = table.labels.iter().map(|label| (*label).to_owned()).chain(added);
    let known: Vec<String> = known.collect();
    let Some(names) = names else { return Ok(known) };
    let all: Vec<&str> = known.iter().map(String::as_str).collect();
    let mut needs: Vec<String> =
        chosen(file, names, &all)?.into_iter().map(str::to_owned).collect();
    for added in known.into_iter().skip(table.labels.len()) {
        if !needs.contains(&added) {
            needs.push(added);
        }
    }
    Ok(needs)
}

fn subjects(file: SourceText<'_>, names: &[Spanned<String>]) -> Result<Vec<Subject>, PackProblem> {
    let known: Vec<&str> = super::card_file::topics().map(Subject::name).collect();
    let chosen = chosen(file, names, &known)?;
    Ok(chosen.into_iter().filter_map(|name| Subject::from_name(name).ok()).collect())
}

/// Names out of a closed list, each once.
fn chosen<'a>(
    file: SourceText<'_>,
    names: &[Spanned<String>],
    known: &[&'a str],
) -> Result<Vec<&'a str>, PackProblem> {
    let mut chosen = Vec::new();
    for name in names {
        let found = known.iter().find(|known| *known == name.get_ref());
        let Some(found) = found.filter(|found| !chosen.contains(*found)) else {
            let text = name.get_ref().as_str();
            let known = known.join(", ");
            let reason = words("pack-choice", &[("text", text.into()), ("known", known.into())]);
            return Err(file.problem_in(name, reason));
        };
        chosen.push(*found);
    }
    Ok(chosen)
}
