//! Whole consultations through a fake relay.

use std::time::Duration;

use serde_json::json;
use tokio::time::Instant;
use vestibule_console::clock::Clock;
use vestibule_console::desk_page::DeskOptions;
use vestibule_protocol::{Record, TEXT_BYTES_MAX};
use vestibule_wire::{
    CELL_LEN, Close, DeclineReason, RelayToWorker, WithdrawReason, WorkerToRelay,
};

use crate::fake_client::{OFFER, OFFER_HEX, answered, grant, live, opening, take_answer};
use crate::page::Page;
use crate::setting::{Setting, enrol, hasten, start_desk_with, viewer};

#[tokio::test]
async fn a_consultation_is_held_and_ended_by_the_worker() {
    hasten();
    let mut setting = Setting::new().await;
    let (_duty, mut client) = live(&mut setting).await;

    let number = client.says(&Record::text("Привіт")).await;
    let message = setting.page.next_of("message").await;
    assert_eq!(message["consultation"], 1);
    assert_eq!(message["message"]["number"], 1);
    assert_eq!(message["message"]["from"], "client");
    assert_eq!(message["message"]["text"], "Привіт");
    client.hears_delivered(number).await;

    setting.page.send(json!({ "type": "send", "consultation": 1, "text": "Слухаю" })).await;
    let message = setting.page.next_of("message").await["message"].take();
    assert_eq!(message["number"], 2);
    assert_eq!(message["from"], "worker");
    assert_eq!(message["delivered"], false);
    assert_eq!(client.hears_text().await, "Слухаю");
    let delivered = setting.page.next_of("delivered").await;
    assert_eq!(delivered, json!({ "type": "delivered", "consultation": 1, "up_to": 2 }));

    setting.page.send(json!({ "type": "end", "consultation": 1 })).await;
    let ended = setting.page.consultation("ended").await;
    assert_eq!((&ended["ended"], &ended["line"]), (&json!("worker"), &json!(null)));
    assert!(client.hears_record().await == Record::Close);
    assert_eq!(client.line.closed_with().await, Some(Close::Done));

    let mut second = Page::open(&setting.desk).await;
    let snapshot = second.next().await;
    assert_eq!(snapshot["consultations"][0]["ended"], "worker");
    assert_eq!(snapshot["consultations"][0]["messages"][1]["delivered"], true);
    second.send(json!({ "type": "forget", "consultation": 1 })).await;
    assert_eq!(setting.page.next_of("forgotten").await["consultation"], 1);
    let snapshot = Page::open(&setting.desk).await.next().await;
    assert_eq!(snapshot["consultations"], json!([]));
}

#[tokio::test]
async fn the_longest_texts_arrive_both_ways() {
    hasten();
    let mut setting = Setting::new().await;
    let (_duty, mut client) = live(&mut setting).await;
    let longest = "д".repeat(TEXT_BYTES_MAX / 2);
    client.says(&Record::text(&longest)).await;
    assert_eq!(setting.page.next_of("message").await["message"]["text"], longest);
    setting.page.send(json!({ "type": "send", "consultation": 1, "text": longest })).await;
    assert_eq!(client.hears_text().await, longest);
    // In JSON each of these takes six bytes.
    let escaped = "\u{1}".repeat(TEXT_BYTES_MAX);
    setting.page.send(json!({ "type": "send", "consultation": 1, "text": escaped })).await;
    assert!(client.hears_text().await == escaped);

    let too_long = format!("{longest}x");
    setting.page.send(json!({ "type": "send", "consultation": 1, "text": too_long })).await;
    assert_eq!(setting.page.next_of("notice").await["notice"], "text_too_long");
}

