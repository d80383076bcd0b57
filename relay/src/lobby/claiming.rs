//! What the lobby has asked of Redis, and for whom. The lobby never waits for an answer: it hears of it
//! when it comes, and meanwhile everything goes on.

use tokio::sync::watch;
use tokio::task::JoinSet;
use vestibule_wire::{AuthorityKey, OfferId, SeatKey, Timestamp};

use super::counter::SeatReply;
use crate::desk::WorkerId;
use crate::redis_store::{Claim, Claimed, Claims, Link};

/// The claims on their way.
#[allow(clippy::vec_box, reason = "what leaves a list of boxes is freed, and so wiped")]
pub(super) struct Claiming {
    claims: Claims,
    answers: JoinSet<Answer>,
    in_flight_max: usize,
    /// Who has accepted an offer. Few enough to be searched, and in boxes: the places of a list would go on
    /// to hold what has left it.
    accepting: Vec<Box<Accepting>>,
    /// Who takes a seat.
    seating: Vec<Box<Seating>>,
    /// The number of the next claim.
    next: u64,
    answers_now: watch::Receiver<Option<Link>>,
}

/// Workers who have accepted an offer, in this order.
pub(super) struct Accepting {
    number: u64,
    pub(super) authority: AuthorityKey,
    pub(super) offer: OfferId,
    pub(super) workers: Vec<WorkerId>,
}

/// Somebody who takes a seat.
pub(super) struct Seating {
    number: u64,
    pub(super) authority: AuthorityKey,
    pub(super) seat: SeatKey,
    pub(super) reply: SeatReply,
}

/// What became of the claim of this number.
#[derive(Clone, Copy)]
enum Answer {
    Accepted(u64, Claim),
    Seated(u64, Claim),
}

/// What the lobby hears.
pub(super) enum News {
    /// A claim of what workers accepted has ended.
    Accepted(Box<Accepting>, Claim),
    /// So has one for a seat.
    Seated(Box<Seating>, Claim),
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
            accepting: Vec::new(),
            seating: Vec::new(),
            next: 0,
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
        if let Some(known) = self.accepting.iter_mut().find(|known| known.offer == offer) {
            if !known.workers.contains(&worker) {
                known.workers.push(worker);
            }
            return true;
        }
        if !self.has_room() {
            return false;
        }
        let (number, authority) = (self.number(), claimed.authority);
        self.accepting.push(Box::new(Accepting {
            number,
            authority,
            offer,
            workers: vec![worker],
        }));
        let claims = self.claims.clone();
        self.answers.spawn(async move { Answer::Accepted(number, claims.claim(&claimed).await) });
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
        if self.seating.iter().any(|known| known.seat == seat) {
            return true;
        }
        if !self.has_room() {
            return false;
        }
        let (number, authority) = (self.number(), claimed.authority);
        self.seating.push(Box::new(Seating { number, authority, seat, reply }));
        let claims = self.claims.clone();
        self.answers
            .spawn(async move { Answer::Seated(number, claims.confirm(&claimed, now).await) });
        true
    }

    fn number(&mut self) -> u64 {
        self.next += 1;
        self.next
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
            Answer::Accepted(number, claim) => {
                let place = self.accepting.iter().position(|known| known.number == number)?;
                Some(News::Accepted(self.accepting.swap_remove(place), claim))
            }
            Answer::Seated(number, claim) => {
                let place = self.seating.iter().position(|known| known.number == number)?;
                Some(News::Seated(self.seating.swap_remove(place), claim))
            }
        }
    }
}
