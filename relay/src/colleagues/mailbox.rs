//! What one worker is still to be told about and by its colleagues.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, OwnedSemaphorePermit};
use vestibule_wire::{CELL_LEN, ColleagueId, RelayToWorker};

use super::Certificate;

/// What a colleague said, until it is delivered or dropped.
pub(crate) struct Whisper {
    /// Sealed for the receiver.
    pub(crate) cell: Box<[u8; CELL_LEN]>,
    /// Room among the sender's whispers that wait, given back with this.
    pub(crate) room: OwnedSemaphorePermit,
}

/// One thing that a worker is told.
pub(crate) enum News {
    /// A colleague came on duty.
    Came(ColleagueId, Certificate),
    /// A colleague has gone.
    Left(ColleagueId),
    /// A colleague said something.
    Whispered(ColleagueId, Whisper),
}

/// News in their order. What became untrue before it was told is taken out again: so, however often
/// others come and go and however slowly a worker reads, its mailbox holds no more than those on duty
/// have reason for.
#[derive(Default)]
pub(super) struct Mailbox {
    news: Mutex<VecDeque<News>>,
    arrived: Notify,
}

impl News {
    /// Of whom this is.
    fn colleague(&self) -> ColleagueId {
        match self {
            Self::Came(colleague, _) | Self::Left(colleague) | Self::Whispered(colleague, _) => {
                *colleague
            }
        }
    }

    /// The frame to send, and what to keep until it is sent.
    pub(crate) fn into_frame(self) -> (RelayToWorker, Option<OwnedSemaphorePermit>) {
        match self {
            Self::Came(colleague, certificate) => {
                (RelayToWorker::Colleague(colleague, Box::new(*certificate)), None)
            }
            Self::Left(colleague) => (RelayToWorker::ColleagueLeft(colleague), None),
            Self::Whispered(colleague, Whisper { cell, room }) => {
                (RelayToWorker::Whispered(colleague, cell), Some(room))
            }
        }
    }
}

impl Mailbox {
    pub(super) fn came(&self, colleague: ColleagueId, certificate: Certificate) {
        self.add(News::Came(colleague, certificate));
    }

    /// Whoever was not told of a colleague need not be told that it left, and nobody hears from one
    /// who has.
    pub(super) fn left(&self, colleague: ColleagueId) {
        let untold = |news: &News| matches!(news, News::Came(id, _) if *id == colleague);
        let mut news = self.news();
        let known = !news.iter().any(untold);
        news.retain(|news| news.colleague() != colleague);
        if known {
            news.push_back(News::Left(colleague));
        }
        drop(news);
        self.arrived.notify_one();
    }

    pub(super) fn whispered(&self, from: ColleagueId, whisper: Whisper) {
        self.add(News::Whispered(from, whisper));
    }

    /// Waits for the next news.
    pub(super) async fn next(&self) -> News {
        loop {
            if let Some(news) = self.take() {
                return news;
            }
            self.arrived.notified().await;
        }
    }

    pub(super) fn take(&self) -> Option<News> {
        self.news().pop_front()
    }

    fn add(&self, news: News) {
        self.news().push_back(news);
        self.arrived.notify_one();
    }

    fn news(&self) -> MutexGuard<'_, VecDeque<News>> {
        self.news.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
impl Mailbox {
    /// How much is still to be read.
    pub(super) fn len(&self) -> usize {
        self.news().len()
    }
}
