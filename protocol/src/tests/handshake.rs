//! Who is believed, and who is not.

use vestibule_wire::{CertificateError, Opening, Timestamp, UnsignedCertificate};

use super::fixed_random::FixedRandom;
use super::world::{NOW, ORIGIN, World, certificate_of, counted};
use crate::{Authority, HandshakeError, ReceivedOpening, Record, ShiftKey};

/// How a client ends when the worker answers with this certificate and this shift key.
fn refusal(
    world: &World,
    shift: &ShiftKey,
    certificate: &[u8; 132],
    now: Timestamp,
) -> HandshakeError {
    let (client, opening) = world.open(&counted(0x61, 96));
    let mut random = FixedRandom::new(&counted(0x91, 64));
    let name = world.link.name();
    let (psk, authority) = (world.epoch_keys.psk(name), world.authority.public());
    let received =
        ReceivedOpening::read(&opening, name, &psk, &authority, ORIGIN, shift, &mut random)
            .unwrap();
    let (_, answer) = received.answer(certificate).unwrap();
    client.finish(&answer, now).err().expect("the client must refuse this worker")
}

#[test]
fn a_genuine_worker_is_believed() {
    let world = World::new();
    let (client, opening) = world.open(&counted(0x61, 96));
    let received = world.receive(&opening, &counted(0x91, 64)).unwrap();
    assert!(received.triage() == world.triage());
    let (_, answer) = received.answer(&world.certificate).unwrap();
    let (_, worker) = client.finish(&answer, NOW).unwrap();
    assert!(worker.content == certificate_of(&world.shift));
}

#[test]
fn a_worker_of_another_authority_is_refused() {
    let world = World::new();
    let other = Authority::from_seeds(&[7; 64]);
    let forged = other.certify(&certificate_of(&world.shift));
    let error = refusal(&world, &world.shift, &forged, NOW);
    assert_eq!(error, HandshakeError::Certificate(CertificateError::WrongAuthority));
}

#[test]
fn an_altered_certificate_is_refused_wherever_it_was_altered() {
    let world = World::new();
    for position in 0..world.certificate.len() {
        let mut altered = world.certificate;
        altered[position] ^= 1;
        let error = refusal(&world, &world.shift, &altered, NOW);
        assert!(matches!(error, HandshakeError::Certificate(_)), "byte {position}: {error}");
    }
}

#[test]
fn a_certificate_out_of_date_is_refused() {
    let world = World::new();
    let content = certificate_of(&world.shift);
    let cases = [
        (content.valid_from.0 - 601, CertificateError::NotYetValid),
        (content.valid_to.0 + 601, CertificateError::Expired),
    ];
    for (now, expected) in cases {
        let error = refusal(&world, &world.shift, &world.certificate, Timestamp(now));
        assert_eq!(error, HandshakeError::Certificate(expected));
    }
}

#[test]
fn a_stolen_certificate_without_its_key_is_refused() {
    let world = World::new();
    let thief = ShiftKey::generate(&mut FixedRandom::new(&counted(0x33, 32)));
    let error = refusal(&world, &thief, &world.certificate, NOW);
    assert_eq!(error, HandshakeError::OtherKey);
}

#[test]
fn an_answer_changed_in_any_byte_is_refused() {
    let world = World::new();
    let (_, opening) = world.open(&counted(0x61, 96));
    let received = world.receive(&opening, &counted(0x91, 64)).unwrap();
    let (_, answer) = received.answer(&world.certificate).unwrap();
    for position in (0..answer.len()).step_by(7).chain([0, 1023, 1024, 2047]) {
        let (client, _) = world.open(&counted(0x61, 96));
        let mut changed = *answer;
        changed[position] ^= 0x80;
        let error = client.finish(&changed, NOW).err();
        assert_eq!(error, Some(HandshakeError::AnswerRefused), "byte {position}");
    }
}

#[test]
fn an_opening_changed_in_any_byte_is_refused() {
    let world = World::new();
    let (_, opening) = world.open(&counted(0x61, 96));
    for position in (0..opening.as_bytes().len()).step_by(7).chain([1023, 1024, 2047]) {
        let mut changed = *opening.as_bytes();
        changed[position] ^= 0x80;
        let error = world.receive(&Opening::new(changed), &counted(0x91, 64)).err();
        assert_eq!(error, Some(HandshakeError::OpeningRefused), "byte {position}");
    }
}

#[test]
fn an_opening_made_at_another_address_is_refused() {
    let world = World::new();
    let (_, opening) = world.open(&counted(0x61, 96));
    let mut random = FixedRandom::new(&counted(0x91, 64));
    let name = world.link.name();
    let (psk, authority) = (world.epoch_keys.psk(name), world.authority.public());
    let elsewhere = "https://relay.example.evil";
    let read = ReceivedOpening::read(
        &opening,
        name,
        &psk,
        &authority,
        elsewhere,
        &world.shift,
        &mut random,
    );
    assert_eq!(read.err(), Some(HandshakeError::OpeningRefused));
}

#[test]
fn a_replayed_opening_never_becomes_live() {
    let world = World::new();
    let (_, opening) = world.open(&counted(0x61, 96));
    let (mut first_client, _) = world.shake_hands();
    let replayed = world.receive(&opening, &counted(0xA1, 64)).unwrap();
    let (worker, _) = replayed.answer(&world.certificate).unwrap();
    // The cell of the first handshake is all that somebody who recorded it has.
    first_client.say(&Record::text("hello")).unwrap();
    let recorded = first_client.next_cell().unwrap();
    assert!(worker.confirm(&recorded, NOW).is_err());
}

#[test]
fn a_cell_that_is_dropped_unread_does_not_make_a_client_live() {
    let world = World::new();
    for sequence in [0_u64, 1] {
        let (_, worker) = world.shake_hands();
        let mut old = [0; 1024];
        old[..8].copy_from_slice(&sequence.to_be_bytes());
        assert!(worker.confirm(&old, NOW).is_err());
    }
}

#[test]
fn a_shift_longer_than_36_hours_is_no_certificate() {
    let world = World::new();
    let content = certificate_of(&world.shift);
    let long =
        UnsignedCertificate { valid_to: content.valid_from.plus_seconds(129_601), ..content };
    let error = refusal(&world, &world.shift, &world.authority.certify(&long), NOW);
    assert_eq!(error, HandshakeError::Certificate(CertificateError::Malformed));
}
