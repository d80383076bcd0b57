//! A smaller month, twice: counted exactly, and with the noise that a relay has unless it is told
//! otherwise. The process has one simulated clock, so the two follow each other.
#![allow(clippy::print_stdout, reason = "this one tells what it compared")]

use vestibule_indicators::fleet::Defence;
use vestibule_indicators::month::compare::{Compared, compare};
use vestibule_indicators::month::{SMALL, Size, simulate};

/// Chance is no excuse for a worse fit.
const MISFIT_MAX: f64 = 4.0;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_months_report_is_the_truth_or_as_far_from_it_as_stated() {
    let exact = simulated(SMALL, Defence::Off, 1).await;
    assert_eq!(exact.different, 0, "{:#?}", exact.differences);
    assert!(exact.consultations >= SMALL.consultations && exact.counted > 300);

    let quick = Size { days: 2, consultations: 40, ..SMALL };
    let noisy = simulated(quick, Defence::Default, 2).await;
    let (one, many) = noisy.misfit.unwrap();
    println!("misfits {one:+.1} {many:+.1} of {} sums", noisy.sums);
    assert!(one < MISFIT_MAX && many < MISFIT_MAX);
}

async fn simulated(size: Size, defence: Defence, seed: u64) -> Compared {
    let compared = compare(&simulate(size, defence, seed).await, defence);
    let Compared { consultations, requests, sums, counted, .. } = &compared;
    println!("{consultations} consultations, {requests} requests, {counted} of {sums} sums");
    compared
}
