//! The colleagues on duty, what goes to and fro between them and this worker, and whispers.

use std::sync::Arc;

use vestibule_protocol::{ColleagueRecord, WHISPER_BYTES_MAX};

use super::Desk;
use crate::channels::{ColleagueEvent, ColleagueKey, Letter, Tag};
use crate::colleagues::{Dispatch, Found, Losses};
use crate::duty::NodeCommand;
use crate::hand_overs::asked::AskedEvent;
use crate::hand_overs::asking::AskingEvent;
use crate::messages::{ConsoleMessage, Notice, Words};
use crate::nodes::NodeNumber;

impl Desk {
    pub(super) fn colleague_happened(&mut self, node: NodeNumber, event: ColleagueEvent) {
        match event {
            ColleagueEvent::Came(came) => {
                let Some((colleague, found)) = self.colleagues.came(node, *came) else { return };
                match found {
                    Found::First => {}
                    Found::Another => return,
                    Found::FirstAgain => self.way_lost(colleague),
                }
                self.show_colleagues();
                let last_tag = &mut self.last_tag;
                let letters = self.errands.letters(colleague, None, || {
                    *last_tag = last_tag.wrapping_add(1);
                    Tag(*last_tag)
                });
                self.send_letters(colleague, letters);
                self.announce_to(colleague);
                self.read_wishes();
            }
            ColleagueEvent::Left(key, way) => {
                let losses = self.colleagues.left(key, way);
                self.ways_lost(losses);
            }
            ColleagueEvent::Said(key, way, letter, record) => {
                if let Some(colleague) = self.colleagues.takes(key, way, letter) {
                    self.colleague_said(colleague, &record);
                }
            }
            ColleagueEvent::Arrived(key, tag) => self.letter_arrived(key, tag),
        }
    }

    /// A duty socket is gone, and every way by that node with it.
    pub(super) fn ways_by_node_lost(&mut self, node: NodeNumber) {
        let losses = self.colleagues.lost_node(node);
        self.ways_lost(losses);
    }

    /// Every duty socket is gone.
    pub(super) fn all_colleagues_left(&mut self) {
        let losses = self.colleagues.all_left();
        self.ways_lost(losses);
    }

    fn ways_lost(&mut self, losses: Losses) {
        for dispatch in losses.again {
            // By then that way may be over too, and what is over is heard of.
            self.dispatch(dispatch);
        }
        if losses.left.is_empty() {
            return;
        }
        for (_, key) in &losses.left {
            self.context.eras().end(*key);
        }
        self.show_colleagues();
        for (colleague, _) in losses.left {
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

    /// Gives letters to a duty socket. `false` when they cannot go now.
    pub(super) fn send_letters(&mut self, colleague: u64, letters: Vec<Letter>) -> bool {
        let tags: Vec<Tag> = letters.iter().map(|letter| letter.tag).collect();
        let Some(dispatch) = self.colleagues.send(colleague, letters) else { return false };
        let goes = self.dispatch(dispatch);
        if !goes {
            self.colleagues.take_back(colleague, &tags);
        }
        goes
    }

    fn dispatch(&self, Dispatch { node, way, letters }: Dispatch) -> bool {
        self.command_node(node, NodeCommand::Tell(way, letters))
    }

    fn letter_arrived(&mut self, key: ColleagueKey, tag: Tag) {
        self.errands.arrived(tag);
        let Some(colleague) = self.colleagues.arrived(key, tag) else { return };
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
        let tag = if self.colleagues.certificates(colleague).is_some() {
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
