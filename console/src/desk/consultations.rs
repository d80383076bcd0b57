//! The consultations of a desk, and what it keeps of each.

use std::sync::Arc;

use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;
use vestibule_protocol::{HandOverId, RecordNumber, TEXT_BYTES_MAX, Triage};

use super::{COMMANDS_LEN_MAX, Desk, tell};
use crate::consultations::{self, Beginning, ConsultationCommand, ConsultationEvent, SeatGrant};
use crate::hand_overs::asked::AskedEvent;
use crate::hand_overs::asking::AskingEvent;
use crate::hub::ConsultationEvents;
use crate::messages::{
    ConsoleMessage, ConsultationStatus, ConsultationView, Ending, LineView, MessageView, Notice,
    Words,
};
use crate::transcript::Transcript;

/// Consultations that one person holds at once, pending acceptances included.
const LIVE_CONSULTATIONS_MAX: usize = 12;
/// Consultations in memory, ended ones included, until they are forgotten.
const KEPT_CONSULTATIONS_MAX: usize = 64;

pub(super) struct Kept {
    pub(super) view: ConsultationView,
    pub(super) triage: Triage,
    pub(super) transcript: Transcript,
    pub(super) commands: mpsc::Sender<ConsultationCommand>,
    /// The colleague to whom it is being handed over, once the client is there.
    pub(super) handed_to: Option<(u64, HandOverId)>,
    line: Option<LineView>,
}

impl Kept {
    pub(super) fn is_live(&self) -> bool {
        self.view.status != ConsultationStatus::Ended
    }

    pub(super) fn is_open(&self) -> bool {
        self.view.status == ConsultationStatus::Open
    }
}

impl Desk {
    /// Whether another consultation may begin.
    pub(super) fn has_room_for_another(&self) -> bool {
        let live = self.consultations.values().filter(|kept| kept.is_live()).count();
        let accepted = self.waiting.iter().filter(|entry| entry.accepting).count();
        let expected = self.asked.iter().filter(|asked| asked.is_expected()).count();
        let pending = accepted + expected;
        live + pending < LIVE_CONSULTATIONS_MAX
            && self.consultations.len() + pending < KEPT_CONSULTATIONS_MAX
    }

    pub(super) fn begin(&mut self, grant: Box<SeatGrant>) {
        let triage = grant.triage;
        let (id, commands) = self.start(Beginning::Seat(grant));
        self.keep(id, triage, commands, None, None);
    }

    /// Starts the task of a consultation.
    pub(super) fn start(
        &mut self,
        beginning: Beginning,
    ) -> (u64, mpsc::Sender<ConsultationCommand>) {
        let id = self.next_id;
        self.next_id += 1;
        let (commands, receiver) = mpsc::channel(COMMANDS_LEN_MAX);
        let events = ConsultationEvents { desk: self.own_inputs.clone(), id };
        let context = Arc::clone(&self.context);
        self.tasks.spawn(consultations::run(context, beginning, receiver, events));
        (id, commands)
    }

    /// Shows a consultation from now on.
    pub(super) fn keep(
        &mut self,
        id: u64,
        triage: Triage,
        commands: mpsc::Sender<ConsultationCommand>,
        taken_over_from: Option<u64>,
        summary: Option<Words>,
    ) {
        let view = ConsultationView {
            id,
            status: ConsultationStatus::Connecting,
            ended: None,
            line: None,
            hand_over: None,
            taken_over_from,
            summary,
            triage: triage.into(),
            opened_at: self.context.clock.now().0,
        };
        let transcript = Transcript::new();
        let kept = Kept { view, triage, transcript, commands, handed_to: None, line: None };
        self.consultations.insert(id, kept);
        self.show(id);
    }

