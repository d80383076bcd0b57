//! Duty: who waits, and accepting one of them.

use std::sync::Arc;

use tokio::sync::mpsc;
use vestibule_protocol::Triage;
use vestibule_wire::{LinkKind, LinkName, OfferId, Timestamp};

use super::{COMMANDS_LEN_MAX, Desk};
use crate::duty::{self, DutyCommand, DutyEvent};
use crate::hub::DutyEvents;
use crate::messages::{Capacity, ConsoleMessage, DutyStatus, DutyView, Notice, WaitingView};
use crate::return_links;

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
        self.forget_announcements();
        self.set_duty(DutyView { status: DutyStatus::Off, reason: None });
    }

    fn set_duty(&mut self, duty: DutyView) {
        if self.duty != duty {
            self.duty = duty;
            let duty = self.shown_duty();
            self.tell(&ConsoleMessage::Duty { duty });
        }
    }

    pub(super) fn set_capacity(&mut self, capacity: Capacity) {
        self.capacity = capacity;
        self.tell(&ConsoleMessage::Capacity { capacity: capacity.0 });
    }

    pub(super) fn duty_happened(&mut self, event: DutyEvent) {
        match event {
            DutyEvent::Status(duty) => self.set_duty(duty),
            DutyEvent::Offered { offer, triage, since, link } => {
                self.offered(offer, triage, since, link);
            }
            DutyEvent::Withdrawn(offer) => {
                if self.remove_waiting(offer).is_some_and(|entry| entry.accepting) {
                    self.notice(Notice::OfferGone);
                }
            }
            DutyEvent::Deferred(offer) => {
                let deferred = self.waiting.iter_mut().find(|entry| entry.offer == offer);
                if let Some(entry) = deferred {
                    entry.accepting = false;
                    self.waiting_changed = true;
                    self.notice(Notice::OfferDeferred);
                }
            }
            DutyEvent::Granted(offer, grant) => {
                let wish = self.remove_waiting(offer).and_then(|entry| entry.wish);
                self.begin(grant, wish);
            }
            DutyEvent::Colleague(event) => self.colleague_happened(event),
            DutyEvent::Noticed(notice) => self.notice(notice),
            // Whoever was sent off holds no consultation.
            DutyEvent::OwnKeyRevoked => self.end_every_consultation(),
            DutyEvent::RevocationsHeard => self.distrust_revoked(),
            DutyEvent::Cleared => {
                self.clear_waiting();
                self.all_colleagues_left();
            }
        }
    }

    /// One-time links come before doors, and whoever waits longer before the others.
    fn offered(&mut self, offer: OfferId, triage: Triage, since: Timestamp, link: LinkName) {
        self.waiting.retain(|entry| entry.offer != offer);
        let door = link.kind() == LinkKind::Door;
        let rank = (door, since.0);
        let place = self.waiting.partition_point(|it| (it.door, it.waiting_since) <= rank);
        let wish = return_links::wish_of(&self.context, &link, self.colleagues.aliases());
        let (triage, waiting_since, accepting) = (triage.into(), since.0, false);
        let entry = WaitingView { offer, triage, waiting_since, accepting, door, wish, link };
        self.waiting.insert(place, entry);
        self.waiting_changed = true;
    }

    /// Reads again for whom those have come who wait: colleagues have come or gone.
    pub(super) fn read_wishes(&mut self) {
        for entry in &mut self.waiting {
            let wish = return_links::wish_of(&self.context, &entry.link, self.colleagues.aliases());
            self.waiting_changed |= entry.wish != wish;
            entry.wish = wish;
        }
    }

    /// This desk does not show somebody who waits again; others do.
    pub(super) fn refuse_offer(&mut self, offer: OfferId) {
        let refused = self.waiting.iter().any(|entry| entry.offer == offer && !entry.accepting);
        let commands = self.duty_commands.as_ref().filter(|_| refused);
        let command = DutyCommand::Refuse(offer);
        if commands.is_some_and(|commands| commands.try_send(command).is_ok()) {
            self.remove_waiting(offer);
        }
    }

    pub(super) fn accept(&mut self, offer: OfferId) {
        let (has_room, at_capacity) = (self.has_room_for_another(), self.is_at_capacity());
        let Some(entry) = self.waiting.iter_mut().find(|entry| entry.offer == offer) else {
            return self.notice(Notice::OfferGone);
        };
        if entry.accepting {
            return;
        }
        if at_capacity {
            return self.notice(Notice::AtCapacity);
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
            self.pages.tell(&ConsoleMessage::Waiting { waiting });
        }
    }
}
