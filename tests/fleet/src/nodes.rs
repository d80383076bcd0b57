//! Several relays that serve as one.

use std::fs;
use std::path::Path;

use tempfile::TempDir;
use tokio::net::TcpStream;
use vestibule_tests::relay::{free_port, programs};
use vestibule_tests::service::{Service, rng};
use vestibule_tests::socket::Way;

use rand::Rng as _;

use crate::balancer::Balancer;
use crate::http::get;
use crate::process::{Process, until};
use crate::search::hex;
use crate::store::Store;

/// A port that was free may be somebody's when a relay comes to it.
const START_TRIES_MAX: usize = 5;

/// Relays, what leads to them, and what they share.
pub struct Nodes {
    /// The relays.
    pub nodes: Vec<Node>,
    /// How anybody comes to any of them.
    pub way: Way,
    _balancer: Balancer,
    folder: TempDir,
}

/// One relay.
pub struct Node {
    /// What it is called.
    pub name: String,
    /// The process.
    pub process: Process,
    port: u16,
}

/// What else stands in each `relay.toml`, so that tests count or watch.
#[derive(Default, Clone)]
pub struct More {
    /// Before `[[service]]`.
    pub settings: String,
    /// Behind it.
    pub service: String,
}

impl Nodes {
    /// Starts so many for one service.
    pub async fn start(count: usize, service: &Service, store: &Store, more: &More) -> Self {
        Self::start_with(count, service, Some(store), more).await
    }

    /// One relay as it is without `[node]`.
    pub async fn alone(service: &Service) -> Self {
        Self::start_with(1, service, None, &More::default()).await
    }

    async fn start_with(
        count: usize,
        service: &Service,
        store: Option<&Store>,
        more: &More,
    ) -> Self {
        let folder = TempDir::new().unwrap();
        service.write_card(&folder.path().join("card.bin"));
        fs::create_dir_all(folder.path().join("page")).unwrap();
        fs::write(folder.path().join("page/index.html"), "<!doctype html><title>-</title>")
            .unwrap();
        fs::write(folder.path().join("nodes.secret"), secret()).unwrap();
        let public = free_port().await;
        let origin = format!("http://127.0.0.1:{public}");
        let authority = service.authority.public().to_hex();
        let mut nodes = Vec::new();
        for number in 0..count {
            let name = format!("n{number}");
            let node = store.map_or_else(String::new, |store| {
                let redis = store.toml();
                format!("[node]\nname = \"{name}\"\n{redis}secret_file = \"nodes.secret\"\n")
            });
            let write = |port: u16| {
                let text = format!(
                    "listen = \"127.0.0.1:{port}\"\norigins = [\"{origin}\"]\npage = \"page\"\n{}\n\
                     {node}[[service]]\nauthority = \"{authority}\"\ncard = \"card.bin\"\n{}\n",
                    more.settings, more.service
                );
                fs::write(folder.path().join(format!("{name}.toml")), text).unwrap();
            };
            nodes.push(Node::start(&name, folder.path(), write).await);
        }
        let places: Vec<(String, u16)> =
            nodes.iter().map(|node| (node.name.clone(), node.port)).collect();
        let balancer = Balancer::start(public, &places).await;
        let all = Self { nodes, way: Way::to(&origin), _balancer: balancer, folder };
        all.until_listed(count).await;
        all
    }

    /// How somebody comes to one node alone, past the balancer.
    pub fn way_to(&self, node: usize) -> Way {
        let address = format!("127.0.0.1:{}", self.nodes[node].port);
        Way { address, ..self.way.clone() }
    }

    /// How somebody comes to one node through the balancer.
    pub fn way_through(&self, node: usize) -> Way {
        self.way.to_node(&format!("/n/{}", self.nodes[node].name))
    }

    /// Starts a node again where it was.
    pub async fn start_again(&mut self, node: usize) {
        let Node { name, process, port } = &mut self.nodes[node];
        let again = run(name, self.folder.path(), *port).await;
        *process = again.expect("nobody has taken its port");
    }

    /// Waits until the directory of every node that runs has so many.
    pub async fn until_listed(&self, count: usize) {
        until("every node lists the others", async || {
            for node in &self.nodes {
                let Some(directory) = get(node.port, "/nodes").await else { continue };
                if directory.matches("\"name\"").count() != count {
                    return false;
                }
            }
            true
        })
        .await;
    }
}

impl Node {
    async fn start(name: &str, folder: &Path, write: impl Fn(u16)) -> Self {
        for _ in 0..START_TRIES_MAX {
            let port = free_port().await;
            write(port);
            if let Some(process) = run(name, folder, port).await {
                return Self { name: name.to_owned(), process, port };
            }
        }
        panic!("a relay starts");
    }
}

async fn run(name: &str, folder: &Path, port: u16) -> Option<Process> {
    let program = programs().join("vestibule-relay");
    assert!(program.exists(), "run `cargo build -p vestibule-relay` first");
    let config = format!("{name}.toml");
    let mut process = Process::start(name, &program, &["--config", &config], folder);
    let mut has_ended = false;
    until("the relay listens", async || {
        has_ended = process.has_ended();
        has_ended || TcpStream::connect(("127.0.0.1", port)).await.is_ok()
    })
    .await;
    assert!(!has_ended || process.said().contains("cannot listen"), "{}", process.said());
    (!has_ended).then_some(process)
}

fn secret() -> String {
    let mut bytes = [0_u8; 32];
    rng().fill_bytes(&mut bytes);
    hex(&bytes)
}
