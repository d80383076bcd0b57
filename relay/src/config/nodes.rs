//! What the operator says about several relays that serve as one.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use vestibule_wire::hex_array;
use zeroize::Zeroizing;

use super::ConfigError;
use super::origin::Origin;
use super::redis::RedisToml;
use super::secret::read_secret;
use crate::nodes::{NodeAddresses, NodeConfig, NodeName};
use crate::redis_store::RedisConfig;

/// One relay of several, and what they share.
pub struct Node {
    /// The relay itself.
    pub(crate) this: NodeConfig,
    /// What holds their directory, and their memory of spent links.
    pub(crate) redis: RedisConfig,
    /// Keys what is written there; the same at all nodes.
    pub(crate) secret: Zeroizing<[u8; 32]>,
}

/// `[node]`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NodeToml {
    name: NodeName,
    #[serde(default = "a_path")]
    address: String,
    #[serde(default)]
    onions: BTreeMap<String, Origin>,
}

fn a_path() -> String {
    "/n/{name}".to_owned()
}

/// Loads both, of which neither is any use without the other.
pub(super) fn load(
    node: Option<NodeToml>,
    redis: Option<RedisToml>,
    directory: &Path,
) -> Result<Option<Node>, ConfigError> {
    let wrong = |problem: &str| ConfigError::Nodes(problem.to_owned());
    let (node, mut redis) = match (node, redis) {
        (None, None) => return Ok(None),
        (Some(node), Some(redis)) => (node, redis),
        (Some(_), None) => return Err(wrong("[node] needs [redis]")),
        (None, Some(_)) => return Err(wrong("[redis] needs [node]")),
    };
    let NodeToml { name, address, onions } = node;
    let onions = onions.into_iter().map(|(name, onion)| {
        let wrong = || ConfigError::Nodes(format!("onions: {name:?} is no name of a node"));
        NodeName::new(&name).map(|name| (name, onion)).ok_or_else(wrong)
    });
    let onions = onions.collect::<Result<_, _>>()?;
    let addresses = NodeAddresses::new(&address, onions)
        .map_err(|problem| ConfigError::Nodes(format!("[node] {problem}")))?;
    let secret_file = redis.secret_file.take();
    let path = directory.join(secret_file.ok_or_else(|| wrong("[redis] needs secret_file"))?);
    let secret = read_secret("secret of the nodes", &path)?;
    let secret = hex_array(&secret).map(Zeroizing::new).map_err(|_| ConfigError::Secret {
        what: "secret of the nodes",
        path,
        problem: "it is 64 digits of hex in lower case".to_owned(),
    })?;
    let redis = redis.load(directory)?;
    Ok(Some(Node { this: NodeConfig { name, addresses }, redis, secret }))
}
