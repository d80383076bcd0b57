//! Going on duty: what the relay may answer, and what becomes of offers.

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use vestibule_console::clock::Clock;
use vestibule_console::random;
use vestibule_protocol::Channel;
use vestibule_wire::{
    Close, DeclineReason, Epoch, Expiry, LinkName, OfferId, RelayToWorker, SeatKey, WithdrawReason,
    WorkerToRelay,
};

use crate::fake_client::{OFFER, OFFER_HEX, SEAT, opening, take_answer};
use crate::fake_relay::FakeSocket;
use crate::page::Page;
use crate::setting::{Setting, enrol, service, start_desk};

async fn on_duty() -> (Setting, FakeSocket) {
    let mut setting = Setting::new().await;
    setting.page.next_of("snapshot").await;
    setting.page.send(json!({ "type": "go_on_duty" })).await;
    let duty = setting.relay.worker_arrives().await;
    assert_eq!(setting.page.settled_duty().await["status"], "on");
    (setting, duty)
}

#[tokio::test]
async fn the_snapshot_says_who_sits_here() {
    let mut setting = Setting::new().await;
    let snapshot = setting.page.next().await;
    assert_eq!(snapshot["type"], "snapshot");
    assert_eq!(snapshot["worker"]["alias"], "Anna");
    assert_eq!(snapshot["worker"]["role"], "peer");
    assert_eq!(snapshot["worker"]["languages"], json!(["en", "ru"]));
    assert_eq!(snapshot["worker"]["service"], json!({ "en": "Open Door" }));
    assert_eq!(snapshot["duty"], json!({ "status": "off", "reason": null }));
    assert_eq!(snapshot["waiting"], json!([]));
    assert_eq!(snapshot["consultations"], json!([]));
}

#[tokio::test]
async fn somebody_who_waits_is_shown_until_they_leave() {
    let (mut setting, mut duty) = on_duty().await;
    let link = setting.link();
    let (_, opening) = opening(&link, setting.relay.origin());
    duty.offers(OFFER, *link.name(), &opening).await;
    let waiting = setting.page.next_of("waiting").await["waiting"].take();
    assert_eq!(waiting[0]["offer"], OFFER_HEX);
    assert_eq!(waiting[0]["language"], "uk");
    assert_eq!(waiting[0]["subject"], "tests");
    assert_eq!(waiting[0]["channel"], "forum");
    assert_eq!(waiting[0]["accepting"], false);
    let since = waiting[0]["waiting_since"].as_u64().unwrap();
    assert!(u64::from(Clock::system().now().0).abs_diff(since) <= 10);

    duty.tell(&RelayToWorker::Withdrawn(OFFER, WithdrawReason::Left)).await;
    assert_eq!(setting.page.next_of("waiting").await["waiting"], json!([]));
}

#[tokio::test]
async fn a_faster_colleague_is_noticed_and_the_link_is_spent() {
    let (mut setting, mut duty) = on_duty().await;
    let link = setting.link();
    let origin = setting.relay.origin().to_owned();
    let (_, first) = opening(&link, &origin);
    duty.offers(OFFER, *link.name(), &first).await;
    setting.page.next_of("waiting").await;
    setting.page.send(json!({ "type": "accept", "offer": OFFER_HEX })).await;
    assert_eq!(setting.page.next_of("waiting").await["waiting"][0]["accepting"], true);
    assert!(matches!(duty.hears().await, WorkerToRelay::Accept(OFFER)));
    duty.tell(&RelayToWorker::Withdrawn(OFFER, WithdrawReason::Taken)).await;
    assert_eq!(setting.page.next_of("notice").await["notice"], "offer_gone");

    let (_, second) = opening(&link, &origin);
    let other = OfferId([1; 8]);
    duty.offers(other, *link.name(), &second).await;
    let declined = duty.hears().await;
    assert!(matches!(declined, WorkerToRelay::Decline(o, DeclineReason::Spent) if o == other));
    assert_eq!(setting.page.next_of("notice").await["notice"], "link_already_used");
    // The first opening may come again: its client lost the socket.
    duty.offers(other, *link.name(), &first).await;
    setting.page.shows_offer("0101010101010101").await;
}

