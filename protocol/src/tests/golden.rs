//! Golden transcripts: whole consultations with fixed randomness, shared with the client in
//! TypeScript. A change of a byte is a change of the protocol.
//!
//! `UPDATE_GOLDEN=1 cargo test -p vestibule-protocol golden` writes them anew.

mod frames;
mod nodes;
mod page;

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Value, json};
use vestibule_wire::{Alias, CardKind, Cell as Indicator, Expiry, Role, UnsignedCertificate, hex};

use super::fixed_random::FixedRandom;
use super::world::{NOW, ORIGIN, World, authority_seeds, certificate_of, counted};
use crate::cell::Cell;
use crate::{
    AwaitingFirstCell, Card, FileKind, FileNumber, FileOffer, FileReply, HandOver, HandOverReply,
    HandOverSecret, ReceivedOpening, Record, RecordNumber, Session, ShiftKey, SurveyAnswer, kem,
    start_hand_over,
};

#[test]
fn consultation_is_as_written() {
    hold("consultation.json", &consultation(&World::new()));
}

#[test]
fn frames_are_as_written() {
    hold("frames.json", &frames::frames(&World::new()));
}

#[test]
fn nodes_are_as_written() {
    hold("nodes.json", &nodes::nodes());
}

#[test]
fn documentation_shows_the_transcript() {
    let transcript = consultation(&World::new());
    let path = root().join("../docs/protocol.md");
    let page = fs::read_to_string(&path).unwrap();
    let heading = "## 13. Worked example\n";
    let (before, shown) = page.split_once(heading).expect("the page has its section 13");
    let wanted = page::worked_example(&transcript);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, format!("{before}{heading}{wanted}")).unwrap();
    } else {
        assert_eq!(shown, wanted, "section 13 of docs/protocol.md is not the golden transcript");
    }
}

fn consultation(world: &World) -> Value {
    let client_random = counted(0x61, 96);
    let worker_random = counted(0x91, 64);
    let (client, opening) = world.open(&client_random);
    let received = world.receive(&opening, &worker_random).unwrap();
    assert!(received.triage() == world.triage());
    let (worker, answer) = received.answer(&world.certificate).unwrap();
    let kem_key = kem::KemKey::from_random(&client_random[32..].try_into().unwrap());
    let ciphertext = [&answer[8..1024], &answer[1032..1104]].concat();
    let psk2 = kem_key.psk2(&ciphertext.try_into().unwrap());
    let (client, _) = client.finish(&answer, NOW).unwrap();
    let mut keys = shown_keys(&client);
    keys["psk2"] = json!(hex(&*psk2));
    let mut talk = Talk::begin(client, worker);
    talk.text("client", "да");
    talk.text("worker", "مرحبا، هل أخذت Methadone اليوم؟ <img src=x onerror=alert(1)>");
    talk.text("client", &"Ещё вопрос: можно ли смешивать? 🙏 ".repeat(60));
    talk.break_line();
    let fresh = talk.renew(world);
    talk.text("worker", "Да");
    let given = give(world, &mut talk);
    let hand_over = hand_over(world, &mut talk);
    let (new_client, new_worker, over) = cross_over(world, &hand_over);
    let boundary = talk.client.received_below();
    let mut next = Talk::begin(new_client, new_worker);
    next.say("client", "carried_over", "", &Record::CarriedOver { received_below: boundary });
    next.text("client", "ещё здесь");
    next.say("worker", "close", "", &Record::Close);
    json!({
        "about": "One consultation with fixed randomness; see docs/protocol.md, section 13.",
        "now": NOW.0,
        "origin": ORIGIN,
        "authority_seeds": hex(&authority_seeds()),
        "authority": world.authority.public().to_hex(),
        "epoch": world.epoch_keys.epoch().0,
        "epoch_keys": hex(&*world.epoch_keys.secrets()),
        "epoch_statement": hex(&world.authority.state_epoch(&world.epoch_keys)),
        "expiry": world.link.name().expiry.count(),
        "link_id": hex(&world.link.name().id.0),
        "channel": world.link.channel().byte(),
        "psk": hex(world.link.psk().as_bytes()),
        "link": *world.link.to_text(),
        "token": hex(&world.link.token().to_bytes()),
        "shift_private": hex(world.shift.as_bytes()),
        "certificate": hex(&world.certificate),
        "language": world.triage().language.byte(),
        "subject": world.triage().subject.byte(),
        "client_random": hex(&client_random),
        "worker_random": hex(&worker_random),
        "opening": hex(opening.as_bytes()),
        "answer": hex(&*answer),
        "keys": keys,
        "steps": talk.steps,
        "fresh": fresh,
        "given": given,
        "door": door(world),
        "hand_over": over,
        "hand_over_steps": next.steps,
    })
}

