//! Which data element of a DHIS2 instance is which cell: a file that whoever runs the instance writes.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use vestibule_wire::{Cell, Table};

use crate::problem::Problem;
use crate::words::reason;

/// Largest file, in bytes.
const FILE_BYTES_MAX: u64 = 65_536;
/// Of an identifier that DHIS2 gives.
const UID_LEN: usize = 11;

/// Identifiers of a DHIS2 instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Dhis2Map {
    /// The organisation unit.
    pub(crate) org_unit: String,
    /// For all values; DHIS2 takes its own default when there is none.
    pub(crate) category_option_combo: Option<String>,
    /// Whether values are sent as they were published, also below nought.
    pub(crate) raw: bool,
    elements: BTreeMap<Cell, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MapFile {
    org_unit: String,
    category_option_combo: Option<String>,
    #[serde(default)]
    raw: bool,
    data_elements: BTreeMap<String, BTreeMap<String, String>>,
}

impl Dhis2Map {
    /// Reads the file.
    ///
    /// # Errors
    /// With a sentence that says what is wrong in it.
    pub(crate) fn read(path: &Path) -> Result<Self, Problem> {
        let file = path.display().to_string();
        let text = std::fs::metadata(path).and_then(|about| {
            let small = about.len() <= FILE_BYTES_MAX;
            if small {
                std::fs::read_to_string(path)
            } else {
                Err(std::io::ErrorKind::InvalidData.into())
            }
        });
        let text = text.map_err(|error| {
            let reason = reason(error.kind());
            Problem::new(
                "dhis2-map-unreadable",
                &[("file", file.as_str().into()), ("reason", reason.into())],
            )
        })?;
        Self::parse(&text).map_err(|wrong| {
            Problem::new("dhis2-map-wrong", &[("file", file.into()), ("wrong", wrong.into())])
        })
    }

    /// Reads the text; or says which part of it is wrong.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let said: MapFile =
            toml::from_str(text).map_err(|error| error.to_string().trim().replace('\n', " "))?;
        let mut elements = BTreeMap::new();
        for (table, labels) in said.data_elements {
            for (label, uid) in labels {
                let cell = Table::named(&table).and_then(|table| table.cell_named(&label));
                let cell = cell.ok_or_else(|| format!("data_elements.{table}.{label}"))?;
                elements.insert(cell, checked(uid)?);
            }
        }
        let category_option_combo = said.category_option_combo.map(checked).transpose()?;
        Ok(Self {
            org_unit: checked(said.org_unit)?,
            category_option_combo,
            raw: said.raw,
            elements,
        })
    }

    pub(crate) fn element(&self, cell: Cell) -> Option<&str> {
        self.elements.get(&cell).map(String::as_str)
    }
}

/// A letter, then ten letters and digits.
fn checked(uid: String) -> Result<String, String> {
    let form = uid.len() == UID_LEN
        && uid.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && uid.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic());
    if form { Ok(uid) } else { Err(uid) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "org_unit = \"DiszpKrYNg8\"\n[data_elements]\n\
                        request.one_time = \"f7n9E0hX8qk\"\nneed.own_1 = \"Ix2HsbDMLea\"\n";

    #[test]
    fn a_map_is_read() {
        let map = Dhis2Map::parse(GOOD).unwrap();
        assert_eq!(map.element(Cell::of("request", "one_time")), Some("f7n9E0hX8qk"));
        assert_eq!(map.element(Cell::of("request", "door")), None);
        assert!(!map.raw);
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (from, to, named) in [
            ("request.one_time", "request.once", "data_elements.request.once"),
            ("need.own_1", "need.own_9", "data_elements.need.own_9"),
            ("need.own_1", "needs.own_1", "data_elements.needs.own_1"),
            ("f7n9E0hX8qk", "7fn9E0hX8qk", "7fn9E0hX8qk"),
            ("Ix2HsbDMLea", "short", "short"),
            ("DiszpKrYNg8", "", ""),
            ("org_unit", "unit", "unit"),
        ] {
            let wrong = Dhis2Map::parse(&GOOD.replace(from, to)).unwrap_err();
            assert!(wrong.contains(named), "{wrong}");
        }
    }
}
