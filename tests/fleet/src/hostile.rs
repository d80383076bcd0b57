//! A Redis that keeps whatever it can, beneath consultations whose every byte is a canary.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use rand::Rng as _;
use tempfile::TempDir;
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;
use tokio::time::timeout;
use vestibule_protocol::{Language, Subject, Triage, start_handshake};
use vestibule_tests::service::{Service, rng};
use vestibule_tests::socket::Way;
use vestibule_tests::worker::{DutyWorker, take_seat};
use vestibule_wire::{
    CELL_LEN, ClientToRelay, EndToRelay, RelayToClient, RelayToEnd, RelayToSeat, Route, Side,
};

use crate::nodes::{More, Nodes};
use crate::process::{Process, until};
use crate::raw::{Raw, Visitor};
use crate::redis::{Redis, ask_bytes};
use crate::search::{Found, Search, hex, unescaped};
use crate::store::{Kind, Store};

const NODES: usize = 3;
/// Cells each way before a line breaks, and after.
const CELLS: usize = 4;
const STEP_MAX: Duration = Duration::from_secs(20);
/// Where canaries come from, instead of the address that everything here has.
const VISITORS: [u8; 2] = [127, 213];

/// Everything that a Redis can be made to keep. A node would refuse to start with it, and cannot see that
/// it was changed later.
const HOSTILE: [[&str; 2]; 8] = [
    ["slowlog-log-slower-than", "0"],
    ["slowlog-max-len", "1000000"],
    ["repl-backlog-size", "67108864"],
    ["repl-diskless-sync", "no"],
    ["rdbcompression", "no"],
    ["save", "1 1"],
    ["appendonly", "yes"],
    ["loglevel", "debug"],
];

/// What was found, by place.
pub type Places = BTreeMap<String, Found>;

/// What came of it.
pub struct Seized {
    /// Consultations that were held.
    pub consultations: usize,
    /// Everything that was looked for.
    pub kinds: BTreeSet<&'static str>,
    /// What the Redis had of them.
    pub found: Places,
    /// The same after one canary of each kind was put into it.
    pub control: Places,
    /// Bytes in the backlog of replication.
    pub backlog_bytes: u64,
    /// Commands on the record.
    pub recorded: usize,
}

/// Holds so many consultations over three nodes, then seizes everything.
pub async fn run(consultations: usize) -> Seized {
    let service = Service::default();
    let store = Store::start(Kind::Sentinel).await;
    let counted =
        More { settings: format!("[indicators]\n{}", store.counters_toml()), ..More::default() };
    let nodes = Nodes::start(NODES, &service, &store, &counted).await;
    let records = TempDir::new().unwrap();
    let mut recorders = Vec::new();
    for server in &store.servers {
        become_hostile(server).await;
        recorders.push(record(server, records.path()));
    }
    let mut canaries = Canaries::default();
    for number in 0..consultations {
        let at = [0, 1].map(|step| nodes.way_to((number + step) % NODES));
        consult(number, &service, &at, &mut canaries).await;
    }
    let found = seize(&canaries.search, &store, records.path()).await;
    for (kind, bytes) in &canaries.samples {
        plant(&store.servers[store.master().await], kind, bytes).await;
    }
    let control = seize(&canaries.search, &store, records.path()).await;
    let master = &store.servers[store.master().await];
    let backlog = number_of(&master.ask(&["INFO", "replication"]).await, "repl_backlog_histlen:");
    let recorded = recorders.iter().map(|recorder| recorder.said().lines().count()).sum();
    let kinds = canaries.search.kinds();
    Seized { consultations, kinds, found, control, backlog_bytes: backlog, recorded }
}

async fn become_hostile(server: &Redis) {
    for [name, value] in HOSTILE {
        let said = server.ask(&["CONFIG", "SET", name, value]).await;
        assert_eq!(said, "OK", "{name} can be set");
    }
}

/// Writes down every command, as `MONITOR` tells it.
fn record(server: &Redis, folder: &Path) -> Process {
    let port = server.port.to_string();
    let name = format!("monitor-{port}");
    Process::start(&name, Path::new("redis-cli"), &["-p", &port, "MONITOR"], folder)
}

/// What is looked for, and one of each kind.
#[derive(Default)]
struct Canaries {
    search: Search,
    samples: BTreeMap<&'static str, Vec<u8>>,
}

impl Canaries {
    fn add(&mut self, kind: &'static str, bytes: &[u8]) {
        self.search.add(kind, bytes);
        self.samples.entry(kind).or_insert_with(|| bytes.to_vec());
    }

    fn random<const LENGTH: usize>(&mut self, kind: &'static str) -> [u8; LENGTH] {
        let mut bytes = [0; LENGTH];
        rng().fill_bytes(&mut bytes);
        self.add(kind, &bytes);
        bytes
    }
}

