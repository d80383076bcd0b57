//! A data value set, as DHIS2 imports it: `POST /api/dataValueSets`.
//!
//! Without a map, data elements are named by codes that a DHIS2 instance can be given once
//! (`VESTIBULE_REQUEST_ONE_TIME`); with one, by its own identifiers.

use serde::Serialize;
use time::{Duration, OffsetDateTime};
use vestibule_wire::{CATALOGUE, Cell, Period};

use super::Report;
use super::dhis2_map::Dhis2Map;
use super::figures::{Figure, figure};
use crate::dates;
use crate::problem::Problem;

/// Before every code.
const CODE_PREFIX: &str = "VESTIBULE";
/// The code of DHIS2's own option for data elements without categories.
const DEFAULT_OPTION: &str = "default";
/// Digits of the authority key in the code of an organisation unit.
const UNIT_DIGITS: usize = 12;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DataValueSet {
    id_scheme: &'static str,
    data_values: Vec<DataValue>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DataValue {
    data_element: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    category_option_combo: Option<String>,
    period: String,
    org_unit: String,
    value: String,
    comment: String,
}

/// The whole file.
///
/// # Errors
/// With a sentence, when a period is neither a week nor a month.
pub(crate) fn dhis2(report: &Report, map: Option<&Dhis2Map>) -> Result<String, Problem> {
    let mut data_values = Vec::new();
    for period in &report.periods {
        let name = period_name(period).ok_or_else(|| {
            let day = dates::day_of(period.start);
            Problem::new("report-period-not-dhis2", &[("day", day.into())])
        })?;
        for table in &CATALOGUE {
            for cell in table.cells() {
                data_values.extend(data_value(report, period, cell, &name, map));
            }
        }
    }
    let id_scheme = if map.is_some() { "uid" } else { "code" };
    let set = DataValueSet { id_scheme, data_values };
    let text = serde_json::to_string_pretty(&set);
    let mut text = text.expect("our own structures have a JSON form");
    text.push('\n');
    Ok(text)
}

/// Of a cell that the map does not name there is none.
fn data_value(
    report: &Report,
    period: &Period,
    cell: Cell,
    name: &str,
    map: Option<&Dhis2Map>,
) -> Option<DataValue> {
    let figure = figure(std::slice::from_ref(period), cell);
    let (value, comment) = (figure.value(), comment(&figure));
    let (data_element, category_option_combo, org_unit, value) = match map {
        None => {
            let digits: String = report.authority.to_hex().chars().take(UNIT_DIGITS).collect();
            let unit = format!("{CODE_PREFIX}_{}", digits.to_uppercase());
            (code(cell), Some(DEFAULT_OPTION.to_owned()), unit, value)
        }
        Some(map) => {
            let element = map.element(cell)?.to_owned();
            let value = if map.raw { figure.raw } else { value };
            (element, map.category_option_combo.clone(), map.org_unit.clone(), value)
        }
    };
    Some(DataValue {
        data_element,
        category_option_combo,
        period: name.to_owned(),
        org_unit,
        value: value.to_string(),
        comment,
    })
}

/// What whoever reads the value there should know.
fn comment(figure: &Figure) -> String {
    if figure.is_exact() {
        return "exact".to_owned();
    }
    format!("published with noise, expected error {:.0}", figure.expected_error)
}

/// The code of a cell's data element.
pub(crate) fn code(cell: Cell) -> String {
    let (table, place) = cell.table();
    let label = table.label(place).unwrap_or_default();
    format!("{CODE_PREFIX}_{}_{}", table.name, label).to_uppercase()
}

/// As DHIS2 names weeks from Monday (`2026W49`) and months (`202611`); nothing else is published.
fn period_name(period: &Period) -> Option<String> {
    let moment = |seconds: u32| OffsetDateTime::from_unix_timestamp(i64::from(seconds)).ok();
    let (start, end) = (moment(period.start.0)?, moment(period.end.0)?);
    let (year, week, day) = start.to_iso_week_date();
    if end - start == Duration::WEEK && day == time::Weekday::Monday {
        return Some(format!("{year}W{week}"));
    }
    let days = Duration::days(i64::from(start.month().length(start.year())));
    let month = end - start == days && start.day() == 1;
    month.then(|| format!("{:04}{:02}", start.year(), u8::from(start.month())))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json as value};
    use vestibule_wire::Timestamp;

    use super::*;
    use crate::report::samples::{self, validator};

    /// Published by DHIS2 (README.md beside it).
    const OPENAPI: &str = include_str!("../../tests/dhis2/openapi-2.42.6.json");

    fn parsed(text: &str) -> Value {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn codes_name_every_cell_of_every_week() {
        let periods = vec![samples::full(0), samples::full(4)];
        let set = parsed(&dhis2(&samples::report(periods), None).unwrap());
        let values = set["dataValues"].as_array().unwrap();
        let cells: usize = CATALOGUE.iter().map(|table| table.cells().count()).sum();
        assert_eq!(values.len(), 2 * cells);
        assert_eq!(set["idScheme"], "code");
        let each = samples::full(0).sums[Cell::of("request", "one_time").index()];
        assert_eq!(
            values[0],
            value!({
                "dataElement": "VESTIBULE_REQUEST_ONE_TIME",
                "categoryOptionCombo": "default",
                "period": "2026W45",
                "orgUnit": "VESTIBULE_070707070707",
                "value": each.to_string(),
                "comment": "published with noise, expected error 8",
            })
        );
        assert_eq!(values[cells]["period"], "2026W49");
        let mut codes: Vec<&str> =
            values[..cells].iter().map(|it| it["dataElement"].as_str().unwrap()).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), cells);
        // DHIS2 takes codes of up to 50 characters.
        assert!(codes.iter().all(|code| code.len() <= 50));
    }

    #[test]
    fn it_fits_the_schema_that_dhis2_publishes() {
        let validates = validator(OPENAPI, "/components/schemas/DataValueSet");
        let map = samples::map();
        for map in [None, Some(&map)] {
            let set = parsed(&dhis2(&samples::report(vec![samples::full(0)]), map).unwrap());
            assert_eq!(validates(&set), Ok(()));
            for (member, wrong) in
                [("value", value!(7)), ("comment", value!([])), ("period", Value::Null)]
            {
                let mut set = set.clone();
                set["dataValues"][0][member] = wrong;
                assert!(validates(&set).is_err(), "{member}");
            }
        }
    }

    /// The schema allows others, which DHIS2 ignores, and demands none.
    #[test]
    fn every_member_is_one_that_dhis2_knows_and_none_is_missing() {
        let openapi = parsed(OPENAPI);
        let knows = |component: &str, object: &Value| {
            let known = &openapi["components"]["schemas"][component]["properties"];
            object.as_object().unwrap().keys().all(|member| known.get(member).is_some())
        };
        let map = samples::map();
        for map in [None, Some(&map)] {
            let set = parsed(&dhis2(&samples::report(vec![samples::full(0)]), map).unwrap());
            assert!(knows("DataValueSet", &set));
            for sent in set["dataValues"].as_array().unwrap() {
                assert!(knows("DataValue", sent), "{sent}");
                let has = |member: &&str| sent[*member].as_str().is_some_and(|it| !it.is_empty());
                assert!(["dataElement", "period", "orgUnit", "value"].iter().all(has), "{sent}");
            }
        }
    }

    #[test]
    fn a_map_names_what_is_sent() {
        let mut period = samples::full(0);
        period.sums[Cell::of("request", "door").index()] = -4;
        let mut map = samples::map();
        let set = |map: &Dhis2Map| {
            parsed(&dhis2(&samples::report(vec![period.clone()]), Some(map)).unwrap())
        };
        let sent = set(&map);
        assert_eq!(sent["idScheme"], "uid");
        let values = sent["dataValues"].as_array().unwrap();
        assert_eq!(values.len(), 2);
        assert_eq!(values[1]["dataElement"], "Ix2HsbDMLea");
        assert_eq!(values[1]["orgUnit"], "DiszpKrYNg8");
        assert_eq!(values[1]["value"], "0");
        assert!(values[1].get("categoryOptionCombo").is_none());
        map.raw = true;
        assert_eq!(set(&map)["dataValues"][1]["value"], "-4");
    }

    #[test]
    fn weeks_and_months_have_names() {
        let name = |start: u32, end: u32| {
            let period =
                Period { start: Timestamp(start), end: Timestamp(end), ..samples::period(0, &[]) };
            period_name(&period)
        };
        let day = |text: &str| dates::day(text).unwrap().0;
        assert_eq!(name(day("2026-11-30"), day("2026-12-07")).unwrap(), "2026W49");
        // The first week of a year may begin in the year before, and has no nought before it.
        assert_eq!(name(day("2025-12-29"), day("2026-01-05")).unwrap(), "2026W1");
        assert_eq!(name(day("2026-11-01"), day("2026-12-01")).unwrap(), "202611");
        assert_eq!(name(day("2028-02-01"), day("2028-03-01")).unwrap(), "202802");
        assert_eq!(name(day("2026-11-03"), day("2026-11-10")), None);
        assert_eq!(name(day("2026-11-01"), day("2026-11-30")), None);
    }
}
