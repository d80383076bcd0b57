//! Made-up periods.

use vestibule_wire::{
    AuthorityKey, CELLS, CardTexts, NOISES_MAX, Noise, Period, Sums, Timestamp,
};

use super::Report;

/// Monday, 2026-11-02.
pub(crate) const MONDAY: Timestamp = Timestamp(1_793_577_600);
const WEEK_SECONDS: u32 = 604_800;

/// A whole week with nothing in it, so many weeks after the first.
pub(crate) fn period(week: u32, noise: &[(u32, u16)]) -> Period {
    let start = MONDAY.plus_seconds(week * WEEK_SECONDS);
    let mut noises = [Noise::default(); NOISES_MAX];
    for (place, (epsilon_millionths, batches)) in noises.iter_mut().zip(noise) {
        *place = Noise { epsilon_millionths: *epsilon_millionths, batches: *batches };
    }
    Period {
        start,
        end: start.plus_seconds(WEEK_SECONDS),
        covered_minutes: WEEK_SECONDS / 60,
        noises,
        sums: sums(),
    }
}

fn sums() -> Box<Sums> {
    Box::new([0; CELLS])
}

/// A report on these periods.
pub(crate) fn report(periods: Vec<Period>) -> Report {
    let until = periods.iter().map(|period| period.end).max().unwrap_or(MONDAY);
    Report {
        authority: AuthorityKey::from_bytes([7; 32]),
        service: CardTexts {
            en: "Open Door".to_owned(),
            ru: "Открытая дверь".to_owned(),
            uk: "Відчинені двері".to_owned(),
            ar: "الباب المفتوح".to_owned(),
        },
        from: MONDAY,
        until,
        periods,
    }
}
