use std::collections::BTreeMap;

use vestibule_protocol::{Channel, Language, Subject};
use vestibule_wire::{CATALOGUE, CountedBy};

use super::*;
use crate::coding::label_of;

const AT: Timestamp = Timestamp(1_795_392_000);

fn triage() -> Triage {
    Triage {
        language: Language::from_code("ar").unwrap(),
        subject: Subject::Law,
        channel: Channel::Forum,
    }
}

/// One that has begun, with nobody else.
fn begun() -> Account {
    let mut account = Account::new(triage());
    account.begin(1);
    account
}

/// The labels of a finished one, by their tables.
fn labels(account: Account, codes: &str) -> BTreeMap<&'static str, Vec<String>> {
    let codes: Codes = serde_json::from_str(codes).unwrap();
    let mut labels: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for cell in account.finish(&codes).unwrap().cells {
        labels.entry(cell.table().0.name).or_default().push(label_of(cell));
    }
    labels
}

fn one(labels: &BTreeMap<&'static str, Vec<String>>, table: &str) -> String {
    labels.get(table).map_or_else(String::new, |labels| labels.join(" "))
}

fn material(number: usize) -> Cell {
    Table::named("material").unwrap().cell(number).unwrap()
}

#[test]
fn what_nobody_came_to_is_not_counted() {
    assert!(Account::new(triage()).finish(&Codes::default()).is_none());
}

