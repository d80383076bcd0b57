//! One audit, from the first canary to the last search.

mod after;
mod before;
mod during;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;

use self::before::Before;
use crate::canary::course::Setting;
use crate::canary::{Campaign, Outcome};
use crate::claims::{CLAIMS, Claim, Reason, Severity};
use crate::ledger::{Amounts, Ledger};
use crate::marks::Run;
use crate::metrics::{self, Figures};
use crate::page::Manifest;
use crate::plan::Plan;
use crate::search::Look;
use crate::service::CanaryService;
use crate::target::Target;
use crate::{binary, page, state};

/// After the end of the last consultation this passes before anything is searched.
const AFTER_THE_END: Duration = Duration::from_secs(1);

/// Beginnings of claims that consultations are looked for in.
const OF_CANARIES: [&str; 7] =
    ["memory-", "files-", "logs-", "redis-marks", "redis-memory", "kernel-", "metrics-still"];

/// What an audit came to.
pub struct Audited {
    /// Every claim, in the order of [`CLAIMS`].
    pub claims: Vec<Claim>,
    /// What was planted.
    pub amounts: Amounts,
}

/// What is being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Consultations are held.
    Canaries,
    /// Some are open while the process is looked at.
    During,
    /// All have ended; everything is searched.
    After,
    /// Visitors compare the page.
    Page,
}

/// Runs an audit. `told` hears what is being done.
///
/// # Errors
/// When the canary service's keys cannot be read or the relay cannot be found.
pub async fn run(plan: &Plan, mut told: impl FnMut(Stage)) -> io::Result<Audited> {
    let service = Arc::new(CanaryService::read(&plan.folder)?);
    let target = Target::find(&plan.relay, plan.authorities.as_deref()).await?;
    let ledger = Ledger::new(Run::new());
    let setting = Setting { target: target.clone(), service, ledger: ledger.clone() };
    let before = Before::look(plan, &ledger).await;
    told(Stage::Canaries);
    let (outcome, during, on_duty) = sing(plan, setting, &before, &mut told).await;
    told(Stage::After);
    sleep(AFTER_THE_END).await;
    // A worker is on duty for hours: what is left meanwhile counts too.
    let still_on_duty = after::memory(plan, &Look::new(&ledger));
    if let Some(campaign) = on_duty {
        campaign.end().await;
    }
    sleep(AFTER_THE_END).await;
    let look = Look::new(&ledger);
    let mut claims = vec![canaries(&outcome, ledger.amounts())];
    claims.extend(during.claims);
    claims.extend(after::look(plan, &before.logs, before.monitors, still_on_duty, &look));
    // Only now: a visitor who has just left would be taken for a socket that is left.
    let looks = [before.figures, during.figures, figures(plan, &ledger).await];
    claims.extend(of_figures(looks));
    claims.extend(state::machine(plan.process));
    claims.push(binary::check(plan.process, plan.binary_hash.as_deref()));
    told(Stage::Page);
    let manifest = plan.manifest.as_deref().map(Manifest::read).transpose();
    claims.push(page::check(&target, manifest, plan.visitors, &ledger).await);
    let addresses = target.is_on_loopback();
    let circumstances = Circumstances {
        planted: outcome.whole + outcome.broken_off > 0,
        addresses,
        here: addresses || plan.process.is_some(),
    };
    Ok(Audited { claims: in_order(&claims, plan, circumstances), amounts: ledger.amounts() })
}

/// Holds the consultations, and looks while some are open.
async fn sing(
    plan: &Plan,
    setting: Setting,
    before: &Before,
    told: &mut impl FnMut(Stage),
) -> (Outcome, during::During, Option<Campaign>) {
    let failed = |problem: io::Error| Outcome {
        failures: vec![problem.to_string()],
        failed: 1,
        ..Outcome::default()
    };
    let ledger = setting.ledger.clone();
    let mut campaign = match Campaign::begin(setting).await {
        Ok(campaign) => campaign,
        Err(problem) => return (failed(problem), during::During::default(), None),
    };
    let mut outcome = campaign.hold(plan.consultations).await;
    told(Stage::During);
    let during = during::look(plan, &mut campaign, &before.table, &ledger).await;
    let during = during.unwrap_or_else(|problem| {
        outcome.failed += 1;
        outcome.failures.push(format!("consultations that stay open: {problem}"));
        during::During::default()
    });
    (outcome, during, Some(campaign))
}

fn canaries(outcome: &Outcome, amounts: Amounts) -> Claim {
    let Outcome { whole, broken_off, failures, failed } = outcome;
    let id = "canaries-held";
    let mut evidence = vec![
        format!("ended well: {whole}; broken off on purpose: {broken_off}; failed: {failed}"),
        format!("{amounts:?}"),
    ];
    evidence.extend(failures.iter().cloned());
    if *failed > 0 {
        return Claim::not_checked(id, Reason::NoAnswer, evidence);
    }
    Claim::expect(id, whole + broken_off > 0, Severity::Low, evidence)
}

async fn figures(plan: &Plan, ledger: &Ledger) -> Option<io::Result<Figures>> {
    match &plan.metrics {
        Some(url) => Some(Figures::ask(url, ledger).await),
        None => None,
    }
}

fn of_figures(looks: [Option<io::Result<Figures>>; 3]) -> Vec<Claim> {
    let looks: Option<Vec<io::Result<Figures>>> = looks.into_iter().collect();
    let Some(looks) = looks else { return Vec::new() };
    match looks.into_iter().collect::<io::Result<Vec<Figures>>>() {
        Ok(looks) => metrics::judge(&looks),
        Err(problem) => ["metrics-known", "metrics-still"]
            .map(|id| Claim::not_checked(id, Reason::NoAnswer, [problem.to_string()]))
            .into(),
    }
}

/// Every claim once; about those that nobody looked at, why.
fn in_order(claims: &[Claim], plan: &Plan, circumstances: Circumstances) -> Vec<Claim> {
    let missing = |id: &'static str| {
        let inside = ["memory-", "files-open", "state-", "probes-"];
        let needs_process =
            inside.iter().any(|head| id.starts_with(head)) && plan.process.is_none();
        let reason = if needs_process { Reason::NeedsProcess } else { Reason::NotNamed };
        Claim::not_checked(id, reason, [])
    };
    let find = |id: &&'static str| claims.iter().find(|claim| claim.id == *id).cloned();
    let judge = |id: &&'static str| {
        let claim = find(id).unwrap_or_else(|| missing(id));
        if claim.is_not_checked() { claim } else { circumstances.of(claim) }
    };
    CLAIMS.iter().map(judge).collect()
}

/// Without them, looking finds nothing whatever there is.
#[derive(Clone, Copy)]
struct Circumstances {
    /// Consultations were held.
    planted: bool,
    /// Canaries had addresses of their own.
    addresses: bool,
    /// This is the relay's machine.
    here: bool,
}

impl Circumstances {
    fn of(self, claim: Claim) -> Claim {
        let id = claim.id;
        let is_of = |heads: &[&str]| heads.iter().any(|head| id.starts_with(head));
        if !self.planted && is_of(&OF_CANARIES) {
            return Claim::not_checked(id, Reason::NoAnswer, []);
        }
        if !self.addresses && is_of(&["kernel-"]) {
            let why = "canaries have addresses of their own only at http://127.0.0.1".to_owned();
            return Claim::not_checked(id, Reason::NotHere, [why]);
        }
        if !self.here && is_of(&["machine-"]) {
            return Claim::not_checked(id, Reason::NeedsProcess, []);
        }
        claim
    }
}
