//! A year of few services.
#![allow(clippy::print_stdout, reason = "this one tells what it measured")]

use vestibule_indicators::fleet::Defence;
use vestibule_indicators::statistics::Verdicts;
use vestibule_indicators::year::{Year, attack};

/// What the default budget allows, and how often chance may be blamed for more.
const ADVANTAGE_MAX: f64 = 0.125;
const DEVIATIONS_MAX: f64 = 4.0;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_tables_of_a_year_tell_next_to_nothing_about_one_week() {
    let Year { one_week, every_week } = attack(2, Defence::Off).await;
    for (question, verdicts) in one_week {
        assert!(verdicts.advantage() > 0.9, "{}", question.name);
    }
    println!("every week, exact: {:.2}", every_week.advantage());
    let Year { one_week, every_week } = attack(14, Defence::Default).await;
    let mut all = Verdicts::default();
    for (question, verdicts) in one_week {
        let (advantage, error) = (verdicts.advantage(), verdicts.standard_error());
        println!("{}: {advantage:.3} ± {error:.3}", question.name);
        assert!(advantage < ADVANTAGE_MAX + DEVIATIONS_MAX * error, "{}", question.name);
        all.merge(&verdicts);
    }
    assert!(all.advantage() < ADVANTAGE_MAX + DEVIATIONS_MAX * all.standard_error());
    println!("every week: {:.2} ± {:.2}", every_week.advantage(), every_week.standard_error());
}
