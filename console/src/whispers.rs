//! What this worker and its colleagues wrote to each other, until it is forgotten: in memory alone.

use std::collections::{BTreeMap, VecDeque};

use vestibule_wire::Timestamp;

use crate::channels::Tag;
use crate::messages::{WhisperThreadView, WhisperView, Whisperer, Words};

/// Messages kept of one thread; the oldest are wiped first.
const MESSAGES_MAX: usize = 200;
/// Messages of one thread that have not arrived: what a channel's queue takes at their longest.
const UNDERWAY_MAX: usize = 32;

/// One thread for each colleague, by the colleague's number.
pub(crate) struct Whispers {
    threads: BTreeMap<u64, Thread>,
}

/// The numbers go on when the messages are forgotten.
#[derive(Default)]
struct Thread {
    messages: VecDeque<Kept>,
    last_mine: u64,
    last_theirs: u64,
}

struct Kept {
    view: WhisperView,
    /// Names it while it is on its way.
    tag: Option<Tag>,
}

impl Whispers {
    pub(crate) fn new() -> Self {
        Self { threads: BTreeMap::new() }
    }

    /// Whether another message may be on its way.
    pub(crate) fn has_room(&self, colleague: u64) -> bool {
        let underway = |thread: &Thread| thread.underway().count();
        self.threads.get(&colleague).map_or(0, underway) < UNDERWAY_MAX
    }

    /// Adds what the worker wrote; one without a tag could not be sent.
    pub(crate) fn add_mine(
        &mut self,
        colleague: u64,
        text: Words,
        at: Timestamp,
        tag: Option<Tag>,
    ) -> &WhisperView {
        let thread = self.threads.entry(colleague).or_default();
        thread.last_mine += 1;
        let (from, failed) = (Whisperer::Me, tag.is_none());
        let number = thread.last_mine;
        let view = WhisperView { number, from, text, at: at.0, delivered: false, failed };
        thread.keep(Kept { view, tag })
    }

    /// Adds what the colleague wrote.
    pub(crate) fn add_theirs(
        &mut self,
        colleague: u64,
        text: Words,
        at: Timestamp,
    ) -> &WhisperView {
        let thread = self.threads.entry(colleague).or_default();
        thread.last_theirs += 1;
        let (number, from) = (thread.last_theirs, Whisperer::Colleague);
        let view = WhisperView { number, from, text, at: at.0, delivered: true, failed: false };
        thread.keep(Kept { view, tag: None })
    }

    /// Notes that a message has arrived, and returns its number.
    pub(crate) fn arrived(&mut self, colleague: u64, tag: Tag) -> Option<u64> {
        let messages = &mut self.threads.get_mut(&colleague)?.messages;
        let kept = messages.iter_mut().find(|kept| kept.tag == Some(tag))?;
        kept.tag = None;
        kept.view.delivered = true;
        Some(kept.view.number)
    }

    /// What is on its way to a colleague will not arrive. Returns those messages.
    pub(crate) fn fail(&mut self, colleague: u64) -> Vec<&WhisperView> {
        let Some(thread) = self.threads.get_mut(&colleague) else { return Vec::new() };
        let underway = thread.messages.iter_mut().filter(|kept| kept.tag.is_some());
        let failed = underway.map(|kept| {
            kept.tag = None;
            kept.view.failed = true;
            &kept.view
        });
        failed.collect()
    }

    /// Wipes a thread. `false` when there is none.
    pub(crate) fn forget(&mut self, colleague: u64) -> bool {
        self.threads.get_mut(&colleague).is_some_and(Thread::forget)
    }

    /// Wipes every thread, and returns whose there were.
    pub(crate) fn forget_all(&mut self) -> Vec<u64> {
        let threads = self.threads.iter_mut();
        threads.filter_map(|(colleague, thread)| thread.forget().then_some(*colleague)).collect()
    }

    pub(crate) fn views(&self) -> Vec<WhisperThreadView<'_>> {
        let kept = self.threads.iter().filter(|(_, thread)| !thread.messages.is_empty());
        kept.map(|(colleague, thread)| WhisperThreadView {
            colleague: *colleague,
            messages: thread.messages.iter().map(|kept| &kept.view).collect(),
        })
        .collect()
    }
}

impl Thread {
    fn keep(&mut self, kept: Kept) -> &WhisperView {
        if self.messages.len() >= MESSAGES_MAX {
            self.messages.pop_front();
        }
        self.messages.push_back(kept);
        &self.messages.back().expect("it was pushed just now").view
    }

    fn underway(&self) -> impl Iterator<Item = &Kept> {
        self.messages.iter().filter(|kept| kept.tag.is_some())
    }

    fn forget(&mut self) -> bool {
        let had = !self.messages.is_empty();
        self.messages = VecDeque::new();
        had
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text() -> Words {
        Words::new("x")
    }

    #[test]
    fn the_oldest_messages_go_first_and_numbers_go_on() {
        let mut whispers = Whispers::new();
        for _ in 0..=MESSAGES_MAX {
            whispers.add_theirs(1, text(), Timestamp(0));
        }
        let threads = whispers.views();
        assert_eq!(threads[0].messages.len(), MESSAGES_MAX);
        assert_eq!(threads[0].messages[0].number, 2);
        assert!(whispers.forget(1));
        assert!(!whispers.forget(1), "nothing is left");
        assert!(whispers.views().is_empty());
        assert_eq!(whispers.add_theirs(1, text(), Timestamp(0)).number, 202);
        assert_eq!(whispers.add_mine(1, text(), Timestamp(0), None).number, 1);
    }

    #[test]
    fn what_is_on_its_way_arrives_or_fails() {
        let mut whispers = Whispers::new();
        whispers.add_mine(1, text(), Timestamp(0), Some(Tag(7)));
        whispers.add_mine(1, text(), Timestamp(0), Some(Tag(8)));
        whispers.add_mine(2, text(), Timestamp(0), Some(Tag(9)));
        assert_eq!(whispers.arrived(1, Tag(7)), Some(1));
        assert_eq!(whispers.arrived(1, Tag(7)), None, "once");
        assert_eq!(whispers.arrived(1, Tag(9)), None, "another colleague's");
        let failed = whispers.fail(1);
        assert_eq!(failed.len(), 1);
        assert!(failed[0].failed && failed[0].number == 2);
        assert_eq!(whispers.arrived(1, Tag(8)), None, "what has failed stays so");
        assert!(whispers.fail(1).is_empty());
    }

    #[test]
    fn only_so_many_are_on_their_way() {
        let mut whispers = Whispers::new();
        for number in 0..UNDERWAY_MAX {
            assert!(whispers.has_room(1));
            let tag = Tag(u64::try_from(number).unwrap());
            whispers.add_mine(1, text(), Timestamp(0), Some(tag));
        }
        assert!(!whispers.has_room(1));
        whispers.arrived(1, Tag(0));
        assert!(whispers.has_room(1));
        assert!(whispers.has_room(2));
    }
}
