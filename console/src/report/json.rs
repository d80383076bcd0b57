//! The report as JSON, for other programs: `docs/indicators.schema.json` says what is where.

use std::collections::BTreeMap;

use serde::Serialize;
use vestibule_wire::{CATALOGUE, CardTexts, CountedBy, Period, Table, Unit};

use super::Report;
use super::checks::Check;
use super::figures::{completeness, figure};
use super::names::OwnNames;
use super::noise::{self, Budget};
use crate::dates;
use crate::words::Language;

/// Of the file's form.
const FORMAT: u8 = 1;

#[derive(Serialize)]
struct Document<'a> {
    format: u8,
    service: Service<'a>,
    from: String,
    to: String,
    completeness: f64,
    budget: BudgetPart,
    checks: Vec<CheckPart>,
    tables: Vec<TablePart>,
    periods: Vec<PeriodPart>,
}

#[derive(Serialize)]
struct Service<'a> {
    authority: String,
    name: &'a CardTexts,
}

#[derive(Serialize)]
struct BudgetPart {
    per_table: Vec<f64>,
    some_exact: bool,
    tables_touched: usize,
    all_tables: Option<f64>,
    right_guesses_one_table: Option<f64>,
    right_guesses_all_tables: Option<f64>,
}

#[derive(Serialize)]
struct CheckPart {
    check: &'static str,
    smaller_raw: i64,
    larger_raw: i64,
    holds: bool,
}

#[derive(Serialize)]
struct TablePart {
    table: &'static str,
    unit: &'static str,
    counted_by: &'static str,
    many: bool,
    labels: Vec<LabelPart>,
}

#[derive(Serialize)]
struct LabelPart {
    label: String,
    own_name: Option<String>,
    value_raw: i64,
    value: i64,
    under_5: bool,
    expected_error: f64,
    mean_error: f64,
}

#[derive(Serialize)]
struct PeriodPart {
    start: String,
    end: String,
    completeness: f64,
    noise: Vec<NoisePart>,
    sums: BTreeMap<&'static str, BTreeMap<String, i64>>,
}

#[derive(Serialize)]
struct NoisePart {
    /// Nothing for exact counts.
    epsilon: Option<f64>,
    batches: u16,
}

/// The whole file.
pub(crate) fn json(report: &Report, names: &OwnNames, language: Language) -> String {
    let document = Document {
        format: FORMAT,
        service: Service { authority: report.authority.to_hex(), name: &report.service },
        from: dates::day_of(report.from),
        to: dates::day_before(report.until),
        completeness: rounded(completeness(&report.periods)),
        budget: budget_part(&Budget::of(&report.periods)),
        checks: Check::ALL.map(|check| check_part(report, check)).into(),
        tables: CATALOGUE.iter().map(|table| table_part(report, table, names, language)).collect(),
        periods: report.periods.iter().map(period_part).collect(),
    };
    let text = serde_json::to_string_pretty(&document);
    let mut text = text.expect("our own structures have a JSON form");
    text.push('\n');
    text
}

fn budget_part(budget: &Budget) -> BudgetPart {
    let largest = budget.largest();
    BudgetPart {
        per_table: budget.per_table.clone(),
        some_exact: budget.some_exact,
        tables_touched: noise::tables_touched().count(),
        all_tables: largest.map(|it| rounded(noise::total_budget(it))),
        right_guesses_one_table: largest.map(|it| rounded(noise::right_guesses_one_table(it))),
        right_guesses_all_tables: largest.map(|it| rounded(noise::right_guesses_all_tables(it))),
    }
}

fn check_part(report: &Report, check: Check) -> CheckPart {
    let (smaller, larger) = check.figures(report);
    let (smaller_raw, larger_raw) = (smaller.raw, larger.raw);
    CheckPart { check: check.name(), smaller_raw, larger_raw, holds: check.holds(report) }
}

fn table_part(report: &Report, table: &Table, names: &OwnNames, language: Language) -> TablePart {
    let label = |(place, cell)| {
        let figure = report.figure(cell);
        LabelPart {
            label: table.label(place).unwrap_or_default(),
            own_name: names.get(cell, language).map(str::to_owned),
            value_raw: figure.raw,
            value: figure.value(),
            under_5: figure.is_under_5(),
            expected_error: rounded(figure.expected_error),
            mean_error: rounded(figure.mean_error()),
        }
    };
    TablePart {
        table: table.name,
        unit: unit_name(table.unit),
        counted_by: counted_by_name(table.counted_by),
        many: table.many,
        labels: table.cells().enumerate().map(label).collect(),
    }
}

