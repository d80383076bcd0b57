//! The canary service's worker on duty: one socket, shared by all consultations of a run.

use std::collections::HashMap;
use std::io;

use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use vestibule_wire::{LinkId, OfferId, RelayToWorker, SeatKey, WorkerToRelay};

use crate::canary::course::Setting;
use crate::clock::now;
use crate::socket::{As, Socket};
use crate::target::Ending;

/// Requests that wait for the socket.
const QUEUE_LEN_MAX: usize = 64;

enum Order {
    Offer(LinkId, oneshot::Sender<OfferId>),
    Accept(OfferId, oneshot::Sender<SeatKey>),
}

/// What consultations ask of the worker on duty.
#[derive(Clone)]
pub(super) struct Duty(mpsc::Sender<Order>);

impl Duty {
    /// Signs in and tells of the epochs. The duty is over when the task is aborted.
    pub(super) async fn begin(setting: &Setting) -> io::Result<(Self, JoinHandle<()>)> {
        let Setting { target, service, ledger } = setting;
        let from = ledger.address();
        ledger.stays_open(Some(from));
        let open = Socket::open(target, "/ws/duty", As::Program, from, Ending::Orderly, ledger);
        let mut socket = open.await?;
        let refused = |why| io::Error::new(io::ErrorKind::PermissionDenied, why);
        let RelayToWorker::Challenge { ephemeral, .. } =
            socket.frame(RelayToWorker::decode).await?
        else {
            return Err(io::ErrorKind::InvalidData.into());
        };
        let sign_in = service.shift(now()).sign_in(&ephemeral, target.origin());
        let sign_in = sign_in.ok_or(io::ErrorKind::InvalidData)?;
        socket.send(&WorkerToRelay::SignIn(Box::new(sign_in)).encode()).await?;
        let answer = socket.frame(RelayToWorker::decode).await;
        if !matches!(answer, Ok(RelayToWorker::SignedIn)) {
            return Err(refused("the relay does not serve the canary service"));
        }
        for statement in service.statements(now()) {
            socket.send(&WorkerToRelay::EpochStatement(Box::new(statement)).encode()).await?;
        }
        let (orders, queue) = mpsc::channel(QUEUE_LEN_MAX);
        let task = tokio::spawn(async move {
            let _ended = serve(socket, queue).await;
        });
        Ok((Self(orders), task))
    }

    /// Waits until the relay offers the client of this link.
    pub(super) async fn offer(&self, link: LinkId) -> io::Result<OfferId> {
        let (tell, told) = oneshot::channel();
        self.ask(Order::Offer(link, tell), told).await
    }

    /// Accepts an offer and waits for the key of its seat.
    pub(super) async fn accept(&self, offer: OfferId) -> io::Result<SeatKey> {
        let (tell, told) = oneshot::channel();
        self.ask(Order::Accept(offer, tell), told).await
    }

    async fn ask<A>(&self, order: Order, told: oneshot::Receiver<A>) -> io::Result<A> {
        let gone = || io::Error::new(io::ErrorKind::ConnectionAborted, "the duty socket has ended");
        self.0.send(order).await.map_err(|_| gone())?;
        let told = tokio::time::timeout(std::time::Duration::from_secs(30), told).await?;
        told.map_err(|_| gone())
    }
}

async fn serve(mut socket: Socket, mut queue: mpsc::Receiver<Order>) -> io::Result<()> {
    let mut offers: HashMap<LinkId, OfferId> = HashMap::new();
    let mut waiting: HashMap<LinkId, oneshot::Sender<OfferId>> = HashMap::new();
    let mut accepted: HashMap<OfferId, oneshot::Sender<SeatKey>> = HashMap::new();
    loop {
        tokio::select! {
            // Nothing may come for long, which is no fault while somebody may still ask.
            message = socket.message_whenever() => {
                let Some(message) = message else { return Ok(()) };
                match RelayToWorker::decode(&message) {
                    Ok(RelayToWorker::Offer { offer, link, .. }) => {
                        match waiting.remove(&link.id) {
                            // Whoever no longer waits leaves the offer to its withdrawal.
                            Some(tell) => { let _ = tell.send(offer); }
                            None => { offers.insert(link.id, offer); }
                        }
                    }
                    Ok(RelayToWorker::Granted(offer, seat)) => {
                        if let Some(tell) = accepted.remove(&offer) {
                            let _ = tell.send(seat);
                        }
                    }
                    Ok(RelayToWorker::Withdrawn(offer, _)) => {
                        offers.retain(|_, known| *known != offer);
                        accepted.remove(&offer);
                    }
                    _ => {}
                }
            }
            order = queue.recv() => match order {
                Some(Order::Offer(link, tell)) => match offers.remove(&link) {
                    Some(offer) => { let _ = tell.send(offer); }
                    None => { waiting.insert(link, tell); }
                },
                Some(Order::Accept(offer, tell)) => {
                    accepted.insert(offer, tell);
                    socket.send(&WorkerToRelay::Accept(offer).encode()).await?;
                }
                None => return Ok(()),
            }
        }
    }
}
