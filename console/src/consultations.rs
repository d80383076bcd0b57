//! One task for each consultation: its seat at the relay, the handshake, and then words both ways
//! (sections 6 to 10).

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant, timeout, timeout_at};
use vestibule_protocol::{AwaitingFirstCell, Cell, Received, Record, Session, Triage};
use vestibule_wire::{CELL_LEN, Close, LinkName, Opening, RelayToSeat, SeatKey, SeatToRelay};

use crate::context::Context;
use crate::hub::ConsultationEvents;
use crate::messages::{Ending, Notice, Words};
use crate::origin::Origin;
use crate::relay_socket::{Heard, RelaySocket};

/// From `granted` to `seated`; the relay gives the seat away after as long.
const SEAT_DEADLINE: Duration = Duration::from_secs(10);
/// From the answer to the client's first cell, over a slow Tor circuit.
const FIRST_CELL_DEADLINE: Duration = Duration::from_mins(1);
/// From a close record to its acknowledgement (section 10).
const CLOSE_DEADLINE: Duration = Duration::from_secs(5);
/// The worker's next words wait while so many cells wait for the socket.
const OUTBOX_LEN_MAX: usize = 64;

/// Everything that a granted seat needs.
pub(crate) struct SeatGrant {
    pub(crate) origin: Origin,
    pub(crate) seat: SeatKey,
    pub(crate) link: LinkName,
    pub(crate) opening: Opening,
    pub(crate) triage: Triage,
}

/// Hub → consultation. Dropping the sender ends the consultation.
pub(crate) enum ConsultationCommand {
    /// The worker says something.
    Say { number: u64, text: Words },
    /// The worker ends it.
    End,
}

/// Consultation → hub.
pub(crate) enum ConsultationEvent {
    /// The client is live.
    Open,
    /// The client said something.
    Said(Words),
    /// The worker's messages up to this number have arrived.
    Delivered(u64),
    /// It is over.
    Ended(Ending),
    /// It never began.
    NotBegun(Notice),
}

/// Holds a consultation from its grant to its end.
pub(crate) async fn run(
    context: Arc<Context>,
    grant: Box<SeatGrant>,
    mut commands: mpsc::Receiver<ConsultationCommand>,
    events: ConsultationEvents,
) {
    let seated = timeout(SEAT_DEADLINE, Box::pin(take_seat(&context, &grant))).await;
    let link = grant.link.id;
    drop(grant);
    let (mut socket, awaiting) = match seated.unwrap_or(Err(Notice::SeatGone)) {
        Ok(seated) => seated,
        Err(notice) => return events.send(ConsultationEvent::NotBegun(notice)).await,
    };
    let first = timeout(FIRST_CELL_DEADLINE, first_cell(&mut socket, awaiting, &mut commands));
    match first.await.unwrap_or(Err(Ending::Lost)) {
        Ok((session, received)) => {
            context.spent().finish(link);
            events.send(ConsultationEvent::Open).await;
            let waiting = VecDeque::new();
            let conversation = Conversation { socket, session, waiting, commands, events };
            Box::pin(conversation.run(received)).await;
        }
        Err(ending) => {
            events.send(ConsultationEvent::Ended(ending)).await;
            socket.finish(close_code(ending)).await;
        }
    }
}

/// Answers the opening and takes the seat.
async fn take_seat(
    context: &Context,
    grant: &SeatGrant,
) -> Result<(RelaySocket, AwaitingFirstCell), Notice> {
    let shift = context.enrolment.shift_at(context.clock.now()).map_err(|_| Notice::SeatGone)?;
    let (awaiting, answer) = context
        .read_opening(&grant.link, &grant.opening, shift)
        .ok()
        .and_then(|received| received.answer(&shift.certificate).ok())
        .ok_or(Notice::OpeningDamaged)?;
    let mut socket =
        RelaySocket::connect(&grant.origin, "/ws/seat").await.map_err(|_| Notice::SeatGone)?;
    socket.push(SeatToRelay::TakeSeat(grant.seat).encode());
    match socket.heard().await {
        Heard::Message(bytes) if RelayToSeat::decode(&bytes).is_ok() => {}
        Heard::Message(_) | Heard::Foreign | Heard::Ended(_) => return Err(Notice::SeatGone),
    }
    for cell in answer.chunks_exact(CELL_LEN) {
        socket.push(cell.to_vec());
    }
    Ok((socket, awaiting))
}

/// Waits for the cell that proves that the client is live.
async fn first_cell(
    socket: &mut RelaySocket,
    awaiting: AwaitingFirstCell,
    commands: &mut mpsc::Receiver<ConsultationCommand>,
) -> Result<(Session, Received), Ending> {
    let heard = loop {
        tokio::select! {
            heard = socket.heard() => break heard,
            command = commands.recv() => match command {
                // Nothing can be said to a client who has not proved to be one.
                Some(ConsultationCommand::Say { .. }) => {}
                Some(ConsultationCommand::End) | None => return Err(Ending::Worker),
            },
        }
    };
    let cell = as_cell(&heard)?;
    awaiting.confirm(&cell).map_err(|_| Ending::Broken)
}

