//! A smaller month.

use vestibule_indicators::fleet::Defence;
use vestibule_indicators::month::{SMALL, simulate};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_exact_counting_the_report_is_the_truth() {
    let outcome = simulate(SMALL, Defence::Off, 1).await;
    println!("{} consultations, {} requests", outcome.consultations, outcome.requests);
    for (service, (weeks, periods)) in outcome.services.iter().enumerate() {
        assert_eq!(weeks.len(), periods.len());
        for ((week, truth), period) in weeks.iter().zip(periods) {
            assert_eq!(*week, period.start.0);
            for (place, (counted, happened)) in period.sums.iter().zip(&**truth).enumerate() {
                if counted != happened {
                    println!("service {service} week {week} cell {place}: {counted} {happened}");
                }
            }
            assert!(period.sums == *truth);
        }
    }
}
