//! A relay of several nodes: duty at each, one desk for all, and consultations that outlive a node.

use serde_json::{Value, json};
use vestibule_protocol::{Directory, Record};
use vestibule_wire::{
    Close, ColleagueId, OfferId, RelayToWorker, Route, WithdrawReason, WorkerToRelay,
};

use crate::fake_client::{FakeClient, OFFER, OFFER_HEX, SEAT, opening, take_answer_at};
use crate::fake_relay::{FakeRelay, FakeSocket, introduce};
use crate::page::Page;
use crate::setting::{Setting, hasten};

const OTHER: OfferId = OfferId([8; 8]);

/// Node `a` is where the service's address leads; `b` and `c` are others.
struct Nodes {
    setting: Setting,
    b: FakeRelay,
    c: FakeRelay,
}

impl Nodes {
    async fn new() -> Self {
        let setting = Setting::new().await;
        let b = FakeRelay::node_of(setting.relay.origin()).await;
        let c = FakeRelay::node_of(setting.relay.origin()).await;
        setting.relay.names_nodes(&[("a", &setting.relay), ("b", &b), ("c", &c)]);
        Self { setting, b, c }
    }

    /// The worker's duty sockets at each node.
    async fn on_duty(&mut self) -> [FakeSocket; 3] {
        self.setting.page.send(json!({ "type": "go_on_duty" })).await;
        [
            self.setting.relay.worker_arrives().await,
            self.b.worker_arrives().await,
            self.c.worker_arrives().await,
        ]
    }

    fn node(&mut self, name: &str) -> &mut FakeRelay {
        match name {
            "a" => &mut self.setting.relay,
            "b" => &mut self.b,
            _ => &mut self.c,
        }
    }

    /// The nodes in the order of a route.
    fn order(route: &Route) -> Vec<String> {
        let names = ["a", "b", "c"].map(|name| json!({ "name": name, "at": format!("/n/{name}") }));
        let directory = Directory::read(json!({ "nodes": names }).to_string().as_bytes()).unwrap();
        directory.in_order_of(route).iter().map(|node| node.name.clone()).collect()
    }

    /// A live consultation whose seat is at node `b`.
    async fn live_at_b(&mut self, duty: &mut FakeSocket) -> FakeClient {
        let link = self.setting.link();
        let (awaiting, opening) = opening(&link, self.setting.relay.origin());
        duty.offers(OFFER, *link.name(), &opening).await;
        self.setting.page.shows_offer(OFFER_HEX).await;
        self.setting.page.send(json!({ "type": "accept", "offer": OFFER_HEX })).await;
        duty.grants(OFFER, SEAT).await;
        let mut client = take_answer_at(&mut self.b, awaiting).await;
        client.greets().await;
        self.setting.page.consultation("open").await;
        client
    }
}

async fn duty_status(page: &mut Page, status: &str) {
    while page.next_of("duty").await["duty"]["status"] != status {}
}

async fn colleagues(desk: &vestibule_console::desk_page::RunningDesk) -> Value {
    Page::open(desk).await.next().await["colleagues"].take()
}

#[tokio::test]
async fn one_node_that_has_the_worker_is_enough_to_be_on_duty() {
    let mut nodes = Nodes::new().await;
    let [a, mut b, c] = nodes.on_duty().await;
    duty_status(&mut nodes.setting.page, "on").await;
    let link = nodes.setting.link();
    let (_, first) = opening(&link, nodes.setting.relay.origin());
    b.offers(OFFER, *link.name(), &first).await;
    nodes.setting.page.shows_offer(OFFER_HEX).await;
    drop((a, c));
    // What b offers stands, and the worker is on duty: the sockets that broke come again.
    let _a = nodes.setting.relay.worker_arrives().await;
    let snapshot = Page::open(&nodes.setting.desk).await.next().await;
    assert_eq!(snapshot["duty"]["status"], "on");
    assert_eq!(snapshot["waiting"].as_array().unwrap().len(), 1);
    drop(b);
    assert_eq!(nodes.setting.page.next_of("waiting").await["waiting"], json!([]));
}

#[tokio::test]
async fn a_seat_is_taken_where_the_client_waits() {
    let mut nodes = Nodes::new().await;
    let [_a, mut b, _c] = nodes.on_duty().await;
    let mut client = nodes.live_at_b(&mut b).await;
    client.says(&Record::text("hello")).await;
    assert_eq!(nodes.setting.page.next_of("message").await["message"]["text"], "hello");
}

