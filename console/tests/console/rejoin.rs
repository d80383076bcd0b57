//! A consultation outlives its sockets.

use std::time::Duration;

use serde_json::json;
use tokio::time::Instant;
use vestibule_console::random;
use vestibule_protocol::{Record, SILENT_AFTER};
use vestibule_wire::{CELL_LEN, Close};

use crate::fake_client::{FakeClient, live};
use crate::fake_relay::FakeSocket;
use crate::page::Page;
use crate::setting::{Setting, hasten, passes};

async fn says(page: &mut Page, text: &str) {
    page.send(json!({ "type": "send", "consultation": 1, "text": text })).await;
}

/// Both ends can talk, on whatever line they have now.
async fn talk(setting: &mut Setting, client: &mut FakeClient) {
    client.says(&Record::text("are you there?")).await;
    assert_eq!(next_of_client(&mut setting.page).await, "are you there?");
    says(&mut setting.page, "yes").await;
    assert_eq!(client.hears_text().await, "yes");
}

/// The client's next words on the page.
async fn next_of_client(page: &mut Page) -> String {
    loop {
        let message = page.next_of("message").await["message"].take();
        if message["from"] == "client" {
            return message["text"].as_str().unwrap().to_owned();
        }
    }
}

/// Waits until the worker is shown this line.
async fn shows_line(page: &mut Page, line: &str) {
    while page.consultation("open").await["line"] != line {}
}

/// Somebody who is not the client comes to its route.
async fn stranger(setting: &mut Setting, client: &FakeClient) -> FakeSocket {
    let mut stranger = setting.relay.rejoins_at(client.session.routes()[0]).await;
    stranger.joins().await;
    stranger
}

#[tokio::test]
async fn nothing_is_lost_or_doubled_when_a_line_breaks_in_the_middle_of_messages() {
    hasten();
    let mut setting = Setting::new().await;
    let (_duty, mut client) = live(&mut setting).await;
    shows_line(&mut setting.page, "joined").await;
    let (ours, theirs) = ("о".repeat(5_000), "x".repeat(10_000));
    says(&mut setting.page, &theirs).await;
    says(&mut setting.page, "and more").await;
    // Some of the cells go on the old line, of some of those only the client knows.
    client.session.say(&Record::text(&ours)).unwrap();
    client.session.say(&Record::text("again")).unwrap();
    for _ in 0..4 {
        let cell = client.session.next_cell().unwrap();
        client.line.sends(&cell).await;
        let heard = client.line.receives().await;
        client.opens(&heard);
    }
    let lost = client.session.next_cell().unwrap();
    client.line.receives().await;
    client.line.closes(Close::PeerLeft).await;
    shows_line(&mut setting.page, "reconnecting").await;

    client.rejoins(&mut setting.relay).await;
    client.line.sends(&lost).await;
    assert_eq!(next_of_client(&mut setting.page).await, ours);
    assert_eq!(next_of_client(&mut setting.page).await, "again");
    assert_eq!(client.hears_text().await, theirs);
    assert_eq!(client.hears_text().await, "and more");
    talk(&mut setting, &mut client).await;
    let snapshot = Page::open(&setting.desk).await.next().await;
    assert_eq!(snapshot["consultations"][0]["messages"].as_array().unwrap().len(), 6);
}

#[tokio::test]
async fn the_worker_sees_where_the_client_is() {
    hasten();
    let mut setting = Setting::new().await;
    let (_duty, mut client) = live(&mut setting).await;
    let mut standby = setting.relay.rejoins_at(client.session.routes()[0]).await;
    standby.is_alone().await;
    shows_line(&mut setting.page, "joined").await;
    client.line.closes(Close::Done).await;
    shows_line(&mut setting.page, "client_away").await;
    standby.joins().await;
    client.line = standby;
    client.session.rejoined();
    client.greets().await;
    shows_line(&mut setting.page, "joined").await;
}

#[tokio::test]
async fn a_silent_line_is_dropped() {
    hasten();
    let mut setting = Setting::new().await;
    let before_first_cell = Instant::now();
    let (_duty, mut client) = live(&mut setting).await;
    let after_first_cell = Instant::now();
    assert_eq!(client.line.closed_with().await, Some(Close::Done));
    assert!(before_first_cell.elapsed() >= SILENT_AFTER);
    assert!(after_first_cell.elapsed() < SILENT_AFTER + Duration::from_secs(1));
    client.rejoins(&mut setting.relay).await;
    talk(&mut setting, &mut client).await;
}

#[tokio::test]
async fn a_waiting_socket_that_died_without_a_word_is_replaced_before_the_client_comes_there() {
    /// A client's line is silent for 16 s before it leaves it, and for 2.5 s of them the network may
    /// still have been there.
    const CLIENT_COMES: Duration = Duration::from_millis(13_500);
    hasten();
    let mut setting = Setting::new().await;
    let (_duty, client) = live(&mut setting).await;
    let route = client.session.routes()[0];
    // Nobody reads it, so its pings are not answered.
    let _dead = setting.relay.rejoins_at(route).await;
    let since = Instant::now();
    let _replacement = setting.relay.rejoins_at(route).await;
    assert!(since.elapsed() < CLIENT_COMES, "{:?} is too late", since.elapsed());
}

