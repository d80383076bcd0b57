//! A worker's duty socket: sign-in, then offers, what the worker answers, and its colleagues
//! (section 6).

use std::sync::Arc;

use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Message, Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Bytes, Utf8Bytes};
use vestibule_wire::{
    AuthorityKey, CLOCK_TOLERANCE_SECONDS, Challenge, Close, RelayToWorker, STATEMENT_LEN,
    StatementError, Timestamp, WorkerToRelay,
};

use crate::colleagues::{Certificate, News, OnDuty, Whisper};
use crate::desk::WorkerId;
use crate::entropy::random_bytes;
use crate::lobby::Reply;
use crate::relay::Shared;
use crate::stop::Stop;
use crate::switchboard::ticks;
use crate::worker_auth::sign_in_close;

/// Statements that one worker may bring on one socket: two epochs hold at any moment, and a new one
/// starts every half week; no socket outlives its shift.
const STATEMENTS_MAX: usize = 4;
/// Longer than any frame of a worker.
const MESSAGE_BYTES_MAX: usize = 4_096;
const READ_BUFFER_BYTES: usize = 4_096;
const WRITE_BUFFER_BYTES_MAX: usize = 16_384;

/// Serves `/ws/duty`.
pub(crate) async fn serve(mut socket: DutySocket, shared: Arc<Shared>, mut stop: Stop) {
    let shared = &*shared;
    let signed_in = tokio::select! {
        signed_in = timeout(shared.limits.first_frame_deadline, sign_in(&mut socket, shared)) => {
            signed_in.unwrap_or(Err(Close::TooSlow))
        }
        () = stop.requested() => Err(Close::GoingAway),
    };
    let close = match signed_in {
        Ok(admitted) => on_duty(&mut socket, admitted, shared, &mut stop).await,
        Err(close) => close,
    };
    socket.close(close, shared).await;
}

/// Challenges the worker and checks its answer.
async fn sign_in(socket: &mut DutySocket, shared: &Shared) -> Result<Admitted, Close> {
    let challenge = Challenge::from_random(random_bytes());
    let time = shared.clock.now();
    let frame = RelayToWorker::Challenge { time, ephemeral: challenge.public() };
    socket.send(frame.encode(), shared).await?;
    let WorkerToRelay::SignIn(sign_in) = socket.first_frame().await? else {
        return Err(Close::Malformed);
    };
    if !shared.serves(sign_in.authority) {
        return Err(Close::UnknownService);
    }
    let now = shared.clock.now();
    let admitted = shared.admission.admit(challenge, &sign_in, &shared.origins, now);
    let valid_to = admitted.map_err(sign_in_close)?;
    socket.send(RelayToWorker::SignedIn.encode(), shared).await?;
    let until = valid_to.plus_seconds(CLOCK_TOLERANCE_SECONDS);
    let certificate = Arc::new(sign_in.certificate);
    Ok(Admitted { authority: sign_in.authority, certificate, until })
}

