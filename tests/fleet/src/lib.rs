//! Several nodes that are one service: relays, Redis and a load balancer as processes of their own
//! (docs/operations.md), and what they cost (docs/capacity.md).
#![allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "measurements of counts that are far below 2^53"
)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::missing_errors_doc,
    reason = "what goes wrong in a measurement is the measurement's failure"
)]

pub mod away;
pub mod balancer;
pub mod capacity;
pub mod cost;
pub mod cpu;
pub mod failover;
pub mod faults;
pub mod hostile;
pub mod http;
pub mod kernel;
pub mod nodes;
pub mod pairs;
pub mod process;
pub mod race;
pub mod raw;
pub mod redis;
pub mod report;
pub mod search;
pub mod store;
pub mod workers;
