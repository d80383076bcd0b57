//! Canary consultations: what an auditor says over the relay, to look for it afterwards.

pub mod campaign;
pub mod course;
mod duty;

pub use campaign::{Campaign, Held, Outcome};
