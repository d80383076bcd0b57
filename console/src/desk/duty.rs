//! Duty: who waits, and accepting one of them.

use std::sync::Arc;

use tokio::sync::mpsc;
use vestibule_wire::OfferId;

use super::{COMMANDS_LEN_MAX, Desk, tell};
use crate::duty::{self, DutyCommand, DutyEvent};
use crate::hub::DutyEvents;
use crate::messages::{ConsoleMessage, DutyStatus, DutyView, Notice, WaitingView};

impl Desk {
    pub(super) fn go_on_duty(&mut self) {
        if matches!(self.duty.status, DutyStatus::Off | DutyStatus::Refused) {
            self.duty_run += 1;
            let (commands, receiver) = mpsc::channel(COMMANDS_LEN_MAX);
            self.duty_commands = Some(commands);
            let events = DutyEvents { desk: self.own_inputs.clone(), run: self.duty_run };
            self.tasks.spawn(duty::run(Arc::clone(&self.context), receiver, events));
            self.set_duty(DutyView { status: DutyStatus::Connecting, reason: None });
        }
    }

    pub(super) fn go_off_duty(&mut self) {
        self.duty_run += 1;
        self.duty_commands = None;
        self.clear_waiting();
        self.all_colleagues_left();
        self.forget_all_whispers();
        self.set_duty(DutyView { status: DutyStatus::Off, reason: None });
    }

    fn set_duty(&mut self, duty: DutyView) {
        if self.duty != duty {
            self.duty = duty;
            self.tell(&ConsoleMessage::Duty { duty });
        }
    }

    pub(super) fn duty_happened(&mut self, event: DutyEvent) {
        match event {
            DutyEvent::Status(duty) => self.set_duty(duty),
            DutyEvent::Offered { offer, triage, since } => {
                self.waiting.retain(|entry| entry.offer != offer);
                let place = self.waiting.partition_point(|entry| entry.waiting_since <= since.0);
                let triage = triage.into();
                let entry = WaitingView { offer, triage, waiting_since: since.0, accepting: false };
                self.waiting.insert(place, entry);
                self.waiting_changed = true;
            }
            DutyEvent::Withdrawn(offer) => {
                if self.remove_waiting(offer).is_some_and(|entry| entry.accepting) {
                    self.notice(Notice::OfferGone);
                }
            }
            DutyEvent::Granted(offer, grant) => {
                self.remove_waiting(offer);
                self.begin(grant);
            }
            DutyEvent::Colleague(event) => self.colleague_happened(event),
            DutyEvent::Noticed(notice) => self.notice(notice),
            DutyEvent::Cleared => {
                self.clear_waiting();
                self.all_colleagues_left();
            }
        }
    }

    pub(super) fn accept(&mut self, offer: OfferId) {
        let has_room = self.has_room_for_another();
        let Some(entry) = self.waiting.iter_mut().find(|entry| entry.offer == offer) else {
            return self.notice(Notice::OfferGone);
        };
        if entry.accepting {
            return;
        }
        if !has_room {
            return self.notice(Notice::TooManyConsultations);
        }
        let commands = self.duty_commands.as_ref();
        entry.accepting =
            commands.is_some_and(|commands| commands.try_send(DutyCommand::Accept(offer)).is_ok());
        self.waiting_changed = true;
    }

    fn remove_waiting(&mut self, offer: OfferId) -> Option<WaitingView> {
        let place = self.waiting.iter().position(|entry| entry.offer == offer)?;
        let entry = self.waiting.remove(place);
        self.waiting_changed = true;
        Some(entry)
    }

    fn clear_waiting(&mut self) {
        if !self.waiting.is_empty() {
            self.waiting.clear();
            self.waiting_changed = true;
        }
    }

    pub(super) fn tell_waiting_if_changed(&mut self) {
        if std::mem::take(&mut self.waiting_changed) {
            let waiting = self.waiting.iter().collect();
            tell(&mut self.pages, &ConsoleMessage::Waiting { waiting });
        }
    }
}
