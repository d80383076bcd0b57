//! Doors, on real sockets: used again and again, limited, and asking for a sum when many come.

use std::time::Duration;

use vestibule_wire::{
    ClientToRelay, Close, Expiry, LinkId, LinkName, PuzzleBits, PuzzleNonce, PuzzleSeed,
    RelayToClient, SeatToRelay, Wait, solves,
};

use super::cell;
use crate::Limits;
use crate::testing::{FakeService, Peer, TestRelay, door_name, link_name};

/// The door of `client_at_door(9, …)`.
const DOOR: LinkId = LinkId([9; 16]);
/// Openings at one door that are let in without a puzzle by a fresh relay: each counts twice, because it
/// has come lately and waits.
const WITHOUT_PUZZLE: u8 = 4;

async fn puzzle(client: &mut Peer) -> (PuzzleSeed, PuzzleBits) {
    match RelayToClient::decode(&client.frame().await) {
        Ok(RelayToClient::Puzzle { seed, bits }) => (seed, bits),
        _ => panic!("not a puzzle"),
    }
}

/// The first nonce of which this is so.
fn solution(is_right: impl Fn(&PuzzleNonce) -> bool) -> Vec<u8> {
    let mut nonces = (0..u64::MAX).map(|number| PuzzleNonce(number.to_be_bytes()));
    ClientToRelay::Solution(nonces.find(is_right).unwrap()).encode()
}

/// A relay at whose door so many wait that the next has a puzzle to solve.
async fn pressed(limits: Limits) -> (TestRelay, Vec<Peer>) {
    let relay = TestRelay::start_with(limits).await;
    let mut waiting = Vec::new();
    for opening in 0..WITHOUT_PUZZLE {
        let mut client = relay.client_at_door(9, opening).await;
        assert_eq!(client.wait().await, Wait::NobodyOnDuty);
        waiting.push(client);
    }
    (relay, waiting)
}

#[tokio::test]
async fn a_door_opens_again_and_again_and_is_not_spent() {
    let relay = TestRelay::start().await;
    let mut worker = relay.on_duty(&relay.service, 7).await;
    for opening in 1..=3 {
        let mut client = relay.client_at_door(9, opening).await;
        assert_eq!(client.wait().await, Wait::Now);
        let seat_key = relay.accept(&mut worker).await;
        let mut seat = relay.connect("/ws/seat").await;
        seat.send(SeatToRelay::TakeSeat(seat_key).encode()).await;
        assert_eq!(seat.frame().await, [0x21]);
        client.read_until_matched().await;
        client.send(cell(7)).await;
        assert!(seat.frame().await == cell(7));
    }
}

#[tokio::test]
async fn the_checks_of_a_door_have_their_codes() {
    let relay = TestRelay::start().await;
    let service = &relay.service;
    let _worker = relay.worker().await;
    let stranger = FakeService::new(9);
    let expired = LinkName { expiry: Expiry::from_hours(1).unwrap(), ..door_name(9) };
    // A worker's key issues links and no doors; the authority's issues doors and no links.
    for (open, expected) in [
        (stranger.open_door(9, 1), Close::UnknownService),
        (service.open_as(stranger.door_token(door_name(9)), 1), Close::LinkRefused),
        (service.open_as(service.token(door_name(9)), 1), Close::LinkRefused),
        (service.open_as(service.door_token(link_name(9)), 1), Close::LinkRefused),
        (service.open_as(service.door_token(expired), 1), Close::LinkExpired),
    ] {
        assert_eq!(relay.client_with(&open).await.closed().await, Some(expected));
    }
}

#[tokio::test]
async fn a_full_room_is_told_and_a_one_time_link_still_finds_a_place() {
    let limits = Limits {
        waiting_openings_max: 3,
        door_openings_max: 3,
        openings_per_door_max: 2,
        ..Limits::default()
    };
    let relay = TestRelay::start_with(limits).await;
    let mut worker = relay.worker().await;
    let mut oldest = relay.client_at_door(9, 1).await;
    oldest.wait().await;
    let mut second = relay.client_at_door(9, 2).await;
    second.wait().await;
    let mut third = relay.client_at_door(9, 3).await;
    assert_eq!(third.closed().await, Some(Close::Crowded));
    let mut youngest = relay.client_at_door(8, 4).await;
    youngest.wait().await;
    let mut with_link = relay.client(1, 5).await;
    assert_eq!(with_link.wait().await, Wait::Now);
    assert_eq!(youngest.closed().await, Some(Close::Crowded));
    worker.settle().await;

    let mut newcomer = relay.on_duty(&relay.service, 8).await;
    let told = [newcomer.offer().await.1, newcomer.offer().await.1, newcomer.offer().await.1];
    assert!(told == [link_name(1), door_name(9), door_name(9)], "one-time links are first");
}