/// What the worker gives the client, a proposal that the client declines, and an answer of the client.
fn give(world: &World, talk: &mut Talk) -> Value {
    let (title, body) = ("Передозировка", "## Сразу\n\n- Позвоните 112\n- Налоксон\n\nНе уходите.");
    let card = Card { kind: CardKind::Checklist, title: title.to_owned(), body: body.to_owned() };
    talk.say("worker", "card", "", &Record::Card(Box::new(card)));
    let alias = certificate_of(&world.shift).alias;
    let mut random = FixedRandom::new(&counted(0xa1, 16));
    let (authority, expiry) = (world.authority.public(), Expiry::from_minutes(10_080).unwrap());
    let link = world.epoch_keys.issue_return_link(authority, expiry, Some(&alias), &mut random);
    assert!(world.epoch_keys.wishes_for(link.name(), &alias));
    let text = link.to_text();
    talk.say("worker", "return_link", "", &Record::ReturnLink(Box::new(link)));
    talk.say("worker", "end_proposal", "", &Record::EndProposal);
    talk.say("client", "end_declined", "", &Record::EndDeclined);
    send_files(talk);
    let survey = SurveyAnswer::new(Indicator::of("respected", "partly")).unwrap();
    talk.say("client", "survey", "", &Record::Survey(survey));
    json!({
        "card": { "kind": "checklist", "title": title, "body": body },
        "return_link": *text,
        "survey": { "question": "respected", "answer": "partly" },
        "file": { "kind": "jpeg", "content": hex(&counted(0x11, 1_000)) },
    })
}

/// A file that is wanted, and one that the client does not send after all.
fn send_files(talk: &mut Talk) {
    let (file, kind, content) = (FileNumber(1), FileKind::Jpeg, counted(0x11, 1_000));
    let offer = FileOffer { file, kind, size: content.len() };
    talk.say("client", "file_offer", "1", &Record::FileOffer(offer));
    let reply = |reply| Record::FileReply { file, reply };
    talk.say("worker", "file_reply", "1 send", &reply(FileReply::Send));
    talk.file(file, &content);
    talk.say("worker", "file_reply", "1 received", &reply(FileReply::Received));
    let second = FileOffer { file: FileNumber(2), ..offer };
    talk.say("client", "file_offer", "2", &Record::FileOffer(second));
    talk.say("client", "file_withdrawn", "2", &Record::FileWithdrawn { file: FileNumber(2) });
}

/// A door of the service, and the solution of a puzzle before it.
fn door(world: &World) -> Value {
    let link = world.door();
    json!({
        "door_secret": hex(world.authority.door_secret().as_bytes()),
        "link": *link.to_text(),
        "psk": hex(link.psk().as_bytes()),
        "puzzle_seed": hex(&frames::PUZZLE_SEED.0),
        "puzzle_bits": frames::puzzle_bits().count(),
        "puzzle_nonce": hex(&frames::puzzle_nonce(&link.name().id).0),
    })
}

fn shown_keys(session: &Session) -> Value {
    let keys = session.keys();
    json!({
        "client_key": hex(&keys.client),
        "worker_key": hex(&keys.worker),
        "export": hex(&keys.export),
        "route": hex(&session.routes()[0].0),
        "safety_phrase": session.safety_phrase().places(),
    })
}

