//! Holds `docs/indicators.md` to the catalogue and to its English texts.
//! `UPDATE_GOLDEN=1 cargo test -p vestibule-console document` writes its middle anew.

use std::fmt::Write;
use std::path::Path;

use vestibule_wire::{LABELS_PER_CONSULTATION_MAX, Table};

use super::facts;
use super::json::{counted_by_name, unit_name};
use super::names::OwnNames;
use super::texts::Texts;
use crate::words::Language;

const BEGIN: &str = "<!-- the catalogue: written by a test -->\n";
const END: &str = "<!-- the end of the catalogue -->\n";

/// What stands between the marks.
fn catalogue() -> String {
    let own = OwnNames::default();
    let texts = Texts::new(Language::English, &own);
    let mut text = String::from("\n");
    for table in facts::tables() {
        text.push_str(&one(table, &texts));
    }
    text
}

fn one(table: &Table, texts: &Texts<'_>) -> String {
    let name = table.name;
    let mut text = format!(
        "### {} (`{name}`)\n\n{}\n\n",
        texts.table(table),
        texts.say(&format!("table-{name}-about"))
    );
    let of_each = if table.many {
        format!("at most {LABELS_PER_CONSULTATION_MAX} labels of a consultation")
    } else {
        match unit_name(table.unit) {
            "hour" => "each hour in one label".to_owned(),
            unit => format!("at most one label of each {unit}"),
        }
    };
    let noise = match table.noise_factor() {
        _ if !table.is_about_clients() => "none: it is about no client".to_owned(),
        (1, 1) => "scale 1 / ε".to_owned(),
        (numerator, denominator) => format!("scale {numerator}/{denominator} / ε"),
    };
    let own = match table.own_labels {
        0 => "none".to_owned(),
        count => format!("up to {count} (`own_1` to `own_{count}`)"),
    };
    let listed = match table.listed {
        0 => "",
        _ => " Other languages of the list are labels by their codes (protocol.md, section 2).",
    };
    let _ = writeln!(
        text,
        "Number {}. Unit: {}. Counted by {}. Counts {of_each}. Own labels: {own}. Noise: {noise}.{listed}\n",
        table.number,
        texts.say(&format!("unit-{}", unit_name(table.unit))),
        texts.say(&format!("counted-by-{}", counted_by_name(table.counted_by))),
    );
    if !table.labels.is_empty() {
        text.push_str("| label | in words |\n|---|---|\n");
        for (label, cell) in table.labels.iter().zip(table.cells()) {
            let _ = writeln!(text, "| `{label}` | {} |", texts.label(cell));
        }
        text.push('\n');
    }
    text
}

#[test]
fn the_document_says_what_the_catalogue_says() {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/indicators.md"));
    let document = std::fs::read_to_string(path).unwrap();
    let (head, rest) = document.split_once(BEGIN).unwrap();
    let (_, tail) = rest.split_once(END).unwrap();
    let wanted = format!("{head}{BEGIN}{}{END}{tail}", catalogue());
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(path, &wanted).unwrap();
        return;
    }
    assert!(document == wanted, "docs/indicators.md is not what the catalogue says");
}
