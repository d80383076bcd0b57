//! Where Redis is and how it is asked, as the operator says it.

use std::fmt;
use std::net::IpAddr;

use serde::Deserialize;
use zeroize::Zeroizing;

use crate::confine::Connect;

/// Which Redis, and who asks.
#[derive(Clone)]
pub struct RedisConfig {
    pub(crate) kind: RedisKind,
    /// Servers, sentinels or some members of the Cluster: the first that answers serves.
    pub(crate) addresses: Vec<RedisAddress>,
    /// The user of the access list.
    pub(crate) user: Option<String>,
    pub(crate) password: Option<Zeroizing<String>>,
    /// The authority of its certificates; without one the machine's own list counts.
    pub(crate) authority_pem: Option<Vec<u8>>,
    /// How many replicas must have what was written before it counts.
    pub(crate) replicas: u32,
}

impl RedisConfig {
    /// To which ports a relay connects for it.
    pub(crate) fn ports(&self) -> Connect {
        match self.kind {
            RedisKind::Single => {
                Connect::To(self.addresses.iter().map(|address| address.port).collect())
            }
            RedisKind::Sentinel { .. } | RedisKind::Cluster => Connect::Anywhere,
        }
    }
}

/// How masters are found.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum RedisKind {
    /// It is at the address.
    Single,
    /// Sentinels know it by this name.
    Sentinel {
        /// The name.
        master: String,
    },
    /// Several, of which each has its slots.
    Cluster,
}

/// `redis://host:port`, or `rediss://host:port` for TLS.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct RedisAddress {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) tls: bool,
}

impl RedisAddress {
    /// Takes an address without user, password and database: those are said elsewhere, or not at all.
    pub(crate) fn new(text: &str) -> Result<Self, String> {
        let wrong = || "an address of Redis is redis://HOST:PORT or rediss://HOST:PORT".to_owned();
        let (tls, authority) = match text.split_once("://") {
            Some(("redis", authority)) => (false, authority),
            Some(("rediss", authority)) => (true, authority),
            _ => return Err(wrong()),
        };
        let (host, port) = authority.rsplit_once(':').ok_or_else(wrong)?;
        let bare = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:".contains(&byte);
        let port: u16 = port.parse().map_err(|_| wrong())?;
        if bare.is_empty() || port == 0 || !bare.bytes().all(is_plain) {
            return Err(wrong());
        }
        if bare == host && host.contains(':') {
            return Err(wrong());
        }
        if bare.parse::<IpAddr>().is_err() {
            return Err(format!(
                "{bare} is a name: give its IP address, since no name server is asked"
            ));
        }
        Ok(Self { host: bare.to_owned(), port, tls })
    }
}

/// Names a server to the operator, who wrote it or its like.
impl fmt::Display for RedisAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.host, self.port)
    }
}

impl<'de> Deserialize<'de> for RedisAddress {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}