/// The colleague of the hand-over, and what the client is told of her.
fn hand_over(world: &World, talk: &mut Talk) -> HandOver {
    let shift = ShiftKey::generate(&mut FixedRandom::new(&counted(0xe1, 32)));
    let colleague = UnsignedCertificate {
        role: Role::Doctor,
        alias: Alias::new("Ali").unwrap(),
        ..certificate_of(&shift)
    };
    let secret = HandOverSecret::generate(&mut FixedRandom::new(&counted(0xd1, 32)));
    let hand_over = HandOver { secret, certificate: world.authority.certify(&colleague) };
    talk.say("worker", "hand_over", "", &Record::HandOver(Box::new(hand_over.clone())));
    let agreed = Record::HandOverReply(HandOverReply::Agreed);
    talk.say("client", "hand_over_reply", "", &agreed);
    hand_over
}

/// The handshake with the colleague.
fn cross_over(world: &World, hand_over: &HandOver) -> (Session, AwaitingFirstCell, Value) {
    let shift = ShiftKey::generate(&mut FixedRandom::new(&counted(0xe1, 32)));
    let (client_random, worker_random) = (counted(0x31, 96), counted(0xc1, 64));
    let authority = world.authority.public();
    let mut random = FixedRandom::new(&client_random);
    let started = start_hand_over(hand_over, authority, world.triage(), NOW, &mut random);
    let (client, opening) = started.ok().unwrap();
    let mut random = FixedRandom::new(&worker_random);
    let received =
        ReceivedOpening::read_hand_over(&opening, hand_over, &authority, &shift, &mut random);
    let (worker, answer) = received.ok().unwrap().answer(&hand_over.certificate).ok().unwrap();
    let (session, _) = client.finish(&answer, NOW).ok().unwrap();
    let shown = json!({
        "secret": hex(hand_over.secret.as_bytes()),
        "certificate": hex(&hand_over.certificate),
        "shift_private": hex(shift.as_bytes()),
        "route": hex(&hand_over.secret.route().0),
        "client_random": hex(&client_random),
        "worker_random": hex(&worker_random),
        "opening": hex(opening.as_bytes()),
        "answer": hex(&*answer),
        "keys": shown_keys(&session),
    });
    (session, worker, shown)
}

/// Two ends, and every cell that either made.
struct Talk {
    client: Session,
    worker: Session,
    steps: Vec<Value>,
}

impl Talk {
    fn begin(mut client: Session, worker: AwaitingFirstCell) -> Self {
        let first = client.empty_cell().unwrap();
        let (worker, _) = worker.confirm(&first, NOW).ok().unwrap();
        Self { client, worker, steps: vec![step("client", "first", "", &[first])] }
    }

    fn text(&mut self, from: &str, text: &str) {
        self.say(from, "text", text, &Record::text(text));
    }

    /// One record, and the cell with which the other end acknowledges it.
    fn say(&mut self, from: &str, kind: &str, text: &str, record: &Record) {
        let (own, other, other_name) = self.ends(from);
        let number = own.say(record).unwrap();
        let cells: Vec<Cell> = std::iter::from_fn(|| own.next_cell()).collect();
        let arrived: Vec<Record> =
            cells.iter().flat_map(|cell| other.open(cell, NOW).unwrap().records).collect();
        assert!(arrived == std::slice::from_ref(record));
        let acknowledgement = other.next_cell().unwrap();
        assert!(own.open(&acknowledgement, NOW).unwrap().delivered == Some(number));
        self.steps.push(step(from, kind, text, &cells));
        self.steps.push(step(other_name, "acknowledgement", "", &[acknowledgement]));
    }

    /// A whole file in one part, and the cell with which the worker acknowledges it.
    fn file(&mut self, file: FileNumber, content: &[u8]) {
        self.client.send_file(file, content.to_vec().into()).unwrap();
        let cells: Vec<Cell> = std::iter::from_fn(|| self.client.next_cell()).collect();
        let arrived = cells.iter().flat_map(|cell| self.worker.open(cell, NOW).unwrap().records);
        let data = [content, &[0; 24]].concat();
        assert!(arrived.collect::<Vec<_>>() == [Record::FilePart { file, data }]);
        let acknowledgement = self.worker.next_cell().unwrap();
        self.client.open(&acknowledgement, NOW).unwrap();
        self.steps.push(step("client", "file_part", "1", &cells));
        self.steps.push(step("worker", "acknowledgement", "", &[acknowledgement]));
    }

