//! What the desk page is shown, as it stands in `docs/desk-page.md`.

use serde::{Serialize, Serializer};
use vestibule_protocol::{HandOverId, RecordNumber, SAFETY_WORDS, Triage};
use vestibule_wire::{CardTexts, LinkName, OfferId};

use super::Words;
use crate::coding::Codes;
use crate::qr::QrView;

/// Who sits at this desk.
#[derive(Serialize)]
pub(crate) struct WorkerView {
    pub(crate) alias: String,
    pub(crate) role: &'static str,
    pub(crate) languages: Vec<&'static str>,
    pub(crate) service: CardTexts,
    pub(crate) valid_until: u32,
}

/// Whether the worker is on duty.
#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) struct DutyView {
    pub(crate) status: DutyStatus,
    pub(crate) reason: Option<Refusal>,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DutyStatus {
    Off,
    Connecting,
    On,
    Unreachable,
    Refused,
}

/// Why duty was refused.
#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Refusal {
    CertificateRefused,
    CertificateExpired,
    UnknownService,
    SignInRefused,
    StatementRefused,
    ClockWrong,
    NoShiftToday,
    NotARelay,
}

/// Something that the worker should know about at once.
#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Notice {
    OfferGone,
    /// No consultation can begin just now; whoever was accepted still waits.
    OfferDeferred,
    SeatGone,
    TooManyConsultations,
    TextTooLong,
    LinkAlreadyUsed,
    OpeningDamaged,
    /// Words were not taken: much is still on its way.
    QueueFull,
    /// The colleague does not take the consultation.
    HandOverDeclined,
    /// The client stays.
    HandOverRefused,
    /// The colleague has left or did not come.
    HandOverFailed,
    /// A consultation that this worker would have taken does not come.
    HandOverGone,
    /// The worker answers as many as they said they would.
    AtCapacity,
    /// No more return links are given in this consultation.
    ReturnLinkLimit,
    /// The worker's file has no keys for today.
    NoShift,
    PackReloaded,
    /// The relay has published no period that began in the time that a report was to be about.
    ReportNoPeriods,
    /// The relay does not answer, and there is no report.
    ReportUnreachable,
    /// The relay, or this enrolment, does not allow one.
    ReportRefused,
    /// Whoever answers does not count.
    ReportNotCounted,
    /// A file is damaged, or cannot be shown safely.
    FileNotShown,
    /// This machine cannot confine what decodes files.
    NoViewer,
    /// The browser says that this machine has no network.
    NetworkGone,
}

/// Somebody who waits.
#[derive(Serialize)]
pub(crate) struct WaitingView {
    #[serde(serialize_with = "offer_hex")]
    pub(crate) offer: OfferId,
    #[serde(flatten)]
    pub(crate) triage: TriageView,
    pub(crate) waiting_since: u32,
    pub(crate) accepting: bool,
    /// Whether it came through a door.
    pub(crate) door: bool,
    pub(crate) wish: Option<Wish>,
    /// By which wishes are read.
    #[serde(skip)]
    pub(crate) link: LinkName,
}

/// For whom a client with a return link has come.
#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Wish {
    Me,
    /// One who is on duty.
    Colleague,
}

/// What the client chose before it waited.
#[derive(Clone, Copy, Serialize)]
pub(crate) struct TriageView {
    language: &'static str,
    subject: &'static str,
    channel: &'static str,
}

impl From<Triage> for TriageView {
    fn from(triage: Triage) -> Self {
        Self {
            language: triage.language.code(),
            subject: triage.subject.name(),
            channel: triage.channel.name(),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ConsultationStatus {
    Connecting,
    Open,
    Ended,
}

/// How a consultation ended.
#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Ending {
    Worker,
    Client,
    Lost,
    Broken,
    HandedOver,
}

/// How the client can be reached.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LineView {
    /// It is at the other end.
    Joined,
    /// It is expected where both ends meet again.
    ClientAway,
    /// This console does not reach the relay.
    Reconnecting,
}

/// How far a hand-over has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum HandOverStage {
    AskingColleague,
    AskingClient,
    Moving,
}

/// A hand-over that this worker began.
#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) struct HandOverView {
    pub(crate) colleague: u64,
    pub(crate) stage: HandOverStage,
}

