//! What the console keeps of one consultation until it is forgotten: in memory alone.

use std::collections::VecDeque;

use vestibule_protocol::RecordNumber;
use vestibule_wire::Timestamp;

use crate::messages::{MessageView, Words, Writer};

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
        self.add(Writer::Client, text, at, None)
    }

    /// Adds what the worker said, with the session's number for it.
    pub(crate) fn add_workers(
        &mut self,
        text: Words,
        at: Timestamp,
        record: RecordNumber,
    ) -> &MessageView {
        self.add(Writer::Worker, text, at, Some(record))
    }

    fn add(
        &mut self,
        from: Writer,
        text: Words,
        at: Timestamp,
        record: Option<RecordNumber>,
    ) -> &MessageView {
        let number = self.next_number;
        self.next_number += 1;
        self.text_bytes += text.0.len();
        let at = at.0;
        self.messages.push_back(MessageView { number, from, text, at, delivered: false, record });
        while self.messages.len() > MESSAGES_MAX || self.text_bytes > TEXT_BYTES_MAX {
            let oldest = self.messages.pop_front().expect("one text is far below the limit");
            self.text_bytes -= oldest.text.0.len();
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
        transcript.add_workers(text(), Timestamp(0), RecordNumber(1));
        transcript.add_clients(text(), Timestamp(0));
        transcript.add_workers(text(), Timestamp(0), RecordNumber(4));
        // Records that are no words, such as a proposal, have numbers too.
        assert_eq!(transcript.delivered(RecordNumber(3)), Some(1));
        assert_eq!(transcript.delivered(RecordNumber(3)), None, "no news");
        let delivered: Vec<bool> =
            transcript.messages().iter().map(|message| message.delivered).collect();
        assert_eq!(delivered, [true, false, false]);
        assert_eq!(transcript.delivered(RecordNumber(4)), Some(3));
    }
}
