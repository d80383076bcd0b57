//! Sums of finished consultations: those of this shift, which the desk shows, and those that are to be
//! handed in. They name no consultation.

pub(crate) mod file;
pub(crate) mod handing_in;
pub(crate) mod to_hand_in;

use serde::Serialize;
use vestibule_wire::{CATALOGUE, CELLS, Cell, CountedBy, Sums, Table};

use crate::account::Finished;
use crate::coding::label_of;
use crate::pack::Pack;

/// Sums by cell, and of how many consultations they are. One that was handed over is among the
/// colleague's.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Totals {
    consultations: u16,
    sums: Box<Sums>,
}

impl Default for Totals {
    fn default() -> Self {
        Self { consultations: 0, sums: Box::new([0; CELLS]) }
    }
}

/// One sum, as the desk page is shown it.
#[derive(Serialize)]
pub(crate) struct TotalView {
    group: &'static str,
    label: String,
    count: i32,
}

impl Totals {
    /// Adds what a consultation counts.
    pub(crate) fn add(&mut self, finished: &Finished) {
        for cell in &finished.cells {
            cell.add(&mut self.sums, 1);
        }
        self.consultations = self.consultations.saturating_add(finished.is_consultation.into());
    }

    /// Those above nought that the worker knows of anyway. What clients answered is not shown.
    pub(crate) fn views(&self, pack: &Pack) -> Vec<TotalView> {
        let given = Table::named("hand_over").map_or(0, |table| {
            table.cells().map(|cell| cell.sum(&self.sums)).fold(0, i32::saturating_add)
        });
        let shift = [("consultations", i32::from(self.consultations)), ("hand_overs", given)];
        let shift = shift.into_iter().map(|(label, count)| TotalView {
            group: "shift",
            label: label.to_owned(),
            count,
        });
        let tables = CATALOGUE
            .iter()
            .filter(|table| table.counted_by == CountedBy::Worker || table.name == "material");
        let cells = tables.flat_map(Table::cells).map(|cell| TotalView {
            group: cell.table().0.name,
            label: name_of(cell, pack),
            count: cell.sum(&self.sums),
        });
        shift.chain(cells).filter(|view| view.count > 0).collect()
    }
}

/// A card by its own name, everything else by its name in the catalogue.
fn name_of(cell: Cell, pack: &Pack) -> String {
    let card = pack.materials().find(|(material, _)| *material == cell);
    card.map_or_else(|| label_of(cell), |(_, card)| card.id.clone())
}

#[cfg(test)]
mod tests;
