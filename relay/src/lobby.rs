//! The one task that knows who waits and who is on duty. It feeds the desk's rules and carries their
//! actions to the sockets, never waiting for any of them.

mod claiming;
mod counter;
mod room;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::{mpsc, oneshot};
use vestibule_wire::{
    AuthorityKey, Close, DeclineReason, LinkKind, LinkName, OfferId, Opening, PuzzleBits,
    RelayToWorker, Revocations, Role, SeatKey, Wait,
};

use crate::connection::Connection;
use crate::desk::{ClientId, WorkerId};
use crate::indicators::Indicators;
use crate::redis_store::Claims;
use crate::{Clock, Limits};
use claiming::Claiming;
use counter::Counter;
use room::Room;

/// Words waiting for one client: the wait changes slowly.
const CLIENT_QUEUE_LEN_MAX: usize = 16;

/// What the lobby tells a client's task.
pub(crate) enum ToClient {
    /// The wait has changed.
    Waiting(Wait),
    /// A worker took a seat; its socket comes next.
    Matched(oneshot::Receiver<Box<Connection>>),
    /// The socket ends.
    Close(Close),
}

/// An opening whose link has passed all checks that need no memory of it.
pub(crate) struct Checked {
    /// The service.
    pub(crate) authority: AuthorityKey,
    /// The link.
    pub(crate) link: LinkName,
    /// Which generation of its epoch's keys issued the link; a door has none.
    pub(crate) generation: Option<u8>,
    /// The first message for a worker.
    pub(crate) opening: Opening,
    /// Tells it from others of the same link.
    pub(crate) opening_hash: [u8; 32],
}

/// What a worker says about an offer.
#[derive(Clone, Copy)]
pub(crate) enum Reply {
    /// It takes the offer.
    Accept,
    /// It cannot.
    Decline(DeclineReason),
}

/// What tasks ask of the lobby. The queue goes on to hold what was taken out of it until something else
/// comes to its place, so what names a link or a seat is behind a pointer: that is wiped when freed.
enum Request {
    Knocked {
        authority: AuthorityKey,
        door: LinkName,
        opening_hash: [u8; 32],
        reply: oneshot::Sender<Result<Option<PuzzleBits>, Close>>,
    },
    ClientArrived(ClientId, Box<Checked>, mpsc::Sender<ToClient>),
    ClientRefused(AuthorityKey, LinkKind, [u8; 32]),
    ClientLeft(AuthorityKey, ClientId),
    WorkerArrived(AuthorityKey, WorkerId, Option<Role>, mpsc::Sender<Box<RelayToWorker>>),
    WorkerLeft(AuthorityKey, WorkerId),
    WorkerSentOff(AuthorityKey, WorkerId),
    Replied(AuthorityKey, WorkerId, OfferId, Reply),
    SeatTaken(Box<SeatKey>, oneshot::Sender<oneshot::Sender<Box<Connection>>>),
    Revoked(AuthorityKey, Arc<Revocations>),
    Closing(oneshot::Sender<()>),
}

/// How tasks reach the lobby. When its queue is full, they wait.
#[derive(Clone)]
pub(crate) struct Lobby {
    requests: mpsc::Sender<Request>,
    last_id: Arc<AtomicU64>,
    worker_queue_len_max: usize,
}

impl Lobby {
    /// Starts the lobby's task, which ends with the last handle to it. One of several relays has claims.
    pub(crate) fn start(
        limits: &Limits,
        clock: Clock,
        authorities: &[AuthorityKey],
        indicators: &Arc<Indicators>,
        claims: Option<Claims>,
    ) -> Self {
        let (requests, receiver) = mpsc::channel(limits.lobby_queue_len_max);
        let counters = authorities.iter().map(|authority| {
            (*authority, Counter::new(*authority, limits, Arc::clone(indicators)))
        });
        let claiming = claims.map(|claims| Claiming::new(claims, limits.claims_in_flight_max));
        let room = Room::new(clock, counters.collect(), claiming);
        tokio::spawn(room.run(receiver));
        // A worker who comes on duty is offered the whole waiting room at once.
        let worker_queue_len_max = limits.waiting_openings_max * 2;
        Self { requests, last_id: Arc::default(), worker_queue_len_max }
    }

