//! One task for each consultation, from its grant to its end (sections 6 to 10).
//!
//! It begins at a `seat` that the relay granted, or with a client that a colleague hands over
//! (`arrival`). From the client's first cell on it is a `conversation`, which sees records; `exchange`
//! moves their cells over `sockets`, one `line` each, that come and go by the rules in `lines`.

mod arrival;
mod arriving;
mod conversation;
mod exchange;
mod goodbye;
mod line;
mod lines;
mod saying;
mod seat;
mod sockets;
mod standby;

use std::sync::Arc;

use tokio::sync::mpsc;
use vestibule_protocol::{
    FileNumber, FileReply, HandOver, HandOverReply, Opened, RecordNumber, SafetyPhrase, Session,
    SurveyAnswer,
};

use crate::context::Context;
use crate::hub::ConsultationEvents;
use crate::messages::{Ending, LineView, Notice, Words};
use line::LineId;
use sockets::Sockets;

pub(crate) use arrival::Ticket;
pub(crate) use arriving::FileEvent;
pub(crate) use saying::Saying;
pub(crate) use seat::SeatGrant;
pub(crate) use sockets::until;

/// How a client comes to this worker.
pub(crate) enum Beginning {
    /// It waited, and the worker was first.
    Seat(Box<SeatGrant>),
    /// A colleague hands it over.
    Ticket(Box<Ticket>),
}

/// Hub → consultation. Dropping the sender ends the consultation.
pub(crate) enum ConsultationCommand {
    /// The worker says something.
    Say(Saying),
    /// What the former worker said and the client has not received; nothing more will come of it.
    SayFirst(Vec<Words>),
    /// What the worker says to a file.
    AnswerFile { file: FileNumber, reply: FileReply },
    /// The client is asked whether it goes on with a colleague.
    Propose(Box<HandOver>),
    /// The colleague cannot come after all.
    Withdraw,
    /// The client is with the colleague and has everything below this number.
    HandedOver { received_below: u64 },
    /// The network may be there again: nothing is waited for.
    TryNow,
    /// The worker ends it.
    End,
}

/// Consultation → hub.
pub(crate) enum ConsultationEvent {
    /// A client that was handed over is here; this much of the former worker has arrived.
    Arrived { received_below: u64 },
    /// The client is live, and the worker may speak; the words that both can compare.
    Open(SafetyPhrase),
    /// How the client can be reached.
    Line(LineView),
    /// The client said something.
    Said(Words),
    /// What the worker says is on its way.
    Taken { saying: Saying, record: RecordNumber },
    /// There is no room for it.
    NotTaken(Saying),
    /// The client does not want to end yet.
    EndDeclined,
    /// Of a file that the client sends.
    File(FileEvent),
    /// The client answered a question of the survey.
    Answered(SurveyAnswer),
    /// The worker's records up to this one have arrived.
    Delivered(RecordNumber),
    /// What the client says to a proposal.
    Replied(HandOverReply),
    /// The client knows that the proposed colleague cannot come.
    Withdrawn,
    /// A colleague goes on. These words are to be said first.
    HandedOver(Vec<Words>),
    /// It is over.
    Ended(Ending),
    /// It never began.
    NotBegun(Notice),
}

/// A client that has proved to be live.
struct Live {
    sockets: Sockets,
    session: Session,
    /// What its first cell brought, and on which line.
    opened: Opened,
    line: LineId,
}

/// Holds a consultation from its beginning to its end.
pub(crate) async fn run(
    context: Arc<Context>,
    beginning: Beginning,
    mut commands: mpsc::Receiver<ConsultationCommand>,
    events: ConsultationEvents,
) {
    let is_taken_over = matches!(beginning, Beginning::Ticket(_));
    let begun = match beginning {
        Beginning::Seat(grant) => Box::pin(seat::begin(&context, grant, &mut commands)).await,
        Beginning::Ticket(ticket) => {
            Box::pin(arrival::begin(&context, ticket, &mut commands)).await
        }
    };
    match begun {
        Ok(live) => {
            Box::pin(conversation::hold(context, live, is_taken_over, commands, events)).await;
        }
        Err(event) => events.send(event).await,
    }
}
