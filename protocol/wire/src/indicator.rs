//! The catalogue of indicators: everything that is ever counted, as data (docs/indicators.md).
//!
//! A sum belongs to a [`Cell`]: one label of one table. Cells have positions and no text, so whatever
//! holds sums can hold nothing that a person wrote. There are no cross-tables: nothing is counted by
//! two tables at once.

mod catalogue;

use crate::{Language, Malformed};
pub use catalogue::CATALOGUE;

/// Cells of all tables.
pub const CELLS: usize = first_cell_of(CATALOGUE.len());
/// Labels of the longest table.
pub const TABLE_LABELS_MAX: usize = 32;
/// Labels of one consultation that a table of many counts; the others it leaves out. More would need
/// more noise on every cell.
pub const LABELS_PER_CONSULTATION_MAX: usize = 3;
/// What a service's own labels are called wherever its pack is not at hand: `own_1` and so on.
pub const OWN_LABEL_PREFIX: &str = "own_";

/// Sums by cell, in the order of the catalogue. Noise makes some of them negative.
pub type Sums = [i32; CELLS];

/// One table of the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Table {
    /// Its number on the wire.
    pub number: u8,
    /// Its name in files.
    pub name: &'static str,
    /// Who counts.
    pub counted_by: CountedBy,
    /// What is counted.
    pub unit: Unit,
    /// The names of its labels in files.
    pub labels: &'static [&'static str],
    /// For how many more labels it keeps places, which the list of languages gives it: the bits of a byte
    /// without those of `labels`. So a language that is added moves no other cell.
    pub listed: u8,
    /// How many labels a service may add.
    pub own_labels: u8,
    /// Whether one consultation may have several of its labels.
    pub many: bool,
}

/// Who counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CountedBy {
    /// The relay, by itself.
    Relay,
    /// The worker's console, by itself.
    Console,
    /// The worker, who codes a consultation.
    Worker,
    /// The client, who answers a question.
    Client,
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Somebody opened a link and pressed Start.
    Request,
    /// A client and a worker met.
    Consultation,
    /// A client answered a question.
    Answer,
    /// An hour. The one unit that is not about a client: it is counted without noise.
    Hour,
}

/// One label of one table: what a sum belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Cell(usize);

impl Table {
    /// The table of this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        TABLES.iter().find(|table| table.name == name)
    }

    /// The table of this number.
    pub fn numbered(number: u8) -> Option<&'static Self> {
        TABLES.iter().find(|table| table.number == number)
    }

    /// How many places it has, those of labels to come and of those that a service may add included.
    pub const fn len(&self) -> usize {
        self.labels.len().saturating_add(widen(self.listed)).saturating_add(widen(self.own_labels))
    }

    /// Whether it has none; no table of the catalogue has.
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The name of a label in files.
    pub fn label(&self, place: usize) -> Option<String> {
        if let Some(name) = self.labels.get(place) {
            return Some((*name).to_owned());
        }
        if let Some(language) = self.language(place) {
            return Some(language.code().to_owned());
        }
        let known = self.labels.len().saturating_add(usize::from(self.listed));
        let own = place.checked_sub(known).filter(|own| *own < usize::from(self.own_labels))?;
        Some(format!("{OWN_LABEL_PREFIX}{}", own.saturating_add(1)))
    }

    /// The language that a place belongs to, if the list has given it to one.
    pub fn language(&self, place: usize) -> Option<Language> {
        let listed = place.checked_sub(self.labels.len())? < usize::from(self.listed);
        let bit = listed.then(|| u32::try_from(place).ok()).flatten()?;
        Language::from_byte(1_u8.checked_shl(bit)?).ok()
    }

    /// The cell of a label by its place. A place that no language has been given yet has none.
    pub fn cell(&self, place: usize) -> Option<Cell> {
        let first = TABLES.iter().position(|table| table.number == self.number)?;
        self.label(place)?;
        Some(Cell(first_cell_of(first).saturating_add(place)))
    }

    /// The cell of a label by its name in files.
    pub fn cell_named(&self, label: &str) -> Option<Cell> {
        (0..self.len()).find_map(|place| {
            let named = self.label(place)? == label;
            if named { self.cell(place) } else { None }
        })
    }

    /// All its cells, in the order of its labels.
    pub fn cells(&self) -> impl Iterator<Item = Cell> {
        (0..self.len()).filter_map(|place| self.cell(place))
    }

    /// By what the noise of a table of one label is stretched: numerator and denominator.
    ///
    /// Whoever wants to tell two codings of one consultation apart looks at every cell in which they
    /// differ, at most twice the labels that one may have. Each of `n` cells votes right with
    /// probability `(1 + d) / 2`; the majority of 2 is ahead by `d`, that of 6 by not quite 15/8 of it.
    pub const fn noise_factor(&self) -> (u32, u32) {
        if self.many { (15, 8) } else { (1, 1) }
    }

    /// Whether its cells are about clients and therefore carry noise.
    pub fn is_about_clients(&self) -> bool {
        self.unit != Unit::Hour
    }
}

