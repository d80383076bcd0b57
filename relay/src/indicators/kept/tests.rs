use vestibule_wire::{AuthorityKey, CELLS, Timestamp};

use super::{Kept, PERIODS_MAX};
use crate::indicators::batch::Released;
use crate::indicators::noise::{Budget, EpsilonMillionths};
use crate::indicators::period::PeriodKind;

const EVER: (Timestamp, Timestamp) = (Timestamp(0), Timestamp(u32::MAX));
const WEEK_SECONDS: u32 = 7 * 86_400;

fn authority(byte: u8) -> AuthorityKey {
    AuthorityKey::from_bytes([byte; 32])
}

fn released(week: u32, budget: Budget) -> Released {
    let span = PeriodKind::Week.span_of(Timestamp(1_795_000_000 + week * WEEK_SECONDS));
    Released { span, budget, covered_minutes: 6_000, sums: Box::new([1; CELLS]) }
}

fn epsilon(millionths: u32) -> Budget {
    Budget::Epsilon(EpsilonMillionths::new(millionths).unwrap())
}

#[test]
fn batches_of_a_period_are_added_up_and_their_noise_is_noted() {
    let mut kept = Kept::default();
    for budget in [Budget::Exact, epsilon(250_000), epsilon(250_000), epsilon(500_000)] {
        kept.add(authority(1), &released(0, budget));
    }
    let periods = kept.periods(authority(1), EVER);
    let noises: Vec<(u32, u16)> =
        periods[0].noises.iter().map(|noise| (noise.epsilon_millionths, noise.batches)).collect();
    assert_eq!(noises, [(0, 1), (250_000, 2), (500_000, 1), (0, 0)]);
    assert!(periods[0].sums.iter().all(|sum| *sum == 4));
    assert_eq!(periods[0].covered_minutes, 7 * 24 * 60, "no more than there is");
    assert!(kept.periods(authority(2), EVER).is_empty());
}

#[test]
fn a_fifth_budget_is_told_as_the_one_with_the_least_noise() {
    let mut kept = Kept::default();
    for millionths in [100_000, 200_000, 900_000, 400_000, 50_000] {
        kept.add(authority(1), &released(0, epsilon(millionths)));
    }
    let noises = kept.periods(authority(1), EVER)[0].noises;
    assert_eq!((noises[2].epsilon_millionths, noises[2].batches), (900_000, 2));
}

#[test]
fn the_oldest_periods_go_and_those_asked_for_are_told_in_their_order() {
    let mut kept = Kept::default();
    for week in 0..130 {
        kept.add(authority(1), &released(week, Budget::Exact));
    }
    let periods = kept.periods(authority(1), EVER);
    assert_eq!(periods.len(), PERIODS_MAX);
    assert!(periods.is_sorted_by_key(|period| period.start));
    let [first, second, ..] = &periods[..] else { panic!("there are periods") };
    let one = kept.periods(authority(1), (first.start, second.start));
    assert_eq!(one.len(), 1);
    assert!(one[0] == *first);
}
