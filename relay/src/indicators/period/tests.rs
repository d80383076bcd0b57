use proptest::prelude::*;
use vestibule_wire::Timestamp;

use super::{DAY_SECONDS, Date, PeriodKind, day_part};

fn date(text: &str) -> Timestamp {
    Date::parse(text).unwrap().start()
}

#[test]
fn days_have_names() {
    for (seconds, name) in [
        (0, "1970-01-01"),
        (951_782_399, "2000-02-28"),
        (951_782_400, "2000-02-29"),
        (951_868_800, "2000-03-01"),
        (1_795_996_800, "2026-11-30"),
        (4_107_542_400, "2100-03-01"),
        (4_107_542_399, "2100-02-28"),
        (u32::MAX, "2106-02-07"),
    ] {
        assert_eq!(Date::of(Timestamp(seconds)).to_string(), name);
        assert_eq!(date(name).0, seconds / DAY_SECONDS * DAY_SECONDS);
    }
    for wrong in [
        "",
        "2026",
        "2026-11",
        "2026-11-31",
        "2026-2-03",
        "2025-02-29",
        "2026-13-01",
        "+2026-11-30",
        "2026-11-30 ",
        "Anna",
        "1969-12-31",
        "2107-01-01",
        "2026-11-+3",
        "99999999999-01-01",
    ] {
        assert!(Date::parse(wrong).is_none(), "{wrong}");
    }
}

#[test]
fn weeks_begin_on_monday_and_months_on_the_first() {
    let week = PeriodKind::Week.span_of(date("2026-11-30"));
    assert_eq!((week.start, week.end), (date("2026-11-30"), date("2026-12-07")));
    assert_eq!(PeriodKind::Week.span_of(Timestamp(week.end.0 - 1)), week);
    assert_ne!(PeriodKind::Week.span_of(week.end), week);
    let month = PeriodKind::Month.span_of(date("2028-02-29"));
    assert_eq!((month.start, month.end), (date("2028-02-01"), date("2028-03-01")));
    let december = PeriodKind::Month.span_of(date("2026-12-31"));
    assert_eq!((december.start, december.end), (date("2026-12-01"), date("2027-01-01")));
}

#[test]
fn parts_of_the_day_are_the_service_s() {
    let midnight = date("2026-11-30");
    for (seconds, offset, part, next) in [
        (0, 0, 0, 6),
        (6 * 3_600 - 1, 0, 0, 6),
        (6 * 3_600, 0, 1, 12),
        (0, 3, 0, 3),
        (3 * 3_600, 3, 1, 9),
        (0, -1, 3, 1),
        (23 * 3_600, 0, 3, 24),
        (22 * 3_600, 3, 0, 27),
    ] {
        let (found, then) = day_part(midnight.plus_seconds(seconds), offset);
        assert_eq!(
            (found, then),
            (part, midnight.plus_seconds(next * 3_600)),
            "{seconds} {offset}"
        );
    }
}

proptest! {
    #[test]
    fn every_moment_lies_in_its_period(seconds in any::<u32>(), month in any::<bool>()) {
        let kind = if month { PeriodKind::Month } else { PeriodKind::Week };
        let moment = Timestamp(seconds);
        let span = kind.span_of(moment);
        prop_assert!(span.start <= moment && (moment < span.end || span.end.0 == u32::MAX));
        prop_assert_eq!(kind.span_of(span.start), span);
        if span.end.0 < u32::MAX {
            prop_assert_eq!(kind.span_of(span.end).start, span.end);
        }
        prop_assert_eq!(Date::of(Date::of(moment).start()), Date::of(moment));
    }

    #[test]
    fn the_next_part_of_the_day_comes_within_six_hours(
        seconds in any::<u32>(),
        offset in -12..=14_i8,
    ) {
        let (part, next) = day_part(Timestamp(seconds), offset);
        prop_assert!(part < 4);
        let wait = next.0 - seconds;
        prop_assert!(next.0 == u32::MAX || (1..=21_600).contains(&wait));
        if next.0 < u32::MAX {
            prop_assert_eq!(day_part(next, offset).0, (part + 1) % 4);
        }
    }
}
