//! Which nodes there are, as both ends read it at `/nodes`.

use std::collections::BTreeSet;
use std::sync::{PoisonError, RwLock};

use axum::body::Bytes;
use serde::Serialize;
use tokio::sync::watch;

use super::{NODES_MAX, NodeConfig, NodeName};

/// The directory as it was last heard of.
pub(crate) struct Directory {
    node: Option<NodeConfig>,
    told: RwLock<Told>,
    drains: watch::Sender<bool>,
}

struct Told {
    /// The other nodes, as they were last heard of.
    others: BTreeSet<NodeName>,
    json: Bytes,
}

#[derive(Serialize)]
struct DirectoryForm<'a> {
    nodes: Vec<NodeForm<'a>>,
}

#[derive(Serialize)]
struct NodeForm<'a> {
    name: &'a str,
    at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    onion: Option<&'a str>,
}

impl Directory {
    /// Nobody else was heard of. A relay that stands alone is its own directory, without a name.
    pub(crate) fn new(node: Option<NodeConfig>) -> Self {
        let others = BTreeSet::new();
        let json = form(node.as_ref(), &others, false);
        Self { node, told: RwLock::new(Told { others, json }), drains: watch::Sender::new(false) }
    }

    /// This relay as one of several, if it is.
    pub(crate) fn node(&self) -> Option<&NodeConfig> {
        self.node.as_ref()
    }

    /// What is served.
    pub(crate) fn json(&self) -> Bytes {
        self.told.read().unwrap_or_else(PoisonError::into_inner).json.clone()
    }

    /// These nodes are there and take people, this one or not.
    pub(crate) fn heard_of(&self, present: BTreeSet<NodeName>) {
        self.change(|told| told.others = present);
    }

    /// This node takes nobody any more.
    pub(crate) fn drain(&self) {
        self.drains.send_replace(true);
        self.change(|_| {});
    }

    /// Whether it is so.
    pub(crate) fn is_draining(&self) -> bool {
        *self.drains.borrow()
    }

    /// Tells when it is so.
    pub(crate) fn drains(&self) -> watch::Receiver<bool> {
        self.drains.subscribe()
    }

    fn change(&self, change: impl FnOnce(&mut Told)) {
        let mut told = self.told.write().unwrap_or_else(PoisonError::into_inner);
        change(&mut told);
        told.json = form(self.node.as_ref(), &told.others, self.is_draining());
    }
}

/// A node always lists itself, unless it drains.
fn form(node: Option<&NodeConfig>, others: &BTreeSet<NodeName>, is_draining: bool) -> Bytes {
    let Some(NodeConfig { name, addresses }) = node else {
        let alone = NodeForm { name: "", at: String::new(), onion: None };
        return write(&DirectoryForm { nodes: vec![alone] });
    };
    let mut names: BTreeSet<&NodeName> = others.iter().filter(|other| *other != name).collect();
    while names.len() >= NODES_MAX {
        names.pop_last();
    }
    if !is_draining {
        names.insert(name);
    }
    let nodes = names.into_iter().map(|name| NodeForm {
        name: name.as_str(),
        at: addresses.of(name),
        onion: addresses.onion_of(name).map(crate::config::Origin::as_str),
    });
    write(&DirectoryForm { nodes: nodes.collect() })
}

fn write(form: &DirectoryForm<'_>) -> Bytes {
    serde_json::to_vec(form).expect("names and addresses are JSON").into()
}

#[cfg(test)]
mod tests;
