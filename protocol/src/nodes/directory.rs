//! What a relay answers at `/nodes`: who else serves, and where. It comes from the network unsigned, so
//! whatever is not exactly as it should be makes it worth nothing.

use serde::Deserialize;
use vestibule_wire::Malformed;

/// Nodes that one directory names.
pub const NODES_MAX: usize = 64;
/// Longest directory, in bytes.
pub const DIRECTORY_BYTES_MAX: usize = 16_384;
const NAME_BYTES_MAX: usize = 16;
const ORIGIN_BYTES_MAX: usize = 255;

/// One relay process.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Node {
    /// Empty when it is the only one.
    pub name: String,
    /// Empty: where the directory came from. A path of that origin, or an origin of its own.
    pub at: String,
    /// For those who come by way of Tor.
    pub onion: Option<String>,
}

/// All that serve now, by name. Never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directory(Vec<Node>);

#[derive(Deserialize)]
struct Written {
    nodes: Vec<Node>,
}

impl Directory {
    /// One relay alone: what holds while nothing else is known.
    pub fn alone() -> Self {
        Self(vec![Node { name: String::new(), at: String::new(), onion: None }])
    }

    /// Reads what a relay answered.
    ///
    /// # Errors
    /// When it is longer than allowed, names nobody, too many, or somebody twice, or has an address of
    /// another form.
    pub fn read(bytes: &[u8]) -> Result<Self, Malformed> {
        if bytes.len() > DIRECTORY_BYTES_MAX {
            return Err(Malformed);
        }
        let Written { nodes } = serde_json::from_slice(bytes).map_err(|_| Malformed)?;
        let is_sorted = nodes.is_sorted_by(|one, next| one.name < next.name);
        let is_one = nodes.len() == 1;
        let are_well_formed = nodes.iter().all(|node| node.is_well_formed(is_one));
        if nodes.is_empty() || nodes.len() > NODES_MAX || !is_sorted || !are_well_formed {
            return Err(Malformed);
        }
        Ok(Self(nodes))
    }

    /// Those whom it names.
    pub fn nodes(&self) -> &[Node] {
        &self.0
    }
}

impl Node {
    /// Whether name and addresses have their form. One that is alone needs no name.
    fn is_well_formed(&self, is_one: bool) -> bool {
        let is_named = if is_one && self.name.is_empty() {
            self.at.is_empty()
        } else {
            is_name(&self.name) && (self.is_path() || is_origin(&self.at))
        };
        is_named && self.onion.as_deref().is_none_or(is_onion)
    }

    fn is_path(&self) -> bool {
        self.at.strip_prefix("/n/") == Some(&self.name)
    }
}

fn is_name(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=NAME_BYTES_MAX).contains(&text.len()) && text.bytes().all(allowed)
}

fn is_onion(text: &str) -> bool {
    let host = text.split_once("://").map_or("", |(_, host)| host);
    let host = host.split(':').next().unwrap_or_default();
    is_origin(text) && host.rsplit_once('.').is_some_and(|(_, last)| last == "onion")
}

/// `https://` or `http://`, a name or a number of four parts, perhaps a port.
fn is_origin(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let Some(rest) = rest.filter(|_| text.len() <= ORIGIN_BYTES_MAX) else { return false };
    let (host, port) = rest.split_once(':').map_or((rest, None), |(host, port)| (host, Some(port)));
    let allowed =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-".contains(&byte);
    let is_port = |port: &str| {
        let is_number = port.bytes().all(|byte| byte.is_ascii_digit()) && !port.starts_with('0');
        is_number && port.parse::<u16>().is_ok()
    };
    !host.is_empty() && host.bytes().all(allowed) && port.is_none_or(is_port)
}
