//! Two ends meet again at a route.

use std::time::Duration;

use futures_util::SinkExt;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use vestibule_wire::{Close, SeatToRelay, Side};

use super::{cell, close};
use crate::Limits;
use crate::testing::{Peer, TestRelay};

const ALONE: [u8; 1] = [0x29];
const JOINED: [u8; 1] = [0x2A];
const SIDES: [Side; 2] = [Side::Client, Side::Worker];

/// A pair at a route, of which this side came first.
async fn joined(relay: &TestRelay, first: Side, route: u8) -> (Peer, Peer) {
    let mut near = relay.rejoin(first, route).await;
    assert_eq!(near.frame().await, ALONE);
    let mut far = relay.rejoin(first.other(), route).await;
    assert_eq!(far.frame().await, JOINED);
    assert_eq!(near.frame().await, JOINED);
    (near, far)
}

async fn assert_cells_cross(near: &mut Peer, far: &mut Peer) {
    for number in 0..5 {
        near.send(cell(number)).await;
        far.send(cell(number + 100)).await;
    }
    for number in 0..5 {
        assert!(far.frame().await == cell(number));
        assert!(near.frame().await == cell(number + 100));
    }
}

#[tokio::test]
async fn two_ends_meet_in_either_order_and_part() {
    let relay = TestRelay::start().await;
    for first in SIDES {
        let (mut near, mut far) = joined(&relay, first, 1).await;
        assert_cells_cross(&mut near, &mut far).await;
        far.send(cell(9)).await;
        close(&mut far, Close::Done).await;
        assert!(near.frame().await == cell(9));
        assert_eq!(near.closed().await, Some(Close::Done));
        assert_eq!(far.closed().await, Some(Close::Done));

        let (near, mut far) = joined(&relay, first, 1).await;
        drop(near);
        assert_eq!(far.closed().await, Some(Close::PeerLeft));
        let (mut near, far) = joined(&relay, first, 1).await;
        drop(far);
        assert_eq!(near.closed().await, Some(Close::PeerLeft));
    }
    relay.stop().await;
}

#[tokio::test]
async fn only_different_ends_at_the_same_route_meet() {
    let relay = TestRelay::start().await;
    let mut client = relay.rejoin(Side::Client, 1).await;
    assert_eq!(client.frame().await, ALONE);
    let mut elsewhere = relay.rejoin(Side::Worker, 2).await;
    assert_eq!(elsewhere.frame().await, ALONE);
    let mut newer = relay.rejoin(Side::Client, 1).await;
    assert_eq!(newer.frame().await, ALONE);
    assert_eq!(client.closed().await, Some(Close::RejoinedElsewhere));
    let mut worker = relay.rejoin(Side::Worker, 1).await;
    assert_eq!(worker.frame().await, JOINED);
    assert_eq!(newer.frame().await, JOINED);
    assert_cells_cross(&mut worker, &mut newer).await;
    elsewhere.settle().await;
}

#[tokio::test]
async fn a_running_pair_is_not_touched_by_who_comes_to_its_route() {
    let relay = TestRelay::start().await;
    let (mut client, mut worker) = joined(&relay, Side::Client, 1).await;
    let mut standby = relay.rejoin(Side::Worker, 1).await;
    assert_eq!(standby.frame().await, ALONE);
    assert_cells_cross(&mut client, &mut worker).await;
    let mut newer = relay.rejoin(Side::Client, 1).await;
    assert_eq!(newer.frame().await, JOINED);
    assert_eq!(standby.frame().await, JOINED);
    assert_cells_cross(&mut newer, &mut standby).await;
    assert_cells_cross(&mut client, &mut worker).await;
    drop((newer, standby));
    assert_cells_cross(&mut client, &mut worker).await;
}

#[tokio::test]
async fn only_a_whole_rejoin_lets_an_end_wait() {
    let relay = TestRelay::start().await;
    let rejoin = |side: u8, route_len: usize| [vec![0x28, side], vec![1; route_len]].concat();
    let seat = SeatToRelay::TakeSeat(vestibule_wire::SeatKey([1; 16])).encode();
    for wrong in [rejoin(0, 32), rejoin(3, 32), rejoin(1, 31), rejoin(2, 33), seat, cell(1)] {
        let mut end = relay.connect("/ws/rejoin").await;
        end.send(wrong).await;
        assert_eq!(end.closed().await, Some(Close::Malformed));
    }
    let mut end = relay.rejoin(Side::Client, 1).await;
    assert_eq!(end.frame().await, ALONE, "nobody was let in");
}

