//! Labels that a service adds to the catalogue's tables, and the numbers by which its cards are counted.

use serde::Deserialize;
use toml::Spanned;
use vestibule_wire::{CATALOGUE, CardTexts, Cell, CountedBy, Table};

use super::limits::LABEL_CHARACTERS_MAX;
use super::toml_file::SourceText;
use super::{PackProblem, characters};
use crate::coding::{OwnNames, own_cell};
use crate::words::words;

/// The table whose own labels are cards.
const MATERIAL: &str = "material";

/// What `pack.toml` says of one label.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LabelEntry {
    table: Spanned<String>,
    number: Spanned<i64>,
    en: Spanned<String>,
    ru: Spanned<String>,
    uk: Spanned<String>,
    ar: Spanned<String>,
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
        let text = |value| characters::line_of_characters(file, value, LABEL_CHARACTERS_MAX);
        let texts = CardTexts {
            en: text(&entry.en)?,
            ru: text(&entry.ru)?,
            uk: text(&entry.uk)?,
            ar: text(&entry.ar)?,
        };
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
