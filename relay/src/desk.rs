//! The rules of the waiting room (section 6): who waits, who is on duty, what each was offered, who
//! accepted. No sockets, no clock, no random numbers: they come in with each event.

mod admission;
mod claims;
mod events;
mod requests;
mod waiting;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use vestibule_wire::{
    Close, DeclineReason, OfferId, Revocations, Role, SeatKey, Timestamp, Wait, WithdrawReason,
};

use crate::Limits;
pub(crate) use claims::ToClaim;
pub(crate) use events::{Action, Arrival, ClientId, Event, WorkerId};
use requests::EndedRequests;
pub(crate) use requests::{EndedRequest, RequestEnd};
use waiting::{Grant, Waiting};

/// Clients waiting per worker on duty, up to which the wait is told as "soon".
const SOON_CLIENTS_PER_WORKER: usize = 4;

/// The desk of one service.
pub(crate) struct Desk {
    limits: Limits,
    /// One-time links before doors, each in the order of arrival. Few enough to be searched.
    waiting: Vec<Waiting>,
    workers: BTreeSet<WorkerId>,
    /// What those of them do who said so.
    roles: BTreeMap<WorkerId, Role>,
    ended: EndedRequests,
    /// What the service no longer believes; the newest that was heard of.
    revocations: Option<Arc<Revocations>>,
    /// No one-time link can be claimed just now.
    is_held: bool,
}

/// Gives fresh random bytes.
pub(crate) type Random<'a> = &'a mut dyn FnMut() -> [u8; 16];

impl Desk {
    /// Nobody waits, nobody is on duty.
    pub(crate) fn new(limits: Limits) -> Self {
        let ended = EndedRequests::new(limits.ended_requests_max, limits.same_request_within);
        Self {
            limits,
            waiting: Vec::new(),
            workers: BTreeSet::new(),
            roles: BTreeMap::new(),
            ended,
            revocations: None,
            is_held: false,
        }
    }

    /// The clock shows this from now on.
    pub(crate) fn it_is(&mut self, clock: Timestamp) {
        self.ended.it_is(clock);
    }

    /// Applies one event. Events about those who are no longer here change nothing: they crossed an
    /// action on its way.
    pub(crate) fn handle(
        &mut self,
        event: Event,
        now: Duration,
        random: Random<'_>,
    ) -> Vec<Action> {
        let mut actions = Vec::new();
        self.pass_deadlines(now, random, &mut actions);
        match event {
            Event::ClientArrived(arrival) => self.admit(arrival, now, random, &mut actions),
            Event::ClientRefused(kind, opening_hash) => {
                let began = self.ended.begin(&opening_hash);
                let refused = (kind, RequestEnd::Refused);
                self.ended.end(opening_hash, began, refused, now, &mut actions);
            }
            Event::ClientLeft(client) => self.client_left(client, now, &mut actions),
            Event::WorkerArrived(worker, role) => {
                self.roles.extend(role.map(|role| (worker, role)));
                self.worker_arrived(worker, now, &mut actions);
            }
            Event::WorkerLeft(worker) => self.worker_left(worker),
            Event::WorkerSentOff(worker) => {
                self.worker_sent_off(worker, now, random, &mut actions);
            }
            Event::Accepted(worker, offer) => {
                self.accepted(worker, offer, now, random, &mut actions);
            }
            Event::Declined(worker, offer, reason) => {
                self.declined(worker, offer, reason, now, random, &mut actions);
            }
            Event::Deferred(worker, offer) => self.deferred(worker, offer, &mut actions),
            Event::SpentElsewhere(offer) => self.spent(offer, now, &mut actions),
            Event::SeatTaken(seat) => self.seat_taken(seat, now, &mut actions),
            Event::SeatDeferred(seat) => {
                self.seat_deferred(&seat, now, random, &mut actions);
            }
            Event::SeatSpentElsewhere(seat) => self.seat_spent(&seat, now, &mut actions),
            Event::Held(is_held) => self.is_held = is_held,
            Event::Revoked(revocations) => self.revoked(revocations, now, &mut actions),
            Event::Closing => self.ended.settle(&mut actions),
            Event::Tick => {}
        }
        self.tell_waits(&mut actions);
        actions
    }

