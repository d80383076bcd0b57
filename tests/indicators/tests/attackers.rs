//! A smaller run of the attackers on the relay's process: with the defence they learn next to nothing,
//! without it everything.
#![allow(clippy::print_stdout, reason = "this one tells what it measured")]

use vestibule_indicators::attack::{Attacker, Results, run};
use vestibule_indicators::boundary;
use vestibule_indicators::errors::Errors;
use vestibule_indicators::fleet::{Defence, Fleet};
use vestibule_indicators::question::{QUESTIONS, told};
use vestibule_indicators::statistics::Verdicts;

/// What the default budget allows, and how often chance may be blamed for more: 4 deviations come up in
/// one of 30,000 runs. Of the pooled questions there are so many that twice the budget would show.
const ADVANTAGE_MAX: f64 = 0.125;
const DEVIATIONS_MAX: f64 = 4.0;
/// Chance is no excuse for a worse fit.
const MISFIT_MAX: f64 = 4.0;
const SERVICES: usize = 250;
const SERVICES_WITHOUT_NOISE: usize = 32;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_noise_every_attacker_knows() {
    let fleet = Fleet::new(SERVICES_WITHOUT_NOISE, Defence::Off);
    // Somebody waits for more than a minute: the relay's process has the machine's clock.
    let (seen, padded) = boundary::attack(&fleet, true).await;
    let every = (SERVICES_WITHOUT_NOISE, SERVICES_WITHOUT_NOISE);
    assert_eq!(seen.found(), every, "the sums of every service are found in the memory");
    assert_eq!(seen.file_changes, 0, "the file is written when the relay stops, and not before");
    let results = seen.judge(&fleet.members, true);
    for attacker in Attacker::ALL {
        for question in told() {
            let advantage = results.of(attacker, &question).advantage();
            assert!(advantage > 0.9, "{attacker:?}, {}: {advantage}", question.name);
        }
    }
    assert!(padded.advantage() > 0.9, "who pads counts reads the report");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_noise_no_attacker_does() {
    let fleet = Fleet::new(SERVICES, Defence::Default);
    let (seen, padded) = boundary::attack(&fleet, true).await;
    let (found_before, found) = seen.found();
    assert!(found_before.min(found) == SERVICES, "the attack does find the sums");
    assert_eq!(seen.file_changes, 0);
    let mut errors = Errors::default();
    errors.add(&seen.gained(&fleet.members));
    let mut results = seen.judge(&fleet.members, true);
    // Once more, with a file that has something in it.
    let seen = run(&fleet, false, async |_, _| {}).await;
    assert_eq!(seen.found(), (SERVICES, SERVICES), "and tells them from what was in the file");
    errors.add(&seen.gained(&fleet.members));
    results.merge(&seen.judge(&fleet.members, false));

    check(&results);
    judge("pads", &padded);
    let (one, many) = errors.misfits();
    println!("misfits {one:+.1} {many:+.1} of {:?}", errors.count());
    assert!(one < MISFIT_MAX && many < MISFIT_MAX);
}

fn check(results: &Results) {
    for attacker in Attacker::ALL {
        let pooled = results.pooled(attacker);
        if attacker == Attacker::TwoMemoryImages {
            assert!(pooled.advantage() > 0.9, "nothing is promised against two images");
            continue;
        }
        for question in told() {
            judge(question.name, &results.of(attacker, &question));
        }
        judge(&format!("{attacker:?}, all questions"), &pooled);
        // One who hears nothing would pass as well: these hear as much as the noise lets them.
        let least = QUESTIONS.map(|question| question.advantage(attacker.draws()));
        let least = least.into_iter().fold(1.0, f64::min);
        assert!(pooled.advantage() > least - DEVIATIONS_MAX * pooled.standard_error());
    }
}

fn judge(what: &str, verdicts: &Verdicts) {
    let (advantage, error) = (verdicts.advantage(), verdicts.standard_error());
    println!("{what}: {advantage:.3} ± {error:.3}");
    assert!(advantage < ADVANTAGE_MAX + DEVIATIONS_MAX * error, "{what}: {advantage:.3}");
}
