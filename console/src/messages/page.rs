//! Page → console.

use clap::ValueEnum;
use serde::Deserialize;
use serde::de::{Deserializer, Error};
use vestibule_protocol::{Channel, HandOverId};
use vestibule_wire::{OfferId, Timestamp, hex_array};
use zeroize::Zeroizing;

use super::Words;
use crate::coding::Codes;
use crate::dates;
use crate::words::Language;

/// Most links that a page asks for at once.
const LINKS_MAX: u8 = 50;
/// Longest life of such a link, in hours: no epoch is longer.
const LINK_HOURS_MAX: u16 = 168;
/// Longest name of a card.
const CARD_NAME_BYTES_MAX: usize = 40;

/// What a page asks for.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum PageMessage {
    Hello {
        bearer: String,
    },
    GoOnDuty {},
    GoOffDuty {},
    SetCapacity {
        capacity: Capacity,
    },
    Accept {
        #[serde(deserialize_with = "offer_id")]
        offer: OfferId,
    },
    RefuseOffer {
        #[serde(deserialize_with = "offer_id")]
        offer: OfferId,
    },
    Send {
        consultation: u64,
        text: Words,
    },
    SendCard {
        consultation: u64,
        card: CardName,
    },
    GiveReturnLink {
        consultation: u64,
        wish: bool,
    },
    Mute {
        consultation: u64,
        muted: bool,
    },
    AcceptFile {
        consultation: u64,
        file: u16,
    },
    RefuseFile {
        consultation: u64,
        file: u16,
    },
    LookAtFile {
        consultation: u64,
        file: u16,
    },
    ProposeEnd {
        consultation: u64,
    },
    End {
        consultation: u64,
    },
    EndAndRefuse {
        consultation: u64,
    },
    Code {
        consultation: u64,
        codes: Codes,
    },
    Forget {
        consultation: u64,
    },
    HandOver {
        consultation: u64,
        colleague: u64,
        summary: AnyText,
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
    Announce {
        text: Words,
    },
    WithdrawAnnouncement {
        announcement: u64,
    },
    DismissAnnouncement {
        announcement: u64,
    },
    MakeLinks {
        count: LinkCount,
        #[serde(deserialize_with = "issued_channel")]
        channel: Channel,
        hours: LinkHours,
    },
    MakeReport {
        from: Day,
        to: Day,
        language: PageLanguage,
    },
    ReloadPack {},
    Active {},
    SetLockMinutes {
        minutes: LockMinutes,
    },
    Lock {},
    Unlock {
        passphrase: AnyText,
    },
    Panic {},
    Network {
        online: bool,
    },
}

impl PageMessage {
    /// Reads a message, or `None` for anything that is not in the table.
    pub(crate) fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}

/// How many clients a worker answers at once.
#[derive(Clone, Copy, Deserialize)]
#[serde(try_from = "u8")]
pub(crate) struct Capacity(pub(crate) u8);

impl Capacity {
    /// Until the worker says otherwise: what services found that one person can do well.
    pub(crate) const DEFAULT: Self = Self(3);
    const MAX: u8 = 8;
}

impl TryFrom<u8> for Capacity {
    type Error = &'static str;
    fn try_from(capacity: u8) -> Result<Self, Self::Error> {
        (1..=Self::MAX).contains(&capacity).then_some(Self(capacity)).ok_or("no capacity")
    }
}

/// After so many minutes without a touch the desk is locked.
#[derive(Clone, Copy, Deserialize)]
#[serde(try_from = "u8")]
pub(crate) struct LockMinutes(pub(crate) u8);

impl LockMinutes {
    pub(crate) const DEFAULT: Self = Self(10);
    const CHOICE: [u8; 4] = [5, 10, 20, 60];
}

impl TryFrom<u8> for LockMinutes {
    type Error = &'static str;
    fn try_from(minutes: u8) -> Result<Self, Self::Error> {
        Self::CHOICE.contains(&minutes).then_some(Self(minutes)).ok_or("not on offer")
    }
}

/// How many links.
#[derive(Clone, Copy, Deserialize)]
#[serde(try_from = "u8")]
pub(crate) struct LinkCount(pub(crate) u8);

impl TryFrom<u8> for LinkCount {
    type Error = &'static str;
    fn try_from(count: u8) -> Result<Self, Self::Error> {
        (1..=LINKS_MAX).contains(&count).then_some(Self(count)).ok_or("not so many")
    }
}

/// For how long links hold.
#[derive(Clone, Copy, Deserialize)]
#[serde(try_from = "u16")]
pub(crate) struct LinkHours(pub(crate) u16);

impl TryFrom<u16> for LinkHours {
    type Error = &'static str;
    fn try_from(hours: u16) -> Result<Self, Self::Error> {
        (1..=LINK_HOURS_MAX).contains(&hours).then_some(Self(hours)).ok_or("not so long")
    }
}

/// The first second of a day that is written as `2026-11-23`.
#[derive(Clone, Copy, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Day(pub(crate) Timestamp);

impl TryFrom<String> for Day {
    type Error = &'static str;
    fn try_from(day: String) -> Result<Self, Self::Error> {
        dates::day(&day).map(Self).map_err(|_| "no day")
    }
}

/// The language that a page speaks.
#[derive(Clone, Copy, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct PageLanguage(pub(crate) Language);

impl TryFrom<String> for PageLanguage {
    type Error = String;
    fn try_from(code: String) -> Result<Self, Self::Error> {
        Language::from_str(&code, false).map(Self)
    }
}

/// Names a card of the pack.
#[derive(Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct CardName(pub(crate) String);

impl TryFrom<String> for CardName {
    type Error = &'static str;
    fn try_from(name: String) -> Result<Self, Self::Error> {
        (name.len() <= CARD_NAME_BYTES_MAX).then_some(Self(name)).ok_or("no card's name")
    }
}

/// A text that may be empty: a summary, a passphrase.
#[derive(Clone, Deserialize)]
pub(crate) struct AnyText(#[serde(deserialize_with = "any_text")] pub(crate) Zeroizing<String>);

fn offer_id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<OfferId, D::Error> {
    let text = String::deserialize(deserializer)?;
    hex_array(&text).map(OfferId).map_err(D::Error::custom)
}

fn hand_over_id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<HandOverId, D::Error> {
    let text = String::deserialize(deserializer)?;
    hex_array(&text).map(HandOverId).map_err(D::Error::custom)
}

/// Links with the channel "return" are given in a conversation and nowhere else.
fn issued_channel<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Channel, D::Error> {
    let name = String::deserialize(deserializer)?;
    let channel = Channel::from_name(&name).map_err(D::Error::custom)?;
    Some(channel).filter(|channel| channel.name() != "return").ok_or_else(|| D::Error::custom(name))
}

fn any_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Zeroizing<String>, D::Error> {
    String::deserialize(deserializer).map(Zeroizing::new)
}