/// One consultation: a link, its opening, cells, a line that breaks, a route at another node, cells.
async fn consult(number: usize, service: &Service, at: &[Way; 2], canaries: &mut Canaries) {
    let visitor = visitor(number);
    canaries.add("address", visitor.address.to_string().as_bytes());
    canaries.add("forwarded address", visitor.forwarded_for.as_bytes());
    canaries.add("user agent", visitor.user_agent.as_bytes());
    let link = service.link();
    let triage = Triage {
        language: Language::from_code("ru").expect("it is in the list"),
        subject: Subject::Tests,
        channel: link.channel(),
    };
    let (_, opening) = start_handshake(&link, &at[0].origin, triage, &mut rng());
    let token = *link.token();
    canaries.add("opening", opening.as_bytes());
    canaries.add("token", &token.signature);
    canaries.add("link", &token.name.id.0);

    let mut duty = DutyWorker::go_on_duty(&at[0], service, service.shift()).await;
    let mut client = Raw::connect_as(&visitor, &at[0], "/ws/client").await.unwrap();
    canaries.add("socket address", &socket_address(&client));
    let open = ClientToRelay::Open { authority: link.authority(), token, opening };
    client.send(&open.encode()).await.unwrap();
    let offered = duty.offered().await;
    canaries.add("offer", &offered.offer.0);
    let seat = duty.accept(&offered).await;
    canaries.add("seat", &seat.0);
    let mut worker = take_seat(&at[0], seat).await;
    assert!(RelayToSeat::decode(&worker.message().await).is_ok());
    let matched = async {
        while let Some(frame) = client.next().await {
            if matches!(RelayToClient::decode(&frame), Ok(RelayToClient::Matched)) {
                return;
            }
        }
        panic!("the client is matched");
    };
    timeout(STEP_MAX, matched).await.expect("in time");
    for _ in 0..CELLS {
        let [there, back] = [(); 2].map(|()| canaries.random::<CELL_LEN>("cell"));
        client.send(&there).await.unwrap();
        assert!(worker.message().await[..] == there);
        worker.send(&back).await;
        assert!(client.next().await.expect("a cell")[..] == back);
    }
    drop((client, worker));
    duty.socket.finish().await;
    let route = Route(canaries.random("route"));
    rejoin(&visitor, &at[1], route, canaries).await;
}

async fn rejoin(visitor: &Visitor, way: &Way, route: Route, canaries: &mut Canaries) {
    let mut ends = Vec::new();
    for side in [Side::Worker, Side::Client] {
        let mut end = Raw::connect_as(visitor, way, "/ws/rejoin").await.unwrap();
        canaries.add("socket address", &socket_address(&end));
        end.send(&EndToRelay::Rejoin { side, route }.encode()).await.unwrap();
        ends.push(end);
    }
    for end in &mut ends {
        let joined = async {
            while !matches!(
                RelayToEnd::decode(&end.next().await.expect("a frame")),
                Ok(RelayToEnd::Joined)
            ) {}
        };
        timeout(STEP_MAX, joined).await.expect("both meet");
    }
    let (one, other) = ends.split_at_mut(1);
    for _ in 0..CELLS {
        let cell = canaries.random::<CELL_LEN>("cell");
        one[0].send(&cell).await.unwrap();
        assert!(other[0].next().await.expect("a cell")[..] == cell);
    }
}

fn visitor(number: usize) -> Visitor {
    let [high, low] = [number / 200, number % 200].map(|part| u8::try_from(part + 20).unwrap());
    let [first, second] = VISITORS;
    let mut random = [0; 8];
    rng().fill_bytes(&mut random);
    let name = hex(&random);
    Visitor {
        address: Ipv4Addr::new(first, second, high, low),
        user_agent: format!("{name} browser"),
        forwarded_for: format!("198.51.100.{low}"),
    }
}

/// As the kernel writes it: family, port, address.
fn socket_address(socket: &Raw) -> Vec<u8> {
    let std::net::SocketAddr::V4(from) = socket.from else { panic!("it came by IPv4") };
    [&2_u16.to_le_bytes()[..], &from.port().to_be_bytes(), &from.ip().octets()].concat()
}

/// Everything that somebody gets who takes the machines.
async fn seize(search: &Search, store: &Store, records: &Path) -> Places {
    let mut places = Places::new();
    let master = store.master().await;
    for (number, server) in store.servers.iter().enumerate() {
        let name = if number == master { "master" } else { "replica" };
        save(server).await;
        places.insert(format!("{name}: memory"), search.through_memory(server.process.id()));
        places.insert(format!("{name}: files"), search.through_folder(server.folder()));
        let slow = ask_bytes(server.port, &["SLOWLOG", "GET", "-1"]).await;
        places.insert(format!("{name}: slow log"), search.through(&slow));
        let record = std::fs::read(records.join(format!("monitor-{}.log", server.port))).unwrap();
        let record = unescaped(&record);
        places.insert(format!("{name}: MONITOR"), search.through(&record));
    }
    places
}

async fn save(server: &Redis) {
    let before = server.ask(&["INFO", "persistence"]).await;
    let saves = number_of(&before, "rdb_saves:");
    until("the server saves", async || {
        let said = server.ask(&["BGSAVE"]).await;
        said.contains("started") || said.contains("in progress")
    })
    .await;
    until("the server has saved", async || {
        let now = server.ask(&["INFO", "persistence"]).await;
        number_of(&now, "rdb_saves:") > saves && now.contains("rdb_bgsave_in_progress:0")
    })
    .await;
}

/// Puts a canary into Redis, as a relay never should.
async fn plant(server: &Redis, kind: &str, bytes: &[u8]) {
    let mut client = Command::new("redis-cli")
        .args(["-p", &server.port.to_string(), "-x", "SET", &format!("control:{kind}")])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    client.stdin.take().expect("it was piped").write_all(bytes).await.unwrap();
    assert!(client.wait().await.unwrap().success());
    assert_eq!(server.ask(&["WAIT", "1", "1000"]).await, "1", "the replica has it");
}

fn number_of(text: &str, name: &str) -> u64 {
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    line.and_then(|number| number.trim().parse().ok()).unwrap_or_default()
}
