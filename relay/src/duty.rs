//! A worker's duty socket: sign-in, then offers, what the worker answers, and its colleagues
//! (section 6).

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;
use vestibule_wire::{
    AuthorityKey, CERTIFICATE_LEN, Challenge, Close, REVOCATIONS_LEN, RelayToWorker, STATEMENT_LEN,
    StatementError, Timestamp, WorkerToRelay,
};

use crate::colleagues::{News, OnDuty, Whisper};
use crate::desk::WorkerId;
use crate::entropy::random_bytes;
use crate::frame_socket::FrameSocket;
use crate::lobby::Reply;
use crate::relay::Shared;
use crate::revocations::Watched;
use crate::stack;
use crate::stop::Stop;
use crate::switchboard::ticks;
use crate::worker_auth::{GENERATIONS_MAX, SignedIn, check_sign_in, revoked_by, role_of};

/// Statements that one worker may bring on one socket: two epochs hold at any moment, and a new one
/// starts every half week; no socket outlives its shift. Each epoch may have several generations.
const STATEMENTS_MAX: usize = 4 * GENERATIONS_MAX;

/// Serves `/ws/duty`.
pub(crate) async fn serve(mut socket: FrameSocket, shared: Arc<Shared>, mut stop: Stop) {
    let shared = &*shared;
    let signed_in = tokio::select! {
        signed_in = timeout(shared.limits.first_frame_deadline, sign_in(&mut socket, shared)) => {
            signed_in.unwrap_or(Err(Close::TooSlow))
        }
        () = stop.requested() => Err(Close::GoingAway),
    };
    let close = match signed_in {
        Ok(admitted) => stack::wiping(on_duty(&mut socket, admitted, shared, &mut stop)).await,
        Err(close) => close,
    };
    socket.close(close, shared).await;
}

/// Challenges the worker and checks its answer.
async fn sign_in(socket: &mut FrameSocket, shared: &Shared) -> Result<SignedIn, Close> {
    let challenge = Challenge::from_random(random_bytes());
    let time = shared.clock.now();
    let frame = RelayToWorker::Challenge { time, ephemeral: challenge.public() };
    socket.send(frame.encode(), shared).await?;
    let sign_in = match socket.next_frame(WorkerToRelay::decode).await? {
        WorkerToRelay::SignIn(sign_in) => sign_in,
        // Whoever brings only this has finished.
        WorkerToRelay::Revoke { authority, revocations } => {
            shared.revocations.hear(authority, &revocations).await?;
            return Err(Close::Done);
        }
        WorkerToRelay::EpochStatement(_)
        | WorkerToRelay::Accept(_)
        | WorkerToRelay::Decline(..)
        | WorkerToRelay::Whisper(..) => return Err(Close::Malformed),
    };
    let SignedIn { authority, certificate, until, mut revocations } =
        check_sign_in(challenge, &sign_in, shared)?;
    if !revoked_by(revocations.borrow().as_deref(), &certificate) {
        socket.send(RelayToWorker::SignedIn.encode(), shared).await?;
    }
    tell_revocations(socket, &mut revocations, &certificate, shared).await?;
    Ok(SignedIn { authority, certificate, until, revocations })
}

/// Tells a worker what its service no longer believes, and sends it off if that is the worker itself:
/// an honest console believes its authority's signature more than our word.
async fn tell_revocations(
    socket: &mut FrameSocket,
    revocations: &mut Watched,
    certificate: &[u8; CERTIFICATE_LEN],
    shared: &Shared,
) -> Result<(), Close> {
    let known = revocations.borrow_and_update().clone();
    let Some(known) = known else {
        return Ok(());
    };
    let frame = RelayToWorker::Revocations(Box::new(*known.as_bytes()));
    socket.send(frame.encode(), shared).await?;
    if revoked_by(Some(&known), certificate) { Err(Close::CertificateRefused) } else { Ok(()) }
}

