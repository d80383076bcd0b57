//! Cards, return links, the question whether it is over, and what a client answers (section 10).

use vestibule_wire::{CATALOGUE, CardKind, Cell as Indicator, CountedBy, Expiry, LinkKind};

use super::fixed_random::FixedRandom;
use super::world::{NOW, World, counted, deliver, drain, hear};
use crate::cell::{self, Content, DATA_LEN};
use crate::record::Body;
use crate::{
    Authority, Card, Cell, Channel, Link, Record, Session, SessionError, Side, SurveyAnswer,
};

fn card(title: usize, body: usize) -> Record {
    let (title, body) = ("t".repeat(title), "b".repeat(body));
    Record::Card(Box::new(Card { kind: CardKind::Leaflet, title, body }))
}

fn return_link(world: &World) -> Record {
    let mut random = FixedRandom::new(&counted(0xa1, 16));
    let (authority, expiry) = (world.authority.public(), Expiry::from_minutes(100).unwrap());
    let link = world.epoch_keys.issue_return_link(authority, expiry, None, &mut random);
    Record::ReturnLink(Box::new(link))
}

fn given(link: Link) -> Record {
    Record::ReturnLink(Box::new(link))
}

/// Cells that an end which follows no rule makes of a record's bytes.
fn crafted(session: &Session, from: Side, record_type: u8, bytes: &[u8]) -> Vec<Cell> {
    let key = match from {
        Side::Client => &session.keys().client,
        Side::Worker => &session.keys().worker,
    };
    let chunks = bytes.chunks(DATA_LEN);
    let last = chunks.len() - 1;
    let first_sequence = match from {
        Side::Client => 3,
        Side::Worker => 2,
    };
    let seal = |(index, data): (usize, &[u8])| {
        let (more, data) = (index < last, data.to_vec().into());
        let content = Content { acknowledged: 2, record_type, more, data, ..Content::default() };
        cell::seal(key, first_sequence + u64::try_from(index).unwrap(), &content)
    };
    chunks.enumerate().map(seal).collect()
}

/// What the other end makes of them.
fn heard(from: Side, record_type: u8, bytes: &[u8]) -> Result<Vec<Record>, SessionError> {
    let (mut client, mut worker) = World::new().converse();
    let cells = crafted(&client, from, record_type, bytes);
    let other = match from {
        Side::Client => &mut worker,
        Side::Worker => &mut client,
    };
    let mut records = Vec::new();
    for cell in cells {
        records.extend(other.open(&cell, NOW)?.records);
    }
    Ok(records)
}

#[test]
fn what_a_worker_gives_arrives_among_the_words() {
    let world = World::new();
    let (mut client, mut worker) = world.converse();
    let said =
        [Record::text("держите"), card(480, 16_000), return_link(&world), Record::EndProposal];
    let mut last = None;
    for record in &said {
        last = Some(worker.say(record).unwrap());
    }
    let cells = drain(&mut worker);
    let (heard, delivered) = deliver(&mut worker, &mut client, &cells);
    assert!(heard == said && delivered == last);
}

#[test]
fn a_card_has_the_lengths_of_a_card() {
    let (_, mut worker) = World::new().converse();
    for (title, body) in [(0, 1), (481, 1), (1, 0), (1, 16_001)] {
        assert_eq!(worker.say(&card(title, body)).err(), Some(SessionError::RecordSize));
    }
    let malformed: [&[u8]; 9] = [
        b"\x01\x00",
        b"\x00\x00\x01tb",
        b"\x04\x00\x01tb",
        b"\x01\x00\x00b",
        b"\x01\x00\x01t",
        b"\x01\x00\x03tb",
        b"\x01\xff\xfftb",
        b"\x01\x00\x01\xffb",
        b"\x01\x00\x01t\xff",
    ];
    for body in malformed {
        assert_eq!(heard(Side::Worker, 9, body).err(), Some(SessionError::Misbehaved), "{body:?}");
    }
    let long = [&b"\x01\x00\x01t"[..], &[b'b'; 16_001]].concat();
    assert_eq!(heard(Side::Worker, 9, &long).err(), Some(SessionError::Misbehaved));
    assert_eq!(heard(Side::Worker, 9, b"\x03\x00\x01tb").unwrap().len(), 1);
}