    /// Three texts of which the middle one is lost, and a new socket.
    fn break_line(&mut self) {
        for (text, lost) in [("раз", false), ("два", true), ("три", false)] {
            self.client.say(&Record::text(text)).unwrap();
            let cell = self.client.next_cell().unwrap();
            if !lost {
                self.worker.open(&cell, NOW).unwrap();
            }
            let kind = if lost { "lost_text" } else { "text" };
            self.steps.push(step("client", kind, text, &[cell]));
        }
        for from in ["worker", "client"] {
            let (own, other, _) = self.ends(from);
            own.rejoined();
            let greeting = own.empty_cell().unwrap();
            let again = std::iter::from_fn(|| own.next_cell());
            let cells: Vec<Cell> = std::iter::once(greeting).chain(again).collect();
            for cell in &cells {
                other.open(cell, NOW).unwrap();
            }
            self.steps.push(step(from, "rejoined", "", &cells));
        }
        let acknowledgement = self.worker.next_cell().unwrap();
        let delivered = self.client.open(&acknowledgement, NOW).unwrap().delivered;
        assert!(delivered == Some(RecordNumber(5)));
        self.steps.push(step("worker", "acknowledgement", "", &[acknowledgement]));
    }

    /// Fresh secrets.
    fn renew(&mut self, world: &World) -> Value {
        let (client_random, worker_random) = (counted(0x21, 96), counted(0xb1, 64));
        self.client.freshen(Duration::ZERO, &mut FixedRandom::new(&client_random));
        let cells: Vec<Cell> = std::iter::from_fn(|| self.client.next_cell()).collect();
        self.steps.push(step("client", "fresh_opening", "", &cells));
        let opened = cells.iter().flat_map(|cell| self.worker.open(cell, NOW).unwrap().records);
        for record in opened.collect::<Vec<_>>() {
            let Record::FreshOpening(opening) = &record else { panic!("another record") };
            let mut random = FixedRandom::new(&worker_random);
            let proof = (&world.shift, &world.certificate);
            self.worker.answer_fresh(opening, proof.0, proof.1, &mut random).unwrap();
        }
        let cells: Vec<Cell> = std::iter::from_fn(|| self.worker.next_cell()).collect();
        self.steps.push(step("worker", "fresh_answer", "", &cells));
        for cell in &cells {
            self.client.open(cell, NOW).unwrap();
        }
        let acknowledgement = self.client.next_cell().unwrap();
        self.worker.open(&acknowledgement, NOW).unwrap();
        self.steps.push(step("client", "acknowledgement", "", &[acknowledgement]));
        let mut shown = shown_keys(&self.client);
        assert_eq!(shown, shown_keys(&self.worker));
        shown["client_random"] = json!(hex(&client_random));
        shown["worker_random"] = json!(hex(&worker_random));
        shown
    }

    fn ends(&mut self, from: &str) -> (&mut Session, &mut Session, &'static str) {
        match from {
            "client" => (&mut self.client, &mut self.worker, "worker"),
            _ => (&mut self.worker, &mut self.client, "client"),
        }
    }
}

fn step(from: &str, kind: &str, text: &str, cells: &[Cell]) -> Value {
    let cells: Vec<String> = cells.iter().map(|cell| hex(cell)).collect();
    json!({ "from": from, "record": kind, "text": text, "cells": cells })
}

fn hold(name: &str, produced: &Value) {
    let path = root().join("tests/golden").join(name);
    let text = format!("{produced:#}\n");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, text).unwrap();
    } else {
        assert!(
            fs::read_to_string(&path).unwrap() == text,
            "{name} differs from what was produced"
        );
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}
