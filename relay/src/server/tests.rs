mod colleagues;
mod conformance;
mod doors;
mod health;
mod indicators;
mod limits;
mod nodes;
mod rejoining;
mod revocations;

use std::time::Duration;

use futures_util::SinkExt;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use vestibule_wire::{
    CELL_LEN, Close, DeclineReason, Epoch, Expiry, RelayToWorker, SeatKey, SeatToRelay, Wait,
    WithdrawReason, WorkerToRelay,
};

use crate::Limits;
use crate::testing::{FakeService, NOW, Peer, TestRelay, link_name};

fn cell(number: u32) -> Vec<u8> {
    number.to_be_bytes().repeat(CELL_LEN / 4)
}

async fn close(peer: &mut Peer, close: Close) {
    let frame = CloseFrame { code: close.code().into(), reason: "".into() };
    peer.socket.send(Message::Close(Some(frame))).await.unwrap();
}

#[tokio::test]
async fn a_client_and_a_worker_meet_and_exchange_cells() {
    let relay = TestRelay::start().await;
    let mut worker = relay.worker().await;
    let mut client = relay.client(1, 1).await;
    assert_eq!(client.wait().await, Wait::Now);
    let seat_key = relay.accept(&mut worker).await;
    let mut seat = relay.connect("/ws/seat").await;
    seat.send(SeatToRelay::TakeSeat(seat_key).encode()).await;
    assert_eq!(seat.frame().await, [0x21]);
    assert_eq!(client.frame().await, [0x04]);

    for number in 0..200 {
        client.socket.feed(Message::Binary(cell(number).into())).await.unwrap();
    }
    client.socket.flush().await.unwrap();
    for number in 0..200 {
        assert!(seat.frame().await == cell(number));
    }
    seat.send(cell(7)).await;
    assert!(client.frame().await == cell(7));

    client.send(cell(8)).await;
    close(&mut client, Close::Done).await;
    assert!(seat.frame().await == cell(8));
    assert_eq!(seat.closed().await, Some(Close::Done));
    assert_eq!(client.closed().await, Some(Close::Done));
    relay.stop().await;
}

#[tokio::test]
async fn a_seat_that_vanishes_is_told_to_the_client() {
    let relay = TestRelay::start().await;
    let mut worker = relay.worker().await;
    let (mut client, seat) = relay.pair(&mut worker, 1).await;
    drop(seat);
    assert_eq!(client.closed().await, Some(Close::PeerLeft));
}

#[tokio::test]
async fn only_whole_cells_are_forwarded() {
    let relay = TestRelay::start().await;
    let mut worker = relay.worker().await;
    for (link, wrong) in [
        Message::Binary(vec![1; CELL_LEN - 1].into()),
        Message::Binary(vec![1; CELL_LEN + 1].into()),
        Message::Binary(vec![].into()),
        Message::Text("x".repeat(CELL_LEN).into()),
    ]
    .into_iter()
    .enumerate()
    {
        let link = u8::try_from(link).unwrap();
        let (mut client, mut seat) = relay.pair(&mut worker, link).await;
        client.send(cell(1)).await;
        client.socket.send(wrong).await.unwrap();
        assert_eq!(client.closed().await, Some(Close::Malformed));
        assert!(seat.frame().await == cell(1));
        assert_eq!(seat.closed().await, Some(Close::PeerLeft));
    }
}

#[tokio::test]
async fn the_checks_of_a_link_have_their_codes() {
    let relay = TestRelay::start().await;
    let service = &relay.service;
    assert_eq!(relay.client(1, 1).await.closed().await, Some(Close::NotReady));
    let _worker = relay.worker().await;
    let stranger = FakeService::new(9);
    let mut expired = link_name(1);
    expired.expiry = Expiry::from_minutes(1).unwrap();
    let mut over = link_name(1);
    over.epoch = Epoch(over.epoch.0 - 3);
    let mut future = link_name(1);
    future.epoch = Epoch(future.epoch.0 + 2);
    for (open, expected) in [
        (stranger.open(1, 1), Close::UnknownService),
        (service.open_as(stranger.token(link_name(1)), 1), Close::LinkRefused),
        (service.open_as(service.token(expired), 1), Close::LinkExpired),
        (service.open_as(service.token(over), 1), Close::LinkExpired),
        (service.open_as(service.token(future), 1), Close::NotReady),
    ] {
        let mut client = relay.connect("/ws/client").await;
        client.send(open.encode()).await;
        assert_eq!(client.closed().await, Some(expected));
    }
}

#[tokio::test]
async fn a_spent_link_lets_only_the_same_opening_in() {
    let relay = TestRelay::start().await;
    let mut worker = relay.worker().await;
    let mut elsewhere = relay.client(1, 2).await;
    elsewhere.wait().await;
    worker.offer().await;
    let (client, seat) = relay.pair(&mut worker, 1).await;
    assert_eq!(elsewhere.closed().await, Some(Close::LinkSpent));
    assert_eq!(relay.client(1, 3).await.closed().await, Some(Close::LinkSpent));
    drop((client, seat));
    let (mut client, mut seat) = relay.pair(&mut worker, 1).await;
    client.send(cell(1)).await;
    assert!(seat.frame().await == cell(1));
}

