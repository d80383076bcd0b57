//! Redis is away for a while: who talks does not notice, who comes hears the truth, and counts are right.

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout, timeout_at};
use vestibule_protocol::Cover;
use vestibule_tests::client::WaitingClient;
use vestibule_tests::end::End;
use vestibule_tests::meeting::talk;
use vestibule_tests::service::{Service, now};
use vestibule_tests::socket::{Next, Socket, Way};
use vestibule_tests::worker::{DutyWorker, Offered};
use vestibule_wire::{RelayToClient, RelayToWorker, Wait, WorkerToRelay};

use crate::nodes::{More, Nodes};
use crate::redis::Redis;
use crate::store::{Kind, Store};

const NODES: usize = 3;
/// Between two words of those who talk.
const WORD_PAUSE: Duration = Duration::from_millis(300);
/// For whatever a node has to tell after Redis went or came.
const TOLD_MAX: Duration = Duration::from_secs(30);

/// How Redis goes away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Absence {
    /// It is stopped, and goes on later.
    Stopped,
    /// It is killed, and starts anew with nothing.
    Killed,
}

/// What was seen.
#[derive(Debug)]
pub struct Seen {
    /// Words of those who talked, all of them heard once and in order.
    pub words: usize,
    /// The longest way of one while Redis was there, and while it was away.
    pub slowest: [Duration; 2],
    /// From the beginning of the absence until somebody who waits at each node was told that it is held.
    pub held_after: Duration,
    /// From its end until all were told otherwise.
    pub free_after: Duration,
    /// Requests that came, by what became of them, and what was counted of them.
    pub requests: BTreeMap<&'static str, [i64; 2]>,
}

/// The two of Redis: what nodes share, and where their counters are, which keep what they have.
struct Stores {
    shared: Store,
    counters: Redis,
}

/// Somebody who waits at a node, and the worker who will take them.
struct Waiting<'a> {
    duty: DutyWorker<'a>,
    client: WaitingClient,
    offered: Offered,
}

/// When each word was said, and how long it took to be heard.
type Words = Vec<(Instant, Duration)>;

/// So many consultations talk while Redis is away for so long.
pub async fn run(talking: usize, absence: Absence, away: Duration) -> Seen {
    let service = Service::default();
    let counters = Redis::start(&["appendonly yes", "appendfsync always"]).await;
    let mut stores = Stores { shared: Store::start(Kind::Single).await, counters };
    let mut nodes = Nodes::start(NODES, &service, &stores.shared, &stores.counted()).await;
    let (stop, stopped) = watch::channel(false);
    let mut talks = Vec::new();
    for number in 0..talking {
        let way = nodes.way_to(number % NODES);
        let mut duty = DutyWorker::go_on_duty(&way, &service, service.shift()).await;
        let client = WaitingClient::arrive(&way, &service.link()).await;
        let (client, worker) = talk(&mut duty, client, Cover::Sparing).await;
        duty.socket.finish().await;
        talks.push(chat(client, worker, stopped.clone()));
    }
    let mut waits = Vec::new();
    for node in 0..NODES {
        waits.push(Waiting::come(&nodes.way_to(node), &service).await);
    }
    sleep(2 * WORD_PAUSE).await;

    let gone_at = Instant::now();
    stores.leave(absence).await;
    for waiting in &mut waits {
        waiting.is_held().await;
    }
    let held_after = gone_at.elapsed();
    // Whoever comes now is told the same. This one will not stay.
    let mut late = WaitingClient::arrive(&nodes.way_to(0), &service.link()).await;
    told(&mut late, Wait::Held).await;
    let back = gone_at + away;
    join_all(waits.iter_mut().map(|waiting| waiting.stay_until(back))).await;

    let back_at = Instant::now();
    stores.come_back(absence).await;
    for waiting in &mut waits {
        until_told(&mut waiting.client, |told| told != Wait::Held).await;
    }
    let free_after = back_at.elapsed();
    drop(late);
    for waiting in waits {
        waiting.end_well().await;
    }
    stop.send_replace(true);
    let (words, slowest) = judge(talks, [gone_at, back_at]).await;
    for node in &mut nodes.nodes {
        assert!(node.process.stop().await, "{} ends well", node.name);
    }
    let came = talking + NODES + 1;
    let truth =
        [("request.one_time", came), ("request_end.answered", came - 1), ("request_end.left", 1)];
    let mut requests = BTreeMap::new();
    for (label, came) in truth {
        requests.insert(label, [came as i64, counted(&stores.counters, &service, label).await]);
    }
    Seen { words, slowest, held_after, free_after, requests }
}

