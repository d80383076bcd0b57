//! Tests of the crate as a whole. Rules of one structure are tested beside it.
#![allow(
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::arithmetic_side_effects,
    clippy::unwrap_used,
    reason = "a test that panics has failed, which is what it is for"
)]

mod fixed_random;
mod golden;
mod handshake;
mod keys_and_links;
mod noise_vectors;
mod session;
mod unprintable;
mod world;
