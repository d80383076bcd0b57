//! What crosses on its way: breaks, closes and new keys in the middle of each other.

use std::time::Duration;

use super::fixed_random::FixedRandom;
use super::world::{NOW, World, counted, deliver, drain, hear};
use crate::cell::{self, Content, DATA_LEN};
use crate::{Cell, FreshOpening, Record, RecordNumber, Session, SessionError, TEXT_BYTES_MAX};

/// The client has asked for fresh secrets and the worker has read it.
fn asked(client: &mut Session, worker: &mut Session) -> Box<FreshOpening> {
    client.rejoined();
    client.freshen(Duration::ZERO, &mut FixedRandom::new(&counted(0x21, 96)));
    let records = hear(worker, &drain(client));
    let opening = records.into_iter().find_map(|record| match &record {
        Record::FreshOpening(opening) => Some(opening.clone()),
        _ => None,
    });
    opening.expect("due on a new socket")
}

fn answer(world: &World, worker: &mut Session, opening: &FreshOpening) {
    let World { shift, certificate, .. } = world;
    let mut random = FixedRandom::new(&counted(0xb1, 64));
    worker.answer_fresh(opening, shift, certificate, &mut random).unwrap();
}

/// What an end sends at once on a new socket.
fn rejoin(session: &mut Session) -> Vec<Cell> {
    session.rejoined();
    session.empty_cell().into_iter().chain(drain(session)).collect()
}

#[test]
fn a_break_before_the_answer_arrives_does_not_keep_the_ends_apart() {
    let world = World::new();
    let (mut client, mut worker) = world.converse();
    let opening = asked(&mut client, &mut worker);
    answer(&world, &mut worker, &opening);
    let _lost_with_the_socket = drain(&mut worker);
    worker.say(&Record::text("still here")).unwrap();
    let cells = rejoin(&mut worker);
    let early = client.open(&cells[0], NOW).unwrap();
    assert!(!early.is_new, "nothing is known of a cell under keys to come");
    assert!(hear(&mut client, &cells[1..]) == [Record::text("still here")]);
    assert_eq!(client.generation(), 1);
    assert_eq!(client.received_below(), worker_sealed_below(&cells));
}

fn worker_sealed_below(cells: &[Cell]) -> u64 {
    cells.iter().map(cell::sequence).max().unwrap() + 1
}

#[test]
fn cells_of_nobody_do_no_harm_while_an_answer_is_awaited() {
    let world = World::new();
    let (mut client, mut worker) = world.converse();
    let opening = asked(&mut client, &mut worker);
    let next = client.received_below();
    for sequence in [next, next + 65] {
        let forged = cell::seal(&[7; 32], sequence, &Content::default());
        assert_eq!(client.open(&forged, NOW).err(), Some(SessionError::Unsealed));
    }
    for sequence in next + 1..=next + 64 {
        let forged = cell::seal(&[7; 32], sequence, &Content::default());
        assert!(!client.open(&forged, NOW).unwrap().is_new);
    }
    answer(&world, &mut worker, &opening);
    worker.say(&Record::text("hello")).unwrap();
    assert!(hear(&mut client, &drain(&mut worker)) == [Record::text("hello")]);
    let forged = cell::seal(&[7; 32], client.received_below() + 1, &Content::default());
    assert_eq!(client.open(&forged, NOW).err(), Some(SessionError::Unsealed));
}

#[test]
fn keys_that_go_backwards_end_the_consultation() {
    let world = World::new();
    let (mut client, mut worker) = world.converse();
    let opening = asked(&mut client, &mut worker);
    let old =
        cell::seal(&worker.keys().worker, 30, &Content { acknowledged: 2, ..Content::default() });
    answer(&world, &mut worker, &opening);
    assert!(client.open(&old, NOW).unwrap().is_new, "so far it may be so");
    let answer_cells = drain(&mut worker);
    let taken: Result<Vec<_>, _> = answer_cells.iter().map(|cell| client.open(cell, NOW)).collect();
    assert_eq!(taken.err(), Some(SessionError::Misbehaved));

    let (mut client, mut worker) = world.converse();
    let opening = asked(&mut client, &mut worker);
    let old =
        cell::seal(&client.keys().client, 30, &Content { acknowledged: 2, ..Content::default() });
    answer(&world, &mut worker, &opening);
    let answer_cells = drain(&mut worker);
    hear(&mut client, &answer_cells);
    assert!(worker.open(&old, NOW).unwrap().is_new, "so far it may be so");
    let new = client.empty_cell().unwrap();
    assert_eq!(worker.open(&new, NOW).err(), Some(SessionError::Misbehaved));
}

