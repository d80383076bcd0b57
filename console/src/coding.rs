//! What a worker notes about a consultation before it is forgotten: labels of a closed catalogue and
//! nothing in their own words, so that the totals of a shift cannot say who came.

use std::collections::BTreeMap;

use serde::de::{Deserializer, Error};
use serde::{Deserialize, Serialize};

/// Labels that belong together.
#[derive(Serialize)]
pub(crate) struct Group {
    #[serde(rename = "group")]
    name: &'static str,
    /// Whether several of its labels may be true at once.
    many: bool,
    labels: &'static [&'static str],
}

/// What people need; a pack may offer fewer of them, or in another order.
pub(crate) const NEEDS: [&str; 10] = [
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
];

/// Every group, in the order in which a worker sees them.
pub(crate) static CATALOGUE: [Group; 11] = [
    many("need", &NEEDS),
    one("result", &["solved", "partly", "not_solved"]),
    many(
        "referral",
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
    many("kit", &["naloxone", "syringes", "self_test", "condoms"]),
    many("emergency", &["overdose", "suicide_risk", "violence", "ambulance_called"]),
    many(
        "substance",
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
    one("contact", &["self", "relative_or_friend", "professional"]),
    one("visit", &["first", "again"]),
    one("not_counselling", &["silent", "abusive", "thanks", "service_question"]),
    one("age", &["under_18", "18_24", "25_34", "35_49", "50_up", "not_asked"]),
    one("gender", &["woman", "man", "other", "not_asked"]),
];

const fn many(name: &'static str, labels: &'static [&'static str]) -> Group {
    Group { name, many: true, labels }
}

const fn one(name: &'static str, labels: &'static [&'static str]) -> Group {
    Group { name, many: false, labels }
}

/// What was noted of one consultation: groups of the catalogue with some of their labels, each once.
#[derive(Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Codes(BTreeMap<&'static str, Vec<&'static str>>);

impl Codes {
    fn read(said: &BTreeMap<String, Vec<String>>) -> Option<Self> {
        let mut codes = BTreeMap::new();
        for (name, said) in said {
            let group = CATALOGUE.iter().find(|group| group.name == name)?;
            let known = |label: &String| group.labels.iter().any(|known| known == label);
            if !said.iter().all(known) {
                return None;
            }
            let chosen = group.labels.iter().copied();
            let chosen: Vec<_> =
                chosen.filter(|label| said.iter().any(|said| said == label)).collect();
            if !group.many && chosen.len() > 1 {
                return None;
            }
            if !chosen.is_empty() {
                codes.insert(group.name, chosen);
            }
        }
        Some(Self(codes))
    }

    fn labels(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.0.iter().flat_map(|(group, labels)| labels.iter().map(|label| (*group, *label)))
    }
}

impl<'de> Deserialize<'de> for Codes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let said = BTreeMap::deserialize(deserializer)?;
        Self::read(&said).ok_or_else(|| D::Error::custom("not in the catalogue"))
    }
}

/// What the console counts by itself.
#[derive(Clone, Copy)]
pub(crate) enum Counted<'a> {
    /// A client is there.
    Consultation,
    /// A client went to a colleague.
    HandOver,
    /// A client was sent this card.
    Material(&'a str),
}

/// The sums of a shift, in memory alone. They name no consultation.
#[derive(Default)]
pub(crate) struct Totals(BTreeMap<(&'static str, String), u32>);

/// One of them.
#[derive(Serialize)]
pub(crate) struct TotalView<'a> {
    group: &'static str,
    label: &'a str,
    count: u32,
}

impl Totals {
    /// Counts what a consultation is coded as now, in the place of what it was.
    pub(crate) fn recode(&mut self, before: &Codes, now: &Codes) {
        for (group, label) in before.labels() {
            let count = self.0.entry((group, label.to_owned())).or_default();
            *count = count.saturating_sub(1);
        }
        for (group, label) in now.labels() {
            self.add(group, label);
        }
    }

    pub(crate) fn count(&mut self, counted: Counted<'_>) {
        match counted {
            Counted::Consultation => self.add("shift", "consultations"),
            Counted::HandOver => self.add("shift", "hand_overs"),
            Counted::Material(card) => self.add("material", card),
        }
    }

    /// Those above nought.
    pub(crate) fn views(&self) -> Vec<TotalView<'_>> {
        let above = self.0.iter().filter(|(_, count)| **count > 0);
        above.map(|((group, label), count)| TotalView { group, label, count: *count }).collect()
    }

    fn add(&mut self, group: &'static str, label: &str) {
        let count = self.0.entry((group, label.to_owned())).or_default();
        *count = count.saturating_add(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(json: &str) -> Option<Codes> {
        serde_json::from_str(json).ok()
    }

    fn sums(totals: &Totals) -> Vec<(&str, &str, u32)> {
        totals.views().iter().map(|view| (view.group, view.label, view.count)).collect()
    }

    #[test]
    fn only_labels_of_the_catalogue_are_taken() {
        assert!(codes(r#"{"need":["legal","overdose","legal"],"age":[]}"#).is_some());
        for foreign in [
            r#"{"need":["Anna, +380"]}"#,
            r#"{"note":["solved"]}"#,
            r#"{"result":["solved","partly"]}"#,
            r#"{"need":"legal"}"#,
            "[]",
        ] {
            assert!(codes(foreign).is_none(), "{foreign}");
        }
    }

    #[test]
    fn coding_again_takes_the_place_of_the_first() {
        let mut totals = Totals::default();
        let first = codes(r#"{"need":["legal","overdose","legal"],"result":["partly"]}"#).unwrap();
        totals.recode(&Codes::default(), &first);
        let second = codes(r#"{"need":["legal"],"result":["solved"]}"#).unwrap();
        totals.recode(&first, &second);
        totals.count(Counted::Material("abscess"));
        totals.recode(&Codes::default(), &second);
        assert_eq!(
            sums(&totals),
            [("material", "abscess", 1), ("need", "legal", 2), ("result", "solved", 2)]
        );
    }
}
