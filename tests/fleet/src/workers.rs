//! Workers who are on duty at every node and want everybody: what a console does until it has a seat.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::sleep;
use vestibule_tests::service::{Service, Shift};
use vestibule_tests::socket::{Next, Socket, Speaking, Way};
use vestibule_tests::worker::{DutyWorker, take_seat};
use vestibule_wire::{
    Close, LinkId, OfferId, Opening, RelayToSeat, RelayToWorker, SeatKey, WorkerToRelay, hash,
};

/// Frames that wait for one worker.
const FRAMES_WAITING_MAX: usize = 4_096;
/// Offers that a worker wants to accept again.
const RETRIES_WAITING_MAX: usize = 4_096;
/// From `deferred` to the worker's next click.
const RETRY_PAUSE: Duration = Duration::from_millis(500);

/// What became of an accepted offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The worker has the seat.
    Seated,
    /// It had the grant, but not the seat.
    SeatLost,
    /// Nobody can say just now.
    Deferred,
}

/// Something that happened to an opening of a link.
pub struct News {
    /// The link.
    pub link: LinkId,
    /// Tells the opening from others of the link.
    pub opening_hash: [u8; 32],
    /// What happened.
    pub outcome: Outcome,
}

/// A worker with a duty socket to every node.
struct Greedy {
    ways: Vec<Way>,
    speaking: Vec<Speaking>,
    offers: HashMap<(usize, OfferId), Offer>,
    /// Of a link: where it was offered. Accepted as soon as so many openings are there.
    seen: HashMap<LinkId, Vec<(usize, OfferId)>>,
    openings_per_link: usize,
    told: mpsc::Sender<News>,
    seats: JoinSet<()>,
    again: mpsc::Sender<(usize, OfferId)>,
}

struct Offer {
    link: LinkId,
    opening_hash: [u8; 32],
}

/// Goes on duty at all nodes. Accepts both openings of a link at once when both are offered, and again
/// whatever is offered or deferred later; takes every seat.
pub async fn go_on_duty(
    ways: &[Way],
    service: &Service,
    shift: Shift,
    openings_per_link: usize,
    told: mpsc::Sender<News>,
) -> AbortHandle {
    let shift = Arc::new(shift);
    let (heard, frames) = mpsc::channel(FRAMES_WAITING_MAX);
    let (again, retries) = mpsc::channel(RETRIES_WAITING_MAX);
    let mut speaking = Vec::new();
    let mut hearing = JoinSet::new();
    for (node, way) in ways.iter().enumerate() {
        let duty = DutyWorker::go_on_duty(way, service, Arc::clone(&shift)).await;
        let (speaks, mut hears) = duty.socket.split();
        speaking.push(speaks);
        let heard = heard.clone();
        hearing.spawn(async move {
            while let Next::Message(frame) = hears.next().await {
                let frame = RelayToWorker::decode(&frame).expect("a frame of the table");
                if heard.send((node, frame)).await.is_err() {
                    return;
                }
            }
        });
    }
    let greedy = Greedy {
        ways: ways.to_vec(),
        speaking,
        offers: HashMap::new(),
        seen: HashMap::new(),
        openings_per_link,
        told,
        seats: JoinSet::new(),
        again,
    };
    tokio::spawn(async move {
        let _hearing = hearing;
        greedy.live(frames, retries).await;
    })
    .abort_handle()
}

impl Greedy {
    async fn live(
        mut self,
        mut frames: mpsc::Receiver<(usize, RelayToWorker)>,
        mut retries: mpsc::Receiver<(usize, OfferId)>,
    ) {
        loop {
            tokio::select! {
                Some((node, frame)) = frames.recv() => self.hear(node, frame).await,
                Some((node, offer)) = retries.recv() => self.accept(node, offer).await,
                Some(_seat) = self.seats.join_next() => {}
                else => return,
            }
        }
    }

    async fn hear(&mut self, node: usize, frame: RelayToWorker) {
        match frame {
            RelayToWorker::Offer { offer, link, opening, .. } => {
                let opening_hash = hash_of(&opening);
                self.offers.insert((node, offer), Offer { link: link.id, opening_hash });
                let seen = self.seen.entry(link.id).or_default();
                seen.push((node, offer));
                // Those before are accepted already.
                let due = match seen.len() {
                    count if count < self.openings_per_link => 0,
                    count if count == self.openings_per_link => count,
                    _ => 1,
                };
                let due: Vec<_> = seen.iter().rev().take(due).copied().collect();
                for (node, offer) in due {
                    self.accept(node, offer).await;
                }
            }
            RelayToWorker::Granted(offer, seat) => {
                let granted = self.offers.remove(&(node, offer)).expect("offered before");
                let (way, told) = (self.ways[node].clone(), self.told.clone());
                self.seats.spawn(async move { sit(&way, seat, granted, &told).await });
            }
            RelayToWorker::Deferred(offer) => {
                if let Some(Offer { link, opening_hash }) = self.offers.get(&(node, offer)) {
                    let (link, opening_hash) = (*link, *opening_hash);
                    let news = News { link, opening_hash, outcome: Outcome::Deferred };
                    let _nobody_asks = self.told.send(news).await;
                }
                let again = self.again.clone();
                self.seats.spawn(async move {
                    sleep(RETRY_PAUSE).await;
                    let _over = again.send((node, offer)).await;
                });
            }
            RelayToWorker::Withdrawn(offer, _) => drop(self.offers.remove(&(node, offer))),
            RelayToWorker::Challenge { .. }
            | RelayToWorker::SignedIn
            | RelayToWorker::Colleague(..)
            | RelayToWorker::ColleagueLeft(_)
            | RelayToWorker::Whispered(..)
            | RelayToWorker::Revocations(_) => {}
        }
    }

    async fn accept(&mut self, node: usize, offer: OfferId) {
        if self.offers.contains_key(&(node, offer)) {
            let _broken = self.speaking[node].send(&WorkerToRelay::Accept(offer).encode()).await;
        }
    }
}

async fn sit(way: &Way, seat: SeatKey, granted: Offer, told: &mpsc::Sender<News>) {
    let Offer { link, opening_hash } = granted;
    let mut socket: Socket = take_seat(way, seat).await;
    let outcome = match socket.next().await {
        Next::Message(frame) => {
            assert!(RelayToSeat::decode(&frame).is_ok(), "only `seated` comes first");
            Outcome::Seated
        }
        Next::Closed(Close::SeatGone | Close::PeerLeft) => Outcome::SeatLost,
        Next::Closed(close) => panic!("a seat is closed: {}", close.name()),
        Next::Broken => panic!("a seat breaks"),
    };
    let _nobody_asks = told.send(News { link, opening_hash, outcome }).await;
    socket.finish().await;
}

/// Tells an opening from others of its link.
pub fn hash_of(opening: &Opening) -> [u8; 32] {
    hash(&[opening.as_bytes()])
}