/// How many words were heard, and the slowest while Redis was there and while it was not.
async fn judge(
    talks: Vec<JoinHandle<Words>>,
    [gone, back]: [Instant; 2],
) -> (usize, [Duration; 2]) {
    let mut words = 0;
    let mut slowest = [Duration::ZERO; 2];
    for talk in talks {
        for (said_at, took) in talk.await.expect("every word is heard, once and in order") {
            let while_away = usize::from(said_at + took > gone && said_at < back);
            slowest[while_away] = slowest[while_away].max(took);
            words += 1;
        }
    }
    (words, slowest)
}

impl Stores {
    /// Counting is exact.
    fn counted(&self) -> More {
        let port = self.counters.port;
        More {
            settings: format!(
                "[indicators]\nredis = {{ kind = \"single\", addresses = \
                 [\"redis://127.0.0.1:{port}\"] }}\n"
            ),
            service: "[service.indicators]\nexact = true\n".to_owned(),
        }
    }

    async fn leave(&mut self, absence: Absence) {
        match absence {
            Absence::Stopped => self.shared.servers[0].process.signal("STOP").await,
            Absence::Killed => self.shared.servers[0].process.kill().await,
        }
        self.counters.process.signal("STOP").await;
    }

    async fn come_back(&mut self, absence: Absence) {
        match absence {
            Absence::Stopped => self.shared.servers[0].process.signal("CONT").await,
            Absence::Killed => self.shared.servers[0].start_again().await,
        }
        self.counters.process.signal("CONT").await;
    }
}

impl<'a> Waiting<'a> {
    async fn come(way: &Way, service: &'a Service) -> Self {
        let mut duty = DutyWorker::go_on_duty(way, service, service.shift()).await;
        let client = WaitingClient::arrive(way, &service.link()).await;
        let offered = duty.offered().await;
        Self { duty, client, offered }
    }

    /// The client hears it, and the worker who accepts: the offer stands.
    async fn is_held(&mut self) {
        let Self { duty, client, offered } = self;
        told(client, Wait::Held).await;
        duty.socket.send(&WorkerToRelay::Accept(offered.offer).encode()).await;
        let deferred = async {
            loop {
                if let RelayToWorker::Deferred(offer) = duty.frame().await {
                    return offer == offered.offer;
                }
            }
        };
        assert!(timeout(TOLD_MAX, deferred).await.expect("the worker is answered"));
    }

    async fn stay_until(&mut self, moment: Instant) {
        let Self { duty, client, .. } = self;
        tokio::join!(hear_until(&mut duty.socket, moment), hear_until(&mut client.socket, moment));
    }

    async fn end_well(self) {
        let Self { mut duty, client, offered } = self;
        let seat = duty.accept(&offered).await;
        let worker = duty.answer(&offered, seat).await;
        let _met = client.meet(now()).await.ok().expect("the client believes an honest worker");
        drop(worker);
        duty.socket.finish().await;
    }
}

/// One says numbers, the other hears them, until they are stopped.
fn chat(client: End, mut worker: End, stopped: watch::Receiver<bool>) -> JoinHandle<Words> {
    tokio::spawn(async move {
        let mut words = Vec::new();
        while !*stopped.borrow() {
            let (word, said_at) = (words.len().to_string(), Instant::now());
            client.say(&word).await;
            assert_eq!(worker.hear().await, word, "once and in order");
            words.push((said_at, said_at.elapsed()));
            sleep(WORD_PAUSE).await;
        }
        words
    })
}

/// Whoever does not hear does not answer pings, and would be given up.
async fn hear_until(socket: &mut Socket, moment: Instant) {
    while let Ok(next) = timeout_at(moment, socket.next_whenever()).await {
        assert!(matches!(next, Next::Message(_)), "nobody is closed meanwhile");
    }
}

async fn told(client: &mut WaitingClient, wait: Wait) {
    until_told(client, |told| told == wait).await;
}

async fn until_told(client: &mut WaitingClient, is_it: impl Fn(Wait) -> bool) {
    let waits = async {
        while !is_it(client.wait) {
            let Next::Message(frame) = client.socket.next_whenever().await else {
                panic!("somebody who waits is not closed")
            };
            match RelayToClient::decode(&frame) {
                Ok(RelayToClient::Waiting(wait)) => client.wait = wait,
                Ok(_) | Err(_) => panic!("not a frame for waiting"),
            }
        }
    };
    timeout(TOLD_MAX, waits).await.expect("whoever waits is told in time");
}

/// What all nodes together have counted.
async fn counted(counters: &Redis, service: &Service, label: &str) -> i64 {
    let authority = service.authority.public().to_hex();
    let periods = format!("vestibule:c:{{{authority}}}:periods");
    let mut sum = 0;
    for period in counters.ask(&["SMEMBERS", &periods]).await.lines() {
        let key = format!("vestibule:c:{{{authority}}}:{period}");
        sum += counters.ask(&["HGET", &key, label]).await.parse::<i64>().unwrap_or_default();
    }
    sum
}