fn as_cell(heard: &Heard) -> Result<Box<Cell>, Ending> {
    match heard {
        Heard::Message(bytes) => {
            let cell: &Cell = bytes[..].try_into().map_err(|_| Ending::Broken)?;
            Ok(Box::new(*cell))
        }
        Heard::Foreign => Err(Ending::Broken),
        Heard::Ended(_) => Err(Ending::Lost),
    }
}

fn close_code(ending: Ending) -> Close {
    match ending {
        Ending::Worker | Ending::Client | Ending::Lost => Close::Done,
        Ending::Broken => Close::Malformed,
    }
}

/// A live consultation.
struct Conversation {
    socket: RelaySocket,
    session: Session,
    /// The worker's messages that have not arrived: last sequence number, message number.
    waiting: VecDeque<(u64, u64)>,
    commands: mpsc::Receiver<ConsultationCommand>,
    events: ConsultationEvents,
}

impl Conversation {
    async fn run(mut self, first: Received) {
        let ending = match self.take(first).await {
            Some(ending) => ending,
            None => self.converse().await,
        };
        let close = close_code(ending);
        let close_sequence = match ending {
            Ending::Worker => self.say_goodbye(),
            Ending::Client => None,
            Ending::Lost | Ending::Broken => {
                self.events.send(ConsultationEvent::Ended(ending)).await;
                return self.socket.finish(close).await;
            }
        };
        // The worker need not wait for what now goes on in the background.
        self.events.send(ConsultationEvent::Ended(ending)).await;
        self.see_off(close_sequence).await;
        self.socket.finish(close).await;
    }

    /// Words both ways, until one end has enough.
    async fn converse(&mut self) -> Ending {
        loop {
            tokio::select! {
                heard = self.socket.heard() => match self.open(&heard).await {
                    Ok(None) => {}
                    Ok(Some(ending)) | Err(ending) => return ending,
                },
                command = self.commands.recv(), if self.socket.outbox_len() < OUTBOX_LEN_MAX => {
                    match command {
                        Some(ConsultationCommand::Say { number, text }) => {
                            if !self.say(number, &text) {
                                return Ending::Lost;
                            }
                        }
                        Some(ConsultationCommand::End) | None => return Ending::Worker,
                    }
                }
            }
        }
    }

    /// Seals the worker's words. `false` when the consultation cannot carry any more.
    fn say(&mut self, number: u64, text: &Words) -> bool {
        let record = Record::Text((*text.0).clone());
        let Ok(sealed) = self.session.seal(&record) else { return false };
        self.waiting.push_back((sealed.last_sequence, number));
        for cell in &sealed.cells {
            self.socket.push(cell.to_vec());
        }
        true
    }

    /// Seals the record that ends the consultation, and returns its sequence number.
    fn say_goodbye(&mut self) -> Option<u64> {
        let sealed = self.session.seal(&Record::Close).ok()?;
        for cell in &sealed.cells {
            self.socket.push(cell.to_vec());
        }
        Some(sealed.last_sequence)
    }

    async fn open(&mut self, heard: &Heard) -> Result<Option<Ending>, Ending> {
        let cell = as_cell(heard)?;
        let received = self.session.open(&cell).map_err(|_| Ending::Broken)?;
        Ok(self.take(received).await)
    }

    /// Takes what a cell brought; an ending when it was the client's goodbye.
    async fn take(&mut self, received: Received) -> Option<Ending> {
        if received.needs_acknowledgement {
            match self.session.seal_empty() {
                Ok(cell) => self.socket.push(cell.to_vec()),
                Err(_) => return Some(Ending::Lost),
            }
        }
        let mut arrived = None;
        while let Some((sequence, number)) = self.waiting.front().copied()
            && sequence < received.acknowledged
        {
            self.waiting.pop_front();
            arrived = Some(number);
        }
        if let Some(number) = arrived {
            self.events.send(ConsultationEvent::Delivered(number)).await;
        }
        match &received.record {
            Some(Record::Text(text)) => {
                self.events.send(ConsultationEvent::Said(Words::new(text))).await;
                None
            }
            Some(Record::Close) => Some(Ending::Client),
            None => None,
        }
    }

    /// Stays until the other end knows that it is over: it has acknowledged our goodbye, or, after
    /// its own, has ended the socket.
    async fn see_off(&mut self, close_sequence: Option<u64>) {
        let deadline = Instant::now() + CLOSE_DEADLINE;
        while let Ok(heard) = timeout_at(deadline, self.socket.heard()).await {
            let Ok(cell) = as_cell(&heard) else { return };
            let Ok(received) = self.session.open(&cell) else { return };
            let acknowledged = received.acknowledged;
            self.take(received).await;
            if close_sequence.is_some_and(|sequence| sequence < acknowledged) {
                return;
            }
        }
    }
}