#[tokio::test]
async fn a_declined_opening_is_refused() {
    let relay = TestRelay::start().await;
    let mut worker = relay.worker().await;
    for (link, reason, close) in [
        (1, DeclineReason::Spent, Close::LinkSpent),
        (2, DeclineReason::Unreadable, Close::LinkRefused),
    ] {
        let mut client = relay.client(link, 1).await;
        let (offer, _) = worker.offer().await;
        worker.send(WorkerToRelay::Decline(offer, reason).encode()).await;
        assert_eq!(client.closed().await, Some(close));
    }
}

#[tokio::test]
async fn a_seat_not_taken_in_time_is_offered_again() {
    let limits = Limits { seat_deadline: Duration::from_millis(100), ..Limits::default() };
    let relay = TestRelay::start_with(limits).await;
    let mut worker = relay.worker().await;
    let mut client = relay.client(1, 1).await;
    let late = relay.accept(&mut worker).await;
    let again = relay.accept(&mut worker).await;
    for (seat_key, expected) in [(late, Some(Close::SeatGone)), (again, None)] {
        let mut seat = relay.connect("/ws/seat").await;
        seat.send(SeatToRelay::TakeSeat(seat_key).encode()).await;
        match expected {
            Some(close) => assert_eq!(seat.closed().await, Some(close)),
            None => assert_eq!(seat.frame().await, [0x21]),
        }
    }
    client.read_until_matched().await;
}

#[tokio::test]
async fn a_client_that_leaves_is_withdrawn() {
    let relay = TestRelay::start().await;
    let mut worker = relay.worker().await;
    let client = relay.client(1, 1).await;
    let (offer, _) = worker.offer().await;
    drop(client);
    let withdrawn = worker.next_frame().await;
    assert!(matches!(withdrawn, RelayToWorker::Withdrawn(id, WithdrawReason::Left) if id == offer));
}

#[tokio::test]
async fn wrong_seats_and_wrong_first_frames_are_refused() {
    let relay = TestRelay::start().await;
    let mut seat = relay.connect("/ws/seat").await;
    seat.send(SeatToRelay::TakeSeat(SeatKey([0; 16])).encode()).await;
    assert_eq!(seat.closed().await, Some(Close::SeatGone));
    for path in ["/ws/seat", "/ws/client", "/ws/duty", "/ws/rejoin"] {
        for wrong in [vec![], vec![0x20], vec![0xFF; 200], vec![0x02; 5_000]] {
            let mut peer = relay.connect(path).await;
            peer.send(wrong).await;
            assert_eq!(peer.closed().await, Some(Close::Malformed));
        }
    }
    let mut client = relay.client(1, 1).await;
    assert_eq!(client.closed().await, Some(Close::NotReady));
}

#[tokio::test]
async fn a_waiting_client_says_nothing() {
    let relay = TestRelay::start().await;
    let mut worker = relay.worker().await;
    let mut client = relay.client(1, 1).await;
    client.settle().await;
    worker.offer().await;
    client.send(cell(1)).await;
    assert_eq!(client.closed().await, Some(Close::Malformed));
    assert!(matches!(worker.next_frame().await, RelayToWorker::Withdrawn(..)));
}

#[tokio::test]
async fn sign_in_is_checked() {
    let relay = TestRelay::start().await;
    let service = &relay.service;
    let stranger = FakeService::new(9);
    let shift = [7; 32];
    for (named, shift_used, certificate, expected) in [
        (service, shift, stranger.certificate(shift, NOW.0), Close::CertificateRefused),
        (service, shift, service.certificate(shift, NOW.0 - 90_000), Close::CertificateExpired),
        (service, shift, service.certificate(shift, NOW.0 + 90_000), Close::CertificateExpired),
        (service, [8; 32], service.certificate(shift, NOW.0), Close::SignInRefused),
        (&stranger, shift, stranger.certificate(shift, NOW.0), Close::UnknownService),
    ] {
        let mut worker = relay.connect("/ws/duty").await;
        worker.sign_in(named, shift_used, certificate).await;
        assert_eq!(worker.closed().await, Some(expected));
    }
}

#[tokio::test]
async fn statements_are_checked() {
    let relay = TestRelay::start().await;
    let stranger = FakeService::new(9);
    let current = Epoch::current(NOW);
    for (statement, expected) in [
        (stranger.statement(current, 0), Close::StatementRefused),
        (relay.service.statement(Epoch(current.0 + 2), 0), Close::StatementRefused),
    ] {
        let mut worker = relay.worker().await;
        worker.send(WorkerToRelay::EpochStatement(Box::new(statement)).encode()).await;
        assert_eq!(worker.closed().await, Some(expected));
    }
}
