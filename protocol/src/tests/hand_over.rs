//! Hand-over: the client goes over to the colleague whom it agreed to, and the first worker is out.

use std::time::Duration;

use vestibule_wire::{Alias, CERTIFICATE_LEN, CertificateError, Role, UnsignedCertificate};

use super::fixed_random::FixedRandom;
use super::world::{NOW, World, certificate_of, counted, deliver, drain, hear};
use crate::cell::{self, Content};
use crate::record::Body;
use crate::{
    Authority, Cell, HandOver, HandOverReply, HandOverSecret, HandshakeError, ReceivedOpening,
    Record, RecordNumber, Session, SessionError, ShiftKey, start_hand_over,
};

struct Colleague {
    shift: ShiftKey,
    certificate: [u8; CERTIFICATE_LEN],
}

fn colleague(authority: &Authority, seed: u8) -> Colleague {
    let shift = ShiftKey::generate(&mut FixedRandom::new(&counted(seed, 32)));
    let alias = Alias::new("Ali").unwrap();
    let content = UnsignedCertificate { role: Role::Doctor, alias, ..certificate_of(&shift) };
    Colleague { certificate: authority.certify(&content), shift }
}

fn offer_of(colleague: &Colleague) -> HandOver {
    let secret = HandOverSecret::generate(&mut FixedRandom::new(&counted(0xd1, 32)));
    HandOver { secret, certificate: colleague.certificate }
}

/// The new session of both, or why the client refuses.
fn cross(
    world: &World,
    offer: &HandOver,
    answering: &Colleague,
    shown: &[u8; CERTIFICATE_LEN],
) -> Result<(Session, Session), HandshakeError> {
    let authority = world.authority.public();
    let mut random = FixedRandom::new(&counted(0x31, 96));
    let (client, opening) = start_hand_over(offer, authority, world.triage(), NOW, &mut random)?;
    let mut random = FixedRandom::new(&counted(0xc1, 64));
    let read = ReceivedOpening::read_hand_over(
        &opening,
        offer,
        &authority,
        &answering.shift,
        &mut random,
    )?;
    let (worker, answer) = read.answer(shown)?;
    let (mut client, _) = client.finish(&answer, NOW)?;
    let (worker, _) = worker.confirm(&client.empty_cell().unwrap(), NOW).ok().unwrap();
    Ok((client, worker))
}

#[test]
fn the_client_goes_over_and_what_was_undelivered_is_said_again() {
    let world = World::new();
    let (mut client, mut first) = world.converse();
    let colleague = colleague(&world.authority, 0xe1);
    first.say(&Record::text("arrived")).unwrap();
    first.say(&Record::HandOver(Box::new(offer_of(&colleague)))).unwrap();
    let cells = drain(&mut first);
    let (heard, _) = deliver(&mut first, &mut client, &cells);
    let Some(Record::HandOver(offer)) = heard.first() else { panic!("it goes before words") };
    client.say(&Record::HandOverReply(HandOverReply::Agreed)).unwrap();
    // Neither of these arrives.
    client.say(&Record::text("from the client")).unwrap();
    first.say(&Record::text("from the first worker")).unwrap();
    let boundary = client.received_below();

    let (mut client_now, mut second) =
        cross(&world, offer, &colleague, &colleague.certificate).unwrap();
    client_now.say(&Record::CarriedOver { received_below: boundary }).unwrap();
    for (_, record) in client.into_undelivered(0) {
        client_now.say(&record).unwrap();
    }
    let heard = hear(&mut second, &drain(&mut client_now));
    let carried = Record::CarriedOver { received_below: boundary };
    assert!(heard == [carried, Record::text("from the client")]);
    let left = first.into_undelivered(boundary);
    assert!(left == [(RecordNumber(3), Record::text("from the first worker"))]);
}

#[test]
fn the_first_worker_opens_and_seals_nothing_of_the_new_session() {
    let world = World::new();
    let (mut client, mut first) = world.converse();
    let colleague = colleague(&world.authority, 0xe1);
    let offer = offer_of(&colleague);
    let (mut client_now, mut second) =
        cross(&world, &offer, &colleague, &colleague.certificate).unwrap();
    client_now.say(&Record::CarriedOver { received_below: 2 }).unwrap();
    second.say(&Record::text("new")).unwrap();
    for cell in drain(&mut client_now) {
        assert!(first.open(&cell, NOW).is_err_and(|error| error == SessionError::Unsealed));
    }
    for cell in drain(&mut second) {
        assert!(client.open(&cell, NOW).is_err_and(|error| error == SessionError::Unsealed));
    }
    first.say(&Record::text("still me")).unwrap();
    first.say(&Record::text("still me")).unwrap();
    for cell in drain(&mut first) {
        let opened = client_now.open(&cell, NOW);
        assert!(opened.map_or(true, |opened| opened.records.is_empty() && !opened.is_new));
    }
}

