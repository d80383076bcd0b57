//! One relay, as a process of its own, that serves many services at once: each start of it is as many
//! independent trials.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tempfile::TempDir;
use tokio::process::{Child, Command};
use tokio::time::timeout;
use vestibule_protocol::EpochKeys;
use vestibule_tests::relay::{relay_command, start_somewhere};
use vestibule_tests::service::{Service, Shift, now};
use vestibule_tests::socket::{Socket, Way};
use vestibule_wire::{AuthorityKey, Epoch};

use crate::by_hand::HandClock;
use crate::store::Store;

/// From its first word to its first answer.
const START_MAX: Duration = Duration::from_mins(5);
/// From SIGTERM to the end of the process: the file is written then.
const STOP_MAX: Duration = Duration::from_mins(5);

/// How the relay counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Defence {
    /// As it comes: noise of the default budget.
    Default,
    /// None: `exact = true`.
    Off,
}

/// One service of the fleet.
pub struct Member {
    /// Its coordinator's keys.
    pub service: Service,
    /// Of the worker who is on duty for it.
    pub shift: Arc<Shift>,
}

impl Member {
    /// What names it.
    pub fn authority(&self) -> AuthorityKey {
        self.service.authority.public()
    }

    /// The keys by which its slips are signed now.
    pub fn keys(&self) -> EpochKeys {
        self.service.authority.newest_epoch_keys(Epoch::current(now()))
    }
}

/// Services, the files of their relay, and the relay while it runs.
pub struct Fleet {
    /// Its services.
    pub members: Vec<Arc<Member>>,
    folder: TempDir,
    defence: Defence,
}

/// The relay's process.
pub struct RunningFleet {
    /// How peers get to it.
    pub way: Way,
    process: Child,
}

impl Fleet {
    /// So many new services.
    pub fn new(count: usize, defence: Defence) -> Self {
        let folder = TempDir::new().unwrap();
        std::fs::create_dir_all(folder.path().join("page")).unwrap();
        std::fs::write(folder.path().join("page/index.html"), "<!doctype html><title>-</title>")
            .unwrap();
        let members = (0..count).map(|place| member(folder.path(), place)).map(Arc::new).collect();
        Self { members, folder, defence }
    }

    /// Where its relay's files are.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Where the relay keeps its sums.
    pub fn path(&self) -> PathBuf {
        self.folder.path().join("indicators.json")
    }

    /// The sums that its file holds now; none when there is no file yet.
    pub fn store(&self) -> Store {
        Store::read(&self.path())
    }

    /// Starts the relay; returns when it serves.
    pub async fn start(&self) -> RunningFleet {
        self.start_as(relay_command).await
    }

    /// Starts one whose clock is moved by hand.
    pub async fn start_by(&self, clock: &HandClock) -> RunningFleet {
        self.start_as(|config| clock.relay_command(config)).await
    }

    async fn start_as(&self, command: impl Fn(&Path) -> Command) -> RunningFleet {
        let configure = |origin: &str| self.write_config(origin);
        let (way, _, process) = start_somewhere(configure, command).await;
        until_served(&way).await;
        RunningFleet { way, process }
    }

    fn write_config(&self, origin: &str) -> PathBuf {
        let listen = origin.trim_start_matches("http://");
        let mut toml = format!(
            "listen = \"{listen}\"\norigins = [\"{origin}\"]\npage = \"page\"\n\
             [indicators]\nfile = \"indicators.json\"\n"
        );
        for (place, member) in self.members.iter().enumerate() {
            let authority = member.authority().to_hex();
            let _ = write!(
                toml,
                "[[service]]\nauthority = \"{authority}\"\ncard = \"{}\"\n",
                card_name(place)
            );
            if self.defence == Defence::Off {
                toml.push_str("[service.indicators]\nexact = true\n");
            }
        }
        let path = self.folder.path().join("relay.toml");
        std::fs::write(&path, toml).unwrap();
        path
    }
}

impl RunningFleet {
    /// The number of the process.
    pub fn process_id(&self) -> u32 {
        self.process.id().expect("it runs")
    }

    /// Stops it gracefully: what was counted goes into the file.
    pub async fn stop(mut self) {
        let process = self.process_id().to_string();
        let told = Command::new("kill").args(["-TERM", &process]).status().await.unwrap();
        assert!(told.success(), "the relay hears of it");
        let ended = timeout(STOP_MAX, self.process.wait()).await.expect("it ends in time");
        assert!(ended.unwrap().success(), "it ends well");
    }
}

/// It listens before it has drawn the noise of thousands of services.
async fn until_served(way: &Way) {
    let served = async { while Socket::try_connect(way, "/ws/duty").await.is_err() {} };
    timeout(START_MAX, served).await.expect("the relay serves in time");
}

fn member(folder: &Path, place: usize) -> Member {
    let service = Service::default();
    service.write_card(&folder.join(card_name(place)));
    let shift = Arc::new(service.shift());
    Member { service, shift }
}

fn card_name(place: usize) -> String {
    format!("card-{place}.bin")
}
