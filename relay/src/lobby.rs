//! The one task that knows who waits and who is on duty. It feeds the desk's rules and carries their
//! actions to the sockets, never waiting for any of them.

mod counter;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep_until};
use vestibule_wire::{
    AuthorityKey, Close, DeclineReason, LinkKind, LinkName, OfferId, Opening, PuzzleBits,
    RelayToWorker, Revocations, Role, SeatKey, Wait,
};

use crate::connection::Connection;
use crate::desk::{ClientId, Event, WorkerId};
use crate::indicators::Indicators;
use crate::stack;
use crate::{Clock, Limits};
use counter::Counter;

/// Words waiting for one client: the wait changes slowly.
const CLIENT_QUEUE_LEN_MAX: usize = 16;
/// How often expired nullifiers are looked for.
const SWEEP_INTERVAL: Duration = Duration::from_mins(1);

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
    /// Starts the lobby's task, which ends with the last handle to it.
    pub(crate) fn start(
        limits: &Limits,
        clock: Clock,
        authorities: &[AuthorityKey],
        indicators: &Arc<Indicators>,
    ) -> Self {
        let (requests, receiver) = mpsc::channel(limits.lobby_queue_len_max);
        let counters = authorities.iter().map(|authority| {
            (*authority, Counter::new(*authority, limits, Arc::clone(indicators)))
        });
        let room = Room { clock, started: Instant::now(), counters: counters.collect() };
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

/// What the lobby's task owns.
struct Room {
    clock: Clock,
    started: Instant,
    counters: HashMap<AuthorityKey, Counter>,
}

impl Room {
    async fn run(mut self, mut requests: mpsc::Receiver<Request>) {
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
                    Reply::Accept => Event::Accepted(worker, offer),
                    Reply::Decline(reason) => Event::Declined(worker, offer, reason),
                };
                self.at(authority, event, now);
            }
            Request::SeatTaken(seat, reply) => {
                let holds = |counter: &&mut Counter| counter.has_seat(&seat);
                if let Some(counter) = self.counters.values_mut().find(holds) {
                    counter.apply(Event::SeatTaken(*seat), now, Some(reply));
                }
            }
            Request::Closing(done) => {
                let counters = self.counters.values_mut();
                counters.for_each(|counter| counter.apply(Event::Closing, now, None));
                let _gone = done.send(());
            }
        }
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