fn period_part(period: &Period) -> PeriodPart {
    let one = std::slice::from_ref(period);
    let sums = |table: &Table| {
        let label = |(place, cell)| (table.label(place).unwrap_or_default(), figure(one, cell).raw);
        table.cells().enumerate().map(label).collect()
    };
    let used = period.noises.iter().filter(|noise| noise.batches > 0);
    let noise = used.map(|noise| NoisePart {
        epsilon: (noise.epsilon_millionths > 0)
            .then(|| f64::from(noise.epsilon_millionths) / noise::MILLIONTHS),
        batches: noise.batches,
    });
    PeriodPart {
        start: dates::day_of(period.start),
        end: dates::day_before(period.end),
        completeness: rounded(completeness(one)),
        noise: noise.collect(),
        sums: CATALOGUE.iter().map(|table| (table.name, sums(table))).collect(),
    }
}

/// Its name in files, and in the texts.
pub(crate) fn unit_name(unit: Unit) -> &'static str {
    match unit {
        Unit::Request => "request",
        Unit::Consultation => "consultation",
        Unit::Answer => "answer",
        Unit::Hour => "hour",
    }
}

/// Its name in files, and in the texts.
pub(crate) fn counted_by_name(counted_by: CountedBy) -> &'static str {
    match counted_by {
        CountedBy::Relay => "relay",
        CountedBy::Console => "console",
        CountedBy::Worker => "worker",
        CountedBy::Client => "client",
    }
}

/// To a millionth: what comes after it is an accident of the arithmetic.
fn rounded(number: f64) -> f64 {
    (number * noise::MILLIONTHS).round() / noise::MILLIONTHS
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json as value};
    use vestibule_wire::Cell;

    use super::*;
    use crate::report::samples::{self, validator};

    const SCHEMA: &str = include_str!("../../../docs/indicators.schema.json");

    fn document() -> Value {
        let need = Table::named("need").unwrap();
        let names = OwnNames::one(need.cell_named("own_1").unwrap(), "Housing", "x");
        let periods = vec![samples::full(0), samples::full(1), samples::period(2, &[(0, 1)])];
        let text = json(&samples::report(periods), &names, Language::Russian);
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn it_fits_its_schema() {
        let validates = validator(SCHEMA, "");
        let document = document();
        assert_eq!(validates(&document), Ok(()));
        // And so does a report without any noise.
        let exact = samples::report(vec![samples::period(0, &[(0, 1)])]);
        let exact = json(&exact, &OwnNames::default(), Language::English);
        assert_eq!(validates(&serde_json::from_str(&exact).unwrap()), Ok(()));
        // A member too many, a wrong word, one that is missing: each is seen.
        let mut more = document.clone();
        more["client"] = value!("x");
        let mut wrong = document.clone();
        wrong["tables"][0]["unit"] = value!("person");
        let mut less = document;
        less["periods"][0].as_object_mut().unwrap().remove("noise");
        for document in [more, wrong, less] {
            assert!(validates(&document).is_err());
        }
    }

    #[test]
    fn the_numbers_are_those_of_the_periods() {
        let document = document();
        let table = |name: &str| {
            let tables = document["tables"].as_array().unwrap();
            tables.iter().find(|table| table["table"] == name).unwrap().clone()
        };
        let request = &table("request")["labels"][0];
        let each = samples::full(0).sums[Cell::of("request", "one_time").index()];
        assert_eq!(request["value_raw"], 2 * each);
        assert_eq!(request["expected_error"], 11.284_299);
        let need = &table("need")["labels"][Table::named("need").unwrap().labels.len()];
        assert_eq!((&need["label"], &need["own_name"]), (&value!("own_1"), &value!("Housing")));
        assert_eq!(document["periods"][0]["sums"]["request"]["one_time"], each);
        assert_eq!(document["periods"][2]["noise"], value!([{"epsilon": null, "batches": 1}]));
        assert_eq!(document["budget"]["all_tables"], 8.15);
        assert_eq!(document["budget"]["some_exact"], true);
    }
}
