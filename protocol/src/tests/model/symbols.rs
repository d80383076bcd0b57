//! Keys and cells as symbols: a cell opens exactly with the keys that sealed it. What `Stream` does
//! with them is the real thing.

use std::fmt::Debug;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::sync::Arc;

use vestibule_wire::{Malformed, Side};
use zeroize::Zeroizing;

use crate::cell::Content;
use crate::file::Outgoing;
use crate::record::Body;
use crate::session::{Limits, Seal};

/// What is wrong with the ends of a model, so that tests can show that it would be found.
pub(super) trait Flaw:
    Debug + Clone + PartialEq + Eq + Hash + Send + Sync + 'static
{
    /// Small windows fill within the bounds of the search.
    const LIMITS: Limits =
        Limits { cells_max: 2, cells_with_news_max: 3, ahead_cells_max: 2, data_bytes_max: 1 };
    /// Opens what former keys have sealed, however old.
    const KEEPS_OLD_KEYS: bool = false;
    /// Takes every cell for the one that it waits for.
    const IGNORES_NUMBERS: bool = false;
    /// In a hand-over, gives the colleague words that the client has received.
    const FORGETS_CARRIED_OVER: bool = false;
    /// What an end says of arrivals that are really `acknowledged`.
    fn acknowledges(acknowledged: u64) -> u64 {
        acknowledged
    }
}

/// None: the protocol as it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Sound;
impl Flaw for Sound {}

/// The same, where windows are not what is looked at.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Roomy;
impl Flaw for Roomy {
    const LIMITS: Limits =
        Limits { cells_max: 9, cells_with_news_max: 13, ahead_cells_max: 12, data_bytes_max: 1 };
}

/// The keys of one generation of one session.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Symbol<F> {
    /// Agreed with another worker are other keys.
    pub(super) session: u8,
    pub(super) generation: u8,
    flaw: PhantomData<F>,
}

/// Cells are copied often and never changed.
pub(super) type SymbolicCell = Arc<Sealed>;

#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Sealed {
    pub(super) session: u8,
    pub(super) generation: u8,
    pub(super) from: Side,
    pub(super) sequence: u64,
    pub(super) content: Content,
}

impl<F> Symbol<F> {
    pub(super) fn new(session: u8, generation: u8) -> Self {
        Self { session, generation, flaw: PhantomData }
    }
}

impl<F: Flaw> Seal for Symbol<F> {
    type Cell = SymbolicCell;
    const LIMITS: Limits = F::LIMITS;

    fn seal(&self, from: Side, sequence: u64, content: &Content) -> SymbolicCell {
        let Self { session, generation, .. } = *self;
        let content =
            Content { acknowledged: F::acknowledges(content.acknowledged), ..content.clone() };
        Arc::new(Sealed { session, generation, from, sequence, content })
    }

    fn open(&self, from: Side, cell: &SymbolicCell) -> Option<Result<Content, Malformed>> {
        let (of_cell, own) = ((cell.session, cell.generation), (self.session, self.generation));
        let is_old = F::KEEPS_OLD_KEYS && of_cell < own;
        let opens = cell.from == from && (of_cell == own || is_old);
        opens.then(|| Ok(cell.content.clone()))
    }

    fn sequence(cell: &SymbolicCell) -> u64 {
        cell.sequence
    }
}

impl Hash for Content {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.acknowledged, self.selective, self.record_type, self.more).hash(state);
        self.data.as_slice().hash(state);
    }
}

impl Hash for Body {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.record_type, self.bytes.as_slice()).hash(state);
    }
}

impl Hash for Outgoing {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.content.as_slice().hash(state);
        (self.file, self.padded_size, self.at).hash(state);
    }
}

pub(super) fn body(record_type: u8, bytes: &[u8]) -> Body {
    Body { record_type, bytes: Zeroizing::new(bytes.to_vec()) }
}
