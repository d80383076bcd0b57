//! The auditor's kit: holds consultations of its own over a relay and looks for what is left of them.
//!
//! It knows the protocol's public part alone and none of the code that it judges. Nothing here believes
//! what the relay says of itself: the kernel is asked, and bytes are looked for.

pub mod binary;
pub mod binary_addresses;
pub mod canary;
pub mod claims;
pub mod clock;
mod entropy;
pub mod http;
pub mod ledger;
pub mod marks;
pub mod metrics;
pub mod page;
pub mod plan;
pub mod probes;
pub mod process;
pub mod report;
pub mod run;
pub mod scanner;
pub mod search;
pub mod service;
pub mod socket;
pub mod state;
pub mod target;
