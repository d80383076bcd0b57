//! What a relay costs under load, as ratios of programs that are measured side by side.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::cast_precision_loss,
    reason = "what goes wrong in a program of the tests is the test's failure"
)]

pub mod allocations;
pub mod calls;
pub mod closed;
pub mod contender;
pub mod generator;
pub mod hostile;
pub mod idle;
pub mod memory;
pub mod performance;
mod processors;
pub mod program;
pub mod wiping;
