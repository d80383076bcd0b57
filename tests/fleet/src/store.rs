//! The Redis that nodes share, in each of the three ways in which it may be set up.

use std::collections::BTreeSet;

use crate::process::until;
use crate::redis::{Redis, Sentinel};

const MASTER_NAME: &str = "vestibule";
const SENTINELS: usize = 3;
const QUORUM: usize = 2;
const SHARDS: usize = 3;

/// One or several servers.
pub struct Store {
    /// All of them. Of a Cluster first the masters, as it was made.
    pub servers: Vec<Redis>,
    sentinels: Vec<Sentinel>,
    kind: Kind,
}

/// How it is set up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One server.
    Single,
    /// A master and a replica, over which three sentinels watch.
    Sentinel,
    /// Three masters, each with a replica.
    Cluster,
}

impl Store {
    /// Starts it.
    pub async fn start(kind: Kind) -> Self {
        match kind {
            Kind::Single => {
                Self { servers: vec![Redis::start(&[]).await], sentinels: Vec::new(), kind }
            }
            Kind::Sentinel => Self::start_sentinel().await,
            Kind::Cluster => Self::start_cluster().await,
        }
    }

    async fn start_sentinel() -> Self {
        let master = Redis::start(&[]).await;
        let replica = Redis::replica_of(&master, &[]).await;
        let mut sentinels = Vec::new();
        for _ in 0..SENTINELS {
            sentinels.push(Sentinel::over(&master, MASTER_NAME, QUORUM).await);
        }
        let store = Self { servers: vec![master, replica], sentinels, kind: Kind::Sentinel };
        store.until_sentinels_know().await;
        store
    }

    async fn start_cluster() -> Self {
        let settings = ["cluster-enabled yes", "cluster-node-timeout 1500"];
        let mut servers = Vec::new();
        for _ in 0..2 * SHARDS {
            servers.push(Redis::start(&settings).await);
        }
        let addresses: Vec<String> =
            servers.iter().map(|server| format!("127.0.0.1:{}", server.port)).collect();
        let mut create = vec!["--cluster", "create"];
        create.extend(addresses.iter().map(String::as_str));
        create.extend(["--cluster-replicas", "1", "--cluster-yes"]);
        let said = servers[0].ask(&create).await;
        assert!(said.contains("All 16384 slots covered"), "the Cluster is made: {said}");
        let store = Self { servers, sentinels: Vec::new(), kind: Kind::Cluster };
        store.until_whole().await;
        store
    }

    /// What stands in `relay.toml` about it.
    pub fn toml(&self) -> String {
        format!("[redis]\n{}\nreplicas = {}\n", self.fields().join("\n"), self.replicas())
    }

    /// What stands below `[indicators]` when the counters are in the same.
    pub fn counters_toml(&self) -> String {
        format!("redis = {{ {} }}\n", self.fields().join(", "))
    }

    fn fields(&self) -> Vec<String> {
        let (name, ports): (&str, Vec<u16>) = match self.kind {
            Kind::Single => ("single", vec![self.servers[0].port]),
            Kind::Sentinel => ("sentinel", self.sentinels.iter().map(|one| one.port).collect()),
            Kind::Cluster => ("cluster", self.servers.iter().map(|one| one.port).collect()),
        };
        let addresses: Vec<String> =
            ports.iter().map(|port| format!("\"redis://127.0.0.1:{port}\"")).collect();
        let mut fields =
            vec![format!("kind = \"{name}\""), format!("addresses = [{}]", addresses.join(", "))];
        if self.kind == Kind::Sentinel {
            fields.push(format!("master = \"{MASTER_NAME}\""));
        }
        fields
    }

    fn replicas(&self) -> usize {
        match self.kind {
            Kind::Single => 0,
            Kind::Sentinel | Kind::Cluster => 1,
        }
    }

    /// A server that is master now.
    pub async fn master(&self) -> usize {
        let mut found = None;
        until("there is a master", async || {
            found = self.find_master().await;
            found.is_some()
        })
        .await;
        found.expect("that was awaited")
    }

