//! What the release's holder signs, with a key that is kept elsewhere, and in a form that everybody's
//! machine can check: `ssh-keygen -Y`.

use std::fs;
use std::path::Path;

use super::{MANIFEST, OFFLINE, PAGE_MANIFEST};
use crate::Outcome;
use crate::step::quietly;

/// What a signature is for: one made for something else is none of a release.
const NAMESPACE: &str = "vestibule-release";

/// The list of all files; and by themselves those that people are given without it.
const SIGNED: [&str; 3] = [MANIFEST, OFFLINE, PAGE_MANIFEST];

/// Signs, each into a file of its name with `.sig` behind it.
pub(super) fn sign(dist: &Path, key: &str) -> Outcome {
    let key = fs::canonicalize(key).map_err(|error| format!("{key}: {error}"))?;
    let key = key.display().to_string();
    let sign = ["-q", "-Y", "sign", "-n", NAMESPACE, "-f", &key];
    quietly("signing the release", "ssh-keygen", &[&sign[..], &SIGNED].concat(), dist)
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::path::PathBuf;
    use std::process::{Command, Stdio};

    use super::*;

    /// A folder of its own, gone with the test.
    struct Folder(PathBuf);

    impl Folder {
        fn new() -> Self {
            let path = std::env::temp_dir().join(format!("vestibule-sign-{}", std::process::id()));
            fs::create_dir_all(path.join("dist/offline")).unwrap();
            fs::create_dir_all(path.join("dist/page")).unwrap();
            Self(path)
        }

        fn new_key(&self, name: &str) -> String {
            let key = self.0.join(name).display().to_string();
            let make = ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", &key];
            assert!(Command::new("ssh-keygen").args(make).status().unwrap().success());
            key
        }

        /// As docs/operations.md tells people to check.
        fn is_good(&self, file: &str, key: &str, namespace: &str) -> bool {
            let public = fs::read_to_string(format!("{key}.pub")).unwrap();
            let signers = self.0.join("signers");
            fs::write(&signers, format!("release {public}")).unwrap();
            let file = self.0.join("dist").join(file);
            let signature = format!("{}.sig", file.display());
            let mut check = Command::new("ssh-keygen");
            check.args(["-Y", "verify", "-I", "release", "-n", namespace, "-s", &signature, "-f"]);
            let input = File::open(file).unwrap();
            let quiet = check.arg(signers).stdin(input).stdout(Stdio::null()).stderr(Stdio::null());
            quiet.status().unwrap().success()
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            fs::remove_dir_all(&self.0).unwrap();
        }
    }

    #[test]
    fn everybody_can_check_a_release_and_a_changed_byte_is_seen() {
        let folder = Folder::new();
        let (key, other) = (folder.new_key("key"), folder.new_key("other"));
        let dist = folder.0.join("dist");
        for file in SIGNED {
            fs::write(dist.join(file), format!("of {file}")).unwrap();
        }
        sign(&dist, &key).unwrap();
        for file in SIGNED {
            assert!(folder.is_good(file, &key, NAMESPACE), "{file}");
            assert!(!folder.is_good(file, &other, NAMESPACE), "{file}, by somebody else");
            assert!(!folder.is_good(file, &key, "file"), "{file}, for something else");
            let mut bytes = fs::read(dist.join(file)).unwrap();
            bytes[1] ^= 1;
            fs::write(dist.join(file), bytes).unwrap();
            assert!(!folder.is_good(file, &key, NAMESPACE), "{file}, changed");
        }
    }
}
