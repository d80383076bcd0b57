//! Where the two ends of a consultation meet again (section 6, "Rejoining"): the rules. They know no
//! socket; `W` is whatever leads to the one who waits.

use std::collections::HashMap;
use std::sync::Arc;

use vestibule_wire::{Route, Side};
use zeroize::ZeroizeOnDrop;

/// A route, for as long as somebody waits there. It stays where it was put and is wiped with its last
/// holder; as the map's own key it would be moved about and leave copies.
#[derive(PartialEq, Eq, Hash, ZeroizeOnDrop)]
pub(crate) struct Place([u8; 32]);

impl Place {
    /// The place that a route leads to.
    pub(crate) fn at(route: &Route) -> Arc<Self> {
        Arc::new(Self(route.0))
    }
}

/// One socket's wait at a place. Never given twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct VisitId(u64);

/// What becomes of one who arrives.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Arrival<W> {
    /// The other end waited here, and no longer does: this leads to it.
    Meets(W),
    /// It waits.
    Waits {
        /// To leave with.
        visit: VisitId,
        /// Leads to an older socket of the same end, which no longer waits.
        replaced: Option<W>,
    },
    /// Too many wait already.
    Crowded,
}

/// Everybody who waits for their other end. At one place waits at most one: two of different ends
/// meet, of two of the same end the newer waits.
pub(crate) struct Rendezvous<W> {
    waiting: HashMap<Arc<Place>, Waiting<W>>,
    waiting_max: usize,
    last_visit: u64,
}

struct Waiting<W> {
    side: Side,
    visit: VisitId,
    way: W,
}

impl<W> Rendezvous<W> {
    /// Nobody waits.
    pub(crate) fn new(waiting_max: usize) -> Self {
        Self { waiting: HashMap::new(), waiting_max, last_visit: 0 }
    }

    /// One end comes to a place; `way` leads to it while it waits.
    pub(crate) fn arrive(&mut self, side: Side, place: &Arc<Place>, way: W) -> Arrival<W> {
        let before = self.waiting.remove(place);
        let replaced = match before {
            Some(before) if before.side != side => return Arrival::Meets(before.way),
            Some(before) => Some(before.way),
            None => None,
        };
        if self.waiting.len() >= self.waiting_max {
            return Arrival::Crowded;
        }
        self.last_visit += 1;
        let visit = VisitId(self.last_visit);
        self.waiting.insert(Arc::clone(place), Waiting { side, visit, way });
        Arrival::Waits { visit, replaced }
    }

    /// One end waits no longer. Nothing changes if it was met or replaced already: who waits there
    /// now is another.
    pub(crate) fn leave(&mut self, place: &Arc<Place>, visit: VisitId) {
        if self.waiting.get(place).is_some_and(|waiting| waiting.visit == visit) {
            self.waiting.remove(place);
        }
    }
}

#[cfg(test)]
mod tests;
