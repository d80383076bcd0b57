use std::time::Duration;

use vestibule_wire::LinkId;

use super::{DOORS_WATCHED_MAX, Pressure, puzzle_bits};

const DOOR: LinkId = LinkId([1; 16]);
const OTHER: LinkId = LinkId([2; 16]);

fn at(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[test]
fn the_table_of_difficulty() {
    for (pressure, bits) in [
        (0, None),
        (7, None),
        (8, Some(13)),
        (15, Some(13)),
        (16, Some(14)),
        (31, Some(14)),
        (32, Some(15)),
        (64, Some(16)),
        (128, Some(17)),
        (255, Some(17)),
        (256, Some(18)),
        (1_000_000, Some(18)),
        (usize::MAX, Some(18)),
    ] {
        let found = puzzle_bits(pressure).map(vestibule_wire::PuzzleBits::count);
        assert_eq!(found, bits, "{pressure}");
    }
}

#[test]
fn arrivals_are_forgotten_in_about_a_minute() {
    let mut pressure = Pressure::default();
    for _ in 0..64 {
        pressure.count(DOOR, at(60));
    }
    for (seconds, expected) in
        [(60, 64), (119, 64), (120, 64), (135, 48), (150, 32), (165, 16), (180, 0), (500, 0)]
    {
        assert_eq!(pressure.in_last_minute(&DOOR, at(seconds)), expected, "{seconds}");
    }
    assert_eq!(pressure.in_last_minute(&OTHER, at(60)), 0, "each door has its own");
    pressure.count(DOOR, at(150));
    assert_eq!(pressure.in_last_minute(&DOOR, at(150)), 33);
    pressure.count(DOOR, at(400));
    assert_eq!(pressure.in_last_minute(&DOOR, at(400)), 1);
}

#[test]
fn doors_are_watched_within_a_limit() {
    let mut pressure = Pressure::default();
    for _ in 0..9 {
        pressure.count(DOOR, at(0));
    }
    for number in 0..2_000_u32 {
        let id = [number.to_be_bytes(), [7; 4], [7; 4], [7; 4]].concat().try_into().unwrap();
        pressure.count(LinkId(id), at(1));
        assert!(pressure.0.len() <= DOORS_WATCHED_MAX);
    }
    assert_eq!(pressure.in_last_minute(&DOOR, at(2)), 9, "the calmest are forgotten");
    pressure.forget_calm(at(59));
    assert_eq!(pressure.0.len(), DOORS_WATCHED_MAX);
    pressure.forget_calm(at(120));
    assert_eq!(pressure.0.len(), 0);
}