/// A consultation without its messages.
#[derive(Clone, Serialize)]
pub(crate) struct ConsultationView {
    pub(crate) id: u64,
    pub(crate) status: ConsultationStatus,
    pub(crate) ended: Option<Ending>,
    /// Only while it is open.
    pub(crate) line: Option<LineView>,
    pub(crate) hand_over: Option<HandOverView>,
    /// The number of the colleague who handed it over.
    pub(crate) taken_over_from: Option<u64>,
    /// What that colleague wrote about it.
    pub(crate) summary: Option<Words>,
    #[serde(flatten)]
    pub(crate) triage: TriageView,
    pub(crate) opened_at: u32,
    /// Places in the list of words, to compare with the client; none before it is open.
    pub(crate) safety_phrase: Option<[u8; SAFETY_WORDS]>,
    pub(crate) door: bool,
    pub(crate) wish: Option<Wish>,
    pub(crate) muted: bool,
    /// The client was asked whether this is the end, and has not said.
    pub(crate) end_proposed: bool,
    pub(crate) codes: Codes,
}

/// A consultation with its messages.
#[derive(Serialize)]
pub(crate) struct RecordedConsultation<'a> {
    #[serde(flatten)]
    pub(crate) consultation: &'a ConsultationView,
    pub(crate) messages: Vec<&'a MessageView>,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Writer {
    Worker,
    Client,
}

/// What a message is.
#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum MessageKind {
    Text,
    Card,
    ReturnLink,
    EndProposed,
    EndDeclined,
    File,
}

/// How far a client's file is.
#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FileStatus {
    Offered,
    Coming,
    Here,
    Refused,
    Withdrawn,
    /// It was here, and others needed its room.
    Gone,
}

/// A client's file.
#[derive(Clone, Copy, Serialize)]
pub(crate) struct FileView {
    pub(crate) file: u16,
    pub(crate) kind: &'static str,
    pub(crate) size: usize,
    pub(crate) came: usize,
    pub(crate) status: FileStatus,
}

/// A card as it was sent.
#[derive(Serialize)]
pub(crate) struct CardView {
    pub(crate) kind: &'static str,
    pub(crate) title: Words,
    pub(crate) body: Words,
}

/// One message of a consultation.
#[derive(Serialize)]
pub(crate) struct MessageView {
    pub(crate) number: u64,
    pub(crate) from: Writer,
    pub(crate) kind: MessageKind,
    /// Empty unless it is a text.
    pub(crate) text: Words,
    pub(crate) card: Option<CardView>,
    pub(crate) file: Option<FileView>,
    pub(crate) at: u32,
    pub(crate) delivered: bool,
    /// Which of the session's records it is, when the worker wrote it.
    #[serde(skip)]
    pub(crate) record: Option<RecordNumber>,
}

/// Another worker of the service.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub(crate) struct ColleagueView {
    pub(crate) id: u64,
    pub(crate) alias: String,
    pub(crate) role: &'static str,
    pub(crate) languages: Vec<&'static str>,
    pub(crate) on_duty: bool,
}

/// A colleague asks this worker to take a consultation over.
#[derive(Serialize)]
pub(crate) struct HandOverRequestView<'a> {
    #[serde(serialize_with = "hand_over_hex")]
    pub(crate) id: HandOverId,
    pub(crate) colleague: u64,
    #[serde(flatten)]
    pub(crate) triage: TriageView,
    pub(crate) summary: &'a str,
    pub(crate) offered_at: u32,
    pub(crate) accepted: bool,
}

/// What this worker and a colleague wrote to each other.
#[derive(Serialize)]
pub(crate) struct WhisperThreadView<'a> {
    pub(crate) colleague: u64,
    pub(crate) messages: Vec<&'a WhisperView>,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Whisperer {
    Me,
    Colleague,
}

/// One message between workers.
#[derive(Serialize)]
pub(crate) struct WhisperView {
    pub(crate) number: u64,
    pub(crate) from: Whisperer,
    pub(crate) text: Words,
    pub(crate) at: u32,
    pub(crate) delivered: bool,
    pub(crate) failed: bool,
}

/// Something that a coordinator tells everybody on duty.
#[derive(Serialize)]
pub(crate) struct AnnouncementView {
    pub(crate) id: u64,
    /// The coordinator's number; none for this worker's own.
    pub(crate) from: Option<u64>,
    pub(crate) text: Words,
    pub(crate) at: u32,
}

/// A new link, to be passed on.
#[derive(Serialize)]
pub(crate) struct LinkView {
    pub(crate) address: Words,
    pub(crate) qr: QrView,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes fields by reference")]
fn offer_hex<S: Serializer>(offer: &OfferId, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&vestibule_wire::hex(&offer.0))
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes fields by reference")]
fn hand_over_hex<S: Serializer>(id: &HandOverId, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&vestibule_wire::hex(&id.0))
}
