//! What the relay says of itself at its start, against what the kernel says.

use crate::claims::{Claim, Reason, Severity, Verdict};
use crate::process::Process;

/// Words of a row of the relay's table, and the claim that shows whether it is so.
const ROWS: [(&str, &str); 6] = [
    ("system calls", "state-calls"),
    ("no new rights", "state-calls"),
    ("no image", "state-image"),
    ("not readable", "state-unreadable"),
    ("no environment", "state-environment"),
    ("rights of an administrator", "state-user"),
];

pub(super) fn check(process: Process, said: &[String], seen: &[Claim]) -> Claim {
    let id = "state-said";
    if said.is_empty() {
        return Claim::not_checked(id, Reason::NotNamed, []);
    }
    let mut worst = None;
    let mut evidence = vec![format!("rows: {}; process {}", said.len(), process.0)];
    for row in said {
        let enforced = row.starts_with("enforced");
        if !enforced {
            worst = worst.max(Some(Severity::Medium));
            evidence.push(format!("the relay says: {row}"));
            continue;
        }
        let claim = ROWS.iter().find(|(words, _)| row.contains(words));
        let claim = claim.and_then(|(_, id)| seen.iter().find(|claim| claim.id == *id));
        if let Some(claim) = claim
            && matches!(claim.verdict, Verdict::Finding { .. })
        {
            worst = Some(Severity::High);
            evidence.push(format!("the relay says: {row}; the kernel does not: {}", claim.id));
        }
    }
    Claim::checked(id, worst, evidence)
}
