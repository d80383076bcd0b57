//! Under which address clients and workers know a relay.

use std::fmt;

use serde::Deserialize;

/// The ASCII serialisation of an origin (RFC 6454 section 6.2): `https://host`,
/// `http://127.0.0.1:8080`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin(String);

impl Origin {
    /// Takes an origin exactly as browsers write it.
    ///
    /// # Errors
    /// With a sentence, for anything else.
    pub fn new(text: &str) -> Result<Self, String> {
        let problem = |what: &str| Err(format!("origin {text:?} {what}"));
        let (default_port, authority) = match text.split_once("://") {
            Some(("http", authority)) => ("80", authority),
            Some(("https", authority)) => ("443", authority),
            _ => return problem("must begin with http:// or https://"),
        };
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
            _ => (authority, None),
        };
        if !is_host(host) {
            return problem("must have a host in lower case, and no path");
        }
        match port {
            Some(port) if port == default_port => {
                problem("must not name its scheme's own port, because browsers leave it out")
            }
            Some(port) if !is_port(port) => problem("must have a port from 1 to 65535"),
            _ => Ok(Self(text.to_owned())),
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is reached through Tor alone.
    pub(crate) fn is_onion(&self) -> bool {
        let (_, authority) = self.0.split_once("://").unwrap_or_default();
        authority.split(':').next().is_some_and(|host| host.strip_suffix(".onion").is_some())
    }

    /// The same origin for `WebSocket`, as a Content-Security-Policy names it.
    pub(crate) fn websocket(&self) -> String {
        self.0.replacen("http", "ws", 1)
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Origin {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

fn is_host(host: &str) -> bool {
    let name = |host: &str| {
        !host.is_empty()
            && host.split('.').all(|label| !label.is_empty())
            && host.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-'))
    };
    match host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(address) => {
            address.parse::<std::net::Ipv6Addr>().is_ok_and(|parsed| parsed.to_string() == address)
        }
        None => name(host),
    }
}

fn is_port(port: &str) -> bool {
    port.parse::<u16>().is_ok_and(|number| number != 0 && number.to_string() == port)
}
