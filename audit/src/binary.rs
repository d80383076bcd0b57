//! The program that runs, against the one that was released.

use std::fs::File;
use std::io;

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use crate::claims::{Claim, Reason, Severity};
use crate::process::Process;

const ID: &str = "binary-same";

/// Compares the running program's bytes with a release's hash.
pub fn check(process: Option<Process>, expected: Option<&str>) -> Claim {
    let Some(process) = process else {
        return Claim::not_checked(ID, Reason::NeedsProcess, []);
    };
    Claim::of(ID, hash(process), |running| {
        let evidence = format!("running: SHA-256 {running}");
        match expected {
            Some(expected) => {
                let same = expected.eq_ignore_ascii_case(&running);
                let release = format!("released: SHA-256 {expected}");
                Claim::expect(ID, same, Severity::High, [evidence, release])
            }
            None => Claim::not_checked(ID, Reason::NotNamed, [evidence]),
        }
    })
}

/// Of the bytes that are mapped, also when the file was replaced in the meantime.
fn hash(process: Process) -> io::Result<String> {
    let mut hasher = Sha256::new();
    io::copy(&mut File::open(process.path("exe"))?, &mut hasher)?;
    Ok(HEXLOWER.encode(&hasher.finalize()))
}
