//! The month's relay, services and workers.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use vestibule_console::SecretString;
use vestibule_console::clock::Clock as ConsoleClock;
use vestibule_console::dates;
use vestibule_console::desk_page::{DeskOptions, RunningDesk};
use vestibule_console::enrolment::{DAYS_MAX, Enrolment, Terms};
use vestibule_console::key_file::Work;
use vestibule_console::origin::Origin;
use vestibule_console::page_files::PageFiles;
use vestibule_console::service_file::Service;
use vestibule_protocol::{Channel, Link};
use vestibule_relay::{Clock, Config, Limits, Server};
use vestibule_tests::service::{Shift, now};
use vestibule_tests::socket::Way;
use vestibule_wire::{Alias, AuthorityKey, CELLS, LanguageSet, Role, Sums, Timestamp};

use super::page::Page;
use super::truth::Truth;
use crate::fleet::Defence;

/// Clients that are let in at a door without a puzzle.
pub const DOORS: u32 = 16;
const DOOR_DAYS: u32 = 60;
const PASSPHRASE: &str = "correct horse";
const ROLES: [Role; 6] =
    [Role::Outreach, Role::Peer, Role::Doctor, Role::Psychologist, Role::Lawyer, Role::Coordinator];
/// Who left comes again within so long, or has left: the simulation waits for that at the end of weeks.
pub const SAME_REQUEST_WITHIN: Duration = Duration::from_secs(2);
/// Slips go at some moment of so long a time,
pub const HAND_IN_SOON: Duration = Duration::from_millis(200);
/// or not while the desk is open.
pub const HAND_IN_LATER: Duration = Duration::from_hours(1_000);
/// How often the relay looks at the simulation's clock.
const CHECK_INTERVAL: Duration = Duration::from_millis(20);

/// Everything that a month happens in.
pub struct World {
    /// How everybody gets to the relay.
    pub way: Way,
    /// The services.
    pub services: Vec<Office>,
    /// Where the relay keeps its sums.
    pub file: PathBuf,
    relay: JoinHandle<()>,
    folder: TempDir,
}

/// One service.
pub struct Office {
    /// What names it.
    pub authority: AuthorityKey,
    /// Its workers.
    pub workers: Vec<Worker>,
    /// What really happened.
    pub truth: Truth,
    /// Its doors.
    pub doors: Vec<Link>,
    /// Makes the links that clients are given.
    pub issuer: Enrolment,
    coordinator: Enrolment,
}

/// One worker, and what has been counted of their consultations and not been handed in.
pub struct Worker {
    /// What clients and colleagues call them.
    pub alias: String,
    /// What they do.
    pub role: Role,
    /// Waits until it is of enough consultations.
    pub pending: Box<Sums>,
    /// Of how many it is.
    pub pending_consultations: u64,
    /// Slips that went into the worker's folder when the desk was closed.
    pub carried: Option<Box<Sums>>,
    /// Whether this shift's slips do so.
    pub hands_in_later: bool,
    /// While the worker is there.
    pub desk: Option<Arc<Desk>>,
    folder: PathBuf,
}

/// A worker's desk and its page.
pub struct Desk {
    /// What the worker sees and presses.
    pub page: Page,
    running: RunningDesk,
}

/// The catalogue's name of a role.
pub fn name_of_role(role: Role) -> &'static str {
    match role {
        Role::Outreach => "outreach_worker",
        Role::Peer => "peer",
        Role::Doctor => "doctor",
        Role::Psychologist => "psychologist",
        Role::Lawyer => "lawyer",
        Role::Coordinator => "coordinator",
    }
}

impl World {
    /// Services with so many workers each, at a relay that runs by the simulation's clock. Their sums are
    /// read at that moment.
    pub async fn new(workers: &[usize], defence: Defence, read_at: Timestamp) -> Self {
        let folder = TempDir::new().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let path = folder.path();
        std::fs::create_dir_all(path.join("page")).unwrap();
        std::fs::write(path.join("page/index.html"), "<!doctype html><title>-</title>").unwrap();
        let mut toml = format!(
            "listen = \"127.0.0.1:0\"\norigins = [\"{origin}\"]\npage = \"page\"\n\
             [indicators]\nfile = \"indicators.json\"\n"
        );
        let services = workers.iter().enumerate().map(|(place, count)| {
            let office = Office::new(path, &origin, (place, *count), read_at);
            let authority = office.authority.to_hex();
            let service =
                ["[[service]]\nauthority = \"", &authority, "\"\ncard = \"card-"].concat();
            toml.extend([service.as_str(), &place.to_string(), ".bin\"\n"]);
            if defence == Defence::Off {
                toml.push_str("[service.indicators]\nexact = true\n");
            }
            office
        });
        let services = services.collect();
        std::fs::write(path.join("relay.toml"), toml).unwrap();
        let mut config = Config::load(&path.join("relay.toml")).unwrap();
        config.limits = Limits {
            same_request_within: SAME_REQUEST_WITHIN,
            indicators_check_interval: CHECK_INTERVAL,
            ..config.limits
        };
        let server = Server::new(config).with_clock(Clock::from_fn(now));
        let relay = tokio::spawn(server.serve(listener, std::future::pending()));
        let file = path.join("indicators.json");
        Self { way: Way::to(&origin), services, file, relay, folder }
    }

    /// Everybody who is there now.
    pub fn desks(&self) -> impl Iterator<Item = &Arc<Desk>> {
        self.services.iter().flat_map(|office| &office.workers).filter_map(|it| it.desk.as_ref())
    }

    /// The folder with the desk's page.
    pub fn page_folder(&self) -> PathBuf {
        self.folder.path().join("page")
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.relay.abort();
    }
}

