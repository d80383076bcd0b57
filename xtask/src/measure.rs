//! `cargo xtask measure …`: some minutes each, whose tables go into the page about them.

use std::fs;

use crate::step::{announce, output, quietly};
use crate::{Outcome, cargo, root, test, tools};

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

/// What becomes of consultations and links when nodes and Redis fail.
pub(crate) fn nodes() -> Outcome {
    let parts = ["courses", "races", "seizure", "absence", "cells"];
    fleet("measuring several nodes (up to twenty minutes)", &parts, "docs/nodes-measured.md")
}

/// What nodes cost, and how far they reach.
pub(crate) fn capacity() -> Outcome {
    fleet("measuring capacity (up to six minutes)", &["capacity"], "docs/capacity.md")
}

/// With the relay as operators run it.
fn fleet(what: &str, parts: &[&str], page: &str) -> Outcome {
    tools::need_redis_and_haproxy()?;
    let relay = ["build", "--quiet", "--release", "--package", "vestibule-relay"];
    quietly("building the relay, optimised", &cargo(), &relay, &root())?;
    announce(what);
    let program = ["--release", "--package", "vestibule-fleet", "--"];
    write_tables(&[&program, parts].concat(), page)
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