#[test]
fn the_client_talks_with_nobody_but_whom_it_agreed_to() {
    let world = World::new();
    let agreed = colleague(&world.authority, 0xe1);
    let other = colleague(&world.authority, 0xf1);
    let offer = offer_of(&agreed);
    // The first worker knows the secret, and may have a certificate of its own.
    let refused = |answering, shown| cross(&world, &offer, answering, shown).err();
    assert_eq!(refused(&other, &other.certificate), Some(HandshakeError::OtherKey));
    assert_eq!(refused(&other, &agreed.certificate), Some(HandshakeError::OtherKey));

    let stranger = Authority::from_seeds(&counted(0x77, 64).try_into().unwrap());
    let forged = colleague(&stranger, 0xe1);
    let refused = cross(&world, &offer_of(&forged), &forged, &forged.certificate).err();
    let expected = HandshakeError::Certificate(CertificateError::WrongAuthority);
    assert_eq!(refused, Some(expected), "not even an opening is made for a stranger");
}

#[test]
fn another_secret_meets_nobody() {
    let world = World::new();
    let colleague = colleague(&world.authority, 0xe1);
    let offer = offer_of(&colleague);
    let guessed = HandOver { secret: HandOverSecret::from_bytes(&[7; 32]), ..offer.clone() };
    let authority = world.authority.public();
    let mut random = FixedRandom::new(&counted(0x31, 96));
    let (_, opening) =
        start_hand_over(&guessed, authority, world.triage(), NOW, &mut random).ok().unwrap();
    let mut random = FixedRandom::new(&counted(0xc1, 64));
    let read = ReceivedOpening::read_hand_over(
        &opening,
        &offer,
        &authority,
        &colleague.shift,
        &mut random,
    );
    assert_eq!(read.err(), Some(HandshakeError::OpeningRefused));
    assert!(guessed.secret.route() != offer.secret.route());
}

/// A record in one cell, by a client that follows no rule.
fn crafted(client: &Session, sequence: u64, record: &Record) -> Cell {
    let Body { record_type, bytes: data } = record.to_body().unwrap();
    let content = Content { acknowledged: 2, record_type, data, ..Content::default() };
    cell::seal(&client.keys().client, sequence, &content)
}

#[test]
fn a_new_session_begins_with_what_was_carried_over_and_no_other_does() {
    let world = World::new();
    let colleague = colleague(&world.authority, 0xe1);
    let offer = offer_of(&colleague);
    let (mut client, mut second) =
        cross(&world, &offer, &colleague, &colleague.certificate).unwrap();
    let next = 3;
    client.rejoined();
    client.freshen(Duration::from_hours(1), &mut FixedRandom::new(&[]));
    assert_eq!(client.say(&Record::text("too early")).err(), Some(SessionError::NotNow));
    let too_early = crafted(&client, next, &Record::text("too early"));
    assert_eq!(second.open(&too_early, NOW).err(), Some(SessionError::Misbehaved));

    let (mut client, mut first) = world.converse();
    let nothing_carried = Record::CarriedOver { received_below: 2 };
    assert_eq!(client.say(&nothing_carried).err(), Some(SessionError::NotNow));
    let crafted = crafted(&client, next, &nothing_carried);
    assert_eq!(first.open(&crafted, NOW).err(), Some(SessionError::Misbehaved));
}

#[test]
fn one_hand_over_is_asked_at_a_time() {
    let world = World::new();
    let (mut client, mut first) = world.converse();
    let colleague = colleague(&world.authority, 0xe1);
    let offer = Record::HandOver(Box::new(offer_of(&colleague)));
    first.say(&offer).unwrap();
    assert_eq!(first.say(&offer).err(), Some(SessionError::NotNow));
    first.say(&Record::HandOverWithdrawn).unwrap();
    let cells = drain(&mut first);
    let (heard, _) = deliver(&mut first, &mut client, &cells);
    assert!(heard == [offer.clone(), Record::HandOverWithdrawn]);
    // The client's answer crossed the withdrawal.
    client.say(&Record::HandOverReply(HandOverReply::Agreed)).unwrap();
    assert!(hear(&mut first, &drain(&mut client)).is_empty());
    first.say(&offer).unwrap();
    assert!(hear(&mut client, &drain(&mut first)) == [offer]);
}
