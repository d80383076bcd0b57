//! The console from outside: its desk socket, its duty against a fake relay, its command line.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::wildcard_enum_match_arm,
    reason = "helpers of tests fail as tests do, at whatever was not expected"
)]

mod announcements;
mod command_line;
mod consultation;
mod coordinators;
mod desk_socket;
mod duty;
mod fake_client;
mod fake_relay;
mod files;
mod hand_over;
mod languages;
mod links_and_packs;
mod locked;
mod network;
mod nodes;
mod page;
mod real_relay;
mod rejoin;
mod reports;
mod revocations;
mod setting;
mod tools;
mod totals;
mod whispers;
