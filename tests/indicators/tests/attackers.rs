//! A smaller run of the attackers: with the defence they learn next to nothing, without it everything.

use vestibule_indicators::attack::{Attacker, run};
use vestibule_indicators::fleet::{Defence, Fleet};
use vestibule_indicators::question::QUESTIONS;

#[tokio::test]
async fn without_noise_every_attacker_knows() {
    let fleet = Fleet::new(24, Defence::Off);
    let seen = run(&fleet, false, async |_, _| {}).await;
    assert_eq!(seen.found(), (24, 24), "the sums of every service are found in the memory");
    assert_eq!(seen.file_changes, 0);
    let results = seen.judge(&fleet.members, false);
    for attacker in Attacker::ALL {
        for question in QUESTIONS {
            let verdicts = results.of(attacker, &question);
            println!("{attacker:?} {} {:?}", question.name, verdicts);
            if verdicts.count() > 0 {
                assert!(verdicts.advantage() > 0.9, "{attacker:?} {}", question.name);
            }
        }
    }
}

#[tokio::test]
async fn with_noise_no_attacker_does() {
    let fleet = Fleet::new(200, Defence::Default);
    for _ in 0..2 {
        let seen = run(&fleet, false, async |_, _| {}).await;
        assert_eq!(seen.found(), (200, 200));
        let results = seen.judge(&fleet.members, false);
        for attacker in Attacker::ALL {
            for question in QUESTIONS {
                let verdicts = results.of(attacker, &question);
                println!("{attacker:?} {} {:.3} ± {:.3}", question.name, verdicts.advantage(), verdicts.standard_error());
            }
        }
    }
}
