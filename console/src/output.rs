//! Everything that the program prints goes through here.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this is the program's output module"
)]

use std::io::{self, Write};

/// Prints a result, alone on its line, to standard output. The program goes on when nobody reads.
pub fn result(text: &str) {
    let mut out = io::stdout().lock();
    let _ = writeln!(out, "{text}").and_then(|()| out.flush());
}

/// Says something to the person, on standard error, so that results can be piped away.
pub fn say(sentence: &str) {
    let _ = writeln!(io::stderr().lock(), "{sentence}");
}
