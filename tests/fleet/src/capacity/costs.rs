//! What things cost, as measured on the machine that runs this.

use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};
use vestibule_tests::service::Service;
use vestibule_tests::socket::{Next, Socket, Way};
use vestibule_tests::worker::DutyWorker;

use crate::cpu::{Cpu, anonymous_bytes};
use crate::kernel;
use crate::nodes::{More, Nodes};
use crate::pairs::Pairs;
use crate::store::{Kind, Store};
use crate::workers::go_on_duty;

/// Consultations at one node while costs are measured: about as many as planned nodes have. With fewer,
/// cells cost more, because fewer are there whenever the node looks.
const PAIRS: usize = 1_200;
/// Duty sockets at one node: what one service may have.
const DUTIES: usize = 200;
/// Consultations that begin one after the other.
const BEGINNINGS: usize = 200;
/// How long idle sockets are watched: whole rounds of pings, which come every 15 or 20 seconds.
pub const IDLE: Duration = Duration::from_mins(1);
/// How long a node's presence in Redis is watched.
const PRESENT: Duration = Duration::from_secs(30);
/// Over so long people come: one round of pings. Who comes at once is pinged at once for ever, which costs a
/// node a third less than people do.
pub const COMING: Duration = Duration::from_secs(20);
/// A consultation's sockets at nodes: the client's, the worker's, and the worker's at the route.
pub const SOCKETS_OF_CONSULTATION: usize = 3;
/// Of an idle consultation's pings, those that go on while both ends send: at the route all is silent.
pub const PINGED_ALWAYS: f64 = 1.0 / 3.0;

/// Of a node, and of what it needs.
#[derive(Debug, Clone, Copy, Default)]
pub struct Costs {
    /// Memory of the process with nobody there, in bytes.
    pub node_bytes: f64,
    /// More for each consultation, in bytes: three sockets.
    pub consultation_bytes: f64,
    /// More for each duty socket, in bytes.
    pub duty_bytes: f64,
    /// The kernel's memory for each socket, in bytes, on the node's side.
    pub kernel_socket_bytes: f64,
    /// Processor time of an idle consultation, in microseconds a second: pings.
    pub idle_micros: f64,
    /// The same for a duty socket.
    pub duty_micros: f64,
    /// Processor time for a cell, in microseconds.
    pub cell_micros: f64,
    /// Processor time of nodes from an opening to its seat, in microseconds.
    pub begin_micros: f64,
    /// The same of Redis.
    pub redis_begin_micros: f64,
    /// Commands to Redis for it.
    pub redis_begin_commands: f64,
    /// Commands that each node gives Redis each second, whoever comes.
    pub redis_node_commands: f64,
}

/// One node with its Redis and some consultations, on which costs are measured.
pub struct Sample {
    _store: Store,
    nodes: Nodes,
    /// Those who are there.
    pub pairs: Pairs,
    costs: Costs,
}

impl Sample {
    /// Measures everything but what people cost while they are there.
    pub async fn start() -> Self {
        let service = Service::default();
        let store = Store::start(Kind::Single).await;
        let nodes = Nodes::start(1, &service, &store, &More::default()).await;
        let process = nodes.nodes[0].process.id();
        let redis = store.servers[0].process.id();
        let way = nodes.way_to(0);
        let before = commands(&store).await;
        sleep(PRESENT).await;
        // Whoever asks gives a command too.
        let redis_node_commands = (commands(&store).await - before - 1.0) / PRESENT.as_secs_f64();
        let node_bytes = anonymous_bytes(process) as f64;
        let (begin_micros, redis_begin_micros, redis_begin_commands) =
            beginnings(&service, &store, &way, (process, redis)).await;
        let mut costs = Costs {
            node_bytes,
            kernel_socket_bytes: kernel::socket_bytes(),
            begin_micros,
            redis_begin_micros,
            redis_begin_commands,
            redis_node_commands,
            ..Costs::default()
        };
        let duties = costs.measure_duties(&service, &way, process).await;
        let before = anonymous_bytes(process) as f64;
        let pairs = Pairs::join(std::slice::from_ref(&way), PAIRS, COMING).await;
        costs.consultation_bytes = (anonymous_bytes(process) as f64 - before) / PAIRS as f64;
        // Not before: a process takes again what was freed, and then nobody would need any.
        drop(duties);
        Self { _store: store, nodes, pairs, costs }
    }

    /// The node's process.
    pub fn process(&self) -> u32 {
        self.nodes.nodes[0].process.id()
    }

    /// All of it, with what an idle consultation and a cell were seen to cost.
    pub fn costs(&self, idle_micros: f64, cell_micros: f64) -> Costs {
        Costs { idle_micros, cell_micros, ..self.costs }
    }
}

impl Costs {
    /// Workers come, and stay while what this returns is kept.
    async fn measure_duties(&mut self, service: &Service, way: &Way, process: u32) -> JoinSet<()> {
        let before = anonymous_bytes(process) as f64;
        let mut duties = JoinSet::new();
        for _ in 0..DUTIES {
            let duty = DutyWorker::go_on_duty(way, service, service.shift()).await;
            duties.spawn(hold(duty.socket));
            sleep(COMING / DUTIES as u32).await;
        }
        self.duty_bytes = (anonymous_bytes(process) as f64 - before) / DUTIES as f64;
        let (since, before) = (Instant::now(), Cpu::of(process));
        sleep(IDLE).await;
        let spent = (Cpu::of(process) - before).0.as_secs_f64() * 1e6;
        self.duty_micros = spent / since.elapsed().as_secs_f64() / DUTIES as f64;
        duties
    }
}

/// Answers pings until its end.
async fn hold(mut socket: Socket) {
    while let Next::Message(_) = socket.next_whenever().await {}
}

/// One worker takes whoever comes.
async fn beginnings(
    service: &Service,
    store: &Store,
    way: &Way,
    (process, redis): (u32, u32),
) -> (f64, f64, f64) {
    let (told, mut news) = tokio::sync::mpsc::channel(1);
    let ways = [way.clone()];
    let worker = go_on_duty(&ways, service, service.shift(), 1, told).await;
    let before = (Cpu::of(process), Cpu::of(redis), commands(store).await);
    for _ in 0..BEGINNINGS {
        let (mut socket, ..) = vestibule_tests::client::open(way, &service.link()).await;
        while let Next::Message(_) = socket.next().await {}
        news.recv().await.expect("the worker tells what it has");
    }
    let after = (Cpu::of(process), Cpu::of(redis), commands(store).await);
    worker.abort();
    let micros =
        |after: Cpu, before: Cpu| (after - before).0.as_secs_f64() * 1e6 / BEGINNINGS as f64;
    let commands = (after.2 - before.2 - 1.0) / BEGINNINGS as f64;
    (micros(after.0, before.0), micros(after.1, before.1), commands)
}

/// Commands that Redis has done so far, those of its scripts among them.
async fn commands(store: &Store) -> f64 {
    let said = store.servers[0].ask(&["INFO", "stats"]).await;
    let line = said.lines().find_map(|line| line.strip_prefix("total_commands_processed:"));
    line.and_then(|number| number.trim().parse().ok()).expect("Redis counts its commands")
}
