//! What a console has to hand in: the totals that wait until they are of enough consultations, and the
//! slips that the relay has not counted yet. Both outlive the program (`file`).

use rand::seq::SliceRandom;
use rand_core::CryptoRng;
use serde::Serialize;
use vestibule_wire::{
    AuthorityKey, CATALOGUE, CountedBy, Epoch, Malformed, Reader, SLIP_COUNT_MAX, Slip,
    TABLE_LABELS_MAX, Table,
};

use super::Totals;
use crate::account::Finished;

/// Totals of fewer consultations wait for those of the next shift.
pub(crate) const TOTALS_CONSULTATIONS_MIN: u16 = 5;
/// Slips that wait at once: those of four hand-ins, should no relay answer for so long. Then totals wait.
const SLIPS_MAX: usize = 96;
/// Room for the tables of a catalogue that grows.
const TABLES_MAX: usize = 32;
/// Of the form in a file.
const VERSION: u8 = 1;
/// The number of no table.
const NO_TABLE: u8 = 0;
/// Length of the form in a file: always the same.
pub(crate) const LEN: usize = 1
    + 2
    + 2
    + TABLES_MAX * (1 + TABLE_LABELS_MAX * 2)
    + SLIPS_MAX * (16 + 1 + TABLE_LABELS_MAX * 2);

type Counts = [u16; TABLE_LABELS_MAX];

/// What names a slip until it is counted.
pub(crate) type SlipId = [u8; 16];

/// A slip that has no signature yet.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct WaitingSlip {
    pub(crate) id: SlipId,
    table: &'static Table,
    counts: Counts,
}

impl WaitingSlip {
    /// With the keys by which it is to be signed.
    pub(crate) fn of_epoch(&self, authority: AuthorityKey, keys: (Epoch, u8)) -> Slip {
        Slip::new(authority, keys, self.id, self.table, &self.counts)
    }
}

/// What the worker is told, in consultations.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct HandInView {
    /// Their totals have been handed in since the program began.
    handed_in: u16,
    /// They are being handed in.
    going: u16,
    /// They wait for more.
    waiting: u16,
}

#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct ToHandIn {
    totals: Totals,
    slips: Vec<WaitingSlip>,
    /// Consultations of which the slips are.
    going: u16,
    handed_in: u16,
}

impl ToHandIn {
    pub(crate) fn add(&mut self, finished: &Finished) {
        self.totals.add(finished);
    }

    /// A shift is over: totals of enough consultations become slips, of one table each, in an order
    /// that tells nothing. Returns the new ones.
    pub(crate) fn close_shift<R: CryptoRng>(&mut self, rng: &mut R) -> Vec<WaitingSlip> {
        if self.totals.consultations < TOTALS_CONSULTATIONS_MIN {
            return Vec::new();
        }
        let mut slips: Vec<WaitingSlip> =
            handed_in_tables().filter_map(|table| self.slip(table, rng)).collect();
        if self.slips.len() + slips.len() > SLIPS_MAX {
            return Vec::new();
        }
        slips.shuffle(rng);
        let totals = std::mem::take(&mut self.totals);
        self.going = self.going.saturating_add(totals.consultations);
        self.slips.extend(slips.iter().cloned());
        slips
    }

    fn slip<R: CryptoRng>(&self, table: &'static Table, rng: &mut R) -> Option<WaitingSlip> {
        let counts = counts_of(&self.totals, table)?;
        let mut id = SlipId::default();
        rng.fill_bytes(&mut id);
        Some(WaitingSlip { id, table, counts })
    }

    /// The relay has counted a slip. Whether that is news.
    pub(crate) fn counted(&mut self, id: SlipId) -> bool {
        let before = self.slips.len();
        self.slips.retain(|slip| slip.id != id);
        if self.slips.is_empty() {
            self.handed_in = self.handed_in.saturating_add(std::mem::take(&mut self.going));
        }
        self.slips.len() < before
    }

    pub(crate) fn slips(&self) -> &[WaitingSlip] {
        &self.slips
    }

