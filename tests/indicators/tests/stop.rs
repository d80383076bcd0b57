//! A relay that is stopped while slips come in: what a console hands in again, because it heard no answer,
//! is counted once.
#![allow(clippy::print_stdout, reason = "this one tells how many slips met the end of a relay")]

use std::sync::Arc;
use std::time::Duration;

use rand::RngExt as _;
use tokio::time::sleep;
use vestibule_indicators::counter::{Answer, signed_slip, try_to_hand_in};
use vestibule_indicators::fleet::{Defence, Fleet, RunningFleet};
use vestibule_indicators::traffic::each;
use vestibule_tests::service::rng;
use vestibule_tests::socket::Way;
use vestibule_tests::worker::DutyWorker;
use vestibule_wire::Cell;

const STOPS: usize = 10;
const SLIPS: usize = 150;
/// Within so long the relay is stopped: about what those slips take.
const STOP_WITHIN: Duration = Duration::from_millis(120);
const COUNTED: Cell = Cell::of("helped", "yes");

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slip_that_a_stopping_relay_did_not_answer_is_counted_once() {
    let fleet = Fleet::new(1, Defence::Off);
    let mut between = 0;
    let (mut running, mut duty) = start(&fleet).await;
    for _ in 0..STOPS {
        let slips: Vec<_> = (0..SLIPS).map(|_| Arc::new(slip(&fleet, COUNTED))).collect();
        let handing_in = tokio::spawn(hand_in_once(running.way.clone(), slips.clone()));
        sleep(STOP_WITHIN.mul_f64(rng().random::<f64>())).await;
        running.stop().await;
        let answers = handing_in.await.unwrap();
        let unanswered = slips.iter().zip(answers).filter(|(_, it)| *it != Answer::Counted);
        let unanswered: Vec<_> = unanswered.map(|(slip, _)| Arc::clone(slip)).collect();
        between += usize::from((1..SLIPS).contains(&unanswered.len()));

        (running, duty) = start(&fleet).await;
        let again = hand_in_once(running.way.clone(), unanswered).await;
        assert!(again.iter().all(|answer| *answer == Answer::Counted));
    }
    running.stop().await;
    drop(duty);
    let counted = COUNTED.sum(&fleet.store().sums(fleet.members[0].authority()));
    assert_eq!(usize::try_from(counted).unwrap(), STOPS * SLIPS);
    println!("{between} of {STOPS} stops came between slips");
    assert!(between > 0, "no stop came between slips, so nothing was shown");
}

/// A relay that knows the epoch.
async fn start(fleet: &Fleet) -> (RunningFleet, DutyWorker<'_>) {
    let running = fleet.start().await;
    let service = &fleet.members[0].service;
    let duty = DutyWorker::go_on_duty(&running.way, service, service.shift()).await;
    // It hears of it on one socket and of slips on others.
    let first = slip(fleet, Cell::of("respected", "yes"));
    while try_to_hand_in(&running.way, &first).await != Answer::Counted {}
    (running, duty)
}

/// One of this cell.
fn slip(fleet: &Fleet, cell: Cell) -> Vec<u8> {
    let (member, (table, place)) = (&fleet.members[0], cell.table());
    let mut counts = vec![0; place + 1];
    counts[place] = 1;
    signed_slip(member.authority(), &member.keys(), table, &counts)
}

async fn hand_in_once(way: Way, slips: Vec<Arc<Vec<u8>>>) -> Vec<Answer> {
    let tries = slips.into_iter().map(|slip| (way.clone(), slip));
    each(tries, |(way, slip)| async move { try_to_hand_in(&way, &slip).await }).await
}
