//! Which keys seal and open which cells, while both ends change to new ones (section 7, "Fresh
//! secrets").

use vestibule_wire::{Malformed, Side};

use crate::cell::{Content, DATA_LEN};

/// How much may be under way (section 9).
#[allow(clippy::struct_field_names, reason = "each is a limit, and says of what")]
pub(crate) struct Limits {
    /// Cells under way before anything but news of arrivals waits.
    pub(crate) cells_max: usize,
    /// Cells under way at all: the other end's window.
    pub(crate) cells_with_news_max: usize,
    /// Numbers above the lowest missing one that are taken: the bits of a selective acknowledgement.
    pub(crate) ahead_cells_max: u64,
    /// What one cell carries of a record.
    pub(crate) data_bytes_max: usize,
}

/// Seals and opens the cells of one generation: real keys, or symbols where a model checker runs
/// this code.
pub(crate) trait Seal {
    /// A sealed cell.
    type Cell: Clone;
    /// A model checker explores smaller ones.
    const LIMITS: Limits = Limits {
        cells_max: 48,
        cells_with_news_max: 65,
        ahead_cells_max: 64,
        data_bytes_max: DATA_LEN,
    };
    /// Seals what `from` sends. The caller never uses a number twice.
    fn seal(&self, from: Side, sequence: u64, content: &Content) -> Self::Cell;
    /// Opens what `from` sent; `None` when it was not sealed with these keys.
    fn open(&self, from: Side, cell: &Self::Cell) -> Option<Result<Content, Malformed>>;
    /// The number that stands on a cell: true only when the cell opens.
    fn sequence(cell: &Self::Cell) -> u64;
}

/// The newest keys, and those before them as long as they can still be needed. Keys stay in a box:
/// moving a session leaves no copy of them.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Generations<K> {
    number: u32,
    newest: Box<K>,
    /// The highest number opened with them.
    opened_to: u64,
    former: Option<Former<K>>,
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Former<K> {
    keys: Box<K>,
    /// The highest number opened with them.
    opened_to: u64,
    /// The lowest number seen under the newest keys: from there on these open nothing.
    until: Option<u64>,
}

impl<K: Seal> Generations<K> {
    pub(crate) fn new(first: K) -> Self {
        Self { number: 0, newest: Box::new(first), opened_to: 0, former: None }
    }

    /// The number of the newest generation.
    pub(crate) fn number(&self) -> u32 {
        self.number
    }

    /// The newest keys, and the ones before while the other end may not have the newest.
    pub(crate) fn in_use(&self) -> impl Iterator<Item = &K> {
        let unheard = self.former.as_ref().filter(|former| former.until.is_none());
        [Some(&*self.newest), unheard.map(|former| &*former.keys)].into_iter().flatten()
    }

    /// The keys with which this end seals.
    pub(crate) fn newest(&self) -> &K {
        &self.newest
    }

    /// Whether the other end has not yet been heard under the newest keys.
    pub(crate) fn is_changing(&self) -> bool {
        self.former.as_ref().is_some_and(|former| former.until.is_none())
    }

    /// For the end that answers: the other seals with the old keys until it has read the answer.
    pub(crate) fn change_when_heard(&mut self, keys: K) {
        let keys = std::mem::replace(&mut self.newest, Box::new(keys));
        self.former = Some(Former { keys, opened_to: self.opened_to, until: None });
        (self.opened_to, self.number) = (0, self.number.saturating_add(1));
    }

    /// For the end that has read the answer, which ended in cell `last`: everything after it is
    /// sealed with the new keys.
    pub(crate) fn change_now(&mut self, keys: K, last: u64) -> Result<(), Malformed> {
        if self.opened_to > last {
            return Err(Malformed);
        }
        *self.newest = keys;
        self.former = None;
        (self.opened_to, self.number) = (0, self.number.saturating_add(1));
        Ok(())
    }

    pub(crate) fn open(
        &mut self,
        from: Side,
        cell: &K::Cell,
    ) -> Option<Result<Content, Malformed>> {
        let sequence = K::sequence(cell);
        let Some(former) = &mut self.former else {
            let opened = self.newest.open(from, cell);
            self.opened_to = self.opened_to.max(opened.as_ref().map_or(0, |_| sequence));
            return opened;
        };
        if let Some(opened) = self.newest.open(from, cell) {
            former.until = Some(former.until.unwrap_or(sequence).min(sequence));
            self.opened_to = self.opened_to.max(sequence);
            // Nobody seals with old keys once it has new ones.
            return Some(if former.opened_to > sequence { Err(Malformed) } else { opened });
        }
        if former.until.is_some_and(|until| sequence >= until) {
            return None;
        }
        let opened = former.keys.open(from, cell);
        former.opened_to = former.opened_to.max(opened.as_ref().map_or(0, |_| sequence));
        opened
    }

    /// Everything below `next` has arrived: keys that can open nothing more are wiped.
    pub(crate) fn settle(&mut self, next: u64) {
        let is_over = |former: &Former<K>| former.until.is_some_and(|until| until <= next);
        if self.former.as_ref().is_some_and(is_over) {
            self.former = None;
        }
    }
}
