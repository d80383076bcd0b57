//! Everything that is tested with real sockets, in one binary.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that panics has failed, which is what it is for"
)]

mod journey;
mod lifecycle;
mod misbehaviour;
mod workers;
