//! `cargo xtask measure cover` and `measure indicators`: some minutes each, whose tables go into the page
//! about them.

use std::fs;

use crate::step::{announce, output};
use crate::{Outcome, cargo, root, test};

/// The tables stand between these.
const BEGIN: &str = "<!-- measured: begin -->\n";
const END: &str = "<!-- measured: end -->";

pub(crate) fn cover() -> Outcome {
    announce("measuring what the wire shows (up to five minutes)");
    write_tables(&["--release", "--package", "vestibule-cover"], "docs/cover.md")
}

/// With the programs as the tests have them: what is slow in them is optimised there too.
pub(crate) fn indicators() -> Outcome {
    test::programs()?;
    announce("measuring what the counters show (up to fifteen minutes)");
    write_tables(&["--package", "vestibule-indicators"], "docs/indicators-measured.md")
}

/// Runs a program and writes what it prints into its page.
fn write_tables(program: &[&str], page: &str) -> Outcome {
    let run = [&["run", "--quiet"], program].concat();
    let tables = output(&cargo(), &run, &root())
        .ok_or_else(|| format!("the measurement failed: `cargo {}` says why", run.join(" ")))?;
    let path = root().join(page);
    let text = fs::read_to_string(&path).map_err(|error| format!("{page}: {error}"))?;
    let parts = text.split_once(BEGIN).and_then(|(head, rest)| {
        let (_, tail) = rest.split_once(END)?;
        Some(format!("{head}{BEGIN}\n{}\n\n{END}{tail}", tables.trim()))
    });
    let text = parts.ok_or_else(|| format!("{page} has no place for the tables"))?;
    fs::write(&path, text).map_err(|error| format!("{page}: {error}"))?;
    println!("done: see {page}");
    Ok(())
}