#[tokio::test]
async fn the_workers_line_is_steady() {
    hasten();
    let mut setting = Setting::new().await;
    let (_duty, mut client) = live(&mut setting).await;
    // The first cell goes at once, and some may have come meanwhile.
    for _ in 0..3 {
        client.hears().await;
    }
    let text = "x".repeat(5_000);
    setting.page.send(json!({ "type": "send", "consultation": 1, "text": text })).await;
    let mut before = None;
    for _ in 0..10 {
        client.hears().await;
        let now = Instant::now();
        if let Some(before) = before.replace(now) {
            let slot: Duration = now - before;
            assert!((1_300..2_700).contains(&slot.as_millis()), "{slot:?}");
        }
    }
}

#[tokio::test]
async fn a_desk_that_saves_data_sends_when_there_is_something_to_say() {
    hasten();
    let mut setting = Setting::new().await;
    let folder = tempfile::tempdir().unwrap();
    let worker_file = folder.path().join("worker.age");
    std::fs::write(&worker_file, "sealed").unwrap();
    let options = DeskOptions { worker_file, pack_folder: None, save_data: true, viewer: viewer() };
    let anna = enrol(&setting.service, "Anna");
    setting.desk = start_desk_with(options, anna, Clock::system()).await;
    setting.page = Page::open(&setting.desk).await;
    let (_duty, mut client) = live(&mut setting).await;
    for _ in 0..3 {
        client.hears().await;
    }
    let quiet_since = Instant::now();
    client.hears().await;
    let slot = quiet_since.elapsed();
    assert!((5_500..11_000).contains(&slot.as_millis()), "{slot:?}");
    let said_at = Instant::now();
    setting.page.send(json!({ "type": "send", "consultation": 1, "text": "at once" })).await;
    assert_eq!(client.hears_text().await, "at once");
    assert!(said_at.elapsed() < Duration::from_secs(2), "{:?}", said_at.elapsed());
}

#[tokio::test]
async fn words_that_the_queue_does_not_take_are_not_shown() {
    let mut setting = Setting::new().await;
    let (_duty, _client) = live(&mut setting).await;
    let long = "x".repeat(TEXT_BYTES_MAX);
    let mut taken = 0;
    let notice = loop {
        setting.page.send(json!({ "type": "send", "consultation": 1, "text": long })).await;
        let message = loop {
            let message = setting.page.next().await;
            if message["type"] == "message" || message["type"] == "notice" {
                break message;
            }
        };
        if message["type"] == "notice" {
            break message;
        }
        taken += 1;
    };
    assert_eq!(notice["notice"], "queue_full");
    let snapshot = Page::open(&setting.desk).await.next().await;
    let shown = snapshot["consultations"][0]["messages"].as_array().unwrap().len();
    assert_eq!((taken, shown), (3, 3));
}

#[tokio::test]
async fn the_client_ends_it() {
    hasten();
    let mut setting = Setting::new().await;
    let (_duty, mut client) = live(&mut setting).await;
    let number = client.says(&Record::Close).await;
    assert_eq!(setting.page.consultation("ended").await["ended"], "client");
    client.hears_delivered(number).await;
    client.line.closes(Close::Done).await;
}

#[tokio::test]
async fn a_replayed_opening_does_not_make_a_client_live() {
    hasten();
    for first in [0_u64, 1, 2] {
        let mut setting = Setting::new().await;
        let (_duty, mut client) = answered(&mut setting).await;
        let forged = [&first.to_be_bytes()[..], &[0; CELL_LEN - 8]].concat();
        client.line.sends(&forged).await;
        assert_eq!(client.line.closed_with().await, Some(Close::Malformed));
        // A minute later nothing is left of it.
        let gone = setting.page.next_of("forgotten").await;
        assert_eq!(gone["consultation"], 1);
        assert_eq!(setting.page.next_of("notice").await["notice"], "seat_gone");
    }
}

#[tokio::test]
async fn a_client_whose_seat_broke_after_the_answer_meets_the_worker_at_its_route() {
    let mut setting = Setting::new().await;
    let (_duty, mut client) = answered(&mut setting).await;
    client.line.closes(Close::PeerLeft).await;
    client.rejoins(&mut setting.relay).await;
    setting.page.consultation("open").await;
    client.says(&Record::text("?")).await;
    assert_eq!(setting.page.next_of("message").await["message"]["text"], "?");
}

