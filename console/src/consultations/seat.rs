//! From a granted seat to the client's first cell (sections 6 to 8).

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until, timeout};
use vestibule_protocol::{AwaitingFirstCell, Opened, Session, Triage};
use vestibule_wire::{CELL_LEN, Close, LinkName, Opening, RelayToSeat, SeatKey, SeatToRelay};

use super::line::LineId;
use super::sockets::{Happened, Sockets};
use super::{ConsultationCommand, ConsultationEvent, Live};
use crate::context::Context;
use crate::messages::{Ending, Notice};
use crate::nodes::Address;
use crate::relay_socket::{Heard, RelaySocket};
use crate::spent_links::spent_by;

/// From `granted` to `seated`; the relay gives the seat away after as long.
const SEAT_DEADLINE: Duration = Duration::from_secs(10);
/// From the answer to the client's first cell, over a slow Tor circuit.
const FIRST_CELL_DEADLINE: Duration = Duration::from_mins(1);

/// Everything that a granted seat needs.
pub(crate) struct SeatGrant {
    /// Of the node that granted it.
    pub(crate) address: Address,
    pub(crate) seat: SeatKey,
    pub(crate) link: LinkName,
    pub(crate) opening: Opening,
    pub(crate) triage: Triage,
}

/// Answers the client and waits until it proves to be live.
pub(super) async fn begin(
    context: &Arc<Context>,
    grant: Box<SeatGrant>,
    commands: &mut mpsc::Receiver<ConsultationCommand>,
) -> Result<Live, ConsultationEvent> {
    let seated = timeout(SEAT_DEADLINE, Box::pin(take_seat(context, &grant))).await;
    let (socket, awaiting) = match seated.unwrap_or(Err(Notice::SeatGone)) {
        Ok(seated) => seated,
        Err(notice) => {
            // No answer has left, so nobody can be live: a client that reloads may come again.
            let spent = spent_by(&grant.link, &grant.opening);
            context.spent().take_back(spent, &grant.opening);
            return Err(ConsultationEvent::NotBegun(notice));
        }
    };
    let spent = spent_by(&grant.link, &grant.opening);
    let mut sockets = Sockets::new(Arc::clone(context));
    drop(grant);
    sockets.seated(socket);
    match first_cell(context, &mut sockets, awaiting, commands).await {
        Ok((session, opened, line)) => {
            context.spent().finish(spent);
            Ok(Live { sockets, session, opened, line })
        }
        Err(event) => {
            sockets.finish(Close::Done).await;
            Err(event)
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
        RelaySocket::connect(&grant.address, "/ws/seat").await.map_err(|_| Notice::SeatGone)?;
    socket.push(SeatToRelay::TakeSeat(grant.seat).encode());
    match socket.heard().await {
        Heard::Message(bytes) if RelayToSeat::decode(&bytes).is_ok() => {}
        Heard::Message(_) | Heard::Foreign | Heard::Ended(_) => return Err(Notice::SeatGone),
    }
    // When another seat of this opening was gone it was taken back, and another may have come meanwhile.
    let spent = spent_by(&grant.link, &grant.opening);
    if !context.spent().learn(spent, &grant.opening) {
        return Err(Notice::SeatGone);
    }
    for cell in answer.chunks_exact(CELL_LEN) {
        socket.push(cell.to_vec());
    }
    Ok((socket, awaiting))
}

/// Waits for the cell that proves that the client is live, on the seat or where a client rejoins
/// whose socket broke after it had opened the answer.
async fn first_cell(
    context: &Context,
    sockets: &mut Sockets,
    mut awaiting: AwaitingFirstCell,
    commands: &mut mpsc::Receiver<ConsultationCommand>,
) -> Result<(Session, Opened, LineId), ConsultationEvent> {
    let deadline = Instant::now() + FIRST_CELL_DEADLINE;
    loop {
        sockets.wait_at(&awaiting.routes());
        tokio::select! {
            happened = sockets.next() => if let Happened::Cell(line, cell) = happened {
                match awaiting.confirm(&cell, context.clock.now()) {
                    Ok((session, opened)) => return Ok((session, opened, line)),
                    // It proves nothing; the client may still come.
                    Err(unproven) => {
                        awaiting = unproven;
                        sockets.refuse(line);
                    }
                }
            },
            () = until_told_to_end(commands) => {
                return Err(ConsultationEvent::Ended(Ending::Worker));
            }
            () = sleep_until(deadline) => {
                return Err(ConsultationEvent::NotBegun(Notice::SeatGone));
            }
        }
    }
}

/// Waits until the worker ends what has not begun. Nothing can be said to a client who has not proved
/// to be one.
pub(super) async fn until_told_to_end(commands: &mut mpsc::Receiver<ConsultationCommand>) {
    while let Some(command) = commands.recv().await {
        if matches!(command, ConsultationCommand::End) {
            return;
        }
    }
}
