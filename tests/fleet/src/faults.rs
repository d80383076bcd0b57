//! Consultations that outlive whatever happens to nodes and to Redis.

use std::time::Duration;

use tokio::select;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};
use vestibule_protocol::Cover;
use vestibule_tests::client::WaitingClient;
use vestibule_tests::end::{End, Status};
use vestibule_tests::lines::Reach;
use vestibule_tests::nodes::{Nodes as View, Teller};
use vestibule_tests::service::{Service, now};
use vestibule_tests::talkers::Talker;
use vestibule_tests::worker::{DutyWorker, Offered};

use crate::nodes::{More, Nodes};
use crate::store::{Kind, Store};

const NODES: usize = 3;
/// How often a page and a console ask for the directory (section 6 of the protocol).
const CLIENT_ASKS: Duration = Duration::from_secs(5);
const CONSOLE_ASKS: Duration = Duration::from_secs(15);
/// A node or a Redis that was killed is away for so long.
const AWAY: Duration = Duration::from_secs(3);
/// After a fault whoever notices anything has noticed it.
const NOTICED: Duration = Duration::from_secs(4);
/// For everybody to have met again, and for a new consultation to begin.
const WELL_MAX: Duration = Duration::from_secs(90);

/// What may happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// A node is killed, and starts again.
    NodeKilled(usize),
    /// A node is told to end, and starts again.
    NodeDrained(usize),
    /// The master restarts with nothing, before anybody takes over.
    RedisRestarted,
    /// The master dies, another takes over, and the old one comes back as its replica.
    RedisFailedOver,
}

impl Fault {
    /// Whether lines break. Of what happens to Redis alone nobody who talks may notice anything.
    pub fn is_of_nodes(self) -> bool {
        match self {
            Self::NodeKilled(_) | Self::NodeDrained(_) => true,
            Self::RedisRestarted | Self::RedisFailedOver => false,
        }
    }
}

/// How it went.
#[derive(Debug)]
pub struct Report {
    /// What happened.
    pub fault: Fault,
    /// Ends that lost the other.
    pub ends_cut: usize,
    /// The longest and the middle time from then until such an end heard the other again.
    pub silence: [Duration; 2],
    /// From the fault until a new consultation had begun.
    pub new_after: Duration,
}

/// What all of it came to.
#[derive(Debug)]
pub struct Course {
    /// How each fault went.
    pub reports: Vec<Report>,
    /// Messages that were said: each was heard once and in order, or this panics.
    pub messages: u64,
}

/// So many consultations talk while these things happen one after the other.
pub async fn run(kind: Kind, consultations: usize, faults: &[Fault]) -> Course {
    let service = Service::default();
    let mut store = Store::start(kind).await;
    let mut nodes = Nodes::start(NODES, &service, &store, &More::default()).await;
    let views = [CLIENT_ASKS, CONSOLE_ASKS].map(|interval| {
        let (teller, view) = Teller::new(&nodes.way);
        (tokio::spawn(teller.keep_asking(interval)), view)
    });
    let view = [views[0].1.clone(), views[1].1.clone()];
    let (stop, stopped) = watch::channel(false);
    let mut talkers = Vec::new();
    let mut watchers = Vec::new();
    for number in 0..consultations {
        let covers = [Cover::Sparing, Cover::Steady];
        let covers = [covers[number % 2], covers[number / 2 % 2]];
        let (client, worker) = begin(&service, &nodes, &view, covers).await;
        let pair = Talker::pair((client, covers[0]), (worker, covers[1]), &stopped);
        watchers.extend([watch_over(pair.0.watch()), watch_over(pair.1.watch())]);
        talkers.push(pair);
    }
    let mut reports = Vec::new();
    for fault in faults {
        until_all_hear(&talkers).await;
        let since = Instant::now();
        happen(*fault, &mut nodes, &mut store).await;
        let new = timeout(WELL_MAX, begin(&service, &nodes, &view, [Cover::Sparing; 2])).await;
        drop(new.expect("a new consultation begins"));
        let new_after = since.elapsed();
        sleep(NOTICED.saturating_sub(since.elapsed())).await;
        until_all_hear(&talkers).await;
        reports.push(report(*fault, since, new_after, &watchers));
        nodes.until_listed(NODES).await;
        store.until_whole().await;
    }
    stop.send_replace(true);
    let mut messages = 0;
    for (client, worker) in talkers {
        let ((one, _client), (other, _worker)) = tokio::join!(client.finish(), worker.finish());
        messages += one + other;
    }
    Course { reports, messages }
}

