//! From a hand-over's ticket to the client's first cell: this worker waits where the client comes
//! once it has agreed (section 7, "Hand-over").

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};
use vestibule_protocol::{
    ABSENT_AFTER, AwaitingFirstCell, Cell, HandOver, Opened, ReceivedOpening, Session,
};
use vestibule_wire::{CELL_LEN, Close, OPENING_LEN, Opening};

use super::line::LineId;
use super::seat::until_told_to_end;
use super::sockets::{Happened, Sockets};
use super::{ConsultationCommand, ConsultationEvent, Live};
use crate::context::Context;
use crate::messages::Notice;
use crate::random;

/// Everything that a worker needs who takes a consultation over.
pub(crate) struct Ticket {
    /// The secret that the first worker drew, and this worker's certificate, which the client is shown.
    pub(crate) hand_over: HandOver,
}

/// Waits for the client and answers it.
pub(super) async fn begin(
    context: &Arc<Context>,
    ticket: Box<Ticket>,
    commands: &mut mpsc::Receiver<ConsultationCommand>,
) -> Result<Live, ConsultationEvent> {
    let mut sockets = Sockets::new(Arc::clone(context));
    let mut arrival = Arrival {
        context,
        hand_over: &ticket.hand_over,
        first_halves: HashMap::new(),
        answered: HashSet::new(),
        awaiting: None,
    };
    let deadline = Instant::now() + ABSENT_AFTER;
    loop {
        sockets.wait_at(&arrival.routes());
        let happened = tokio::select! {
            happened = sockets.next() => happened,
            () = until_told_to_end(commands) => break,
            () = sleep_until(deadline) => break,
        };
        let Happened::Cell(line, cell) = happened else { continue };
        match arrival.take(line, &cell) {
            Taken::Nothing => {}
            Taken::Answer(cells) => cells.iter().for_each(|cell| sockets.send(line, cell)),
            Taken::NotTheClient => sockets.refuse(line),
            Taken::Live(session, opened) => {
                return Ok(Live { sockets, session: *session, opened, line });
            }
        }
    }
    sockets.finish(Close::Done).await;
    Err(ConsultationEvent::NotBegun(Notice::HandOverGone))
}

/// What is known of a client that may be on its way.
struct Arrival<'a> {
    context: &'a Context,
    hand_over: &'a HandOver,
    /// First halves of openings, by the line on which they came.
    first_halves: HashMap<LineId, Box<Cell>>,
    /// Each line may bring one opening.
    answered: HashSet<LineId>,
    /// The newest answer. The client sends its opening again only when it has read none.
    awaiting: Option<AwaitingFirstCell>,
}

enum Taken {
    Nothing,
    Answer(Vec<Cell>),
    NotTheClient,
    Live(Box<Session>, Opened),
}

impl Arrival<'_> {
    /// Where the client comes first, and where it rejoins once it has an answer.
    fn routes(&self) -> Vec<vestibule_wire::Route> {
        let rejoining = self.awaiting.as_ref().map(AwaitingFirstCell::routes).unwrap_or_default();
        [vec![self.hand_over.secret.route()], rejoining].concat()
    }

    fn take(&mut self, line: LineId, cell: &Cell) -> Taken {
        match number_of(cell) {
            0 if !self.answered.contains(&line) => {
                self.first_halves.insert(line, Box::new(*cell));
                Taken::Nothing
            }
            1 => match self.first_halves.remove(&line) {
                Some(first_half) => self.answer(line, &first_half, cell),
                None => Taken::NotTheClient,
            },
            _ => self.confirm(cell),
        }
    }

    fn answer(&mut self, line: LineId, first_half: &Cell, second_half: &Cell) -> Taken {
        self.answered.insert(line);
        let opening: [u8; OPENING_LEN] =
            [&first_half[..], second_half].concat().try_into().expect("an opening is two cells");
        match self.read_and_answer(&Opening::new(opening)) {
            Some((awaiting, cells)) => {
                self.awaiting = Some(awaiting);
                Taken::Answer(cells)
            }
            None => Taken::NotTheClient,
        }
    }

    fn read_and_answer(&self, opening: &Opening) -> Option<(AwaitingFirstCell, Vec<Cell>)> {
        let enrolment = &self.context.enrolment;
        let certificate = &self.hand_over.certificate;
        // The shift that the client was told of, though another may have begun since.
        let shift = enrolment.shifts.iter().find(|shift| shift.certificate == *certificate)?;
        let authority = &enrolment.authority;
        let rng = &mut random::system();
        let received =
            ReceivedOpening::read_hand_over(opening, self.hand_over, authority, &shift.key, rng);
        let (awaiting, answer) = received.ok()?.answer(certificate).ok()?;
        let cells = answer.chunks_exact(CELL_LEN).filter_map(|cell| cell.try_into().ok());
        Some((awaiting, cells.collect()))
    }

    fn confirm(&mut self, cell: &Cell) -> Taken {
        let Some(awaiting) = self.awaiting.take() else { return Taken::NotTheClient };
        match awaiting.confirm(cell, self.context.clock.now()) {
            Ok((session, opened)) => Taken::Live(Box::new(session), opened),
            Err(unproven) => {
                self.awaiting = Some(unproven);
                Taken::NotTheClient
            }
        }
    }
}

/// The number that stands on a cell.
fn number_of(cell: &Cell) -> u64 {
    let (number, _) = cell.split_first_chunk::<8>().expect("a cell is longer than that");
    u64::from_be_bytes(*number)
}
