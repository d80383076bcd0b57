//! Dates and times as people read and write them. Always UTC, and always said so.

use time::macros::format_description;
use time::{Date, Month, OffsetDateTime};
use vestibule_wire::Timestamp;

use crate::problem::Problem;

/// Seconds of a day.
pub const DAY_SECONDS: u32 = 86_400;

/// A moment as `2026-11-23 20:41 UTC`.
pub fn moment(at: Timestamp) -> String {
    OffsetDateTime::from_unix_timestamp(i64::from(at.0))
        .ok()
        .and_then(|time| {
            time.format(format_description!("[year]-[month]-[day] [hour]:[minute] UTC")).ok()
        })
        .expect("every second up to the year 2106 has a date of digits")
}

/// The day of a moment, as `2026-11-23`.
pub fn day_of(at: Timestamp) -> String {
    moment(at).split(' ').next().unwrap_or_default().to_owned()
}

/// The day of the last second before a moment: the last day of what ends then.
pub fn day_before(end: Timestamp) -> String {
    day_of(Timestamp(end.0.saturating_sub(1)))
}

/// The first second of a day written as `2026-11-23`.
///
/// # Errors
/// With a sentence, when it is not such a day.
pub fn day(text: &str) -> Result<Timestamp, Problem> {
    read_day(text).ok_or_else(|| Problem::new("day-unreadable", &[("text", text.into())]))
}

/// The first second of the day in which a moment lies.
pub fn start_of_day(at: Timestamp) -> Timestamp {
    Timestamp(at.0 - at.0 % DAY_SECONDS)
}

/// A length of time written as `3d`, `12h` or `45m`, in seconds.
///
/// # Errors
/// With a sentence, when it is not a length of time or is zero.
pub fn duration_seconds(text: &str) -> Result<u32, Problem> {
    read_duration(text).ok_or_else(|| Problem::new("duration-unreadable", &[("text", text.into())]))
}

fn read_day(text: &str) -> Option<Timestamp> {
    let digits = |part: &str, count: usize| {
        (part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit())).then_some(())
    };
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    digits(year, 4)?;
    digits(month, 2)?;
    digits(day, 2)?;
    if parts.next().is_some() {
        return None;
    }
    let month = Month::try_from(month.parse::<u8>().ok()?).ok()?;
    let date = Date::from_calendar_date(year.parse().ok()?, month, day.parse().ok()?).ok()?;
    u32::try_from(date.midnight().assume_utc().unix_timestamp()).ok().map(Timestamp)
}

fn read_duration(text: &str) -> Option<u32> {
    let unit = text.chars().last()?;
    let number = text.strip_suffix(unit)?;
    let unit_seconds = match unit {
        'd' => DAY_SECONDS,
        'h' => 3_600,
        'm' => 60,
        _ => return None,
    };
    if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    number.parse::<u32>().ok()?.checked_mul(unit_seconds).filter(|seconds| *seconds > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_read_and_written() {
        let start = day("2026-11-23").unwrap();
        assert_eq!(start, Timestamp(1_795_392_000));
        assert_eq!(moment(start), "2026-11-23 00:00 UTC");
        assert_eq!(start_of_day(start.plus_seconds(DAY_SECONDS - 1)), start);
    }

    #[test]
    fn other_days_are_refused() {
        for text in
            ["", "2026-11", "2026-11-31", "2026-13-01", "26-11-23", "2026-11-23-1", "+026-11-23"]
        {
            assert!(day(text).is_err(), "{text}");
        }
    }

    #[test]
    fn lengths_of_time_are_read() {
        assert_eq!(duration_seconds("3d").unwrap(), 259_200);
        assert_eq!(duration_seconds("12h").unwrap(), 43_200);
        assert_eq!(duration_seconds("45m").unwrap(), 2_700);
        for text in ["", "d", "3", "0d", "-1d", "+1d", "1w", "99999999d", "3д"] {
            assert!(duration_seconds(text).is_err(), "{text}");
        }
    }
}
