//! What the console keeps of one consultation until it is forgotten: in memory alone.

use std::collections::VecDeque;

use vestibule_protocol::{FileNumber, FileOffer, RecordNumber};
use vestibule_wire::Timestamp;

use crate::consultations::Saying;
use crate::messages::{CardView, FileStatus, FileView, MessageKind, MessageView, Words, Writer};

/// Text kept of one consultation, in bytes. Beyond it the oldest messages are wiped; the pages that
/// show them still do.
const TEXT_BYTES_MAX: usize = 1_048_576;
/// Messages kept of one consultation.
const MESSAGES_MAX: usize = 4_096;

/// Messages in the order in which they came.
pub(crate) struct Transcript {
    messages: VecDeque<MessageView>,
    text_bytes: usize,
    next_number: u64,
}

impl Transcript {
    pub(crate) fn new() -> Self {
        Self { messages: VecDeque::new(), text_bytes: 0, next_number: 1 }
    }

    /// Adds what the client said and returns it with its number.
    pub(crate) fn add_clients(&mut self, text: Words, at: Timestamp) -> &MessageView {
        self.add(Writer::Client, Content::Text(text), at, None)
    }

    /// Adds that the client would like to send a file.
    pub(crate) fn add_file(&mut self, offer: &FileOffer, at: Timestamp) -> &MessageView {
        let file = FileView {
            file: offer.file.0,
            kind: offer.kind.name(),
            size: offer.size,
            came: 0,
            status: FileStatus::Offered,
        };
        self.add(Writer::Client, Content::File(file), at, None)
    }

    /// Changes what is shown of a file; returns the number of its message, and how it is now.
    pub(crate) fn change_file(
        &mut self,
        file: FileNumber,
        change: impl FnOnce(&mut FileView),
    ) -> Option<(u64, FileView)> {
        self.messages
            .iter_mut()
            .rev()
            .find_map(|message| {
                message
                    .file
                    .as_mut()
                    .filter(|view| view.file == file.0)
                    .map(|view| (message.number, view))
            })
            .map(|(number, view)| {
                change(view);
                (number, *view)
            })
    }

    /// Of every file that has not come to an end: it will not.
    pub(crate) fn give_up_files(&mut self) -> Vec<(u64, FileView)> {
        let open = self.messages.iter_mut().filter_map(|message| {
            let view = message.file.as_mut()?;
            let is_open = matches!(view.status, FileStatus::Offered | FileStatus::Coming);
            is_open.then(|| {
                view.status = FileStatus::Withdrawn;
                (message.number, *view)
            })
        });
        open.collect()
    }

    /// Adds that the client does not want to end yet.
    pub(crate) fn add_end_declined(&mut self, at: Timestamp) -> &MessageView {
        self.add(Writer::Client, Content::Sign(MessageKind::EndDeclined), at, None)
    }

    /// Adds what the worker said, with the session's number for it.
    pub(crate) fn add_workers(
        &mut self,
        saying: Saying,
        at: Timestamp,
        record: RecordNumber,
    ) -> &MessageView {
        let content = match saying {
            Saying::Text(text) => Content::Text(text),
            Saying::Card { card, .. } => Content::Card(CardView {
                kind: card.kind.name(),
                title: Words::new(&card.title),
                body: Words::new(&card.body),
            }),
            Saying::ReturnLink(_) => Content::Sign(MessageKind::ReturnLink),
            Saying::EndProposal => Content::Sign(MessageKind::EndProposed),
        };
        self.add(Writer::Worker, content, at, Some(record))
    }

    fn add(
        &mut self,
        from: Writer,
        content: Content,
        at: Timestamp,
        record: Option<RecordNumber>,
    ) -> &MessageView {
        let number = self.next_number;
        self.next_number += 1;
        let (kind, text, card, file) = match content {
            Content::Text(text) => (MessageKind::Text, text, None, None),
            Content::Card(card) => (MessageKind::Card, Words::default(), Some(card), None),
            Content::File(file) => (MessageKind::File, Words::default(), None, Some(file)),
            Content::Sign(kind) => (kind, Words::default(), None, None),
        };
        let at = at.0;
        let message =
            MessageView { number, from, kind, text, card, file, at, delivered: false, record };
        self.text_bytes += bytes_of(&message);
        self.messages.push_back(message);
        while self.messages.len() > MESSAGES_MAX || self.text_bytes > TEXT_BYTES_MAX {
            let oldest = self.messages.pop_front().expect("one text is far below the limit");
            self.text_bytes -= bytes_of(&oldest);
        }
        self.messages.back().expect("one text is far below the limit, so the newest stays")
    }

    /// Notes that the worker's records up to one have arrived, and returns the number of the last
    /// message among them if that is news.
    pub(crate) fn delivered(&mut self, up_to: RecordNumber) -> Option<u64> {
        let arrived = |message: &&mut MessageView| {
            !message.delivered && message.record.is_some_and(|record| record <= up_to)
        };
        let mut last = None;
        for message in self.messages.iter_mut().filter(arrived) {
            message.delivered = true;
            last = Some(message.number);
        }
        last
    }

    pub(crate) fn messages(&self) -> Vec<&MessageView> {
        self.messages.iter().collect()
    }
}

/// What a message says.
enum Content {
    Text(Words),
    Card(CardView),
    File(FileView),
    /// That something was done.
    Sign(MessageKind),
}

fn bytes_of(message: &MessageView) -> usize {
    let card = message.card.as_ref();
    message.text.0.len() + card.map_or(0, |card| card.title.0.len() + card.body.0.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_messages_go_first() {
        let mut transcript = Transcript::new();
        let long = "x".repeat(40_000);
        for _ in 0..30 {
            transcript.add_clients(Words::new(&long), Timestamp(0));
        }
        let kept = transcript.messages();
        assert_eq!(kept.len(), TEXT_BYTES_MAX / 40_000);
        assert_eq!(kept.last().unwrap().number, 30);
        assert_eq!(transcript.text_bytes, kept.len() * 40_000);

        let mut transcript = Transcript::new();
        for _ in 0..=MESSAGES_MAX {
            transcript.add_clients(Words::new("x"), Timestamp(0));
        }
        assert_eq!(transcript.messages().len(), MESSAGES_MAX);
    }

    #[test]
    fn only_the_workers_messages_are_delivered() {
        let mut transcript = Transcript::new();
        let text = || Words::new("x");
        transcript.add_workers(Saying::Text(text()), Timestamp(0), RecordNumber(1));
        transcript.add_clients(text(), Timestamp(0));
        transcript.add_workers(Saying::Text(text()), Timestamp(0), RecordNumber(4));
        // Records that are no words, such as a proposal, have numbers too.
        assert_eq!(transcript.delivered(RecordNumber(3)), Some(1));
        assert_eq!(transcript.delivered(RecordNumber(3)), None, "no news");
        let delivered: Vec<bool> =
            transcript.messages().iter().map(|message| message.delivered).collect();
        assert_eq!(delivered, [true, false, false]);
        assert_eq!(transcript.delivered(RecordNumber(4)), Some(3));
    }
}
