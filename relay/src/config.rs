//! What the operator says in `relay.toml`, and every limit and deadline of the relay with its reason.

mod origin;
mod signed;

use std::collections::HashMap;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;
use thiserror::Error;
use vestibule_wire::AuthorityKey;

use crate::page::{Page, PageError};
use crate::revocations::RevocationsFile;
pub use origin::Origin;
use signed::{load_card, load_leaflets};

const CONFIG_BYTES_MAX: u64 = 1_048_576;

/// Everything that a relay needs to run.
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Under which origins clients and workers know the relay.
    pub origins: Vec<Origin>,
    /// The client's page.
    pub page: Page,
    /// The services served.
    pub services: Vec<Service>,
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
    /// The page cannot be used.
    #[error("the page {} {problem}", path.display())]
    Page {
        /// Which directory.
        path: PathBuf,
        /// Why.
        problem: PageError,
    },
    /// An authority is named twice.
    #[error("service {0} is configured twice")]
    ServiceTwice(String),
    /// There is no service or no origin.
    #[error("{}: at least one {what} is needed", path.display())]
    Empty {
        /// Which file.
        path: PathBuf,
        /// What is missing.
        what: &'static str,
    },
}

/// The file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RelayToml {
    listen: SocketAddr,
    origins: Vec<Origin>,
    page: PathBuf,
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
        let RelayToml { listen, origins, .. } = file;
        Ok(Self { listen, origins, page, services, limits: Limits::default() })
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
        let Self { authority: HexAuthority(authority), card, leaflets, revocations } = self;
        let card = load_card(&directory.join(card), &authority)?;
        let leaflets = leaflets.map(|folder| load_leaflets(&directory.join(folder), &authority));
        let revocations =
            revocations.map(|path| RevocationsFile::read(&directory.join(path), &authority));
        let (leaflets, revocations) = (leaflets.transpose()?, revocations.transpose()?);
        Ok(Service { authority, card, leaflets: leaflets.unwrap_or_default(), revocations })
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

/// What the relay allows. The defaults are those of the specification's reference relay; tests
/// shorten the deadlines.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Sockets open at once, of any kind. A waiting one takes less than 2 KiB here, a client's opening
    /// 2 KiB besides, and 8 KiB in the kernel.
    pub connections_max: usize,
    /// Longest request head. Browsers send less than 2 KiB.
    pub request_header_bytes_max: usize,
    /// From the connection to the end of the first request's head.
    pub request_header_deadline: Duration,
    /// From the connection to its upgrade or its end: a page and its files over a slow Tor circuit.
    pub request_deadline: Duration,
    /// From the upgrade to the first frame: two ways through a slow Tor circuit. A person has pressed
    /// Start before the page connects.
    pub first_frame_deadline: Duration,
    /// From `granted` to `take_seat` (section 6).
    pub seat_deadline: Duration,
    /// How often every socket is looked at. Deadlines below are kept to within one tick.
    pub tick_interval: Duration,
    /// After so long without a word a peer is sent a ping.
    pub ping_interval: Duration,
    /// After so long without a word, two pings included, a peer is gone.
    pub silent_after: Duration,
    /// A peer that takes nothing for so long does not read.
    pub write_stall_max: Duration,
    /// From our close frame to the end of the socket.
    pub close_deadline: Duration,
    /// From the signal to stop to the end of the process.
    pub stop_deadline: Duration,
    /// Bytes kept for a peer that reads slowly: one burst of cells.
    pub spill_bytes_max: usize,
    /// Openings waiting for one service: more than any service answers in an hour.
    pub waiting_openings_max: usize,
    /// Openings of one link waiting at once: a person may open it in two browsers.
    pub openings_per_link_max: usize,
    /// Openings waiting at all doors of one service: whoever has only seen a poster leaves half of the
    /// room to those who were given a link.
    pub door_openings_max: usize,
    /// Openings waiting at one door, so that no poster takes the place of another.
    pub openings_per_door_max: usize,
    /// Openings let in at one door in about a minute. Each is told to every worker on duty, 2 KiB at a
    /// time, and the slowest line among them must keep up.
    pub arrivals_per_door_minute_max: usize,
    /// From `puzzle` to `solution` (section 6).
    pub solution_deadline: Duration,
    /// Sockets that solve a puzzle. They have shown no more than what stands on a poster.
    pub solving_sockets_max: usize,
    /// How often a list of revocations that the operator keeps is looked at.
    pub revocations_check_interval: Duration,
    /// Workers on duty for one service.
    pub workers_on_duty_max: usize,
    /// Whispers of one worker that colleagues have not yet taken, at about 1 KiB each: the full
    /// windows (section 9) of four. Whoever has so many is not read until one is taken.
    pub whispers_waiting_max: usize,
    /// Sockets waiting at a route, of either end. A worker keeps one for each of its consultations,
    /// which has two sockets beside it, so this is more than can be needed. Nobody proves anything
    /// before waiting here, so the other half of all connections is kept for those who do.
    pub rejoining_sockets_max: usize,
    /// Spent links of one service that are remembered, at about 100 bytes each.
    pub nullifiers_max: usize,
    /// Requests waiting for the lobby; whoever asks when it is full waits.
    pub lobby_queue_len_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections_max: 8_192,
            request_header_bytes_max: 8_192,
            request_header_deadline: Duration::from_secs(10),
            request_deadline: Duration::from_mins(1),
            first_frame_deadline: Duration::from_secs(10),
            seat_deadline: Duration::from_secs(10),
            tick_interval: Duration::from_secs(5),
            ping_interval: Duration::from_secs(15),
            silent_after: Duration::from_secs(35),
            write_stall_max: Duration::from_secs(20),
            close_deadline: Duration::from_secs(2),
            stop_deadline: Duration::from_millis(1_500),
            spill_bytes_max: 128 * 1_024,
            waiting_openings_max: 256,
            openings_per_link_max: 2,
            door_openings_max: 128,
            openings_per_door_max: 64,
            arrivals_per_door_minute_max: 240,
            solution_deadline: Duration::from_mins(2),
            solving_sockets_max: 2_048,
            revocations_check_interval: Duration::from_secs(15),
            workers_on_duty_max: 256,
            whispers_waiting_max: 256,
            rejoining_sockets_max: 4_096,
            nullifiers_max: 131_072,
            lobby_queue_len_max: 1_024,
        }
    }
}

#[cfg(test)]
mod tests;
