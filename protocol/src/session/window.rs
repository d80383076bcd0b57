//! What has arrived from the other end, until it can be acted on in order (section 9, "Receiving").

use std::collections::VecDeque;

/// Where a number lies.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// It has been taken already.
    Duplicate,
    /// It is awaited.
    New,
    /// No honest end has sent it yet.
    Beyond,
}

/// Contents by number, from the lowest missing one.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Window<T> {
    /// The lowest number that has not been acted on.
    next: u64,
    /// The content of `next`, of the number after it, and so on. Ends with one that is there.
    held: VecDeque<Option<T>>,
}

impl<T> Window<T> {
    pub(crate) fn new(next: u64) -> Self {
        Self { next, held: VecDeque::new() }
    }

    /// Everything below this number has arrived and been acted on.
    pub(crate) fn next(&self) -> u64 {
        self.next
    }

    /// Up to `ahead_cells_max` numbers above the lowest missing one are taken.
    pub(crate) fn place(&self, sequence: u64, ahead_cells_max: u64) -> Place {
        match sequence.checked_sub(self.next) {
            None => Place::Duplicate,
            Some(ahead) if ahead > ahead_cells_max => Place::Beyond,
            Some(ahead) => match self.held.get(usize::try_from(ahead).unwrap_or(usize::MAX)) {
                Some(Some(_)) => Place::Duplicate,
                Some(None) | None => Place::New,
            },
        }
    }

    /// Keeps the content of a number that is new here.
    pub(crate) fn keep(&mut self, sequence: u64, content: T) {
        let ahead = usize::try_from(sequence.saturating_sub(self.next)).unwrap_or(usize::MAX);
        while self.held.len() <= ahead {
            self.held.push_back(None);
        }
        if let Some(held) = self.held.get_mut(ahead) {
            *held = Some(content);
        }
    }

    /// The next content in order, once it is there.
    pub(crate) fn take_next(&mut self) -> Option<T> {
        let content = self.held.front_mut()?.take()?;
        self.held.pop_front();
        self.next = self.next.saturating_add(1);
        Some(content)
    }

    /// The cumulative and the selective acknowledgement.
    pub(crate) fn acknowledgement(&self) -> (u64, u64) {
        let after_missing = self.held.iter().skip(1).enumerate();
        let selective =
            after_missing.filter(|(_, held)| held.is_some()).fold(0, |bits, (bit, _)| {
                bits | 1_u64.checked_shl(u32::try_from(bit).unwrap_or(64)).unwrap_or(0)
            });
        (self.next, selective)
    }
}