impl Office {
    fn new(
        folder: &Path,
        origin: &str,
        (place, workers): (usize, usize),
        read_at: Timestamp,
    ) -> Self {
        let origin = Origin::parse(origin).unwrap();
        let name = format!("Service {place}");
        let mut service = Service::create(&name, vec![origin.clone()], None, now()).unwrap();
        std::fs::write(folder.join(format!("card-{place}.bin")), service.signed_card()).unwrap();
        let doors = (0..DOORS)
            .map(|_| {
                let door = service.open_door(DOOR_DAYS, Channel::Card, &origin, now()).unwrap();
                Link::from_bytes(&door.link().to_bytes()[..]).unwrap()
            })
            .collect();
        let worker = |number: usize| {
            let role = ROLES[number % ROLES.len()];
            let alias = format!("W{number}");
            let folder = folder.join(format!("service-{place}-{alias}"));
            std::fs::create_dir_all(&folder).unwrap();
            let enrolment = enrol(&service, &alias, role, now());
            let sealed = enrolment.seal(passphrase(), Work::Factor(4));
            std::fs::write(folder.join("worker.age"), sealed).unwrap();
            Worker {
                alias,
                role,
                pending: Box::new([0; CELLS]),
                pending_consultations: 0,
                carried: None,
                hands_in_later: false,
                desk: None,
                folder,
            }
        };
        let workers = (0..workers).map(worker).collect();
        Self {
            authority: enrol(&service, "Links", Role::Peer, now()).authority,
            workers,
            truth: Truth::default(),
            doors,
            issuer: enrol(&service, "Links", Role::Peer, now()),
            coordinator: enrol(&service, "Reads", Role::Coordinator, read_at),
        }
    }

    /// Whether nothing waits but what is of too few consultations.
    pub fn has_handed_in(&self) -> bool {
        let has = |worker: &Worker| worker.carried.is_none() && worker.pending_consultations < 5;
        self.workers.iter().all(has)
    }

    /// The certificate by which the sums are read.
    pub fn coordinator(&self) -> Shift {
        let shift = self.coordinator.shift_at(now()).unwrap();
        let key = vestibule_protocol::ShiftKey::from_bytes(shift.key.as_bytes());
        Shift { key, certificate: shift.certificate }
    }
}

fn enrol(service: &Service, alias: &str, role: Role, from: Timestamp) -> Enrolment {
    let terms = Terms {
        alias: Alias::new(alias).unwrap(),
        role,
        languages: LanguageSet::from_bits(15).unwrap(),
        first_day: dates::start_of_day(from),
        days: DAYS_MAX,
    };
    Enrolment::new(service, &terms)
}

fn passphrase() -> SecretString {
    SecretString::from(PASSPHRASE.to_owned())
}

impl Worker {
    /// Sits down and goes on duty. What an earlier shift has left is handed in.
    pub async fn come(&mut self, page_folder: &Path, hand_in_within: Duration) {
        let path = self.folder.join("worker.age");
        let enrolment = Enrolment::open(&std::fs::read(&path).unwrap(), passphrase()).unwrap();
        let files = PageFiles::read(page_folder).unwrap();
        let (worker_file, viewer) = (path, PathBuf::new());
        let options = DeskOptions { worker_file, pack_folder: None, save_data: true, viewer };
        let clock = ConsoleClock::told_by(now);
        let running =
            RunningDesk::start_handing_in_within(hand_in_within, enrolment, files, clock, options);
        let running = running.await.expect("a desk starts");
        let page = Page::open(&running).await;
        page.ask(json!({ "type": "set_capacity", "capacity": 8 })).await;
        page.ask(json!({ "type": "go_on_duty" })).await;
        page.until("duty", |shown| (shown.duty == "on").then_some(())).await;
        let desk = Desk { page, running };
        desk.touch().await;
        self.desk = Some(Arc::new(desk));
    }

    /// Goes off duty. Returns what the relay counts of it, now or when the worker comes next.
    pub async fn go_off_duty(&mut self) -> Option<Box<Sums>> {
        let desk = self.desk.as_ref().expect("the worker is there");
        desk.page.ask(json!({ "type": "go_off_duty" })).await;
        desk.page.until("the end of duty", |shown| (shown.duty == "off").then_some(())).await;
        let enough = self.pending_consultations >= 5;
        let waiting = if enough { 0 } else { self.pending_consultations };
        desk.page.until("what waits", |shown| (shown.waiting == waiting).then_some(())).await;
        enough.then(|| {
            self.pending_consultations = 0;
            std::mem::replace(&mut self.pending, Box::new([0; CELLS]))
        })
    }

    /// What the shift has left is handed in when the worker comes again.
    pub fn carry(&mut self, slips: Option<Box<Sums>>) {
        let Some(slips) = slips else { return };
        let carried = self.carried.get_or_insert_with(|| Box::new([0; CELLS]));
        carried.iter_mut().zip(&*slips).for_each(|(sum, count)| *sum += count);
    }

    /// Closes the desk.
    pub async fn leave(&mut self) {
        let desk = self.desk.take().expect("the worker is there");
        let Desk { page, running } = Arc::into_inner(desk).expect("nobody else is at it any more");
        running.stop().await;
        drop(page);
    }
}

impl Desk {
    /// The worker touches the desk, so that it does not lock in the next hour.
    pub async fn touch(&self) {
        let before = self.page.now(|shown| shown.touched);
        self.page.ask(json!({ "type": "set_lock_minutes", "minutes": 60 })).await;
        self.page.until("minutes", |shown| (shown.touched > before).then_some(())).await;
    }

    /// Waits until the relay has counted every slip.
    pub async fn until_handed_in(&self) {
        self.page.until("slips counted", |shown| (shown.going == 0).then_some(())).await;
    }
}
