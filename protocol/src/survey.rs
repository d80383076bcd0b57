//! What a client answers before the end: a label of a table that clients count (section 10).

use vestibule_wire::{Cell, CountedBy, Malformed, Table};

/// The answer to one question. It is counted and shown to nobody, so it cannot be printed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SurveyAnswer(Cell);

impl SurveyAnswer {
    /// `None` for what is not a client's to answer.
    pub fn new(cell: Cell) -> Option<Self> {
        let (table, _) = cell.table();
        (table.counted_by == CountedBy::Client).then_some(Self(cell))
    }

    /// What it counts into.
    pub fn cell(self) -> Cell {
        self.0
    }

    /// The number of the table that asks.
    pub fn question(self) -> u8 {
        self.0.table().0.number
    }

    pub(crate) fn to_bytes(self) -> Vec<u8> {
        let (table, place) = self.0.table();
        let answer = u8::try_from(place.saturating_add(1)).expect("a table has at most 32 labels");
        vec![table.number, answer]
    }

    pub(crate) fn read(bytes: &[u8]) -> Result<Self, Malformed> {
        let [question, answer] = bytes else { return Err(Malformed) };
        let place = usize::from(*answer).checked_sub(1).ok_or(Malformed)?;
        let cell = Table::numbered(*question).and_then(|table| table.cell(place));
        cell.and_then(Self::new).ok_or(Malformed)
    }
}