    pub(super) fn consultation_happened(&mut self, id: u64, event: ConsultationEvent) {
        match event {
            ConsultationEvent::Arrived { received_below } => self.arrived(id, received_below),
            ConsultationEvent::Open => self.set_status(id, ConsultationStatus::Open, None),
            ConsultationEvent::Line(line) => self.set_line(id, line),
            ConsultationEvent::Said(text) => {
                self.add_message(id, |transcript, at| transcript.add_clients(text, at));
            }
            ConsultationEvent::Taken { text, record } => {
                self.add_message(id, |transcript, at| transcript.add_workers(text, at, record));
            }
            ConsultationEvent::QueueFull => self.notice(Notice::QueueFull),
            ConsultationEvent::Delivered(record) => self.delivered(id, record),
            ConsultationEvent::Replied(reply) => {
                self.asking_happened(id, AskingEvent::Replied(reply));
            }
            ConsultationEvent::Withdrawn => self.asking_happened(id, AskingEvent::Withdrawn),
            ConsultationEvent::HandedOver(undelivered) => self.handed_over(id, &undelivered),
            ConsultationEvent::Ended(ending) => self.ended(id, ending),
            ConsultationEvent::NotBegun(notice) => {
                if self.consultations.remove(&id).is_some() {
                    self.tell(&ConsoleMessage::Forgotten { consultation: id });
                    self.notice(notice);
                }
                self.expected.remove(&id);
                self.about_consultation(id, AskedEvent::Ended);
            }
        }
    }

    pub(super) fn say(&mut self, id: u64, text: Words) {
        if text.0.len() > TEXT_BYTES_MAX {
            return self.notice(Notice::TextTooLong);
        }
        let Some(kept) = self.consultations.get(&id).filter(|kept| kept.is_open()) else { return };
        // It is shown when the session has taken it.
        if kept.commands.try_send(ConsultationCommand::Say(text)).is_err() {
            self.notice(Notice::QueueFull);
        }
    }

    pub(super) fn end(&mut self, id: u64) {
        if self.consultations.get(&id).is_some_and(Kept::is_live) {
            self.asking_happened(id, AskingEvent::Ended);
            self.command(id, ConsultationCommand::End);
        }
    }

    pub(super) fn forget(&mut self, id: u64) {
        if self.consultations.get(&id).is_some_and(|kept| !kept.is_live()) {
            self.consultations.remove(&id);
            self.tell(&ConsoleMessage::Forgotten { consultation: id });
        }
    }

    /// Tells a consultation's task something that it must not miss.
    pub(super) fn command(&mut self, id: u64, command: ConsultationCommand) {
        let Some(kept) = self.consultations.get_mut(&id) else { return };
        if let Err(TrySendError::Full(_)) = kept.commands.try_send(command) {
            // It has not looked for a long time. Without its sender the task ends the consultation.
            (kept.commands, _) = mpsc::channel(1);
        }
    }

    /// Tells the pages how a consultation stands.
    pub(super) fn show(&mut self, id: u64) {
        self.tell_waiting_if_changed();
        if let Some(kept) = self.consultations.get_mut(&id) {
            kept.view.line = kept.line.filter(|_| kept.is_open());
            tell(&mut self.pages, &ConsoleMessage::Consultation { consultation: &kept.view });
        }
    }

    pub(super) fn set_status(
        &mut self,
        id: u64,
        status: ConsultationStatus,
        ended: Option<Ending>,
    ) {
        let Some(kept) = self.consultations.get_mut(&id) else { return };
        if kept.is_live() {
            (kept.view.status, kept.view.ended) = (status, ended);
            self.show(id);
        }
    }

    fn set_line(&mut self, id: u64, line: LineView) {
        let Some(kept) = self.consultations.get_mut(&id) else { return };
        kept.line = Some(line);
        if kept.is_open() {
            self.show(id);
        }
    }

    fn add_message(
        &mut self,
        id: u64,
        add: impl FnOnce(&mut Transcript, vestibule_wire::Timestamp) -> &MessageView,
    ) {
        self.tell_waiting_if_changed();
        let Some(kept) = self.consultations.get_mut(&id) else { return };
        let message = add(&mut kept.transcript, self.context.clock.now());
        tell(&mut self.pages, &ConsoleMessage::Message { consultation: id, message });
    }

    fn delivered(&mut self, id: u64, record: RecordNumber) {
        let Some(kept) = self.consultations.get_mut(&id) else { return };
        if let Some(up_to) = kept.transcript.delivered(record) {
            self.tell(&ConsoleMessage::Delivered { consultation: id, up_to });
        }
    }

    fn ended(&mut self, id: u64, ending: Ending) {
        self.asking_happened(id, AskingEvent::Ended);
        self.settle_with_colleague(id, &[]);
        self.set_status(id, ConsultationStatus::Ended, Some(ending));
        self.expected.remove(&id);
        self.about_consultation(id, AskedEvent::Ended);
    }
}
