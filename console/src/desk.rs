//! The one owner of a desk's state: it hears what happened, decides, remembers, and tells every page.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};
use vestibule_protocol::TEXT_BYTES_MAX;
use vestibule_wire::OfferId;

use crate::consultations::{self, ConsultationCommand, ConsultationEvent, SeatGrant};
use crate::context::Context;
use crate::duty::{self, DutyCommand, DutyEvent};
use crate::hub::{ConsultationEvents, DutyEvents, Input, PageText};
use crate::messages::{
    ConsoleMessage, ConsultationStatus, ConsultationView, DutyStatus, DutyView, Ending, Notice,
    PageMessage, RecordedConsultation, WaitingView, Words, WorkerView, Writer,
};
use crate::transcript::Transcript;

/// Pages that are shown the desk at once.
const PAGES_MAX: usize = 4;
/// Consultations that one person holds at once, pending acceptances included.
const LIVE_CONSULTATIONS_MAX: usize = 12;
/// Consultations in memory, ended ones included, until they are forgotten.
const KEPT_CONSULTATIONS_MAX: usize = 64;
/// Messages that wait for a page; a page that lags further is disconnected and comes again.
const PAGE_LEN_MAX: usize = 256;
/// Commands that wait for the duty socket or for a consultation's.
const COMMANDS_LEN_MAX: usize = 64;
/// Things taken together before the pages are shown who waits: a relay tells of many at once.
const INPUTS_TAKEN_MAX: usize = 64;
/// For the last goodbyes when the program ends.
const STOP_DEADLINE: Duration = Duration::from_secs(2);

struct Kept {
    view: ConsultationView,
    transcript: Transcript,
    commands: mpsc::Sender<ConsultationCommand>,
}

impl Kept {
    fn is_live(&self) -> bool {
        self.view.status != ConsultationStatus::Ended
    }
}

pub(crate) struct Desk {
    context: Arc<Context>,
    own_inputs: mpsc::WeakSender<Input>,
    worker: WorkerView,
    tasks: JoinSet<()>,
    pages: Vec<mpsc::Sender<PageText>>,
    // Duty.
    duty: DutyView,
    duty_run: u64,
    duty_commands: Option<mpsc::Sender<DutyCommand>>,
    waiting: Vec<WaitingView>,
    waiting_changed: bool,
    // Consultations.
    consultations: BTreeMap<u64, Kept>,
    next_id: u64,
    stopping: bool,
}

impl Desk {
    /// A desk with nobody on duty. Its tasks reach it through `own_inputs`.
    pub(crate) fn new(context: Arc<Context>, own_inputs: mpsc::WeakSender<Input>) -> Self {
        Self {
            worker: worker_view(&context),
            context,
            own_inputs,
            tasks: JoinSet::new(),
            pages: Vec::new(),
            duty: DutyView { status: DutyStatus::Off, reason: None },
            duty_run: 0,
            duty_commands: None,
            waiting: Vec::new(),
            waiting_changed: false,
            consultations: BTreeMap::new(),
            next_id: 1,
            stopping: false,
        }
    }

    /// Takes what happens, until it is told to stop or nobody can reach it any more.
    pub(crate) async fn run(mut self, mut inputs: mpsc::Receiver<Input>) {
        let mut taken = Vec::new();
        while !self.stopping {
            tokio::select! {
                count = inputs.recv_many(&mut taken, INPUTS_TAKEN_MAX) => {
                    self.stopping |= count == 0;
                    for input in taken.drain(..) {
                        self.take(input);
                    }
                    self.tell_waiting_if_changed();
                }
                Some(_) = self.tasks.join_next() => {}
            }
        }
        self.stop(inputs).await;
    }

    /// Says goodbye to every client and waits a little for the goodbyes to leave.
    async fn stop(mut self, mut inputs: mpsc::Receiver<Input>) {
        let deadline = Instant::now() + STOP_DEADLINE;
        self.go_off_duty();
        for kept in self.consultations.values() {
            let _ = kept.commands.try_send(ConsultationCommand::End);
        }
        while !self.tasks.is_empty() {
            tokio::select! {
                Some(input) = inputs.recv() => self.take(input),
                _ = self.tasks.join_next() => {}
                () = sleep_until(deadline) => break,
            }
        }
        // Pages whose messages end see by this whether the desk is over or they lagged behind.
        drop(inputs);
    }

