//! What the browser says of the network.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::{Duration, Instant};

use serde_json::json;
use tokio::net::TcpListener;
use vestibule_console::clock::Clock;
use vestibule_protocol::Record;

use crate::fake_client::{OFFER, OFFER_HEX, live, opening};
use crate::page::Page;
use crate::setting::{Setting, enrol, service, start_desk};

impl Page {
    async fn network(&mut self, online: bool) {
        self.send(json!({ "type": "network", "online": online })).await;
    }
}

#[tokio::test]
async fn a_network_that_is_gone_is_shown_at_once_and_what_arrives_knows_better() {
    let mut setting = Setting::new().await;
    let (mut duty, mut client) = live(&mut setting).await;
    let since = Instant::now();
    setting.page.network(false).await;
    let unreachable = json!({ "status": "unreachable", "reason": null });
    while setting.page.next_of("duty").await["duty"] != unreachable {}
    while setting.page.consultation("open").await["line"] != "reconnecting" {}
    assert_eq!(setting.page.next_of("notice").await["notice"], "network_gone");
    assert!(since.elapsed() < Duration::from_secs(1), "{:?}", since.elapsed());
    let snapshot = Page::open(&setting.desk).await.next().await;
    assert_eq!(snapshot["duty"], unreachable);

    // The browser was wrong.
    client.says(&Record::text("hello?")).await;
    assert_eq!(setting.page.next_of("duty").await["duty"]["status"], "on");
    assert_eq!(setting.page.consultation("open").await["line"], "joined");
    assert_eq!(setting.page.next_of("message").await["message"]["text"], "hello?");
    setting.page.network(false).await;
    assert_eq!(setting.page.next_of("duty").await["duty"], unreachable);
    let link = setting.link();
    let (_, waiting) = opening(&link, setting.relay.origin());
    duty.offers(OFFER, *link.name(), &waiting).await;
    assert_eq!(setting.page.next_of("duty").await["duty"]["status"], "on");
    setting.page.shows_offer(OFFER_HEX).await;
}

#[tokio::test]
async fn a_network_that_is_back_is_tried_at_once() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let service = service(&format!("http://{address}"));
    let desk = start_desk(enrol(&service, "Anna"), Clock::system()).await;
    drop(listener);
    let mut page = Page::open(&desk).await;
    // The clock stands still: nothing is tried again by itself.
    tokio::time::pause();
    tokio::spawn(async {
        loop {
            tokio::task::yield_now().await;
        }
    });
    page.send(json!({ "type": "go_on_duty" })).await;
    assert_eq!(page.settled_duty().await["status"], "unreachable");
    let listener = TcpListener::bind(address).await.unwrap();
    page.network(true).await;
    let deadline = Instant::now() + Duration::from_secs(10);
    let mut accept = pin!(listener.accept());
    let came = poll_fn(|context| {
        context.waker().wake_by_ref();
        let came = accept.as_mut().poll(context).map(|accepted| accepted.is_ok());
        if Instant::now() > deadline { Poll::Ready(false) } else { came }
    });
    assert!(came.await, "it is tried");
}

#[tokio::test]
async fn a_dead_socket_is_noticed_when_the_network_is_back() {
    let mut setting = Setting::new().await;
    setting.page.send(json!({ "type": "go_on_duty" })).await;
    let _nobody_reads_it = setting.relay.worker_arrives().await;
    assert_eq!(setting.page.settled_duty().await["status"], "on");
    let since = Instant::now();
    setting.page.network(true).await;
    assert_eq!(setting.page.settled_duty().await["status"], "unreachable");
    assert!(since.elapsed() < Duration::from_secs(10), "{:?}", since.elapsed());
    setting.relay.worker_arrives().await;
}
