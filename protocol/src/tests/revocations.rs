//! What a service no longer believes (section 2).

use ed25519_dalek::SigningKey;
use proptest::prelude::*;
use vestibule_wire::{
    LinkId, REVOCATIONS_LEN, REVOKED_DOORS_MAX, REVOKED_KEYS_MAX, Revocations, RevocationsError,
    UnsignedRevocations,
};

use super::world::{World, authority_seeds};
use crate::Authority;
use crate::authority::sign;

const SIGNED_LEN: usize = REVOCATIONS_LEN - 64;
const KEY_COUNT: usize = 6;
const KEYS: usize = 8;
const DOOR_COUNT: usize = KEYS + 512 * 8;
const DOORS: usize = DOOR_COUNT + 1;

fn list(keys: usize, doors: usize) -> UnsignedRevocations {
    let key =
        |index: usize| [u8::try_from(index / 256).unwrap(), u8::try_from(index % 256).unwrap()];
    UnsignedRevocations {
        number: 3,
        lowest_generation: 2,
        keys: (0..keys).map(|index| key(index).repeat(16).try_into().unwrap()).collect(),
        doors: (0..doors).map(|index| LinkId([u8::try_from(index).unwrap(); 16])).collect(),
    }
}

fn verify(bytes: &[u8; REVOCATIONS_LEN]) -> Result<Revocations, RevocationsError> {
    Revocations::verify(bytes, &World::new().authority.public())
}

/// A list that a careless coordinator's program signed.
fn signed_after(change: impl FnOnce(&mut [u8])) -> Option<RevocationsError> {
    let mut bytes = *World::new().authority.revoke(&list(3, 2)).unwrap();
    let (signed, signature) = bytes.split_at_mut(SIGNED_LEN);
    change(signed);
    let key = SigningKey::from_bytes(authority_seeds()[..32].try_into().unwrap());
    signature.copy_from_slice(&sign(&key, UnsignedRevocations::LABEL, signed));
    verify(&bytes).err()
}

#[test]
fn a_list_says_what_is_revoked_and_nothing_else_is() {
    let world = World::new();
    let read = verify(&world.revocations()).unwrap();
    assert_eq!((read.number(), read.lowest_generation()), (7, 1));
    assert!(read.revokes_key(&world.shift.public()) && read.revokes_key(&[9; 32]));
    assert!(!read.revokes_key(&[8; 32]));
    let door = world.door().name().id;
    assert!(read.revokes_door(&door) && !read.revokes_door(&LinkId([0; 16])));
    assert!(!read.revokes_door(&world.link.name().id));
    assert!(*read.as_bytes() == *world.revocations());
}

#[test]
fn an_empty_list_revokes_nothing_and_a_full_one_everything_in_it() {
    let world = World::new();
    let empty = verify(&world.authority.revoke(&list(0, 0)).unwrap()).unwrap();
    assert!(!empty.revokes_key(&[0; 32]) && !empty.revokes_door(&LinkId([0; 16])));
    let full = list(REVOKED_KEYS_MAX, REVOKED_DOORS_MAX);
    let read = verify(&world.authority.revoke(&full).unwrap()).unwrap();
    assert!(full.keys.iter().all(|key| read.revokes_key(key)));
    assert!(full.doors.iter().all(|door| read.revokes_door(door)));
}

#[test]
fn a_list_takes_no_more_than_it_holds() {
    let authority = World::new().authority;
    for (keys, doors) in [(REVOKED_KEYS_MAX + 1, 0), (0, REVOKED_DOORS_MAX + 1)] {
        let refused = authority.revoke(&list(keys, doors)).err();
        assert_eq!(refused, Some(RevocationsError::TooMany));
    }
    // What is named twice takes one place.
    let mut twice = list(REVOKED_KEYS_MAX, REVOKED_DOORS_MAX);
    twice.keys.extend_from_within(..3);
    twice.doors.extend_from_within(..3);
    assert!(verify(&authority.revoke(&twice).unwrap()).is_ok());
}

#[test]
fn no_byte_can_be_changed_and_no_other_service_can_revoke() {
    let world = World::new();
    let bytes = world.revocations();
    let other = Authority::from_seeds(&[7; 64]).public();
    let refused = Revocations::verify(&bytes, &other).err();
    assert_eq!(refused, Some(RevocationsError::WrongAuthority));
    let spots = (0..40).chain((40..REVOCATIONS_LEN).step_by(61)).chain(SIGNED_LEN..REVOCATIONS_LEN);
    for position in spots {
        let mut altered = *bytes;
        altered[position] ^= 1;
        let refused = verify(&altered).err();
        assert_eq!(refused, Some(RevocationsError::WrongAuthority), "byte {position}");
    }
}

#[test]
fn a_signed_list_of_another_form_is_refused() {
    let malformed = Some(RevocationsError::Malformed);
    assert_eq!(signed_after(|_| {}), None);
    assert_eq!(signed_after(|bytes| bytes[0] = 2), malformed, "another version");
    assert_eq!(signed_after(|bytes| bytes[KEY_COUNT + 1] = 2), malformed, "a key too few");
    assert_eq!(signed_after(|bytes| bytes[KEY_COUNT + 1] = 4), malformed, "a key too many");
    assert_eq!(signed_after(|bytes| bytes[KEY_COUNT] = 0x02), malformed, "a key out of order");
    assert_eq!(
        signed_after(|bytes| bytes[KEY_COUNT] = 0xff),
        malformed,
        "more than there are places"
    );
    assert_eq!(signed_after(|bytes| bytes[DOOR_COUNT] = 17), malformed, "more doors than places");
    assert_eq!(signed_after(|bytes| bytes[DOOR_COUNT] = 1), malformed, "a door too few");
    assert_eq!(
        signed_after(|bytes| bytes[DOORS + 40] = 1),
        malformed,
        "an unused place is not empty"
    );
    let swap = |bytes: &mut [u8]| {
        let (first, rest) = bytes[KEYS..].split_at_mut(8);
        first.swap_with_slice(&mut rest[..8]);
    };
    assert_eq!(signed_after(swap), malformed, "not in order");
    let double = |bytes: &mut [u8]| bytes.copy_within(KEYS..KEYS + 8, KEYS + 8);
    assert_eq!(signed_after(double), malformed, "a key twice");
}

proptest! {
    #[test]
    fn no_bytes_make_a_reader_panic(
        bytes in prop::collection::vec(any::<u8>(), SIGNED_LEN),
        key_count in any::<u16>(),
        door_count in any::<u8>(),
    ) {
        signed_after(|signed| {
            signed.copy_from_slice(&bytes);
            signed[0] = 1;
            signed[KEY_COUNT..KEYS].copy_from_slice(&key_count.to_be_bytes());
            signed[DOOR_COUNT] = door_count;
        });
    }
}
