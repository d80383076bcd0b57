//! Slips: what a console hands in of its shifts (docs/indicators.md). Each has the counts of one table
//! and nothing that tells whose it is, so that nobody can lay the tables of one shift side by side.

use crate::authority::verifies;
use crate::{
    AuthorityKey, Cell, CountedBy, Epoch, EpochStatement, Malformed, Reader, SIGNATURE_LEN,
    TABLE_LABELS_MAX, Table, label,
};

/// Length of a slip in bytes.
pub const SLIP_LEN: usize = 180;
/// The most that one cell of a slip may count: more than a worker's shifts between two hand-ins hold.
pub const SLIP_COUNT_MAX: u16 = 1_000;

/// Counts of one table, signed by an issuing key: by some worker of the service.
#[derive(Clone, PartialEq, Eq)]
pub struct Slip {
    /// Which service.
    pub authority: AuthorityKey,
    /// Of whose keys one signed.
    pub epoch: Epoch,
    /// Which generation of them.
    pub generation: u8,
    /// Random: the same slip is counted once, however often it comes.
    pub id: [u8; 16],
    /// Which table.
    table: &'static Table,
    counts: [u16; TABLE_LABELS_MAX],
}

impl Slip {
    /// Label under which issuing keys sign slips.
    pub const LABEL: &[u8] = label!("slip");

    /// Counts of a table by the place of their labels. What a slip may not hold is cut off.
    pub fn new(
        authority: AuthorityKey,
        (epoch, generation): (Epoch, u8),
        id: [u8; 16],
        table: &'static Table,
        counted: &[u16],
    ) -> Self {
        let mut counts = [0; TABLE_LABELS_MAX];
        for (count, counted) in counts.iter_mut().zip(counted).take(table.len()) {
            *count = (*counted).min(SLIP_COUNT_MAX);
        }
        Self { authority, epoch, generation, id, table, counts }
    }

    /// What is to be added to which cell.
    pub fn counts(&self) -> impl Iterator<Item = (Cell, u16)> {
        self.table.cells().zip(self.counts).filter(|(_, count)| *count > 0)
    }

    /// What an issuing key signs, and what precedes its signature.
    pub fn signed_bytes(&self) -> Vec<u8> {
        let counts = self.counts.iter().flat_map(|count| count.to_be_bytes());
        let mut bytes = self.authority.as_bytes().to_vec();
        bytes.extend(self.epoch.0.to_be_bytes());
        bytes.push(self.generation);
        bytes.extend(self.id);
        bytes.push(self.table.number);
        bytes.extend(counts);
        bytes
    }

    /// Takes a slip and its signature off a reader.
    ///
    /// # Errors
    /// When the table is none that consoles hand in, or a count is none that it may hold.
    pub fn read(reader: &mut Reader<'_>) -> Result<(Self, [u8; SIGNATURE_LEN]), Malformed> {
        let authority = AuthorityKey::from_bytes(reader.array()?);
        let (epoch, generation) = (Epoch(reader.u16()?), reader.u8()?);
        let id = reader.array()?;
        let table = Table::numbered(reader.u8()?).ok_or(Malformed)?;
        let mut counts = [0; TABLE_LABELS_MAX];
        for count in &mut counts {
            *count = reader.u16()?;
        }
        let slip = Self { authority, epoch, generation, id, table, counts };
        let beyond = slip.counts.iter().skip(table.len()).any(|count| *count > 0);
        let too_many = slip.counts.iter().any(|count| *count > SLIP_COUNT_MAX);
        if table.counted_by == CountedBy::Relay || beyond || too_many {
            return Err(Malformed);
        }
        Ok((slip, reader.array()?))
    }

    /// Whether the issuing key of this statement signed it.
    pub fn is_signed_by(
        &self,
        statement: &EpochStatement,
        signature: &[u8; SIGNATURE_LEN],
    ) -> bool {
        self.epoch == statement.epoch
            && self.generation == statement.generation
            && verifies(&statement.issuing_public, Self::LABEL, &self.signed_bytes(), signature)
    }
}
