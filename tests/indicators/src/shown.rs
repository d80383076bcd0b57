//! What a report shows: the rows that `vestibule report --format csv` writes.

use vestibule_console::report_rows;
use vestibule_wire::{AuthorityKey, Cell, Period, Table};

/// One label in one period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// Which label.
    pub cell: Cell,
    /// The sum as it was published.
    pub raw: i64,
    /// The estimate.
    pub value: i64,
    /// Whether readers are shown "under 5" instead.
    pub under_5: bool,
}

/// The rows of a service's periods, in their order.
pub fn rows(authority: AuthorityKey, periods: Vec<Period>) -> Vec<Row> {
    let text = report_rows(authority, periods);
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().expect("there is a header").split(',').collect();
    let place = |name| header.iter().position(|column| *column == name).expect("a column");
    let columns = ["table", "label", "value_raw", "value", "under_5"].map(place);
    let row = |line: &str| {
        // No name of a pack is in it, and nothing else has a comma.
        let fields: Vec<&str> = line.split(',').collect();
        let [table, label, raw, value, under_5] = columns.map(|place| fields[place]);
        let table = Table::named(table).expect("of the catalogue");
        Row {
            cell: table.cell_named(label).expect("of the catalogue"),
            raw: raw.parse().expect("a number"),
            value: value.parse().expect("a number"),
            under_5: under_5 == "true",
        }
    };
    lines.map(row).collect()
}