impl Cell {
    /// A cell by the names of its table and label. For constants: what is not in the catalogue does
    /// not compile there.
    ///
    /// # Panics
    /// When the catalogue does not have it.
    #[allow(clippy::panic, reason = "at the time of compilation")]
    pub const fn of(table: &str, label: &str) -> Self {
        let mut at = 0;
        while at < CATALOGUE.len() {
            let candidate = nth(at);
            if same(candidate.name, table) {
                let mut place = 0;
                let mut labels = candidate.labels;
                while let [first, rest @ ..] = labels {
                    if same(first, label) {
                        return Self(first_cell_of(at).saturating_add(place));
                    }
                    place = place.saturating_add(1);
                    labels = rest;
                }
            }
            at = at.saturating_add(1);
        }
        panic!("not in the catalogue")
    }

    /// Its place among all cells.
    pub const fn index(self) -> usize {
        self.0
    }

    /// The table that it is of, and the place of its label.
    pub fn table(self) -> (&'static Table, usize) {
        let mut place = self.0;
        for table in &TABLES {
            match place.checked_sub(table.len()) {
                Some(rest) => place = rest,
                None => return (table, place),
            }
        }
        unreachable!("every cell is of a table")
    }

    /// Adds to its sum. Sums stay at their limits.
    pub fn add(self, sums: &mut Sums, count: i32) {
        if let Some(sum) = sums.get_mut(self.0) {
            *sum = sum.saturating_add(count);
        }
    }

    /// Its sum.
    pub fn sum(self, sums: &Sums) -> i32 {
        sums.get(self.0).copied().unwrap_or_default()
    }
}

static TABLES: [Table; CATALOGUE.len()] = CATALOGUE;

#[allow(clippy::indexing_slicing, reason = "constants are built of it, within its length")]
const fn nth(at: usize) -> Table {
    CATALOGUE[at]
}

const fn first_cell_of(table: usize) -> usize {
    let mut cells: usize = 0;
    let mut at: usize = 0;
    while at < table {
        cells = cells.saturating_add(nth(at).len());
        at = at.saturating_add(1);
    }
    cells
}

#[allow(clippy::as_conversions, reason = "there is no other way to widen in a constant")]
const fn widen(count: u8) -> usize {
    count as usize
}

const fn same(left: &str, right: &str) -> bool {
    let (mut left, mut right) = (left.as_bytes(), right.as_bytes());
    loop {
        match (left, right) {
            ([], []) => return true,
            ([a, rest @ ..], [b, others @ ..]) if *a == *b => {
                left = rest;
                right = others;
            }
            _ => return false,
        }
    }
}

/// Sums from their form on the wire.
pub(crate) fn read_sums(bytes: &[u8]) -> Result<Box<Sums>, Malformed> {
    let (numbers, rest) = bytes.as_chunks::<4>();
    let sums: Vec<i32> = numbers.iter().map(|number| i32::from_be_bytes(*number)).collect();
    if !rest.is_empty() {
        return Err(Malformed);
    }
    Box::<Sums>::try_from(sums.into_boxed_slice()).map_err(|_| Malformed)
}

/// The form of sums on the wire.
pub(crate) fn write_sums(sums: &Sums) -> Vec<u8> {
    sums.iter().flat_map(|sum| sum.to_be_bytes()).collect()
}

#[cfg(test)]
mod tests;