    fn take(&mut self, input: Input) {
        match input {
            Input::PageJoined(answer) => self.page_joined(answer),
            Input::Page(message) => self.page_asked(message),
            Input::Duty { run, event } if run == self.duty_run => self.duty_happened(event),
            // Of a turn of duty that the worker has ended.
            Input::Duty { .. } => {}
            Input::Consultation { id, event } => self.consultation_happened(id, event),
            Input::Stop => self.stopping = true,
        }
    }

    // Pages.

    fn page_joined(&mut self, answer: oneshot::Sender<Option<mpsc::Receiver<PageText>>>) {
        self.pages.retain(|page| !page.is_closed());
        if self.pages.len() >= PAGES_MAX {
            let _ = answer.send(None);
            return;
        }

        let snapshot = ConsoleMessage::Snapshot {
            worker: &self.worker,
            duty: self.duty,
            waiting: self.waiting.iter().collect(),
            consultations: self
                .consultations
                .values()
                .map(|kept| RecordedConsultation {
                    consultation: kept.view,
                    messages: kept.transcript.messages(),
                })
                .collect(),
        };
        let (page, messages) = mpsc::channel(PAGE_LEN_MAX);
        let sent = page.try_send(Arc::new(snapshot.to_json()));
        if sent.is_ok() && answer.send(Some(messages)).is_ok() {
            self.pages.push(page);
        }
    }

    fn page_asked(&mut self, message: PageMessage) {
        match message {
            PageMessage::Hello { .. } => {}
            _ if self.stopping => {}
            PageMessage::GoOnDuty {} => self.go_on_duty(),
            PageMessage::GoOffDuty {} => self.go_off_duty(),
            PageMessage::Accept { offer } => self.accept(offer),
            PageMessage::Send { consultation, text } => self.say(consultation, text),
            PageMessage::End { consultation } => self.end(consultation),
            PageMessage::Forget { consultation } => self.forget(consultation),
        }
    }

    fn tell(&mut self, message: &ConsoleMessage<'_>) {
        self.tell_waiting_if_changed();
        tell(&mut self.pages, message);
    }

    // Duty.

    fn go_on_duty(&mut self) {
        if matches!(self.duty.status, DutyStatus::Off | DutyStatus::Refused) {
            self.duty_run += 1;
            let (commands, receiver) = mpsc::channel(COMMANDS_LEN_MAX);
            self.duty_commands = Some(commands);
            let events = DutyEvents { desk: self.own_inputs.clone(), run: self.duty_run };
            self.tasks.spawn(duty::run(Arc::clone(&self.context), receiver, events));
            self.set_duty(DutyView { status: DutyStatus::Connecting, reason: None });
        }
    }

    fn go_off_duty(&mut self) {
        self.duty_run += 1;
        self.duty_commands = None;
        self.clear_waiting();
        self.set_duty(DutyView { status: DutyStatus::Off, reason: None });
    }

    fn set_duty(&mut self, duty: DutyView) {
        if self.duty != duty {
            self.duty = duty;
            self.tell(&ConsoleMessage::Duty { duty });
        }
    }

