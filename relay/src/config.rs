//! What the operator says in `relay.toml`.

mod connections;
mod indicators;
mod limits;
mod nodes;
mod origin;
mod redis;
mod secret;
mod signed;
mod tls;

use std::collections::HashMap;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use thiserror::Error;
use vestibule_wire::AuthorityKey;

use self::connections::Connections;
pub use self::connections::allow_open_files;
use self::indicators::{CountingToml, IndicatorsToml};
use self::nodes::NodeToml;
use self::redis::RedisToml;
use self::tls::TlsToml;
use crate::confine::{Connect, Needs};
use crate::elsewhere::{Elsewhere, PAGE_ORIGINS_MAX};
use crate::indicators::{Counting, IndicatorsConfig};
use crate::page::{Page, PageError};
use crate::redis_store::{RedisConfig, RedisProblem};
use crate::revocations::RevocationsFile;
use crate::tls::TlsConfig;
pub use limits::Limits;
pub use nodes::Node;
pub use origin::Origin;
use signed::{load_card, load_leaflets};

const CONFIG_BYTES_MAX: u64 = 1_048_576;

/// Everything that a relay needs to run.
pub struct Config {
    /// Where to listen without TLS.
    pub listen: SocketAddr,
    /// Where to listen with TLS, if the relay speaks it itself.
    pub tls: Option<TlsConfig>,
    /// Under which origins clients and workers know the relay.
    pub origins: Vec<Origin>,
    /// The client's page.
    pub page: Page,
    /// Whose client's pages may speak to it besides.
    pub elsewhere: Elsewhere,
    /// The services served.
    pub services: Vec<Service>,
    /// Where their indicators are kept, if they are.
    pub indicators: Option<IndicatorsConfig>,
    /// What it shares with other relays that serve as one with it, if there are any.
    pub nodes: Option<Node>,
    /// Where health figures are told to the operator's programs, if they are.
    pub health_listen: Option<SocketAddr>,
    /// What peers may do.
    pub limits: Limits,
}

/// A service that the relay serves.
pub struct Service {
    /// Its authority key.
    pub authority: AuthorityKey,
    /// What its clients read before they press Start, signed.
    pub card: Vec<u8>,
    /// What they read while they wait, by language, signed.
    pub leaflets: HashMap<&'static str, Vec<u8>>,
    /// What it no longer believes, if the operator keeps a list.
    pub revocations: Option<RevocationsFile>,
    /// How its indicators are counted.
    pub counting: Counting,
}

/// Why a relay cannot start. Each is one sentence for the operator.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// The configuration file cannot be read.
    #[error("cannot read the configuration {}: {problem}", path.display())]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        problem: std::io::Error,
    },
    /// The configuration file is not what it should be.
    #[error("{}, line {line}: {problem}", path.display())]
    Wrong {
        /// Which file.
        path: PathBuf,
        /// Where.
        line: usize,
        /// What.
        problem: String,
    },
    /// A card cannot be used.
    #[error("service card {}: {problem}", path.display())]
    Card {
        /// Which file.
        path: PathBuf,
        /// Why.
        problem: String,
    },
    /// Leaflets cannot be used.
    #[error("leaflets {}: {problem}", path.display())]
    Leaflets {
        /// Which file or folder.
        path: PathBuf,
        /// Why.
        problem: String,
    },
    /// A list of revocations cannot be used.
    #[error("revocations {}: {problem}", path.display())]
    Revocations {
        /// Which file.
        path: PathBuf,
        /// Why.
        problem: String,
    },
    /// The file of indicators cannot be used.
    #[error("indicators {}{}: {problem}", path.display(), at_line(*line))]
    Indicators {
        /// Which file.
        path: PathBuf,
        /// Where in it.
        line: Option<usize>,
        /// Why.
        problem: String,
    },
    /// The file of indicators cannot be written.
    #[error("indicators {} cannot be written: {problem}", path.display())]
    IndicatorsNotWritten {
        /// Which file.
        path: PathBuf,
        /// Why.
        problem: std::io::Error,
    },
    /// The file of indicators is another relay's.
    #[error("indicators {} already counts for another relay that runs", path.display())]
    IndicatorsTaken {
        /// Which file.
        path: PathBuf,
    },
    /// The page cannot be used.
    #[error("the page {} {problem}", path.display())]
    Page {
        /// Which directory.
        path: PathBuf,
        /// Why.
        problem: PageError,
    },
    /// The Redis of the indicators cannot be written or read.
    #[error("indicators: {0}")]
    IndicatorsRedis(RedisProblem),
    /// What is said of nodes or of Redis does not fit together.
    #[error("{0}")]
    Nodes(String),
    /// A file with a secret, or with certificates, cannot be used.
    #[error("{what} {}: {problem}", path.display())]
    Secret {
        /// What it is for.
        what: &'static str,
        /// Which file.
        path: PathBuf,
        /// Why.
        problem: String,
    },
    /// Redis cannot be used.
    #[error("{0}")]
    Redis(RedisProblem),
    /// An authority is named twice.
    #[error("service {0} is configured twice")]
    ServiceTwice(String),
    /// Too many origins of pages are named.
    #[error("{}: at most {PAGE_ORIGINS_MAX} page_origins", path.display())]
    PageOrigins {
        /// Which file.
        path: PathBuf,
    },
    /// There is no service or no origin.
    #[error("{}: at least one {what} is needed", path.display())]
    Empty {
        /// Which file.
        path: PathBuf,
        /// What is missing.
        what: &'static str,
    },
}

