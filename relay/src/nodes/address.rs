//! Where nodes are reached.

use std::collections::BTreeMap;

use super::NodeName;
use crate::config::Origin;

/// Stands for a node's name in the operator's template.
const PLACE: &str = "{name}";
/// The one template that works behind any load balancer.
const PATH: &str = "/n/{name}";
/// Longest template and onion address: so that a directory of all nodes has at most 16 KiB.
const TEMPLATE_BYTES_MAX: usize = 100;
const ONION_BYTES_MAX: usize = 80;

/// How an address is made of a node's name.
pub struct NodeAddresses {
    template: Template,
    onions: BTreeMap<NodeName, Origin>,
}

enum Template {
    /// A path at whatever origin the reader came to.
    Path,
    /// The scheme before the name, and what stands behind it.
    Host { scheme: &'static str, behind: String },
}

impl NodeAddresses {
    /// Takes a template, and the onion addresses of those nodes that have one.
    ///
    /// # Errors
    /// With a sentence, when no address can be made of the template.
    pub fn new(template: &str, onions: BTreeMap<NodeName, Origin>) -> Result<Self, String> {
        let is_onion = |onion: &Origin| onion.is_onion() && onion.as_str().len() <= ONION_BYTES_MAX;
        if let Some(other) = onions.values().find(|onion| !is_onion(onion)) {
            return Err(format!("{other} is no onion address"));
        }
        if onions.len() > super::NODES_MAX {
            return Err(format!("there are at most {} nodes", super::NODES_MAX));
        }
        Ok(Self { template: Template::read(template)?, onions })
    }

    /// Where a node is reached: a path, or an origin.
    pub(crate) fn of(&self, name: &NodeName) -> String {
        match &self.template {
            Template::Path => PATH.replace(PLACE, name.as_str()),
            Template::Host { scheme, behind } => format!("{scheme}{name}{behind}"),
        }
    }

    /// Its onion address, if it has one of its own.
    pub(crate) fn onion_of(&self, name: &NodeName) -> Option<&Origin> {
        self.onions.get(name)
    }

    /// What a page may connect to besides its own origin, as a Content-Security-Policy names it.
    pub(crate) fn connect_sources(&self) -> Vec<String> {
        let host = match &self.template {
            Template::Path => None,
            Template::Host { scheme, behind } => Some(format!("{scheme}*{behind}")),
        };
        let addresses = host.into_iter().chain(self.onions.values().map(ToString::to_string));
        // `connect-src` of older browsers does not take a WebSocket for a kind of HTTP.
        addresses.flat_map(|http| [http.replacen("http", "ws", 1), http]).collect()
    }
}

impl Template {
    fn read(template: &str) -> Result<Self, String> {
        if template == PATH {
            return Ok(Self::Path);
        }
        let wrong = || {
            format!(
                "address {template:?} must be \"{PATH}\", or an origin whose host begins with {PLACE}."
            )
        };
        let schemes = ["https://", "http://"].into_iter();
        let (scheme, behind) = schemes
            .filter_map(|scheme| Some((scheme, template.strip_prefix(scheme)?)))
            .find_map(|(scheme, rest)| Some((scheme, rest.strip_prefix(PLACE)?)))
            .ok_or_else(wrong)?;
        // The name is a whole label: only so can a Content-Security-Policy say `*` for it.
        let is_good = behind.starts_with('.')
            && template.len() <= TEMPLATE_BYTES_MAX
            && Origin::new(&format!("{scheme}a{behind}")).is_ok();
        is_good.then(|| Self::Host { scheme, behind: behind.to_owned() }).ok_or_else(wrong)
    }
}

#[cfg(test)]
mod tests;
