//! The duty socket to one node: signing in, again and again; `serving` is what goes over it then.

use std::sync::Arc;
use std::time::Duration;

use rand::RngExt;
use tokio::sync::mpsc;
use tokio::time::sleep;

use super::sign_in::connect_somewhere;
use super::{NodeCommand, NodeEvent, NodeEvents, serving};
use crate::context::Context;
use crate::messages::{DutyStatus, DutyView, Refusal};
use crate::nodes::NodePlace;

const RETRY_SECONDS_MAX: u64 = 30;

/// How one connection ended.
pub(super) enum Ended {
    /// The worker went off duty, or the node is not wanted any more.
    OffDuty,
    /// Trying again is of no use.
    Refused(Refusal),
    /// It may go better next time.
    Broken { was_on: bool },
    /// It was given up because it may go better at once.
    TryNow,
    /// A new epoch or a new day has begun: the relay needs to be told.
    Renewed,
}

/// One node, and how to reach the desk on its behalf.
pub(super) struct NodeTask {
    pub(super) context: Arc<Context>,
    pub(super) place: NodePlace,
    pub(super) events: NodeEvents,
}

impl NodeTask {
    /// Is on duty there until the commands end, or the node refuses.
    pub(super) async fn run(self, mut commands: mpsc::Receiver<NodeCommand>) {
        let Self { context, place, events } = self;
        let mut failures = 0;
        loop {
            let ended = match connect_somewhere(&context, &place, &mut commands).await {
                Ok(signed_in) => serving::serve(signed_in, &context, &mut commands, &events).await,
                Err(ended) => ended,
            };
            match ended {
                Ended::OffDuty => return events.send(NodeEvent::Cleared).await,
                Ended::Refused(refusal) => {
                    events.send(NodeEvent::Cleared).await;
                    return events.status(status(DutyStatus::Refused, Some(refusal))).await;
                }
                Ended::Renewed => events.send(NodeEvent::Cleared).await,
                Ended::Broken { was_on } => {
                    failures = if was_on { 0 } else { failures + 1 };
                    events.send(NodeEvent::Cleared).await;
                    events.status(status(DutyStatus::Unreachable, None)).await;
                    tokio::select! {
                        () = sleep(retry_delay(failures)) => {}
                        told = told(&mut commands) => match told {
                            Told::TryNow => failures = 0,
                            Told::OffDuty => return,
                        },
                    }
                }
                Ended::TryNow => failures = 0,
            }
        }
    }
}

/// One second, then twice as long each time, up to half a minute; up to half of it is left to chance,
/// so that the workers of a relay that was restarted do not all come at once.
fn retry_delay(failures: u32) -> Duration {
    let seconds = 1_u64.checked_shl(failures).unwrap_or(u64::MAX).min(RETRY_SECONDS_MAX);
    let longest = seconds * 1_000;
    Duration::from_millis(rand::rng().random_range(longest / 2..=longest))
}

pub(super) fn status(status: DutyStatus, reason: Option<Refusal>) -> DutyView {
    DutyView { status, reason }
}

/// What is wanted while there is no socket.
pub(super) enum Told {
    OffDuty,
    TryNow,
}

/// Other commands come too early or too late, and mean nothing.
pub(super) async fn told(commands: &mut mpsc::Receiver<NodeCommand>) -> Told {
    loop {
        match commands.recv().await {
            Some(NodeCommand::TryNow) => return Told::TryNow,
            Some(NodeCommand::Accept(_) | NodeCommand::Refuse(_) | NodeCommand::Tell(..)) => {}
            None => return Told::OffDuty,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retries_come_slower_and_never_together() {
        for (failures, longest) in [(0, 1), (1, 2), (4, 16), (5, 30), (63, 30), (u32::MAX, 30)] {
            for _ in 0..50 {
                let delay = retry_delay(failures);
                assert!(delay <= Duration::from_secs(longest), "{failures}");
                assert!(delay >= Duration::from_secs(longest) / 2, "{failures}");
            }
        }
    }
}
