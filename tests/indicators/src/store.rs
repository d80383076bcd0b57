//! The relay's file of sums, as anybody with the machine's disk reads it.

use std::collections::HashMap;
use std::path::Path;

use serde_json::Value;
use vestibule_wire::{AuthorityKey, CELLS, Sums, Table};

/// The sums of each service, all periods together.
#[derive(Default, PartialEq, Eq)]
pub struct Store(HashMap<String, Box<Sums>>);

impl Store {
    /// Reads the file; none is empty.
    pub fn read(path: &Path) -> Self {
        let Ok(text) = std::fs::read_to_string(path) else { return Self::default() };
        let json: Value = serde_json::from_str(&text).expect("the file is whole at every moment");
        let services = json["services"].as_object().expect("it has services");
        let of_service = |(authority, periods): (&String, &Value)| {
            let mut sums = Box::new([0; CELLS]);
            for period in periods.as_object().into_iter().flat_map(|periods| periods.values()) {
                add(period, &mut sums);
            }
            (authority.clone(), sums)
        };
        Self(services.iter().map(of_service).collect())
    }

    /// How many periods the file has of each service.
    pub fn periods(path: &Path) -> HashMap<String, usize> {
        let text =
            std::fs::read_to_string(path).unwrap_or_else(|_| r#"{"services":{}}"#.to_owned());
        let json: Value = serde_json::from_str(&text).expect("the file is whole at every moment");
        let services = json["services"].as_object().into_iter().flatten();
        let count = |periods: &Value| periods.as_object().map_or(0, serde_json::Map::len);
        services.map(|(authority, periods)| (authority.clone(), count(periods))).collect()
    }

    /// A service's sums; all nought when it has none.
    pub fn sums(&self, authority: AuthorityKey) -> Box<Sums> {
        self.0.get(&authority.to_hex()).cloned().unwrap_or_else(|| Box::new([0; CELLS]))
    }
}

fn add(period: &Value, sums: &mut Sums) {
    for (name, labels) in period["tables"].as_object().expect("a period has tables") {
        let table = Table::named(name).expect("tables are those of the catalogue");
        for (label, sum) in labels.as_object().expect("a table has labels") {
            let cell = table.cell_named(label).expect("labels are those of the catalogue");
            let sum = sum.as_i64().and_then(|sum| i32::try_from(sum).ok());
            cell.add(sums, sum.expect("a sum is a number"));
        }
    }
}
