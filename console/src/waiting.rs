//! Who waits, as the worker is shown it. Somebody may be offered by two nodes at once: by the one that they
//! reached last, and by one that has not noticed that their socket is dead. They stand here once, and are
//! accepted where they came last.

use vestibule_wire::{OfferId, Opening};

use crate::messages::{WaitingView, Wish};
use crate::nodes::NodeNumber;

/// An offer of one node.
pub(crate) type Place = (NodeNumber, OfferId);

/// One-time links come before doors, and whoever waits longer before the others.
#[derive(Default)]
pub(crate) struct Waiting {
    entries: Vec<Entry>,
    has_changed: bool,
}

struct Entry {
    view: WaitingView,
    opening: Opening,
    /// Never empty; the newest last.
    places: Vec<Place>,
    accepted_at: Option<Place>,
}

/// What the end of an offer means.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Gone {
    /// The worker had accepted, and nobody waits there any more.
    Accepted,
    /// Whoever it was is shown no more, or still is by another offer.
    Quietly,
}

impl Waiting {
    /// A node offers somebody.
    pub(crate) fn offered(&mut self, node: NodeNumber, view: WaitingView, opening: Opening) {
        let place = (node, view.offer);
        // A node that gives a number again means somebody else by it now; another node means nobody.
        self.remove_places(|known| known == place);
        if self.entries.iter().any(|entry| entry.holds(|known| known.1 == place.1)) {
            return;
        }
        self.has_changed = true;
        if let Some(entry) = self.entries.iter_mut().find(|entry| entry.opening == opening) {
            return entry.places.push(place);
        }
        let rank = (view.door, view.waiting_since);
        let at = self.entries.partition_point(|it| (it.view.door, it.view.waiting_since) <= rank);
        self.entries.insert(at, Entry { view, opening, places: vec![place], accepted_at: None });
    }

    /// An offer stands no more.
    pub(crate) fn withdrawn(&mut self, gone: Place) -> Gone {
        self.remove_places(|place| place == gone)
    }

    /// A node's offers stand no more.
    pub(crate) fn lost_node(&mut self, node: NodeNumber) {
        self.remove_places(|place| place.0 == node);
    }

    /// Nobody is offered any more.
    pub(crate) fn clear(&mut self) {
        self.has_changed |= !self.entries.is_empty();
        self.entries.clear();
    }

    /// An offer that was accepted still stands. `false` when it was not.
    pub(crate) fn deferred(&mut self, place: Place) -> bool {
        let accepted = self.entries.iter_mut().find(|entry| entry.accepted_at == Some(place));
        let Some(entry) = accepted else { return false };
        entry.release();
        self.has_changed = true;
        true
    }

    /// The worker has got whom this offer is of, who waits nowhere else either. Returns for whom they came.
    pub(crate) fn granted(&mut self, place: Place) -> Option<Wish> {
        let at = self.entries.iter().position(|entry| entry.holds(|known| *known == place))?;
        self.has_changed = true;
        self.entries.remove(at).view.wish
    }

    /// The worker takes whom it is shown so.
    pub(crate) fn accepted(&mut self, shown: OfferId) {
        if let Some(entry) = self.entries.iter_mut().find(|entry| entry.view.offer == shown) {
            entry.accepted_at = entry.places.last().copied();
            entry.view.accepting = true;
            self.has_changed = true;
        }
    }

    /// The worker does not want to see this one again.
    pub(crate) fn refused(&mut self, shown: OfferId) {
        self.entries.retain(|entry| entry.view.offer != shown);
        self.has_changed = true;
    }

    /// Whether somebody is shown so, and is being accepted.
    pub(crate) fn is_accepting(&self, shown: OfferId) -> Option<bool> {
        let entry = self.entries.iter().find(|entry| entry.view.offer == shown)?;
        Some(entry.view.accepting)
    }

    /// Where somebody who is shown so is offered, the newest last.
    pub(crate) fn places(&self, shown: OfferId) -> Vec<Place> {
        let entry = self.entries.iter().find(|entry| entry.view.offer == shown);
        entry.map(|entry| entry.places.clone()).unwrap_or_default()
    }

    /// How many are being accepted.
    pub(crate) fn accepting_count(&self) -> usize {
        self.entries.iter().filter(|entry| entry.view.accepting).count()
    }

    /// Reads again for whom those have come who wait.
    pub(crate) fn read_wishes(&mut self, wish: impl Fn(&WaitingView) -> Option<Wish>) {
        for Entry { view, .. } in &mut self.entries {
            let now = wish(view);
            self.has_changed |= view.wish != now;
            view.wish = now;
        }
    }

    pub(crate) fn views(&self) -> Vec<&WaitingView> {
        self.entries.iter().map(|entry| &entry.view).collect()
    }

    /// Whether something has changed since this was asked before.
    pub(crate) fn take_changed(&mut self) -> bool {
        std::mem::take(&mut self.has_changed)
    }

    fn remove_places(&mut self, is_gone: impl Fn(Place) -> bool) -> Gone {
        let mut gone = Gone::Quietly;
        for entry in &mut self.entries {
            let before = entry.places.len();
            entry.places.retain(|place| !is_gone(*place));
            if entry.places.len() == before {
                continue;
            }
            self.has_changed = true;
            let was_accepted = entry.accepted_at.take_if(|place| is_gone(*place)).is_some();
            match entry.places.last() {
                None if was_accepted => gone = Gone::Accepted,
                None => {}
                Some((_, newest)) => {
                    let shown = entry.view.offer;
                    if !entry.holds(|place| place.1 == shown) {
                        entry.view.offer = *newest;
                    }
                    if was_accepted {
                        entry.release();
                    }
                }
            }
        }
        self.entries.retain(|entry| !entry.places.is_empty());
        gone
    }
}

impl Entry {
    fn holds(&self, is_such: impl Fn(&Place) -> bool) -> bool {
        self.places.iter().any(is_such)
    }

    fn release(&mut self) {
        self.accepted_at = None;
        self.view.accepting = false;
    }
}

#[cfg(test)]
mod tests;
