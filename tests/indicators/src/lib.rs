//! The counters under test: a simulated month through the real relay and real consoles, and attackers on
//! the relay's process (docs/indicators-measured.md). `cargo xtask measure indicators` does all of it at
//! full size and writes the tables; the tests of this crate do a smaller part.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::missing_errors_doc,
    reason = "what goes wrong in a measurement is the measurement's failure"
)]
#![allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "statistics of counts that are far below 2^31"
)]

pub mod attack;
pub mod boundary;
pub mod by_hand;
pub mod counter;
pub mod errors;
pub mod fleet;
pub mod image;
pub mod month;
pub mod noise;
pub mod question;
pub mod report;
pub mod shown;
pub mod statistics;
pub mod store;
pub mod traffic;
pub mod year;
