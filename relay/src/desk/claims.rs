//! Where several relays serve as one, a one-time link is claimed at all of them before a worker is
//! granted it, and once more when the worker takes its seat. The desk says what is to be claimed and hears
//! how that ended; meanwhile everything stays as it is.

use std::time::Duration;

use vestibule_wire::{Close, LinkName, OfferId, SeatKey, WithdrawReason};

use super::waiting::Waiting;
use super::{Action, Desk, Random, RequestEnd, WorkerId};

/// Which link an opening wants, and what tells it from others of the link.
pub(crate) type ToClaim = (LinkName, [u8; 32]);

impl Desk {
    /// What is to be claimed before this worker may be granted this offer, if the offer stands and its
    /// link can be spent.
    pub(crate) fn to_claim(&self, worker: WorkerId, offer: OfferId) -> Option<ToClaim> {
        self.waiting.iter().find(|waiting| self.stands(waiting, worker, offer)).and_then(claim_of)
    }

    /// The same before somebody may take this seat.
    pub(crate) fn seat_to_claim(&self, seat: &SeatKey) -> Option<ToClaim> {
        self.waiting.iter().find(|waiting| waiting.holds_seat(seat)).and_then(claim_of)
    }

    fn stands(&self, waiting: &Waiting, worker: WorkerId, offer: OfferId) -> bool {
        waiting.offer == offer && waiting.grant.is_none() && waiting.is_for(worker, &self.workers)
    }

    /// Nobody can say whether the link is free: the offer stands.
    pub(super) fn deferred(&self, worker: WorkerId, offer: OfferId, actions: &mut Vec<Action>) {
        if self.waiting.iter().any(|waiting| self.stands(waiting, worker, offer)) {
            actions.push(Action::Defer(worker, offer));
        }
    }

    /// Another opening of the link was accepted at another relay.
    pub(super) fn spent(&mut self, offer: OfferId, now: Duration, actions: &mut Vec<Action>) {
        self.send_away(now, actions, |waiting| waiting.offer == offer && waiting.grant.is_none());
    }

    /// The same, found when a worker took its seat.
    pub(super) fn seat_spent(&mut self, seat: &SeatKey, now: Duration, actions: &mut Vec<Action>) {
        self.send_away(now, actions, |waiting| waiting.holds_seat(seat));
    }

    fn send_away(
        &mut self,
        now: Duration,
        actions: &mut Vec<Action>,
        whom: impl Fn(&Waiting) -> bool,
    ) {
        for waiting in self.waiting.extract_if(.., |waiting| whom(waiting)) {
            if waiting.grant.is_some() {
                actions.extend(waiting.unspend());
            }
            waiting.end(RequestEnd::Refused, now, &mut self.ended, actions);
            actions.push(Action::CloseClient(waiting.arrival.client, Close::LinkSpent));
            waiting.withdraw(&self.workers, WithdrawReason::Refused, None, actions);
        }
    }

    /// Nobody can say whether a seat may be taken: it may not, and the opening is offered again.
    pub(super) fn seat_deferred(
        &mut self,
        seat: &SeatKey,
        now: Duration,
        random: Random<'_>,
        actions: &mut Vec<Action>,
    ) {
        for waiting in self.waiting.iter_mut().filter(|waiting| waiting.holds_seat(seat)) {
            waiting.release(now, random, &self.workers, actions);
        }
    }
}

/// A door is never spent.
fn claim_of(waiting: &Waiting) -> Option<ToClaim> {
    let arrival = &waiting.arrival;
    (!arrival.is_at_door()).then_some((arrival.link, arrival.opening_hash))
}
