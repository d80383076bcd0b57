//! Coordinators speak to everybody on duty, over the channels between workers: the relay reads nothing
//! of it, and each console sees for itself who speaks.

use vestibule_protocol::{ANNOUNCEMENT_BYTES_MAX, AnnouncementId, ColleagueRecord};
use vestibule_wire::Role;

use super::Desk;
use crate::channels::Letter;
use crate::messages::{ConsoleMessage, Notice, Words};
use crate::random;

impl Desk {
    pub(super) fn announce(&mut self, text: Words) {
        if self.worker.role != Role::Coordinator.name() {
            return;
        }
        if text.0.len() > ANNOUNCEMENT_BYTES_MAX {
            return self.notice(Notice::TextTooLong);
        }
        let name = AnnouncementId(random::bytes());
        let record = ColleagueRecord::Announcement(name, (*text.0).clone());
        if !self.announcements.add_own(name, text, self.context.clock.now()) {
            return self.notice(Notice::QueueFull);
        }
        self.tell_all_colleagues(&record);
        self.show_announcements();
    }

    pub(super) fn withdraw_announcement(&mut self, id: u64) {
        if let Some(name) = self.announcements.withdraw(id) {
            self.tell_all_colleagues(&ColleagueRecord::AnnouncementWithdrawn(name));
            self.show_announcements();
        }
    }

    pub(super) fn dismiss_announcement(&mut self, id: u64) {
        if self.announcements.dismiss(id) {
            self.show_announcements();
        }
    }

    /// What somebody who has just come on duty is told.
    pub(super) fn announce_to(&mut self, colleague: u64) {
        let standing = self.announcements.own();
        let standing =
            standing.map(|(name, text)| ColleagueRecord::Announcement(name, (*text.0).clone()));
        let withdrawn =
            self.announcements.own_withdrawn().map(ColleagueRecord::AnnouncementWithdrawn);
        let records: Vec<ColleagueRecord> = standing.chain(withdrawn).collect();
        let letters = records.into_iter().map(|record| Letter { tag: self.next_tag(), record });
        let letters: Vec<Letter> = letters.collect();
        if !letters.is_empty() {
            self.send_letters(colleague, letters);
        }
    }

    /// A colleague announces something. Nobody is believed who is not certified as a coordinator.
    pub(super) fn announced(&mut self, colleague: u64, name: AnnouncementId, text: &str) {
        if !self.colleagues.is_coordinator(colleague) {
            return;
        }
        let now = self.context.clock.now();
        if self.announcements.add_theirs(colleague, name, Words::new(text), now) {
            self.show_announcements();
        }
    }

    pub(super) fn announcement_withdrawn(&mut self, colleague: u64, name: AnnouncementId) {
        if self.colleagues.is_coordinator(colleague)
            && self.announcements.withdrawn(colleague, name)
        {
            self.show_announcements();
        }
    }

    pub(super) fn forget_announcements(&mut self) {
        if self.announcements.forget_all() {
            self.show_announcements();
        }
    }

    /// Takes away what somebody announced whom the service has sent off.
    pub(super) fn distrust_announcements(&mut self, colleague: u64) {
        if self.announcements.distrust(colleague) {
            self.show_announcements();
        }
    }

    fn tell_all_colleagues(&mut self, record: &ColleagueRecord) {
        for colleague in self.colleagues.on_duty() {
            self.tell_colleague(colleague, record.clone());
        }
    }

    fn show_announcements(&mut self) {
        self.tell_waiting_if_changed();
        let announcements = self.announcements.views();
        self.pages.tell(&ConsoleMessage::Announcements { announcements });
    }
}
