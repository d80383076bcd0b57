//! The worker who is asked to take a consultation over.

use std::time::Duration;

use tokio::time::Instant;
use vestibule_protocol::{HandOverId, HandOverSecret, Triage};
use vestibule_wire::Timestamp;

use crate::messages::{HandOverRequestView, Notice, Words};

/// The former worker's words are taken for so long after the client has come.
const FORMER_WORDS_DEADLINE: Duration = Duration::from_mins(10);
/// They are no more than a session's queue and window hold.
const FORMER_WORDS_BYTES_MAX: usize = 262_144;

/// A hand-over to this worker that is not settled.
pub(crate) struct Asked {
    pub(crate) id: HandOverId,
    /// The number of the colleague who asks.
    pub(crate) colleague: u64,
    pub(crate) triage: Triage,
    /// May be empty.
    pub(crate) summary: Words,
    pub(crate) offered_at: Timestamp,
    /// The consultation, once this console waits for the client.
    pub(crate) consultation: Option<u64>,
    stage: Stage,
}

enum Stage {
    /// The worker has not answered.
    Requested,
    /// The worker takes it; the colleague's ticket is to come.
    Accepted,
    /// This console waits where the client will come.
    Waiting,
    /// The client is here. What the former worker said and the client has not received is said when
    /// all of it has come: in a piece, so that nothing of it is said twice.
    Arrived { words: Vec<Words>, until: Instant },
}

/// What happened.
pub(crate) enum AskedEvent {
    /// This worker takes it.
    Accepted,
    /// This worker does not.
    Declined,
    /// The colleague gives the ticket.
    Ticket(HandOverSecret),
    /// The colleague says that nothing more comes of it.
    Over,
    /// The way to the colleague is over.
    WayLost,
    /// The client has come; it has this much of the colleague.
    Arrived { received_below: u64, at: Instant },
    /// This console waits no longer, or the consultation is over.
    Ended,
    /// Words of the colleague that the client has not received.
    Undelivered(Words),
    /// Nobody expects more of those words.
    Expired,
}

/// What is to be done.
#[derive(PartialEq, Eq)]
pub(crate) enum AskedStep {
    TellAccept,
    TellDecline,
    /// As soon as the colleague can be told.
    TellDone {
        received_below: u64,
    },
    /// As soon as the colleague can be told.
    TellOver,
    /// Wait for the client.
    Wait(HandOverSecret),
    /// Wait no longer.
    StopWaiting,
    /// The consultation begins for this worker.
    Begin,
    /// The client is told these words first, if there are any.
    SayFirst(Vec<Words>),
    /// This worker is told.
    Notice(Notice),
}

impl Asked {
    /// A colleague has asked.
    pub(crate) fn new(
        id: HandOverId,
        colleague: u64,
        triage: Triage,
        summary: Words,
        offered_at: Timestamp,
    ) -> Self {
        let stage = Stage::Requested;
        Self { id, colleague, triage, summary, offered_at, consultation: None, stage }
    }

    /// What the worker is shown until the client has come.
    pub(crate) fn view(&self) -> Option<HandOverRequestView<'_>> {
        let accepted = match self.stage {
            Stage::Requested => false,
            Stage::Accepted | Stage::Waiting => true,
            Stage::Arrived { .. } => return None,
        };
        Some(HandOverRequestView {
            id: self.id,
            colleague: self.colleague,
            triage: self.triage.into(),
            summary: &self.summary.0,
            offered_at: self.offered_at.0,
            accepted,
        })
    }

    /// Whether the worker has still to answer.
    pub(crate) fn is_requested(&self) -> bool {
        matches!(self.stage, Stage::Requested)
    }

    /// Whether it counts as a consultation that has not begun.
    pub(crate) fn is_expected(&self) -> bool {
        matches!(self.stage, Stage::Accepted | Stage::Waiting)
    }

    /// Until when it waits for the former worker's words.
    pub(crate) fn expires_at(&self) -> Option<Instant> {
        match self.stage {
            Stage::Arrived { until, .. } => Some(until),
            Stage::Requested | Stage::Accepted | Stage::Waiting => None,
        }
    }

    /// Takes what happened. Without a next state the hand-over is settled.
    pub(crate) fn take(self, event: AskedEvent) -> (Option<Self>, Vec<AskedStep>) {
        use AskedStep::{Begin, Notice as Tell, SayFirst, StopWaiting, TellDone, TellOver, Wait};
        let Self { stage, .. } = self;
        let (stage, steps) = match (stage, event) {
            (Stage::Requested, AskedEvent::Accepted) => {
                (Some(Stage::Accepted), vec![AskedStep::TellAccept])
            }
            (Stage::Requested, AskedEvent::Declined) => (None, vec![AskedStep::TellDecline]),
            (Stage::Requested, AskedEvent::Over | AskedEvent::WayLost) => (None, vec![]),
            (Stage::Accepted, AskedEvent::Ticket(secret)) => {
                (Some(Stage::Waiting), vec![Wait(secret)])
            }
            (Stage::Accepted, AskedEvent::Over | AskedEvent::WayLost) => {
                (None, vec![Tell(Notice::HandOverGone)])
            }
            (Stage::Waiting, AskedEvent::Over) => {
                (None, vec![StopWaiting, Tell(Notice::HandOverGone)])
            }
            (Stage::Waiting, AskedEvent::Ended) => {
                (None, vec![TellOver, Tell(Notice::HandOverGone)])
            }
            (Stage::Waiting, AskedEvent::Arrived { received_below, at }) => {
                let until = at + FORMER_WORDS_DEADLINE;
                let arrived = Stage::Arrived { words: Vec::new(), until };
                (Some(arrived), vec![Begin, TellDone { received_below }])
            }
            (Stage::Arrived { words, until }, AskedEvent::Undelivered(text)) => {
                let words = with(words, text);
                (Some(Stage::Arrived { words, until }), vec![])
            }
            // They come again, all of them, when there is a way again.
            (Stage::Arrived { until, .. }, AskedEvent::WayLost) => {
                (Some(Stage::Arrived { words: Vec::new(), until }), vec![])
            }
            (Stage::Arrived { words, .. }, AskedEvent::Over) => (None, vec![SayFirst(words)]),
            (Stage::Arrived { .. }, AskedEvent::Ended | AskedEvent::Expired) => (None, vec![]),
            // With the ticket this console waits whatever becomes of the colleague. The rest came too
            // late or too early.
            (stage, _) => (Some(stage), vec![]),
        };
        (stage.map(|stage| Self { stage, ..self }), steps)
    }
}

fn with(mut words: Vec<Words>, text: Words) -> Vec<Words> {
    let bytes: usize = words.iter().map(|words| words.0.len()).sum();
    if bytes + text.0.len() <= FORMER_WORDS_BYTES_MAX {
        words.push(text);
    }
    words
}

#[cfg(test)]
mod tests;
