//! Relays that leak on purpose, one leak at a time, and what the auditor's kit finds of that.
//!
//! The relay's own code serves behind a door of this crate's, which sees what comes and goes and keeps
//! what a careless or malicious operator would keep. Nothing of this is in the relay that is shipped.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "what goes wrong in a program of the tests is the test's failure"
)]

pub mod bench;
pub mod door;
pub mod kept;
pub mod leak;
pub mod program;