#[test]
fn a_return_link_is_a_one_time_link_of_the_service_or_none() {
    let world = World::new();
    let (_, mut worker) = world.converse();
    assert!(world.door().name().kind() == LinkKind::Door);
    assert_eq!(worker.say(&given(world.door())).err(), Some(SessionError::RecordSize));
    let stranger = Authority::from_seeds(&[7; 64]);
    let mut random = FixedRandom::new(&counted(0x41, 16));
    let (epoch, expiry) = (world.epoch_keys.epoch(), Expiry::from_minutes(100).unwrap());
    let foreign = stranger.newest_epoch_keys(epoch).issue_link(
        stranger.public(),
        expiry,
        Channel::Return,
        &mut random,
    );
    assert_eq!(worker.say(&given(foreign.clone())).err(), Some(SessionError::WrongLink));
    for bytes in
        [foreign.to_bytes(), world.door().to_bytes(), vec![0; 153].into(), vec![1; 152].into()]
    {
        assert_eq!(heard(Side::Worker, 10, &bytes).err(), Some(SessionError::Misbehaved));
    }
    let own = world.link.to_bytes();
    assert!(heard(Side::Worker, 10, &own).unwrap() == [given(world.link.clone())]);
}

#[test]
fn a_client_gives_nothing_and_a_worker_declines_nothing() {
    let world = World::new();
    for record in [card(1, 1), return_link(&world), Record::EndProposal] {
        let Body { record_type, bytes } = record.to_body().unwrap();
        let refused = heard(Side::Client, record_type, &bytes).err();
        assert_eq!(refused, Some(SessionError::Misbehaved));
    }
    assert_eq!(heard(Side::Worker, 12, &[1]).err(), Some(SessionError::Misbehaved));
    for (from, record_type) in [(Side::Worker, 11), (Side::Client, 12)] {
        for reason in [&[0][..], &[2], &[1, 1]] {
            assert_eq!(heard(from, record_type, reason).err(), Some(SessionError::Misbehaved));
        }
    }
}

#[test]
fn one_proposal_is_open_at_a_time_and_a_decline_answers_it() {
    let (mut client, mut worker) = World::new().converse();
    for _ in 0..2 {
        assert_eq!(client.say(&Record::EndDeclined).err(), Some(SessionError::NotNow));
        worker.say(&Record::EndProposal).unwrap();
        assert_eq!(worker.say(&Record::EndProposal).err(), Some(SessionError::NotNow));
        assert!(hear(&mut client, &drain(&mut worker)) == [Record::EndProposal]);
        client.say(&Record::EndDeclined).unwrap();
        assert!(hear(&mut worker, &drain(&mut client)) == [Record::EndDeclined]);
    }
    worker.say(&Record::EndProposal).unwrap();
    hear(&mut client, &drain(&mut worker));
    client.say(&Record::Close).unwrap();
    assert!(hear(&mut worker, &drain(&mut client)) == [Record::Close]);
}

#[test]
fn a_second_proposal_and_a_decline_of_none_mean_nothing() {
    let (mut client, mut worker) = World::new().converse();
    let proposal = crafted(&client, Side::Worker, 11, &[1]);
    assert!(hear(&mut client, &proposal) == [Record::EndProposal]);
    let again =
        Content { acknowledged: 2, record_type: 11, data: vec![1].into(), ..Content::default() };
    let again = cell::seal(&client.keys().worker, 3, &again);
    assert!(hear(&mut client, &[again]).is_empty());
    let decline = crafted(&client, Side::Client, 12, &[1]);
    assert!(hear(&mut worker, &decline).is_empty());
}

