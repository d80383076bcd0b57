//! What the tests of several parts share: a service in memory, a reference client and worker that
//! speak to a relay over real sockets, and relays to speak to.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::missing_errors_doc,
    reason = "what goes wrong in a test's helper is the test's failure"
)]

pub mod client;
pub mod end;
pub mod faults;
pub mod lines;
pub mod meeting;
pub mod nodes;
pub mod relay;
pub mod said;
pub mod service;
pub mod socket;
pub mod talkers;
pub mod worker;

mod engine;
mod line;
mod wait;
