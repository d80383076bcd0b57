//! `cargo xtask measure cover`: some minutes of simulation, whose tables go into the page about them.

use std::fs;

use crate::step::{announce, output};
use crate::{Outcome, cargo, root};

/// The tables stand between these.
const BEGIN: &str = "<!-- measured: begin -->\n";
const END: &str = "<!-- measured: end -->";

pub(crate) fn cover() -> Outcome {
    announce("measuring what the wire shows (up to five minutes)");
    let program = ["run", "--quiet", "--release", "--package", "vestibule-cover"];
    let tables = output(&cargo(), &program, &root())
        .ok_or("the measurement failed: `cargo run --release -p vestibule-cover` says why")?;
    let path = root().join("docs/cover.md");
    let page = fs::read_to_string(&path).map_err(|error| format!("docs/cover.md: {error}"))?;
    let parts = page.split_once(BEGIN).and_then(|(head, rest)| {
        let (_, tail) = rest.split_once(END)?;
        Some(format!("{head}{BEGIN}\n{}\n\n{END}{tail}", tables.trim()))
    });
    let page = parts.ok_or("docs/cover.md has no place for the tables")?;
    fs::write(&path, page).map_err(|error| format!("docs/cover.md: {error}"))?;
    println!("done: see docs/cover.md");
    Ok(())
}
