use std::io::{Read, Write};
use std::process::{Command, Stdio};

use super::{Answer, probe};
use crate::process::Process;

/// Root stops any process; anybody else only those that the system lets them.
fn may_trace() -> bool {
    std::fs::read_to_string("/proc/self/status")
        .is_ok_and(|status| status.lines().any(|line| line.starts_with("Uid:\t0\t")))
}

/// The positive control: what nothing confines can do nearly all of it, and goes on as before.
#[test]
fn a_process_that_nothing_confines_is_let_through() {
    if !may_trace() {
        return;
    }
    let mut cat = Command::new("cat").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let process = Process(cat.id());
    let (mut stdin, mut stdout) = (cat.stdin.take().unwrap(), cat.stdout.take().unwrap());
    // Only a program that has answered has done with what it opens at its start.
    stdin.write_all(b"started").unwrap();
    stdout.read_exact(&mut [0; b"started".len()]).unwrap();
    while process.text("wchan").is_ok_and(|place| place == "0") {}
    let before = process.open_files().unwrap();
    let limits = process.text("limits").unwrap();
    let probed = probe(process, Some(std::path::Path::new("/tmp"))).unwrap();
    let let_through: Vec<&str> = probed.let_through().iter().map(|probe| probe.name).collect();
    let others: Vec<_> =
        probed.probes.iter().filter(|probe| !let_through.contains(&probe.name)).collect();
    assert!(probed.probes.len() >= 40, "{}", probed.probes.len());
    assert!(let_through.len() >= 40, "{others:#?}");
    assert!(matches!(probed.folder, Some(Answer::LetThrough(_))));
    // It goes on, with nothing open that was not before.
    assert_eq!(process.open_files().unwrap(), before);
    assert_eq!(process.text("limits").unwrap(), limits);
    stdin.write_all(b"still here").unwrap();
    drop(stdin);
    let said = std::io::read_to_string(stdout).unwrap();
    assert_eq!(said, "still here");
    assert!(cat.wait().unwrap().success());
}
