//! What an audit says: claims, each with what was done and what was seen.

use serde::Serialize;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// To be put in order; by itself it keeps nothing of a consultation.
    Low,
    /// Something that could keep or show traces of consultations.
    Medium,
    /// Traces of consultations were found, or nothing stands in the way of keeping them.
    High,
}

/// Why something could not be checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// Only who may look into the process can.
    NeedsProcess,
    /// The kernel did not allow it.
    NeedsRights,
    /// Nothing was named in the command.
    NotNamed,
    /// This machine or the relay's does not offer it.
    NotHere,
    /// The relay did not answer as it should.
    NoAnswer,
}

/// What came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum Verdict {
    /// It was checked, and it is so.
    Holds,
    /// It was checked, and it is not so.
    Finding {
        /// How bad that is.
        severity: Severity,
    },
    /// Nobody knows.
    NotChecked {
        /// Why.
        reason: Reason,
    },
}

/// One thing that is claimed of a relay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Claim {
    /// Which, as in `locales/`.
    pub id: &'static str,
    /// What came out.
    pub verdict: Verdict,
    /// What was seen: for people who know these systems, and in no language but theirs.
    pub evidence: Vec<String>,
}

impl Claim {
    /// It was checked and holds unless `broken`.
    pub fn checked(
        id: &'static str,
        broken: Option<Severity>,
        evidence: impl IntoIterator<Item = String>,
    ) -> Self {
        let verdict = broken.map_or(Verdict::Holds, |severity| Verdict::Finding { severity });
        Self { id, verdict, evidence: evidence.into_iter().collect() }
    }

    /// It was checked, and is as bad as this when it does not hold.
    pub fn expect(
        id: &'static str,
        holds: bool,
        severity: Severity,
        evidence: impl IntoIterator<Item = String>,
    ) -> Self {
        Self::checked(id, (!holds).then_some(severity), evidence)
    }

    /// It could not be checked.
    pub fn not_checked(
        id: &'static str,
        reason: Reason,
        evidence: impl IntoIterator<Item = String>,
    ) -> Self {
        let verdict = Verdict::NotChecked { reason };
        Self { id, verdict, evidence: evidence.into_iter().collect() }
    }

    /// What looking came to: a claim, or that it could not be checked for want of rights.
    pub fn of<T>(
        id: &'static str,
        looked: std::io::Result<T>,
        judge: impl FnOnce(T) -> Self,
    ) -> Self {
        match looked {
            Ok(seen) => judge(seen),
            Err(problem) => Self::not_checked(id, Reason::NeedsRights, [problem.to_string()]),
        }
    }

    /// With this before the rest of its evidence.
    #[must_use]
    pub fn with_first(mut self, line: String) -> Self {
        self.evidence.insert(0, line);
        self
    }

    /// Whether nobody knows.
    pub fn is_not_checked(&self) -> bool {
        matches!(self.verdict, Verdict::NotChecked { .. })
    }

    /// How bad it is, if it is a finding.
    pub fn severity(&self) -> Option<Severity> {
        match self.verdict {
            Verdict::Finding { severity } => Some(severity),
            Verdict::Holds | Verdict::NotChecked { .. } => None,
        }
    }
}

/// Every claim that a report makes, in its order.
pub const CLAIMS: [&str; 33] = [
    "canaries-held",
    "memory-during",
    "memory-after",
    "memory-neighbours",
    "files-changed",
    "files-open",
    "logs-marks",
    "logs-silent",
    "redis-keys",
    "redis-marks",
    "redis-memory",
    "redis-settings",
    "kernel-sockets",
    "kernel-figures",
    "kernel-connections",
    "machine-swap",
    "machine-images",
    "metrics-known",
    "metrics-still",
    "state-user",
    "state-calls",
    "state-unreadable",
    "state-image",
    "state-environment",
    "state-programs",
    "state-files",
    "state-sockets",
    "state-said",
    "probes-denied",
    "probes-folder",
    "probes-serving",
    "page-same",
    "binary-same",
];
