//! Golden transcripts: whole consultations with fixed randomness, shared with the client in
//! TypeScript. A change of a byte is a change of the protocol.
//!
//! `UPDATE_GOLDEN=1 cargo test -p vestibule-protocol golden` writes them anew.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};
use vestibule_wire::{
    ClientToRelay, Close, DeclineReason, OfferId, RelayToClient, RelayToSeat, RelayToWorker,
    SeatKey, SeatToRelay, ServiceCard, SignIn, Wait, WithdrawReason, WorkerToRelay, hex,
};

use super::world::{NOW, ORIGIN, World, counted};
use crate::cell::Cell;
use crate::{Link, Record, Session, kem};

#[test]
fn consultation_is_as_written() {
    hold("consultation.json", &consultation(&World::new()));
}

#[test]
fn frames_are_as_written() {
    hold("frames.json", &frames(&World::new()));
}

#[test]
fn documentation_shows_the_transcript() {
    let transcript = consultation(&World::new());
    let path = root().join("../docs/protocol.md");
    let page = fs::read_to_string(&path).unwrap();
    let heading = "## 12. Worked example\n";
    let (before, shown) = page.split_once(heading).expect("the page has its section 12");
    let wanted = worked_example(&transcript);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, format!("{before}{heading}{wanted}")).unwrap();
    } else {
        assert_eq!(shown, wanted, "section 12 of docs/protocol.md is not the golden transcript");
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
    let (mut client, _) = client.finish(&answer, NOW).unwrap();
    let keys = json!({
        "psk2": hex(&*psk2),
        "client_key": hex(&client.keys.client),
        "worker_key": hex(&client.keys.worker),
        "export": hex(client.export()),
    });
    let first = client.seal_empty().unwrap();
    let (mut worker, _) = worker.confirm(&first).unwrap();
    let mut steps = vec![step("client", "empty", "", &[first])];
    let long = "Ещё вопрос: можно ли смешивать? 🙏 ".repeat(60);
    let said = [
        (true, "да"),
        (false, "مرحبا، هل أخذت Methadone اليوم؟ <img src=x onerror=alert(1)>"),
        (true, long.as_str()),
    ];
    for (from_client, text) in said {
        let record = Record::Text(text.to_owned());
        let (from, to, name) = ends(from_client, &mut client, &mut worker);
        steps.extend(exchange(from, to, name, "text", text, &record));
    }
    let (from, to, name) = ends(false, &mut client, &mut worker);
    steps.extend(exchange(from, to, name, "close", "", &Record::Close));

    json!({
        "about": "One consultation with fixed randomness; see docs/protocol.md, section 12.",
        "now": NOW.0,
        "origin": ORIGIN,
        "authority_secrets": hex(&*world.authority.secrets()),
        "authority": world.authority.public().to_hex(),
        "epoch": world.epoch_keys.epoch().0,
        "epoch_keys": hex(&*world.epoch_keys.secrets()),
        "epoch_statement": hex(&world.authority.state_epoch(world.epoch_keys.epoch())),
        "expiry": world.link.name().expiry.minutes(),
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
        "steps": steps,
    })
}

fn ends<'a>(
    from_client: bool,
    client: &'a mut Session,
    worker: &'a mut Session,
) -> (&'a mut Session, &'a mut Session, &'static str) {
    if from_client { (client, worker, "client") } else { (worker, client, "worker") }
}

/// One record from one end, and the empty cell with which the other acknowledges it.
fn exchange(
    from: &mut Session,
    to: &mut Session,
    name: &str,
    kind: &str,
    text: &str,
    record: &Record,
) -> [Value; 2] {
    let sealed = from.seal(record).unwrap();
    let mut arrived = None;
    for cell in &sealed.cells {
        arrived = to.open(cell).unwrap().record;
    }
    assert!(arrived.as_ref() == Some(record));
    let acknowledgement = to.seal_empty().unwrap();
    let acknowledged = from.open(&acknowledgement).unwrap().acknowledged;
    assert_eq!(acknowledged, sealed.last_sequence + 1);
    let other = if name == "client" { "worker" } else { "client" };
    [step(name, kind, text, &sealed.cells), step(other, "empty", "", &[acknowledgement])]
}

fn step(from: &str, kind: &str, text: &str, cells: &[Cell]) -> Value {
    let cells: Vec<String> = cells.iter().map(|cell| hex(cell)).collect();
    json!({ "from": from, "record": kind, "text": text, "cells": cells })
}

