//! The commands of this repository: `cargo xtask demo`, `cargo xtask test`, and some that are rarer.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this program talks to the person who started it"
)]

mod demo;
mod dist;
mod measure;
mod said;
mod separation;
mod step;
mod test;
mod tools;
mod web;

use std::path::PathBuf;
use std::process::ExitCode;

/// What went wrong, in a sentence or with a program's own output.
type Outcome<T = ()> = Result<T, String>;

const USAGE: &str = "\
Usage: cargo xtask COMMAND

  demo               builds everything, starts a relay and a desk on this machine, prints a link
  test [PART ...]    runs every test, or the parts named: web rust interop browser
  measure cover      measures what the wire shows of a consultation; writes docs/cover.md's tables
  measure indicators measures what the counters show of one; writes docs/indicators-measured.md's
  measure nodes      what becomes of consultations when nodes and Redis fail; docs/nodes-measured.md's
  measure capacity   what nodes cost, and how far they reach; writes docs/capacity.md's
  measure wiping     what it costs that freed memory is wiped; writes docs/wiping-measured.md's
  measure performance what it costs beside relays that others write; docs/performance.md's (also: bench)
  measure frames     whether the relay reads WebSocket as others do; docs/frames-measured.md's
  dist [KEY]         builds a release, the same bytes everywhere, and signs what people check with an SSH key
  dependencies       checks licences and sources of all dependencies (installs cargo-deny)";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["demo"] => demo::run(),
        ["test", parts @ ..] => test::run(parts),
        ["measure", "cover"] => measure::cover(),
        ["measure", "indicators"] => measure::indicators(),
        ["measure", "nodes"] => measure::nodes(),
        ["measure", "capacity"] => measure::capacity(),
        ["measure", "wiping"] => measure::wiping(),
        ["bench"] | ["measure", "performance"] => measure::performance(),
        ["measure", "frames"] => measure::frames(),
        ["dist"] => dist::run(None),
        ["dist", key] => dist::run(Some(key)),
        ["dependencies"] => test::dependencies(),
        _ => Err(USAGE.to_owned()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}

/// The repository's top folder.
fn root() -> PathBuf {
    let own = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    own.parent().map_or(own.clone(), PathBuf::from)
}

/// The `cargo` that runs this program.
fn cargo() -> String {
    std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned())
}

/// Where cargo puts what it builds.
fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}
