use std::time::Duration;

use proptest::prelude::*;
use vestibule_wire::{AuthorityKey, Cell, Epoch, LinkKind, Role, Slip, Sums, Table, Timestamp};

use super::super::kept::Kept;
use super::super::period::{Date, PeriodKind};
use super::{Book, Budget, Counting, EndedRequest, Moment, RequestEnd, Waiting};
use crate::indicators::random;

const MONDAY: &str = "2026-11-30";
const HOUR: u32 = 3_600;
const DAY: u32 = 86_400;
const FLUSH_WITHIN: Duration = Duration::from_hours(12);

fn monday() -> Timestamp {
    Date::parse(MONDAY).unwrap().start()
}

/// A book that counts exactly, and a clock and a watch that a test sets.
struct TestBook {
    book: Book,
    now: Moment,
}

impl TestBook {
    fn new(start: Timestamp) -> Self {
        let counting = Counting { budget: Budget::Exact, utc_offset_hours: 2 };
        let bounds = (FLUSH_WITHIN, 16);
        let book = Book::new(counting, PeriodKind::Week, bounds, start, &mut random());
        Self { book, now: Moment { clock: start, watch: Duration::ZERO } }
    }

    fn pass(&mut self, seconds: u32) {
        self.now.clock = self.now.clock.plus_seconds(seconds);
        self.now.watch += Duration::from_secs(seconds.into());
        self.book.pass(self.now, &mut random());
    }

    /// Somebody sets the clock.
    fn set(&mut self, clock: Timestamp) {
        self.now.clock = clock;
        self.book.pass(self.now, &mut random());
    }

    fn count(&mut self, kind: LinkKind, end: RequestEnd, waited_seconds: u32) {
        let came = Timestamp(self.now.clock.0 - waited_seconds);
        let request = EndedRequest { kind, end, came, waited_seconds };
        self.book.count_request(&request, self.now, &mut random());
    }

    fn hand_in(&mut self, id: u8, counts: &[u16]) {
        let authority = AuthorityKey::from_bytes([1; 32]);
        let table = Table::named("result").unwrap();
        let slip = Slip::new(authority, (Epoch(1), 0), [id; 16], table, counts);
        self.book.count_slip(&slip, self.now, &mut random());
    }

    fn sums(&mut self) -> Box<Sums> {
        let mut sums = Box::new([0; vestibule_wire::CELLS]);
        self.book.finish(self.now, &mut random());
        for Waiting { released, .. } in &self.book.waiting {
            for (sum, count) in sums.iter_mut().zip(released.sums.iter()) {
                *sum += count;
            }
        }
        sums
    }
}

/// The cells that are not nought, by their names.
fn told(sums: &Sums) -> Vec<String> {
    let cells = vestibule_wire::CATALOGUE.iter().flat_map(Table::cells);
    let cells = cells.filter(|cell| cell.sum(sums) != 0);
    let name = |cell: Cell| {
        let (table, place) = cell.table();
        format!("{} {} {}", table.name, table.label(place).unwrap(), cell.sum(sums))
    };
    cells.map(name).collect()
}

#[test]
fn a_request_adds_one_to_one_cell_of_each_of_its_tables() {
    let answered = RequestEnd::Answered(Some(Role::Doctor));
    for (kind, end, waited_seconds, expected) in [
        (
            LinkKind::OneTime,
            answered,
            59,
            &[
                "request one_time 1",
                "request_end answered 1",
                "request_time night 1",
                "wait under_1 1",
                "adviser doctor 1",
            ][..],
        ),
        (
            LinkKind::Door,
            RequestEnd::Answered(None),
            60,
            &["request door 1", "request_end answered 1", "request_time night 1", "wait 1_to_5 1"],
        ),
        (
            LinkKind::Door,
            RequestEnd::Left,
            300,
            &[
                "request door 1",
                "request_end left 1",
                "request_time night 1",
                "wait_in_vain 5_to_15 1",
            ],
        ),
        (
            LinkKind::OneTime,
            RequestEnd::LeftNobodyOnDuty,
            10 * 3_600,
            &[
                "request one_time 1",
                "request_end left_nobody_on_duty 1",
                "request_time afternoon 1",
                "wait_in_vain over_15 1",
            ],
        ),
        (
            LinkKind::OneTime,
            RequestEnd::Refused,
            0,
            &["request one_time 1", "request_end refused 1", "request_time night 1"],
        ),
    ] {
        // Two in the night where the service is.
        let mut book = TestBook::new(monday());
        book.count(kind, end, waited_seconds);
        assert_eq!(told(&book.sums()), expected, "{end:?}");
    }
}

