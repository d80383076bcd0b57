//! The tables, in the order of every file and frame that holds sums. Numbers are never given twice.

use super::{CountedBy, Table, Unit};
use CountedBy::{Client, Console, Relay, Worker};

/// Labels by part of the day, at the service's clock.
const DAY_PARTS: &[&str] = &["night", "morning", "afternoon", "evening"];
const WAITS: &[&str] = &["under_1", "1_to_5", "5_to_15", "over_15"];
const ROLES: &[&str] =
    &["outreach_worker", "peer", "doctor", "psychologist", "lawyer", "coordinator"];

/// Everything that is ever counted.
pub const CATALOGUE: [Table; 31] = [
    relay(1, "request", Unit::Request, &["one_time", "door"]),
    relay(2, "request_end", Unit::Request, &["answered", "left", "left_nobody_on_duty", "refused"]),
    relay(3, "request_time", Unit::Request, DAY_PARTS),
    relay(4, "wait", Unit::Request, WAITS),
    relay(5, "wait_in_vain", Unit::Request, WAITS),
    relay(6, "adviser", Unit::Request, ROLES),
    relay(7, "staffed", Unit::Hour, DAY_PARTS),
    console(10, "consultation", &["held", "not_held"]),
    console(11, "length", &["under_5", "5_to_15", "15_to_60", "over_60"]),
    Table { listed: 4, ..console(12, "language", &["en", "ru", "uk", "ar"]) },
    console(
        13,
        "channel",
        &["not_said", "messenger", "forum", "social", "site", "bot", "card", "return"],
    ),
    console(
        14,
        "subject",
        &[
            "not_said",
            "danger",
            "safer_use",
            "wounds",
            "tests",
            "treatment",
            "feelings",
            "law",
            "somebody_close",
            "other",
        ],
    ),
    console(15, "interruptions", &["none", "one_or_two", "three_or_more"]),
    console(16, "hand_over", ROLES),
    console(17, "load", &["alone", "two", "three", "four_or_more"]),
    Table { number: 18, own_labels: 32, many: true, ..console(18, "material", &[]) },
    many(
        20,
        "need",
        8,
        &[
            "minor_injection",
            "severe_injection",
            "overdose",
            "information",
            "psychological",
            "medical",
            "social",
            "legal",
            "harm_reduction",
            "testing",
        ],
    ),
    one(21, "result", &["solved", "partly", "not_solved"]),
    many(
        22,
        "referral",
        8,
        &[
            "treatment",
            "testing",
            "hospital_or_ambulance",
            "psychologist",
            "social",
            "legal",
            "harm_reduction_site",
            "shelter",
        ],
    ),
    many(23, "kit", 4, &["naloxone", "syringes", "self_test", "condoms"]),
    many(24, "emergency", 0, &["overdose", "suicide_risk", "violence", "ambulance_called"]),
    many(
        25,
        "substance",
        4,
        &[
            "opioids",
            "stimulants",
            "cathinones",
            "cannabinoids",
            "depressants",
            "alcohol",
            "psychedelics",
            "unknown",
        ],
    ),
    one(26, "contact", &["self", "relative_or_friend", "professional"]),
    one(27, "visit", &["first", "again"]),
    one(28, "not_counselling", &["silent", "abusive", "thanks", "service_question"]),
    one(29, "age", &["under_18", "18_24", "25_34", "35_49", "50_up", "not_asked"]),
    one(30, "gender", &["woman", "man", "other", "not_asked"]),
    one(31, "signal", &["new_substance"]),
    client(40, "helped"),
    client(41, "respected"),
    client(42, "would_return"),
];

const fn relay(
    number: u8,
    name: &'static str,
    unit: Unit,
    labels: &'static [&'static str],
) -> Table {
    Table { number, name, counted_by: Relay, unit, labels, listed: 0, own_labels: 0, many: false }
}

const fn console(number: u8, name: &'static str, labels: &'static [&'static str]) -> Table {
    Table { counted_by: Console, ..relay(number, name, Unit::Consultation, labels) }
}

const fn one(number: u8, name: &'static str, labels: &'static [&'static str]) -> Table {
    Table { counted_by: Worker, ..console(number, name, labels) }
}

const fn many(
    number: u8,
    name: &'static str,
    own_labels: u8,
    labels: &'static [&'static str],
) -> Table {
    Table { own_labels, many: true, ..one(number, name, labels) }
}

const fn client(number: u8, name: &'static str) -> Table {
    let table = console(number, name, &["yes", "partly", "no"]);
    Table { counted_by: Client, unit: Unit::Answer, ..table }
}
