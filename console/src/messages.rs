//! What the console and its desk page say to each other: `docs/desk-page.md`, name by name.

use serde::de::{Deserializer, Error};
use serde::{Deserialize, Serialize, Serializer};
use vestibule_protocol::Triage;
use vestibule_wire::{CardTexts, OfferId, hex_array};
use zeroize::Zeroizing;

/// Longest message of a page, in bytes: the longest text, with every byte escaped.
pub(crate) const PAGE_MESSAGE_BYTES_MAX: usize = 262_144;

/// What somebody wrote. Wiped on drop; cannot be printed.
#[derive(Clone)]
pub(crate) struct Words(pub(crate) Zeroizing<String>);

impl Words {
    pub(crate) fn new(text: &str) -> Self {
        Self(Zeroizing::new(text.to_owned()))
    }
}

impl Serialize for Words {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Words {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Zeroizing::new(String::deserialize(deserializer)?);
        if text.is_empty() { Err(D::Error::custom("empty")) } else { Ok(Self(text)) }
    }
}

/// Page → console.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum PageMessage {
    Hello {
        bearer: String,
    },
    GoOnDuty {},
    GoOffDuty {},
    Accept {
        #[serde(deserialize_with = "offer_id")]
        offer: OfferId,
    },
    Send {
        consultation: u64,
        text: Words,
    },
    End {
        consultation: u64,
    },
    Forget {
        consultation: u64,
    },
}

impl PageMessage {
    /// Reads a message, or `None` for anything that is not in the table.
    pub(crate) fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}

fn offer_id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<OfferId, D::Error> {
    let text = String::deserialize(deserializer)?;
    hex_array(&text).map(OfferId).map_err(D::Error::custom)
}

/// Console → page.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum ConsoleMessage<'a> {
    Snapshot {
        worker: &'a WorkerView,
        duty: DutyView,
        waiting: Vec<&'a WaitingView>,
        consultations: Vec<RecordedConsultation<'a>>,
    },
    Duty {
        duty: DutyView,
    },
    Waiting {
        waiting: Vec<&'a WaitingView>,
    },
    Consultation {
        consultation: ConsultationView,
    },
    Message {
        consultation: u64,
        message: &'a MessageView,
    },
    Delivered {
        consultation: u64,
        up_to: u64,
    },
    Forgotten {
        consultation: u64,
    },
    Notice {
        notice: Notice,
    },
}

impl ConsoleMessage<'_> {
    pub(crate) fn to_json(&self) -> Zeroizing<String> {
        Zeroizing::new(serde_json::to_string(self).expect("our own structures have a JSON form"))
    }
}

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
    SeatGone,
    TooManyConsultations,
    TextTooLong,
    LinkAlreadyUsed,
    OpeningDamaged,
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
            language: triage.language.name(),
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
}

/// A consultation without its messages.
#[derive(Clone, Copy, Serialize)]
pub(crate) struct ConsultationView {
    pub(crate) id: u64,
    pub(crate) status: ConsultationStatus,
    pub(crate) ended: Option<Ending>,
    #[serde(flatten)]
    pub(crate) triage: TriageView,
    pub(crate) opened_at: u32,
}

/// A consultation with its messages.
#[derive(Serialize)]
pub(crate) struct RecordedConsultation<'a> {
    #[serde(flatten)]
    pub(crate) consultation: ConsultationView,
    pub(crate) messages: Vec<&'a MessageView>,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Writer {
    Worker,
    Client,
}

/// One message of a consultation.
#[derive(Serialize)]
pub(crate) struct MessageView {
    pub(crate) number: u64,
    pub(crate) from: Writer,
    pub(crate) text: Words,
    pub(crate) at: u32,
    pub(crate) delivered: bool,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes fields by reference")]
fn offer_hex<S: Serializer>(offer: &OfferId, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&vestibule_wire::hex(&offer.0))
}
