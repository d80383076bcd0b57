//! What a worker notes about a consultation before it is forgotten: labels of the catalogue and nothing
//! in their own words, so that totals cannot say who came (docs/indicators.md).

use std::collections::{BTreeMap, BTreeSet};

use serde::de::{Deserializer, Error};
use serde::{Deserialize, Serialize, Serializer};
use vestibule_wire::{
    CATALOGUE, CardTexts, Cell, CountedBy, LABELS_PER_CONSULTATION_MAX, OWN_LABEL_PREFIX, Table,
};

/// What a service calls the labels that it has added, by their cells.
pub(crate) type OwnNames = BTreeMap<Cell, CardTexts>;

/// Labels that belong together, as the desk page is shown them.
#[derive(Serialize)]
pub(crate) struct Group<'a> {
    #[serde(rename = "group")]
    name: &'static str,
    /// Whether several of its labels may be true at once.
    many: bool,
    labels: Vec<String>,
    /// What the service's own labels among them are called.
    names: BTreeMap<String, &'a CardTexts>,
}

/// Every group, in the order in which a worker sees them. Own labels without a name are not there.
pub(crate) fn groups(own: &OwnNames) -> Vec<Group<'_>> {
    let coded = CATALOGUE.iter().filter(|table| table.counted_by == CountedBy::Worker);
    coded.map(|table| group(table, own)).collect()
}

fn group<'a>(table: &Table, own: &'a OwnNames) -> Group<'a> {
    let mut labels: Vec<String> = table.labels.iter().map(|label| (*label).to_owned()).collect();
    let mut names = BTreeMap::new();
    for cell in table.cells() {
        if let Some(named) = own.get(&cell) {
            labels.push(label_of(cell));
            names.insert(label_of(cell), named);
        }
    }
    Group { name: table.name, many: table.many, labels, names }
}

/// The name of a cell's label in files and on the desk.
pub(crate) fn label_of(cell: Cell) -> String {
    let (table, place) = cell.table();
    table.label(place).unwrap_or_default()
}

/// The cell of a service's own label, by its number from 1 on.
pub(crate) fn own_cell(table: &Table, number: u8) -> Option<Cell> {
    table.cell_named(&format!("{OWN_LABEL_PREFIX}{number}"))
}

/// What was noted of one consultation: cells of the tables that workers code, each once.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Codes(BTreeSet<Cell>);

impl Codes {
    fn read(said: &BTreeMap<String, Vec<String>>) -> Option<Self> {
        let mut codes = BTreeSet::new();
        for (name, said) in said {
            let table = Table::named(name)?;
            if table.counted_by != CountedBy::Worker {
                return None;
            }
            let cells: Option<BTreeSet<Cell>> =
                said.iter().map(|label| table.cell_named(label)).collect();
            let cells = cells?;
            let labels_max = if table.many { LABELS_PER_CONSULTATION_MAX } else { 1 };
            if cells.len() > labels_max {
                return None;
            }
            codes.extend(cells);
        }
        Some(Self(codes))
    }

    /// Without those of the service's own labels that its pack does not name: what has no meaning is
    /// not counted.
    pub(crate) fn meant_by(mut self, own: &OwnNames) -> Self {
        let is_own = |cell: &Cell| {
            let (table, place) = cell.table();
            place >= table.labels.len()
        };
        self.0.retain(|cell| !is_own(cell) || own.contains_key(cell));
        self
    }

    pub(crate) fn cells(&self) -> impl Iterator<Item = Cell> {
        self.0.iter().copied()
    }
}

impl Serialize for Codes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut groups: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for cell in self.cells() {
            groups.entry(cell.table().0.name).or_default().push(label_of(cell));
        }
        groups.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Codes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let said = BTreeMap::deserialize(deserializer)?;
        Self::read(&said).ok_or_else(|| D::Error::custom("not in the catalogue"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(json: &str) -> Option<Codes> {
        serde_json::from_str(json).ok()
    }

    fn called(name: &str) -> CardTexts {
        CardTexts::for_all(name)
    }

    #[test]
    fn only_labels_that_workers_code_are_taken() {
        let taken = codes(r#"{"need":["legal","overdose","legal"],"age":[]}"#).unwrap();
        let json = serde_json::to_string(&taken).unwrap();
        assert_eq!(json, r#"{"need":["overdose","legal"]}"#, "in the order of the catalogue");
        for foreign in [
            r#"{"need":["Anna, +380"]}"#,
            r#"{"note":["solved"]}"#,
            r#"{"result":["solved","partly"]}"#,
            r#"{"need":"legal"}"#,
            // What the relay, the console and the client count.
            r#"{"request":["door"]}"#,
            r#"{"length":["over_60"]}"#,
            r#"{"material":["own_1"]}"#,
            r#"{"helped":["yes"]}"#,
            // A table's own labels have an end.
            r#"{"need":["own_0"]}"#,
            r#"{"need":["own_9"]}"#,
            r#"{"emergency":["own_1"]}"#,
            "[]",
        ] {
            assert!(codes(foreign).is_none(), "{foreign}");
        }
    }

    #[test]
    fn of_a_table_of_many_no_more_labels_are_taken_than_the_noise_is_made_for() {
        assert!(codes(r#"{"need":["legal","overdose","testing","legal"]}"#).is_some());
        assert!(codes(r#"{"need":["legal","overdose","testing","social"]}"#).is_none());
    }

    #[test]
    fn own_labels_are_there_when_the_pack_names_them() {
        let need = Table::named("need").unwrap();
        let own = OwnNames::from([(own_cell(need, 2).unwrap(), called("Housing"))]);
        let groups = serde_json::to_value(groups(&own)).unwrap();
        assert_eq!(groups[0]["group"], "need");
        assert_eq!(groups[0]["labels"].as_array().unwrap().last().unwrap(), "own_2");
        assert_eq!(groups[0]["labels"].as_array().unwrap().len(), 11);
        assert_eq!(groups[0]["names"]["own_2"]["en"], "Housing");
        assert_eq!(groups[1]["names"], serde_json::json!({}));
        let chosen = codes(r#"{"need":["own_1","own_2","legal"]}"#).unwrap().meant_by(&own);
        let json = serde_json::to_string(&chosen).unwrap();
        assert_eq!(json, r#"{"need":["legal","own_2"]}"#, "nobody knows what own_1 is");
    }
}
