//! Ends that rejoin at nodes: with the same view of them when a node dies, and with views that differ.

use std::time::Duration;

use serde_json::json;
use tokio::time::Instant;
use vestibule_fleet::nodes::{More, Nodes};
use vestibule_fleet::store::{Kind, Store};
use vestibule_protocol::{Cover, Directory};
use vestibule_tests::client::WaitingClient;
use vestibule_tests::end::End;
use vestibule_tests::meeting::talk;
use vestibule_tests::nodes::{Nodes as View, Teller, ask};
use vestibule_tests::service::Service;
use vestibule_tests::worker::DutyWorker;

use crate::alone;

const NODES: usize = 3;
/// Consultations at each node.
const TALKS: usize = 4;
/// Longest way to each other: a client that finds the worker at the last node of its first round.
const MEETS_MAX: Duration = Duration::from_secs(12);

/// Two ends that talk, and what each knows of the nodes.
struct Talk {
    client: End,
    worker: End,
    client_sees: Teller,
    worker_sees: Teller,
}

async fn begin(fleet: &Nodes, service: &Service, node: usize) -> Talk {
    let all = ask(&fleet.way).await.expect("some node answers");
    let view = || -> (Teller, View) {
        let (teller, view) = Teller::new(&fleet.way);
        teller.tell(all.clone());
        (teller, view)
    };
    let ((client_sees, client_view), (worker_sees, worker_view)) = (view(), view());
    let way = fleet.way_to(node);
    let mut duty =
        DutyWorker::go_on_duty(&way, service, service.shift()).await.knowing(&worker_view);
    let client = WaitingClient::arrive(&way, &service.link()).await.knowing(&client_view);
    let (client, worker) = talk(&mut duty, client, Cover::Steady).await;
    duty.socket.finish().await;
    Talk { client, worker, client_sees, worker_sees }
}

/// Everything said arrives once, and nothing else.
async fn says(talk: &mut Talk, words: &str) {
    let (mine, theirs) = (format!("{words} of the client"), format!("{words} of the worker"));
    tokio::join!(talk.client.say(&mine), talk.worker.say(&theirs));
    let (heard, said) = tokio::join!(talk.worker.hear(), talk.client.hear());
    assert_eq!((heard, said), (mine, theirs));
}

fn summary(mut times: Vec<Duration>) -> String {
    times.sort();
    let milliseconds = |time: Duration| time.as_millis();
    format!(
        "{} ms in the middle, {} ms at longest, of {}",
        milliseconds(times[times.len() / 2]),
        milliseconds(*times.last().unwrap()),
        times.len()
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn consultations_go_on_when_their_node_is_killed() {
    let _alone = alone().await;
    let (store, service) = (Store::start(Kind::Single).await, Service::default());
    let mut fleet = Nodes::start(NODES, &service, &store, &More::default()).await;
    let mut talks = Vec::new();
    for number in 0..NODES * TALKS {
        talks.push(begin(&fleet, &service, number % NODES).await);
    }
    for talk in &mut talks {
        says(talk, "before").await;
    }
    for node in 0..NODES {
        let killed = Instant::now();
        fleet.nodes[node].process.kill().await;
        let mut times = Vec::new();
        for talk in &mut talks {
            says(talk, "after").await;
            times.extend(talk.client.status().met_after(killed).map(|met| met - killed));
        }
        assert!(!times.is_empty(), "some were at node {node}");
        println!("node {node} killed: met again after {}", summary(times));
        fleet.start_again(node).await;
        fleet.until_listed(NODES).await;
        let all = ask(&fleet.way).await.expect("some node answers");
        for talk in &talks {
            talk.client_sees.tell(all.clone());
            talk.worker_sees.tell(all.clone());
        }
    }
}

fn without(directory: &Directory, name: &str) -> Directory {
    let others = directory.nodes().iter().filter(|node| node.name != name);
    let nodes: Vec<_> = others.map(|node| json!({ "name": node.name, "at": node.at })).collect();
    Directory::read(json!({ "nodes": nodes }).to_string().as_bytes()).unwrap()
}

/// One end does not know of the node at which the other looks first.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ends_whose_views_differ_meet_within_seconds() {
    let _alone = alone().await;
    let (store, service) = (Store::start(Kind::Single).await, Service::default());
    let fleet = Nodes::start(NODES, &service, &store, &More::default()).await;
    let all = ask(&fleet.way).await.expect("some node answers");
    for missed_by_worker in [true, false] {
        let mut times = Vec::new();
        for number in 0..TALKS {
            let mut talk = begin(&fleet, &service, number % NODES).await;
            says(&mut talk, "before").await;
            let route = talk.client.status().routes[0];
            let first = all.in_order_of(&route)[0].name.clone();
            let sees = if missed_by_worker { &talk.worker_sees } else { &talk.client_sees };
            sees.tell(without(&all, &first));
            tokio::time::sleep(Duration::from_millis(500)).await;
            let lost = Instant::now();
            talk.client.lose_lines().await;
            talk.client.find_lines().await;
            let met = talk.client.meets_after(lost).await;
            says(&mut talk, "after").await;
            times.push(met - lost);
        }
        let who = if missed_by_worker { "worker" } else { "client" };
        let longest = times.iter().max().copied();
        println!("the {who} misses the first node: met again after {}", summary(times));
        assert!(longest < Some(MEETS_MAX), "{longest:?}");
    }
}
