//! Everything that is tested with real sockets, in one binary.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test that panics has failed, which is what it is for; some tell what they measured"
)]

mod confinement;
mod faults;
mod journey;
mod lifecycle;
mod misbehaviour;
mod rejoin_attacks;
mod retry;
mod workers;
