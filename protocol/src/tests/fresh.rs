//! Fresh secrets: who stole one end's memory reads nothing of what is said after the next renewal, and
//! nobody but the same worker renews.

use std::time::Duration;

use vestibule_wire::{Alias, Role, UnsignedCertificate};

use super::fixed_random::FixedRandom;
use super::world::{NOW, World, certificate_of, counted, deliver, drain, hear};
use crate::cell::{self, Content};
use crate::consultation_keys::ConsultationKeys;
use crate::{Cell, FreshOpening, HandshakeError, Record, Session, SessionError, ShiftKey};

fn client_random() -> FixedRandom {
    FixedRandom::new(&counted(0x21, 96))
}

fn worker_random() -> FixedRandom {
    FixedRandom::new(&counted(0xb1, 64))
}

/// Starts at the client; returns what the worker is to answer.
fn ask(client: &mut Session, worker: &mut Session, elapsed: Duration) -> Option<Box<FreshOpening>> {
    client.freshen(elapsed, &mut client_random());
    let records = hear(worker, &drain(client));
    let mut openings = records.iter().filter_map(|record| {
        if let Record::FreshOpening(opening) = record { Some(opening.clone()) } else { None }
    });
    openings.next()
}

fn answer(world: &World, worker: &mut Session, opening: &FreshOpening) {
    worker.answer_fresh(opening, &world.shift, &world.certificate, &mut worker_random()).unwrap();
}

/// A whole renewal, after which both have heard each other under the new keys.
fn renew(world: &World, client: &mut Session, worker: &mut Session) {
    client.rejoined();
    let opening = ask(client, worker, Duration::ZERO).expect("due after a new socket");
    answer(world, worker, &opening);
    let cells = drain(worker);
    deliver(worker, client, &cells);
}

/// What somebody has who copied an end's memory.
fn steal(session: &Session) -> ConsultationKeys {
    let keys = session.keys();
    ConsultationKeys { client: keys.client, worker: keys.worker, export: keys.export }
}

fn opens(keys: &ConsultationKeys, cell: &Cell) -> bool {
    [&keys.client, &keys.worker].iter().any(|key| cell::open(key, cell).is_some())
}

#[test]
fn secrets_are_renewed_in_time_and_by_use_and_on_a_new_socket() {
    let (mut client, mut worker) = World::new().converse();
    let minutes = |minutes| Duration::from_mins(minutes);
    assert!(ask(&mut client, &mut worker, minutes(3)).is_none());
    assert!(ask(&mut client, &mut worker, minutes(12)).is_none(), "nine minutes later");
    assert!(ask(&mut client, &mut worker, minutes(13)).is_some(), "ten minutes later");
    assert!(ask(&mut client, &mut worker, minutes(50)).is_none(), "one at a time");

    let (mut client, mut worker) = World::new().converse();
    for turn in 0..64 {
        assert!(ask(&mut client, &mut worker, Duration::ZERO).is_none(), "after {turn} cells");
        client.say(&Record::text("x")).unwrap();
        let cells = drain(&mut client);
        deliver(&mut client, &mut worker, &cells);
    }
    assert!(ask(&mut client, &mut worker, Duration::ZERO).is_some());
}

#[test]
fn both_go_on_under_new_keys_and_a_new_route() {
    let world = World::new();
    let (mut client, mut worker) = world.converse();
    let before = (steal(&client), client.routes()[0]);
    renew(&world, &mut client, &mut worker);
    assert_eq!((client.generation(), worker.generation()), (1, 1));
    assert!(client.keys().export == worker.keys().export);
    assert!(client.keys().client != before.0.client && client.routes()[0] != before.1);
    assert!(client.routes() == worker.routes(), "the worker has heard the new keys");
    for (from, to) in [(0, 1), (1, 0)] {
        let ends = &mut [&mut client, &mut worker];
        ends[from].say(&Record::text("under new keys")).unwrap();
        let cells = drain(ends[from]);
        assert!(hear(ends[to], &cells) == [Record::text("under new keys")]);
    }
}

#[test]
fn stolen_keys_open_nothing_that_is_said_after_the_renewal() {
    let world = World::new();
    let (mut client, mut worker) = world.converse();
    let from_client = steal(&client);
    let from_worker = steal(&worker);
    client.say(&Record::text("before")).unwrap();
    let before = drain(&mut client);
    assert!(before.iter().all(|cell| opens(&from_worker, cell)), "the theft itself is real");
    deliver(&mut client, &mut worker, &before);
    renew(&world, &mut client, &mut worker);
    client.say(&Record::text("after")).unwrap();
    worker.say(&Record::text("after too")).unwrap();
    let mut after = drain(&mut client);
    after.extend(drain(&mut worker));
    assert!(after.len() >= 2);
    for cell in &after {
        assert!(!opens(&from_client, cell) && !opens(&from_worker, cell));
    }
}

