//! What looking at a file takes, of this process and of the confined one. By hand:
//! `target/release/deps/viewer-* measure jpeg < photograph.jpg`.

use std::fs;
use std::io::{self, Read, Write};
use std::process::ExitCode;

use nix::sys::resource::{UsageWho, getrusage};
use tokio::time::Instant;
use vestibule_viewer::{FileKind, Seen, view};

use crate::view::{runtime, this_program};

/// With which this program looks at a file on standard input.
pub(crate) const COMMAND: &str = "measure";

/// What it took.
pub(crate) struct Measured {
    /// How many pictures, or what was wrong.
    pub(crate) outcome: String,
    /// The most memory that this process has had since it began, in KiB.
    pub(crate) own_kib: u64,
    /// The most memory of the confined process, in KiB.
    pub(crate) child_kib: u64,
}

/// Looks at the file, and says in one line what came of it.
pub(crate) fn run(kind: FileKind) -> ExitCode {
    let mut bytes = Vec::new();
    io::stdin().read_to_end(&mut bytes).expect("a file on standard input");
    let began = Instant::now();
    let shown = runtime().block_on(view(&this_program(), kind, &bytes));
    let took = began.elapsed().as_millis();
    let outcome = match shown {
        Ok(Seen::Sound(sound)) => format!("a-sound-of-{}-bytes", sound.len()),
        Ok(Seen::Pictures(shown)) => {
            let len: usize = shown.pngs.iter().map(|png| png.len()).sum();
            format!("{}-of-{}-with-{len}-bytes", shown.pngs.len(), shown.pages_in_all)
        }
        Err(problem) => format!("{problem:?}"),
    };
    let child = getrusage(UsageWho::RUSAGE_CHILDREN).expect("the kernel counts").max_rss();
    writeln!(io::stdout(), "{outcome} {} {child} {took}", own_kib()).expect("somebody listens");
    ExitCode::SUCCESS
}

impl Measured {
    /// Reads what [`run`] said.
    pub(crate) fn of_line(line: &str) -> Self {
        let [outcome, own, child, _took] =
            line.split_whitespace().collect::<Vec<_>>().try_into().expect("four words");
        let number = |text: &str| text.parse().expect("a number");
        Self { outcome: outcome.to_owned(), own_kib: number(own), child_kib: number(child) }
    }
}

fn own_kib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").expect("Linux has it");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("so it says");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}
