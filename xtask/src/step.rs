//! Running programs: a line says what is happening, and the rest is shown only when it fails.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::{Outcome, said, target};

/// Runs a program to its end, quietly. Its output is the error when it fails.
pub(crate) fn quietly(what: &str, program: &str, arguments: &[&str], folder: &Path) -> Outcome {
    announce(what);
    let output = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("could not start {program}: {error}"))?;
    if output.status.success() {
        println!("done");
        return Ok(());
    }
    println!("failed");
    let text = [output.stdout, output.stderr].concat();
    Err(format!(
        "{}\n{program} {} failed: {what}",
        String::from_utf8_lossy(&text),
        arguments.join(" ")
    ))
}

/// Runs a test runner, whose own lines are wanted. It finds our programs by `VESTIBULE_BIN`.
pub(crate) fn openly(what: &str, program: &str, arguments: &[&str], folder: &Path) -> Outcome {
    println!("• {what}");
    let status = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .env("VESTIBULE_BIN", target().join("debug"))
        .env("VESTIBULE_SAID", said::folder())
        .stdin(Stdio::null())
        .status()
        .map_err(|error| format!("could not start {program}: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("failed: {what}")) }
}

/// What a program prints, or `None` when it is not there or fails.
pub(crate) fn output(program: &str, arguments: &[&str], folder: &Path) -> Option<String> {
    let output = Command::new(program).args(arguments).current_dir(folder).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then_some(text)
}

/// The same, for a program that says much later why it fails: that is passed on at once.
pub(crate) fn output_of_long_work(
    program: &str,
    arguments: &[&str],
    folder: &Path,
) -> Option<String> {
    let mut command = Command::new(program);
    let output =
        command.args(arguments).current_dir(folder).stderr(Stdio::inherit()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then_some(text)
}

/// Makes a folder that holds nothing, whatever it held.
pub(crate) fn emptied(folder: &Path) -> Outcome {
    let trouble = |error: std::io::Error| format!("{}: {error}", folder.display());
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(trouble)?;
    }
    fs::create_dir_all(folder).map_err(trouble)
}

/// Says what is happening, on a line that its end will complete.
pub(crate) fn announce(what: &str) {
    print!("• {what} … ");
    // A terminal that is gone is no reason to stop the work.
    let _ = std::io::stdout().flush();
}