#[tokio::test]
async fn where_many_come_a_solution_lets_in() {
    let (relay, _waiting) = pressed(Limits::default()).await;
    let mut client = relay.client_at_door(9, 100).await;
    let (seed, bits) = puzzle(&mut client).await;
    assert_eq!(bits.count(), 13);
    client.send(solution(|nonce| solves(&seed, &DOOR, bits, nonce))).await;
    assert_eq!(client.wait().await, Wait::NobodyOnDuty);
    let mut another = relay.client_at_door(9, 101).await;
    assert!(puzzle(&mut another).await.0 != seed, "each connection has its own seed");
    // Neither another door nor a one-time link is asked for anything.
    assert_eq!(relay.client_at_door(8, 102).await.wait().await, Wait::NobodyOnDuty);
    let _worker = relay.worker().await;
    relay.client(1, 103).await.wait().await;
}

#[tokio::test]
async fn without_a_solution_nobody_is_let_in() {
    let limits = Limits { solution_deadline: Duration::from_millis(300), ..Limits::default() };
    let (relay, _waiting) = pressed(limits).await;
    let mut worker = relay.on_duty(&relay.service, 7).await;
    for _ in 0..WITHOUT_PUZZLE {
        worker.offer().await;
    }
    relay.state(&mut worker, 0).await;
    let mut wrong = relay.client_at_door(9, 100).await;
    let (seed, bits) = puzzle(&mut wrong).await;
    wrong.send(solution(|nonce| !solves(&seed, &DOOR, bits, nonce))).await;
    assert_eq!(wrong.closed().await, Some(Close::PuzzleRefused));

    // What solves the puzzle of one door does not solve that of another.
    let mut elsewhere = relay.client_at_door(9, 101).await;
    let (seed, bits) = puzzle(&mut elsewhere).await;
    let of_another = |nonce: &PuzzleNonce| {
        let other = LinkId([8; 16]);
        solves(&seed, &other, bits, nonce) && !solves(&seed, &DOOR, bits, nonce)
    };
    elsewhere.send(solution(of_another)).await;
    assert_eq!(elsewhere.closed().await, Some(Close::PuzzleRefused));

    let mut again = relay.client_at_door(9, 102).await;
    puzzle(&mut again).await;
    again.send(relay.service.open_door(9, 102).encode()).await;
    assert_eq!(again.closed().await, Some(Close::Malformed));

    let mut late = relay.client_at_door(9, 103).await;
    puzzle(&mut late).await;
    assert_eq!(late.closed().await, Some(Close::TooSlow));

    let mut early = relay.connect("/ws/client").await;
    early.send(solution(|nonce| solves(&seed, &DOOR, bits, nonce))).await;
    assert_eq!(early.closed().await, Some(Close::Malformed));
    relay.client_with(&relay.service.open(1, 1)).await.wait().await;
    assert!(worker.offer().await.1 == link_name(1), "none of them was offered");
}

#[tokio::test]
async fn a_client_whose_socket_broke_comes_back_without_a_puzzle() {
    let (relay, _waiting) = pressed(Limits::default()).await;
    assert_eq!(relay.client_at_door(9, 1).await.wait().await, Wait::NobodyOnDuty);
}

#[tokio::test]
async fn a_door_lets_in_only_so_many_a_minute() {
    let limits = Limits { arrivals_per_door_minute_max: 2, ..Limits::default() };
    let relay = TestRelay::start_with(limits).await;
    for opening in 1..=2 {
        let mut client = relay.client_at_door(9, opening).await;
        assert_eq!(client.wait().await, Wait::NobodyOnDuty);
    }
    assert_eq!(relay.client_at_door(9, 3).await.closed().await, Some(Close::Crowded));
    assert_eq!(relay.client_at_door(8, 3).await.wait().await, Wait::NobodyOnDuty);
}

#[tokio::test]
async fn only_so_many_solve_at_once() {
    let (relay, _waiting) = pressed(Limits { solving_sockets_max: 1, ..Limits::default() }).await;
    let mut first = relay.client_at_door(9, 100).await;
    let (seed, bits) = puzzle(&mut first).await;
    assert_eq!(relay.client_at_door(9, 101).await.closed().await, Some(Close::Crowded));
    first.send(solution(|nonce| solves(&seed, &DOOR, bits, nonce))).await;
    assert_eq!(first.wait().await, Wait::NobodyOnDuty);
    puzzle(&mut relay.client_at_door(9, 102).await).await;
}

#[tokio::test]
async fn who_solves_is_waited_for_as_long_as_it_answers() {
    let limits = Limits {
        silent_after: Duration::from_millis(600),
        solution_deadline: Duration::from_millis(1_500),
        // One who was silent reads what it was told late.
        close_deadline: Duration::from_secs(20),
        ..TestRelay::short_deadlines()
    };
    let silent_after = limits.silent_after;
    let (relay, _waiting) = pressed(limits).await;
    let mut answering = relay.client_at_door(9, 100).await;
    puzzle(&mut answering).await;
    let answering = tokio::spawn(async move { answering.closed().await });
    let mut silent = relay.client_at_door(9, 101).await;
    puzzle(&mut silent).await;
    // tungstenite answers pings only while it is read from.
    tokio::time::sleep(silent_after + silent_after / 2).await;
    assert_eq!(silent.closed().await, Some(Close::Silent));
    assert_eq!(answering.await.unwrap(), Some(Close::TooSlow));
}