#[test]
fn stolen_keys_seal_nothing_that_is_believed_after_the_renewal() {
    let world = World::new();
    let (mut client, mut worker) = world.converse();
    let (stolen, next) = (steal(&client), 40);
    renew(&world, &mut client, &mut worker);
    let content = Content { acknowledged: 2, ..Content::default() };
    let forged = cell::seal(&stolen.client, next, &content);
    assert_eq!(worker.open(&forged, NOW).err(), Some(SessionError::Unsealed));
    let forged = cell::seal(&stolen.worker, next, &content);
    assert_eq!(client.open(&forged, NOW).err(), Some(SessionError::Unsealed));
}

#[test]
fn the_worker_waits_at_both_routes_until_it_has_heard_the_new_keys() {
    let world = World::new();
    let (mut client, mut worker) = world.converse();
    client.rejoined();
    let opening = ask(&mut client, &mut worker, Duration::ZERO).unwrap();
    answer(&world, &mut worker, &opening);
    let old = client.routes();
    assert!(worker.routes() == old, "the answer has not left");
    let cells = drain(&mut worker);
    assert!(worker.routes().len() == 2 && worker.routes()[1] == old[0]);
    // The answer is lost with its socket: both meet at the old route, and it comes again.
    worker.rejoined();
    let again = drain(&mut worker);
    assert!(cells.iter().all(|cell| again.contains(cell)));
    hear(&mut client, &again);
    assert!(client.routes()[0] == worker.routes()[0], "the client is at the new one now");
    hear(&mut worker, &drain(&mut client));
    assert!(worker.routes() == client.routes());
}

#[test]
fn words_around_a_renewal_arrive_in_any_order_of_cells() {
    let world = World::new();
    let (mut client, mut worker) = world.converse();
    client.rejoined();
    let opening = ask(&mut client, &mut worker, Duration::ZERO).unwrap();
    // Old keys seal these, and they arrive after cells under new keys.
    client.say(&Record::text("old")).unwrap();
    let late = drain(&mut client);
    answer(&world, &mut worker, &opening);
    hear(&mut client, &drain(&mut worker));
    client.say(&Record::text("new")).unwrap();
    let early = drain(&mut client);
    assert!(hear(&mut worker, &early).is_empty());
    assert!(hear(&mut worker, &late) == [Record::text("old"), Record::text("new")]);
}

#[test]
fn nobody_else_renews_in_the_workers_place() {
    let world = World::new();
    let other_shift = ShiftKey::generate(&mut FixedRandom::new(&counted(0xe1, 32)));
    let other = |role, alias| {
        let content = certificate_of(&other_shift);
        UnsignedCertificate { role, alias: Alias::new(alias).unwrap(), ..content }
    };
    let thief = certificate_of(&world.shift);
    let cases = [
        (&other_shift, other(Role::Doctor, "Оля"), HandshakeError::OtherWorker),
        (&other_shift, other(Role::Peer, "Ali"), HandshakeError::OtherWorker),
        (&other_shift, thief, HandshakeError::OtherKey),
    ];
    for (shift, content, expected) in cases {
        let (mut client, mut worker) = world.converse();
        client.rejoined();
        let opening = ask(&mut client, &mut worker, Duration::ZERO).unwrap();
        let certificate = world.authority.certify(&content);
        worker.answer_fresh(&opening, shift, &certificate, &mut worker_random()).unwrap();
        let errors: Vec<_> =
            drain(&mut worker).iter().filter_map(|cell| client.open(cell, NOW).err()).collect();
        assert_eq!(errors, [SessionError::Handshake(expected)]);
    }
    // The same worker with the key of another day is the same worker.
    let (mut client, mut worker) = world.converse();
    client.rejoined();
    let opening = ask(&mut client, &mut worker, Duration::ZERO).unwrap();
    let tomorrow = world.authority.certify(&other(Role::Peer, "Оля"));
    worker.answer_fresh(&opening, &other_shift, &tomorrow, &mut worker_random()).unwrap();
    hear(&mut client, &drain(&mut worker));
    assert_eq!(client.generation(), 1);
}

#[test]
fn an_answer_that_nobody_asked_for_ends_the_consultation() {
    let (mut client, worker) = World::new().converse();
    let half = |sequence, more, length| {
        let data = vec![1; length].into();
        let content = Content { acknowledged: 3, selective: 0, record_type: 4, more, data };
        cell::seal(&worker.keys().worker, sequence, &content)
    };
    assert!(client.open(&half(2, true, 980), NOW).is_ok());
    assert_eq!(client.open(&half(3, false, 336), NOW).err(), Some(SessionError::Misbehaved));
}