#[tokio::test]
async fn a_joined_line_takes_the_place_of_the_one_before_when_a_new_cell_opens_on_it() {
    hasten();
    let mut setting = Setting::new().await;
    let (_duty, mut client) = live(&mut setting).await;
    talk(&mut setting, &mut client).await;
    let mut before = std::mem::replace(
        &mut client.line,
        setting.relay.rejoins_at(client.session.routes()[0]).await,
    );
    client.line.joins().await;
    client.session.rejoined();
    client.greets().await;
    assert_eq!(before.closed_with().await, Some(Close::Done));
    talk(&mut setting, &mut client).await;
}

#[tokio::test]
async fn somebody_who_is_not_the_client_disturbs_nothing() {
    hasten();
    let mut setting = Setting::new().await;
    let (_duty, mut client) = live(&mut setting).await;
    talk(&mut setting, &mut client).await;
    // What the relay has seen before proves nothing.
    let replayed = client.session.empty_cell().unwrap();
    client.line.sends(&replayed).await;
    talk(&mut setting, &mut client).await;
    let mut silent = stranger(&mut setting, &client).await;
    silent.sends(&replayed).await;
    talk(&mut setting, &mut client).await;
    // The route is not blocked, and the newest of two strangers stays.
    let mut second = stranger(&mut setting, &client).await;
    assert_eq!(silent.closed_with().await, Some(Close::Done));
    talk(&mut setting, &mut client).await;
    second.sends(&[7; CELL_LEN]).await;
    assert_eq!(second.closed_with().await, Some(Close::Malformed));
    talk(&mut setting, &mut client).await;
    let mut third = stranger(&mut setting, &client).await;
    third.sends(&[7; 20]).await;
    assert_eq!(third.closed_with().await, Some(Close::Malformed));
    talk(&mut setting, &mut client).await;
}

#[tokio::test]
async fn garbage_ends_a_line_and_never_the_consultation() {
    hasten();
    let mut setting = Setting::new().await;
    let (_duty, mut client) = live(&mut setting).await;
    for garbage in [&[7; CELL_LEN][..], &[7; 20], &[]] {
        client.line.sends(garbage).await;
        assert_eq!(client.line.closed_with().await, Some(Close::Malformed));
        client.rejoins(&mut setting.relay).await;
        talk(&mut setting, &mut client).await;
    }
}

#[tokio::test]
async fn fresh_secrets_move_the_route() {
    hasten();
    let mut setting = Setting::new().await;
    let (_duty, mut client) = live(&mut setting).await;
    let first_route = client.session.routes()[0];
    client.session.freshen(Duration::ZERO, &mut random::system());
    client.session.freshen(Duration::from_mins(11), &mut random::system());
    client.sends_due().await;
    while client.session.generation() == 0 {
        client.hears().await;
    }
    let second_route = client.session.routes()[0];
    assert!(first_route != second_route);
    talk(&mut setting, &mut client).await;
    client.line.closes(Close::PeerLeft).await;
    client.rejoins(&mut setting.relay).await;
    talk(&mut setting, &mut client).await;
}

#[tokio::test]
async fn a_client_that_has_not_read_the_fresh_answer_is_met_at_the_former_route() {
    hasten();
    let mut setting = Setting::new().await;
    let (_duty, mut client) = live(&mut setting).await;
    client.session.freshen(Duration::ZERO, &mut random::system());
    client.session.freshen(Duration::from_mins(11), &mut random::system());
    client.sends_due().await;
    // The answer, in two cells, gets lost with the line.
    passes(Duration::from_secs(10)).await;
    client.line.closes(Close::PeerLeft).await;
    client.rejoins(&mut setting.relay).await;
    while client.session.generation() == 0 {
        client.hears().await;
    }
    talk(&mut setting, &mut client).await;
}

#[tokio::test]
async fn a_goodbye_reaches_a_client_that_comes_back_later() {
    hasten();
    let mut setting = Setting::new().await;
    let (_duty, mut client) = live(&mut setting).await;
    client.line.closes(Close::PeerLeft).await;
    shows_line(&mut setting.page, "reconnecting").await;
    says(&mut setting.page, "goodbye").await;
    setting.page.next_of("message").await;
    setting.page.send(json!({ "type": "end", "consultation": 1 })).await;
    assert_eq!(setting.page.consultation("ended").await["ended"], "worker");
    passes(Duration::from_mins(3)).await;
    client.rejoins(&mut setting.relay).await;
    assert_eq!(client.hears_text().await, "goodbye");
    assert!(client.hears_record().await == Record::Close);
    assert_eq!(client.line.closed_with().await, Some(Close::Done));
    assert_eq!(setting.page.next_of("delivered").await["up_to"], 1);
}

#[tokio::test]
async fn a_client_that_does_not_come_back_is_lost() {
    hasten();
    let mut setting = Setting::new().await;
    let (_duty, mut client) = live(&mut setting).await;
    setting.page.send(json!({ "type": "set_lock_minutes", "minutes": 60 })).await;
    client.line.closes(Close::PeerLeft).await;
    passes(Duration::from_mins(29)).await;
    let snapshot = Page::open(&setting.desk).await.next().await;
    assert_eq!(snapshot["consultations"][0]["status"], "open");
    assert_eq!(setting.page.consultation("ended").await["ended"], "lost");
}
