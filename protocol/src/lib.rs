//! What the two ends of a consultation agree on: keys, links, the handshake, cells and records.
//!
//! No I/O, no clock, no random numbers of its own: time and randomness are arguments. What a relay
//! may see lives in `vestibule-wire`; this crate is for the ends only.
//!
//! The specification is `docs/protocol.md`; section numbers in this crate refer to it.
#![deny(clippy::indexing_slicing, clippy::as_conversions, clippy::arithmetic_side_effects)]

mod authority;
mod card;
mod cell;
mod client;
mod colleagues;
mod consultation_keys;
mod door;
mod epoch_keys;
mod error;
mod file;
mod fresh;
mod hand_over;
mod handshake;
mod kem;
mod link;
mod nodes;
mod noise;
mod record;
mod safety;
mod session;
mod shift;
mod survey;
mod triage;
mod worker;

pub use authority::{AUTHORITY_SECRETS_LEN, Authority, GENERATIONS_KEPT_MAX};
pub use card::Card;
pub use cell::{Cell, FIRST_DATA_SEQUENCE};
pub use client::{Answer, AwaitingAnswer, start_hand_over, start_handshake};
pub use colleagues::{
    ANNOUNCEMENT_BYTES_MAX, AnnouncementId, ColleagueChannel, ColleagueOpened, ColleagueRecord,
    Colleagues, Era, GreetedColleague, HandOverId, LetterNumber, SUMMARY_BYTES_MAX,
    WHISPER_BYTES_MAX,
};
pub use door::DoorSecret;
pub use epoch_keys::{EPOCH_KEYS_LEN, EpochKeys, Psk};
pub use error::{HandshakeError, LinkError, SessionError};
pub use file::{
    FILE_BYTES_MAX, FILE_PART_BYTES, FileKind, FileNumber, FileOffer, FileReply, Incoming,
    VOICE_BYTES_MAX,
};
pub use fresh::{FreshAnswer, FreshOpening};
pub use hand_over::{HandOver, HandOverSecret};
pub use link::{LINK_LEN, LINK_TEXT_LEN, Link};
pub use nodes::{DIRECTORY_BYTES_MAX, Directory, NODES_MAX, Node};
pub use record::{HandOverReply, RECORD_BYTES_MAX, Record, TEXT_BYTES_MAX};
pub use safety::{SAFETY_WORDS, SafetyPhrase};
pub use session::{
    ABSENT_AFTER, Cover, Opened, Pacer, RecordNumber, SILENT_AFTER, Session, retry_delay,
};
pub use shift::ShiftKey;
pub use survey::SurveyAnswer;
pub use triage::{Channel, Subject, Triage};
pub use vestibule_wire::{CardKind, Language, Side};
pub use worker::{AwaitingFirstCell, ReceivedOpening};

#[cfg(test)]
mod tests;
