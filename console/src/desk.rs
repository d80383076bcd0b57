//! The one owner of a desk's state: it hears what happened, decides, remembers, and tells every page.

mod colleagues;
mod consultations;
mod duty;
mod hand_overs;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

use crate::channels::Tag;
use crate::colleagues::KnownColleagues;
use crate::consultations::ConsultationCommand;
use crate::context::Context;
use crate::duty::DutyCommand;
use crate::hand_overs::asked::Asked;
use crate::hand_overs::asking::Asking;
use crate::hand_overs::errands::Errands;
use crate::hub::{Input, PageText};
use crate::messages::{
    ConsoleMessage, DutyStatus, DutyView, Notice, PageMessage, RecordedConsultation, WaitingView,
    WorkerView,
};
use crate::whispers::Whispers;
use consultations::Kept;

/// Pages that are shown the desk at once.
const PAGES_MAX: usize = 4;
/// Messages that wait for a page; a page that lags further is disconnected and comes again.
const PAGE_LEN_MAX: usize = 256;
/// Commands that wait for the duty socket or for a consultation's.
const COMMANDS_LEN_MAX: usize = 64;
/// Things taken together before the pages are shown who waits: a relay tells of many at once.
const INPUTS_TAKEN_MAX: usize = 64;
/// For the last goodbyes when the program ends.
const STOP_DEADLINE: Duration = Duration::from_secs(2);
/// When nothing has to be given up, the desk looks again after so long.
const IDLE: Duration = Duration::from_hours(1);

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
    // Consultations, and clients that colleagues hand over and that have not come yet.
    consultations: BTreeMap<u64, Kept>,
    expected: BTreeMap<u64, mpsc::Sender<ConsultationCommand>>,
    next_id: u64,
    // Colleagues.
    colleagues: KnownColleagues,
    whispers: Whispers,
    /// By consultation.
    asking: BTreeMap<u64, Asking>,
    /// Oldest first.
    asked: Vec<Asked>,
    errands: Errands,
    last_tag: u64,
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
            expected: BTreeMap::new(),
            next_id: 1,
            colleagues: KnownColleagues::new(),
            whispers: Whispers::new(),
            asking: BTreeMap::new(),
            asked: Vec::new(),
            errands: Errands::new(),
            last_tag: 0,
            stopping: false,
        }
    }

    /// Takes what happens, until it is told to stop or nobody can reach it any more.
    pub(crate) async fn run(mut self, mut inputs: mpsc::Receiver<Input>) {
        let mut taken = Vec::new();
        while !self.stopping {
            let expiry = self.next_expiry().unwrap_or_else(|| Instant::now() + IDLE);
            tokio::select! {
                count = inputs.recv_many(&mut taken, INPUTS_TAKEN_MAX) => {
                    self.stopping |= count == 0;
                    for input in taken.drain(..) {
                        self.take(input);
                    }
                    self.tell_waiting_if_changed();
                }
                Some(_) = self.tasks.join_next() => {}
                () = sleep_until(expiry) => self.expire(Instant::now()),
            }
        }
        self.stop(inputs).await;
    }

    /// Says goodbye to every client and waits a little for the goodbyes to leave.
    async fn stop(mut self, mut inputs: mpsc::Receiver<Input>) {
        let deadline = Instant::now() + STOP_DEADLINE;
        self.go_off_duty();
        for kept in self.consultations.values() {
            // Once to end it, and once more so that its goodbye waits for no slot.
            for _ in 0..2 {
                let _ = kept.commands.try_send(ConsultationCommand::End);
            }
        }
        self.expected.clear();
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
                    consultation: &kept.view,
                    messages: kept.transcript.messages(),
                })
                .collect(),
            colleagues: self.colleagues.views(),
            hand_overs: self.asked.iter().filter_map(Asked::view).collect(),
            whispers: self.whispers.views(),
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
            PageMessage::HandOver { consultation, colleague, summary } => {
                self.ask_colleague(consultation, colleague, &summary);
            }
            PageMessage::CancelHandOver { consultation } => self.take_back(consultation),
            PageMessage::AcceptHandOver { hand_over } => self.accept_hand_over(hand_over),
            PageMessage::DeclineHandOver { hand_over } => self.decline_hand_over(hand_over),
            PageMessage::Whisper { colleague, text } => self.whisper(colleague, text),
            PageMessage::ForgetWhispers { colleague } => self.forget_whispers(colleague),
        }
    }

    fn tell(&mut self, message: &ConsoleMessage<'_>) {
        self.tell_waiting_if_changed();
        tell(&mut self.pages, message);
    }

    fn notice(&mut self, notice: Notice) {
        self.tell(&ConsoleMessage::Notice { notice });
    }

    fn next_tag(&mut self) -> Tag {
        self.last_tag += 1;
        Tag(self.last_tag)
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
