//! A service, a worker at a desk, and the fake relay that both name.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use vestibule_console::SecretString;
use vestibule_console::clock::Clock;
use vestibule_console::dates;
use vestibule_console::desk_page::{DeskOptions, RunningDesk};
use vestibule_console::enrolment::{Enrolment, Terms};
use vestibule_console::key_file::Work;
use vestibule_console::links;
use vestibule_console::origin::Origin;
use vestibule_console::page_files::PageFiles;
use vestibule_console::service_file::Service;
use vestibule_protocol::{Channel, Link};
use vestibule_wire::{Alias, LanguageSet, Role};

use crate::fake_relay::FakeRelay;
use crate::page::Page;

pub(crate) const SECONDS_OF_A_LINK: u32 = 3_600;
/// Of every worker's file.
pub(crate) const PASSPHRASE: &str = "correct horse";
pub(crate) const WORKER_FILE: &str = "worker.age";

/// Everything around one desk.
pub(crate) struct Setting {
    pub(crate) relay: FakeRelay,
    pub(crate) desk: RunningDesk,
    pub(crate) page: Page,
    pub(crate) service: Service,
    /// Another file of the same service, to issue links.
    pub(crate) colleague: Enrolment,
}

impl Setting {
    pub(crate) async fn new() -> Self {
        Self::with_clock(Clock::system()).await
    }

    /// A desk whose clock is wrong; its enrolment is right by the machine's.
    pub(crate) async fn with_clock(clock: Clock) -> Self {
        let relay = FakeRelay::listen().await;
        let service = service(relay.origin());
        let desk = start_desk(enrol(&service, "Anna"), clock).await;
        let colleague = enrol(&service, "Boris");
        let page = Page::open(&desk).await;
        Self { relay, desk, page, service, colleague }
    }

    /// The desk of a second worker of the same service, at the same relay.
    pub(crate) async fn second_desk(&self) -> (RunningDesk, Page) {
        let desk = start_desk(enrol(&self.service, "Boris"), Clock::system()).await;
        let page = Page::open(&desk).await;
        (desk, page)
    }

    pub(crate) fn link(&self) -> Link {
        let now = Clock::system().now();
        let issued = links::issue(&self.colleague, 1, SECONDS_OF_A_LINK, Channel::Forum, now);
        issued.unwrap().links.remove(0)
    }
}

pub(crate) fn service(origin: &str) -> Service {
    let origins = vec![Origin::parse(origin).unwrap()];
    Service::create("Open Door", origins, None, Clock::system().now()).unwrap()
}

pub(crate) fn enrol(service: &Service, alias: &str) -> Enrolment {
    let terms = Terms {
        alias: Alias::new(alias).unwrap(),
        role: Role::Peer,
        languages: LanguageSet::from_bits(3).unwrap(),
        first_day: dates::start_of_day(Clock::system().now()),
        days: 2,
    };
    Enrolment::new(service, &terms)
}

pub(crate) async fn start_desk(enrolment: Enrolment, clock: Clock) -> RunningDesk {
    start_desk_in(tempfile::tempdir().unwrap().path(), enrolment, clock).await
}

/// The program itself, which looks at files when it is started again.
pub(crate) fn viewer() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_vestibule"))
}

/// With the worker's file in this folder.
pub(crate) async fn start_desk_in(
    folder: &Path,
    enrolment: Enrolment,
    clock: Clock,
) -> RunningDesk {
    let worker_file = folder.join(WORKER_FILE);
    let sealed = enrolment.seal(SecretString::from(PASSPHRASE.to_owned()), Work::Factor(4));
    fs::write(&worker_file, sealed).unwrap();
    let options =
        DeskOptions { worker_file, pack_folder: None, save_data: false, viewer: viewer() };
    start_desk_with(options, enrolment, clock).await
}

pub(crate) async fn start_desk_with(
    options: DeskOptions,
    enrolment: Enrolment,
    clock: Clock,
) -> RunningDesk {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("index.html"), "<!doctype html><title>desk</title>").unwrap();
    fs::write(directory.path().join("app.js"), "1").unwrap();
    let files = PageFiles::read(directory.path()).unwrap();
    RunningDesk::start(enrolment, files, clock, options).await.unwrap()
}

/// Lets the clock run, much faster than the wall's: a tenth of a millisecond for every turn of this
/// test's tasks. Sockets are as fast as ever, so no deadline passes while one is read.
pub(crate) fn hasten() {
    tokio::time::pause();
    tokio::spawn(async {
        loop {
            tokio::time::advance(Duration::from_micros(100)).await;
        }
    });
}

/// Lets a hastened clock run faster still, while nothing is read.
pub(crate) async fn passes(time: Duration) {
    let step = Duration::from_millis(50);
    let until = tokio::time::Instant::now() + time;
    while tokio::time::Instant::now() < until {
        tokio::time::advance(step).await;
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
    }
}
