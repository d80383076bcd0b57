//! What the browser says of the network. It hears of a pulled cable at once, and of what a proxy or a
//! captive portal does never: so what it says is shown, and what arrives from the relay knows better.

use super::Desk;
use crate::consultations::{ConsultationCommand, ConsultationEvent};
use crate::duty::{DutyCommand, DutyEvent, NodeEvent};
use crate::hub::Input;
use crate::messages::{ConsoleMessage, DutyStatus, DutyView, LineView, Notice};

impl Desk {
    pub(super) fn network(&mut self, online: bool) {
        if online {
            self.network_is_there();
            self.try_now();
        } else if !self.network_gone {
            self.network_gone = true;
            self.show_network();
            self.notice(Notice::NetworkGone);
        }
    }

    /// Whatever waits to be tried again is tried at once, and whatever stands is asked whether it does.
    fn try_now(&mut self) {
        self.context.nodes.ask_now();
        if let Some(commands) = &self.duty_commands {
            let _ = commands.try_send(DutyCommand::TryNow);
        }
        let expected = self.expected.values();
        let kept = self.consultations.values().map(|kept| &kept.commands);
        for commands in expected.chain(kept) {
            let _ = commands.try_send(ConsultationCommand::TryNow);
        }
    }

    /// Something that only the relay can have brought shows that there is a network.
    pub(super) fn note_network(&mut self, input: &Input) {
        if self.network_gone && comes_from_relay(input) {
            self.network_is_there();
        }
    }

    fn network_is_there(&mut self) {
        if std::mem::take(&mut self.network_gone) {
            self.show_network();
        }
    }

    fn show_network(&mut self) {
        let duty = self.shown_duty();
        self.tell(&ConsoleMessage::Duty { duty });
        for id in self.consultations.keys().copied().collect::<Vec<_>>() {
            if self.consultations.get(&id).is_some_and(super::Kept::is_open) {
                self.show(id);
            }
        }
    }

    pub(super) fn shown_duty(&self) -> DutyView {
        match self.duty.status {
            DutyStatus::Connecting | DutyStatus::On if self.network_gone => {
                DutyView { status: DutyStatus::Unreachable, reason: None }
            }
            DutyStatus::Off
            | DutyStatus::Connecting
            | DutyStatus::On
            | DutyStatus::Unreachable
            | DutyStatus::Refused => self.duty,
        }
    }
}

#[allow(clippy::wildcard_enum_match_arm, reason = "the rest may come from here")]
fn comes_from_relay(input: &Input) -> bool {
    match input {
        Input::Duty { event, .. } => match event {
            DutyEvent::Status(duty) => duty.status == DutyStatus::On,
            DutyEvent::At(_, event) => matches!(
                event,
                NodeEvent::Offered { .. } | NodeEvent::Withdrawn(_) | NodeEvent::Granted(..)
            ),
            _ => false,
        },
        Input::Consultation { event, .. } => match event {
            ConsultationEvent::Said(_)
            | ConsultationEvent::Answered(_)
            | ConsultationEvent::Delivered(_) => true,
            ConsultationEvent::Line(line) => *line == LineView::Joined,
            _ => false,
        },
        _ => false,
    }
}
