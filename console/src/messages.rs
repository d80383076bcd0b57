//! What the console and its desk page say to each other: `docs/desk-page.md`, name by name.

use serde::de::{Deserializer, Error};
use serde::{Deserialize, Serialize, Serializer};
use zeroize::Zeroizing;

mod page;
mod views;

pub(crate) use page::{
    AnyText, Capacity, Day, LinkCount, LinkHours, LockMinutes, PageLanguage, PageMessage,
};
pub(crate) use views::{
    AnnouncementView, CardView, ColleagueView, ConsultationStatus, ConsultationView, DutyStatus,
    DutyView, Ending, FileStatus, FileView, HandOverRequestView, HandOverStage, HandOverView,
    LineView, LinkView, MessageKind, MessageView, Notice, RecordedConsultation, Refusal,
    WaitingView, WhisperThreadView, WhisperView, Whisperer, Wish, WorkerView, Writer,
};

use crate::coding::Group;
use crate::pack::Pack;
use crate::totals::TotalView;
use crate::totals::to_hand_in::HandInView;

/// Longest message of a page, in bytes: the longest text, with every byte escaped.
pub(crate) const PAGE_MESSAGE_BYTES_MAX: usize = 262_144;

/// What somebody wrote. Wiped on drop; cannot be printed.
#[derive(Clone, Default, PartialEq, Eq)]
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
        announcements: Vec<&'a AnnouncementView>,
        capacity: u8,
        pack: Option<&'a Pack>,
        coding: Vec<Group<'a>>,
        totals: Vec<TotalView>,
        hand_in: HandInView,
        locked: bool,
        lock_minutes: u8,
    },
    Locked {
        locked: bool,
        wrong_passphrase: bool,
        wait_seconds: u64,
    },
    LockMinutes {
        lock_minutes: u8,
    },
    Duty {
        duty: DutyView,
    },
    Capacity {
        capacity: u8,
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
    File {
        consultation: u64,
        /// The number of its message.
        message: u64,
        file: FileView,
    },
    Sound {
        consultation: u64,
        file: u16,
        path: &'a str,
    },
    Pictures {
        consultation: u64,
        file: u16,
        paths: &'a [String],
        pages: u32,
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
    Announcements {
        announcements: Vec<&'a AnnouncementView>,
    },
    Totals {
        totals: Vec<TotalView>,
        hand_in: HandInView,
    },
    Links {
        links: Vec<LinkView>,
        expires_at: u32,
    },
    Report {
        path: &'a str,
    },
    Pack {
        pack: &'a Pack,
        /// Which labels there are: the pack may name others.
        coding: Vec<Group<'a>>,
    },
    PackProblem {
        file: &'a str,
        line: usize,
        reason: &'a str,
    },
    Notice {
        notice: Notice,
    },
}

impl ConsoleMessage<'_> {
    /// Whether it may be shown to whoever sits at a locked desk: it holds nothing of anybody.
    pub(crate) fn is_for_locked_desk(&self) -> bool {
        matches!(self, Self::Locked { .. } | Self::Snapshot { locked: true, .. })
    }

    pub(crate) fn to_json(&self) -> Zeroizing<String> {
        Zeroizing::new(serde_json::to_string(self).expect("our own structures have a JSON form"))
    }
}
