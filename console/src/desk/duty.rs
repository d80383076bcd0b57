//! Duty: who waits, and accepting one of them.

use std::sync::Arc;

use tokio::sync::mpsc;
use vestibule_wire::{LinkKind, OfferId};

use super::{COMMANDS_LEN_MAX, Desk};
use crate::duty::{self, DutyCommand, DutyEvent, NodeCommand, NodeEvent};
use crate::hub::DutyEvents;
use crate::messages::{Capacity, ConsoleMessage, DutyStatus, DutyView, Notice, WaitingView};
use crate::nodes::NodeNumber;
use crate::return_links;
use crate::waiting::Gone;

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
        self.waiting.clear();
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
            DutyEvent::At(node, event) => self.node_happened(node, event),
            DutyEvent::Noticed(notice) => self.notice(notice),
            // Whoever was sent off holds no consultation.
            DutyEvent::OwnKeyRevoked => self.end_every_consultation(),
            DutyEvent::RevocationsHeard => self.distrust_revoked(),
        }
    }

    fn node_happened(&mut self, node: NodeNumber, event: NodeEvent) {
        match event {
            NodeEvent::Offered { offer, triage, since, link, opening } => {
                let door = link.kind() == LinkKind::Door;
                let wish = return_links::wish_of(&self.context, &link, self.colleagues.aliases());
                let (triage, waiting_since, accepting) = (triage.into(), since.0, false);
                let view =
                    WaitingView { offer, triage, waiting_since, accepting, door, wish, link };
                self.waiting.offered(node, view, opening);
            }
            NodeEvent::Withdrawn(offer) => {
                if self.waiting.withdrawn((node, offer)) == Gone::Accepted {
                    self.notice(Notice::OfferGone);
                }
            }
            NodeEvent::Deferred(offer) => {
                if self.waiting.deferred((node, offer)) {
                    self.notice(Notice::OfferDeferred);
                }
            }
            NodeEvent::Granted(offer, grant) => {
                let wish = self.waiting.granted((node, offer));
                self.begin(grant, wish);
            }
            NodeEvent::Colleague(event) => self.colleague_happened(node, event),
            NodeEvent::Cleared => {
                self.waiting.lost_node(node);
                self.ways_by_node_lost(node);
            }
        }
    }

    /// Reads again for whom those have come who wait: colleagues have come or gone.
    pub(super) fn read_wishes(&mut self) {
        let (context, colleagues) = (&self.context, &self.colleagues);
        let wish =
            |view: &WaitingView| return_links::wish_of(context, &view.link, colleagues.aliases());
        self.waiting.read_wishes(wish);
    }

    /// This desk does not show somebody who waits again; others do.
    pub(super) fn refuse_offer(&mut self, offer: OfferId) {
        if self.waiting.is_accepting(offer) != Some(false) {
            return;
        }
        let refuse = |(node, offer)| self.command_node(node, NodeCommand::Refuse(offer));
        if self.waiting.places(offer).into_iter().all(refuse) {
            self.waiting.refused(offer);
        }
    }

    pub(super) fn accept(&mut self, offer: OfferId) {
        match self.waiting.is_accepting(offer) {
            None => return self.notice(Notice::OfferGone),
            Some(true) => return,
            Some(false) => {}
        }
        if self.is_at_capacity() {
            return self.notice(Notice::AtCapacity);
        }
        if !self.has_room_for_another() {
            return self.notice(Notice::TooManyConsultations);
        }
        let newest = self.waiting.places(offer).pop();
        if newest.is_some_and(|(node, at)| self.command_node(node, NodeCommand::Accept(at))) {
            self.waiting.accepted(offer);
        }
    }

    /// `false` when there is no room for it.
    pub(super) fn command_node(&self, node: NodeNumber, command: NodeCommand) -> bool {
        let commands = self.duty_commands.as_ref();
        commands.is_some_and(|commands| commands.try_send(DutyCommand::At(node, command)).is_ok())
    }

    pub(super) fn tell_waiting_if_changed(&mut self) {
        if self.waiting.take_changed() {
            let waiting = self.waiting.views();
            self.pages.tell(&ConsoleMessage::Waiting { waiting });
        }
    }
}
