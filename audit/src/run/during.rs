//! While consultations are open: what a seizure of the running machine would give, what the process is
//! held to, and what it can do.

use std::io;
use std::time::Duration;

use tokio::time::sleep;

use crate::canary::{Campaign, Held};
use crate::claims::{Claim, Reason, Severity};
use crate::ledger::Ledger;
use crate::metrics::Figures;
use crate::plan::Plan;
use crate::probes::{self, Answer};
use crate::process::Process;
use crate::search::{Look, memory};
use crate::state;

/// Consultations that stay open.
const HELD_OPEN: u32 = 4;
/// The last cells have gone through by then.
const STILL: Duration = Duration::from_millis(200);
/// So often the same talk is held before the probes and after them.
const TALKS: usize = 25;
/// If the fastest takes more than so many times as long as before, the relay has suffered. Of all others the
/// machine may have been busy with something else.
const SLOWER_MAX: u32 = 2;
/// A running consultation may leave so much in each direction.
const RESIDUE_BYTES_MAX: usize = 1_024;

/// What was seen.
#[derive(Default)]
pub(super) struct During {
    pub(super) claims: Vec<Claim>,
    pub(super) figures: Option<io::Result<Figures>>,
}

pub(super) async fn look(
    plan: &Plan,
    campaign: &mut Campaign,
    table: &[String],
    ledger: &Ledger,
) -> io::Result<During> {
    let mut held = campaign.keep_open(HELD_OPEN).await?;
    sleep(STILL).await;
    let mut during = During { claims: Vec::new(), figures: super::figures(plan, ledger).await };
    if let Some(process) = plan.process {
        let folder = plan.indicators_folder.as_deref();
        during.claims.push(memory_during(process, &held, ledger));
        during.claims.extend(state::check(process, plan.listeners, folder, table));
        let before = fastest_talk(campaign, &mut held).await?;
        let probed = probes::probe(process, folder);
        let after = fastest_talk(campaign, &mut held).await;
        during.claims.extend(of_probes(probed, before, &after));
    }
    held.end().await;
    Ok(during)
}

/// How long the fastest of many talks takes.
async fn fastest_talk(campaign: &Campaign, held: &mut Held) -> io::Result<Duration> {
    let mut fastest = Duration::MAX;
    for _ in 0..TALKS {
        fastest = fastest.min(campaign.talk_on(held).await?);
    }
    Ok(fastest)
}

fn memory_during(process: Process, held: &Held, ledger: &Ledger) -> Claim {
    let look = Look::new(ledger);
    Claim::of("memory-during", memory::search(process, &look), |searched| {
        let most = searched.residue.most_of_one_direction_bytes(&held.numbers);
        let first = format!("most of one direction of one open consultation: {most} bytes");
        let evidence = [vec![first], searched.residue.lines(), searched.unread].concat();
        let little = most <= RESIDUE_BYTES_MAX && searched.residue.identifiers() == 0;
        Claim::expect("memory-during", little, Severity::Medium, evidence)
    })
}

fn of_probes(
    probed: io::Result<probes::Probed>,
    before: Duration,
    after: &io::Result<Duration>,
) -> Vec<Claim> {
    let probed = match probed {
        Ok(probed) => probed,
        Err(problem) => {
            let is_other = problem.kind() == io::ErrorKind::Unsupported;
            let reason = if is_other { Reason::NotHere } else { Reason::NeedsRights };
            return ["probes-denied", "probes-folder", "probes-serving"]
                .map(|id| Claim::not_checked(id, reason, [problem.to_string()]))
                .into();
        }
    };
    let let_through = probed.let_through().len();
    let mut evidence = vec![format!("tried: {}; let through: {let_through}", probed.probes.len())];
    evidence.extend(probed.probes.iter().map(|probe| {
        let answer = match &probe.answer {
            Answer::Denied(errno) => format!("denied ({errno})"),
            Answer::Absent => "the kernel has no such call (ENOSYS)".to_owned(),
            Answer::LetThrough(how) => format!("LET THROUGH ({how})"),
        };
        format!("{}: {answer}", probe.name)
    }));
    let mut claims =
        vec![Claim::expect("probes-denied", let_through == 0, Severity::High, evidence)];
    if let Some(answer) = probed.folder {
        let let_through = matches!(answer, Answer::LetThrough(_));
        let evidence = [format!("another name in the folder of indicators: {answer:?}")];
        claims.push(Claim::expect("probes-folder", !let_through, Severity::Low, evidence));
    }
    let micros = after.as_ref().map(Duration::as_micros).map_err(ToString::to_string);
    let evidence = [format!(
        "the same bursts of cells, the fastest of {TALKS}: before {} µs, after {micros:?} µs",
        before.as_micros()
    )];
    let as_before = after.as_ref().is_ok_and(|after| *after <= before.saturating_mul(SLOWER_MAX));
    claims.push(Claim::expect("probes-serving", as_before, Severity::Medium, evidence));
    claims
}
