//! What the lobby keeps of one service.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{mpsc, oneshot};
use vestibule_wire::{
    AuthorityKey, Close, LinkKind, LinkName, OfferId, PuzzleBits, RelayToWorker, Role, SeatKey,
    Timestamp,
};

use super::{Checked, ToClient};
use crate::Limits;
use crate::connection::Connection;
use crate::desk::{Action, Arrival, ClientId, Desk, Event, ToClaim, WorkerId};
use crate::entropy::random_bytes;
use crate::indicators::Indicators;
use crate::nullifiers::{Nullifiers, Spent};
use crate::pressure::{Pressure, puzzle_bits};
use crate::redis_store::Claimed;

/// One service: its rules, its spent links, and the ways to its sockets.
pub(super) struct Counter {
    authority: AuthorityKey,
    desk: Desk,
    nullifiers: Nullifiers,
    pressure: Pressure,
    arrivals_per_door_minute_max: usize,
    clients: HashMap<ClientId, mpsc::Sender<ToClient>>,
    workers: HashMap<WorkerId, mpsc::Sender<Box<RelayToWorker>>>,
    indicators: Arc<Indicators>,
}

/// Where a worker's seat socket is to be sent.
pub(super) type SeatReply = oneshot::Sender<oneshot::Sender<Box<Connection>>>;

impl Counter {
    /// Nobody waits, nobody is on duty.
    pub(super) fn new(
        authority: AuthorityKey,
        limits: &Limits,
        indicators: Arc<Indicators>,
    ) -> Self {
        Self {
            authority,
            desk: Desk::new(limits.clone()),
            nullifiers: Nullifiers::new(limits.nullifiers_max),
            pressure: Pressure::default(),
            arrivals_per_door_minute_max: limits.arrivals_per_door_minute_max,
            clients: HashMap::new(),
            workers: HashMap::new(),
            indicators,
        }
    }

    /// When the desk is to be told of the time.
    pub(super) fn next_deadline(&self) -> Option<Duration> {
        self.desk.next_deadline()
    }

    /// Whether somebody waits for this seat to be taken.
    pub(super) fn has_seat(&self, seat: &SeatKey) -> bool {
        self.desk.has_seat(seat)
    }

    /// What is to be claimed at all relays before this worker may be granted this offer.
    pub(super) fn to_claim(&self, worker: WorkerId, offer: OfferId) -> Option<Claimed> {
        self.desk.to_claim(worker, offer).map(|claim| self.claimed(claim))
    }

    /// The same before somebody may take this seat.
    pub(super) fn seat_to_claim(&self, seat: &SeatKey) -> Option<Claimed> {
        self.desk.seat_to_claim(seat).map(|claim| self.claimed(claim))
    }

    fn claimed(&self, (link, opening_hash): ToClaim) -> Claimed {
        Claimed { authority: self.authority, link, opening_hash }
    }

    /// Forgets what no longer needs to be remembered.
    pub(super) fn sweep(&mut self, time: Timestamp, now: Duration) {
        self.nullifiers.forget_expired(time);
        self.pressure.forget_calm(now);
    }

    /// A worker came on duty.
    pub(super) fn worker_arrived(
        &mut self,
        worker: WorkerId,
        role: Option<Role>,
        words: mpsc::Sender<Box<RelayToWorker>>,
        now: Duration,
    ) {
        self.workers.insert(worker, words);
        self.apply(Event::WorkerArrived(worker, role), now, None);
    }

    /// What an opening has to solve before it may wait at a door, or why it may not. One that waits
    /// already only comes on a new socket.
    pub(super) fn knocked(
        &self,
        door: &LinkName,
        opening_hash: &[u8; 32],
        now: Duration,
    ) -> Result<Option<PuzzleBits>, Close> {
        if self.desk.waits_already(door, opening_hash) {
            return Ok(None);
        }
        if let Some(close) = self.desk.refusal(door, None) {
            return Err(close);
        }
        let arrived = self.pressure.in_last_minute(&door.id, now);
        if arrived >= self.arrivals_per_door_minute_max {
            return Err(Close::Crowded);
        }
        Ok(puzzle_bits(arrived.saturating_add(self.desk.waiting_at(door))))
    }

    /// A client may wait, if there is room.
    pub(super) fn client_arrived(
        &mut self,
        client: ClientId,
        words: mpsc::Sender<ToClient>,
        checked: Checked,
        expires: Duration,
        now: Duration,
    ) {
        self.clients.insert(client, words);
        let admitted = match checked.link.kind() {
            LinkKind::OneTime => self.check_unspent(&checked),
            LinkKind::Door => self.count_at_door(&checked, now).map(|()| Spent::No),
        };
        let spent = match admitted {
            Ok(spent) => spent,
            Err(close) => {
                self.close_client(client, close);
                let refused = Event::ClientRefused(checked.link.kind(), checked.opening_hash);
                return self.apply(refused, now, None);
            }
        };
        let spent_before = spent == Spent::ByThisOpening;
        let Checked { link, generation, opening, opening_hash, .. } = checked;
        let arrival =
            Arrival { client, link, generation, opening, opening_hash, spent_before, expires };
        self.apply(Event::ClientArrived(arrival), now, None);
    }

