//! What the two ends of a consultation agree on: keys, links, the handshake, cells and records.
//!
//! No I/O, no clock, no random numbers of its own: time and randomness are arguments. What a relay
//! may see lives in `vestibule-wire`; this crate is for the ends only.
//!
//! The specification is `docs/protocol.md`; section numbers in this crate refer to it.
#![deny(clippy::indexing_slicing, clippy::as_conversions, clippy::arithmetic_side_effects)]

mod authority;
mod cell;
mod client;
mod consultation_keys;
mod epoch_keys;
mod error;
mod kem;
mod link;
mod noise;
mod record;
mod session;
mod shift;
mod triage;
mod worker;

pub use authority::Authority;
pub use cell::{Cell, FIRST_DATA_SEQUENCE};
pub use client::{Answer, AwaitingAnswer, start_handshake};
pub use consultation_keys::Side;
pub use epoch_keys::{EPOCH_KEYS_LEN, EpochKeys, Psk};
pub use error::{HandshakeError, LinkError, SessionError};
pub use link::{LINK_TEXT_LEN, Link};
pub use record::{RECORD_BYTES_MAX, Record, TEXT_BYTES_MAX};
pub use session::{Received, SealedRecord, Session};
pub use shift::ShiftKey;
pub use triage::{Channel, Language, Subject, Triage};
pub use worker::{AwaitingFirstCell, ReceivedOpening};

#[cfg(test)]
mod tests;