    /// Whether nothing would be lost with it.
    pub(crate) fn is_empty(&self) -> bool {
        self.slips.is_empty() && self.totals == Totals::default()
    }

    pub(crate) fn view(&self) -> HandInView {
        let Self { totals, going, handed_in, .. } = self;
        HandInView { handed_in: *handed_in, going: *going, waiting: totals.consultations }
    }

    /// The form in a file: always as long, whatever there is.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![VERSION];
        bytes.extend(self.totals.consultations.to_be_bytes());
        bytes.extend(self.going.to_be_bytes());
        let mut write = |id: Option<SlipId>, table: Option<&Table>, counts: &Counts| {
            bytes.extend(id.into_iter().flatten());
            bytes.push(table.map_or(NO_TABLE, |table| table.number));
            bytes.extend(counts.iter().flat_map(|count| count.to_be_bytes()));
        };
        let none = Counts::default();
        let counted = handed_in_tables()
            .filter_map(|table| Some((table, counts_of(&self.totals, table)?)))
            .map(|(table, counts)| (Some(table), counts));
        for (table, counts) in filled(counted, (None, none), TABLES_MAX) {
            write(None, table, &counts);
        }
        let slips = self.slips.iter().map(|slip| (slip.id, Some(slip.table), slip.counts));
        for (id, table, counts) in filled(slips, (SlipId::default(), None, none), SLIPS_MAX) {
            write(Some(id), table, &counts);
        }
        bytes
    }

    /// Reads that form.
    ///
    /// # Errors
    /// When it is none that [`to_bytes`](Self::to_bytes) writes.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(bytes);
        if reader.u8()? != VERSION {
            return Err(Malformed);
        }
        let mut read = Self::default();
        read.totals.consultations = reader.u16()?;
        read.going = reader.u16()?;
        for _ in 0..TABLES_MAX {
            if let Some((table, counts)) = read_counts(&mut reader)? {
                for (cell, count) in table.cells().zip(counts) {
                    cell.add(&mut read.totals.sums, count.into());
                }
            }
        }
        for _ in 0..SLIPS_MAX {
            let id = reader.array()?;
            if let Some((table, counts)) = read_counts(&mut reader)? {
                read.slips.push(WaitingSlip { id, table, counts });
            }
        }
        reader.finish()?;
        Ok(read)
    }
}

/// The tables that consoles hand in.
fn handed_in_tables() -> impl Iterator<Item = &'static Table> {
    let all = CATALOGUE.iter().filter(|table| table.counted_by != CountedBy::Relay);
    let numbers: Vec<u8> = all.map(|table| table.number).collect();
    numbers.into_iter().filter_map(Table::numbered)
}

/// The counts of a table, if there are any.
fn counts_of(totals: &Totals, table: &Table) -> Option<Counts> {
    let mut counts = Counts::default();
    for (count, cell) in counts.iter_mut().zip(table.cells()) {
        *count = u16::try_from(cell.sum(&totals.sums)).unwrap_or(SLIP_COUNT_MAX);
    }
    counts.iter().any(|count| *count > 0).then_some(counts)
}

fn read_counts(reader: &mut Reader<'_>) -> Result<Option<(&'static Table, Counts)>, Malformed> {
    let number = reader.u8()?;
    let mut counts = Counts::default();
    for count in &mut counts {
        *count = reader.u16()?;
    }
    if number == NO_TABLE {
        return Ok(None);
    }
    let table = Table::numbered(number).ok_or(Malformed)?;
    let beyond = counts.iter().skip(table.len()).any(|count| *count > 0);
    if table.counted_by == CountedBy::Relay || beyond {
        return Err(Malformed);
    }
    Ok(Some((table, counts)))
}

/// So many, however few there are.
fn filled<T: Clone>(
    some: impl Iterator<Item = T>,
    rest: T,
    count: usize,
) -> impl Iterator<Item = T> {
    some.chain(std::iter::repeat(rest)).take(count)
}

#[cfg(test)]
mod tests;