fn at_line(line: Option<usize>) -> String {
    line.map(|line| format!(", line {line}")).unwrap_or_default()
}

/// The file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RelayToml {
    listen: SocketAddr,
    origins: Vec<Origin>,
    page: PathBuf,
    #[serde(default)]
    page_origins: Vec<Origin>,
    #[serde(default)]
    offline_page: bool,
    health_listen: Option<SocketAddr>,
    connections: Option<Connections>,
    tls: Option<TlsToml>,
    indicators: Option<IndicatorsToml>,
    node: Option<NodeToml>,
    redis: Option<RedisToml>,
    #[serde(default)]
    service: Vec<ServiceToml>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ServiceToml {
    authority: HexAuthority,
    card: PathBuf,
    leaflets: Option<PathBuf>,
    revocations: Option<PathBuf>,
    #[serde(default)]
    indicators: CountingToml,
}

impl Config {
    /// Reads `relay.toml` and everything that it names. Relative paths start at its directory.
    ///
    /// # Errors
    /// When anything is missing or wrong.
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        let text = fs::metadata(path)
            .and_then(|metadata| {
                let fits = metadata.is_file() && metadata.len() <= CONFIG_BYTES_MAX;
                if fits {
                    fs::read_to_string(path)
                } else {
                    Err(std::io::ErrorKind::InvalidInput.into())
                }
            })
            .map_err(|problem| ConfigError::Unreadable { path: path.to_owned(), problem })?;
        let file: RelayToml = toml::from_str(&text).map_err(|error| wrong(path, &text, &error))?;
        let empty = |what| ConfigError::Empty { path: path.to_owned(), what };
        if file.origins.is_empty() {
            return Err(empty("origin"));
        }
        if file.service.is_empty() {
            return Err(empty("[[service]]"));
        }
        if file.page_origins.len() > PAGE_ORIGINS_MAX {
            return Err(ConfigError::PageOrigins { path: path.to_owned() });
        }
        let directory = path.parent().unwrap_or(Path::new(""));
        let page_path = directory.join(&file.page);
        let page = Page::load(&page_path)
            .map_err(|problem| ConfigError::Page { path: page_path, problem })?;
        let mut services: Vec<Service> = Vec::new();
        for service in file.service {
            let service = service.load(directory)?;
            if services.iter().any(|other| other.authority == service.authority) {
                return Err(ConfigError::ServiceTwice(service.authority.to_hex()));
            }
            services.push(service);
        }
        let elsewhere =
            Elsewhere { page_origins: file.page_origins, offline_page: file.offline_page };
        let limits = file.connections.map_or_else(Limits::default, Connections::limits);
        let RelayToml { listen, origins, health_listen, tls, indicators, node, redis, .. } = file;
        let tls = tls.map(|tls| tls.load(directory)).transpose()?;
        let nodes = nodes::load(node, redis, directory)?;
        let indicators = indicators.map(|indicators| indicators.load(nodes.as_ref(), directory));
        let indicators = indicators.transpose()?;
        Ok(Self {
            listen,
            tls,
            origins,
            page,
            elsewhere,
            services,
            indicators,
            nodes,
            health_listen,
            limits,
        })
    }

    /// Every Redis that it speaks to.
    fn redis(&self) -> impl Iterator<Item = &RedisConfig> {
        let nodes = self.nodes.iter().map(|node| &node.redis);
        let indicators = self.indicators.as_ref().and_then(IndicatorsConfig::redis);
        nodes.chain(indicators)
    }

    /// What the relay will need while it serves.
    pub fn needs(&self) -> Needs {
        let revocations = self.services.iter().filter_map(|service| service.revocations.as_ref());
        Needs {
            read: revocations.map(RevocationsFile::folder).collect(),
            write: self.indicators.as_ref().and_then(IndicatorsConfig::folder),
            connect: self.redis().map(RedisConfig::ports).fold(Connect::Nowhere, Connect::or),
        }
    }
}

fn wrong(path: &Path, text: &str, error: &toml::de::Error) -> ConfigError {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    ConfigError::Wrong {
        path: path.to_owned(),
        line: before.matches('\n').count() + 1,
        problem: error.message().replace('\n', " "),
    }
}

impl ServiceToml {
    fn load(self, directory: &Path) -> Result<Service, ConfigError> {
        let Self { authority: HexAuthority(authority), card, leaflets, revocations, indicators } =
            self;
        let card = load_card(&directory.join(card), &authority)?;
        let leaflets = leaflets.map(|folder| load_leaflets(&directory.join(folder), &authority));
        let revocations =
            revocations.map(|path| RevocationsFile::read(&directory.join(path), &authority));
        let (leaflets, revocations) = (leaflets.transpose()?, revocations.transpose()?);
        let (leaflets, counting) = (leaflets.unwrap_or_default(), indicators.0);
        Ok(Service { authority, card, leaflets, revocations, counting })
    }
}

struct HexAuthority(AuthorityKey);

impl<'de> Deserialize<'de> for HexAuthority {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        AuthorityKey::from_hex(&text)
            .map(Self)
            .map_err(|_| serde::de::Error::custom("an authority is 64 digits of hex in lower case"))
    }
}

#[cfg(test)]
mod tests;
