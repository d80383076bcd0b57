//! Links that this console knows to be spent: it refuses them itself, so that a relay that forgot,
//! or lies, does not open one again (section 6).

use std::collections::{HashMap, VecDeque};

use vestibule_wire::{LinkId, LinkKind, LinkName, Opening, hash, hmac};
use zeroize::Zeroizing;

use crate::random;

/// Links that are remembered, at about 100 bytes each; the oldest are forgotten first. A service
/// spends fewer in the week that a link lives.
const LINKS_MAX: usize = 16_384;

/// What an opening spends: its link, or, at a door, which is many people's, itself alone.
pub(crate) fn spent_by(link: &LinkName, opening: &Opening) -> LinkId {
    match link.kind() {
        LinkKind::OneTime => link.id,
        LinkKind::Door => {
            let of_opening = hash(&[opening.as_bytes()]);
            of_opening.first_chunk().map_or(link.id, |id| LinkId(*id))
        }
    }
}

/// The hash of no opening.
const NO_OPENING: [u8; 32] = [0; 32];

/// Spent links under a key that no other process has.
pub(crate) struct SpentLinks {
    key: Zeroizing<[u8; 32]>,
    openings: HashMap<[u8; 32], [u8; 32]>,
    oldest_first: VecDeque<[u8; 32]>,
}

impl SpentLinks {
    pub(crate) fn new() -> Self {
        Self {
            key: Zeroizing::new(random::bytes()),
            openings: HashMap::new(),
            oldest_first: VecDeque::new(),
        }
    }

    /// Whether another opening than this one has spent the link, or a consultation was held with it.
    pub(crate) fn spent_by_another(&self, link: LinkId, opening: &Opening) -> bool {
        let spent_by = self.openings.get(&self.nullifier(link));
        spent_by.is_some_and(|by| *by != hash(&[opening.as_bytes()]))
    }

    /// Remembers the opening that spent a link, unless another did; whether it is this one. Two nodes may
    /// both grant what this worker accepted at both, if what they share has been forgotten.
    pub(crate) fn learn(&mut self, link: LinkId, opening: &Opening) -> bool {
        let is_this_one = !self.spent_by_another(link, opening);
        if is_this_one {
            self.remember(link, hash(&[opening.as_bytes()]));
        }
        is_this_one
    }

    /// Remembers that a client has been live: now not even the same opening may come again.
    pub(crate) fn finish(&mut self, link: LinkId) {
        self.remember(link, NO_OPENING);
    }

    /// Forgets an opening that this console accepted and never answered: nobody can have become live
    /// by it, so the client may come with another. What a live client spent stays spent.
    pub(crate) fn take_back(&mut self, link: LinkId, opening: &Opening) {
        let nullifier = self.nullifier(link);
        if self.openings.get(&nullifier).is_some_and(|by| *by == hash(&[opening.as_bytes()])) {
            self.openings.remove(&nullifier);
            self.oldest_first.retain(|remembered| *remembered != nullifier);
        }
    }

    fn remember(&mut self, link: LinkId, spent_by: [u8; 32]) {
        let nullifier = self.nullifier(link);
        if self.openings.insert(nullifier, spent_by).is_none() {
            self.oldest_first.push_back(nullifier);
        }
        if self.oldest_first.len() > LINKS_MAX
            && let Some(oldest) = self.oldest_first.pop_front()
        {
            self.openings.remove(&oldest);
        }
    }

    fn nullifier(&self, link: LinkId) -> [u8; 32] {
        hmac(&self.key, &[&link.0])
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
    fn only_the_opening_that_spent_a_link_may_come_again() {
        let mut spent = SpentLinks::new();
        let link = LinkId([1; 16]);
        assert!(!spent.spent_by_another(link, &opening(1)));
        assert!(spent.learn(link, &opening(1)));
        assert!(!spent.learn(link, &opening(2)) && spent.learn(link, &opening(1)));
        assert!(!spent.spent_by_another(link, &opening(1)));
        assert!(spent.spent_by_another(link, &opening(2)));
        assert!(!spent.spent_by_another(LinkId([2; 16]), &opening(2)));
    }

    #[test]
    fn after_a_live_client_no_opening_may_come_again() {
        let mut spent = SpentLinks::new();
        let link = LinkId([1; 16]);
        spent.learn(link, &opening(1));
        spent.finish(link);
        assert!(spent.spent_by_another(link, &opening(1)));
        assert!(spent.spent_by_another(link, &opening(2)));
    }

    #[test]
    fn an_opening_that_was_never_answered_is_taken_back_and_a_live_one_is_not() {
        let mut spent = SpentLinks::new();
        let link = LinkId([1; 16]);
        spent.learn(link, &opening(1));
        spent.take_back(link, &opening(2));
        assert!(spent.spent_by_another(link, &opening(2)), "another's is not taken back");
        spent.take_back(link, &opening(1));
        assert!(!spent.spent_by_another(link, &opening(2)));
        assert!(spent.oldest_first.is_empty());
        spent.learn(link, &opening(2));
        spent.finish(link);
        spent.take_back(link, &opening(2));
        assert!(spent.spent_by_another(link, &opening(2)));
    }

    #[test]
    fn memory_is_bounded() {
        let mut spent = SpentLinks::new();
        for number in 0..=u32::try_from(LINKS_MAX).unwrap() {
            let mut id = [0; 16];
            id[..4].copy_from_slice(&number.to_be_bytes());
            spent.learn(LinkId(id), &opening(1));
        }
        assert_eq!(spent.openings.len(), LINKS_MAX);
        assert_eq!(spent.oldest_first.len(), LINKS_MAX);
        assert!(!spent.spent_by_another(LinkId([0; 16]), &opening(2)));
    }
}
