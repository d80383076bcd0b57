//! The only words that the program says: to the operator, about itself, never about a peer.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "this is the program's one voice")]

use std::fmt::Display;
use std::net::SocketAddr;

/// The relay is ready.
pub(crate) fn listening(address: SocketAddr) {
    println!("vestibule-relay: listening on http://{address}");
}

/// The configuration was checked.
pub(crate) fn configuration_is_good() {
    println!("vestibule-relay: the configuration is good");
}

/// The relay cannot start.
pub(crate) fn cannot_start(problem: &impl Display) {
    eprintln!("vestibule-relay: {problem}");
}

/// A file that was changed cannot be used; what it said before still holds.
pub(crate) fn not_taken_over(problem: &impl Display) {
    eprintln!("vestibule-relay: {problem}; what was known before still holds");
}
