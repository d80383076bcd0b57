//! The native program of workers and coordinators.
//!
//! A worker's keys live here and never in a page that a relay serves. The coordinator's commands
//! ([`service_file`], [`enrolment`]) and [`links`] need no network. At the desk ([`desk_page`]) a page
//! on loopback shows what the `desk` knows; `duty` holds the socket to the relay, with the `channels` to
//! colleagues; `consultations` has a task for each running consultation, which outlives its sockets;
//! `hand_overs` has the rules by which one worker takes over from another.

pub mod cli;
pub mod clock;
pub mod dates;
pub mod desk_page;
pub mod doors;
pub mod enrolment;
pub mod key_file;
pub mod links;
pub mod origin;
pub mod output;
pub mod pack;
pub mod page_files;
pub mod passphrase;
pub mod problem;
pub mod random;
pub mod revocation;
pub mod roster;
pub mod service_file;
pub mod sheet;
mod shelf;
pub mod words;

mod account;
mod announcements;
mod answers;
mod channels;
mod coding;
mod colleagues;
mod consultations;
mod context;
mod desk;
mod duty;
mod hand_overs;
mod hub;
mod lock;
mod messages;
mod nodes;
mod offers;
mod open_page;
mod page_socket;
mod publishing;
mod qr;
mod received_files;
mod refused;
mod relay_socket;
mod report;
mod return_links;
mod sound;
mod spent_links;
mod totals;
mod transcript;
mod waiting;
mod whispers;
mod worker_file;

// Re-exported, so that passphrases can be given without depending on `age`.
pub use age::secrecy::SecretString;
pub use report::rows as report_rows;
