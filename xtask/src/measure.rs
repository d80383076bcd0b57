//! `cargo xtask measure …`: minutes to most of an hour each, whose tables go into the page about them.

use std::fs;

use crate::step::{announce, output, output_of_long_work, quietly};
use crate::{Outcome, cargo, root, tools};

/// The tables stand between these.
const BEGIN: &str = "<!-- measured: begin -->\n";
const END: &str = "<!-- measured: end -->";

pub(crate) fn cover() -> Outcome {
    announce("measuring what the wire shows (up to five minutes)");
    write_tables(&["--release", "--package", "vestibule-cover"], "docs/cover.md")
}

/// With the relay as it is given out.
pub(crate) fn indicators() -> Outcome {
    let relay = ["build", "--quiet", "--release", "--package", "vestibule-relay"];
    quietly("building the relay", &cargo(), &relay, &root())?;
    announce("measuring what the counters show (up to forty minutes)");
    write_tables(&["--release", "--package", "vestibule-indicators"], "docs/indicators-measured.md")
}

/// What it costs that the relay wipes what it frees.
pub(crate) fn wiping() -> Outcome {
    let relays = ["build", "--quiet", "--release", "--package", "vestibule-load"];
    quietly("building two relays, optimised", &cargo(), &relays, &root())?;
    announce("measuring what wiping costs (four minutes)");
    write_tables(&load("wiping"), "docs/wiping-measured.md")
}

/// What the relay costs beside others that do the same.
pub(crate) fn performance() -> Outcome {
    tools::need_node()?;
    tools::need_proxies_and_strace()?;
    for package in ["vestibule-relay", "vestibule-load"] {
        let build = ["build", "--quiet", "--release", "--package", package];
        quietly(&format!("building {package}, optimised"), &cargo(), &build, &root())?;
    }
    let peers = root().join("tests/load/peers");
    let what = "building relays that others would write";
    quietly(what, &cargo(), &["build", "--quiet", "--release", "--locked"], &peers)?;
    quietly("fetching Node's ws", "npm", &["ci", "--silent"], &peers.join("ws"))?;
    let transit = peers.join("transit");
    let environment = ["-m", "venv", "environment"];
    quietly("making room for a relay in Python", "python3", &environment, &transit)?;
    let python = transit.join("environment/bin/python").display().to_string();
    let install = ["-m", "pip", "install", "--quiet", "--requirement", "requirements.txt"];
    quietly("fetching Magic Wormhole's transit relay", &python, &install, &transit)?;
    announce("comparing (half an hour; nothing else should run meanwhile)");
    write_tables(&load("performance"), "docs/performance.md")
}

/// One part of what is measured under load.
fn load(part: &str) -> [&str; 5] {
    ["--release", "--package", "vestibule-load", "--", part]
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

/// Whether the relay reads WebSocket as another implementation does, and as another suite expects.
pub(crate) fn frames() -> Outcome {
    if output("python2.7", &["-c", "import autobahntestsuite"], &root()).is_none() {
        return Err("needs Autobahn's test suite in the last Python that it runs in: \
                    python2.7 -m pip install autobahntestsuite==0.8.2"
            .into());
    }
    announce("reading ten million streams (five minutes)");
    let differential = "websocket::tests::differential::the_same_streams_are_read_alike";
    let streams = rows_of_relay_test(differential, &[])?;
    announce("running Autobahn's test suite");
    let conformance = "server::tests::conformance::the_suite_finds_no_failure";
    let chapters = rows_of_relay_test(conformance, &["--ignored"])?;
    write_into_page(&format!("{streams}\n\n{chapters}"), "docs/frames-measured.md")
}

/// The rows of a table among what a test prints.
fn rows_of_relay_test(test: &str, more: &[&str]) -> Result<String, String> {
    let streams = "env.VESTIBULE_FRAME_STREAMS=\"10000000\"";
    let cargo = ["test", "--quiet", "--release", "--config", streams];
    let relay = ["--package", "vestibule-relay", "--lib", "--", "--exact", test, "--nocapture"];
    let said = tables_of(&[&cargo[..], &relay[..], more].concat())?;
    let rows: Vec<&str> = said.lines().filter(|line| line.starts_with('|')).collect();
    Ok(rows.join("\n"))
}

/// Runs a program and writes what it prints into its page.
fn write_tables(program: &[&str], page: &str) -> Outcome {
    let run = [&["run", "--quiet"], program].concat();
    write_into_page(&tables_of(&run)?, page)
}

fn tables_of(run: &[&str]) -> Result<String, String> {
    output_of_long_work(&cargo(), run, &root())
        .ok_or_else(|| "the measurement failed: what it said stands above".to_owned())
}

fn write_into_page(tables: &str, page: &str) -> Outcome {
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
