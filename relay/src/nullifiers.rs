//! What a relay remembers of spent links: that they are spent, and by which opening (section 6).

use std::collections::HashMap;

use vestibule_wire::{CLOCK_TOLERANCE_SECONDS, Epoch, LinkName, Timestamp, hmac};
use zeroize::Zeroizing;

/// Whether an opening of a link may still be let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spent {
    /// No opening of the link was accepted.
    No,
    /// This opening was accepted before; it may come again.
    ByThisOpening,
    /// Another opening was.
    ByAnother,
}

/// The spent links of one service, in memory alone.
pub(crate) struct Nullifiers {
    nullifiers_max: usize,
    epochs: HashMap<Epoch, EpochNullifiers>,
}

/// Those of one epoch. The key goes with them, and with it every way to test a link against them.
struct EpochNullifiers {
    key: Zeroizing<[u8; 32]>,
    spent: HashMap<[u8; 16], Entry>,
}

struct Entry {
    opening_hash: [u8; 32],
    expires_at: Timestamp,
}

impl Nullifiers {
    /// None yet, and never more than about `nullifiers_max`.
    pub(crate) fn new(nullifiers_max: usize) -> Self {
        Self { nullifiers_max, epochs: HashMap::new() }
    }

    /// Whether no further link may be let into the waiting room. A link that waits already may still
    /// be spent: the waiting room is small, and forgetting a spent link would be worse.
    pub(crate) fn is_full(&self) -> bool {
        self.epochs.values().map(|epoch| epoch.spent.len()).sum::<usize>() >= self.nullifiers_max
    }

    /// Looks a link up.
    pub(crate) fn check(&self, link: &LinkName, opening_hash: &[u8; 32]) -> Spent {
        let entry =
            self.epochs.get(&link.epoch).and_then(|epoch| epoch.spent.get(&epoch.nullifier(link)));
        match entry {
            None => Spent::No,
            Some(entry) if entry.opening_hash == *opening_hash => Spent::ByThisOpening,
            Some(_) => Spent::ByAnother,
        }
    }

    /// Remembers a link as spent until it expires. `random` becomes the epoch's key if it has none.
    pub(crate) fn spend(
        &mut self,
        link: &LinkName,
        opening_hash: [u8; 32],
        random: impl FnOnce() -> [u8; 32],
    ) {
        let epoch = self.epochs.entry(link.epoch).or_insert_with(|| EpochNullifiers {
            key: Zeroizing::new(random()),
            spent: HashMap::new(),
        });
        let expires_at = link.expires_at();
        epoch.spent.insert(epoch.nullifier(link), Entry { opening_hash, expires_at });
    }

    /// Forgets that a link was spent: its worker never came.
    pub(crate) fn unspend(&mut self, link: &LinkName) {
        if let Some(epoch) = self.epochs.get_mut(&link.epoch) {
            epoch.spent.remove(&epoch.nullifier(link));
        }
    }

    /// Forgets links that have expired anyway, and the keys of epochs that are over.
    pub(crate) fn forget_expired(&mut self, now: Timestamp) {
        self.epochs.retain(|epoch, _| now <= epoch.ends_at().plus_seconds(CLOCK_TOLERANCE_SECONDS));
        for epoch in self.epochs.values_mut() {
            // The tolerance keeps a clock that is set back from reopening a link.
            epoch
                .spent
                .retain(|_, entry| now <= entry.expires_at.plus_seconds(CLOCK_TOLERANCE_SECONDS));
        }
    }
}

impl EpochNullifiers {
    fn nullifier(&self, link: &LinkName) -> [u8; 16] {
        let mac = hmac(&self.key, &[&link.id.0]);
        mac.first_chunk().copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
