//! What the coordinator's commands share: the service's file, opened and written back.

use std::fs;
use std::path::{Path, PathBuf};

use age::secrecy::SecretString;
use futures_util::future::join_all;
use vestibule_wire::{Alias, Language, LanguageSet, Role};

use crate::key_file::{self, Readers};
use crate::output;
use crate::passphrase;
use crate::problem::Problem;
use crate::publishing::{self, Told};
use crate::roster;
use crate::service_file::Service;
use crate::words::words;

/// An opened service, and where it came from.
pub(super) struct ServiceInHand {
    pub(super) service: Service,
    path: PathBuf,
    bytes: Vec<u8>,
    secret: SecretString,
}

impl ServiceInHand {
    /// Opens the coordinator's file, asking for its passphrase.
    pub(super) fn open(path: &Path, passphrase_file: Option<&Path>) -> Result<Self, Problem> {
        let about = |error: key_file::KeyFileError| error.about(path);
        let bytes = key_file::read(path).map_err(about)?;
        let question = words("passphrase-of", &[("file", path.display().to_string().into())]);
        let secret = passphrase::existing(&question, passphrase_file)?;
        let service = Service::open(&bytes, secret.clone()).map_err(about)?;
        // What stands in the file's place is replaced, and not a name that points to it.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        Ok(Self { service, path, bytes, secret })
    }

    /// Writes the service back, in one step.
    pub(super) fn save(&self) -> Result<(), Problem> {
        let _turn = turn_at(&self.path);
        // Another command may have finished while this one asked for a passphrase.
        let unchanged = key_file::read(&self.path).is_ok_and(|now| now == self.bytes);
        if !unchanged {
            let file = self.path.display().to_string();
            return Err(Problem::new("service-file-changed", &[("file", file.into())]));
        }
        let work = key_file::work_of(&self.bytes);
        let sealed = self.service.seal(self.secret.clone(), work);
        key_file::replace(&self.path, &sealed, Readers::Owner)
    }

    /// Writes the list of revocations beside the service's file, for the operator, and tells the
    /// relays unless that is not wanted.
    pub(super) fn publish(&self, tell_relays: bool) -> Result<(), Problem> {
        let Some(list) = self.service.revocations() else { return Ok(()) };
        let path = self.path.with_file_name("revocations.bin");
        key_file::replace(&path, list.as_bytes(), Readers::Everybody)?;
        output::say(&words("revocations-written", &[("file", path.display().to_string().into())]));
        if !tell_relays {
            return Ok(());
        }
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(
            |error| {
                let reason = crate::words::reason(error.kind());
                Problem::new("tasks-not-started", &[("reason", reason.into())])
            },
        )?;
        // All at once: one that does not answer is not to keep the others waiting.
        let authority = self.service.authority.public();
        let tell = |origin| publishing::tell(origin, authority, &list);
        let told = runtime.block_on(join_all(self.service.origins.iter().map(tell)));
        let mut all_know = true;
        for (origin, told) in self.service.origins.iter().zip(told) {
            let relay = origin.as_str();
            let sentence = match told {
                Told::Knows => words("relay-knows", &[("relay", relay.into())]),
                // Workers cannot reach it either; it learns from another address of the same relay.
                Told::NotReached if origin.is_onion() => {
                    words("relay-is-onion", &[("relay", relay.into())])
                }
                Told::NotReached => {
                    all_know = false;
                    words("relay-not-reached", &[("relay", relay.into())])
                }
                Told::Refused => {
                    all_know = false;
                    words("relay-refused", &[("relay", relay.into())])
                }
            };
            output::say(&sentence);
        }
        if all_know { Ok(()) } else { Err(Problem::new("relays-to-be-told", &[])) }
    }
}

/// Waits until no other command is writing the file, and keeps the others waiting until it is dropped.
/// Whoever waited finds another file in its place. Where files cannot be locked, nobody waits.
fn turn_at(path: &Path) -> Option<fs::File> {
    // Elsewhere a locked file could neither be read nor replaced.
    let file = fs::File::open(path).ok().filter(|_| cfg!(unix))?;
    file.lock().ok().map(|()| file)
}

pub(super) fn alias(text: &str) -> Result<Alias, Problem> {
    Alias::new(text).map_err(|_| {
        let maximum = vestibule_wire::ALIAS_BYTES_MAX;
        Problem::new("alias-unusable", &[("alias", text.into()), ("maximum", maximum.into())])
    })
}

pub(super) fn role(text: &str) -> Result<Role, Problem> {
    roster::role(text).ok_or_else(|| Problem::new("role-unknown", &[("text", text.into())]))
}

pub(super) fn languages(text: &str) -> Result<LanguageSet, Problem> {
    let known: Vec<&str> = Language::all().map(Language::code).collect();
    let known = known.join(", ");
    let unknown =
        || Problem::new("languages-unknown", &[("text", text.into()), ("known", known.into())]);
    roster::languages(text).ok_or_else(unknown)
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;
    use std::thread;

    use vestibule_wire::Timestamp;

    use super::*;
    use crate::key_file::Work;
    use crate::origin::Origin;

    #[cfg(unix)]
    #[test]
    fn of_two_commands_at_the_same_instant_one_writes() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("service.age");
        let secret = SecretString::from("p".to_owned());
        let origins = vec![Origin::parse("https://relay.example").unwrap()];
        let service =
            Service::create("Open Door", origins, None, Timestamp(1_795_392_000)).unwrap();
        fs::write(&path, service.seal(secret.clone(), Work::Factor(2))).unwrap();
        for _ in 0..8 {
            let bytes = fs::read(&path).unwrap();
            let start = Barrier::new(2);
            let save = || {
                let (path, bytes, secret) = (path.clone(), bytes.clone(), secret.clone());
                let service = Service::open(&bytes, secret.clone()).unwrap();
                let hand = ServiceInHand { service, path, bytes, secret };
                start.wait();
                hand.save().is_ok()
            };
            let saved = thread::scope(|scope| {
                let both = [scope.spawn(save), scope.spawn(save)];
                both.map(|one| one.join().unwrap())
            });
            assert_eq!(saved.iter().filter(|saved| **saved).count(), 1);
        }
    }
}
