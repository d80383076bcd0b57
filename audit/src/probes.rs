//! What the kernel answers when the live process itself tries to keep or to send something.
//!
//! A filter that is loaded may still let the wrong thing through. So one thread of the process is stopped
//! and made to try, call by call; then it goes on where it was. Arguments are such that a call that is
//! let through does no harm, or what it did is undone.

#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod files;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod inject;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod memory;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod network;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod rights;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod surroundings;

use std::io;
use std::path::Path;

use crate::process::Process;

/// What the kernel answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// No, or there is nothing of the kind for this process.
    Denied(&'static str),
    /// It has no such call.
    Absent,
    /// It was let through: it succeeded, or failed for a reason of its own.
    LetThrough(String),
}

/// One attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    /// What was tried.
    pub name: &'static str,
    /// What came of it.
    pub answer: Answer,
}

/// Everything that was tried.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Probed {
    /// What must be denied.
    pub probes: Vec<Probe>,
    /// Another name in the folder of the file of indicators, which Landlock cannot tell from that file.
    pub folder: Option<Answer>,
}

impl Probed {
    /// What was let through.
    pub fn let_through(&self) -> Vec<&Probe> {
        let is_let = |probe: &&Probe| matches!(probe.answer, Answer::LetThrough(_));
        self.probes.iter().filter(is_let).collect()
    }
}

/// Makes a process try everything. `folder` is where it may replace its one file.
///
/// # Errors
/// When the process may not be stopped, or ended.
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
pub fn probe(process: Process, folder: Option<&Path>) -> io::Result<Probed> {
    // The kernel knows a tracer by its thread.
    std::thread::scope(|scope| {
        let probing = scope.spawn(|| probe_here(process, folder));
        probing.join().unwrap_or_else(|_| Err(io::Error::other("the probing thread broke off")))
    })
}

#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
fn probe_here(process: Process, folder: Option<&Path>) -> io::Result<Probed> {
    let surroundings = surroundings::Surroundings::prepare(process)?;
    let mut thread = inject::Stopped::stop(process)?;
    let mut probed = Probed::default();
    let groups = [files::PROBES, memory::PROBES, network::PROBES, rights::PROBES];
    for (name, attempt) in groups.into_iter().flatten() {
        let answer = attempt(&mut thread, &surroundings)?;
        probed.probes.push(Probe { name, answer });
    }
    if let Some(folder) = folder {
        probed.folder = Some(files::in_folder(&mut thread, folder)?);
    }
    thread.release()?;
    Ok(probed)
}

/// Calls are made as this machine makes them; another kind of machine needs a kit of its own.
///
/// # Errors
/// Always.
#[cfg(not(all(target_os = "linux", target_arch = "x86_64")))]
pub fn probe(_process: Process, _folder: Option<&Path>) -> io::Result<Probed> {
    Err(io::Error::new(io::ErrorKind::Unsupported, "probes need Linux on x86-64"))
}

#[cfg(all(test, target_os = "linux", target_arch = "x86_64"))]
mod tests;