    /// Asks what an opening has to solve before it may wait at a door, or why it may not.
    pub(crate) async fn knock(&self, checked: &Checked) -> Result<Option<PuzzleBits>, Close> {
        let (reply, receiver) = oneshot::channel();
        let Checked { authority, link: door, opening_hash, .. } = *checked;
        self.ask(Request::Knocked { authority, door, opening_hash, reply }).await;
        receiver.await.unwrap_or(Err(Close::GoingAway))
    }

    /// A client may wait, if there is room.
    pub(crate) async fn client_arrived(
        &self,
        checked: Box<Checked>,
    ) -> (ClientId, mpsc::Receiver<ToClient>) {
        let (words, receiver) = mpsc::channel(CLIENT_QUEUE_LEN_MAX);
        let client = ClientId(self.next_id());
        self.ask(Request::ClientArrived(client, checked, words)).await;
        (client, receiver)
    }

    /// A client with a good token was refused before it could wait.
    pub(crate) async fn client_refused(
        &self,
        authority: AuthorityKey,
        kind: LinkKind,
        opening_hash: [u8; 32],
    ) {
        self.ask(Request::ClientRefused(authority, kind, opening_hash)).await;
    }

    /// A client's socket is gone.
    pub(crate) async fn client_left(&self, authority: AuthorityKey, client: ClientId) {
        self.ask(Request::ClientLeft(authority, client)).await;
    }

    /// A worker is on duty. Returns the frames that it is to be sent.
    pub(crate) async fn worker_arrived(
        &self,
        authority: AuthorityKey,
        role: Option<Role>,
    ) -> (WorkerId, mpsc::Receiver<Box<RelayToWorker>>) {
        let (words, receiver) = mpsc::channel(self.worker_queue_len_max);
        let worker = WorkerId(self.next_id());
        self.ask(Request::WorkerArrived(authority, worker, role, words)).await;
        (worker, receiver)
    }

    /// A worker's duty socket is gone.
    pub(crate) async fn worker_left(&self, authority: AuthorityKey, worker: WorkerId) {
        self.ask(Request::WorkerLeft(authority, worker)).await;
    }

    /// The same, because its service has revoked its key.
    pub(crate) async fn worker_sent_off(&self, authority: AuthorityKey, worker: WorkerId) {
        self.ask(Request::WorkerSentOff(authority, worker)).await;
    }

    /// A service says what it no longer believes.
    pub(crate) async fn revoked(&self, authority: AuthorityKey, revocations: Arc<Revocations>) {
        self.ask(Request::Revoked(authority, revocations)).await;
    }

    /// A worker answers an offer.
    pub(crate) async fn replied(
        &self,
        authority: AuthorityKey,
        worker: WorkerId,
        offer: OfferId,
        reply: Reply,
    ) {
        self.ask(Request::Replied(authority, worker, offer, reply)).await;
    }

    /// A worker shows the key of a seat; returns the way to the client that waits there.
    pub(crate) async fn seat_taken(
        &self,
        seat: SeatKey,
    ) -> Option<oneshot::Sender<Box<Connection>>> {
        let (reply, receiver) = oneshot::channel();
        self.ask(Request::SeatTaken(Box::new(seat), reply)).await;
        receiver.await.ok()
    }

    /// The relay stops: whoever left is counted now. Whoever waits comes again, and is counted then.
    pub(crate) async fn closing(&self) {
        let (done, receiver) = oneshot::channel();
        self.ask(Request::Closing(done)).await;
        let _gone = receiver.await;
    }

    async fn ask(&self, request: Request) {
        // The lobby is gone only when the relay stops, and then every task is told so.
        let _stopping = self.requests.send(request).await;
    }

    fn next_id(&self) -> u64 {
        self.last_id.fetch_add(1, Ordering::Relaxed)
    }
}