#[tokio::test]
async fn a_seat_that_is_gone_leaves_nothing_but_a_notice() {
    let mut setting = Setting::new().await;
    setting.page.next_of("snapshot").await;
    setting.page.send(json!({ "type": "go_on_duty" })).await;
    let mut duty = setting.relay.worker_arrives().await;
    let link = setting.link();
    let (_, sound) = opening(&link, setting.relay.origin());
    grant(&mut setting, &mut duty, &link, &sound).await;
    let mut seat = setting.relay.arrives("/ws/seat").await;
    seat.closes(Close::SeatGone).await;
    assert_eq!(setting.page.next_of("forgotten").await["consultation"], 1);
    assert_eq!(setting.page.next_of("notice").await["notice"], "seat_gone");

    // The same opening is offered again, and may be accepted again. Or the client has loaded its page
    // again, and made another.
    duty.offers(OFFER, *link.name(), &sound).await;
    setting.page.shows_offer(OFFER_HEX).await;
    duty.tell(&RelayToWorker::Withdrawn(OFFER, WithdrawReason::Left)).await;
    let (awaiting, reloaded) = opening(&link, setting.relay.origin());
    grant(&mut setting, &mut duty, &link, &reloaded).await;
    take_answer(&mut setting, awaiting).await;
}

#[tokio::test]
async fn after_an_answer_only_the_same_opening_may_come_again() {
    hasten();
    let mut setting = Setting::new().await;
    setting.page.next_of("snapshot").await;
    setting.page.send(json!({ "type": "go_on_duty" })).await;
    let mut duty = setting.relay.worker_arrives().await;
    let link = setting.link();
    let (awaiting, sound) = opening(&link, setting.relay.origin());
    grant(&mut setting, &mut duty, &link, &sound).await;
    take_answer(&mut setting, awaiting).await;
    // Nobody proves to be live.
    let notice = duty.idles(setting.page.next_of("notice")).await;
    assert_eq!(notice["notice"], "seat_gone");
    let (_, other) = opening(&link, setting.relay.origin());
    duty.offers(OFFER, *link.name(), &other).await;
    assert!(matches!(duty.hears().await, WorkerToRelay::Decline(OFFER, DeclineReason::Spent)));
    duty.offers(OFFER, *link.name(), &sound).await;
    setting.page.shows_offer(OFFER_HEX).await;
}

#[tokio::test]
async fn consultations_go_on_when_the_worker_goes_off_duty() {
    let mut setting = Setting::new().await;
    let (mut duty, mut client) = live(&mut setting).await;
    setting.page.send(json!({ "type": "go_off_duty" })).await;
    assert_eq!(setting.page.next_of("duty").await["duty"]["status"], "off");
    assert_eq!(duty.closed_with().await, Some(Close::Done));
    client.says(&Record::text("?")).await;
    assert_eq!(setting.page.next_of("message").await["message"]["text"], "?");
}

#[tokio::test]
async fn stopping_says_goodbye_to_clients_and_pages() {
    let mut setting = Setting::new().await;
    let (mut duty, mut client) = live(&mut setting).await;
    let long = "x".repeat(10_000);
    setting.page.send(json!({ "type": "send", "consultation": 1, "text": long })).await;
    setting.page.next_of("message").await;
    let Setting { desk, mut page, .. } = setting;
    let stopping = tokio::spawn(desk.stop());
    // What is on its way goes without waiting for slots.
    assert_eq!(client.hears_text().await, long);
    assert!(client.hears_record().await == Record::Close);
    assert_eq!(client.line.closed_with().await, Some(Close::Done));
    assert_eq!(duty.closed_with().await, Some(Close::Done));
    assert_eq!(page.closed_with().await, 1001);
    stopping.await.unwrap();
}