#[tokio::test]
async fn who_waits_at_two_nodes_is_shown_once_and_accepted_where_they_came_last() {
    let mut nodes = Nodes::new().await;
    let [mut a, mut b, _c] = nodes.on_duty().await;
    let link = nodes.setting.link();
    let (_, opening) = opening(&link, nodes.setting.relay.origin());
    a.offers(OFFER, *link.name(), &opening).await;
    nodes.setting.page.shows_offer(OFFER_HEX).await;
    b.offers(OTHER, *link.name(), &opening).await;
    // Until the console has heard of it at both.
    while nodes.setting.page.next_of("waiting").await["waiting"].as_array().unwrap().len() != 1 {}
    nodes.setting.page.send(json!({ "type": "accept", "offer": OFFER_HEX })).await;
    assert!(matches!(b.hears().await, WorkerToRelay::Accept(OTHER)));
    // There the client has left, and is shown as waiting where it is.
    b.tell(&RelayToWorker::Withdrawn(OTHER, WithdrawReason::Left)).await;
    while nodes.setting.page.next_of("waiting").await["waiting"][0]["accepting"] != false {}
    nodes.setting.page.send(json!({ "type": "accept", "offer": OFFER_HEX })).await;
    assert!(matches!(a.hears().await, WorkerToRelay::Accept(OFFER)));
}

#[tokio::test]
async fn what_cannot_be_granted_now_waits_and_can_be_accepted_again() {
    let mut nodes = Nodes::new().await;
    let [mut a, _b, _c] = nodes.on_duty().await;
    let link = nodes.setting.link();
    let (_, opening) = opening(&link, nodes.setting.relay.origin());
    a.offers(OFFER, *link.name(), &opening).await;
    nodes.setting.page.shows_offer(OFFER_HEX).await;
    for _ in 0..2 {
        nodes.setting.page.send(json!({ "type": "accept", "offer": OFFER_HEX })).await;
        assert!(matches!(a.hears().await, WorkerToRelay::Accept(OFFER)));
        a.tell(&RelayToWorker::Deferred(OFFER)).await;
        assert_eq!(nodes.setting.page.next_of("notice").await["notice"], "offer_deferred");
        let snapshot = Page::open(&nodes.setting.desk).await.next().await;
        assert_eq!(snapshot["waiting"][0]["accepting"], false);
    }
}

#[tokio::test]
async fn what_was_deferred_is_not_granted_before_it_is_accepted_again() {
    let mut nodes = Nodes::new().await;
    let [mut a, _b, _c] = nodes.on_duty().await;
    let link = nodes.setting.link();
    let (_, opening) = opening(&link, nodes.setting.relay.origin());
    a.offers(OFFER, *link.name(), &opening).await;
    nodes.setting.page.shows_offer(OFFER_HEX).await;
    nodes.setting.page.send(json!({ "type": "accept", "offer": OFFER_HEX })).await;
    assert!(matches!(a.hears().await, WorkerToRelay::Accept(OFFER)));
    a.tell(&RelayToWorker::Deferred(OFFER)).await;
    a.tell(&RelayToWorker::Granted(OFFER, SEAT)).await;
    assert_eq!(a.closed_with().await, Some(Close::Malformed));
}

#[tokio::test]
async fn a_colleague_of_several_nodes_is_one_whom_the_loss_of_a_node_does_not_take_away() {
    let mut nodes = Nodes::new().await;
    let [a, b, _c] = nodes.on_duty().await;
    let (second_desk, mut second_page) = nodes.setting.second_desk().await;
    second_page.send(json!({ "type": "go_on_duty" })).await;
    let second_a = nodes.setting.relay.worker_arrives().await;
    let second_b = nodes.b.worker_arrives().await;
    let at_a = introduce(a, second_a);
    nodes.setting.page.colleague_on_duty(true).await;
    second_page.colleague_on_duty(true).await;
    let _at_b = introduce(b, second_b);

    let page = &mut nodes.setting.page;
    page.send(json!({ "type": "whisper", "colleague": 1, "text": "one" })).await;
    assert_eq!(second_page.next_of("whisper").await["message"]["text"], "one");
    page.next_of("whisper_delivered").await;
    drop(at_a);
    page.send(json!({ "type": "whisper", "colleague": 1, "text": "two" })).await;
    assert_eq!(second_page.next_of("whisper").await["message"]["text"], "two");
    assert_eq!(page.next_of("whisper_delivered").await["up_to"], 2);
    assert_eq!(colleagues(&nodes.setting.desk).await[0]["on_duty"], true);
    assert_eq!(colleagues(&second_desk).await.as_array().unwrap().len(), 1);
}

