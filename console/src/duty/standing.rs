//! How this worker stands at each node: which sockets there are to be, and what they come to together. Knows
//! no socket.

use std::collections::BTreeMap;

use tokio::sync::mpsc;
use tokio::time::Instant;

use super::{DutyCommand, NodeCommand, REFUSED_AGAIN_AFTER};
use crate::messages::{DutyStatus, DutyView};
use crate::nodes::{NodeNumber, NodePlace};

#[derive(Default)]
pub(super) struct Standing {
    nodes: BTreeMap<NodeNumber, AtNode>,
    last_number: u64,
    told: Option<DutyView>,
    /// Every node refuses, or nobody wants to be on duty.
    is_over: bool,
}

struct AtNode {
    place: NodePlace,
    status: DutyView,
    /// Dropped, the node's socket ends.
    commands: mpsc::Sender<NodeCommand>,
    is_listed: bool,
    refused_at: Option<Instant>,
}

const CONNECTING: DutyView = DutyView { status: DutyStatus::Connecting, reason: None };

impl Standing {
    /// Lets go of what is of no use, and says which sockets are to begin.
    pub(super) fn arrange(
        &mut self,
        places: Vec<NodePlace>,
        now: Instant,
    ) -> Vec<(NodeNumber, NodePlace)> {
        for at in self.nodes.values_mut() {
            at.is_listed = places.contains(&at.place);
        }
        self.nodes.retain(|_, at| {
            let is_due = at.refused_at.is_some_and(|since| now >= since + REFUSED_AGAIN_AFTER);
            let has_moved = places.iter().any(|place| place.name == at.place.name);
            let is_gone = !at.is_listed && (has_moved || at.status.status != DutyStatus::On);
            !is_due && !is_gone
        });
        let is_new = |place: &NodePlace| self.nodes.values().all(|at| at.place != *place);
        let new: Vec<NodePlace> = places.into_iter().filter(is_new).collect();
        let begin = |place| {
            self.last_number += 1;
            (NodeNumber(self.last_number), place)
        };
        new.into_iter().map(begin).collect()
    }

    pub(super) fn begun(
        &mut self,
        node: NodeNumber,
        place: NodePlace,
        commands: mpsc::Sender<NodeCommand>,
    ) {
        let (status, is_listed, refused_at) = (CONNECTING, true, None);
        self.nodes.insert(node, AtNode { place, status, commands, is_listed, refused_at });
    }

    /// Passes a command on. A node that has no room for it is as good as gone, and says so.
    pub(super) fn command(&self, command: DutyCommand) {
        match command {
            DutyCommand::At(node, command) => {
                if let Some(at) = self.nodes.get(&node) {
                    let _ = at.commands.try_send(command);
                }
            }
            DutyCommand::TryNow => {
                for at in self.nodes.values() {
                    let _ = at.commands.try_send(NodeCommand::TryNow);
                }
            }
        }
    }

    /// Notes what a node's task says of its socket.
    pub(super) fn note(&mut self, node: NodeNumber, status: DutyView) {
        let Some(at) = self.nodes.get_mut(&node) else { return };
        at.status = status;
        at.refused_at = (status.status == DutyStatus::Refused).then(Instant::now);
        if !at.is_listed && status.status != DutyStatus::On {
            self.nodes.remove(&node);
        }
    }

    /// The best of all, when the desk was told something else.
    pub(super) fn news(&mut self) -> Option<DutyView> {
        let rank = |view: &DutyView| match view.status {
            DutyStatus::On => 0,
            DutyStatus::Connecting => 1,
            DutyStatus::Unreachable => 2,
            DutyStatus::Refused | DutyStatus::Off => 3,
        };
        if self.is_over {
            return None;
        }
        let best = self.nodes.values().map(|at| at.status).min_by_key(rank).unwrap_or(CONNECTING);
        self.is_over |= best.status == DutyStatus::Refused;
        (self.told.replace(best) != Some(best)).then_some(best)
    }

    /// How the first that refuses does, if some do.
    pub(super) fn refusal(&self) -> Option<DutyView> {
        let mut all = self.nodes.values().map(|at| at.status);
        all.find(|view| view.status == DutyStatus::Refused)
    }

    /// No node is wanted any more, and nothing more is told. `false` when that was so already.
    pub(super) fn end(&mut self) -> bool {
        self.nodes.clear();
        !std::mem::replace(&mut self.is_over, true)
    }

    /// Whether every node refuses this worker.
    pub(super) fn is_over(&self) -> bool {
        self.is_over
    }

    /// When a node that refused is to be tried again.
    pub(super) fn refused_again_at(&self) -> Option<Instant> {
        let refused = self.nodes.values().filter_map(|at| at.refused_at);
        refused.min().map(|since| since + REFUSED_AGAIN_AFTER)
    }
}

#[cfg(test)]
mod tests;
