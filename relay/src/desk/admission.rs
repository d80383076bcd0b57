//! Who may come into the waiting room. One-time links come before doors: in the order of waiting, and
//! when the room is full.

use std::time::Duration;

use vestibule_wire::{Close, LinkKind, LinkName, WithdrawReason};

use super::events::is_revoked;
use super::waiting::{Waiting, offer_id};
use super::{Action, Arrival, Desk, Random, RequestEnd};

impl Desk {
    /// Whether this very opening waits already: its client came again, on a new socket.
    pub(crate) fn waits_already(&self, link: &LinkName, opening_hash: &[u8; 32]) -> bool {
        self.of_link(link).any(|waiting| waiting.arrival.opening_hash == *opening_hash)
    }

    /// How many wait at a door.
    pub(crate) fn waiting_at(&self, door: &LinkName) -> usize {
        self.of_link(door).count()
    }

    /// Why another opening of this link may not come in, if it may not.
    pub(crate) fn refusal(&self, link: &LinkName, generation: Option<u8>) -> Option<Close> {
        let is_revoked = |known| is_revoked(link, generation, known);
        if self.revocations.as_deref().is_some_and(is_revoked) {
            return Some(Close::LinkRefused);
        }
        let limits = &self.limits;
        let copies = self.of_link(link).count();
        let is_full = self.waiting.len() >= limits.waiting_openings_max;
        match link.kind() {
            LinkKind::OneTime if self.of_link(link).any(|waiting| waiting.grant.is_some()) => {
                Some(Close::LinkSpent)
            }
            LinkKind::OneTime if copies >= limits.openings_per_link_max => {
                Some(Close::LinkOpenElsewhere)
            }
            LinkKind::OneTime => {
                (is_full && self.youngest_at_door().is_none()).then_some(Close::Crowded)
            }
            LinkKind::Door => {
                let at_doors = self.waiting.iter().filter(|waiting| waiting.arrival.is_at_door());
                let no_place = is_full
                    || at_doors.count() >= limits.door_openings_max
                    || copies >= limits.openings_per_door_max;
                no_place.then_some(Close::Crowded)
            }
        }
    }

    pub(super) fn admit(
        &mut self,
        arrival: Arrival,
        now: Duration,
        random: Random<'_>,
        actions: &mut Vec<Action>,
    ) {
        let same_opening = |waiting: &&mut Waiting| {
            waiting.arrival.is_of(&arrival.link)
                && waiting.arrival.opening_hash == arrival.opening_hash
        };
        if let Some(waiting) = self.waiting.iter_mut().find(same_opening) {
            // The same client again: its old socket broke and nobody has noticed yet.
            actions.push(Action::CloseClient(waiting.arrival.client, Close::LinkOpenElsewhere));
            waiting.arrival.client = arrival.client;
            waiting.told = None;
            return;
        }
        let began = self.ended.begin(&arrival.opening_hash);
        if let Some(close) = self.refusal(&arrival.link, arrival.generation) {
            let refused = (arrival.link.kind(), RequestEnd::Refused);
            self.ended.end(arrival.opening_hash, began, refused, now, actions);
            actions.push(Action::CloseClient(arrival.client, close));
            return;
        }
        if self.waiting.len() >= self.limits.waiting_openings_max {
            self.send_youngest_away(now, actions);
        }
        let waiting = Waiting::new(arrival, began, offer_id(random), now);
        self.workers.iter().for_each(|worker| actions.push(waiting.offer_to(*worker, now)));
        let place = if waiting.arrival.is_at_door() {
            self.waiting.len()
        } else {
            self.waiting.partition_point(|other| !other.arrival.is_at_door())
        };
        self.waiting.insert(place, waiting);
    }

    fn of_link<'a>(&'a self, link: &'a LinkName) -> impl Iterator<Item = &'a Waiting> {
        self.waiting.iter().filter(|waiting| waiting.arrival.is_of(link))
    }

    /// Where the one is who came last to any door, and whom no worker has accepted.
    fn youngest_at_door(&self) -> Option<usize> {
        let may_go = |waiting: &Waiting| waiting.arrival.is_at_door() && waiting.grant.is_none();
        self.waiting.iter().rposition(may_go)
    }

    /// Makes room for a one-time link.
    fn send_youngest_away(&mut self, now: Duration, actions: &mut Vec<Action>) {
        if let Some(place) = self.youngest_at_door() {
            let sent_away = self.waiting.remove(place);
            sent_away.end(RequestEnd::Refused, now, &mut self.ended, actions);
            actions.push(Action::CloseClient(sent_away.arrival.client, Close::Crowded));
            sent_away.withdraw(&self.workers, WithdrawReason::Left, None, actions);
        }
    }
}