/// A client comes by the balancer to whatever node it leads to; a worker is on duty at all that run.
async fn begin(
    service: &Service,
    nodes: &Nodes,
    [client_view, console_view]: &[View; 2],
    [client_cover, worker_cover]: [Cover; 2],
) -> (End, End) {
    let mut duties = Vec::new();
    for node in 0..NODES {
        let shift = service.shift();
        let duty = DutyWorker::go_on_duty(&nodes.way_through(node), service, shift).await;
        duties.push(duty.knowing(console_view));
    }
    let client = WaitingClient::arrive(&nodes.way, &service.link()).await.knowing(client_view);
    let (at, offered) = first_offer(&mut duties).await;
    let duty = &mut duties[at];
    let seat = duty.accept(&offered).await;
    let answered = duty.answer(&offered, seat).await;
    let client = client.meet(now()).await.ok().expect("the client believes an honest worker");
    let mut client = client.talk(client_cover);
    let worker = answered.talk(worker_cover).await.expect("the client's first cell comes");
    client.until(|status| !status.met_at.is_empty()).await;
    for duty in duties {
        duty.socket.finish().await;
    }
    (client, worker)
}

async fn first_offer(duties: &mut [DutyWorker<'_>]) -> (usize, Offered) {
    let [one, two, three] = duties else { panic!("there are three nodes") };
    select! {
        offered = one.offered() => (0, offered),
        offered = two.offered() => (1, offered),
        offered = three.offered() => (2, offered),
    }
}

async fn happen(fault: Fault, nodes: &mut Nodes, store: &mut Store) {
    match fault {
        Fault::NodeKilled(node) => {
            nodes.nodes[node].process.kill().await;
            sleep(AWAY).await;
            nodes.start_again(node).await;
        }
        Fault::NodeDrained(node) => {
            assert!(nodes.nodes[node].process.stop().await, "it ends well");
            nodes.start_again(node).await;
        }
        Fault::RedisRestarted => {
            let master = store.master().await;
            store.servers[master].start_again().await;
        }
        Fault::RedisFailedOver => {
            let master = store.master().await;
            store.servers[master].process.kill().await;
            store.until_failed_over(master).await;
            store.servers[master].start_again().await;
            store.until_whole().await;
        }
    }
}

/// When an end lost the other, and when it heard it again.
type Silences = Vec<(Instant, Instant)>;

fn watch_over(mut status: watch::Receiver<Status>) -> (watch::Receiver<Silences>, JoinHandle<()>) {
    let (told, silences) = watch::channel(Vec::new());
    let task = tokio::spawn(async move {
        loop {
            let lost = status.wait_for(|status| status.reach != Reach::Heard).await.is_ok();
            let since = Instant::now();
            if !lost || status.wait_for(|status| status.reach == Reach::Heard).await.is_err() {
                return;
            }
            told.send_modify(|silences: &mut Silences| silences.push((since, Instant::now())));
        }
    });
    (silences, task)
}

async fn until_all_hear(talkers: &[(Talker, Talker)]) {
    for talker in talkers.iter().flat_map(|(client, worker)| [client, worker]) {
        let mut status = talker.watch();
        let hears = status.wait_for(|status| status.reach == Reach::Heard);
        assert!(timeout(WELL_MAX, hears).await.is_ok(), "everybody hears the other again");
    }
}

fn report(
    fault: Fault,
    since: Instant,
    new_after: Duration,
    watchers: &[(watch::Receiver<Silences>, JoinHandle<()>)],
) -> Report {
    let mut all: Vec<Duration> = Vec::new();
    for (silences, _) in watchers {
        let silences = silences.borrow();
        let of_fault = silences.iter().filter(|(lost, _)| *lost >= since);
        // Whoever is let go politely is let go at a moment of its own.
        let begun = |lost: Instant| match fault {
            Fault::NodeDrained(_) => lost,
            Fault::NodeKilled(_) | Fault::RedisRestarted | Fault::RedisFailedOver => since,
        };
        all.extend(of_fault.map(|(lost, heard)| *heard - begun(*lost)).max());
    }
    all.sort_unstable();
    let at = |place: Option<usize>| place.and_then(|place| all.get(place)).copied();
    let longest = at(all.len().checked_sub(1)).unwrap_or_default();
    let middle = at(Some(all.len() / 2)).unwrap_or_default();
    Report { fault, ends_cut: all.len(), silence: [longest, middle], new_after }
}