/// A node takes a whisper from one and dies before the other has it.
#[tokio::test]
async fn what_was_under_way_by_a_node_that_dies_goes_by_another_and_is_taken_once() {
    let mut nodes = Nodes::new().await;
    let [mut a, b, _c] = nodes.on_duty().await;
    let (second_desk, mut second_page) = nodes.setting.second_desk().await;
    second_page.send(json!({ "type": "go_on_duty" })).await;
    let mut second_a = nodes.setting.relay.worker_arrives().await;
    let second_b = nodes.b.worker_arrives().await;
    let (first_id, second_id) = (ColleagueId([1; 8]), ColleagueId([2; 8]));
    a.names(second_id, &second_a).await;
    second_a.names(first_id, &a).await;
    if !a.carries_hello(second_id, &mut second_a, first_id).await {
        second_a.carries_hello(first_id, &mut a, second_id).await;
    }
    nodes.setting.page.colleague_on_duty(true).await;
    second_page.colleague_on_duty(true).await;
    let _at_b = introduce(b, second_b);
    // Until both know the way by b as well.
    nodes.setting.page.send(json!({ "type": "whisper", "colleague": 1, "text": "once" })).await;
    let WorkerToRelay::Whisper(_, cell) = a.hears().await else { panic!("no whisper") };
    second_a.tell(&RelayToWorker::Whispered(first_id, cell)).await;
    assert_eq!(second_page.next_of("whisper").await["message"]["text"], "once");
    // The acknowledgement is lost with the node, and one whisper that nobody has seen.
    nodes.setting.page.send(json!({ "type": "whisper", "colleague": 1, "text": "unseen" })).await;
    let WorkerToRelay::Whisper(..) = a.hears().await else { panic!("no whisper") };
    drop((a, second_a));
    assert_eq!(second_page.next_of("whisper").await["message"]["text"], "unseen");
    while nodes.setting.page.next_of("whisper_delivered").await["up_to"] != 2 {}
    let snapshot = Page::open(&second_desk).await.next().await;
    assert_eq!(snapshot["whispers"][0]["messages"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_worker_waits_at_the_first_node_of_the_order_that_answers() {
    hasten();
    let mut nodes = Nodes::new().await;
    let [_a, mut b, _c] = nodes.on_duty().await;
    let mut client = nodes.live_at_b(&mut b).await;
    let route = client.session.routes()[0];
    let order = Nodes::order(&route);
    let mut standby = nodes.node(&order[0]).rejoins_at(route).await;
    standby.is_alone().await;
    // The node dies: its sockets break, and nothing comes through to it.
    nodes.node(&order[0]).dies();
    drop(standby);
    let mut next = nodes.node(&order[1]).rejoins_at(route).await;
    next.joins().await;
    client.line = next;
    client.session.rejoined();
    client.greets().await;
    client.says(&Record::text("still here")).await;
    let message = nodes.setting.page.next_of("message").await;
    assert_eq!(message["message"]["text"], "still here");
}

#[tokio::test]
async fn another_first_node_is_gone_to_before_the_one_before_is_left() {
    hasten();
    let mut nodes = Nodes::new().await;
    nodes.setting.relay.names_nodes(&[("b", &nodes.b)]);
    nodes.setting.page.send(json!({ "type": "go_on_duty" })).await;
    let mut duty = nodes.b.worker_arrives().await;
    let client = nodes.live_at_b(&mut duty).await;
    let route = client.session.routes()[0];
    let mut before = nodes.b.rejoins_at(route).await;
    before.is_alone().await;
    let order = Nodes::order(&route);
    if order[0] == "b" {
        return;
    }
    nodes.setting.relay.names_nodes(&[
        ("a", &nodes.setting.relay),
        ("b", &nodes.b),
        ("c", &nodes.c),
    ]);
    let mut after = nodes.node(&order[0]).rejoins_at(route).await;
    assert!(before.is_open().await, "until the relay has it there");
    after.is_alone().await;
    before.closed_with().await;
    client_meets(&mut nodes, client, after).await;
}

async fn client_meets(nodes: &mut Nodes, mut client: FakeClient, mut at: FakeSocket) {
    at.joins().await;
    client.line = at;
    client.session.rejoined();
    client.greets().await;
    client.says(&Record::text("here")).await;
    assert_eq!(nodes.setting.page.next_of("message").await["message"]["text"], "here");
}
