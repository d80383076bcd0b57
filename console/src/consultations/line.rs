//! One socket on which cells travel, in a task of its own: it forwards and decides nothing.

use tokio::sync::mpsc;
use vestibule_protocol::Cell;
use vestibule_wire::Close;

use crate::relay_socket::{Heard, RelaySocket};

/// The consultation's next cells wait while so many wait for the socket.
const OUTBOX_LEN_MAX: usize = 64;

/// Names a line within its consultation. Never given twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct LineId(pub(super) u64);

/// Line → consultation.
pub(super) enum LineEvent {
    /// It is at the relay, and the client is not.
    Waits,
    /// It has lost the relay and tries again.
    Away,
    /// The client, or somebody who says so, is at the other end.
    Joined,
    /// A cell, or something of its size.
    Cell(Box<Cell>),
    /// Something that is no cell.
    Foreign,
    /// The socket has ended.
    Ended,
}

/// Consultation → line. Dropping the sender ends the line with `done`.
pub(super) enum LineCommand {
    Send(Box<Cell>),
    /// The network may be there again, or may have been lost.
    TryNow,
    Finish(Close),
}

/// Reaches the consultation on behalf of one line.
pub(super) struct LineEvents {
    pub(super) id: LineId,
    pub(super) consultation: mpsc::Sender<(LineId, LineEvent)>,
}

impl LineEvents {
    pub(super) async fn send(&self, event: LineEvent) {
        // A consultation that is over hears no more of its lines.
        let _ = self.consultation.send((self.id, event)).await;
    }
}

/// Carries cells both ways until the socket or the consultation has enough.
pub(super) async fn carry(
    mut socket: RelaySocket,
    mut commands: mpsc::Receiver<LineCommand>,
    events: LineEvents,
) {
    let close = loop {
        tokio::select! {
            heard = socket.heard() => match heard {
                Heard::Message(bytes) => events.send(as_cell(&bytes)).await,
                Heard::Foreign => events.send(LineEvent::Foreign).await,
                Heard::Ended(_) => return events.send(LineEvent::Ended).await,
            },
            command = commands.recv(), if socket.outbox_len() < OUTBOX_LEN_MAX => match command {
                Some(LineCommand::Send(cell)) => socket.push(cell.to_vec()),
                Some(LineCommand::TryNow) => socket.probe(),
                Some(LineCommand::Finish(close)) => break close,
                None => break Close::Done,
            },
        }
    };
    socket.finish(close).await;
}

fn as_cell(bytes: &[u8]) -> LineEvent {
    bytes.try_into().map_or(LineEvent::Foreign, |cell: &Cell| LineEvent::Cell(Box::new(*cell)))
}
