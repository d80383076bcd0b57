//! What relays said while tests ran: once a relay listens, so that somebody could have come, it says
//! nothing but that a file or Redis cannot be used. So nothing that any test planted can be there.

use std::fs;
use std::path::PathBuf;

use crate::step::{announce, emptied};
use crate::{Outcome, target};

/// From this line on peers can come.
const LISTENS: &str = "vestibule-relay: listening on http://";
const BEGINNING: &str = "vestibule-relay: ";
/// How everything ends that may be said then (`relay/src/report.rs`).
const ENDINGS: [&str; 3] = [
    "; the counts stay in memory and it is tried again",
    "; consultations go on, new ones wait, and it is tried again until it can be used",
    "; what was known before still holds",
];

/// Where test harnesses put it.
pub(crate) fn folder() -> PathBuf {
    target().join("said")
}

/// Forgets what was said before.
pub(crate) fn forget() -> Outcome {
    emptied(&folder())
}

/// Looks at everything that was said, among it something to each of these harnesses.
pub(crate) fn check(harnesses: &[&str]) -> Outcome {
    announce("reading everything that relays said while they were tested");
    let folder = folder();
    let trouble = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut heard = Vec::new();
    for entry in fs::read_dir(&folder).map_err(trouble)? {
        let path = entry.map_err(trouble)?.path();
        let text = String::from_utf8_lossy(&fs::read(&path).map_err(trouble)?).into_owned();
        if let Some(line) = unexpected(&text) {
            return Err(format!("a relay said (see {}): {line}", path.display()));
        }
        if text.contains(LISTENS) {
            heard.push(path.file_name().unwrap_or_default().to_string_lossy().into_owned());
        }
    }
    let unheard = |harness: &&&str| !heard.iter().any(|name| name.starts_with(**harness));
    if let Some(harness) = harnesses.iter().find(unheard) {
        return Err(format!("no relay of `{harness}` was heard in {}", folder.display()));
    }
    println!("{} relays, nothing about anybody", heard.len());
    Ok(())
}

/// The first line that no relay may say.
fn unexpected(text: &str) -> Option<&str> {
    let mut listens = false;
    text.lines().find(|line| {
        listens |= line.starts_with(LISTENS);
        let about_files = |ending: &&str| line.starts_with(BEGINNING) && line.ends_with(*ending);
        listens && !line.starts_with(LISTENS) && !ENDINGS.iter().any(about_files)
    })
}

#[cfg(test)]
mod tests {
    use super::unexpected;

    #[test]
    fn only_files_and_redis_are_spoken_of_while_peers_can_come() {
        let started = "vestibule-relay: confinement\n  enforced  no environment: empty\n\
                       vestibule-relay: listening on http://127.0.0.1:1\n";
        assert_eq!(unexpected(started), None);
        let trouble = "vestibule-relay: revocations x: gone; what was known before still holds\n";
        assert_eq!(unexpected(&format!("{started}{trouble}")), None);
        for line in
            ["127.0.0.1 connected", "thread 'main' panicked", "vestibule-relay: a client left"]
        {
            assert_eq!(unexpected(&format!("{started}{trouble}{line}\n")), Some(line));
        }
    }
}
