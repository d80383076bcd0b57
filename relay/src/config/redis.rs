//! What the operator says about a Redis.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::ConfigError;
use super::secret::read_secret;
use crate::redis_store::{RedisAddress, RedisConfig, RedisKind};

/// Addresses at most.
const ADDRESSES_MAX: usize = 32;
/// More replicas of one master than anybody waits for.
const REPLICAS_MAX: u32 = 16;

/// A Redis, wherever it is named.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RedisToml {
    kind: KindToml,
    addresses: Vec<RedisAddress>,
    master: Option<String>,
    user: Option<String>,
    password_file: Option<PathBuf>,
    ca_file: Option<PathBuf>,
    #[serde(default)]
    replicas: u32,
    /// For what nodes share; counters have none.
    pub(super) secret_file: Option<PathBuf>,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum KindToml {
    Single,
    Sentinel,
    Cluster,
}

impl RedisToml {
    pub(super) fn load(self, directory: &Path) -> Result<RedisConfig, ConfigError> {
        let wrong = |problem: &str| ConfigError::Nodes(format!("Redis: {problem}"));
        let kind = match (self.kind, self.master) {
            (KindToml::Single, None) => RedisKind::Single,
            (KindToml::Cluster, None) => RedisKind::Cluster,
            (KindToml::Sentinel, Some(master)) => RedisKind::Sentinel { master },
            (KindToml::Sentinel, None) => return Err(wrong("kind \"sentinel\" needs master")),
            (KindToml::Single | KindToml::Cluster, Some(_)) => {
                return Err(wrong("master is for kind \"sentinel\" alone"));
            }
        };
        let addresses = self.addresses;
        let is_one = kind == RedisKind::Single && addresses.len() != 1;
        if addresses.is_empty() || addresses.len() > ADDRESSES_MAX || is_one {
            return Err(wrong("it has 1 to 32 addresses, and one for kind \"single\""));
        }
        let with_tls = addresses.iter().filter(|address| address.tls).count();
        if with_tls != 0 && with_tls != addresses.len() {
            return Err(wrong("its addresses all begin with rediss://, or none does"));
        }
        if self.replicas > REPLICAS_MAX {
            return Err(wrong("replicas is at most 16"));
        }
        if self.user.is_some() && self.password_file.is_none() {
            return Err(wrong("user needs password_file"));
        }
        let password = self.password_file.map(|path| directory.join(path));
        let password = password.map(|path| read_secret("password of Redis", &path)).transpose()?;
        let authority_pem = match self.ca_file.map(|path| directory.join(path)) {
            Some(_) if with_tls == 0 => return Err(wrong("ca_file needs rediss:// addresses")),
            Some(path) => Some(fs::read(&path).map_err(|problem| ConfigError::Secret {
                what: "ca_file of Redis",
                path,
                problem: problem.to_string(),
            })?),
            None => None,
        };
        let (user, replicas) = (self.user, self.replicas);
        Ok(RedisConfig { kind, addresses, user, password, authority_pem, replicas })
    }
}
