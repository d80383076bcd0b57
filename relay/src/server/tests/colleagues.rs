//! Workers on duty hear of each other and whisper.

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::SinkExt;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use vestibule_wire::{
    CELL_LEN, CERTIFICATE_LEN, Close, ColleagueId, RelayToWorker, Wait, WorkerToRelay,
};

use super::close;
use crate::Limits;
use crate::testing::{FakeService, NOW, Peer, TestRelay};

fn whisper(to: ColleagueId, byte: u8) -> Vec<u8> {
    WorkerToRelay::Whisper(to, Box::new([byte; CELL_LEN])).encode()
}

async fn told_of(worker: &mut Peer) -> (ColleagueId, [u8; CERTIFICATE_LEN]) {
    let RelayToWorker::Colleague(colleague, certificate) = worker.next_frame().await else {
        panic!("not told of a colleague");
    };
    (colleague, *certificate)
}

async fn told_left(worker: &mut Peer) -> ColleagueId {
    let RelayToWorker::ColleagueLeft(colleague) = worker.next_frame().await else {
        panic!("not told that a colleague left");
    };
    colleague
}

async fn hears(worker: &mut Peer) -> (ColleagueId, u8) {
    let RelayToWorker::Whispered(from, cell) = worker.next_frame().await else {
        panic!("not told a whisper");
    };
    assert!(cell.iter().all(|byte| *byte == cell[0]));
    (from, cell[0])
}

/// Two workers of one service, each told of the other under this number.
async fn two(relay: &TestRelay, service: &FakeService) -> [(Peer, ColleagueId); 2] {
    let mut first = relay.on_duty(service, 1).await;
    let mut second = relay.on_duty(service, 2).await;
    let (first_id, certificate) = told_of(&mut second).await;
    assert!(certificate == service.certificate([1; 32], NOW.0));
    let (second_id, certificate) = told_of(&mut first).await;
    assert!(certificate == service.certificate([2; 32], NOW.0));
    [(first, second_id), (second, first_id)]
}

#[tokio::test]
async fn workers_are_told_who_comes_and_goes() {
    let relay = TestRelay::start().await;
    let [(mut first, second_id), (mut second, first_id)] = two(&relay, &relay.service).await;
    // The same certificate on another socket is another colleague.
    let mut third = relay.on_duty(&relay.service, 2).await;
    let (third_id, _) = told_of(&mut first).await;
    assert!(told_of(&mut second).await.0 == third_id);
    let known = [told_of(&mut third).await.0, told_of(&mut third).await.0].map(|id| id.0);
    assert_eq!(BTreeSet::from(known), BTreeSet::from([first_id.0, second_id.0]));
    assert!(![first_id, second_id].contains(&third_id));

    drop(second);
    assert!(told_left(&mut first).await == second_id);
    assert!(told_left(&mut third).await == second_id);
    close(&mut third, Close::Done).await;
    assert!(told_left(&mut first).await == third_id);

    let _second = relay.on_duty(&relay.service, 2).await;
    let (again, _) = told_of(&mut first).await;
    assert!(![second_id, third_id].contains(&again), "no number is given twice");
}

#[tokio::test]
async fn whispers_reach_the_one_they_are_for() {
    let relay = TestRelay::start().await;
    let [(mut first, second_id), (mut second, first_id)] = two(&relay, &relay.service).await;
    let mut third = relay.on_duty(&relay.service, 3).await;
    let third_id = told_of(&mut first).await.0;
    told_of(&mut second).await;
    for number in 0..100 {
        first.send(whisper(second_id, number)).await;
    }
    first.send(whisper(third_id, 7)).await;
    second.send(whisper(first_id, 8)).await;
    for number in 0..100 {
        assert!(hears(&mut second).await == (first_id, number));
    }
    assert!(hears(&mut first).await == (second_id, 8));
    for _ in 0..2 {
        told_of(&mut third).await;
    }
    assert!(hears(&mut third).await == (first_id, 7));
}

#[tokio::test]
async fn nothing_crosses_between_services() {
    let relay = TestRelay::start().await;
    let [(mut ours, ours_id), (ours_too, _)] = two(&relay, &relay.service).await;
    let [(mut theirs, _), (mut theirs_too, their_id)] = two(&relay, &relay.other_service).await;
    // A number of another service is nobody's, even for one who has learned it.
    theirs.send(whisper(ours_id, 1)).await;
    theirs.settle().await;
    theirs_too.send(whisper(their_id, 2)).await;
    assert_eq!(hears(&mut theirs).await.1, 2);
    drop(ours_too);
    // Neither of the others nor of their whisper was this one told.
    assert!(told_left(&mut ours).await == ours_id);
    assert!(timeout(Duration::from_millis(50), theirs.message()).await.is_err());
}

