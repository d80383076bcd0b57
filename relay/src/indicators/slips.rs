//! Which slips were counted, so that none is twice: their numbers, which are random, in no order.

use std::collections::HashSet;
use std::mem;

/// The numbers of slips, in two sets: when the newer is full, the older is forgotten.
pub(super) struct Slips {
    newer: HashSet<[u8; 16]>,
    older: HashSet<[u8; 16]>,
    remembered_min: usize,
}

impl Slips {
    /// None yet.
    pub(super) fn new(remembered_min: usize) -> Self {
        Self { newer: HashSet::new(), older: HashSet::new(), remembered_min }
    }

    /// Remembers a slip; whether it is the first time.
    pub(super) fn is_new(&mut self, id: [u8; 16]) -> bool {
        if self.older.contains(&id) || !self.newer.insert(id) {
            return false;
        }
        if self.newer.len() >= self.remembered_min {
            self.older = mem::take(&mut self.newer);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::Slips;

    #[test]
    fn a_slip_is_new_once_and_the_memory_has_a_limit() {
        let mut slips = Slips::new(8);
        for id in 0..100_u8 {
            assert!(slips.is_new([id; 16]));
            for known in id.saturating_sub(7)..=id {
                assert!(!slips.is_new([known; 16]), "{known} after {id}");
            }
            assert!(slips.newer.len() + slips.older.len() <= 16);
        }
        assert!(slips.is_new([0; 16]));
    }
}
