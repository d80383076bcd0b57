//! The lobby's task: hears what tasks ask, what Redis says and how time goes by, and tells the desks.

use std::collections::HashMap;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};
use vestibule_wire::{AuthorityKey, OfferId, SeatKey};

use super::claiming::{Accepting, Claiming, News, Seating};
use super::counter::{Counter, SeatReply};
use super::{Reply, Request};
use crate::Clock;
use crate::desk::{Event, WorkerId};
use crate::redis_store::Claim;
use crate::stack;

/// How often expired nullifiers are looked for.
const SWEEP_INTERVAL: Duration = Duration::from_mins(1);

/// What the lobby's task owns.
pub(super) struct Room {
    clock: Clock,
    started: Instant,
    counters: HashMap<AuthorityKey, Counter>,
    claiming: Option<Claiming>,
}

impl Room {
    /// Nobody waits, nobody is on duty. One of several relays has claims.
    pub(super) fn new(
        clock: Clock,
        counters: HashMap<AuthorityKey, Counter>,
        claiming: Option<Claiming>,
    ) -> Self {
        Self { clock, started: Instant::now(), counters, claiming }
    }

    /// Serves until the last handle to the lobby is gone.
    pub(super) async fn run(mut self, mut requests: mpsc::Receiver<Request>) {
        self.hold_unless_redis_answers();
        let mut sweeps = tokio::time::interval(SWEEP_INTERVAL);
        loop {
            let deadline = self.next_deadline();
            tokio::select! {
                request = requests.recv() => match request {
                    Some(request) => {
                        self.handle(request);
                        stack::wipe();
                    }
                    None => return,
                },
                () = sleep_until(deadline.unwrap_or(self.started)), if deadline.is_some() => {
                    self.tick();
                }
                news = news(&mut self.claiming) => {
                    self.hear(news);
                    stack::wipe();
                }
                _ = sweeps.tick() => self.sweep(),
            }
        }
    }

    fn next_deadline(&self) -> Option<Instant> {
        let deadlines = self.counters.values().filter_map(Counter::next_deadline);
        deadlines.min().and_then(|deadline| self.started.checked_add(deadline))
    }

    fn handle(&mut self, request: Request) {
        let now = self.started.elapsed();
        match request {
            Request::Knocked { authority, door, opening_hash, reply } => {
                if let Some(counter) = self.counters.get(&authority) {
                    let _gone = reply.send(counter.knocked(&door, &opening_hash, now));
                }
            }
            Request::ClientArrived(client, checked, words) => {
                let expires_at = checked.link.expires_at();
                let expires_in = expires_at.0.saturating_sub(self.clock.now().0);
                let expires = now + Duration::from_secs(u64::from(expires_in));
                if let Some(counter) = self.counters.get_mut(&checked.authority) {
                    counter.client_arrived(client, words, *checked, expires, now);
                }
            }
            Request::ClientRefused(authority, kind, opening_hash) => {
                self.at(authority, Event::ClientRefused(kind, opening_hash), now);
            }
            Request::ClientLeft(authority, client) => {
                self.at(authority, Event::ClientLeft(client), now);
            }
            Request::WorkerArrived(authority, worker, role, words) => {
                if let Some(counter) = self.counters.get_mut(&authority) {
                    counter.worker_arrived(worker, role, words, now);
                }
            }
            Request::WorkerLeft(authority, worker) => {
                self.at(authority, Event::WorkerLeft(worker), now);
            }
            Request::WorkerSentOff(authority, worker) => {
                self.at(authority, Event::WorkerSentOff(worker), now);
            }
            Request::Revoked(authority, revocations) => {
                self.at(authority, Event::Revoked(revocations), now);
            }
            Request::Replied(authority, worker, offer, reply) => {
                let event = match reply {
                    Reply::Accept => return self.accepted(authority, worker, offer, now),
                    Reply::Decline(reason) => Event::Declined(worker, offer, reason),
                };
                self.at(authority, event, now);
            }
            Request::SeatTaken(seat, reply) => self.seat_taken(*seat, reply, now),
            Request::Closing(done) => {
                let counters = self.counters.values_mut();
                counters.for_each(|counter| counter.apply(Event::Closing, now, None));
                let _gone = done.send(());
            }
        }
    }

