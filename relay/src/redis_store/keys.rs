//! Every key that is ever written to Redis.

use vestibule_wire::{AuthorityKey, LinkName, hex, hmac};
use zeroize::Zeroizing;

use crate::nodes::NodeName;

/// How long the set of names lives after it was last renewed.
pub(super) const NAMES_SECONDS: u64 = 86_400;
/// How long a node counts as present after it was last heard of.
pub(super) const PRESENT_SECONDS: u64 = 10;
/// How long a list of revocations lives after any node last read it.
pub(super) const REVOCATIONS_SECONDS: u64 = 40 * 86_400;

/// How long it is known that a batch was added: far longer than a relay goes on sending it.
pub(super) const BATCH_SECONDS: u64 = 40 * 86_400;

/// Where the names of all nodes are that were seen lately.
pub(super) const NAMES: &str = "vestibule:{nodes}:names";

/// Where one node says that it is there.
pub(super) fn node(name: &NodeName) -> String {
    format!("vestibule:{{nodes}}:node:{name}")
}

/// Where a service's list of revocations is.
pub(super) fn revocations(authority: AuthorityKey) -> String {
    format!("vestibule:r:{}", authority.to_hex())
}

/// Where the first days of a service's periods are.
pub(super) fn periods(authority: AuthorityKey) -> String {
    format!("vestibule:c:{{{}}}:periods", authority.to_hex())
}

/// Where a period's sums are, by its first day.
pub(super) fn period(authority: AuthorityKey, start: &str) -> String {
    format!("vestibule:c:{{{}}}:{start}", authority.to_hex())
}

/// Where it stands that a batch was added.
pub(super) fn batch(authority: AuthorityKey, id: &[u8; 16]) -> String {
    format!("vestibule:c:{{{}}}:b:{}", authority.to_hex(), hex(id))
}

/// Keys what nodes write of links and slips, so that neither a service nor a link shows in it.
#[derive(Clone)]
pub(super) struct NodesSecret(pub(super) Zeroizing<[u8; 32]>);

impl NodesSecret {
    /// Where a spent link is remembered, and as what: by which opening.
    pub(super) fn nullifier(
        &self,
        authority: AuthorityKey,
        link: &LinkName,
        opening_hash: &[u8; 32],
    ) -> (String, [u8; 16]) {
        let epoch = link.epoch.0.to_be_bytes();
        let key = self.derive(b"vestibule/1 nullifier", authority, &epoch);
        let name = hex(&short(&key, &link.id.0));
        (format!("vestibule:n:{name}"), short(&key, opening_hash))
    }

    /// Where a slip is remembered as counted.
    pub(super) fn slip(&self, authority: AuthorityKey, id: &[u8; 16]) -> String {
        let key = self.derive(b"vestibule/1 slip number", authority, &[]);
        format!("vestibule:s:{}", hex(&short(&key, id)))
    }

    fn derive(&self, label: &[u8], authority: AuthorityKey, rest: &[u8]) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(hmac(&self.0, &[label, authority.as_bytes(), rest]))
    }
}

fn short(key: &[u8; 32], message: &[u8]) -> [u8; 16] {
    hmac(key, &[message]).first_chunk().copied().unwrap_or_default()
}
