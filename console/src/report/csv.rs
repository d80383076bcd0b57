//! Comma-separated values (RFC 4180), one line for each label in each period. What the columns mean
//! stands in `docs/indicators.csv-metadata.json` (W3C, CSV on the Web).

use vestibule_wire::{CATALOGUE, Period, Table};

use super::Report;
use super::figures::{completeness, figure};
use super::names::OwnNames;
use super::noise::Budget;
use crate::dates;
use crate::words::Language;

/// The columns.
pub(crate) const COLUMNS: [&str; 12] = [
    "service",
    "period_start",
    "period_end",
    "table",
    "label",
    "own_name",
    "value_raw",
    "value",
    "under_5",
    "expected_error",
    "completeness",
    "epsilon",
];

/// The whole file.
pub(crate) fn csv(report: &Report, names: &OwnNames, language: Language) -> String {
    let mut lines = vec![COLUMNS.join(",")];
    for period in &report.periods {
        for table in &CATALOGUE {
            lines.extend(table_lines(report, period, table, names, language));
        }
    }
    lines.push(String::new());
    lines.join("\r\n")
}

fn table_lines(
    report: &Report,
    period: &Period,
    table: &Table,
    names: &OwnNames,
    language: Language,
) -> Vec<String> {
    let one = std::slice::from_ref(period);
    let line = |(place, cell)| {
        let figure = figure(one, cell);
        let fields = [
            report.authority.to_hex(),
            dates::day_of(period.start),
            dates::day_before(period.end),
            table.name.to_owned(),
            table.label(place).unwrap_or_default(),
            names.get(cell, language).unwrap_or_default().to_owned(),
            figure.raw.to_string(),
            figure.value().to_string(),
            figure.is_under_5().to_string(),
            format!("{:.3}", figure.expected_error),
            format!("{:.4}", completeness(one)),
            epsilon(period, table),
        ];
        fields.map(|field| quoted(&field)).join(",")
    };
    table.cells().enumerate().map(line).collect()
}

/// The largest of a table's budgets in this period; nothing where some of it is exact.
fn epsilon(period: &Period, table: &Table) -> String {
    let budget = Budget::of(std::slice::from_ref(period));
    let noisy = table.is_about_clients() && !budget.some_exact;
    budget.largest().filter(|_| noisy).map_or_else(String::new, |epsilon| epsilon.to_string())
}

fn quoted(field: &str) -> String {
    if field.contains([',', '"', '\r', '\n']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;
    use vestibule_wire::Cell;

    use super::*;
    use crate::report::samples;

    const METADATA: &str = include_str!("../../../docs/indicators.csv-metadata.json");

    /// Fields of a line without line breaks in them.
    fn fields(line: &str) -> Vec<String> {
        let (mut fields, mut field, mut inside) = (Vec::new(), String::new(), false);
        let mut characters = line.chars().peekable();
        while let Some(character) = characters.next() {
            match character {
                '"' if inside && characters.peek() == Some(&'"') => {
                    characters.next();
                    field.push('"');
                }
                '"' => inside = !inside,
                ',' if !inside => fields.push(std::mem::take(&mut field)),
                other => field.push(other),
            }
        }
        fields.push(field);
        fields
    }

    #[test]
    fn every_label_of_every_period_has_a_line() {
        let mut noisy = samples::period(0, &[(250_000, 1)]);
        noisy.sums[Cell::of("request", "one_time").index()] = -3;
        let mut exact = samples::period(1, &[(0, 1)]);
        exact.covered_minutes = 2_520;
        exact.sums[Cell::of("staffed", "night").index()] = 40;
        let need = Table::named("need").unwrap();
        let own = need.cell_named("own_1").unwrap();
        let names = OwnNames::one(own, "x", "Housing, \"warm\" rooms");
        let text = csv(&samples::report(vec![noisy, exact]), &names, Language::Arabic);
        assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
        assert!(text.ends_with("\r\n"));
        let lines: Vec<Vec<String>> = text.lines().map(fields).collect();
        let cells: usize = CATALOGUE.iter().map(|table| table.cells().count()).sum();
        assert_eq!(lines.len(), 1 + 2 * cells);
        assert!(lines.iter().all(|line| line.len() == COLUMNS.len()));
        let hex = "07".repeat(32);
        let find = |start: &str, table: &str, label: &str| {
            let line =
                lines.iter().find(|line| line[1] == start && line[3] == table && line[4] == label);
            line.unwrap().iter().map(String::as_str).collect::<Vec<_>>()
        };
        assert_eq!(
            find("2026-11-02", "request", "one_time"),
            [
                &hex,
                "2026-11-02",
                "2026-11-08",
                "request",
                "one_time",
                "",
                "-3",
                "0",
                "true",
                "7.979",
                "1.0000",
                "0.25"
            ]
        );
        assert_eq!(
            find("2026-11-09", "staffed", "night")[6..],
            ["40", "40", "false", "0.000", "0.2500", ""]
        );
        assert_eq!(find("2026-11-09", "need", "own_1")[5], "Housing, \"warm\" rooms");
    }

    #[test]
    fn the_metadata_names_these_columns_and_labels() {
        let metadata: Value = serde_json::from_str(METADATA).unwrap();
        assert_eq!(metadata["@context"], "http://www.w3.org/ns/csvw");
        let columns = metadata["tableSchema"]["columns"].as_array().unwrap();
        let names: Vec<&str> = columns.iter().map(|it| it["name"].as_str().unwrap()).collect();
        assert_eq!(names, COLUMNS);
        for column in columns {
            assert!(column["datatype"].is_object() || column["datatype"].is_string());
            assert!(column["dc:description"].as_str().unwrap().len() > 10);
        }
        let format = columns[3]["datatype"]["format"].as_str().unwrap();
        let tables: Vec<&str> = CATALOGUE.iter().map(|table| table.name).collect();
        assert_eq!(format, tables.join("|"));
        let keys: Vec<&str> = metadata["tableSchema"]["primaryKey"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it.as_str().unwrap())
            .collect();
        assert_eq!(keys, ["service", "period_start", "table", "label"]);
    }
}