    async fn find_master(&self) -> Option<usize> {
        match self.sentinels.first() {
            Some(sentinel) => {
                let question = ["SENTINEL", "GET-MASTER-ADDR-BY-NAME", MASTER_NAME];
                let said = sentinel.ask(&question).await;
                let port: u16 = said.lines().last()?.parse().ok()?;
                self.servers.iter().position(|server| server.port == port)
            }
            None => self.first_of_role("master").await,
        }
    }

    async fn first_of_role(&self, role: &str) -> Option<usize> {
        for (place, server) in self.servers.iter().enumerate() {
            let answer = server.ask(&["INFO", "replication"]).await;
            if answer.contains(&format!("role:{role}")) {
                return Some(place);
            }
        }
        None
    }

    /// The replica of a master.
    pub async fn replica_of(&self, master: usize) -> usize {
        let port = format!("master_port:{}", self.servers[master].port);
        for (place, server) in self.servers.iter().enumerate() {
            if server.ask(&["INFO", "replication"]).await.contains(&port) {
                return place;
            }
        }
        panic!("the master has a replica")
    }

    /// Waits until somebody else is master of what this one had.
    pub async fn until_failed_over(&self, old: usize) {
        until("another takes over", async || match self.kind {
            Kind::Single => true,
            Kind::Sentinel => self.find_master().await.is_some_and(|master| master != old),
            Kind::Cluster => self.is_whole_without(Some(old)).await,
        })
        .await;
    }

    /// Waits until all servers are there and every replica follows its master.
    pub async fn until_whole(&self) {
        until("Redis is whole", async || {
            let mut roles = BTreeSet::new();
            for server in &self.servers {
                let said = server.ask(&["INFO", "replication"]).await;
                let is_well = match self.kind {
                    Kind::Single => !said.is_empty(),
                    Kind::Sentinel | Kind::Cluster => {
                        said.contains("master_link_status:up")
                            || said.contains("role:master") && said.contains("state=online")
                    }
                };
                if !is_well {
                    return false;
                }
                roles.insert(said.contains("role:master"));
            }
            self.is_whole_without(None).await
        })
        .await;
    }

    async fn is_whole_without(&self, lost: Option<usize>) -> bool {
        if self.kind != Kind::Cluster {
            return true;
        }
        for (place, server) in self.servers.iter().enumerate() {
            if Some(place) == lost {
                continue;
            }
            let said = server.ask(&["CLUSTER", "INFO"]).await;
            let slots = server.ask(&["CLUSTER", "SLOTS"]).await;
            let lost = lost.map(|lost| self.servers[lost].port.to_string());
            let is_led_by_lost = lost.is_some_and(|lost| leads(&slots, &lost));
            if !said.contains("cluster_state:ok") || is_led_by_lost {
                return false;
            }
        }
        true
    }

    async fn until_sentinels_know(&self) {
        until("all sentinels know each other and the replica", async || {
            for sentinel in &self.sentinels {
                let said = sentinel.ask(&["SENTINEL", "MASTER", MASTER_NAME]).await;
                let lines: Vec<&str> = said.lines().collect();
                let value = |name: &str| {
                    lines.iter().position(|line| *line == name).and_then(|at| lines.get(at + 1))
                };
                let knows =
                    value("num-slaves") == Some(&"1") && value("num-other-sentinels") == Some(&"2");
                if !knows {
                    return false;
                }
            }
            true
        })
        .await;
    }
}

/// Whether a server stands first behind a range of slots: `start`, `end`, host, port, number, ….
fn leads(slots: &str, port: &str) -> bool {
    let lines: Vec<&str> = slots.lines().collect();
    let is_number = |line: &&str| line.parse::<u32>().is_ok();
    lines.windows(4).any(|four| is_number(&four[0]) && is_number(&four[1]) && four[3] == port)
}
