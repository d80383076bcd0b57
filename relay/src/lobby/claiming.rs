//! What the lobby has asked of Redis, and for whom. The lobby never waits for an answer: it hears of it
//! when it comes, and meanwhile everything goes on.

use std::collections::HashMap;

use tokio::sync::watch;
use tokio::task::JoinSet;
use vestibule_wire::{AuthorityKey, OfferId, SeatKey, Timestamp};

use super::counter::SeatReply;
use crate::desk::WorkerId;
use crate::redis_store::{Claim, Claimed, Claims, Link};

/// The claims on their way.
pub(super) struct Claiming {
    claims: Claims,
    answers: JoinSet<Answer>,
    in_flight_max: usize,
    /// Who has accepted an offer, in this order.
    accepting: HashMap<OfferId, Vec<WorkerId>>,
    /// Who takes a seat.
    seating: HashMap<SeatKey, SeatReply>,
    answers_now: watch::Receiver<Option<Link>>,
}

/// What became of a claim.
#[derive(Clone, Copy)]
enum Answer {
    Accepted(AuthorityKey, OfferId, Claim),
    Seated(AuthorityKey, SeatKey, Claim),
}

/// What the lobby hears.
pub(super) enum News {
    /// A claim of what these workers accepted, in this order, has ended.
    Accepted(AuthorityKey, OfferId, Vec<WorkerId>, Claim),
    /// So has one for a seat, with whoever takes it.
    Seated(AuthorityKey, SeatKey, SeatReply, Claim),
    /// Redis answers now, or does no longer.
    RedisChanged,
}

impl Claiming {
    /// Nothing was asked yet.
    pub(super) fn new(claims: Claims, in_flight_max: usize) -> Self {
        let answers_now = claims.store().watch();
        Self {
            claims,
            answers: JoinSet::new(),
            in_flight_max,
            accepting: HashMap::new(),
            seating: HashMap::new(),
            answers_now,
        }
    }

    /// Whether Redis answers just now.
    pub(super) fn answers(&self) -> bool {
        self.claims.store().answers()
    }

    /// A worker accepts an offer; whether it is to hear of it later. Of several the first may be granted
    /// it, if the claim holds and it is still there.
    #[must_use]
    pub(super) fn accept(&mut self, claimed: Claimed, worker: WorkerId, offer: OfferId) -> bool {
        if let Some(workers) = self.accepting.get_mut(&offer) {
            if !workers.contains(&worker) {
                workers.push(worker);
            }
            return true;
        }
        if !self.has_room() {
            return false;
        }
        self.accepting.insert(offer, vec![worker]);
        let claims = self.claims.clone();
        self.answers.spawn(async move {
            Answer::Accepted(claimed.authority, offer, claims.claim(&claimed).await)
        });
        true
    }

    /// Somebody takes a seat; whether it is to hear of it later. Whoever comes while another is asked for
    /// comes too late.
    #[must_use]
    pub(super) fn take_seat(
        &mut self,
        claimed: Claimed,
        seat: SeatKey,
        reply: SeatReply,
        now: Timestamp,
    ) -> bool {
        if self.seating.contains_key(&seat) {
            return true;
        }
        if !self.has_room() {
            return false;
        }
        self.seating.insert(seat, reply);
        let claims = self.claims.clone();
        self.answers.spawn(async move {
            Answer::Seated(claimed.authority, seat, claims.confirm(&claimed, now).await)
        });
        true
    }

    fn has_room(&self) -> bool {
        self.answers() && self.answers.len() < self.in_flight_max
    }

    /// What comes next.
    pub(super) async fn news(&mut self) -> News {
        loop {
            tokio::select! {
                Some(Ok(answer)) = self.answers.join_next() => {
                    if let Some(news) = self.tell(answer) {
                        return news;
                    }
                }
                Ok(()) = self.answers_now.changed() => {
                    self.answers_now.mark_unchanged();
                    return News::RedisChanged;
                }
                // Nothing is asked, and the keeper is gone: the relay stops.
                else => std::future::pending().await,
            }
        }
    }

    fn tell(&mut self, answer: Answer) -> Option<News> {
        match answer {
            Answer::Accepted(authority, offer, claim) => {
                let workers = self.accepting.remove(&offer)?;
                Some(News::Accepted(authority, offer, workers, claim))
            }
            Answer::Seated(authority, seat, claim) => {
                let reply = self.seating.remove(&seat)?;
                Some(News::Seated(authority, seat, reply, claim))
            }
        }
    }
}
