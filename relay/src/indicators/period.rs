//! Weeks and months in UTC, and parts of the day at a service's clock. Pure arithmetic.

use vestibule_wire::Timestamp;

const DAY_SECONDS: u32 = 86_400;
const HOUR_SECONDS: u32 = 3_600;
const WEEK_DAYS: u32 = 7;
/// 1970 began on a Thursday, three days after a Monday.
const DAYS_FROM_MONDAY: u32 = 3;
/// Hours of a part of the day: night from 0, morning from 6, afternoon from 12, evening from 18.
const PART_HOURS: u32 = 6;
/// Parts of a day.
pub(crate) const DAY_PARTS: usize = 4;

/// How long a service's counts are added up before they are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PeriodKind {
    /// From Monday.
    #[default]
    Week,
    /// A calendar month.
    Month,
}

/// One period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    /// Its first second.
    pub(crate) start: Timestamp,
    /// The second after its last.
    pub(crate) end: Timestamp,
}

impl PeriodKind {
    /// The period that a moment lies in. The last one ends with time as the protocol writes it.
    pub(crate) fn span_of(self, moment: Timestamp) -> Span {
        let day = moment.0 / DAY_SECONDS;
        match self {
            Self::Week => {
                // The first days of 1970 belong to a week that began before time did.
                let start = day.saturating_sub((day + DAYS_FROM_MONDAY) % WEEK_DAYS);
                let next = day + WEEK_DAYS - (day + DAYS_FROM_MONDAY) % WEEK_DAYS;
                Span { start: day_start(start), end: day_start(next) }
            }
            Self::Month => {
                let date = Date::of(moment);
                let (next_year, next_month) =
                    if date.month == 12 { (date.year + 1, 1) } else { (date.year, date.month + 1) };
                let first = |year, month| Date { year, month, day: 1 }.start();
                Span { start: first(date.year, date.month), end: first(next_year, next_month) }
            }
        }
    }
}

fn day_start(day: u32) -> Timestamp {
    Timestamp(day.saturating_mul(DAY_SECONDS))
}

/// A day in UTC, as files name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Date {
    year: u32,
    month: u32,
    day: u32,
}

impl Date {
    /// The day that a moment lies in. After Howard Hinnant, "chrono-compatible low-level date algorithms",
    /// `civil_from_days`: years begin in March, so that the leap day is the last.
    pub(crate) fn of(moment: Timestamp) -> Self {
        let days = moment.0 / DAY_SECONDS + DAYS_BEFORE_1970;
        let era = days / ERA_DAYS;
        let day_of_era = days % ERA_DAYS;
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * from_march + 2) / 5 + 1;
        let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
        let year = year_of_era + era * 400 + u32::from(month <= 2);
        Self { year, month, day }
    }

    /// Its first second; the last moment for a day after the end of time.
    pub(crate) fn start(self) -> Timestamp {
        let year = self.year - u32::from(self.month <= 2);
        let (era, year_of_era) = (year / 400, year % 400);
        let from_march = if self.month > 2 { self.month - 3 } else { self.month + 9 };
        let day_of_year = (153 * from_march + 2) / 5 + self.day - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        day_start((era * ERA_DAYS + day_of_era).saturating_sub(DAYS_BEFORE_1970))
    }

    /// Reads `2026-11-30`, and nothing but a day that exists.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '-').map(|part| part.parse::<u32>().ok());
        let date = Self { year: parts.next()??, month: parts.next()??, day: parts.next()?? };
        let exists = (1_970..=2_106).contains(&date.year)
            && (1..=12).contains(&date.month)
            && (1..=31).contains(&date.day);
        // A day that was written another way, or does not exist, comes back as another text.
        (exists && Self::of(date.start()).to_string() == text).then_some(date)
    }
}

impl std::fmt::Display for Date {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// From March of the year 0 to 1970.
const DAYS_BEFORE_1970: u32 = 719_468;
const ERA_DAYS: u32 = 146_097;

/// Which part of the day it is where the service is, and the second in which the next one begins.
pub(crate) fn day_part(moment: Timestamp, utc_offset_hours: i8) -> (usize, Timestamp) {
    let offset = i64::from(utc_offset_hours) * i64::from(HOUR_SECONDS);
    let there = i64::from(moment.0) + offset;
    let of_day = there.rem_euclid(i64::from(DAY_SECONDS));
    let part_seconds = i64::from(PART_HOURS * HOUR_SECONDS);
    let next = i64::from(moment.0) + part_seconds - of_day % part_seconds;
    let part = usize::try_from(of_day / part_seconds).unwrap_or_default();
    (part, Timestamp(u32::try_from(next).unwrap_or(u32::MAX)))
}

#[cfg(test)]
mod tests;
