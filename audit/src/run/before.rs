//! What is looked at before the first canary.

use std::io;

use crate::ledger::Ledger;
use crate::metrics::Figures;
use crate::plan::Plan;
use crate::search::logs::Logs;
use crate::search::redis::Monitor;

pub(super) struct Before {
    /// How long the logs were.
    pub(super) logs: io::Result<Logs>,
    /// The relay's own table at its start, if a log has it.
    pub(super) table: Vec<String>,
    /// What each Redis is told from now on.
    pub(super) monitors: Vec<(String, io::Result<Monitor>)>,
    /// The operator's figures.
    pub(super) figures: Option<io::Result<Figures>>,
}

impl Before {
    pub(super) async fn look(plan: &Plan, ledger: &Ledger) -> Self {
        let figures = super::figures(plan, ledger).await;
        let logs = Logs::measure(&plan.logs);
        let table = logs.as_ref().ok().and_then(|logs| logs.start_table().ok());
        let monitors = plan.redis.iter().map(|url| (url.clone(), Monitor::begin(url))).collect();
        Self { logs, table: table.unwrap_or_default(), monitors, figures }
    }
}
