//! Several nodes that are one service: relays, Redis and a load balancer as processes of their own
//! (docs/operations.md), and what they cost (docs/capacity.md).
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::missing_errors_doc,
    reason = "what goes wrong in a measurement is the measurement's failure"
)]

pub mod balancer;
pub mod failover;
pub mod hostile;
pub mod http;
pub mod nodes;
pub mod process;
pub mod race;
pub mod raw;
pub mod redis;
pub mod search;
pub mod store;
pub mod workers;
