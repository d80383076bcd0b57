//! The one owner of a desk's state: it hears what happened, decides, remembers, and tells every page.

mod announcements;
mod colleagues;
mod consultations;
mod conversation;
mod duty;
mod end;
mod files;
mod hand_overs;
mod lock;
mod network;
mod packs;
mod pages;
mod reports;
mod totals;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use hyper::body::Bytes;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};
use zeroize::Zeroizing;

use crate::announcements::Announcements;
use crate::channels::Tag;
use crate::colleagues::KnownColleagues;
use crate::consultations::ConsultationCommand;
use crate::context::Context;
use crate::duty::DutyCommand;
use crate::hand_overs::asked::Asked;
use crate::hand_overs::asking::Asking;
use crate::hand_overs::errands::Errands;
use crate::hub::{Input, PageId};
use crate::lock::Lock;
use crate::messages::{
    Capacity, ConsoleMessage, DutyStatus, DutyView, Notice, PageMessage, WorkerView,
};
use crate::nodes::keep_asking;
use crate::pack::Pack;
use crate::random;
use crate::received_files::ReceivedFiles;
use crate::report::Page;
use crate::shelf::Shelf;
use crate::totals::Totals;
use crate::totals::file::{Keeper, TotalsFile};
use crate::totals::to_hand_in::ToHandIn;
use crate::waiting::Waiting;
use crate::whispers::Whispers;
use crate::worker_file::WorkerFile;
use consultations::Kept;
use end::HowToEnd;
pub(crate) use files::Looked;
use pages::Pages;

/// Commands that wait for the duty socket or for a consultation's.
const COMMANDS_LEN_MAX: usize = 64;
/// Things taken together before the pages are shown who waits: a relay tells of many at once.
const INPUTS_TAKEN_MAX: usize = 64;
/// The desk looks at the clocks at least so often: the one by which tasks wait stands still while the
/// machine sleeps, and what was on the screen before is not to stay there after.
const LOOK_INTERVAL: Duration = Duration::from_secs(5);

/// What a worker brings to the desk beside keys.
pub(crate) struct Belongings {
    pub(crate) worker_file: Arc<WorkerFile>,
    pub(crate) pack: Pack,
    /// Where the pack came from; none for the starter pack.
    pub(crate) pack_folder: Option<PathBuf>,
    /// Where a report waits for the browser.
    pub(crate) reports: Shelf<Page>,
    /// And what was seen of a client's file.
    pub(crate) pictures: Shelf<Zeroizing<Vec<u8>>>,
    /// And the sound of a client's voice note, which may be heard again.
    pub(crate) sounds: Shelf<Bytes>,
    /// The program that looks at files: this one, started again.
    pub(crate) viewer: PathBuf,
}

pub(crate) struct Desk {
    context: Arc<Context>,
    own_inputs: mpsc::WeakSender<Input>,
    belongings: Belongings,
    worker: WorkerView,
    tasks: JoinSet<()>,
    pages: Pages,
    lock: Lock,
    // Duty.
    duty: DutyView,
    duty_run: u64,
    duty_commands: Option<mpsc::Sender<DutyCommand>>,
    /// The browser says that there is no network, and nothing has shown that there is.
    network_gone: bool,
    capacity: Capacity,
    waiting: Waiting,
    // Consultations, and clients that colleagues hand over and that have not come yet.
    consultations: BTreeMap<u64, Kept>,
    expected: BTreeMap<u64, mpsc::Sender<ConsultationCommand>>,
    files: ReceivedFiles,
    /// A file is being decoded.
    looking: bool,
    next_id: u64,
    // What is counted of them.
    /// Of this shift, for the worker to see.
    totals: Totals,
    to_hand_in: ToHandIn,
    keeper: Keeper,
    hand_ins: JoinSet<()>,
    /// Asks for the nodes.
    asking_nodes: JoinSet<()>,
    // Colleagues.
    colleagues: KnownColleagues,
    whispers: Whispers,
    announcements: Announcements,
    /// By consultation.
    asking: BTreeMap<u64, Asking>,
    /// Oldest first.
    asked: Vec<Asked>,
    errands: Errands,
    /// A relay is being asked for the periods of a report.
    report_asked: bool,
    last_tag: u64,
    ending: Option<HowToEnd>,
}

impl Desk {
    /// A desk with nobody on duty, and what earlier shifts have left to hand in. Its tasks reach it
    /// through `own_inputs`.
    pub(crate) fn new(
        context: Arc<Context>,
        belongings: Belongings,
        totals_file: TotalsFile,
        own_inputs: mpsc::WeakSender<Input>,
    ) -> Self {
        let (keeper, to_hand_in) = Keeper::start(totals_file);
        let mut desk = Self {
            worker: worker_view(&context),
            lock: Lock::open(lock::moment(&context)),
            context,
            own_inputs,
            belongings,
            tasks: JoinSet::new(),
            pages: Pages::new(),
            duty: DutyView { status: DutyStatus::Off, reason: None },
            duty_run: 0,
            duty_commands: None,
            network_gone: false,
            capacity: Capacity::DEFAULT,
            waiting: Waiting::default(),
            consultations: BTreeMap::new(),
            expected: BTreeMap::new(),
            files: ReceivedFiles::default(),
            looking: false,
            next_id: 1,
            totals: Totals::default(),
            to_hand_in,
            keeper,
            hand_ins: JoinSet::new(),
            asking_nodes: JoinSet::new(),
            colleagues: KnownColleagues::new(),
            whispers: Whispers::new(),
            announcements: Announcements::default(),
            asking: BTreeMap::new(),
            asked: Vec::new(),
            errands: Errands::new(),
            report_asked: false,
            // A colleague takes each number once, whichever program of this worker's said it.
            last_tag: random::number(),
            ending: None,
        };
        desk.asking_nodes.spawn(keep_asking(Arc::clone(&desk.context)));
        desk.hand_in_carried();
        desk
    }

