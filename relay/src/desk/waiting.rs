//! One client in the waiting room.

use std::collections::{BTreeSet, HashSet};
use std::time::Duration;

use vestibule_wire::{OfferId, Role, SeatKey, Wait, WithdrawReason};

use super::requests::{Beginning, EndedRequests};
use super::{Action, Arrival, Random, RequestEnd, WorkerId};

/// A client in the waiting room.
pub(super) struct Waiting {
    /// Behind a pointer, like the grant: the list goes on to hold what was taken out of it, and what is
    /// freed is wiped.
    pub(super) arrival: Box<Arrival>,
    pub(super) since: Duration,
    pub(super) began: Beginning,
    pub(super) told: Option<Wait>,
    /// Workers who cannot read openings of this link's epoch.
    pub(super) without_key: HashSet<WorkerId>,
    pub(super) offer: OfferId,
    pub(super) grant: Option<Box<Grant>>,
}

/// A worker was first and has a seat to take.
pub(super) struct Grant {
    pub(super) worker: WorkerId,
    pub(super) role: Option<Role>,
    pub(super) seat: SeatKey,
    pub(super) until: Duration,
}

impl Waiting {
    pub(super) fn new(arrival: Arrival, began: Beginning, offer: OfferId, since: Duration) -> Self {
        let arrival = Box::new(arrival);
        Self { arrival, since, began, told: None, without_key: HashSet::new(), offer, grant: None }
    }

    /// Its request ends, for now.
    pub(super) fn end(
        &self,
        end: RequestEnd,
        now: Duration,
        ended: &mut EndedRequests,
        actions: &mut Vec<Action>,
    ) {
        let kind = self.arrival.link.kind();
        ended.end(self.arrival.opening_hash, self.began, (kind, end), now, actions);
    }

    pub(super) fn deadline(&self) -> Duration {
        self.grant.as_ref().map_or(self.arrival.expires, |grant| grant.until)
    }

    pub(super) fn holds_seat(&self, seat: &SeatKey) -> bool {
        self.grant.as_ref().is_some_and(|grant| grant.seat == *seat)
    }

    /// Whether a worker is one of those who were offered this client.
    pub(super) fn is_for(&self, worker: WorkerId, workers: &BTreeSet<WorkerId>) -> bool {
        workers.contains(&worker) && !self.without_key.contains(&worker)
    }

    pub(super) fn offer_to(&self, worker: WorkerId, now: Duration) -> Action {
        let waited = now.saturating_sub(self.since).as_secs();
        Action::Offer {
            worker,
            offer: self.offer,
            waited_seconds: u16::try_from(waited).unwrap_or(u16::MAX),
            link: self.arrival.link,
            opening: self.arrival.opening.clone(),
        }
    }

    /// Undoes the spending of the link by a grant. A door was not spent, and what an earlier grant spent
    /// stays so.
    pub(super) fn unspend(&self) -> Option<Action> {
        let spent_now = !self.arrival.is_at_door() && !self.arrival.spent_before;
        spent_now.then_some(Action::Unspend(self.arrival.link))
    }

    /// Ends a grant without a match: the link is unspent and the opening offered again, under a new
    /// name, because the others consider the old one withdrawn.
    pub(super) fn release(
        &mut self,
        now: Duration,
        random: Random<'_>,
        workers: &BTreeSet<WorkerId>,
        actions: &mut Vec<Action>,
    ) {
        if self.grant.take().is_none() {
            return;
        }
        actions.extend(self.unspend());
        self.offer = offer_id(random);
        let offered = workers.iter().filter(|worker| self.is_for(**worker, workers));
        actions.extend(offered.map(|worker| self.offer_to(*worker, now)));
    }

    /// Tells those who have an offer that it no longer stands: the one who was granted it, or everybody
    /// on duty who can read it.
    pub(super) fn withdraw(
        &self,
        workers: &BTreeSet<WorkerId>,
        reason: WithdrawReason,
        except: Option<WorkerId>,
        actions: &mut Vec<Action>,
    ) {
        let granted_to = self.grant.as_ref().map(|grant| grant.worker);
        let has_it = |worker: &&WorkerId| {
            Some(**worker) != except
                && self.is_for(**worker, workers)
                && granted_to.is_none_or(|holder| holder == **worker)
        };
        let told = workers.iter().filter(has_it);
        actions.extend(told.map(|worker| Action::Withdraw(*worker, self.offer, reason)));
    }
}

pub(super) fn offer_id(random: Random<'_>) -> OfferId {
    let bytes = random();
    OfferId(bytes.first_chunk().copied().unwrap_or_default())
}
