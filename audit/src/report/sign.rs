//! The auditor's signature, so that a report that is passed on is the one that was written.

use std::fs;
use std::io;
use std::path::Path;

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use vestibule_wire::{hex, hex_array, label};

use super::JSON_FILE;
use crate::entropy::random_bytes;

/// Public key and signature, in hex.
const SIGNATURE_FILE: &str = "report.sig";
const LABEL: &[u8] = label!("audit report");

/// The auditor's key: read, or made when there is none and it `may_be_made`.
///
/// # Errors
/// When it cannot be read or written.
pub fn signing_key(path: &Path, may_be_made: bool) -> io::Result<SigningKey> {
    if may_be_made && !path.exists() {
        let seed: [u8; 32] = random_bytes();
        fs::write(path, hex(&seed) + "\n")?;
    }
    let text = fs::read_to_string(path)?;
    let seed = hex_array(text.trim()).map_err(io::Error::other)?;
    Ok(SigningKey::from_bytes(&seed))
}

pub(super) fn write(folder: &Path, json: &[u8], key: &SigningKey) -> io::Result<()> {
    let signature = key.sign(&signed(json)).to_bytes();
    let public = key.verifying_key().to_bytes();
    fs::write(folder.join(SIGNATURE_FILE), format!("{}\n{}\n", hex(&public), hex(&signature)))
}

/// Checks that a report is signed with this key.
///
/// # Errors
/// When it is not.
pub fn verify(folder: &Path, key: &str) -> io::Result<()> {
    let odd = || io::Error::new(io::ErrorKind::InvalidData, "this is not a report of that key");
    let json = fs::read(folder.join(JSON_FILE))?;
    let text = fs::read_to_string(folder.join(SIGNATURE_FILE))?;
    let signature = text.lines().nth(1).and_then(|line| hex_array(line).ok()).ok_or_else(odd)?;
    let public: [u8; 32] = hex_array(key).map_err(|_| odd())?;
    let public = VerifyingKey::from_bytes(&public).map_err(|_| odd())?;
    let signature = Signature::from_bytes(&signature);
    public.verify_strict(&signed(&json), &signature).map_err(|_| odd())
}

fn signed(json: &[u8]) -> Vec<u8> {
    [LABEL, &[0], json].concat()
}

#[cfg(test)]
mod tests {
    use super::{JSON_FILE, signing_key, verify, write};

    #[test]
    fn a_changed_report_or_another_key_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let key = signing_key(&folder.path().join("key"), true).unwrap();
        let other = signing_key(&folder.path().join("other"), true).unwrap();
        let hex =
            |key: &ed25519_dalek::SigningKey| vestibule_wire::hex(&key.verifying_key().to_bytes());
        std::fs::write(folder.path().join(JSON_FILE), b"{}").unwrap();
        write(folder.path(), b"{}", &key).unwrap();
        assert!(verify(folder.path(), &hex(&key)).is_ok());
        assert!(verify(folder.path(), &hex(&other)).is_err());
        std::fs::write(folder.path().join(JSON_FILE), b"{ }").unwrap();
        assert!(verify(folder.path(), &hex(&key)).is_err());
    }
}
