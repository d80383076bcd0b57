//! How many sockets the operator lets a relay have.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde::Deserialize;

use super::Limits;

/// Fewer serve nobody.
const CONNECTIONS_MIN: usize = 16;
/// At about 10 KiB each, the kernel's part included, more than a gibibyte.
const CONNECTIONS_MAX: usize = 131_072;
/// Files that a relay has open beside its sockets, and room for those of Redis.
const OTHER_FILES: usize = 64;

/// Lets this process have as many files open as the system allows it at most, which is often far more than
/// it has at first.
pub fn allow_open_files() {
    let maximum = getrlimit(Resource::Nofile).maximum;
    // What it has after this is what counts.
    let _asked = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum });
}

/// A number that the kernel lets this process have.
#[derive(Clone, Copy, Deserialize)]
#[serde(try_from = "usize")]
pub(super) struct Connections(usize);

impl TryFrom<usize> for Connections {
    type Error = String;

    fn try_from(connections: usize) -> Result<Self, String> {
        if !(CONNECTIONS_MIN..=CONNECTIONS_MAX).contains(&connections) {
            return Err(format!("connections is {CONNECTIONS_MIN} to {CONNECTIONS_MAX}"));
        }
        let files_max = getrlimit(Resource::Nofile).current;
        let needed = connections + OTHER_FILES;
        match files_max {
            Some(files) if needed as u64 > files => Err(format!(
                "{connections} connections need {needed} open files, and the system allows {files}"
            )),
            _ => Ok(Self(connections)),
        }
    }
}

impl Connections {
    /// The defaults, with so many sockets.
    pub(super) fn limits(self) -> Limits {
        let connections_max = self.0;
        let limits = Limits::default();
        // As much of the whole as by default: nobody who has shown less may fill the places of the rest.
        let indicator_sockets_max = limits.indicator_sockets_max.min(connections_max / 8);
        Limits {
            connections_max,
            rejoining_sockets_max: connections_max / 2,
            solving_sockets_max: connections_max / 4,
            indicator_sockets_max,
            ..limits
        }
    }
}
