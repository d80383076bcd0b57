//! The report on a terminal: numbers first, so that they stand below each other whatever the language
//! and wherever its lines begin.

use std::fmt::Write;

use super::Report;
use super::facts;
use super::texts::Texts;
use crate::dates;

/// The whole text.
pub(crate) fn table(report: &Report, texts: &Texts<'_>) -> String {
    let service = texts.of_service(&report.service);
    let mut text = texts.with("title", &[("service", service.into())]);
    let dates = texts.with(
        "dates",
        &[
            ("from", dates::day_of(report.from).into()),
            ("to", dates::day_before(report.until).into()),
        ],
    );
    let _ = writeln!(text, "\n{dates}\n");
    for said in facts::about(report, texts) {
        let _ = writeln!(text, "{said}");
    }
    text.push('\n');
    for (name, said) in facts::facts(report, texts) {
        let colon = if name.ends_with(['?', '؟']) { "" } else { ":" };
        let _ = writeln!(text, "{name}{colon} {said}");
    }
    let rows = rows(report, texts);
    let width = |column: fn(&Row) -> &String| {
        rows.iter().flat_map(|(_, rows)| rows).map(|row| column(row).chars().count()).max()
    };
    let total_width = width(|row| &row.total).unwrap_or_default();
    let error_width = width(|row| &row.error).unwrap_or_default();
    for (title, rows) in &rows {
        let _ = writeln!(text, "\n{title}");
        if rows.is_empty() {
            let _ = writeln!(text, "  {}", texts.say("nothing-named"));
        }
        for Row { total, error, label } in rows {
            let error = format!("{error:<error_width$}");
            let _ = writeln!(text, "  {total:>total_width$} {error}  {label}");
        }
    }
    text.pop();
    text
}

struct Row {
    total: String,
    error: String,
    label: String,
}

/// By table: its title, and a row for each label.
fn rows(report: &Report, texts: &Texts<'_>) -> Vec<(String, Vec<Row>)> {
    let of_table = |table| {
        let title = format!("{} ({})", texts.table(table), facts::counted(table, texts));
        let cells = facts::shown_cells(report, table, texts);
        let row = |cell| {
            let figure = report.figure(cell);
            Row {
                total: facts::total_text(&figure, texts),
                error: facts::error_of(&figure),
                label: texts.label(cell),
            }
        };
        (title, cells.into_iter().map(row).collect())
    };
    facts::tables().map(of_table).collect()
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum;

    use super::*;
    use crate::report::names::OwnNames;
    use crate::report::samples;
    use crate::words::Language;

    #[test]
    fn numbers_stand_below_each_other() {
        let own = OwnNames::default();
        let report = samples::report(vec![samples::full(0), samples::full(1)]);
        let texts = Texts::new(Language::English, &own);
        let text = table(&report, &texts);
        assert!(text.starts_with("Report: Open Door\n2026-11-02 to 2026-11-15\n"), "{text}");
        assert!(text.contains("How complete: The whole time was counted.\n"), "{text}");
        assert!(text.contains("±11 in most tables (on average 9)"), "{text}");
        assert!(text.contains("Budget of one table: 0.25 (epsilon)"), "{text}");
        assert!(text.contains("\n      122 ±11  by a one-time link\n"), "{text}");
        assert!(text.contains("\n  under 5 "), "{text}");
        assert!(
            text.contains("\nHours on duty (hours; counted by the relay, by itself)\n      134  ")
        );
        // Nobody has named them: only where noise is not the likely reason are they there.
        assert!(!text.contains("own label 19\n"));
        assert!(text.contains("own label 32\n"));
    }

    #[test]
    fn every_label_has_a_name_in_each_language() {
        let own = OwnNames::default();
        let report = samples::report(vec![samples::full(0)]);
        for language in Language::value_variants() {
            let texts = Texts::new(*language, &own);
            let text = table(&report, &texts);
            assert!(!text.contains("label-") && !text.contains("table-"), "{text}");
            for table in facts::tables() {
                assert!(text.contains(&texts.table(table)));
                for cell in facts::shown_cells(&report, table, &texts) {
                    assert!(text.contains(&texts.label(cell)), "{}", texts.label(cell));
                }
            }
        }
    }
}
