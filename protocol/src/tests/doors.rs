//! Doors: published addresses, used again and again (section 3).

use vestibule_wire::{
    Epoch, EpochStatement, Expiry, LinkId, LinkKind, Reader, Timestamp, Token, TokenError,
};

use super::fixed_random::FixedRandom;
use super::world::{NOW, ORIGIN, World, counted};
use crate::{
    Authority, Channel, HandshakeError, LINK_TEXT_LEN, Link, LinkError, ReceivedOpening,
    start_handshake,
};

#[test]
fn a_door_survives_its_text_and_every_worker_finds_its_secret() {
    let world = World::new();
    let door = world.door();
    let text = door.to_text();
    assert_eq!(text.len(), LINK_TEXT_LEN);
    let read = Link::parse(&text).unwrap();
    assert!(read == door && read.name().kind() == LinkKind::Door);
    assert!(*read.psk() == world.authority.door_secret().psk(read.name()));
    assert!(*read.psk() != world.epoch_keys.psk(read.name()), "not under an epoch's secret");
}

#[test]
fn a_door_holds_for_hours_long_after_its_epoch_and_then_no_more() {
    let world = World::new();
    let (token, authority) = (*world.door().token(), world.authority.public());
    let expires = token.name.expires_at();
    assert_eq!(expires, token.name.epoch.starts_at().plus_seconds(8_760 * 3_600));
    assert!(expires > token.name.epoch.ends_at());
    assert_eq!(token.verify_door(&authority, NOW), Ok(()));
    assert_eq!(token.verify_door(&authority, expires), Ok(()));
    assert_eq!(token.verify_door(&authority, expires.plus_seconds(1)), Err(TokenError::Expired));
}

#[test]
fn a_door_is_its_authority_s_and_no_byte_of_it_can_be_changed() {
    let world = World::new();
    let token = *world.door().token();
    let other = Authority::from_seeds(&[7; 64]).public();
    assert_eq!(token.verify_door(&other, NOW), Err(TokenError::WrongSignature));
    let bytes = token.to_bytes();
    for position in 0..bytes.len() {
        let mut altered = bytes.clone();
        altered[position] ^= 1;
        let accepted = Token::read(&mut Reader::new(&altered))
            .is_ok_and(|token| token.verify_door(&world.authority.public(), NOW).is_ok());
        assert!(!accepted, "byte {position}");
    }
}

#[test]
fn one_kind_is_never_taken_for_the_other() {
    let world = World::new();
    let signed = world.authority.state_epoch(&world.epoch_keys);
    let authority = world.authority.public();
    let statement = EpochStatement::verify(&signed, &authority, NOW).unwrap();
    let (door, link) = (*world.door().token(), *world.link.token());
    assert_eq!(door.verify(&statement, NOW), Err(TokenError::WrongSignature));
    assert_eq!(link.verify_door(&authority, NOW), Err(TokenError::WrongSignature));
    // A worker's issuing key makes no door, whatever it signs.
    let hours = Expiry::from_hours(100).unwrap();
    let rng = &mut FixedRandom::new(&counted(0x41, 16));
    let forged = world.epoch_keys.issue_link(authority, hours, Channel::Card, rng);
    assert!(forged.name().kind() == LinkKind::Door);
    assert_eq!(forged.token().verify_door(&authority, NOW), Err(TokenError::WrongSignature));
    assert_eq!(forged.token().verify(&statement, NOW), Err(TokenError::WrongSignature));
    let minutes = Expiry::from_minutes(100).unwrap();
    let rng = &mut FixedRandom::new(&counted(0x41, 16));
    let epoch = Epoch::current(NOW);
    assert!(world.authority.issue_door(epoch, minutes, Channel::Card, rng).is_err());
}