/// As two nodes might, whose Redis has forgotten everything in between.
#[tokio::test]
async fn of_two_openings_of_a_link_that_are_both_granted_one_is_answered() {
    let (mut setting, mut duty) = on_duty().await;
    let link = setting.link();
    let origin = setting.relay.origin().to_owned();
    let ((awaiting, first), (_, second)) = (opening(&link, &origin), opening(&link, &origin));
    let (other, other_hex, other_seat) = (OfferId([1; 8]), "0101010101010101", SeatKey([6; 16]));
    for (offer, hex, opening) in [(OFFER, OFFER_HEX, &first), (other, other_hex, &second)] {
        duty.offers(offer, *link.name(), opening).await;
        setting.page.shows_offer(hex).await;
        setting.page.send(json!({ "type": "accept", "offer": hex })).await;
    }
    duty.grants(OFFER, SEAT).await;
    duty.grants(other, other_seat).await;
    let answered = take_answer(&mut setting, awaiting).await;
    while setting.page.next_of("waiting").await["waiting"] != json!([]) {}
    assert!(duty.is_open().await, "nobody is the worse for it");
    assert!(!setting.relay.has_arrived("/ws/seat"), "the other seat is left");
    drop(answered);
}

#[tokio::test]
async fn openings_that_do_not_open_are_declined() {
    let (mut setting, mut duty) = on_duty().await;
    let link = setting.link();
    let (_, elsewhere) = opening(&link, "https://elsewhere.example");
    duty.offers(OFFER, *link.name(), &elsewhere).await;
    let declined = duty.hears().await;
    assert!(matches!(declined, WorkerToRelay::Decline(OFFER, DeclineReason::Unreadable)));
    assert_eq!(setting.page.next_of("notice").await["notice"], "opening_damaged");

    let later = LinkName { epoch: Epoch(link.name().epoch.0 + 20), ..*link.name() };
    duty.offers(OFFER, later, &elsewhere).await;
    let declined = duty.hears().await;
    assert!(matches!(declined, WorkerToRelay::Decline(OFFER, DeclineReason::NoKey)));
}

#[tokio::test]
async fn a_link_that_has_expired_is_declined_though_the_relay_offers_it() {
    let (setting, mut duty) = on_duty().await;
    // The older epoch still holds; a link of its first minute does not.
    let [_, older] = Epoch::holding(Clock::system().now());
    let keys = &setting.colleague.epoch(older).unwrap().keys;
    let minute = Expiry::from_minutes(1).unwrap();
    let authority = setting.colleague.authority;
    let link = keys.issue_link(authority, minute, Channel::Forum, &mut random::system());
    let (_, sound) = opening(&link, setting.relay.origin());
    duty.offers(OFFER, *link.name(), &sound).await;
    let declined = duty.hears().await;
    assert!(matches!(declined, WorkerToRelay::Decline(OFFER, DeclineReason::Unreadable)));
}

#[tokio::test]
async fn an_offer_that_is_not_there_cannot_be_accepted() {
    let (mut setting, _duty) = on_duty().await;
    setting.page.send(json!({ "type": "accept", "offer": OFFER_HEX })).await;
    assert_eq!(setting.page.next_of("notice").await["notice"], "offer_gone");
}

#[tokio::test]
async fn no_more_are_accepted_than_the_worker_wants() {
    let (mut setting, mut duty) = on_duty().await;
    for number in 0..5_u8 {
        let link = setting.link();
        let (awaiting, opening) = opening(&link, setting.relay.origin());
        let offer = OfferId([number; 8]);
        duty.offers(offer, *link.name(), &opening).await;
        let hex = format!("{number:02x}").repeat(8);
        setting.page.shows_offer(&hex).await;
        setting.page.send(json!({ "type": "accept", "offer": hex })).await;
        if number == 3 {
            // Three, until the worker says otherwise.
            assert_eq!(setting.page.next_of("notice").await["notice"], "at_capacity");
            setting.page.send(json!({ "type": "set_capacity", "capacity": 4 })).await;
            assert_eq!(setting.page.next_of("capacity").await["capacity"], 4);
            setting.page.send(json!({ "type": "accept", "offer": hex })).await;
        }
        if number < 4 {
            duty.grants(offer, SEAT).await;
            // Their clients have not proved to be live, and count all the same.
            tokio::spawn(hold(take_answer(&mut setting, awaiting).await.line));
        }
    }
    assert_eq!(setting.page.next_of("notice").await["notice"], "at_capacity");
    let snapshot = Page::open(&setting.desk).await.next().await;
    assert_eq!(snapshot["capacity"], 4);
}

async fn hold(mut socket: FakeSocket) {
    socket.closed_with().await;
}

