//! Whole consultations through a fake relay.

use serde_json::json;
use vestibule_protocol::{Record, TEXT_BYTES_MAX};
use vestibule_wire::{CELL_LEN, Close};

use crate::fake_client::{answered, grant, live, opening, take_answer};
use crate::page::Page;
use crate::setting::Setting;

#[tokio::test]
async fn a_consultation_is_held_and_ended_by_the_worker() {
    let mut setting = Setting::new().await;
    let (_duty, mut client) = live(&mut setting).await;

    let sequence = client.says(&Record::Text("Привіт".to_owned())).await;
    let message = setting.page.next_of("message").await;
    assert_eq!(message["consultation"], 1);
    assert_eq!(message["message"]["number"], 1);
    assert_eq!(message["message"]["from"], "client");
    assert_eq!(message["message"]["text"], "Привіт");
    assert!(client.hears().await.acknowledged > sequence, "acknowledged at once");

    setting.page.send(json!({ "type": "send", "consultation": 1, "text": "Слухаю" })).await;
    let message = setting.page.next_of("message").await["message"].take();
    assert_eq!(message["number"], 2);
    assert_eq!(message["from"], "worker");
    assert_eq!(message["delivered"], false);
    assert_eq!(client.hears_text().await, "Слухаю");
    client.says_nothing().await;
    let delivered = setting.page.next_of("delivered").await;
    assert_eq!(delivered, json!({ "type": "delivered", "consultation": 1, "up_to": 2 }));

    setting.page.send(json!({ "type": "end", "consultation": 1 })).await;
    let ended = setting.page.next_of("consultation").await["consultation"].take();
    assert_eq!((&ended["status"], &ended["ended"]), (&json!("ended"), &json!("worker")));
    assert!(client.hears().await.record == Some(Record::Close));
    client.says_nothing().await;
    assert_eq!(client.seat.closed_with().await, Some(Close::Done));

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
    let mut setting = Setting::new().await;
    let (_duty, mut client) = live(&mut setting).await;
    let longest = "д".repeat(TEXT_BYTES_MAX / 2);
    client.says(&Record::Text(longest.clone())).await;
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
async fn the_client_ends_it() {
    let mut setting = Setting::new().await;
    let (_duty, mut client) = live(&mut setting).await;
    let sequence = client.says(&Record::Close).await;
    let ended = setting.page.next_of("consultation").await["consultation"].take();
    assert_eq!((&ended["status"], &ended["ended"]), (&json!("ended"), &json!("client")));
    assert!(client.hears().await.acknowledged > sequence);
    client.seat.closes(Close::Done).await;
}

#[tokio::test]
async fn a_lost_peer_and_a_broken_cell_are_told_apart() {
    for (close, garbage, expected) in [
        (Some(Close::PeerLeft), None, "lost"),
        (Some(Close::Done), None, "lost"),
        (None, Some(vec![7; CELL_LEN]), "broken"),
        (None, Some(vec![7; 20]), "broken"),
    ] {
        let mut setting = Setting::new().await;
        let (_duty, mut client) = live(&mut setting).await;
        if let Some(close) = close {
            client.seat.closes(close).await;
        }
        if let Some(bytes) = garbage {
            client.seat.sends(&bytes).await;
            assert_eq!(client.seat.closed_with().await, Some(Close::Malformed));
        }
        let ended = setting.page.next_of("consultation").await["consultation"].take();
        assert_eq!(ended["ended"], expected);
    }
}

#[tokio::test]
async fn a_replayed_handshake_cell_does_not_make_a_client_live() {
    for first in [0_u64, 1, 2] {
        let mut setting = Setting::new().await;
        let (_duty, mut client) = answered(&mut setting).await;
        let forged = [&first.to_be_bytes()[..], &[0; CELL_LEN - 8]].concat();
        client.seat.sends(&forged).await;
        let ended = loop {
            let state = setting.page.next_of("consultation").await["consultation"].take();
            assert_ne!(state["status"], "open");
            if state["status"] == "ended" {
                break state;
            }
        };
        assert_eq!(ended["ended"], "broken");
    }
}

#[tokio::test]
async fn a_seat_that_is_gone_leaves_nothing_but_a_notice() {
    let mut setting = Setting::new().await;
    setting.page.next_of("snapshot").await;
    setting.page.send(json!({ "type": "go_on_duty" })).await;
    let mut duty = setting.relay.worker_arrives().await;
    let link = setting.link();
    let (awaiting, opening) = opening(&link, setting.relay.origin());
    grant(&mut setting, &mut duty, &link, &opening).await;
    let mut seat = setting.relay.arrives("/ws/seat").await;
    seat.closes(Close::SeatGone).await;
    assert_eq!(setting.page.next_of("forgotten").await["consultation"], 1);
    assert_eq!(setting.page.next_of("notice").await["notice"], "seat_gone");

    // The same opening is offered again, and may be accepted again.
    grant(&mut setting, &mut duty, &link, &opening).await;
    take_answer(&mut setting, awaiting).await;
}

#[tokio::test]
async fn consultations_go_on_when_the_worker_goes_off_duty() {
    let mut setting = Setting::new().await;
    let (mut duty, mut client) = live(&mut setting).await;
    setting.page.send(json!({ "type": "go_off_duty" })).await;
    assert_eq!(setting.page.next_of("duty").await["duty"]["status"], "off");
    assert_eq!(duty.closed_with().await, Some(Close::Done));
    client.says(&Record::Text("?".to_owned())).await;
    assert_eq!(setting.page.next_of("message").await["message"]["text"], "?");
}

#[tokio::test]
async fn stopping_says_goodbye_to_clients_and_pages() {
    let mut setting = Setting::new().await;
    let (mut duty, mut client) = live(&mut setting).await;
    let Setting { desk, mut page, .. } = setting;
    let stopping = tokio::spawn(desk.stop());
    assert!(client.hears().await.record == Some(Record::Close));
    client.says_nothing().await;
    assert_eq!(client.seat.closed_with().await, Some(Close::Done));
    assert_eq!(duty.closed_with().await, Some(Close::Done));
    assert_eq!(page.closed_with().await, 1001);
    stopping.await.unwrap();
}
