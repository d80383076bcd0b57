//! The nodes of the relay, as the newest directory names them (section 6, "Nodes"). `asking` fetches it, for
//! as long as somebody watches.

mod asking;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::time::timeout;
use vestibule_protocol::{Directory, Node};
use vestibule_wire::Route;

use crate::origin::Origin;

pub(crate) use asking::keep_asking;

/// For the first directory: after so long, whoever goes on duty does without it.
const FIRST_DEADLINE: Duration = Duration::from_secs(3);

/// Where sockets of one node go.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Address {
    /// Of the enrolment. Whatever address a node has, this is what the sign-in is bound to.
    origin: Origin,
    /// Before the path: an origin, and a path of it for a node that has no origin of its own.
    base: Arc<str>,
}

/// Names a node to the desk, for as long as the worker is on duty there. Never given twice in one turn of
/// duty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct NodeNumber(pub(crate) u64);

/// One node of the relay.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct NodePlace {
    pub(crate) name: String,
    /// To be tried in turn. Never empty.
    pub(crate) addresses: Vec<Address>,
}

/// What is known of the nodes.
pub(crate) struct Nodes {
    /// The enrolment's addresses of the relay that this program can reach.
    origins: Vec<Origin>,
    known: watch::Sender<Known>,
    hurry: Arc<Notify>,
}

/// Hears of another directory.
pub(crate) struct NodesWatch {
    known: watch::Receiver<Known>,
}

#[derive(Clone)]
struct Known {
    directory: Arc<Directory>,
    /// Through which of the relay's addresses it came: that one is tried first.
    through: usize,
    /// Some relay was asked, whatever it said.
    is_asked: bool,
}

impl Address {
    /// An address of the relay that leads to any node.
    pub(crate) fn of(origin: &Origin) -> Self {
        Self { origin: origin.clone(), base: origin.as_str().into() }
    }

    pub(crate) fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The address of one of the node's sockets.
    pub(crate) fn socket_address(&self, path: &str) -> String {
        // http becomes ws, https becomes wss.
        format!("ws{}{path}", self.base.strip_prefix("http").unwrap_or(&self.base))
    }
}

impl Nodes {
    /// One node, until a directory names others.
    pub(crate) fn new(origins: &[Origin]) -> Self {
        // This program does not speak Tor.
        let origins = origins.iter().filter(|origin| !origin.is_onion()).cloned().collect();
        let directory = Arc::new(Directory::alone());
        let known = watch::Sender::new(Known { directory, through: 0, is_asked: false });
        Self { origins, known, hurry: Arc::default() }
    }

    /// From now on it is asked anew from time to time, for as long as the watch is held.
    pub(crate) fn watch(&self) -> NodesWatch {
        let known = self.known.subscribe();
        self.hurry.notify_one();
        NodesWatch { known }
    }

    /// The network may be another one.
    pub(crate) fn ask_now(&self) {
        self.hurry.notify_one();
    }

    /// All nodes.
    pub(crate) fn all(&self) -> Vec<NodePlace> {
        let known = self.known.borrow();
        let nodes = known.directory.nodes().iter();
        nodes.filter_map(|node| self.place(node, known.through)).collect()
    }

    /// Whether there is more than one.
    pub(crate) fn are_several(&self) -> bool {
        self.known.borrow().directory.nodes().len() > 1
    }

    /// All nodes, first where the ends of a consultation with this route look for each other.
    pub(crate) fn in_order_of(&self, route: &Route) -> Vec<NodePlace> {
        let known = self.known.borrow();
        let nodes = known.directory.in_order_of(route).into_iter();
        nodes.filter_map(|node| self.place(node, known.through)).collect()
    }

    fn note(&self, answer: Option<(usize, Directory)>) {
        self.known.send_if_modified(|known| {
            let was_asked = std::mem::replace(&mut known.is_asked, true);
            // Without an answer what was known before holds.
            let Some((through, directory)) = answer else { return !was_asked };
            let is_usable =
                directory.nodes().iter().any(|node| self.place(node, through).is_some());
            let is_new = known.through != through || *known.directory != directory;
            if is_usable && is_new {
                *known = Known { directory: Arc::new(directory), through, is_asked: true };
            }
            !was_asked || (is_usable && is_new)
        });
    }

    /// Where a node is, if this program can go there.
    fn place(&self, node: &Node, through: usize) -> Option<NodePlace> {
        let first = self.origins.get(through)?;
        let addresses = if node.at.is_empty() || node.at.starts_with('/') {
            let others = self.origins.iter().filter(|origin| *origin != first);
            let base = |origin: &Origin| format!("{}{}", origin.as_str(), node.at).into();
            let address = |origin: &Origin| Address { origin: origin.clone(), base: base(origin) };
            std::iter::once(first).chain(others).map(address).collect()
        } else {
            let own = Origin::parse(&node.at).ok()?;
            // A relay elsewhere has no business with what listens on this machine.
            if own.is_onion() || (own.is_this_machine() && !first.is_this_machine()) {
                return None;
            }
            vec![Address { origin: first.clone(), base: own.as_str().into() }]
        };
        Some(NodePlace { name: node.name.clone(), addresses })
    }
}

impl NodesWatch {
    /// Waits until some relay was asked, but not for long.
    pub(crate) async fn asked(&mut self) {
        let _ = timeout(FIRST_DEADLINE, self.known.wait_for(|known| known.is_asked)).await;
        self.known.mark_unchanged();
    }

    /// Waits for another directory.
    pub(crate) async fn changed(&mut self) {
        if self.known.changed().await.is_err() {
            // The desk has ended, and whoever watches with it.
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(test)]
mod tests;