    /// Grants an offer when its link is claimed, if it has to be.
    fn accepted(
        &mut self,
        authority: AuthorityKey,
        worker: WorkerId,
        offer: OfferId,
        now: Duration,
    ) {
        let Some(counter) = self.counters.get_mut(&authority) else { return };
        let claimed = self.claiming.as_mut().zip(counter.to_claim(worker, offer));
        let event = match claimed {
            Some((claiming, claimed)) => {
                if claiming.accept(claimed, worker, offer) {
                    return;
                }
                Event::Deferred(worker, offer)
            }
            None => Event::Accepted(worker, offer),
        };
        counter.apply(event, now, None);
    }

    /// Matches whoever takes a seat when its link is claimed, if it has to be.
    fn seat_taken(&mut self, seat: SeatKey, reply: SeatReply, now: Duration) {
        let holds = |counter: &&mut Counter| counter.has_seat(&seat);
        let Some(counter) = self.counters.values_mut().find(holds) else { return };
        match self.claiming.as_mut().zip(counter.seat_to_claim(&seat)) {
            Some((claiming, claimed)) => {
                if !claiming.take_seat(claimed, seat, reply, self.clock.now()) {
                    counter.apply(Event::SeatDeferred(seat), now, None);
                }
            }
            None => counter.apply(Event::SeatTaken(seat), now, Some(reply)),
        }
    }

    /// A claim has ended, or whether Redis answers has changed.
    fn hear(&mut self, news: News) {
        let now = self.started.elapsed();
        match news {
            News::Accepted(accepting, claim) => {
                let Accepting { authority, offer, workers, .. } = *accepting;
                for worker in workers {
                    let event = match claim {
                        Claim::Holds => Event::Accepted(worker, offer),
                        Claim::Spent => Event::SpentElsewhere(offer),
                        Claim::Unknown => Event::Deferred(worker, offer),
                    };
                    self.at(authority, event, now);
                }
            }
            News::Seated(seating, claim) => {
                let Seating { authority, seat, reply, .. } = *seating;
                let (event, reply) = match claim {
                    Claim::Holds => (Event::SeatTaken(seat), Some(reply)),
                    Claim::Spent => (Event::SeatSpentElsewhere(seat), None),
                    Claim::Unknown => (Event::SeatDeferred(seat), None),
                };
                if let Some(counter) = self.counters.get_mut(&authority) {
                    counter.apply(event, now, reply);
                }
            }
            News::RedisChanged => self.hold_unless_redis_answers(),
        }
    }

    fn hold_unless_redis_answers(&mut self) {
        let Some(is_held) = self.claiming.as_ref().map(|claiming| !claiming.answers()) else {
            return;
        };
        let now = self.started.elapsed();
        let counters = self.counters.values_mut();
        counters.for_each(|counter| counter.apply(Event::Held(is_held), now, None));
    }

    fn at(&mut self, authority: AuthorityKey, event: Event, now: Duration) {
        if let Some(counter) = self.counters.get_mut(&authority) {
            counter.apply(event, now, None);
        }
    }

    fn tick(&mut self) {
        let now = self.started.elapsed();
        self.counters.values_mut().for_each(|counter| counter.apply(Event::Tick, now, None));
    }

    fn sweep(&mut self) {
        let (time, now) = (self.clock.now(), self.started.elapsed());
        self.counters.values_mut().for_each(|counter| counter.sweep(time, now));
    }
}

/// What is heard of claims; nothing ever of a relay that stands alone.
async fn news(claiming: &mut Option<Claiming>) -> News {
    match claiming {
        Some(claiming) => claiming.news().await,
        None => std::future::pending().await,
    }
}
