//! The report: for machines as signed JSON, for people in four languages.

mod document;
mod html;
mod markdown;
mod sign;
#[cfg(test)]
mod tests;
mod words;

use std::fs;
use std::io;
use std::path::Path;

use ed25519_dalek::SigningKey;
use serde::Serialize;

use crate::claims::{Claim, Severity};
use crate::ledger::Amounts;
use crate::plan::Plan;
use crate::run::Audited;
use document::Document;

pub use sign::{signing_key, verify};
use words::{Language, Words};

/// The file for machines.
pub const JSON_FILE: &str = "report.json";
const FORMAT: u32 = 1;

/// How the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Nothing was found.
    Clean,
    /// The audit could not be held.
    CouldNotBeHeld,
    /// Something was found.
    Found(Severity),
}

impl Exit {
    /// What these claims come to.
    pub fn of(claims: &[Claim]) -> Self {
        let held = claims.iter().find(|claim| claim.id == "canaries-held");
        match claims.iter().filter_map(Claim::severity).max() {
            Some(severity) => Self::Found(severity),
            None if held.is_none_or(Claim::is_not_checked) => Self::CouldNotBeHeld,
            None => Self::Clean,
        }
    }

    /// The exit code.
    pub fn code(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::CouldNotBeHeld => 3,
            Self::Found(Severity::Low) => 10,
            Self::Found(Severity::Medium) => 11,
            Self::Found(Severity::High) => 12,
        }
    }
}

/// What a report says, as it is signed.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Of this form.
    pub format: u32,
    /// Version of the kit.
    pub kit: &'static str,
    /// The relay's origin.
    pub relay: String,
    /// When the report was written, in Unix seconds.
    pub written: u32,
    /// Whether the auditor could look into the process.
    pub process: Option<u32>,
    /// What was planted.
    pub planted: Amounts,
    /// What the audit came to, as an exit code.
    pub exit: u8,
    /// Every claim.
    pub claims: Vec<Claim>,
}

/// Writes the report into a folder.
///
/// # Errors
/// When a file cannot be written.
pub fn write(folder: &Path, plan: &Plan, audited: Audited, key: &SigningKey) -> io::Result<()> {
    let report = Report {
        format: FORMAT,
        kit: env!("CARGO_PKG_VERSION"),
        relay: plan.relay.clone(),
        written: crate::clock::now().0,
        process: plan.process.map(|process| process.0),
        planted: audited.amounts,
        exit: Exit::of(&audited.claims).code(),
        claims: audited.claims,
    };
    fs::create_dir_all(folder)?;
    let json = serde_json::to_vec_pretty(&report).map_err(io::Error::other)?;
    fs::write(folder.join(JSON_FILE), &json)?;
    for language in Language::ALL {
        let words = Words::of(language);
        let document = Document::of(&report, &words);
        let file = |ending: &str| folder.join(format!("report.{}.{ending}", language.code()));
        fs::write(file("html"), html::page(&document, &words))?;
        fs::write(file("md"), markdown::text(&document, &words))?;
    }
    sign::write(folder, &json, key)
}
