//! What the kernel forbids this process, and what it has been told to forget.
//!
//! A relay that promises to keep nothing should not be able to. So before it serves anybody it gives up,
//! for good, what it does not need: files, programs, new ports, new kinds of sockets, being read by
//! others. Each step is told to the operator as enforced or as missing with the reason; an auditor sees
//! the same from outside in `/proc/PID/status`.
//!
//! The order matters: what is read or opened comes before, Landlock next, seccomp last, and threads only
//! thereafter, since each thread has the rules of the one that began it.

mod calls;
mod files;
mod kernel;
mod process;

use std::path::{Path, PathBuf};

pub use process::without_environment;

/// What a relay still needs after its start.
#[derive(Default)]
pub struct Needs {
    /// Folders in which files are read again when they change.
    pub read: Vec<PathBuf>,
    /// The folder in which the file of indicators is replaced.
    pub write: Option<PathBuf>,
    /// Where it connects to.
    pub connect: Connect,
}

/// Where a relay may connect to. It asks no name server.
#[derive(Default)]
pub enum Connect {
    /// Nowhere: it only answers.
    #[default]
    Nowhere,
    /// These ports.
    To(Vec<u16>),
    /// Any port: a Sentinel or a Cluster tells where its masters are.
    Anywhere,
}

impl Connect {
    /// Here and there.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Anywhere, _) | (_, Self::Anywhere) => Self::Anywhere,
            (Self::Nowhere, there) => there,
            (here, Self::Nowhere) => here,
            (Self::To(here), Self::To(there)) => Self::To([here, there].concat()),
        }
    }
}

/// One thing that is to hold.
pub struct Measure {
    /// What, in the operator's words.
    pub name: &'static str,
    /// Whether it does.
    pub state: State,
}

/// Whether a measure holds.
pub enum State {
    /// It does; how much of it, when that differs between kernels.
    Enforced(String),
    /// It does not, and this is why, or what to change.
    Missing(String),
}

impl Measure {
    /// Whether it holds.
    pub fn is_enforced(&self) -> bool {
        matches!(self.state, State::Enforced(_))
    }

    fn enforced(name: &'static str, how: impl Into<String>) -> Self {
        Self { name, state: State::Enforced(how.into()) }
    }

    fn missing(name: &'static str, why: impl Into<String>) -> Self {
        Self { name, state: State::Missing(why.into()) }
    }

    fn of(name: &'static str, result: Result<impl Into<String>, impl Into<String>>) -> Self {
        match result {
            Ok(how) => Self::enforced(name, how),
            Err(why) => Self::missing(name, why),
        }
    }
}

/// Takes every measure that this kernel offers, for this thread and those that it will begin. Call it
/// when all sockets and files are open, and before there is a second thread.
pub fn confine(needs: &Needs) -> Vec<Measure> {
    let mut measures = kernel::look();
    measures.extend(process::confine());
    measures.push(files::confine(needs));
    // The last one: what comes before it needs calls that it forbids.
    measures.push(calls::confine(needs));
    measures
}

/// The folder in which a file lies.
pub(crate) fn folder_of(path: &Path) -> PathBuf {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new(".")).to_owned()
}
