//! People who compare their words find out whether somebody stands between them.

use super::world::{NOW, World, counted};
use crate::consultation_keys::ConsultationKeys;
use crate::{Authority, SafetyPhrase, Session};

fn words(session: &Session) -> [u8; 8] {
    *session.safety_phrase().places()
}

#[test]
fn both_ends_have_the_same_words_and_each_handshake_others() {
    let world = World::new();
    let (client, worker) = world.converse();
    assert_eq!(words(&client), words(&worker));

    // Somebody with the worker's own key and the link, who answers in the worker's place and talks
    // with the worker in the client's: two handshakes, and all that is theirs to choose is randomness.
    let (awaiting, opening) = world.open(&counted(0x61, 96));
    let between = world.receive(&opening, &counted(0x92, 64)).unwrap();
    let (_, answer) = between.answer(&world.certificate).unwrap();
    let (deceived, _) = awaiting.finish(&answer, NOW).unwrap();
    assert_ne!(words(&deceived), words(&worker));
}

#[test]
fn words_belong_to_keys_and_to_an_authority() {
    let phrase = |export: u8, seed: u8| {
        let keys = ConsultationKeys { client: [1; 32], worker: [2; 32], export: [export; 32] };
        *SafetyPhrase::of(&keys, &Authority::from_seeds(&[seed; 64]).public()).places()
    };
    assert_eq!(phrase(3, 4), phrase(3, 4));
    assert_ne!(phrase(3, 4), phrase(4, 4));
    assert_ne!(phrase(3, 4), phrase(3, 5));
}

#[test]
fn every_word_of_the_list_can_come_at_every_place() {
    let authority = Authority::from_seeds(&[4; 64]).public();
    let mut seen = [[false; 64]; 8];
    for n in 0_u32..2_000 {
        let mut export = [0; 32];
        export[..4].copy_from_slice(&n.to_be_bytes());
        let keys = ConsultationKeys { client: [1; 32], worker: [2; 32], export };
        let phrase = SafetyPhrase::of(&keys, &authority);
        for (place, word) in phrase.places().iter().enumerate() {
            seen[place][usize::from(*word)] = true;
        }
    }
    assert!(seen.iter().flatten().all(|seen| *seen));
}
