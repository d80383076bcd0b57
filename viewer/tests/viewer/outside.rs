//! What the kernel says of the process while it waits for its file.

use std::fs;
use std::process::{Child, Command, Stdio};

use libtest_mimic::Trial;
use tokio::time::Instant;
use vestibule_viewer::{CPU_SECONDS_MAX, FileKind, MEMORY_BYTES_MAX};

use crate::view::{DEADLINE, this_program, trial};

pub(crate) fn trials() -> Vec<Trial> {
    vec![trial("the_kernel_says_that_the_process_is_confined", the_kernel_says_so)]
}

fn the_kernel_says_so() {
    let mut child = Command::new(this_program())
        .args([vestibule_viewer::COMMAND, FileKind::Jpeg.name()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("this program starts");
    let status = confined(&child);
    for (name, value) in [("NoNewPrivs:", "1"), ("Seccomp:", "2"), ("Threads:", "1")] {
        assert_eq!(field(&status, name), [value], "{name}");
    }
    let limits = fs::read_to_string(format!("/proc/{}/limits", child.id())).expect("it runs");
    let cpu = CPU_SECONDS_MAX.to_string();
    let memory = MEMORY_BYTES_MAX.to_string();
    for (name, most) in [
        ("Max cpu time", cpu.as_str()),
        ("Max address space", &memory),
        ("Max file size", "0"),
        ("Max core file size", "0"),
        ("Max processes", "0"),
        ("Max open files", "0"),
    ] {
        assert!(field(&limits, name).first() == Some(&most), "{name}: {:?}", field(&limits, name));
    }
    drop(child.stdin.take());
    assert_eq!(child.wait().expect("our child").code(), Some(10), "an empty file is damaged");
}

/// What the kernel says of it as soon as it is confined.
fn confined(child: &Child) -> String {
    let began = Instant::now();
    loop {
        let status = fs::read_to_string(format!("/proc/{}/status", child.id())).expect("it runs");
        if field(&status, "Seccomp:") == ["2"] {
            return status;
        }
        assert!(began.elapsed() < DEADLINE, "it is not confined");
        std::thread::yield_now();
    }
}

fn field<'a>(text: &'a str, name: &str) -> Vec<&'a str> {
    let value = text.lines().find_map(|line| line.strip_prefix(name));
    value.unwrap_or_default().split_whitespace().collect()
}
