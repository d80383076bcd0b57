//! Words both ways, until one end has enough or another worker goes on.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::Instant;
use vestibule_protocol::{FileNumber, FileReply, Opened, Record, RecordNumber, SessionError};
use vestibule_wire::Close;

use super::arriving::{Arriving, FileEvent};
use super::exchange::Exchange;
use super::saying::words_of;
use super::sockets::until;
use super::{ConsultationCommand, ConsultationEvent, Live, Saying, goodbye};
use crate::context::Context;
use crate::hub::ConsultationEvents;
use crate::messages::{Ending, LineView, Words};

/// After a hand-over the new worker's words wait so long for those of the former one.
const FORMER_WORDS_DEADLINE: Duration = Duration::from_secs(5);

/// How a conversation stops.
enum Stop {
    Ended(Ending),
    /// The client is with a colleague, to whom everything from this number on has not been said.
    HandedOver {
        received_below: u64,
    },
}

/// A live consultation.
struct Conversation {
    exchange: Exchange,
    commands: mpsc::Receiver<ConsultationCommand>,
    events: ConsultationEvents,
    /// What the desk was told of the line.
    line: Option<LineView>,
    /// Whether the desk knows it: one that is taken over when the client has said what it has of the
    /// former worker.
    is_known: bool,
    /// Words of a former worker that the queue has no room for yet.
    former_words: VecDeque<Words>,
    /// Until then the worker says nothing: words of a former worker may come first.
    opens_at: Option<Instant>,
    /// The record that tells the client that a colleague cannot come, until it has arrived.
    withdrawal: Option<RecordNumber>,
    file: Arriving,
}

/// Holds a live consultation to its end. One that was taken over begins with the former worker's words.
pub(super) async fn hold(
    context: Arc<Context>,
    live: Live,
    is_taken_over: bool,
    commands: mpsc::Receiver<ConsultationCommand>,
    events: ConsultationEvents,
) {
    let Live { sockets, session, opened, line } = live;
    let mut conversation = Conversation {
        exchange: Exchange::new(context, sockets, session, line),
        commands,
        events,
        line: None,
        is_known: !is_taken_over,
        former_words: VecDeque::new(),
        opens_at: None,
        withdrawal: None,
        file: Arriving::default(),
    };
    if !is_taken_over {
        conversation.tell_open().await;
    }
    let stop = match conversation.take(&opened).await {
        Some(stop) => stop,
        None => conversation.converse().await,
    };
    conversation.end(stop).await;
}

impl Conversation {
    async fn converse(&mut self) -> Stop {
        loop {
            self.tell_line().await;
            self.say_former().await;
            tokio::select! {
                opened = self.exchange.step() => match opened {
                    Ok(Some(opened)) => {
                        if let Some(stop) = self.take(&opened).await {
                            return stop;
                        }
                    }
                    Ok(None) => {}
                    Err(_) => return Stop::Ended(Ending::Broken),
                },
                command = self.commands.recv() => {
                    if let Some(stop) = self.obey(command).await {
                        return stop;
                    }
                }
                () = until(self.opens_at) => self.open().await,
            }
            if self.exchange.is_lost() {
                return Stop::Ended(Ending::Lost);
            }
        }
    }

    /// Takes what a cell brought.
    async fn take(&mut self, opened: &Opened) -> Option<Stop> {
        tell_delivered(&self.events, opened).await;
        if self.withdrawal.take_if(|number| opened.delivered >= Some(*number)).is_some() {
            self.events.send(ConsultationEvent::Withdrawn).await;
        }
        for record in &opened.records {
            match self.file.hear(record) {
                Some(event) => self.file_happened(event).await,
                None => tell_record(&self.events, record).await,
            }
            if matches!(record, Record::CarriedOver { .. }) {
                self.is_known = true;
                self.opens_at = Some(Instant::now() + FORMER_WORDS_DEADLINE);
            }
        }
        let closed = opened.records.contains(&Record::Close);
        closed.then_some(Stop::Ended(Ending::Client))
    }

    async fn obey(&mut self, command: Option<ConsultationCommand>) -> Option<Stop> {
        match command {
            Some(ConsultationCommand::Say(saying)) => self.say(saying).await,
            Some(ConsultationCommand::SayFirst(words)) => {
                self.former_words.extend(words);
                self.say_former().await;
                self.open().await;
            }
            Some(ConsultationCommand::AnswerFile { file, reply }) => {
                self.answer_file(file, reply).await;
            }
            Some(ConsultationCommand::Propose(hand_over)) => {
                // It is refused only when the client has closed, and then the consultation ends.
                let _ = self.exchange.session().say(&Record::HandOver(hand_over));
            }
            Some(ConsultationCommand::Withdraw) => {
                self.withdrawal = self.exchange.session().say(&Record::HandOverWithdrawn).ok();
            }
            Some(ConsultationCommand::HandedOver { received_below }) => {
                return Some(Stop::HandedOver { received_below });
            }
            Some(ConsultationCommand::TryNow) => self.exchange.try_now(),
            Some(ConsultationCommand::End) | None => return Some(Stop::Ended(Ending::Worker)),
        }
        None
    }

