//! Totals handed in to the real relay, in this process, and found in its file.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use vestibule_console::clock::Clock;
use vestibule_console::origin::Origin;
use vestibule_console::service_file::Service;
use vestibule_relay::{Config, Server};

use crate::page::Page;
use crate::setting::{Setting, enrol, start_desk_in};
use crate::totals::{Shift, of, passes};

struct RealRelay {
    origin: String,
    file: PathBuf,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl RealRelay {
    /// One that counts exactly, so that it can be compared.
    async fn start(folder: &Path, service: &Service) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let listen = listener.local_addr().unwrap();
        let card = serde_json::to_vec(&service.card).unwrap();
        fs::write(folder.join("card.bin"), service.authority.sign_card(&card)).unwrap();
        fs::create_dir(folder.join("page")).unwrap();
        fs::write(folder.join("page/index.html"), "<!doctype html><title>-</title>").unwrap();
        let authority = service.authority.public().to_hex();
        let toml = format!(
            "listen = '{listen}'\norigins = ['http://{listen}']\npage = 'page'\n\
             [indicators]\nfile = 'indicators.json'\n\
             [[service]]\nauthority = '{authority}'\ncard = 'card.bin'\n\
             [service.indicators]\nexact = true\n"
        );
        fs::write(folder.join("relay.toml"), toml).unwrap();
        let config = Config::load(&folder.join("relay.toml")).unwrap_or_else(|it| panic!("{it}"));
        let (stop, stopped) = oneshot::channel();
        let stopped = async { drop(stopped.await) };
        let task = tokio::spawn(Server::new(config).serve(listener, stopped));
        let file = folder.join("indicators.json");
        Self { origin: format!("http://{listen}"), file, stop, task }
    }

    /// Stops it, and reads what it has kept of its one service in its one period.
    async fn kept(self) -> Value {
        self.stop.send(()).unwrap();
        self.task.await.unwrap();
        let mut kept: Value = serde_json::from_slice(&fs::read(self.file).unwrap()).unwrap();
        let services = kept["services"].as_object_mut().unwrap();
        assert_eq!(services.len(), 1);
        let periods = services.values_mut().next().unwrap().as_object_mut().unwrap();
        assert_eq!(periods.len(), 1);
        periods.values_mut().next().unwrap()["tables"].take()
    }
}

/// The sums above nought of the tables that consoles hand in.
fn handed_in(tables: &Value) -> Value {
    let mut found = json!({});
    for (table, sums) in tables.as_object().unwrap() {
        for (label, sum) in sums.as_object().unwrap().iter().filter(|(_, sum)| **sum != json!(0)) {
            found[table][label] = sum.clone();
        }
    }
    // What the relay counts by itself, with the worker on duty.
    found.as_object_mut().unwrap().remove("staffed");
    found
}

#[tokio::test]
async fn the_real_relay_counts_what_a_console_hands_in() {
    let mut shift = Shift::begin().await;
    drop(shift.holds(6).await);
    let Shift { setting: Setting { desk, mut service, .. }, folder } = shift;
    desk.stop().await;
    let relay_folder = tempfile::tempdir().unwrap();
    let relay = RealRelay::start(relay_folder.path(), &service).await;
    service.origins = vec![Origin::parse(&relay.origin).unwrap()];
    let desk = start_desk_in(folder.path(), enrol(&service, "Anna"), Clock::system()).await;
    let mut page = Page::open(&desk).await;
    assert_eq!(page.next().await["hand_in"]["going"], 6);
    // Slips that come before the relay knows the service's keys of today come again.
    passes(Duration::from_mins(3)).await;
    page.send(json!({ "type": "go_on_duty" })).await;
    assert_eq!(page.settled_duty().await["status"], "on");
    let mut minutes = 0;
    while Page::open(&desk).await.next().await["hand_in"]["handed_in"] != 6 {
        passes(Duration::from_mins(1)).await;
        minutes += 1;
        assert!(minutes < 30, "twice ten minutes are enough");
    }
    desk.stop().await;
    assert_eq!(handed_in(&relay.kept().await), json!(of(6)));
}