    fn check_unspent(&self, checked: &Checked) -> Result<Spent, Close> {
        match self.nullifiers.check(&checked.link, &checked.opening_hash) {
            Spent::ByAnother => Err(Close::LinkSpent),
            Spent::No if self.nullifiers.is_full() => Err(Close::Crowded),
            spent @ (Spent::No | Spent::ByThisOpening) => Ok(spent),
        }
    }

    /// Others may have come since this one knocked.
    fn count_at_door(&mut self, checked: &Checked, now: Duration) -> Result<(), Close> {
        let Checked { link, opening_hash, .. } = checked;
        self.knocked(link, opening_hash, now)?;
        if !self.desk.waits_already(link, opening_hash) {
            self.pressure.count(link.id, now);
        }
        Ok(())
    }

    /// Applies an event, and after it the departures that its actions discover.
    pub(super) fn apply(&mut self, event: Event, now: Duration, mut seat: Option<SeatReply>) {
        let was_staffed = self.desk.is_staffed();
        self.desk.it_is(self.indicators.clock());
        let mut events = VecDeque::from([event]);
        while let Some(event) = events.pop_front() {
            match event {
                Event::ClientLeft(client) => drop(self.clients.remove(&client)),
                Event::WorkerLeft(worker) | Event::WorkerSentOff(worker) => {
                    drop(self.workers.remove(&worker));
                }
                Event::ClientArrived(_)
                | Event::ClientRefused(..)
                | Event::WorkerArrived(..)
                | Event::Accepted(..)
                | Event::Deferred(..)
                | Event::SpentElsewhere(_)
                | Event::Declined(..)
                | Event::SeatTaken(_)
                | Event::SeatDeferred(_)
                | Event::SeatSpentElsewhere(_)
                | Event::Held(_)
                | Event::Revoked(_)
                | Event::Closing
                | Event::Tick => {}
            }
            for action in self.desk.handle(event, now, &mut random_bytes) {
                events.extend(self.carry_out(action, &mut seat));
            }
        }
        if self.desk.is_staffed() != was_staffed {
            self.indicators.staff(self.authority, !was_staffed);
        }
    }

    /// Carries out one action; returns the departure of a socket that did not take it.
    fn carry_out(&mut self, action: Action, seat: &mut Option<SeatReply>) -> Option<Event> {
        match action {
            Action::TellWait(client, wait) => self.tell_client(client, ToClient::Waiting(wait)),
            Action::Match(client, _) => {
                self.join(client, seat.take());
                None
            }
            Action::CloseClient(client, close) => {
                self.close_client(client, close);
                None
            }
            Action::Offer { worker, offer, waited_seconds, link, opening } => {
                let frame = RelayToWorker::Offer { offer, waited_seconds, link, opening };
                self.tell_worker(worker, frame)
            }
            Action::Withdraw(worker, offer, reason) => {
                self.tell_worker(worker, RelayToWorker::Withdrawn(offer, reason))
            }
            Action::Grant(worker, offer, seat) => {
                self.tell_worker(worker, RelayToWorker::Granted(offer, seat))
            }
            Action::Defer(worker, offer) => {
                self.tell_worker(worker, RelayToWorker::Deferred(offer))
            }
            Action::Spend(link, opening_hash) => {
                self.nullifiers.spend(&link, opening_hash, random_bytes);
                None
            }
            Action::Unspend(link) => {
                self.nullifiers.unspend(&link);
                None
            }
            Action::Count(request) => {
                self.indicators.count_request(self.authority, &request);
                None
            }
        }
    }

    /// Sends the worker's socket on its way to the client's task, which serves both from then on.
    /// If either has gone, the other notices that the way is closed.
    fn join(&mut self, client: ClientId, seat: Option<SeatReply>) {
        let (way, connection) = oneshot::channel();
        if let (Some(words), Some(seat)) = (self.clients.remove(&client), seat)
            && words.try_send(ToClient::Matched(connection)).is_ok()
        {
            let _gone = seat.send(way);
        }
    }

    fn close_client(&mut self, client: ClientId, close: Close) {
        if let Some(words) = self.clients.remove(&client) {
            let _gone = words.try_send(ToClient::Close(close));
        }
    }

    fn tell_client(&mut self, client: ClientId, word: ToClient) -> Option<Event> {
        let sent = self.clients.get(&client)?.try_send(word);
        sent.is_err().then_some(Event::ClientLeft(client))
    }

    /// A worker whose queue is full does not read; without its sender its task closes the socket.
    fn tell_worker(&mut self, worker: WorkerId, frame: RelayToWorker) -> Option<Event> {
        match self.workers.get(&worker)?.try_send(Box::new(frame)) {
            Ok(()) => None,
            Err(TrySendError::Full(_) | TrySendError::Closed(_)) => Some(Event::WorkerLeft(worker)),
        }
    }
}