#[test]
fn a_gap_is_told_while_it_stands() {
    let (mut client, mut worker) = World::new().converse();
    let mut cells = Vec::new();
    for words in ["lost", "one", "two", "three"] {
        client.say(&Record::text(words)).unwrap();
        cells.extend(drain(&mut client));
    }
    assert!(hear(&mut worker, &cells[1..]).is_empty());
    for told in drain(&mut worker) {
        client.open(&told, NOW).unwrap();
    }
    assert!(drain(&mut client) == cells[..1], "what was lost comes again, and nothing else");
}

#[test]
fn words_that_a_close_has_dropped_are_never_called_delivered() {
    let (mut client, mut worker) = World::new().converse();
    client.say(&Record::text("arrives")).unwrap();
    let arriving = drain(&mut client);
    client.say(&Record::text("never leaves")).unwrap();
    worker.say(&Record::Close).unwrap();
    hear(&mut client, &drain(&mut worker));
    hear(&mut worker, &arriving);
    hear(&mut worker, &drain(&mut client));
    let told = worker.empty_cell().unwrap();
    assert_eq!(client.open(&told, NOW).unwrap().delivered, Some(RecordNumber(1)));
    assert!(client.is_settled());
}

#[test]
fn a_record_that_has_begun_is_finished_after_a_close() {
    let (mut client, mut worker) = World::new().converse();
    let long = Record::text(&"x".repeat(2 * DATA_LEN));
    client.say(&long).unwrap();
    client.say(&Record::text("not begun")).unwrap();
    let first = client.next_cell().unwrap();
    worker.say(&Record::Close).unwrap();
    hear(&mut client, &drain(&mut worker));
    let cells = [vec![first], drain(&mut client)].concat();
    assert!(hear(&mut worker, &cells) == [long]);
}

#[test]
fn a_worker_that_has_closed_renews_nothing() {
    let world = World::new();
    let (mut client, mut worker) = world.converse();
    let opening = asked(&mut client, &mut worker);
    worker.say(&Record::Close).unwrap();
    let close = drain(&mut worker);
    answer_nothing(&world, &mut worker, &opening);
    let (heard, _) = deliver(&mut worker, &mut client, &close);
    assert!(heard == [Record::Close]);
    assert!(worker.is_settled() && worker.generation() == 0);
}

/// Draws nothing either.
fn answer_nothing(world: &World, worker: &mut Session, opening: &FreshOpening) {
    let World { shift, certificate, .. } = world;
    worker.answer_fresh(opening, shift, certificate, &mut FixedRandom::new(&[])).unwrap();
}

#[test]
fn whatever_has_not_arrived_finds_room_in_the_next_session() {
    let (mut client, _) = World::new().converse();
    let mut said = 0;
    for length in [TEXT_BYTES_MAX, TEXT_BYTES_MAX, TEXT_BYTES_MAX, 1] {
        // The window takes some of it; that counts all the same.
        drain(&mut client);
        said += usize::from(client.say(&Record::Text("x".repeat(length))).is_ok());
    }
    while client.say(&Record::text("x")).is_ok() {
        said += 1;
        drain(&mut client);
    }
    client.say(&Record::Close).expect("a close needs no room");
    let undelivered = client.into_undelivered(2);
    assert_eq!(undelivered.len(), said);
    let (mut next, _) = World::new().converse();
    for (_, record) in &undelivered {
        next.say(record).expect("there is room");
    }
}