/// Carries frames between a worker, the lobby and the worker's colleagues until the socket ends.
async fn on_duty(
    socket: &mut FrameSocket,
    admitted: SignedIn,
    shared: &Shared,
    stop: &mut Stop,
) -> Close {
    let SignedIn { authority, certificate, until, mut revocations } = admitted;
    let certificate = Arc::new(certificate);
    let Some(place) = shared.colleagues.come(authority, Arc::clone(&certificate)) else {
        return Close::Crowded;
    };
    let role = role_of(&certificate);
    let (id, mut words) = shared.lobby.worker_arrived(authority, role).await;
    let rooms = Arc::new(Semaphore::new(shared.limits.whispers_waiting_max));
    let mut worker = Worker { authority, until, id, place, rooms, statements: 0 };
    let mut ticks = ticks(&shared.limits);
    let close = loop {
        let step = tokio::select! {
            word = words.recv() => match word {
                Some(frame) => socket.send(frame.encode(), shared).await,
                None => Err(Close::TooSlow),
            },
            news = worker.place.news() => tell(socket, news, shared).await,
            Ok(()) = revocations.changed() => {
                tell_revocations(socket, &mut revocations, &certificate, shared).await
            }
            frame = worker.next_frame(socket) => match frame {
                Ok((Some(WorkerToRelay::Revoke { authority, revocations: heard }), _)) => {
                    worker.bring(authority, &heard, &mut revocations, shared).await
                }
                Ok((Some(frame), room)) => worker.handle(frame, room, shared).await,
                Ok((None, _)) => Ok(()),
                Err(close) => Err(close),
            },
            now = ticks.tick() => match worker.check_shift(shared) {
                Ok(()) => {
                    // Whoever is not read is not silent.
                    if worker.rooms.available_permits() == 0 {
                        socket.excuse_silence(now);
                    }
                    socket.tick(now, shared).await
                }
                Err(close) => Err(close),
            },
            () = stop.requested() => Err(Close::GoingAway),
        };
        if let Err(close) = step {
            break close;
        }
    };
    // Colleagues hear of it at once, however long the farewell takes.
    drop(worker);
    if close == Close::CertificateRefused {
        shared.lobby.worker_sent_off(authority, id).await;
    } else {
        shared.lobby.worker_left(authority, id).await;
    }
    close
}

/// Tells a worker of its colleagues. A whisper makes room when it is sent.
async fn tell(socket: &mut FrameSocket, news: News, shared: &Shared) -> Result<(), Close> {
    let (frame, _room) = news.into_frame();
    socket.send(frame.encode(), shared).await
}

/// A worker on duty.
struct Worker<'a> {
    authority: AuthorityKey,
    until: Timestamp,
    /// In the lobby.
    id: WorkerId,
    /// Among the colleagues.
    place: OnDuty<'a>,
    /// How many more of this worker's whispers may wait.
    rooms: Arc<Semaphore>,
    statements: usize,
}

impl Worker<'_> {
    /// The worker's next frame, or `None` for a ping or pong, together with room for a whisper. A
    /// worker who has none left is not read until a colleague has taken one: to drop a whisper would
    /// break what the two have between them, and to end the socket would end it with everybody, for
    /// what may be one colleague's slow line.
    async fn next_frame(
        &self,
        socket: &mut FrameSocket,
    ) -> Result<(Option<WorkerToRelay>, OwnedSemaphorePermit), Close> {
        let rooms = Arc::clone(&self.rooms);
        let room = rooms.acquire_owned().await.expect("nobody closes the semaphore");
        Ok((socket.receive(WorkerToRelay::decode).await?, room))
    }

    async fn handle(
        &mut self,
        frame: WorkerToRelay,
        room: OwnedSemaphorePermit,
        shared: &Shared,
    ) -> Result<(), Close> {
        let (offer, reply) = match frame {
            WorkerToRelay::EpochStatement(statement) => {
                return self.keep_statement(&statement, shared);
            }
            WorkerToRelay::Whisper(to, cell) => {
                self.place.whisper(to, Whisper { cell, room });
                return Ok(());
            }
            WorkerToRelay::Accept(offer) => (offer, Reply::Accept),
            WorkerToRelay::Decline(offer, reason) => (offer, Reply::Decline(reason)),
            WorkerToRelay::SignIn(_) | WorkerToRelay::Revoke { .. } => {
                return Err(Close::Malformed);
            }
        };
        shared.lobby.replied(self.authority, self.id, offer, reply).await;
        Ok(())
    }

    /// Hears what a worker's service no longer believes; one who brings something old is told what is
    /// newer.
    async fn bring(
        &self,
        authority: AuthorityKey,
        heard: &[u8; REVOCATIONS_LEN],
        revocations: &mut Watched,
        shared: &Shared,
    ) -> Result<(), Close> {
        if authority != self.authority {
            return Err(Close::RevocationsRefused);
        }
        shared.revocations.hear(authority, heard).await?;
        if revocations.borrow().as_ref().is_some_and(|known| known.as_bytes() != heard) {
            revocations.mark_changed();
        }
        Ok(())
    }

    fn keep_statement(
        &mut self,
        bytes: &[u8; STATEMENT_LEN],
        shared: &Shared,
    ) -> Result<(), Close> {
        self.statements += 1;
        if self.statements > STATEMENTS_MAX {
            return Err(Close::Malformed);
        }
        let now = shared.clock.now();
        let statement = shared.admission.believe(bytes, &self.authority, now);
        let statement = statement.map_err(|error| match error {
            StatementError::Malformed
            | StatementError::WrongAuthority
            | StatementError::NotCurrent => Close::StatementRefused,
        })?;
        shared.statements.keep(self.authority, statement, now);
        Ok(())
    }

    /// A shift that is over ends the duty, whatever the socket says.
    fn check_shift(&self, shared: &Shared) -> Result<(), Close> {
        if shared.clock.now() > self.until { Err(Close::CertificateExpired) } else { Ok(()) }
    }
}
