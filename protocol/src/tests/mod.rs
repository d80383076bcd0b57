//! Tests of the crate as a whole. Rules of one structure are tested beside it.
#![allow(
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::arithmetic_side_effects,
    clippy::unwrap_used,
    clippy::unchecked_time_subtraction,
    clippy::wildcard_enum_match_arm,
    clippy::print_stdout,
    reason = "a test that panics has failed, which is what it is for; some tell what they measured"
)]

mod colleagues;
mod crossing;
mod doors;
mod files;
mod fixed_random;
mod fresh;
mod generations_of_keys;
mod giving;
mod golden;
mod hand_over;
mod handshake;
mod keys_and_links;
mod lossy;
mod model;
mod nodes;
mod noise_vectors;
mod pacing;
mod revocations;
mod safety;
mod served;
mod session;
mod unprintable;
mod world;