    /// When the next `Tick` is due.
    pub(crate) fn next_deadline(&self) -> Option<Duration> {
        let waiting = self.waiting.iter().map(Waiting::deadline);
        waiting.chain(self.ended.next_deadline()).min()
    }

    /// Whether somebody is on duty.
    pub(crate) fn is_staffed(&self) -> bool {
        !self.workers.is_empty()
    }

    /// Whether `SeatTaken` with this key would match somebody.
    pub(crate) fn has_seat(&self, seat: &SeatKey) -> bool {
        self.waiting.iter().any(|waiting| waiting.holds_seat(seat))
    }

    fn client_left(&mut self, client: ClientId, now: Duration, actions: &mut Vec<Action>) {
        let nobody = self.workers.is_empty();
        let end = if nobody { RequestEnd::LeftNobodyOnDuty } else { RequestEnd::Left };
        let left = self.waiting.extract_if(.., |waiting| waiting.arrival.client == client);
        for waiting in left {
            waiting.end(end, now, &mut self.ended, actions);
            waiting.withdraw(&self.workers, WithdrawReason::Left, None, actions);
        }
    }

    fn worker_arrived(&mut self, worker: WorkerId, now: Duration, actions: &mut Vec<Action>) {
        self.workers.insert(worker);
        let offered = self.waiting.iter().filter(|waiting| waiting.grant.is_none());
        actions.extend(offered.map(|waiting| waiting.offer_to(worker, now)));
    }

    /// A seat that the worker was granted may still be taken: that is another socket.
    fn worker_left(&mut self, worker: WorkerId) {
        self.workers.remove(&worker);
        self.roles.remove(&worker);
        for waiting in &mut self.waiting {
            waiting.without_key.remove(&worker);
        }
    }

    /// Nor may one who was sent off take a seat that it was granted.
    fn worker_sent_off(
        &mut self,
        worker: WorkerId,
        now: Duration,
        random: Random<'_>,
        actions: &mut Vec<Action>,
    ) {
        self.worker_left(worker);
        for waiting in &mut self.waiting {
            if waiting.grant.as_ref().is_some_and(|grant| grant.worker == worker) {
                waiting.release(now, random, &self.workers, actions);
            }
        }
    }

    /// Keeps what is newer, and refuses those who wait with what no longer holds.
    fn revoked(&mut self, revocations: Arc<Revocations>, now: Duration, actions: &mut Vec<Action>) {
        let is_old = |known: &Arc<Revocations>| known.number() >= revocations.number();
        if self.revocations.as_ref().is_some_and(is_old) {
            return;
        }
        let refused =
            self.waiting.extract_if(.., |waiting| waiting.arrival.is_revoked(&revocations));
        for waiting in refused {
            waiting.end(RequestEnd::Refused, now, &mut self.ended, actions);
            actions.push(Action::CloseClient(waiting.arrival.client, Close::LinkRefused));
            waiting.withdraw(&self.workers, WithdrawReason::Refused, None, actions);
        }
        self.revocations = Some(revocations);
    }

    fn accepted(
        &mut self,
        worker: WorkerId,
        offer: OfferId,
        now: Duration,
        random: Random<'_>,
        actions: &mut Vec<Action>,
    ) {
        let workers = &self.workers;
        let Some(waiting) = self.waiting.iter_mut().find(|waiting| {
            waiting.offer == offer && waiting.grant.is_none() && waiting.is_for(worker, workers)
        }) else {
            return;
        };
        let seat = SeatKey(random());
        let link = waiting.arrival.link;
        let is_at_door = waiting.arrival.is_at_door();
        if !is_at_door {
            actions.push(Action::Spend(link, waiting.arrival.opening_hash));
        }
        actions.push(Action::Grant(worker, offer, seat));
        waiting.withdraw(workers, WithdrawReason::Taken, Some(worker), actions);
        let role = self.roles.get(&worker).copied();
        let until = now + self.limits.seat_deadline;
        waiting.grant = Some(Box::new(Grant { worker, role, seat, until }));
        if is_at_door {
            return;
        }
        let others = self
            .waiting
            .extract_if(.., |waiting| waiting.arrival.is_of(&link) && waiting.grant.is_none());
        for other in others {
            other.end(RequestEnd::Refused, now, &mut self.ended, actions);
            actions.push(Action::CloseClient(other.arrival.client, Close::LinkSpent));
            other.withdraw(workers, WithdrawReason::Refused, None, actions);
        }
    }

