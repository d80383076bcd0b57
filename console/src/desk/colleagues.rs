//! The colleagues on duty, what goes to and fro between them and this worker, and whispers.

use std::sync::Arc;

use vestibule_protocol::{ColleagueRecord, WHISPER_BYTES_MAX};

use super::Desk;
use crate::channels::{ColleagueEvent, ColleagueKey, Letter, Tag};
use crate::duty::DutyCommand;
use crate::hand_overs::asked::AskedEvent;
use crate::hand_overs::asking::AskingEvent;
use crate::messages::{ConsoleMessage, Notice, Words};

impl Desk {
    pub(super) fn colleague_happened(&mut self, event: ColleagueEvent) {
        match event {
            ColleagueEvent::Came(came) => {
                let Some(colleague) = self.colleagues.came(*came) else { return };
                self.show_colleagues();
                let last_tag = &mut self.last_tag;
                let letters = self.errands.letters(colleague, None, || {
                    *last_tag += 1;
                    Tag(*last_tag)
                });
                self.send_letters(colleague, letters);
                self.announce_to(colleague);
                self.read_wishes();
            }
            ColleagueEvent::Left(key) => {
                if let Some(colleague) = self.colleagues.left(key) {
                    self.show_colleagues();
                    self.way_lost(colleague);
                    self.read_wishes();
                }
            }
            ColleagueEvent::Said(key, record) => {
                if let Some(colleague) = self.colleagues.number(key) {
                    self.colleague_said(colleague, &record);
                }
            }
            ColleagueEvent::Arrived(key, tag) => self.letter_arrived(key, tag),
        }
    }

    /// The duty socket is gone, and every way with it.
    pub(super) fn all_colleagues_left(&mut self) {
        let left = self.colleagues.all_left();
        if left.is_empty() {
            return;
        }
        self.show_colleagues();
        for colleague in left {
            self.way_lost(colleague);
        }
        self.read_wishes();
    }

    /// Says something to a colleague. `None` when there is no way to it now.
    pub(super) fn tell_colleague(
        &mut self,
        colleague: u64,
        record: ColleagueRecord,
    ) -> Option<Tag> {
        let tag = self.next_tag();
        self.send_letters(colleague, vec![Letter { tag, record }]).then_some(tag)
    }

    /// Gives letters to the duty socket. `false` when they cannot go now.
    pub(super) fn send_letters(&mut self, colleague: u64, letters: Vec<Letter>) -> bool {
        let Some(way) = self.colleagues.way(colleague).map(|way| way.name) else { return false };
        let commands = self.duty_commands.as_ref();
        let command = DutyCommand::Tell(way, letters);
        commands.is_some_and(|commands| commands.try_send(command).is_ok())
    }

    fn letter_arrived(&mut self, key: ColleagueKey, tag: Tag) {
        self.errands.arrived(tag);
        let Some(colleague) = self.colleagues.number(key) else { return };
        if let Some(up_to) = self.whispers.arrived(colleague, tag) {
            self.tell(&ConsoleMessage::WhisperDelivered { colleague, up_to });
        }
        for consultation in self.asked_of(colleague) {
            self.asking_happened(consultation, AskingEvent::Arrived(tag));
        }
    }

    fn way_lost(&mut self, colleague: u64) {
        for message in self.whispers.fail(colleague) {
            self.pages.tell(&ConsoleMessage::Whisper { colleague, message });
        }
        for consultation in self.asked_of(colleague) {
            self.asking_happened(consultation, AskingEvent::WayLost);
        }
        let from = self.asked.iter().filter(|asked| asked.colleague == colleague);
        for hand_over in from.map(|asked| asked.id).collect::<Vec<_>>() {
            self.asked_happened(hand_over, AskedEvent::WayLost);
        }
    }

    /// The service has sent somebody off, who may have left before it was heard of.
    pub(super) fn distrust_revoked(&mut self) {
        let context = Arc::clone(&self.context);
        for colleague in self.colleagues.numbers_where(|key| context.is_revoked(&key.0)) {
            self.distrust(colleague);
        }
    }

    /// The service has sent a colleague off: no client is given to it any more, and none is taken that
    /// has not come.
    fn distrust(&mut self, colleague: u64) {
        for consultation in self.asked_of(colleague) {
            self.asking_happened(consultation, AskingEvent::Over);
        }
        let from = self.asked.iter().filter(|asked| asked.colleague == colleague);
        for hand_over in from.map(|asked| asked.id).collect::<Vec<_>>() {
            self.asked_happened(hand_over, AskedEvent::Over);
        }
        self.distrust_announcements(colleague);
    }

    fn show_colleagues(&mut self) {
        self.tell_waiting_if_changed();
        let colleagues = self.colleagues.views();
        self.pages.tell(&ConsoleMessage::Colleagues { colleagues });
    }

    // Whispers.

    pub(super) fn whisper(&mut self, colleague: u64, text: Words) {
        if text.0.len() > WHISPER_BYTES_MAX {
            return self.notice(Notice::TextTooLong);
        }
        if !self.colleagues.is_known(colleague) {
            return;
        }
        let tag = if self.colleagues.way(colleague).is_some() {
            let record = ColleagueRecord::Whisper((*text.0).clone());
            let has_room = self.whispers.has_room(colleague);
            let Some(tag) = has_room.then(|| self.tell_colleague(colleague, record)).flatten()
            else {
                return self.notice(Notice::QueueFull);
            };
            Some(tag)
        } else {
            None
        };
        let now = self.context.clock.now();
        let message = self.whispers.add_mine(colleague, text, now, tag);
        self.pages.tell(&ConsoleMessage::Whisper { colleague, message });
    }

    pub(super) fn whispered(&mut self, colleague: u64, text: &str) {
        let now = self.context.clock.now();
        let message = self.whispers.add_theirs(colleague, Words::new(text), now);
        self.pages.tell(&ConsoleMessage::Whisper { colleague, message });
    }

    pub(super) fn forget_whispers(&mut self, colleague: u64) {
        if self.whispers.forget(colleague) {
            self.tell(&ConsoleMessage::WhispersForgotten { colleague });
        }
    }

    pub(super) fn forget_all_whispers(&mut self) {
        for colleague in self.whispers.forget_all() {
            self.tell(&ConsoleMessage::WhispersForgotten { colleague });
        }
    }
}