fn frames(world: &World) -> Value {
    let (_, opening) = world.open(&counted(0x61, 96));
    let authority = world.authority.public();
    let offer = OfferId([0x0f; 8]);
    let seat = SeatKey([0x5e; 16]);
    let link = *world.link.name();
    let mac = world.shift.sign_in_mac(&[9; 32], ORIGIN, &authority, &world.certificate).unwrap();
    let sign_in = SignIn { authority, certificate: world.certificate, mac };
    let open =
        ClientToRelay::Open { authority, token: *world.link.token(), opening: opening.clone() };
    let statement = world.authority.state_epoch(link.epoch);
    let offered = RelayToWorker::Offer { offer, waited_seconds: 300, link, opening };
    let challenge = RelayToWorker::Challenge { time: NOW, ephemeral: [9; 32] };
    let closes: serde_json::Map<String, Value> =
        Close::ALL.iter().map(|(_, code, name)| ((*name).to_owned(), json!(code))).collect();
    json!({
        "relay_time": hex(&RelayToClient::RelayTime(NOW).encode()),
        "open": hex(&open.encode()),
        "waiting_now": hex(&RelayToClient::Waiting(Wait::Now).encode()),
        "waiting_soon": hex(&RelayToClient::Waiting(Wait::Soon).encode()),
        "waiting_long": hex(&RelayToClient::Waiting(Wait::Long).encode()),
        "waiting_nobody": hex(&RelayToClient::Waiting(Wait::NobodyOnDuty).encode()),
        "matched": hex(&RelayToClient::Matched.encode()),
        "challenge": hex(&challenge.encode()),
        "sign_in": hex(&WorkerToRelay::SignIn(Box::new(sign_in)).encode()),
        "signed_in": hex(&RelayToWorker::SignedIn.encode()),
        "epoch_statement": hex(&WorkerToRelay::EpochStatement(Box::new(statement)).encode()),
        "offer": hex(&offered.encode()),
        "withdrawn": hex(&RelayToWorker::Withdrawn(offer, WithdrawReason::Taken).encode()),
        "accept": hex(&WorkerToRelay::Accept(offer).encode()),
        "granted": hex(&RelayToWorker::Granted(offer, seat).encode()),
        "decline": hex(&WorkerToRelay::Decline(offer, DeclineReason::Spent).encode()),
        "take_seat": hex(&SeatToRelay::TakeSeat(seat).encode()),
        "seated": hex(&RelayToSeat::Seated.encode()),
        "service_card": hex(&card(world)),
        "close_codes": closes,
    })
}

fn card(world: &World) -> Vec<u8> {
    let text =
        |subject: &str| json!({ "en": subject, "ru": subject, "uk": subject, "ar": subject });
    let card = json!({
        "version": 1,
        "issued": NOW.0,
        "name": text("Example service"),
        "about": text("Outreach workers and a doctor answer here."),
        "hours": text("Every day, 10:00 to 22:00."),
        "emergency": text("Call 112."),
    });
    let signed = world.authority.sign_card(card.to_string().as_bytes());
    assert!(ServiceCard::verify(&signed, &world.authority.public()).is_ok());
    signed
}

fn worked_example(transcript: &Value) -> String {
    let shown = |name: &str| match &transcript[name] {
        Value::String(text) => text.clone(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            transcript[name].to_string()
        }
    };
    let short = |text: &str| match text.len() {
        0..=140 => text.to_owned(),
        length => format!("{}… ({} bytes)", &text[..140], length / 2),
    };
    let link = shown("link");
    assert!(Link::parse(&link).is_ok());
    let mut page = String::from(
        "\nThe transcript `protocol/tests/golden/consultation.json`, byte strings in hex, long ones \
         cut here. `now` is the clock of both ends. The client draws 32 bytes for its X25519 key and \
         64 for ML-KEM's `d ‖ z`; the worker 32 bytes for its X25519 key and 32 for ML-KEM's `m`.\n\n```\n",
    );
    let names = [
        "now",
        "origin",
        "authority_secrets",
        "authority",
        "epoch",
        "epoch_keys",
        "epoch_statement",
        "expiry",
        "link_id",
        "channel",
        "psk",
        "token",
        "shift_private",
        "certificate",
        "language",
        "subject",
        "client_random",
        "worker_random",
        "opening",
        "answer",
    ];
    for name in names {
        writeln!(page, "{name:<18} {}", short(&shown(name))).unwrap();
    }
    for name in ["psk2", "client_key", "worker_key", "export"] {
        writeln!(page, "{name:<18} {}", transcript["keys"][name].as_str().unwrap()).unwrap();
    }
    write!(page, "link               {link}\n```\n\nThen, cell by cell:\n\n```\n").unwrap();
    for step in transcript["steps"].as_array().unwrap() {
        for cell in step["cells"].as_array().unwrap() {
            let (from, record) = (step["from"].as_str().unwrap(), step["record"].as_str().unwrap());
            writeln!(page, "{from} {record:<6} {}…", &cell.as_str().unwrap()[..100]).unwrap();
        }
    }
    page.push_str(
        "```\n\n`authority_secrets` is the Ed25519 seed of `A` followed by `R`; `epoch_keys` is `K_e` \
         followed by the seed of `I_e`. In the file, `psk2` to `export` stand under `keys`, and \
         `link` is the TEXT of section 3. The certificate says: valid from 1,794,996,400 to \
         1,795,028,800, role 2, languages 10, alias `Оля`. The texts are in the file's `steps`.\n\n\
         `protocol/tests/golden/frames.json` has each frame of section 5 with these values, and: the \
         time is `now`, the challenge's `ephemeral_public` is 32 bytes of 09 (used as it is), offers \
         are 8 bytes of 0f, the seat 16 bytes of 5e, `waited_seconds` 300, every reason 1. Its \
         `service_card` is a card of section 4, its `close_codes` the table of section 5.\n",
    );
    page
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