#[test]
fn each_table_gets_what_is_its_own() {
    let mut account = begun();
    account.wrote(Writer::Client, AT);
    account.wrote(Writer::Worker, AT.plus_seconds(299));
    let labels = labels(account, r#"{"need":["legal","testing"],"result":["partly"]}"#);
    let expected = [
        ("channel", "forum"),
        ("consultation", "held"),
        ("interruptions", "none"),
        ("language", "ar"),
        ("length", "under_5"),
        ("load", "alone"),
        ("need", "legal testing"),
        ("result", "partly"),
        ("subject", "law"),
    ];
    let found: Vec<_> = labels.keys().map(|table| (*table, one(&labels, table))).collect();
    let found: Vec<_> = found.iter().map(|(table, labels)| (*table, labels.as_str())).collect();
    assert_eq!(found, expected);
}

#[test]
fn a_consultation_is_held_when_both_have_written() {
    for writer in [Writer::Client, Writer::Worker] {
        let mut account = begun();
        account.wrote(writer, AT);
        account.wrote(writer, AT.plus_seconds(3_600));
        let labels = labels(account, "{}");
        assert_eq!(one(&labels, "consultation"), "not_held");
        assert_eq!(one(&labels, "length"), "", "of what was not held there is no length");
    }
}

#[test]
fn lengths_are_from_the_first_text_to_the_last() {
    for (seconds, expected) in [
        (0, "under_5"),
        (299, "under_5"),
        (300, "5_to_15"),
        (899, "5_to_15"),
        (900, "15_to_60"),
        (3_599, "15_to_60"),
        (3_600, "over_60"),
        (90_000, "over_60"),
    ] {
        let mut account = begun();
        account.wrote(Writer::Worker, AT);
        account.wrote(Writer::Client, AT.plus_seconds(seconds / 2));
        account.wrote(Writer::Worker, AT.plus_seconds(seconds));
        assert_eq!(one(&labels(account, "{}"), "length"), expected, "{seconds}");
    }
    // A clock that was put back.
    let mut account = begun();
    account.wrote(Writer::Worker, AT);
    account.wrote(Writer::Client, Timestamp(AT.0 - 100));
    assert_eq!(one(&labels(account, "{}"), "length"), "under_5");
}

#[test]
fn a_line_that_broke_and_came_back_is_an_interruption() {
    for (breaks, expected) in
        [(0, "none"), (1, "one_or_two"), (2, "one_or_two"), (3, "three_or_more")]
    {
        let mut account = begun();
        // Before the client was there nothing was interrupted.
        account.line_is(LineView::Reconnecting);
        account.line_is(LineView::Joined);
        for _ in 0..breaks {
            account.line_is(LineView::ClientAway);
            account.line_is(LineView::Reconnecting);
            account.line_is(LineView::Joined);
            account.line_is(LineView::Joined);
        }
        // It leaves in the end and does not come back.
        account.line_is(LineView::ClientAway);
        assert_eq!(one(&labels(account, "{}"), "interruptions"), expected);
    }
}

#[test]
fn the_load_is_that_of_its_beginning() {
    for (held, expected) in
        [(1, "alone"), (2, "two"), (3, "three"), (4, "four_or_more"), (12, "four_or_more")]
    {
        let mut account = Account::new(triage());
        account.begin(held);
        account.begin(1);
        assert_eq!(one(&labels(account, "{}"), "load"), expected);
    }
}

#[test]
fn three_different_cards_are_counted_and_no_more() {
    let mut account = begun();
    for number in [4, 4, 2, 30, 7] {
        account.sent(material(number));
    }
    assert_eq!(one(&labels(account, "{}"), "material"), "own_5 own_3 own_31");
}

#[test]
fn the_first_answer_to_a_question_is_counted() {
    let mut account = begun();
    for (question, answer) in [("helped", "no"), ("respected", "yes"), ("helped", "partly")] {
        let cell = named(question, answer).unwrap();
        account.answered(SurveyAnswer::new(cell).unwrap());
    }
    let labels = labels(account, "{}");
    assert_eq!(one(&labels, "helped"), "no");
    assert_eq!(one(&labels, "respected"), "yes");
    assert_eq!(one(&labels, "would_return"), "");
}

#[test]
fn who_hands_a_client_over_counts_that_and_nothing_else() {
    for (role, _, name) in Role::ALL {
        let mut account = begun();
        account.wrote(Writer::Client, AT);
        account.wrote(Writer::Worker, AT);
        account.sent(material(1));
        account.handed_over(role);
        let codes = serde_json::from_str(r#"{"need":["legal"]}"#).unwrap();
        let finished = account.finish(&codes).unwrap();
        assert!(!finished.is_consultation);
        let cells: Vec<_> = finished.cells.iter().map(|cell| cell.table().0.name).collect();
        assert_eq!(cells, ["hand_over"]);
        let expected = if name == "outreach" { "outreach_worker" } else { name };
        assert_eq!(finished.cells.iter().copied().map(label_of).collect::<Vec<_>>(), [expected]);
    }
}

#[test]
fn every_name_of_a_triage_is_in_the_catalogue() {
    let all = |table: &str, names: Vec<&'static str>| {
        names.into_iter().all(|name| named(table, name).is_some())
    };
    assert!(all("language", Language::all().map(Language::code).collect()));
    assert!(all("subject", Subject::ALL.iter().map(|it| it.name()).collect()));
    assert!(all("channel", Channel::ALL.iter().map(|it| it.name()).collect()));
}

#[test]
fn no_consultation_has_more_labels_of_a_table_than_the_noise_is_made_for() {
    let mut account = begun();
    account.wrote(Writer::Client, AT);
    account.wrote(Writer::Worker, AT);
    for number in 0..32 {
        account.sent(material(number));
    }
    for table in CATALOGUE.iter().filter(|table| table.counted_by == CountedBy::Client) {
        let answers = table.cells().filter_map(SurveyAnswer::new);
        answers.for_each(|answer| account.answered(answer));
    }
    let most = r#"{"need":["own_1","own_2","legal"],"substance":["own_1","own_2","own_3"],
        "age":["25_34"],"signal":["new_substance"]}"#;
    let labels = labels(account, most);
    for (table, labels) in labels {
        let most = if Table::named(table).unwrap().many { LABELS_PER_CONSULTATION_MAX } else { 1 };
        assert!(labels.len() <= most, "{table}");
    }
}
