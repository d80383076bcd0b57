//! Links, tokens, epochs and sign-in.

use data_encoding::BASE64URL_NOPAD;
use proptest::prelude::*;
use vestibule_wire::{
    CertificateError, Challenge, Epoch, EpochStatement, SignIn, SignInError, StatementError,
    Timestamp, Token, TokenError,
};

use super::world::{NOW, ORIGIN, World, certificate_of};
use crate::{Authority, EpochKeys, LINK_TEXT_LEN, Link, LinkError};

#[test]
fn a_link_survives_its_text() {
    let world = World::new();
    let text = world.link.to_text();
    assert_eq!(text.len(), LINK_TEXT_LEN);
    let read = Link::parse(&text).unwrap();
    assert!(read.to_text() == text);
    assert!(*read.psk() == world.epoch_keys.psk(read.name()), "any worker finds the link's secret");
}

#[test]
fn a_link_changed_in_any_character_is_damaged() {
    let text = World::new().link.to_text();
    for position in 0..text.len() {
        let mut changed = text.as_bytes().to_vec();
        changed[position] = if changed[position] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(changed).unwrap();
        assert_eq!(Link::parse(&changed).err(), Some(LinkError::Damaged), "character {position}");
    }
    for length in 0..text.len() {
        assert_eq!(Link::parse(&text[..length]).err(), Some(LinkError::Damaged), "cut at {length}");
    }
}

#[test]
fn a_link_of_a_newer_kind_says_so() {
    let text = World::new().link.to_text();
    let mut content = BASE64URL_NOPAD.decode(text.as_bytes()).unwrap();
    content[0] = 9;
    let sum = vestibule_wire::hash(&[b"vestibule/1 link checksum\0", &content[..150]]);
    content[150..].copy_from_slice(&sum[..3]);
    assert_eq!(Link::parse(&BASE64URL_NOPAD.encode(&content)).err(), Some(LinkError::Unsupported));
}

#[test]
fn a_token_holds_for_its_epoch_and_time_only() {
    let world = World::new();
    let token = *world.link.token();
    let statement = statement(&world.authority, token.name.epoch);
    let expires = token.name.expires_at();
    assert_eq!(token.verify(&statement, NOW), Ok(()));
    assert_eq!(token.verify(&statement, expires), Ok(()));
    assert_eq!(token.verify(&statement, expires.plus_seconds(1)), Err(TokenError::Expired));
    let other = Epoch(token.name.epoch.0 - 1);
    let other_statement = self::statement(&world.authority, other);
    assert_eq!(token.verify(&other_statement, NOW), Err(TokenError::WrongSignature));
    let mut forged = token;
    forged.name.id.0[0] ^= 1;
    assert_eq!(forged.verify(&statement, NOW), Err(TokenError::WrongSignature));
}

fn statement(authority: &Authority, epoch: Epoch) -> EpochStatement {
    EpochStatement::verify(
        &authority.state_epoch(&authority.newest_epoch_keys(epoch)),
        &authority.public(),
        NOW,
    )
    .unwrap()
}

#[test]
fn an_epoch_statement_is_believed_from_its_authority_and_in_its_time() {
    let world = World::new();
    let (authority, epoch) = (world.authority.public(), Epoch::current(NOW));
    let signed = world.authority.state_epoch(&world.epoch_keys);
    let other = Authority::from_seeds(&[7; 64]).public();
    let verify =
        |bytes: &[u8; 100], authority, now| EpochStatement::verify(bytes, authority, now).err();
    assert_eq!(verify(&signed, &authority, NOW), None);
    assert_eq!(verify(&signed, &other, NOW), Some(StatementError::WrongAuthority));
    let late = epoch.ends_at().plus_seconds(601);
    assert_eq!(verify(&signed, &authority, late), Some(StatementError::NotCurrent));
    for position in 0..signed.len() {
        let mut altered = signed;
        altered[position] ^= 1;
        assert!(verify(&altered, &authority, NOW).is_some(), "byte {position}");
    }
}

#[test]
fn epoch_keys_survive_their_bytes_and_differ_by_epoch() {
    let world = World::new();
    let keys = EpochKeys::from_secrets(world.epoch_keys.epoch(), 0, &world.epoch_keys.secrets());
    assert!(keys.psk(world.link.name()) == *world.link.psk());
    let next = world.authority.newest_epoch_keys(Epoch(keys.epoch().0 + 1));
    assert!(next.psk(world.link.name()) != *world.link.psk());
    assert!(next.issuing_public() != keys.issuing_public());
}

/// What a relay says to a sign-in at `now` that was made for `origin`.
fn sign_in(
    world: &World,
    certificate: [u8; 132],
    origin: &str,
    now: Timestamp,
) -> Option<SignInError> {
    let challenge = Challenge::from_random([3; 32]);
    let authority = world.authority.public();
    let public = challenge.public();
    let mac = world.shift.sign_in_mac(&public, origin, &authority, &certificate).unwrap();
    let sign_in = SignIn { authority, certificate, mac };
    let served = ["http://other.onion".to_owned(), ORIGIN.to_owned()];
    challenge.verify(&sign_in, &served, now).err()
}

#[test]
fn a_sign_in_proves_the_certificate_the_key_and_the_origin() {
    let world = World::new();
    let wrong = |error| Some(SignInError::Certificate(error));
    assert_eq!(sign_in(&world, world.certificate, ORIGIN, NOW), None);
    assert_eq!(
        sign_in(&world, world.certificate, "https://evil.example", NOW),
        Some(SignInError::WrongMac)
    );
    let late = NOW.plus_seconds(9 * 3_600);
    assert_eq!(sign_in(&world, world.certificate, ORIGIN, late), wrong(CertificateError::Expired));
    let forged = Authority::from_seeds(&[7; 64]).certify(&certificate_of(&world.shift));
    assert_eq!(sign_in(&world, forged, ORIGIN, NOW), wrong(CertificateError::WrongAuthority));
    let mut altered = world.certificate;
    altered[50] ^= 1;
    assert!(sign_in(&world, altered, ORIGIN, NOW).is_some());
}

#[test]
fn a_challenge_that_would_give_a_known_secret_is_not_answered() {
    let world = World::new();
    let authority = world.authority.public();
    assert!(world.shift.sign_in_mac(&[0; 32], ORIGIN, &authority, &world.certificate).is_none());
}

proptest! {
    #[test]
    fn no_text_makes_a_link_panic(text in "\\PC{0,300}") {
        prop_assert!(Link::parse(&text).is_err());
    }

    #[test]
    fn a_token_survives_its_bytes(id in any::<[u8; 16]>()) {
        let mut token = *World::new().link.token();
        token.name.id.0 = id;
        let bytes = token.to_bytes();
        let read = Token::read(&mut vestibule_wire::Reader::new(&bytes)).unwrap();
        prop_assert!(read.to_bytes() == bytes);
    }
}
