//! The relay processes of one service, and at which of them the two ends of a consultation look for each
//! other first (section 6, "Nodes").

mod directory;

use std::cmp::Reverse;

use vestibule_wire::{Route, hash, label};

pub use directory::{DIRECTORY_BYTES_MAX, Directory, NODES_MAX, Node};

impl Directory {
    /// The nodes in the order of a route. Whoever has the same nodes has the same order; without the
    /// route nobody can tell it.
    pub fn in_order_of(&self, route: &Route) -> Vec<&Node> {
        let mut nodes: Vec<&Node> = self.nodes().iter().collect();
        nodes.sort_by_cached_key(|node| (Reverse(score(route, &node.name)), node.name.clone()));
        nodes
    }
}

fn score(route: &Route, name: &str) -> [u8; 8] {
    let hash = hash(&[label!("node"), &[0], &route.0, name.as_bytes()]);
    *hash.first_chunk().expect("a hash is longer than that")
}
