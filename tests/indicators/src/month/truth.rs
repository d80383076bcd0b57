//! What really happened, cell by cell: counted from the definitions in docs/indicators.md, and by no
//! code of the relay or the console.

use std::collections::BTreeMap;

use vestibule_wire::{CELLS, Cell, Sums, Table, Timestamp};

const WEEK_SECONDS: u32 = 604_800;
const HOUR_SECONDS: u32 = 3_600;
const DAY_SECONDS: u32 = 86_400;
/// 1970-01-01 was a Thursday.
const MONDAY_SECONDS: u32 = 345_600;
const DAY_PARTS: [&str; 4] = ["night", "morning", "afternoon", "evening"];

/// The sums of one service, by the first moment of their week.
#[derive(Default)]
pub struct Truth {
    weeks: BTreeMap<u32, Box<Sums>>,
    /// Seconds with somebody on duty: all of them, and those of the weeks before this one.
    staffed: BTreeMap<(u32, usize), u32>,
    staffed_since: Option<Timestamp>,
}

/// A label of a table.
pub fn cell(table: &str, label: &str) -> Cell {
    Table::named(table).and_then(|table| table.cell_named(label)).expect("of the catalogue")
}

/// The first moment of the week in which this one is.
pub fn week_of(at: Timestamp) -> Timestamp {
    Timestamp(at.0 - (at.0 - MONDAY_SECONDS) % WEEK_SECONDS)
}

/// The part of the day of a moment, at a service in Greenwich.
pub fn day_part(at: Timestamp) -> &'static str {
    DAY_PARTS[part_of(at)]
}

fn part_of(at: Timestamp) -> usize {
    (at.0 % DAY_SECONDS / (6 * HOUR_SECONDS)) as usize
}

/// The band of a wait.
pub fn wait_band(seconds: u32) -> &'static str {
    match seconds {
        0..60 => "under_1",
        60..300 => "1_to_5",
        300..900 => "5_to_15",
        _ => "over_15",
    }
}

/// The band of a consultation's length.
pub fn length_band(seconds: u32) -> &'static str {
    match seconds {
        0..300 => "under_5",
        300..900 => "5_to_15",
        900..3_600 => "15_to_60",
        _ => "over_60",
    }
}

impl Truth {
    /// One more, in the week of this moment.
    pub fn count(&mut self, cell: Cell, at: Timestamp) {
        self.week(at)[cell.index()] += 1;
    }

    /// So many more of each.
    pub fn add(&mut self, counts: &Sums, at: Timestamp) {
        self.week(at).iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
    }

    fn week(&mut self, at: Timestamp) -> &mut Sums {
        self.weeks.entry(week_of(at).0).or_insert_with(|| Box::new([0; CELLS]))
    }

    /// Somebody is on duty from this moment on.
    pub fn staffed_from(&mut self, at: Timestamp) {
        self.staffed_since.get_or_insert(at);
    }

    /// Nobody is.
    pub fn unstaffed_from(&mut self, at: Timestamp) {
        let Some(mut from) = self.staffed_since.take() else { return };
        while from < at {
            let part = part_of(from);
            let next = from.0 - from.0 % (6 * HOUR_SECONDS) + 6 * HOUR_SECONDS;
            let until = next.min(at.0);
            *self.staffed.entry((week_of(from).0, part)).or_default() += until - from.0;
            from = Timestamp(until);
        }
    }

    /// Every week that is over. Of hours only whole ones are counted; the rest goes on into the next.
    pub fn weeks(&self) -> BTreeMap<u32, Box<Sums>> {
        let mut weeks = self.weeks.clone();
        for (part, name) in DAY_PARTS.into_iter().enumerate() {
            let mut rest = 0;
            for (week, sums) in &mut weeks {
                rest += self.staffed.get(&(*week, part)).copied().unwrap_or_default();
                sums[cell("staffed", name).index()] += (rest / HOUR_SECONDS) as i32;
                rest %= HOUR_SECONDS;
            }
        }
        weeks
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-30, a Monday.
    const MONDAY: Timestamp = Timestamp(1_795_996_800);

    #[test]
    fn weeks_begin_on_mondays() {
        assert_eq!(week_of(MONDAY), MONDAY);
        assert_eq!(week_of(MONDAY.plus_seconds(WEEK_SECONDS - 1)), MONDAY);
        assert_eq!(week_of(MONDAY.plus_seconds(WEEK_SECONDS)).0, MONDAY.0 + WEEK_SECONDS);
    }

    #[test]
    fn hours_are_whole_and_nothing_of_them_is_lost() {
        let mut truth = Truth::default();
        let at = |hours: u32, minutes: u32| MONDAY.plus_seconds(hours * 3_600 + minutes * 60);
        truth.count(cell("request", "door"), at(0, 0));
        truth.count(cell("request", "door"), at(7 * 24, 0));
        truth.staffed_from(at(10, 30));
        truth.unstaffed_from(at(13, 30));
        truth.staffed_from(at(7 * 24 + 11, 30));
        truth.unstaffed_from(at(7 * 24 + 12, 0));
        let weeks: Vec<_> = truth.weeks().into_values().collect();
        let of = |week: usize, part| weeks[week][cell("staffed", part).index()];
        assert_eq!((of(0, "morning"), of(0, "afternoon")), (1, 1));
        assert_eq!((of(1, "morning"), of(1, "afternoon")), (1, 0));
    }
}