#[test]
fn expiries_stay_within_what_their_kind_allows() {
    for (kind, allowed, refused) in
        [(LinkKind::OneTime, [1, 10_080], [0, 10_081]), (LinkKind::Door, [1, 17_520], [0, 17_521])]
    {
        let make = |count| match kind {
            LinkKind::OneTime => Expiry::from_minutes(count),
            LinkKind::Door => Expiry::from_hours(count),
        };
        for count in allowed {
            assert_eq!(make(count).unwrap().count(), count);
        }
        assert!(refused.into_iter().all(|count| make(count).is_err()));
    }
    let epoch = Epoch::current(NOW);
    let of_door = |moment| Expiry::of_door_at(epoch, moment).count();
    assert_eq!(of_door(epoch.starts_at()), 1);
    assert_eq!(of_door(epoch.starts_at().plus_seconds(3_601)), 2);
    assert_eq!(of_door(Timestamp(u32::MAX)), 17_520);
    assert_eq!(Expiry::at(epoch, Timestamp(u32::MAX)).count(), 10_080);
}

#[test]
fn a_door_s_expiry_beyond_that_of_a_one_time_link_needs_a_door_s_byte() {
    let mut bytes = World::new().door().token().to_bytes();
    bytes[0] = 1;
    bytes[3..5].copy_from_slice(&10_081_u16.to_be_bytes());
    assert!(Token::read(&mut Reader::new(&bytes)).is_err());
    let mut text = World::new().door().to_bytes().to_vec();
    text[0] = 3;
    let sum = vestibule_wire::hash(&[b"vestibule/1 link checksum\0", &text[..150]]);
    text[150..].copy_from_slice(&sum[..3]);
    assert_eq!(Link::from_bytes(&text).err(), Some(LinkError::Unsupported));
}

#[test]
fn many_meet_a_worker_through_one_door_and_each_has_keys_of_its_own() {
    let world = World::new();
    let (door, authority) = (world.door(), world.authority.public());
    let psk = world.authority.door_secret().psk(door.name());
    let meet = |seed| {
        let mut random = FixedRandom::new(&counted(seed, 96));
        let (client, opening) = start_handshake(&door, ORIGIN, world.triage(), &mut random);
        let mut random = FixedRandom::new(&counted(seed ^ 0x80, 64));
        let (name, shift) = (door.name(), &world.shift);
        let read =
            ReceivedOpening::read(&opening, name, &psk, &authority, ORIGIN, shift, &mut random);
        let (_, answer) = read.unwrap().answer(&world.certificate).unwrap();
        client.finish(&answer, NOW).unwrap().0
    };
    let (one, another) = (meet(0x11), meet(0x22));
    assert!(one.keys().client != another.keys().client);
    assert!(one.routes()[0] != another.routes()[0]);
}

#[test]
fn who_has_the_poster_and_no_certificate_answers_nobody() {
    let world = World::new();
    let (door, authority) = (world.door(), world.authority.public());
    let mut random = FixedRandom::new(&counted(0x11, 96));
    let (client, opening) = start_handshake(&door, ORIGIN, world.triage(), &mut random);
    let thief = crate::ShiftKey::from_bytes(&[3; 32]);
    let mut random = FixedRandom::new(&counted(0x22, 64));
    let read = ReceivedOpening::read(
        &opening,
        door.name(),
        door.psk(),
        &authority,
        ORIGIN,
        &thief,
        &mut random,
    );
    let (_, answer) = read.unwrap().answer(&world.certificate).unwrap();
    assert_eq!(client.finish(&answer, NOW).err(), Some(HandshakeError::OtherKey));
}

#[test]
fn doors_differ() {
    let world = World::new();
    let issue = |seed| {
        let mut random = FixedRandom::new(&counted(seed, 16));
        let expiry = Expiry::from_hours(1).unwrap();
        world.authority.issue_door(Epoch::current(NOW), expiry, Channel::Site, &mut random).unwrap()
    };
    let (one, another) = (issue(1), issue(2));
    assert!(one.name().id != LinkId([0; 16]) && one.name().id != another.name().id);
    assert!(*one.psk() != *another.psk());
}