    /// Gives what the worker says to the session, if it has room for it.
    async fn say(&mut self, saying: Saying) {
        // The former worker's words come first.
        let may = self.former_words.is_empty();
        let said = may.then(|| self.exchange.session().say(&saying.record()));
        let event = match said {
            Some(Ok(record)) => ConsultationEvent::Taken { saying, record },
            // The client is asked already.
            Some(Err(SessionError::NotNow)) => return,
            Some(Err(_)) | None => ConsultationEvent::NotTaken(saying),
        };
        self.events.send(event).await;
    }

    async fn file_happened(&mut self, event: FileEvent) {
        if let FileEvent::Whole { offer, .. } = event {
            self.answer_file(offer.file, FileReply::Received).await;
        }
        self.events.send(ConsultationEvent::File(event)).await;
    }

    /// Means nothing when the client has withdrawn the file meanwhile.
    async fn answer_file(&mut self, file: FileNumber, reply: FileReply) {
        if self.exchange.session().say(&Record::FileReply { file, reply }).is_ok()
            && let Some(event) = self.file.answered(file, reply)
        {
            self.events.send(ConsultationEvent::File(event)).await;
        }
    }

    async fn say_former(&mut self) {
        while let Some(text) = self.former_words.front()
            && let Ok(record) = self.exchange.session().say(&Record::text(&text.0))
            && let Some(text) = self.former_words.pop_front()
        {
            let saying = Saying::Text(text);
            self.events.send(ConsultationEvent::Taken { saying, record }).await;
        }
    }

    /// The worker may speak now.
    async fn open(&mut self) {
        if self.opens_at.take().is_some() {
            self.tell_open().await;
        }
    }

    async fn tell_open(&mut self) {
        let phrase = self.exchange.session().safety_phrase().clone();
        self.events.send(ConsultationEvent::Open(phrase)).await;
    }

    async fn tell_line(&mut self) {
        let line = self.exchange.line();
        // Before that nobody would keep it, and it is not told again.
        if self.is_known && self.line != Some(line) {
            self.line = Some(line);
            self.events.send(ConsultationEvent::Line(line)).await;
        }
    }

    async fn end(self, stop: Stop) {
        let Self { exchange, commands, events, former_words, .. } = self;
        let ending = match stop {
            Stop::Ended(ending) => ending,
            Stop::HandedOver { received_below } => {
                return hand_over(exchange, received_below, former_words, commands, events).await;
            }
        };
        // The worker need not wait for what now goes on in the background.
        events.send(ConsultationEvent::Ended(ending)).await;
        match ending {
            Ending::Worker => goodbye::say(exchange, commands, events).await,
            Ending::Client => goodbye::acknowledge(exchange).await,
            Ending::Broken => exchange.finish(Close::Malformed).await,
            Ending::Lost | Ending::HandedOver => exchange.finish(Close::Done).await,
        }
    }
}

/// Gives back the words that the client has not received, in order, and wipes the session.
async fn hand_over(
    exchange: Exchange,
    received_below: u64,
    former_words: VecDeque<Words>,
    mut commands: mpsc::Receiver<ConsultationCommand>,
    events: ConsultationEvents,
) {
    let (session, sockets) = exchange.into_parts();
    let mut undelivered: Vec<Words> = Vec::new();
    for (_, record) in session.into_undelivered(received_below) {
        // Return links and proposals were this worker's to make.
        if let Record::Text(text) = &record {
            undelivered.push(Words::new(text));
        } else if let Record::Card(card) = &record {
            undelivered.push(words_of(card));
        }
    }
    undelivered.extend(former_words);
    // What the worker said while the client was on its way.
    commands.close();
    while let Ok(command) = commands.try_recv() {
        if let ConsultationCommand::Say(saying) = command {
            undelivered.extend(saying.into_text());
        }
    }
    events.send(ConsultationEvent::HandedOver(undelivered)).await;
    sockets.finish(Close::Done).await;
}

/// Tells the desk what a cell brought.
pub(super) async fn tell(events: &ConsultationEvents, opened: &Opened) {
    tell_delivered(events, opened).await;
    for record in &opened.records {
        tell_record(events, record).await;
    }
}

async fn tell_delivered(events: &ConsultationEvents, opened: &Opened) {
    if let Some(record) = opened.delivered {
        events.send(ConsultationEvent::Delivered(record)).await;
    }
}

async fn tell_record(events: &ConsultationEvents, record: &Record) {
    let event = match record {
        Record::Text(text) => ConsultationEvent::Said(Words::new(text)),
        Record::HandOverReply(reply) => ConsultationEvent::Replied(*reply),
        Record::CarriedOver { received_below } => {
            ConsultationEvent::Arrived { received_below: *received_below }
        }
        Record::EndDeclined => ConsultationEvent::EndDeclined,
        Record::Survey(answer) => ConsultationEvent::Answered(*answer),
        // The conversation sees to it while it goes on, and the others are not a client's to send.
        Record::Close
        | Record::FileOffer(_)
        | Record::FilePart { .. }
        | Record::FileWithdrawn { .. }
        | Record::FreshOpening(_)
        | Record::FreshAnswer(_)
        | Record::HandOver(_)
        | Record::HandOverWithdrawn
        | Record::Card(_)
        | Record::ReturnLink(_)
        | Record::EndProposal
        | Record::FileReply { .. } => return,
    };
    events.send(event).await;
}