    fn duty_happened(&mut self, event: DutyEvent) {
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
                    self.tell(&ConsoleMessage::Notice { notice: Notice::OfferGone });
                }
            }
            DutyEvent::Granted(offer, grant) => {
                self.remove_waiting(offer);
                self.begin(grant);
            }
            DutyEvent::Noticed(notice) => self.tell(&ConsoleMessage::Notice { notice }),
            DutyEvent::Cleared => self.clear_waiting(),
        }
    }

    fn accept(&mut self, offer: OfferId) {
        let live = self.consultations.values().filter(|kept| kept.is_live()).count();
        let pending = self.waiting.iter().filter(|entry| entry.accepting).count();
        let kept = self.consultations.len();
        let Some(entry) = self.waiting.iter_mut().find(|entry| entry.offer == offer) else {
            return self.tell(&ConsoleMessage::Notice { notice: Notice::OfferGone });
        };
        if entry.accepting {
            return;
        }
        if live + pending >= LIVE_CONSULTATIONS_MAX || kept + pending >= KEPT_CONSULTATIONS_MAX {
            return self.tell(&ConsoleMessage::Notice { notice: Notice::TooManyConsultations });
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

    fn tell_waiting_if_changed(&mut self) {
        if std::mem::take(&mut self.waiting_changed) {
            let waiting = self.waiting.iter().collect();
            tell(&mut self.pages, &ConsoleMessage::Waiting { waiting });
        }
    }

    // Consultations.

    fn begin(&mut self, grant: Box<SeatGrant>) {
        let id = self.next_id;
        self.next_id += 1;
        let view = ConsultationView {
            id,
            status: ConsultationStatus::Connecting,
            ended: None,
            triage: grant.triage.into(),
            opened_at: self.context.clock.now().0,
        };
        let (commands, receiver) = mpsc::channel(COMMANDS_LEN_MAX);
        self.consultations.insert(id, Kept { view, transcript: Transcript::new(), commands });
        let events = ConsultationEvents { desk: self.own_inputs.clone(), id };
        let context = Arc::clone(&self.context);
        self.tasks.spawn(consultations::run(context, grant, receiver, events));
        self.tell(&ConsoleMessage::Consultation { consultation: view });
    }

    fn consultation_happened(&mut self, id: u64, event: ConsultationEvent) {
        match event {
            ConsultationEvent::Open => self.set_status(id, ConsultationStatus::Open, None),
            ConsultationEvent::Said(text) => {
                self.add_message(id, Writer::Client, text);
            }
            ConsultationEvent::Delivered(up_to) => {
                if let Some(kept) = self.consultations.get_mut(&id) {
                    kept.transcript.delivered(up_to);
                    self.tell(&ConsoleMessage::Delivered { consultation: id, up_to });
                }
            }
            ConsultationEvent::Ended(ending) => {
                self.set_status(id, ConsultationStatus::Ended, Some(ending));
            }
            ConsultationEvent::NotBegun(notice) => {
                if self.consultations.remove(&id).is_some() {
                    self.tell(&ConsoleMessage::Forgotten { consultation: id });
                    self.tell(&ConsoleMessage::Notice { notice });
                }
            }
        }
    }

    fn set_status(&mut self, id: u64, status: ConsultationStatus, ended: Option<Ending>) {
        let Some(kept) = self.consultations.get_mut(&id) else { return };
        if kept.is_live() {
            kept.view = ConsultationView { status, ended, ..kept.view };
            let consultation = kept.view;
            self.tell(&ConsoleMessage::Consultation { consultation });
        }
    }

    fn add_message(&mut self, id: u64, from: Writer, text: Words) -> Option<u64> {
        self.tell_waiting_if_changed();
        let kept = self.consultations.get_mut(&id)?;
        let message = kept.transcript.add(from, text, self.context.clock.now());
        let number = message.number;
        tell(&mut self.pages, &ConsoleMessage::Message { consultation: id, message });
        Some(number)
    }

    fn say(&mut self, id: u64, text: Words) {
        if text.0.len() > TEXT_BYTES_MAX {
            return self.tell(&ConsoleMessage::Notice { notice: Notice::TextTooLong });
        }
        let open = |kept: &Kept| kept.view.status == ConsultationStatus::Open;
        if !self.consultations.get(&id).is_some_and(open) {
            return;
        }
        let said = text.clone();
        let Some(number) = self.add_message(id, Writer::Worker, text) else { return };
        self.command(id, ConsultationCommand::Say { number, text: said });
    }

    fn end(&mut self, id: u64) {
        if self.consultations.get(&id).is_some_and(Kept::is_live) {
            self.command(id, ConsultationCommand::End);
        }
    }

    /// A consultation that takes no commands is dead, or has not been read for a long time.
    fn command(&mut self, id: u64, command: ConsultationCommand) {
        let Some(kept) = self.consultations.get_mut(&id) else { return };
        if kept.commands.try_send(command).is_err() {
            // Without its sender the task ends the consultation.
            (kept.commands, _) = mpsc::channel(1);
            self.set_status(id, ConsultationStatus::Ended, Some(Ending::Lost));
        }
    }

    fn forget(&mut self, id: u64) {
        if self.consultations.get(&id).is_some_and(|kept| !kept.is_live()) {
            self.consultations.remove(&id);
            self.tell(&ConsoleMessage::Forgotten { consultation: id });
        }
    }
}

/// A page that does not take its messages is let go: it comes again and is shown everything.
fn tell(pages: &mut Vec<mpsc::Sender<PageText>>, message: &ConsoleMessage<'_>) {
    let text: PageText = Arc::new(message.to_json());
    pages.retain(|page| page.try_send(Arc::clone(&text)).is_ok());
}

fn worker_view(context: &Context) -> WorkerView {
    let enrolment = &context.enrolment;
    let certified = enrolment.shifts.first().map(|shift| &shift.content);
    WorkerView {
        alias: certified.map_or_else(String::new, |content| content.alias.as_str().to_owned()),
        role: certified.map_or("", |content| content.role.name()),
        languages: certified.map_or_else(Vec::new, |content| content.languages.codes()),
        service: enrolment.service_name.clone(),
        valid_until: enrolment.valid_until().0,
    }
}
