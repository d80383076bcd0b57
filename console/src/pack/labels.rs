//! Labels that a service adds to the catalogue's tables, and the numbers by which its cards are counted.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use toml::Spanned;
use vestibule_wire::{CATALOGUE, CardTexts, Cell, CountedBy, Language, Table};

use super::limits::LABEL_CHARACTERS_MAX;
use super::toml_file::SourceText;
use super::{PackProblem, characters};
use crate::coding::{OwnNames, own_cell};
use crate::words::words;

/// The table whose own labels are cards.
const MATERIAL: &str = "material";

/// What `pack.toml` says of one label: where it belongs, and what it is called in each language.
pub(super) struct LabelEntry {
    table: Spanned<String>,
    number: Spanned<i64>,
    names: BTreeMap<Language, Spanned<String>>,
}

impl<'de> Deserialize<'de> for LabelEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(LabelVisitor)
    }
}

/// By hand: serde cannot say where a value stands in a structure that takes other members as well.
struct LabelVisitor;

impl<'de> Visitor<'de> for LabelVisitor {
    type Value = LabelEntry;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a label")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<LabelEntry, A::Error> {
        let (mut table, mut number, mut names) = (None, None, BTreeMap::new());
        while let Some(member) = members.next_key::<String>()? {
            match member.as_str() {
                "table" => table = Some(members.next_value()?),
                "number" => number = Some(members.next_value()?),
                _ => {
                    let language = Language::try_from(member).map_err(A::Error::custom)?;
                    names.insert(language, members.next_value()?);
                }
            }
        }
        if !names.contains_key(&Language::ENGLISH) {
            return Err(A::Error::missing_field("en"));
        }
        Ok(LabelEntry {
            table: table.ok_or_else(|| A::Error::missing_field("table"))?,
            number: number.ok_or_else(|| A::Error::missing_field("number"))?,
            names,
        })
    }
}

/// The labels of `pack.toml`, by their cells.
pub(super) fn labels(
    file: SourceText<'_>,
    entries: &[LabelEntry],
) -> Result<OwnNames, PackProblem> {
    let mut names = OwnNames::new();
    for entry in entries {
        let table = table(file, &entry.table)?;
        let number = number(file, &entry.number, table)?;
        let read = |(language, value): (&Language, &Spanned<String>)| {
            let text = characters::line_of_characters(file, value, LABEL_CHARACTERS_MAX)?;
            Ok((*language, text))
        };
        let texts: BTreeMap<Language, String> =
            entry.names.iter().map(read).collect::<Result<_, _>>()?;
        let texts = CardTexts::try_from(texts).expect("English is among them");
        let cell = own_cell(table, number);
        if cell.is_none_or(|cell| names.insert(cell, texts).is_some()) {
            return Err(file.problem_in(&entry.number, words("pack-number-twice", &[])));
        }
    }
    Ok(names)
}

/// A table to which a service may add labels. Cards are labels by themselves.
fn table(file: SourceText<'_>, value: &Spanned<String>) -> Result<&'static Table, PackProblem> {
    let takes = |table: &&Table| table.counted_by == CountedBy::Worker && table.own_labels > 0;
    let named = Table::named(value.get_ref()).filter(takes);
    named.ok_or_else(|| {
        let known: Vec<&str> = CATALOGUE.iter().filter(takes).map(|table| table.name).collect();
        let known = known.join(", ");
        let reason = words("pack-label-table", &[("known", known.into())]);
        file.problem_in(value, reason)
    })
}

/// The number of one of a table's own labels.
fn number(file: SourceText<'_>, value: &Spanned<i64>, table: &Table) -> Result<u8, PackProblem> {
    let number = u8::try_from(*value.get_ref()).ok();
    number.filter(|number| (1..=table.own_labels).contains(number)).ok_or_else(|| {
        let maximum = u32::from(table.own_labels);
        file.problem_in(value, words("pack-number", &[("maximum", maximum.into())]))
    })
}

/// As what a card is counted, and where that stands.
#[derive(Clone, Copy)]
pub(super) struct Indicator {
    pub(super) cell: Cell,
    pub(super) line: usize,
}

/// A card's `indicator`.
pub(super) fn indicator(
    file: SourceText<'_>,
    value: Option<&Spanned<i64>>,
) -> Result<Option<Indicator>, PackProblem> {
    let material = Table::named(MATERIAL).expect("the catalogue has it");
    let read = |value| {
        let cell = own_cell(material, number(file, value, material)?);
        let cell = cell.expect("the number is one of the table's");
        Ok(Indicator { cell, line: file.line_of(value) })
    };
    value.map(read).transpose()
}
