//! What the console and its desk page say to each other: `docs/desk-page.md`, name by name.

use serde::de::{Deserializer, Error};
use serde::{Deserialize, Serialize, Serializer};
use vestibule_protocol::HandOverId;
use vestibule_wire::{OfferId, hex_array};
use zeroize::Zeroizing;

mod views;

pub(crate) use views::{
    ColleagueView, ConsultationStatus, ConsultationView, DutyStatus, DutyView, Ending,
    HandOverRequestView, HandOverStage, HandOverView, LineView, MessageView, Notice,
    RecordedConsultation, Refusal, WaitingView, WhisperThreadView, WhisperView, Whisperer,
    WorkerView, Writer,
};

/// Longest message of a page, in bytes: the longest text, with every byte escaped.
pub(crate) const PAGE_MESSAGE_BYTES_MAX: usize = 262_144;

/// What somebody wrote. Wiped on drop; cannot be printed.
#[derive(Clone, PartialEq, Eq)]
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
    HandOver {
        consultation: u64,
        colleague: u64,
        summary: Summary,
    },
    CancelHandOver {
        consultation: u64,
    },
    AcceptHandOver {
        #[serde(deserialize_with = "hand_over_id")]
        hand_over: HandOverId,
    },
    DeclineHandOver {
        #[serde(deserialize_with = "hand_over_id")]
        hand_over: HandOverId,
    },
    Whisper {
        colleague: u64,
        text: Words,
    },
    ForgetWhispers {
        colleague: u64,
    },
}

/// What a worker wants a colleague to know; may be empty.
#[derive(Clone, Deserialize)]
pub(crate) struct Summary(#[serde(deserialize_with = "any_text")] pub(crate) Zeroizing<String>);

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

fn hand_over_id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<HandOverId, D::Error> {
    let text = String::deserialize(deserializer)?;
    hex_array(&text).map(HandOverId).map_err(D::Error::custom)
}

fn any_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Zeroizing<String>, D::Error> {
    String::deserialize(deserializer).map(Zeroizing::new)
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
        colleagues: Vec<&'a ColleagueView>,
        hand_overs: Vec<HandOverRequestView<'a>>,
        whispers: Vec<WhisperThreadView<'a>>,
    },
    Duty {
        duty: DutyView,
    },
    Waiting {
        waiting: Vec<&'a WaitingView>,
    },
    Consultation {
        consultation: &'a ConsultationView,
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
    Colleagues {
        colleagues: Vec<&'a ColleagueView>,
    },
    HandOvers {
        hand_overs: Vec<HandOverRequestView<'a>>,
    },
    Whisper {
        colleague: u64,
        message: &'a WhisperView,
    },
    WhisperDelivered {
        colleague: u64,
        up_to: u64,
    },
    WhispersForgotten {
        colleague: u64,
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