    fn declined(
        &mut self,
        worker: WorkerId,
        offer: OfferId,
        reason: DeclineReason,
        now: Duration,
        random: Random<'_>,
        actions: &mut Vec<Action>,
    ) {
        let workers = &self.workers;
        let Some(place) = self.waiting.iter().position(|waiting| {
            let granted_to_another =
                waiting.grant.as_ref().is_some_and(|grant| grant.worker != worker);
            waiting.offer == offer && !granted_to_another && waiting.is_for(worker, workers)
        }) else {
            return;
        };
        let close = match reason {
            DeclineReason::Spent => Close::LinkSpent,
            DeclineReason::Unreadable => Close::LinkRefused,
            DeclineReason::NoKey => {
                if let Some(waiting) = self.waiting.get_mut(place) {
                    waiting.without_key.insert(worker);
                    waiting.release(now, random, workers, actions);
                }
                return;
            }
        };
        let waiting = self.waiting.remove(place);
        if waiting.grant.is_none() {
            waiting.withdraw(workers, WithdrawReason::Refused, Some(worker), actions);
        } else {
            actions.extend(waiting.unspend());
        }
        waiting.end(RequestEnd::Refused, now, &mut self.ended, actions);
        actions.push(Action::CloseClient(waiting.arrival.client, close));
    }

    fn seat_taken(&mut self, seat: SeatKey, now: Duration, actions: &mut Vec<Action>) {
        for waiting in self.waiting.extract_if(.., |waiting| waiting.holds_seat(&seat)) {
            let role = waiting.grant.as_ref().and_then(|grant| grant.role);
            waiting.end(RequestEnd::Answered(role), now, &mut self.ended, actions);
            actions.push(Action::Match(waiting.arrival.client, seat));
        }
    }

    /// Closes clients whose link has expired and offers again those whose worker did not come.
    fn pass_deadlines(&mut self, now: Duration, random: Random<'_>, actions: &mut Vec<Action>) {
        self.ended.pass_deadlines(now, actions);
        let expired = self
            .waiting
            .extract_if(.., |waiting| waiting.grant.is_none() && waiting.arrival.expires <= now);
        for waiting in expired {
            waiting.end(RequestEnd::Refused, now, &mut self.ended, actions);
            actions.push(Action::CloseClient(waiting.arrival.client, Close::LinkExpired));
            waiting.withdraw(&self.workers, WithdrawReason::Refused, None, actions);
        }
        for waiting in &mut self.waiting {
            if waiting.grant.as_ref().is_some_and(|grant| grant.until <= now) {
                waiting.release(now, random, &self.workers, actions);
            }
        }
    }

    /// Tells each client whose wait has changed.
    fn tell_waits(&mut self, actions: &mut Vec<Action>) {
        let mut before = 0;
        for waiting in &mut self.waiting {
            // One who was granted a worker is told only when it came back on a new socket.
            let wait = if waiting.grant.is_some() {
                waiting.told.unwrap_or(Wait::Now)
            } else {
                before += 1;
                let workers = self.workers.len() - waiting.without_key.len();
                let is_held = self.is_held && !waiting.arrival.is_at_door();
                wait(before - 1, workers, is_held)
            };
            if waiting.told != Some(wait) {
                waiting.told = Some(wait);
                actions.push(Action::TellWait(waiting.arrival.client, wait));
            }
        }
    }
}

/// How long somebody waits with so many clients before and so many workers who can answer, held or not.
fn wait(clients_before: usize, workers: usize, is_held: bool) -> Wait {
    if workers == 0 {
        Wait::NobodyOnDuty
    } else if is_held {
        Wait::Held
    } else if clients_before < workers {
        Wait::Now
    } else if clients_before < workers * SOON_CLIENTS_PER_WORKER {
        Wait::Soon
    } else {
        Wait::Long
    }
}

#[cfg(test)]
mod tests;
