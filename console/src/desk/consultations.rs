//! The consultations of a desk, and what it keeps of each.

use std::sync::Arc;

use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;
use vestibule_protocol::{HandOverId, RecordNumber, Triage};
use vestibule_wire::{LinkId, LinkKind};

use super::{COMMANDS_LEN_MAX, Desk};
use crate::account::Account;
use crate::coding::Codes;
use crate::consultations::{
    self, Beginning, ConsultationCommand, ConsultationEvent, Saying, SeatGrant,
};
use crate::hand_overs::asked::AskedEvent;
use crate::hand_overs::asking::AskingEvent;
use crate::hub::ConsultationEvents;
use crate::messages::{
    ConsoleMessage, ConsultationStatus, ConsultationView, Ending, LineView, MessageView, Wish,
    Words, Writer,
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
    /// Given in it.
    pub(super) return_links: Vec<LinkId>,
    pub(super) account: Account,
    line: Option<LineView>,
}

/// How a consultation came to this worker.
#[derive(Default)]
pub(super) struct Origin {
    pub(super) door: bool,
    pub(super) wish: Option<Wish>,
    /// The colleague who handed it over, and what it wrote.
    pub(super) taken_over_from: Option<u64>,
    pub(super) summary: Option<Words>,
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
        let (live, pending) = (self.live_consultations(), self.pending_consultations());
        live + pending < LIVE_CONSULTATIONS_MAX
            && self.consultations.len() + pending < KEPT_CONSULTATIONS_MAX
    }

    /// Whether the worker answers as many as they want to.
    pub(super) fn is_at_capacity(&self) -> bool {
        let taken = self.live_consultations() + self.pending_consultations();
        taken >= usize::from(self.capacity.0)
    }

    fn live_consultations(&self) -> usize {
        self.consultations.values().filter(|kept| kept.is_live()).count()
    }

    /// Those that will begin unless something comes between.
    fn pending_consultations(&self) -> usize {
        let accepted = self.waiting.accepting_count();
        accepted + self.asked.iter().filter(|asked| asked.is_expected()).count()
    }

    pub(super) fn begin(&mut self, grant: Box<SeatGrant>, wish: Option<Wish>) {
        let (triage, door) = (grant.triage, grant.link.kind() == LinkKind::Door);
        let (id, commands) = self.start(Beginning::Seat(grant));
        self.keep(id, triage, commands, Origin { door, wish, ..Origin::default() });
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
        origin: Origin,
    ) {
        let Origin { door, wish, taken_over_from, summary } = origin;
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
            safety_phrase: None,
            door,
            wish,
            muted: false,
            end_proposed: false,
            codes: Codes::default(),
        };
        let transcript = Transcript::new();
        let (handed_to, return_links) = (None, Vec::new());
        let account = Account::new(triage);
        let kept = Kept {
            view,
            triage,
            transcript,
            commands,
            handed_to,
            return_links,
            account,
            line: None,
        };
        self.consultations.insert(id, kept);
        if taken_over_from.is_some() {
            // Nobody takes a client over who has not come.
            self.begin_account(id);
        }
        self.show(id);
    }

    pub(super) fn consultation_happened(&mut self, id: u64, event: ConsultationEvent) {
        match event {
            ConsultationEvent::Arrived { received_below } => self.arrived(id, received_below),
            ConsultationEvent::Open(phrase) => {
                if let Some(kept) = self.consultations.get_mut(&id) {
                    kept.view.safety_phrase = Some(*phrase.places());
                }
                self.set_status(id, ConsultationStatus::Open, None);
                self.begin_account(id);
            }
            ConsultationEvent::Line(line) => self.set_line(id, line),
            ConsultationEvent::Said(text) => {
                self.wrote(id, Writer::Client);
                self.add_message(id, |transcript, at| transcript.add_clients(text, at));
            }
            ConsultationEvent::Taken { saying, record } => self.taken(id, saying, record),
            ConsultationEvent::NotTaken(saying) => self.not_taken(id, &saying),
            ConsultationEvent::File(event) => self.file_happened(id, event),
            ConsultationEvent::EndDeclined => {
                self.set_end_proposed(id, false);
                self.add_message(id, Transcript::add_end_declined);
            }
            ConsultationEvent::Answered(answer) => {
                if let Some(account) = self.account(id) {
                    account.answered(answer);
                }
            }
            ConsultationEvent::Delivered(record) => self.delivered(id, record),
            ConsultationEvent::Replied(reply) => {
                self.asking_happened(id, AskingEvent::Replied(reply));
            }
            ConsultationEvent::Withdrawn => self.asking_happened(id, AskingEvent::Withdrawn),
            ConsultationEvent::HandedOver(undelivered) => self.handed_over(id, &undelivered),
            ConsultationEvent::Ended(ending) => self.ended(id, ending),
            ConsultationEvent::NotBegun(notice) => {
                if self.consultations.contains_key(&id) {
                    self.finish(id);
                    self.tell(&ConsoleMessage::Forgotten { consultation: id });
                    self.notice(notice);
                }
                self.expected.remove(&id);
                self.about_consultation(id, AskedEvent::Ended);
            }
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
            let line = if self.network_gone { Some(LineView::Reconnecting) } else { kept.line };
            kept.view.line = line.filter(|_| kept.is_open());
            self.pages.tell(&ConsoleMessage::Consultation { consultation: &kept.view });
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

    /// The session has taken what the worker says.
    fn taken(&mut self, id: u64, saying: Saying, record: RecordNumber) {
        let ends = matches!(saying, Saying::EndProposal);
        match &saying {
            Saying::Text(_) => self.wrote(id, Writer::Worker),
            Saying::Card { name, .. } => self.sent(id, name),
            Saying::ReturnLink(_) | Saying::EndProposal => {}
        }
        self.add_message(id, |transcript, at| transcript.add_workers(saying, at, record));
        if ends {
            self.set_end_proposed(id, true);
        }
    }

    fn wrote(&mut self, id: u64, writer: Writer) {
        let now = self.context.clock.now();
        if let Some(account) = self.account(id) {
            account.wrote(writer, now);
        }
    }

    fn sent(&mut self, id: u64, card: &str) {
        let material = self.belongings.pack.indicator_of(card);
        if let (Some(account), Some(material)) = (self.account(id), material) {
            account.sent(material);
        }
    }

    fn set_end_proposed(&mut self, id: u64, end_proposed: bool) {
        let Some(kept) = self.consultations.get_mut(&id) else { return };
        kept.view.end_proposed = end_proposed;
        self.show(id);
    }

    fn set_line(&mut self, id: u64, line: LineView) {
        let Some(kept) = self.consultations.get_mut(&id) else { return };
        kept.line = Some(line);
        kept.account.line_is(line);
        if kept.is_open() {
            self.show(id);
        }
    }

    pub(super) fn add_message(
        &mut self,
        id: u64,
        add: impl FnOnce(&mut Transcript, vestibule_wire::Timestamp) -> &MessageView,
    ) {
        self.tell_waiting_if_changed();
        let Some(kept) = self.consultations.get_mut(&id) else { return };
        let message = add(&mut kept.transcript, self.context.clock.now());
        self.pages.tell(&ConsoleMessage::Message { consultation: id, message });
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
        self.give_up_files(id);
        self.set_status(id, ConsultationStatus::Ended, Some(ending));
        self.expected.remove(&id);
        self.about_consultation(id, AskedEvent::Ended);
    }
}