#[test]
fn hours_with_somebody_on_duty_are_counted_by_the_part_of_the_day() {
    let mut book = TestBook::new(monday());
    book.book.staff(true, book.now, &mut random());
    // From 2 to 9 there: four hours of the night, three of the morning.
    book.pass(7 * HOUR);
    book.book.staff(false, book.now, &mut random());
    book.pass(5 * HOUR);
    assert_eq!(told(&book.sums()), ["staffed night 4", "staffed morning 3"]);
}

#[test]
fn minutes_with_somebody_on_duty_become_hours_in_the_next_batch() {
    let mut book = TestBook::new(monday());
    book.pass(7 * DAY - HOUR / 2);
    book.book.staff(true, book.now, &mut random());
    book.pass(HOUR);
    assert_eq!(book.book.waiting.len(), 1);
    assert_eq!(told(&book.book.waiting[0].released.sums), [] as [String; 0]);
    assert_eq!(told(&book.sums()), ["staffed night 1"]);
}

#[test]
fn a_slip_counts_once() {
    let mut book = TestBook::new(monday());
    for id in [1, 2, 1, 2, 3] {
        book.hand_in(id, &[1, 0, 10]);
    }
    assert_eq!(told(&book.sums()), ["result solved 3", "result not_solved 30"]);
}

#[test]
fn a_batch_is_due_at_some_moment_within_twelve_hours_of_its_period_s_end() {
    let mut delays = Vec::new();
    for _ in 0..200 {
        let mut book = TestBook::new(monday());
        book.count(LinkKind::Door, RequestEnd::Left, 0);
        book.pass(7 * DAY - 1);
        assert!(book.book.waiting.is_empty());
        book.pass(61);
        let end = monday().plus_seconds(7 * DAY);
        let [waiting] = &book.book.waiting[..] else { panic!("one batch waits") };
        let delay = waiting.due_at.0 - end.0;
        assert!(delay < 12 * HOUR);
        delays.push(delay);
        assert_eq!(waiting.released.covered_minutes, 7 * 24 * 60);
        book.pass(delay.saturating_sub(61));
        assert_eq!(book.book.due(book.now, false).len(), usize::from(delay <= 60));
        book.pass(61);
        let due = book.book.due(book.now, false);
        assert_eq!(due.len(), 1);
        book.book.forget(due[0].0);
        assert!(book.book.due(book.now, true).is_empty());
    }
    // 200 moments that fall into one half of the time come once in 2 to the 199th.
    assert!(delays.iter().any(|delay| *delay < 6 * HOUR));
    assert!(delays.iter().any(|delay| *delay >= 6 * HOUR));
}

#[test]
fn a_batch_that_waits_is_due_in_the_end_whatever_the_clock_shows() {
    let mut book = TestBook::new(monday());
    book.pass(7 * DAY);
    book.set(monday());
    book.pass(0);
    book.now.watch += FLUSH_WITHIN;
    assert!(!book.book.due(book.now, false).is_empty());
}

#[test]
fn a_clock_that_is_set_back_a_little_goes_on_in_its_period() {
    let mut book = TestBook::new(monday().plus_seconds(60));
    book.set(Timestamp(monday().0 - 6 * HOUR));
    assert!(book.book.waiting.is_empty());
    book.set(Timestamp(monday().0 - 13 * HOUR));
    assert_eq!(book.book.waiting.len(), 1);
}

proptest! {
    /// Whoever sets the clock to whatever: everything is counted, nothing twice, and no period is said to
    /// be covered longer than it is.
    #[test]
    fn no_clock_loses_or_doubles(clocks in prop::collection::vec(0..60_u32, 1..40)) {
        let mut book = TestBook::new(monday());
        let mut kept = Kept::default();
        let authority = AuthorityKey::from_bytes([1; 32]);
        for day in &clocks {
            book.set(monday().plus_seconds(day * DAY));
            book.count(LinkKind::Door, RequestEnd::Refused, 0);
            for (number, released) in book.book.due(book.now, false) {
                kept.add(authority, &released);
                book.book.forget(number);
            }
        }
        book.book.finish(book.now, &mut random());
        for (_, released) in book.book.due(book.now, true) {
            kept.add(authority, &released);
        }
        let periods = kept.periods(authority, (Timestamp(0), Timestamp(u32::MAX)));
        let door = Cell::of("request", "door");
        let sum: i32 = periods.iter().map(|period| door.sum(&period.sums)).sum();
        prop_assert_eq!(usize::try_from(sum).unwrap(), clocks.len());
        for period in &periods {
            prop_assert!(period.covered_minutes <= 7 * 24 * 60);
        }
    }
}
