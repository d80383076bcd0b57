//! Nothing is lost, doubled or heard out of order, with real keys, sessions and pacers at both ends
//! and the worst of lines between them. Time is an argument here too: hours pass in seconds.

mod course;
mod end;
mod operations;

use course::{Conditions, Course};

/// Of both ends together.
const MESSAGES: u32 = 100_000;

/// `VESTIBULE_SEED` repeats a course.
fn seed() -> u64 {
    let given = std::env::var("VESTIBULE_SEED").ok();
    given.map_or_else(rand::random, |seed| seed.parse().expect("a seed is a number"))
}

#[test]
fn a_hundred_thousand_messages_arrive_once_and_in_order() {
    let seed = seed();
    let conditions = Conditions { messages: [MESSAGES / 2; 2], ..Conditions::default() };
    let report = Course::new(seed, conditions).run();
    println!("VESTIBULE_SEED={seed}: {report}");
    assert_eq!(report.heard, [MESSAGES / 2; 2]);
    // The line was as bad as it was meant to be.
    assert!(report.cuts > 1_000 && report.lost > 10_000 && report.doubled > 10_000, "{report}");
    assert!(report.overtaken > 10_000 && report.generations > 1_000, "{report}");
}
