//! The pages that show a desk.

use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};

use super::Desk;
use crate::coding;
use crate::hand_overs::asked::Asked;
use crate::hub::{JoinedPage, PageId, PageText};
use crate::messages::{ConsoleMessage, DutyStatus, DutyView, RecordedConsultation};
use crate::totals::to_hand_in::ToHandIn;

/// Pages that are shown the desk at once.
const PAGES_MAX: usize = 4;
/// Messages that wait for a page; a page that lags further is disconnected and comes again.
const PAGE_LEN_MAX: usize = 256;

/// Where every message for a page goes through: nothing of anybody leaves here while the desk is
/// locked.
pub(super) struct Pages {
    joined: Vec<(PageId, mpsc::Sender<PageText>)>,
    last_id: u64,
    pub(super) locked: bool,
}

impl Pages {
    pub(super) fn new() -> Self {
        Self { joined: Vec::new(), last_id: 0, locked: false }
    }

    /// Tells every page. One that does not take its messages is let go: it comes again and is shown
    /// everything.
    pub(super) fn tell(&mut self, message: &ConsoleMessage<'_>) {
        self.send(None, Prepared::new(message));
    }

    /// Tells one page alone.
    pub(super) fn tell_one(&mut self, id: PageId, message: &ConsoleMessage<'_>) {
        self.send(Some(id), Prepared::new(message));
    }

    fn send(&mut self, only: Option<PageId>, message: Prepared) {
        if self.locked && !message.is_for_locked_desk {
            return;
        }
        let Prepared { text, .. } = message;
        let is_kept = |id, page: &mpsc::Sender<PageText>| {
            only.is_some_and(|only| only != id) || page.try_send(Arc::clone(&text)).is_ok()
        };
        self.joined.retain(|(id, page)| is_kept(*id, page));
    }

    /// A new page, unless there are too many.
    fn join(&mut self) -> Option<JoinedPage> {
        self.joined.retain(|(_, page)| !page.is_closed());
        if self.joined.len() >= PAGES_MAX {
            return None;
        }
        self.last_id += 1;
        let id = PageId(self.last_id);
        let (page, messages) = mpsc::channel(PAGE_LEN_MAX);
        self.joined.push((id, page));
        Some((id, messages))
    }
}

/// A message that can be sent.
struct Prepared {
    text: PageText,
    is_for_locked_desk: bool,
}

impl Prepared {
    fn new(message: &ConsoleMessage<'_>) -> Self {
        let is_for_locked_desk = message.is_for_locked_desk();
        Self { text: Arc::new(message.to_json()), is_for_locked_desk }
    }
}

impl Desk {
    pub(super) fn page_joined(&mut self, answer: oneshot::Sender<Option<JoinedPage>>) {
        let joined = self.pages.join();
        let id = joined.as_ref().map(|(id, _)| *id);
        if answer.send(joined).is_ok()
            && let Some(id) = id
        {
            self.show_everything(Some(id));
            if let Some(locked) = self.locked_message() {
                self.pages.tell_one(id, &locked);
            }
        }
    }

    /// Sends a snapshot to one page, or to all.
    pub(super) fn show_everything(&mut self, only: Option<PageId>) {
        let snapshot =
            if self.pages.locked { self.locked_snapshot() } else { self.open_snapshot() };
        let snapshot = Prepared::new(&snapshot);
        self.pages.send(only, snapshot);
    }

    fn open_snapshot(&self) -> ConsoleMessage<'_> {
        let consultations = self.consultations.values();
        ConsoleMessage::Snapshot {
            worker: &self.worker,
            duty: self.shown_duty(),
            waiting: self.waiting.views(),
            consultations: consultations
                .map(|kept| RecordedConsultation {
                    consultation: &kept.view,
                    messages: kept.transcript.messages(),
                })
                .collect(),
            colleagues: self.colleagues.views(),
            hand_overs: self.asked.iter().filter_map(Asked::view).collect(),
            whispers: self.whispers.views(),
            announcements: self.announcements.views(),
            capacity: self.capacity.0,
            pack: Some(&self.belongings.pack),
            coding: coding::groups(self.belongings.pack.own_labels()),
            totals: self.totals.views(&self.belongings.pack),
            hand_in: self.to_hand_in.view(),
            locked: false,
            lock_minutes: self.lock.minutes(),
        }
    }

    fn locked_snapshot(&self) -> ConsoleMessage<'_> {
        ConsoleMessage::Snapshot {
            worker: &self.worker,
            duty: DutyView { status: DutyStatus::Off, reason: None },
            waiting: Vec::new(),
            consultations: Vec::new(),
            colleagues: Vec::new(),
            hand_overs: Vec::new(),
            whispers: Vec::new(),
            announcements: Vec::new(),
            capacity: self.capacity.0,
            pack: None,
            coding: Vec::new(),
            totals: Vec::new(),
            hand_in: ToHandIn::default().view(),
            locked: true,
            lock_minutes: self.lock.minutes(),
        }
    }
}
