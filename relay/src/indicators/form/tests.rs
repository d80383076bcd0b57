use proptest::prelude::*;
use serde_json::Value;
use vestibule_wire::{CATALOGUE, CELLS, Table};

use super::super::period::Date;
use super::{Budget, EpsilonMillionths, Kept, KeptPeriod};

fn example() -> Kept {
    let mut kept = Kept::default();
    let mut sums = Box::new([0; CELLS]);
    sums[0] = 34;
    sums[CELLS - 1] = -5;
    let noises = vec![(Budget::default(), 2), (Budget::Exact, 1)];
    let end = Date::parse("2026-12-07").unwrap();
    let period = KeptPeriod { end, covered_minutes: 10_080, noises, sums };
    kept.0.entry([0x3f; 32]).or_default().insert(Date::parse("2026-11-30").unwrap(), period);
    kept
}

fn text() -> String {
    String::from_utf8(example().write()).unwrap()
}

#[test]
fn what_is_written_is_read_and_a_person_can_read_it_too() {
    let text = text();
    assert!(Kept::read(&text).is_ok_and(|kept| kept == example()));
    assert!(text.contains("\n        \"end\": \"2026-12-07\",\n"), "{text}");
    assert!(text.contains("\"noise\": [{\"epsilon\": \"0.25\", \"batches\": 2}, "), "{text}");
    assert!(text.contains("\n          \"request\": {\"one_time\": 34, \"door\": 0},\n"), "{text}");
    // Each period takes a line for each table, and a few.
    assert_eq!(text.lines().count(), CATALOGUE.len() + 15);
    assert_eq!(String::from_utf8(Kept::default().write()).unwrap().lines().count(), 5);
}

/// Every name in the file is of the catalogue or of its form, and every value is an integer.
#[test]
fn nothing_in_the_file_can_hold_a_text_of_a_person() {
    let file: Value = serde_json::from_str(&text()).unwrap();
    let names = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&file), ["about", "format", "services"]);
    for period in file["services"].as_object().unwrap().values() {
        for (start, period) in period.as_object().unwrap() {
            assert!(Date::parse(start).is_some());
            assert_eq!(names(period), ["covered_minutes", "end", "noise", "tables"]);
            assert!(period["covered_minutes"].is_u64());
            for (name, labels) in period["tables"].as_object().unwrap() {
                let table = Table::named(name).unwrap();
                for (label, sum) in labels.as_object().unwrap() {
                    assert!(table.cell_named(label).is_some());
                    assert!(sum.is_i64());
                }
            }
        }
    }
}

#[test]
fn what_no_relay_wrote_is_refused_with_its_line() {
    for (from, to, line, says) in [
        ("\"one_time\": 34", "\"one_time\": \"Anna, +380\"", 11, "invalid type"),
        ("\"one_time\": 34", "\"one_time\": 34.5", 11, "invalid type"),
        ("\"one_time\": 34", "\"one_time\": 3000000000", 11, "invalid value"),
        ("\"one_time\"", "\"Anna\"", 11, "a label is not of the table request"),
        ("\"door\": 0", "\"one_time\": 0", 11, "a label comes twice"),
        ("\"request\":", "\"remark\":", 11, "a table is not of the catalogue"),
        ("\"2026-11-30\":", "\"Monday\":", 6, "a name is not a day"),
        ("\"2026-12-07\"", "\"Sunday\"", 7, "this is not a day"),
        ("\"0.25\"", "\"a little\"", 9, "this is not a budget of noise"),
        ("\"0.25\"", "\"0.250\"", 9, "this is not a budget of noise"),
        (
            "\"covered_minutes\"",
            "\"remark\": \"\", \"covered_minutes\"",
            8,
            "unknown field `remark`",
        ),
        ("\"3f3f", "\"Mira", 5, "a name is not an authority key in hex"),
        ("\"format\": 1", "\"format\": 2", 3, "format 2 is not known"),
        ("Sums of", "Anna called. Sums of", 2, "\"about\" was changed"),
        ("\"format\": 1,", "\"format\": 1,,", 3, "key must be a string"),
    ] {
        let changed = text().replacen(from, to, 1);
        assert_ne!(changed, text(), "{from}");
        let Err(error) = Kept::read(&changed) else { panic!("{to} was taken") };
        assert!(error.to_string().contains(says), "{error} does not say {says}");
        assert_eq!(error.line(), line, "{to}: {error}");
    }
    let twice = "\"2026-11-30\": {\"end\":\"2026-12-07\",\"covered_minutes\":1,\"noise\":[],\"tables\":{}},";
    let changed = text().replacen("\"2026-11-30\":", &format!("{twice}\"2026-11-30\":"), 1);
    assert!(Kept::read(&changed).is_err_and(|error| error.to_string().contains("comes twice")));
    let many = "{\"epsilon\": \"1\", \"batches\": 1}, ".repeat(4);
    let changed = text().replacen("\"noise\": [", &format!("\"noise\": [{many}"), 1);
    assert!(Kept::read(&changed).is_err_and(|error| error.to_string().contains("at most 4")));
}

#[test]
fn tables_that_an_older_relay_did_not_know_are_nought() {
    let lines: Vec<&str> =
        text().leak().lines().filter(|line| !line.contains("\"wait\"")).collect();
    assert!(Kept::read(&lines.join("\n")).is_ok_and(|kept| kept == example()));
}

proptest! {
    #[test]
    fn a_budget_has_one_form(millionths in 10_000..=10_000_000_u32) {
        let budget = Budget::Epsilon(EpsilonMillionths::new(millionths).unwrap());
        prop_assert_eq!(Budget::parse(&budget.to_string()), Some(budget));
    }

    #[test]
    fn no_text_is_taken_for_a_budget_or_a_day(text in "\\PC{0,20}") {
        if let Some(budget) = Budget::parse(&text) {
            prop_assert_eq!(budget.to_string(), text.clone());
        }
        if let Some(date) = Date::parse(&text) {
            prop_assert_eq!(date.to_string(), text);
        }
    }
}
