//! The sums of a period: each under the name of its label, under the name of its table.

use std::{fmt, mem};

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};
use vestibule_wire::{CATALOGUE, CELLS, Sums, Table};

/// All sums. Of a label that an older file does not have, the sum is nought.
pub(super) struct TablesForm(pub(super) Box<Sums>);

impl Serialize for TablesForm {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut tables = serializer.serialize_map(Some(CATALOGUE.len()))?;
        for table in &CATALOGUE {
            tables.serialize_entry(table.name, &LabelsForm(table, &self.0))?;
        }
        tables.end()
    }
}

struct LabelsForm<'a>(&'static Table, &'a Sums);

impl Serialize for LabelsForm<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let labels = (0..self.0.len()).filter_map(|place| self.0.label(place));
        serializer.collect_map(labels.zip(self.0.cells().map(|cell| cell.sum(self.1))))
    }
}

impl<'de> Deserialize<'de> for TablesForm {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut read = ReadSums { sums: Box::new([0; CELLS]), seen: [false; CELLS] };
        deserializer.deserialize_map(TablesVisitor(&mut read))?;
        Ok(Self(read.sums))
    }
}

struct ReadSums {
    sums: Box<Sums>,
    seen: [bool; CELLS],
}

struct TablesVisitor<'a>(&'a mut ReadSums);

impl<'de> Visitor<'de> for TablesVisitor<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("tables of the catalogue")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<String>()? {
            let table = Table::named(&name);
            let table = table.ok_or_else(|| A::Error::custom("a table is not of the catalogue"))?;
            map.next_value_seed(LabelsSeed(table, self.0))?;
        }
        Ok(())
    }
}

struct LabelsSeed<'a>(&'static Table, &'a mut ReadSums);

impl<'de> DeserializeSeed<'de> for LabelsSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for LabelsSeed<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "labels of the table {}", self.0.name)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self(table, read) = self;
        while let Some(label) = map.next_key::<String>()? {
            let cell = table.cell_named(&label).ok_or_else(|| {
                A::Error::custom(format!("a label is not of the table {}", table.name))
            })?;
            cell.add(&mut read.sums, map.next_value()?);
            let seen = read.seen.get_mut(cell.index());
            if seen.is_none_or(|seen| mem::replace(seen, true)) {
                return Err(A::Error::custom("a label comes twice"));
            }
        }
        Ok(())
    }
}
