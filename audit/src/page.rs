//! What visitors are served, against the manifest of a release, byte by byte.
//!
//! An operator under pressure would change the page for one visitor and not for an auditor. So many come,
//! from addresses of their own, as different browsers, with nothing about them that says auditor.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use data_encoding::HEXLOWER;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::claims::{Claim, Reason, Severity};
use crate::http::Visitor;
use crate::ledger::Ledger;
use crate::target::Target;

const ID: &str = "page-same";
const MANIFEST_BYTES_MAX: u64 = 1_024 * 1_024;
const DIFFERENCES_SHOWN_MAX: usize = 10;
const MANIFEST_PATH: &str = "/manifest.json";

/// Browsers in which pages are read, the ones whose users have most to lose among them.
const AGENTS: [&str; 6] = [
    "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Mozilla/5.0 (Android 10; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0",
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
    "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
];

/// A release's files, by name.
#[derive(Deserialize)]
pub struct Manifest {
    version: u32,
    sha256: BTreeMap<String, String>,
}

impl Manifest {
    /// Reads a file that the build of the page wrote.
    ///
    /// # Errors
    /// When it is none.
    pub fn read(path: &Path) -> io::Result<Self> {
        if fs::metadata(path)?.len() > MANIFEST_BYTES_MAX {
            return Err(io::ErrorKind::InvalidData.into());
        }
        Self::parse(&fs::read(path)?)
    }

    fn parse(bytes: &[u8]) -> io::Result<Self> {
        let manifest: Self = serde_json::from_slice(bytes).map_err(io::Error::other)?;
        let fits = manifest.version == 1 && manifest.sha256.contains_key("index.html");
        if fits { Ok(manifest) } else { Err(io::ErrorKind::InvalidData.into()) }
    }
}

/// How files lie compressed beside themselves, and what browsers call that.
const ENCODINGS: [(&str, &str); 2] = [(".br", "br"), (".gz", "gzip")];
const AS_IT_IS: &str = "identity";

/// What is asked for: a path, in an encoding.
type Asked = (String, &'static str);

/// What was seen so far.
#[derive(Default)]
struct Seen {
    /// The hash of each path as the first visitor saw it, if the release does not say it.
    expected: BTreeMap<Asked, String>,
    compared: usize,
    differences: Vec<String>,
    different_visitors: u32,
}

/// So many visitors come and compare.
pub async fn check(
    target: &Target,
    manifest: io::Result<Option<Manifest>>,
    visitors: u32,
    ledger: &Ledger,
) -> Claim {
    let manifest = match manifest {
        Ok(manifest) => manifest,
        Err(problem) => return Claim::not_checked(ID, Reason::NotNamed, [problem.to_string()]),
    };
    let is_release = manifest.is_some();
    let mut seen = Seen::default();
    match manifest {
        Some(manifest) => seen.expect(&manifest),
        None => {
            if let Err(problem) = seen.expect_as_served(target, ledger).await {
                return Claim::not_checked(ID, Reason::NoAnswer, [problem.to_string()]);
            }
        }
    }
    for number in 0..visitors {
        if let Err(problem) = seen.visit(target, number, ledger).await {
            return Claim::not_checked(ID, Reason::NoAnswer, [problem.to_string()]);
        }
    }
    let mut evidence = vec![format!(
        "visitors: {visitors}; files: {}; comparisons: {}; visitors who saw something else: {}",
        seen.expected.len(),
        seen.compared,
        seen.different_visitors
    )];
    let holds = seen.differences.is_empty();
    evidence.extend(seen.differences);
    if holds && !is_release {
        let alike = "all were served alike; no release's manifest was named".to_owned();
        return Claim::not_checked(ID, Reason::NotNamed, [evidence, vec![alike]].concat());
    }
    Claim::expect(ID, holds, Severity::High, evidence)
}

/// What a visitor asks for to be served this file of a release: one that lies compressed beside another is
/// that other, in an encoding.
fn asked_as<'a>(name: &'a str, manifest: &Manifest) -> (&'a str, &'static str) {
    ENCODINGS
        .into_iter()
        .find_map(|(ending, encoding)| Some((name.strip_suffix(ending)?, encoding)))
        .filter(|(plain, _)| manifest.sha256.contains_key(*plain))
        .unwrap_or((name, AS_IT_IS))
}

impl Seen {
    fn expect(&mut self, manifest: &Manifest) {
        for (name, hash) in &manifest.sha256 {
            let (name, encoding) = asked_as(name, manifest);
            self.expected.insert((format!("/{name}"), encoding), hash.clone());
            if name == "index.html" {
                // A visitor comes to this one.
                self.expected.insert(("/".to_owned(), encoding), hash.clone());
            }
        }
    }

    async fn expect_as_served(&mut self, target: &Target, ledger: &Ledger) -> io::Result<()> {
        let mut visitor = Visitor::arrive(target, ledger).await?;
        let served = visitor.get(MANIFEST_PATH).await?;
        match Manifest::parse(&served.body) {
            Ok(manifest) if served.status == 200 => self.expect(&manifest),
            _ => {
                let first = visitor.get("/").await?;
                let hash = HEXLOWER.encode(&Sha256::digest(&first.body));
                self.expected.insert(("/".to_owned(), AS_IT_IS), hash);
            }
        }
        Ok(())
    }

    async fn visit(&mut self, target: &Target, number: u32, ledger: &Ledger) -> io::Result<()> {
        let agent = AGENTS[usize::try_from(number).unwrap_or_default() % AGENTS.len()].to_owned();
        let from = ledger.address();
        let mut visitor = Visitor::arrive_from(target, from, agent.clone(), ledger).await?;
        let mut differs = false;
        for ((path, encoding), hash) in &self.expected {
            let answer = visitor.get_as(path, encoding).await?;
            self.compared += 1;
            let served = HEXLOWER.encode(&Sha256::digest(&answer.body));
            if answer.status != 200 || served != *hash {
                differs = true;
                if self.differences.len() < DIFFERENCES_SHOWN_MAX {
                    let status = answer.status;
                    self.differences.push(format!(
                        "{path} ({encoding}): status {status}, SHA-256 {served} in place of {hash}; \
                         as {agent}"
                    ));
                }
            }
        }
        self.different_visitors += u32::from(differs);
        Ok(())
    }
}
