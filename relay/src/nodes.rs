//! Several relays that serve as one: what each is called, where it is reached, and the directory that
//! tells both ends (section 6, "Many relays").
//!
//! Whatever is shared between nodes holds names alone. The addresses come from this relay's own
//! configuration, so that nobody who writes there can send anybody to a foreign host.

mod address;
mod directory;
mod name;

pub use address::NodeAddresses;
pub(crate) use directory::Directory;
pub use name::NodeName;

/// Nodes of one service at most. A console on duty holds a socket to each.
pub(crate) const NODES_MAX: usize = 64;

/// What the operator says about this relay as one of several.
pub struct NodeConfig {
    /// What it is called.
    pub name: NodeName,
    /// Where it and the others are reached.
    pub addresses: NodeAddresses,
}