#[tokio::test]
async fn the_relays_refusals_are_given_their_reasons() {
    for (close, reason) in [
        (Close::UnknownService, "unknown_service"),
        (Close::CertificateRefused, "certificate_refused"),
        (Close::CertificateExpired, "certificate_expired"),
        (Close::SignInRefused, "sign_in_refused"),
    ] {
        let mut setting = Setting::new().await;
        setting.page.send(json!({ "type": "go_on_duty" })).await;
        let mut duty = setting.relay.arrives("/ws/duty").await;
        let origin = setting.relay.origin().to_owned();
        duty.challenge(Clock::system().now(), &origin).await;
        duty.closes(close).await;
        let expected = json!({ "status": "refused", "reason": reason });
        assert_eq!(setting.page.settled_duty().await, expected);
    }
    let (mut setting, mut duty) = on_duty().await;
    duty.closes(Close::StatementRefused).await;
    let expected = json!({ "status": "refused", "reason": "statement_refused" });
    assert_eq!(setting.page.settled_duty().await, expected);
    // The worker may try again.
    setting.page.send(json!({ "type": "go_on_duty" })).await;
    setting.relay.worker_arrives().await;
}

#[tokio::test]
async fn a_wrong_clock_is_refused_before_anything_is_proved() {
    let mut setting = Setting::with_clock(Clock::ahead_by_seconds(3_700)).await;
    setting.page.send(json!({ "type": "go_on_duty" })).await;
    let mut duty = setting.relay.arrives("/ws/duty").await;
    duty.send_challenge(Clock::system().now()).await;
    let expected = json!({ "status": "refused", "reason": "clock_wrong" });
    assert_eq!(setting.page.settled_duty().await, expected);
    assert_eq!(duty.closed_with().await, None);
}

#[tokio::test]
async fn without_a_shift_there_is_no_duty() {
    let mut setting = Setting::with_clock(Clock::ahead_by_seconds(86_400 * 30)).await;
    setting.page.send(json!({ "type": "go_on_duty" })).await;
    let expected = json!({ "status": "refused", "reason": "no_shift_today" });
    assert_eq!(setting.page.settled_duty().await, expected);
}

#[tokio::test]
async fn a_relay_that_stops_is_tried_again() {
    let (mut setting, mut duty) = on_duty().await;
    let link = setting.link();
    let (_, opening) = opening(&link, setting.relay.origin());
    duty.offers(OFFER, *link.name(), &opening).await;
    setting.page.next_of("waiting").await;
    duty.closes(Close::GoingAway).await;
    assert_eq!(setting.page.next_of("waiting").await["waiting"], json!([]));
    let unreachable = json!({ "status": "unreachable", "reason": null });
    assert_eq!(setting.page.settled_duty().await, unreachable);
    setting.relay.worker_arrives().await;
    assert_eq!(setting.page.settled_duty().await["status"], "on");
}

#[tokio::test]
async fn what_a_relay_never_sends_ends_the_socket() {
    for bytes in [&b""[..], &[0x12], &[0x99; 30], &[7; 1_024], &[7; 5_000]] {
        let (mut setting, mut duty) = on_duty().await;
        duty.sends(bytes).await;
        assert_eq!(setting.page.settled_duty().await["status"], "unreachable");
        setting.desk.stop().await;
    }
}

#[tokio::test]
async fn other_servers_are_no_relay() {
    for (answer, expected) in [
        ("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n", "refused"),
        ("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", "refused"),
        ("HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n", "unreachable"),
        ("220 mail.example ESMTP\r\n", "refused"),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let _ = stream.read(&mut [0; 2_048]).await;
                let _ = stream.write_all(answer.as_bytes()).await;
                let _ = stream.shutdown().await;
            }
        });
        let desk = start_desk(enrol(&service(&origin), "Anna"), Clock::system()).await;
        let mut page = Page::open(&desk).await;
        page.send(json!({ "type": "go_on_duty" })).await;
        assert_eq!(page.settled_duty().await["status"], expected, "{answer}");
    }
}

#[tokio::test]
async fn a_server_without_encryption_is_not_spoken_to_in_the_clear() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("https://{}", listener.local_addr().unwrap());
    let heard = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut start = [0; 1];
        stream.read_exact(&mut start).await.unwrap();
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        start
    });
    let desk = start_desk(enrol(&service(&origin), "Anna"), Clock::system()).await;
    let mut page = Page::open(&desk).await;
    page.send(json!({ "type": "go_on_duty" })).await;
    assert_eq!(page.settled_duty().await["status"], "unreachable");
    assert_eq!(heard.await.unwrap(), [22], "a TLS handshake record");
}

#[tokio::test]
async fn nobody_at_the_address_is_unreachable_until_the_worker_gives_up() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let desk = start_desk(enrol(&service(&origin), "Anna"), Clock::system()).await;
    let mut page = Page::open(&desk).await;
    page.send(json!({ "type": "go_on_duty" })).await;
    assert_eq!(page.settled_duty().await["status"], "unreachable");
    page.send(json!({ "type": "go_off_duty" })).await;
    assert_eq!(page.settled_duty().await["status"], "off");
}
