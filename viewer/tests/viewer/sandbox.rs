//! The sandbox: each attempt is denied, and would have worked without it.

use std::os::unix::process::ExitStatusExt;
use std::process::{Command, ExitStatus, Stdio};

use libtest_mimic::Trial;
use tokio::time::Instant;

use crate::attempts::{COMMAND, FAILED, FORBIDDEN, FREELY, GOING_ON, MEMORY, TIME};
use crate::view::{DEADLINE, this_program, trial};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("each_attempt_works_without_the_sandbox", each_attempt_works_without),
        trial("each_attempt_ends_the_process", each_attempt_ends_the_process),
        trial("there_is_a_limit_for_memory", memory_has_a_limit),
        trial("there_is_a_limit_for_time", time_has_a_limit),
    ]
}

fn attempted(args: &[&str]) -> ExitStatus {
    let mut command = Command::new(this_program());
    command.arg(COMMAND).args(args).stdin(Stdio::null()).stdout(Stdio::null());
    command.stderr(Stdio::null()).status().expect("this program starts")
}

fn each_attempt_works_without() {
    for what in FORBIDDEN.into_iter().chain([MEMORY]) {
        assert_eq!(attempted(&[what, FREELY]).code(), Some(0), "{what}");
    }
}

fn each_attempt_ends_the_process() {
    let survived = FORBIDDEN.into_iter().filter(|what| {
        let ended = attempted(&[what]);
        ended.signal() != Some(libc::SIGSYS)
    });
    let survived: Vec<&str> = survived.collect();
    assert!(survived.is_empty(), "not ended: {survived:?}");
}

fn memory_has_a_limit() {
    for what in [MEMORY, GOING_ON] {
        assert_eq!(attempted(&[what]).code(), Some(FAILED), "{what}");
    }
}

fn time_has_a_limit() {
    let began = Instant::now();
    assert_eq!(attempted(&[TIME]).signal(), Some(libc::SIGXCPU));
    // It computes on a machine that does other things too.
    assert!(began.elapsed() < DEADLINE * 4);
}