#[tokio::test]
async fn a_waiting_end_says_nothing() {
    let relay = TestRelay::start().await;
    let rejoin_again = [vec![0x28, 1], vec![1; 32]].concat();
    for wrong in [
        Message::Binary(cell(1).into()),
        Message::Binary(rejoin_again.into()),
        Message::Binary(vec![].into()),
        Message::Text("hello".into()),
    ] {
        let mut end = relay.rejoin(Side::Client, 1).await;
        assert_eq!(end.frame().await, ALONE);
        end.socket.send(wrong).await.unwrap();
        assert_eq!(end.closed().await, Some(Close::Malformed));
        let mut other = relay.rejoin(Side::Worker, 1).await;
        assert_eq!(other.frame().await, ALONE, "the place is free");
        close(&mut other, Close::Done).await;
        assert_eq!(other.closed().await, Some(Close::Done));
    }
}

#[tokio::test]
async fn waiting_ends_have_a_limit_and_give_their_place_back() {
    let limits = Limits { rejoining_sockets_max: 1, ..Limits::default() };
    let relay = TestRelay::start_with(limits).await;
    let mut waiting = relay.rejoin(Side::Worker, 1).await;
    assert_eq!(waiting.frame().await, ALONE);
    for side in SIDES {
        assert_eq!(relay.rejoin(side, 2).await.closed().await, Some(Close::Crowded));
    }
    let mut client = relay.rejoin(Side::Client, 1).await;
    assert_eq!(client.frame().await, JOINED);
    assert_eq!(waiting.frame().await, JOINED);
    let mut elsewhere = relay.rejoin(Side::Worker, 2).await;
    assert_eq!(elsewhere.frame().await, ALONE);
    close(&mut elsewhere, Close::Done).await;
    assert_eq!(elsewhere.closed().await, Some(Close::Done));
    assert_eq!(relay.rejoin(Side::Worker, 3).await.frame().await, ALONE);
}

#[tokio::test]
async fn waiting_ends_have_their_deadlines() {
    let relay = TestRelay::start_with(TestRelay::short_deadlines()).await;
    let mut silent = relay.rejoin(Side::Worker, 1).await;
    let mut answering = relay.rejoin(Side::Worker, 2).await;
    let mut fresh = relay.connect("/ws/rejoin").await;
    let answering = tokio::spawn(async move {
        assert_eq!(answering.frame().await, ALONE);
        answering.closed().await
    });
    assert_eq!(fresh.closed().await, Some(Close::TooSlow));
    assert_eq!(silent.frame().await, ALONE);
    let told = timeout(Duration::from_secs(10), silent.closed()).await;
    assert_eq!(told, Ok(Some(Close::Silent)));
    assert!(!answering.is_finished());
}

#[tokio::test]
async fn stopping_says_going_away_to_those_who_rejoin() {
    let relay = TestRelay::start().await;
    let (near, far) = joined(&relay, Side::Worker, 1).await;
    let mut waiting = relay.rejoin(Side::Worker, 1).await;
    assert_eq!(waiting.frame().await, ALONE);
    let fresh = relay.connect("/ws/rejoin").await;
    let peers = [near, far, waiting, fresh]
        .map(|mut peer| tokio::spawn(async move { peer.closed().await }));
    timeout(Duration::from_secs(2), relay.stop()).await.unwrap();
    for peer in peers {
        assert_eq!(peer.await.unwrap(), Some(Close::GoingAway));
    }
}

/// What an end that only reads meets with: it waits until it is told otherwise, and is never dropped
/// without a code.
async fn fate(mut end: Peer) -> Close {
    loop {
        match end.message().await {
            Some(Message::Binary(frame)) => assert!(frame == ALONE[..] || frame == JOINED[..]),
            Some(Message::Close(Some(frame))) => {
                return Close::from_code(frame.code.into()).unwrap();
            }
            other => panic!("dropped without a code: {other:?}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_comes_while_others_leave_is_told_what_became_of_it() {
    let relay = TestRelay::start().await;
    let mut fates = Vec::new();
    for round in 0..400_usize {
        let side = SIDES[round / 3 % 2];
        let mut end = relay.rejoin(side, u8::try_from(round % 2).unwrap()).await;
        if round % 3 == 0 {
            fates.push(tokio::spawn(fate(end)));
        } else if round % 3 == 1 {
            drop(end);
        } else {
            close(&mut end, Close::Done).await;
            fates.push(tokio::spawn(fate(end)));
        }
    }
    relay.stop().await;
    let expected = [Close::Done, Close::PeerLeft, Close::RejoinedElsewhere, Close::GoingAway];
    for fate in fates {
        let fate = fate.await.unwrap();
        assert!(expected.contains(&fate), "{fate:?}");
    }
}
