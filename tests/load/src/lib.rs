//! What a relay costs under load, as ratios of programs that are measured side by side.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::cast_precision_loss,
    reason = "what goes wrong in a program of the tests is the test's failure"
)]

pub mod closed;
pub mod contender;
pub mod generator;
pub mod performance;
pub mod program;
pub mod wiping;