#[tokio::test]
async fn a_whisper_to_one_who_has_gone_is_dropped() {
    let relay = TestRelay::start().await;
    let [(mut first, second_id), (second, _)] = two(&relay, &relay.service).await;
    drop(second);
    assert!(told_left(&mut first).await == second_id);
    let mut third = relay.on_duty(&relay.service, 3).await;
    let third_id = told_of(&mut first).await.0;
    told_of(&mut third).await;
    // More than may wait: what is dropped takes no room.
    for _ in 0..Limits::default().whispers_waiting_max * 2 {
        first.send(whisper(second_id, 1)).await;
    }
    first.send(whisper(ColleagueId([9; 8]), 2)).await;
    first.send(whisper(third_id, 3)).await;
    assert_eq!(hears(&mut third).await.1, 3);
}

#[tokio::test]
async fn wrong_whispers_are_refused() {
    let relay = TestRelay::start().await;
    let [(first, second_id), (mut second, first_id)] = two(&relay, &relay.service).await;
    drop(first);
    assert!(told_left(&mut second).await == first_id);
    let whole = whisper(second_id, 1);
    let whispered = [&[0x33], &whole[1..]].concat();
    let colleague = [&[0x30][..], &[1; 8 + CERTIFICATE_LEN]].concat();
    for wrong in [
        whole[..whole.len() - 1].to_vec(),
        [&whole[..], &[0]].concat(),
        whole[..9].to_vec(),
        whispered,
        colleague,
        vec![0x31; 9],
    ] {
        let mut worker = relay.on_duty(&relay.service, 1).await;
        let (id, _) = told_of(&mut second).await;
        told_of(&mut worker).await;
        worker.send(wrong).await;
        assert_eq!(worker.closed().await, Some(Close::Malformed));
        assert!(told_left(&mut second).await == id);
    }
    let mut stranger = relay.connect("/ws/duty").await;
    stranger.next_frame().await;
    stranger.send(whole).await;
    assert_eq!(stranger.closed().await, Some(Close::Malformed));
    assert!(timeout(Duration::from_millis(50), second.message()).await.is_err());
}

#[tokio::test]
async fn those_on_duty_have_a_limit_and_nobody_hears_of_one_too_many() {
    let limits = Limits { workers_on_duty_max: 2, ..Limits::default() };
    let relay = TestRelay::start_with(limits).await;
    let [(mut first, second_id), (second, _)] = two(&relay, &relay.service).await;
    assert_eq!(relay.on_duty(&relay.service, 3).await.closed().await, Some(Close::Crowded));
    relay.on_duty(&relay.other_service, 3).await.settle().await;
    drop(second);
    assert!(told_left(&mut first).await == second_id);
    relay.on_duty(&relay.service, 3).await.settle().await;
}

/// A worker who whispers more than a colleague reads is held back; others and the colleague itself
/// go on, and nothing is lost.
#[tokio::test]
async fn a_flood_of_whispers_is_held_back_and_harms_nobody() {
    let relay = TestRelay::start().await;
    let [(mut first, second_id), (mut second, first_id)] = two(&relay, &relay.service).await;
    let mut third = relay.worker().await;
    told_of(&mut first).await;
    told_of(&mut second).await;
    let count = 20_000_u32;
    let flood = tokio::spawn(async move {
        for number in 0..count {
            let bytes = whisper(second_id, u8::try_from(number % 251).unwrap());
            first.socket.feed(Message::Binary(bytes.into())).await.unwrap();
        }
        first.socket.flush().await.unwrap();
        first
    });
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!flood.is_finished(), "20 MB are more than sockets and mailbox hold");
    // The desk works for those who read.
    let mut client = relay.client(1, 1).await;
    third.offer().await;
    assert_eq!(client.wait().await, Wait::Now);
    // The colleague is offered the client long before it has read the flood.
    let mut heard = 0;
    loop {
        let frame = second.next_frame().await;
        let RelayToWorker::Whispered(from, cell) = &frame else {
            assert!(matches!(frame, RelayToWorker::Offer { .. }));
            break;
        };
        assert!(*from == first_id && u32::from(cell[0]) == heard % 251);
        heard += 1;
    }
    assert!(heard < count);
    while heard < count {
        assert!(hears(&mut second).await == (first_id, u8::try_from(heard % 251).unwrap()));
        heard += 1;
    }
    assert!(timeout(Duration::from_secs(10), flood).await.is_ok());
}

#[tokio::test]
async fn one_who_does_not_read_is_cut_and_lets_go_of_who_was_held_back() {
    let limits = Limits {
        tick_interval: Duration::from_millis(20),
        ping_interval: Duration::from_millis(100),
        silent_after: Duration::from_millis(300),
        write_stall_max: Duration::from_secs(1),
        close_deadline: Duration::from_millis(100),
        ..Limits::default()
    };
    let relay = TestRelay::start_with(limits).await;
    let [(mut first, second_id), (second, _)] = two(&relay, &relay.service).await;
    // It is held back for longer than a silent worker may be, and is not closed for it.
    let flood = async {
        for _ in 0..20_000 {
            first.socket.feed(Message::Binary(whisper(second_id, 1).into())).await.unwrap();
        }
        first.socket.flush().await.unwrap();
    };
    timeout(Duration::from_secs(10), flood).await.expect("what is for nobody is dropped");
    assert!(told_left(&mut first).await == second_id);
    first.settle().await;
    drop(second);
}
