//! The kit's power: every leak is found, and nothing is found where nothing is kept.
//!
//! The whole proof, of a hundred clean audits and a campaign of a thousand consultations, is run by hand:
//! `docs/audit.md`, "How good is the kit".

#![allow(clippy::unwrap_used, reason = "a test that panics has failed, which is what it is for")]

use std::process::Command;

use vestibule_audit_tests::bench::may_look_into_processes;

fn bench(arguments: &[&str]) {
    if !may_look_into_processes() {
        // Then the kit says of each claim that it could not be checked, and there is nothing to test.
        return;
    }
    let output = Command::new(env!("CARGO_BIN_EXE_audit-bench")).args(arguments).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn every_leak_is_found_and_only_where_it_is() {
    bench(&["leaks"]);
}

#[test]
fn the_relay_as_it_is_shipped_is_clean_and_confined_and_goes_on_serving() {
    bench(&["clean", "--runs", "6"]);
}

#[test]
fn an_audit_that_could_not_be_held_says_so() {
    bench(&["unserved"]);
}