/// Carries frames between a worker, the lobby and the worker's colleagues until the socket ends.
async fn on_duty(
    socket: &mut DutySocket,
    admitted: Admitted,
    shared: &Shared,
    stop: &mut Stop,
) -> Close {
    let Admitted { authority, certificate, until } = admitted;
    let Some(place) = shared.colleagues.come(authority, certificate) else {
        return Close::Crowded;
    };
    let (id, mut words) = shared.lobby.worker_arrived(authority).await;
    let rooms = Arc::new(Semaphore::new(shared.limits.whispers_waiting_max));
    let mut worker = Worker { authority, until, id, place, rooms, statements: 0 };
    let mut ticks = ticks(&shared.limits);
    let close = loop {
        let step = tokio::select! {
            word = words.recv() => match word {
                Some(frame) => socket.send(frame.encode(), shared).await,
                None => Err(Close::TooSlow),
            },
            news = worker.place.news() => socket.tell(news, shared).await,
            frame = worker.next_frame(socket) => match frame {
                Ok((Some(frame), room)) => worker.handle(frame, room, shared).await,
                Ok((None, _)) => Ok(()),
                Err(close) => Err(close),
            },
            now = ticks.tick() => match worker.check_shift(shared) {
                Ok(()) => {
                    // Whoever is not read is not silent.
                    if worker.rooms.available_permits() == 0 {
                        socket.heard_at = now;
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
    shared.lobby.worker_left(authority, id).await;
    close
}

/// What a worker has proved by signing in.
struct Admitted {
    authority: AuthorityKey,
    certificate: Certificate,
    until: Timestamp,
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
        socket: &mut DutySocket,
    ) -> Result<(Option<WorkerToRelay>, OwnedSemaphorePermit), Close> {
        let rooms = Arc::clone(&self.rooms);
        let room = rooms.acquire_owned().await.expect("nobody closes the semaphore");
        Ok((socket.receive().await?, room))
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

/// A duty socket. Frames are few here, so tungstenite serves, with small buffers.
pub(crate) struct DutySocket {
    socket: WebSocketStream<TcpStream>,
    heard_at: Instant,
    pinged_at: Instant,
    /// Keeps the place among the relay's connections.
    _permit: Option<Arc<OwnedSemaphorePermit>>,
}

impl DutySocket {
    /// Takes over an upgraded socket with what was already read from it.
    pub(crate) async fn new(
        stream: TcpStream,
        read_ahead: Vec<u8>,
        permit: Option<Arc<OwnedSemaphorePermit>>,
    ) -> Self {
        let config = WebSocketConfig::default()
            .read_buffer_size(READ_BUFFER_BYTES)
            .write_buffer_size(0)
            .max_write_buffer_size(WRITE_BUFFER_BYTES_MAX)
            .max_message_size(Some(MESSAGE_BYTES_MAX))
            .max_frame_size(Some(MESSAGE_BYTES_MAX));
        let role = Role::Server;
        let socket =
            WebSocketStream::from_partially_read(stream, read_ahead, role, Some(config)).await;
        let now = Instant::now();
        Self { socket, heard_at: now, pinged_at: now, _permit: permit }
    }

    async fn first_frame(&mut self) -> Result<WorkerToRelay, Close> {
        loop {
            if let Some(frame) = self.receive().await? {
                return Ok(frame);
            }
        }
    }

    /// The worker's next frame, or `None` for a ping or pong.
    async fn receive(&mut self) -> Result<Option<WorkerToRelay>, Close> {
        let message =
            self.socket.next().await.ok_or(Close::Done)?.map_err(|error| close_for(&error))?;
        self.heard_at = Instant::now();
        match message {
            Message::Binary(bytes) => {
                WorkerToRelay::decode(&bytes).map(Some).map_err(|_| Close::Malformed)
            }
            Message::Text(_) | Message::Frame(_) => Err(Close::Malformed),
            Message::Ping(_) | Message::Pong(_) => Ok(None),
            Message::Close(_) => Err(Close::Done),
        }
    }

    /// Tells a worker of its colleagues. A whisper makes room when it is sent.
    async fn tell(&mut self, news: News, shared: &Shared) -> Result<(), Close> {
        let (frame, _room) = news.into_frame();
        self.send(frame.encode(), shared).await
    }

    async fn send(&mut self, frame: Vec<u8>, shared: &Shared) -> Result<(), Close> {
        self.send_message(Message::Binary(frame.into()), shared).await
    }

    async fn send_message(&mut self, message: Message, shared: &Shared) -> Result<(), Close> {
        match timeout(shared.limits.write_stall_max, self.socket.send(message)).await {
            Ok(sent) => sent.map_err(|error| close_for(&error)),
            Err(_) => Err(Close::TooSlow),
        }
    }

    async fn tick(&mut self, now: Instant, shared: &Shared) -> Result<(), Close> {
        if now.saturating_duration_since(self.heard_at) >= shared.limits.silent_after {
            return Err(Close::Silent);
        }
        let due = now.saturating_duration_since(self.heard_at.max(self.pinged_at))
            >= shared.limits.ping_interval;
        if due {
            self.pinged_at = now;
            self.send_message(Message::Ping(Bytes::new()), shared).await?;
        }
        Ok(())
    }

    async fn close(mut self, close: Close, shared: &Shared) {
        let code = CloseCode::from(close.code());
        let frame = CloseFrame { code, reason: Utf8Bytes::default() };
        let farewell = async {
            self.socket.close(Some(frame)).await.ok()?;
            while let Some(Ok(_)) = self.socket.next().await {}
            Some(())
        };
        // Whatever goes wrong now, the socket ends with this function.
        let _ended = timeout(shared.limits.close_deadline, farewell).await;
    }
}

/// Whose fault an error is.
#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "every other error means that the socket is gone"
)]
fn close_for(error: &Error) -> Close {
    match error {
        Error::Protocol(_) | Error::Utf8(_) => Close::NotWebsocket,
        Error::Capacity(_) => Close::Malformed,
        _ => Close::Done,
    }
}
