//! Where the tasks of all nodes note how they stand, and from where the desk is told what comes of it: in the
//! order in which it was noted, and before what a node brings afterwards.

use std::sync::Arc;

use tokio::sync::{Mutex, Notify};

use super::DutyEvent;
use super::standing::Standing;
use crate::context::Context;
use crate::hub::DutyEvents;
use crate::messages::DutyView;
use crate::nodes::NodeNumber;

pub(super) struct Board {
    pub(super) context: Arc<Context>,
    pub(super) desk: DutyEvents,
    pub(super) standing: Mutex<Standing>,
    /// Something was noted.
    pub(super) noted: Notify,
}

impl Board {
    pub(super) fn new(context: Arc<Context>, desk: DutyEvents) -> Self {
        Self { context, desk, standing: Mutex::default(), noted: Notify::new() }
    }

    /// Notes what a node's task says of its socket.
    pub(super) async fn note(&self, node: NodeNumber, status: DutyView) {
        self.standing.lock().await.note(node, status);
        self.tell().await;
        self.noted.notify_one();
    }

    /// Tells the desk how the worker stands, when that is another thing than before.
    pub(super) async fn tell(&self) {
        let mut standing = self.standing.lock().await;
        if let Some(refusal) = standing.refusal()
            && self.context.is_worker_revoked()
            && standing.end()
        {
            // Whatever other nodes say: the service's word counts.
            self.desk.send(DutyEvent::OwnKeyRevoked).await;
            self.desk.send(DutyEvent::Status(refusal)).await;
            return;
        }
        if let Some(status) = standing.news() {
            self.desk.send(DutyEvent::Status(status)).await;
        }
    }

    /// Whether no node has this worker any more.
    pub(super) async fn is_over(&self) -> bool {
        self.standing.lock().await.is_over()
    }
}