#[test]
fn what_is_given_finds_room_like_words_or_is_not_taken() {
    let world = World::new();
    let (_, mut worker) = world.converse();
    for _ in 0..8 {
        worker.say(&card(1, 16_000)).unwrap();
    }
    assert_eq!(worker.say(&card(1, 16_000)).err(), Some(SessionError::Full));
    let (_, mut worker) = world.converse();
    for _ in 0..64 {
        worker.say(&Record::text("x")).unwrap();
    }
    assert_eq!(worker.say(&return_link(&world)).err(), Some(SessionError::Full));
    assert_eq!(worker.say(&Record::EndProposal).err(), Some(SessionError::Full));
    assert!(worker.say(&Record::Close).is_ok());
}

#[test]
fn cards_that_did_not_arrive_are_there_for_the_colleague_and_links_are_not() {
    let world = World::new();
    let (_, mut worker) = world.converse();
    for record in [Record::text("раз"), card(3, 3), return_link(&world), Record::EndProposal] {
        worker.say(&record).unwrap();
    }
    let undelivered: Vec<Record> =
        worker.into_undelivered(0).into_iter().map(|(_, record)| record).collect();
    assert!(undelivered == [Record::text("раз"), card(3, 3)]);
}

#[test]
fn every_answer_of_the_survey_is_two_bytes_and_counts_where_the_catalogue_says() {
    let questions: Vec<u8> = CATALOGUE
        .iter()
        .filter(|table| table.counted_by == CountedBy::Client)
        .map(|table| table.number)
        .collect();
    assert_eq!(questions, [40, 41, 42]);
    for (table, label, bytes) in [
        ("helped", "yes", [40, 1]),
        ("helped", "no", [40, 3]),
        ("respected", "partly", [41, 2]),
        ("would_return", "yes", [42, 1]),
        ("would_return", "no", [42, 3]),
    ] {
        let cell = Indicator::of(table, label);
        let answer = SurveyAnswer::new(cell).unwrap();
        let said = Record::Survey(answer);
        assert_eq!((&said.to_body().unwrap().bytes[..], answer.question()), (&bytes[..], bytes[0]));
        let heard = heard(Side::Client, 13, &bytes).unwrap();
        assert!(heard == [said] && answer.cell() == cell);
    }
}

#[test]
fn a_survey_knows_no_other_question_and_no_other_answer() {
    let foreign: [&[u8]; 10] = [
        &[40],
        &[40, 0],
        &[40, 4],
        &[40, 255],
        &[40, 1, 1],
        &[39, 1],
        &[43, 1],
        // Tables that clients do not count.
        &[20, 1],
        &[10, 1],
        &[0, 1],
    ];
    for bytes in foreign {
        assert_eq!(heard(Side::Client, 13, bytes).err(), Some(SessionError::Misbehaved));
    }
    assert_eq!(heard(Side::Worker, 13, &[40, 1]).err(), Some(SessionError::Misbehaved));
    assert!(SurveyAnswer::new(Indicator::of("need", "legal")).is_none());
}

#[test]
fn an_answer_crosses_like_words_and_finds_room_like_them() {
    let (mut client, mut worker) = World::new().converse();
    let answer = SurveyAnswer::new(Indicator::of("helped", "no")).unwrap();
    client.say(&Record::text("спасибо")).unwrap();
    client.say(&Record::Survey(answer)).unwrap();
    let cells = drain(&mut client);
    assert_eq!(cells.len(), 2);
    assert!(hear(&mut worker, &cells) == [Record::text("спасибо"), Record::Survey(answer)]);
    let (mut client, _) = World::new().converse();
    for _ in 0..64 {
        client.say(&Record::text("x")).unwrap();
    }
    assert_eq!(client.say(&Record::Survey(answer)).err(), Some(SessionError::Full));
}
