//! Whom this worker does not answer any more while the program runs. Nobody else is told: another
//! worker may answer.

use std::collections::{HashSet, VecDeque};

use vestibule_wire::{LinkId, Opening, hmac};
use zeroize::Zeroizing;

use crate::random;

/// Refusals that are remembered; the oldest are forgotten first.
const REFUSED_MAX: usize = 4_096;

/// Links and openings under a key that no other process has.
pub(crate) struct Refused {
    key: Zeroizing<[u8; 32]>,
    names: HashSet<[u8; 32]>,
    oldest_first: VecDeque<[u8; 32]>,
}

impl Refused {
    pub(crate) fn new() -> Self {
        let key = Zeroizing::new(random::bytes());
        Self { key, names: HashSet::new(), oldest_first: VecDeque::new() }
    }

    /// Whoever comes with this link is refused: it was given to one person.
    pub(crate) fn add_link(&mut self, link: LinkId) {
        self.add(self.of_link(link));
    }

    /// This opening is refused; whoever else comes through its door is not.
    pub(crate) fn add_opening(&mut self, opening: &Opening) {
        self.add(self.of_opening(opening));
    }

    pub(crate) fn holds(&self, link: LinkId, opening: &Opening) -> bool {
        let names = [self.of_link(link), self.of_opening(opening)];
        names.iter().any(|name| self.names.contains(name))
    }

    fn add(&mut self, name: [u8; 32]) {
        if self.names.insert(name) {
            self.oldest_first.push_back(name);
        }
        if self.oldest_first.len() > REFUSED_MAX
            && let Some(oldest) = self.oldest_first.pop_front()
        {
            self.names.remove(&oldest);
        }
    }

    fn of_link(&self, link: LinkId) -> [u8; 32] {
        hmac(&self.key, &[b"link", &link.0])
    }

    fn of_opening(&self, opening: &Opening) -> [u8; 32] {
        hmac(&self.key, &[b"opening", opening.as_bytes()])
    }
}

#[cfg(test)]
mod tests {
    use vestibule_wire::OPENING_LEN;

    use super::*;

    fn opening(byte: u8) -> Opening {
        Opening::new([byte; OPENING_LEN])
    }

    #[test]
    fn a_link_is_refused_with_every_opening_and_an_opening_alone() {
        let mut refused = Refused::new();
        let (link, door) = (LinkId([1; 16]), LinkId([2; 16]));
        refused.add_link(link);
        refused.add_opening(&opening(3));
        assert!(refused.holds(link, &opening(1)) && refused.holds(link, &opening(2)));
        assert!(refused.holds(door, &opening(3)));
        assert!(!refused.holds(door, &opening(4)));
    }

    #[test]
    fn memory_is_bounded() {
        let mut refused = Refused::new();
        for number in 0..=u32::try_from(REFUSED_MAX).unwrap() {
            let mut id = [0; 16];
            id[..4].copy_from_slice(&number.to_be_bytes());
            refused.add_link(LinkId(id));
        }
        assert_eq!((refused.names.len(), refused.oldest_first.len()), (REFUSED_MAX, REFUSED_MAX));
        assert!(!refused.holds(LinkId([0; 16]), &opening(1)), "the oldest");
    }
}
