//! Any bytes are a sound.

use proptest::prelude::*;

use crate::voice::{VOICE_BYTES_MAX, decode};
use crate::{ViewProblem, wave};

proptest! {
    #[test]
    fn of_any_bytes_there_are_two_samples_each(bytes in prop::collection::vec(any::<u8>(), 1..4_096)) {
        let sound = decode(&bytes).unwrap();
        prop_assert_eq!(sound.len(), 4 * bytes.len());
        let half = bytes.len().div_ceil(2);
        prop_assert!(decode(&bytes[..half]).unwrap()[..] == sound[..4 * half]);
    }
}

#[test]
fn the_loudest_codes_stay_within_sixteen_bits() {
    for byte in [0x77, 0xff, 0x7f, 0xf7, 0x00, 0x88] {
        assert!(decode(&[byte; 10_000]).is_ok());
    }
}

#[test]
fn nothing_and_too_much_are_refused() {
    assert_eq!(decode(&[]).err(), Some(ViewProblem::Damaged));
    assert!(decode(&vec![0x77; VOICE_BYTES_MAX]).is_ok());
    assert_eq!(decode(&vec![0; VOICE_BYTES_MAX + 1]).err(), Some(ViewProblem::TooLarge));
}

#[test]
fn the_first_samples_are_as_the_standard_has_them() {
    // From a sample of 0 and a step of 7: its eighth and parts of it, then the step that follows.
    let samples: Vec<i16> = decode(&[0x70, 0x8f])
        .unwrap()
        .as_chunks()
        .0
        .iter()
        .copied()
        .map(i16::from_le_bytes)
        .collect();
    assert_eq!(samples, [0, 11, -19, -23]);
}

#[test]
fn a_wave_has_its_head_once() {
    let file = wave::wave(&[1, 2, 3, 4]);
    assert_eq!((file.len(), &file[40..]), (48, &[4, 0, 0, 0, 1, 2, 3, 4][..]));
}
