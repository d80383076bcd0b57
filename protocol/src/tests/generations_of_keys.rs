//! Generations of epoch keys, and the wish in a return link (sections 2 and 3).

use vestibule_wire::{Alias, Epoch, EpochStatement, Expiry, LinkKind, TokenError};

use super::fixed_random::FixedRandom;
use super::world::{NOW, World, authority_seeds, counted};
use crate::{AUTHORITY_SECRETS_LEN, Authority, Channel, EpochKeys, GENERATIONS_KEPT_MAX, Link};

fn rotated(authority: &mut Authority, times: u8) {
    for seed in 0..times {
        authority.rotate(&mut FixedRandom::new(&[seed; 32])).unwrap();
    }
}

fn issue(keys: &EpochKeys, authority: &Authority) -> Link {
    let mut random = FixedRandom::new(&counted(0x41, 16));
    let expiry = Expiry::from_minutes(10_080).unwrap();
    keys.issue_link(authority.public(), expiry, Channel::Forum, &mut random)
}

fn statement(authority: &Authority, keys: &EpochKeys) -> EpochStatement {
    EpochStatement::verify(&authority.state_epoch(keys), &authority.public(), NOW).unwrap()
}

#[test]
fn a_generation_s_links_are_its_own() {
    let mut authority = Authority::from_seeds(&authority_seeds());
    let epoch = Epoch::current(NOW);
    let old = authority.newest_epoch_keys(epoch);
    assert_eq!(authority.rotate(&mut FixedRandom::new(&[9; 32])), Some(1));
    let new = authority.newest_epoch_keys(epoch);
    assert_eq!((old.generation(), new.generation()), (0, 1));
    let [of_old, of_new] = [&old, &new].map(|keys| statement(&authority, keys));
    assert_eq!((of_old.generation, of_new.generation), (0, 1));
    let link = issue(&old, &authority);
    assert_eq!(link.token().verify(&of_old, NOW), Ok(()));
    assert_eq!(link.token().verify(&of_new, NOW), Err(TokenError::WrongSignature));
    assert!(new.psk(link.name()) != *link.psk(), "who has the new keys alone cannot answer it");
    let again = authority.epoch_keys(epoch, 0).unwrap();
    assert!(again.psk(link.name()) == *link.psk(), "the old root is still there");
}

#[test]
fn the_statement_binds_the_generation() {
    let world = World::new();
    let mut signed = world.authority.state_epoch(&world.epoch_keys);
    signed[3] = 1;
    assert!(EpochStatement::verify(&signed, &world.authority.public(), NOW).is_err());
}

#[test]
fn the_door_secret_outlives_every_generation() {
    let mut authority = Authority::from_seeds(&authority_seeds());
    let door = authority.door_secret().clone();
    rotated(&mut authority, 20);
    assert!(*authority.door_secret() == door);
}

#[test]
fn the_eight_newest_generations_are_kept_and_256_are_the_last() {
    let mut authority = Authority::from_seeds(&authority_seeds());
    let epoch = Epoch::current(NOW);
    rotated(&mut authority, 255);
    assert_eq!(authority.newest_generation(), 255);
    assert_eq!(authority.rotate(&mut FixedRandom::new(&[1; 32])), None);
    let known = |generation| authority.epoch_keys(epoch, generation).is_some();
    let kept = (0..=255).filter(|generation| known(*generation));
    assert_eq!(kept.count(), GENERATIONS_KEPT_MAX);
    assert!(known(248) && !known(247));
    let fresh = Authority::from_seeds(&authority_seeds());
    assert!(fresh.epoch_keys(epoch, 1).is_none(), "not yet made");
}

#[test]
fn an_authority_survives_its_bytes() {
    for times in [0, 1, 7, 8, 20] {
        let mut authority = Authority::from_seeds(&authority_seeds());
        rotated(&mut authority, times);
        let secrets = authority.secrets();
        let read = Authority::from_secrets(&secrets).unwrap();
        assert!(*read.secrets() == *secrets && read.public() == authority.public());
        let epoch = Epoch::current(NOW);
        for generation in 0..=times {
            let [before, after] = [&authority, &read]
                .map(|each| each.epoch_keys(epoch, generation).map(|keys| keys.secrets()));
            assert!(before == after, "{times} generations, {generation}");
        }
    }
}

#[test]
fn bytes_that_are_no_authority_s_are_refused() {
    let secrets = World::new().authority.secrets();
    let with = |newest: u8, kept: u8| {
        let mut bytes: [u8; AUTHORITY_SECRETS_LEN] = *secrets;
        (bytes[64], bytes[65]) = (newest, kept);
        Authority::from_secrets(&bytes).is_ok()
    };
    assert!(with(0, 1) && with(7, 8) && with(255, 8));
    assert!(!with(0, 0) && !with(0, 2) && !with(7, 9) && !with(255, 255));
}

#[test]
fn a_return_link_says_to_the_service_alone_whom_it_wishes_for() {
    let world = World::new();
    let [own, other] = ["Оля", "Ali"].map(|name| Alias::new(name).unwrap());
    let expiry = Expiry::from_minutes(10_080).unwrap();
    let issue = |wish| {
        let mut random = FixedRandom::new(&counted(0xa1, 16));
        world.epoch_keys.issue_return_link(world.authority.public(), expiry, wish, &mut random)
    };
    let (wished, open) = (issue(Some(&own)), issue(None));
    for link in [&wished, &open] {
        assert!(link.channel() == Channel::Return && link.name().kind() == LinkKind::OneTime);
        let statement = statement(&world.authority, &world.epoch_keys);
        assert_eq!(link.token().verify(&statement, NOW), Ok(()));
        assert!(*link.psk() == world.epoch_keys.psk(link.name()));
    }
    assert!(world.epoch_keys.wishes_for(wished.name(), &own));
    assert!(!world.epoch_keys.wishes_for(wished.name(), &other));
    assert!(!world.epoch_keys.wishes_for(open.name(), &own));
    // Somebody else's keys, of another generation, of another epoch.
    let strangers = EpochKeys::from_secrets(world.epoch_keys.epoch(), 0, &[5; 64]);
    assert!(!strangers.wishes_for(wished.name(), &own));
    let next = world.authority.newest_epoch_keys(Epoch(world.epoch_keys.epoch().0 + 1));
    assert!(!next.wishes_for(wished.name(), &own));
}

#[test]
fn two_links_with_one_wish_have_nothing_in_common() {
    let world = World::new();
    let own = Alias::new("Оля").unwrap();
    let expiry = Expiry::from_minutes(10_080).unwrap();
    let issue = |seed| {
        let mut random = FixedRandom::new(&counted(seed, 16));
        let authority = world.authority.public();
        world.epoch_keys.issue_return_link(authority, expiry, Some(&own), &mut random)
    };
    let (one, another) = (issue(0x11).name().id.0, issue(0x99).name().id.0);
    assert!(one.iter().zip(another).filter(|(here, there)| **here == *there).count() < 4);
}