    /// Takes what happens, until it is told to end or nobody can reach it any more.
    pub(crate) async fn run(mut self, mut inputs: mpsc::Receiver<Input>) {
        let mut taken = Vec::new();
        let how = loop {
            if let Some(how) = self.ending {
                break how;
            }
            let look = Instant::now() + LOOK_INTERVAL;
            let expiry = self.next_expiry().map_or(look, |expiry| expiry.min(look));
            tokio::select! {
                count = inputs.recv_many(&mut taken, INPUTS_TAKEN_MAX) => {
                    if count == 0 {
                        break HowToEnd::Goodbye;
                    }
                    self.lock_if_idle();
                    for input in taken.drain(..) {
                        self.take(input);
                    }
                    self.tell_waiting_if_changed();
                }
                Some(_) = self.tasks.join_next() => {}
                Some(_) = self.hand_ins.join_next() => {}
                () = sleep_until(expiry) => {
                    self.lock_if_idle();
                    self.expire(Instant::now());
                }
            }
        };
        self.end_all(how, inputs).await;
    }

    fn take(&mut self, input: Input) {
        self.note_network(&input);
        match input {
            Input::PageJoined(answer) => self.page_joined(answer),
            Input::Page(page, message) => self.page_asked(page, message),
            Input::TriedPassphrase { right } => self.tried_passphrase(right),
            Input::ReadPack(read) => self.take_pack(*read),
            Input::FetchedReport { page, language, fetched } => {
                self.take_report(page, language, *fetched);
            }
            Input::LookedAtFile(looked) => self.take_seen(*looked),
            Input::Duty { run, event } if run == self.duty_run => self.duty_happened(event),
            // Of a turn of duty that the worker has ended.
            Input::Duty { .. } => {}
            Input::Consultation { id, event } => self.consultation_happened(id, event),
            Input::Counted(slip) => self.counted(slip),
            Input::Stop => self.ending = self.ending.or(Some(HowToEnd::Goodbye)),
        }
    }

    #[allow(clippy::wildcard_enum_match_arm, reason = "all others need a desk that is not locked")]
    fn page_asked(&mut self, page: PageId, message: PageMessage) {
        if self.ending.is_some() {
            return;
        }
        match message {
            PageMessage::Panic {} => self.panic(),
            PageMessage::Unlock { passphrase } => self.unlock(&passphrase),
            _ if self.lock.is_locked() => {}
            PageMessage::Network { online } => self.network(online),
            message => {
                self.touch();
                self.worker_asked(page, message);
            }
        }
    }

    /// What the worker, whose desk is not locked, asks for.
    #[allow(clippy::wildcard_enum_match_arm, reason = "the others are about one conversation")]
    fn worker_asked(&mut self, page: PageId, message: PageMessage) {
        match message {
            PageMessage::GoOnDuty {} => self.go_on_duty(),
            PageMessage::GoOffDuty {} => {
                self.go_off_duty();
                self.close_shift();
            }
            PageMessage::SetCapacity { capacity } => self.set_capacity(capacity),
            PageMessage::Accept { offer } => self.accept(offer),
            PageMessage::RefuseOffer { offer } => self.refuse_offer(offer),
            PageMessage::HandOver { consultation, colleague, summary } => {
                self.ask_colleague(consultation, colleague, &summary);
            }
            PageMessage::CancelHandOver { consultation } => self.take_back(consultation),
            PageMessage::AcceptHandOver { hand_over } => self.accept_hand_over(hand_over),
            PageMessage::DeclineHandOver { hand_over } => self.decline_hand_over(hand_over),
            PageMessage::Whisper { colleague, text } => self.whisper(colleague, text),
            PageMessage::ForgetWhispers { colleague } => self.forget_whispers(colleague),
            PageMessage::Announce { text } => self.announce(text),
            PageMessage::WithdrawAnnouncement { announcement } => {
                self.withdraw_announcement(announcement);
            }
            PageMessage::DismissAnnouncement { announcement } => {
                self.dismiss_announcement(announcement);
            }
            PageMessage::MakeLinks { count, channel, hours } => {
                self.make_links(page, count, channel, hours);
            }
            PageMessage::MakeReport { from, to, language } => {
                self.make_report(page, from, to, language);
            }
            PageMessage::LookAtFile { consultation, file } => {
                self.look_at_file(page, consultation, file);
            }
            PageMessage::ReloadPack {} => self.reload_pack(),
            PageMessage::SetLockMinutes { minutes } => self.set_lock_minutes(minutes),
            PageMessage::Lock {} => self.lock_now(),
            message => self.about_conversation(message),
        }
    }

    fn tell(&mut self, message: &ConsoleMessage<'_>) {
        self.tell_waiting_if_changed();
        self.pages.tell(message);
    }

    fn notice(&mut self, notice: Notice) {
        self.tell(&ConsoleMessage::Notice { notice });
    }

    fn next_tag(&mut self) -> Tag {
        self.last_tag = self.last_tag.wrapping_add(1);
        Tag(self.last_tag)
    }
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
