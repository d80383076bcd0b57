//! The last words of a consultation (section 10, "Closing").

use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until, timeout_at};
use vestibule_protocol::{Record, RecordNumber, SessionError};
use vestibule_wire::Close;

use super::conversation::tell;
use super::exchange::Exchange;
use super::{ConsultationCommand, ConsultationEvent};
use crate::hub::ConsultationEvents;

/// A client that cannot be reached is tried for so long.
const GOODBYE_DEADLINE: Duration = Duration::from_mins(10);
/// From the client's close to the end of its socket.
const SEE_OFF_DEADLINE: Duration = Duration::from_secs(5);

/// Tells the client that the worker has ended it, however long it takes to reach the client.
pub(super) async fn say(
    mut exchange: Exchange,
    mut commands: mpsc::Receiver<ConsultationCommand>,
    events: ConsultationEvents,
) {
    let deadline = Instant::now() + GOODBYE_DEADLINE;
    let mut goodbye = Goodbye::new(&mut exchange);
    let mut may_hurry = true;
    while goodbye.is_said(&mut exchange) && !exchange.is_lost() {
        tokio::select! {
            opened = exchange.step() => match opened {
                Ok(None) => {}
                Ok(Some(opened)) => {
                    let closed_there = opened.records.contains(&Record::Close);
                    tell(&events, &opened).await;
                    if closed_there {
                        return acknowledge(exchange).await;
                    }
                    if goodbye.has_arrived(opened.delivered) {
                        break;
                    }
                    if goodbye.is_all_that_is_left() {
                        exchange.hurry();
                    }
                }
                Err(_) => break,
            },
            command = commands.recv(), if may_hurry => match command {
                // It comes after the close.
                Some(ConsultationCommand::Say(saying)) => {
                    events.send(ConsultationEvent::NotTaken(saying)).await;
                }
                Some(ConsultationCommand::TryNow) => exchange.try_now(),
                // The program ends, or what was said is wiped: no slot is waited for.
                Some(ConsultationCommand::End) | None => {
                    may_hurry = false;
                    exchange.hurry();
                }
                Some(_) => {}
            },
            () = sleep_until(deadline) => break,
        }
    }
    exchange.finish(Close::Done).await;
}

/// Lets the client know that its close has come, and waits until it has ended its socket.
pub(super) async fn acknowledge(mut exchange: Exchange) {
    let deadline = Instant::now() + SEE_OFF_DEADLINE;
    exchange.hurry();
    while exchange.is_joined() {
        let Ok(Ok(_)) = timeout_at(deadline, exchange.step()).await else { break };
    }
    exchange.finish(Close::Done).await;
}

/// Where the close stands among what is still on its way.
struct Goodbye {
    number: Option<RecordNumber>,
    delivered: RecordNumber,
}

impl Goodbye {
    fn new(exchange: &mut Exchange) -> Self {
        // When nothing else is under way, the close alone leaves at once and tells nobody how much
        // there was to say.
        if exchange.session().is_settled() {
            exchange.hurry();
        }
        Self { number: None, delivered: RecordNumber(0) }
    }

    /// Says the close once the queue has room for it. `false` when it cannot be said any more.
    fn is_said(&mut self, exchange: &mut Exchange) -> bool {
        if self.number.is_some() {
            return true;
        }
        match exchange.session().say(&Record::Close) {
            Ok(number) => self.number = Some(number),
            Err(error) => return error == SessionError::Full,
        }
        true
    }

    fn has_arrived(&mut self, delivered: Option<RecordNumber>) -> bool {
        self.delivered = delivered.unwrap_or(self.delivered);
        self.number.is_some_and(|number| self.delivered >= number)
    }

    fn is_all_that_is_left(&self) -> bool {
        self.number.is_some_and(|number| self.delivered.0 + 1 >= number.0)
    }
}
