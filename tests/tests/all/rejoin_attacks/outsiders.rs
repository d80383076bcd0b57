//! Outsiders who know the route, as the relay does, and say something there.

use tokio::time::Instant;
use vestibule_protocol::Side;
use vestibule_tests::faults::Direction;
use vestibule_tests::lines::Reach;

use super::{GARBAGE, MEET_MAX, Talk, is_left, pose_as};

/// So far above the lowest missing number an end awaits cells, and comes to none while a test looks.
const SOON: u64 = 10;

/// A cell that was sealed for another number than the one on it.
fn renumbered(cell: &[u8], sequence: u64) -> Vec<u8> {
    [&sequence.to_be_bytes(), &cell[8..]].concat()
}

#[tokio::test]
async fn one_who_poses_as_the_client_and_forges_cells_is_refused() {
    let mut talk = Talk::on_second_line().await;
    let recorded = talk.worker_network.cells(Direction::FromRelay);
    let newest = &recorded[recorded.len() - 1];
    for ahead in [SOON, 1_000] {
        let next = talk.worker.status().received_below;
        let said = renumbered(newest, next + ahead);
        let refused = talk.worker.status().refused;
        let mut outsider = pose_as(Side::Client, &talk.way, talk.route()).await;
        outsider.send(&said).await;
        is_left(&mut outsider).await;
        assert_eq!(talk.worker.status().refused, refused + 1);
        talk.goes_on().await;
    }
    assert_eq!(talk.client.status().met_at.len(), 2, "the client kept its line");
}

#[tokio::test]
async fn one_who_sends_an_end_its_own_cells_is_refused() {
    let mut talk = Talk::on_second_line().await;
    // The worker's own numbers come to where it awaits the client's next ones.
    let long = "x".repeat(30_000);
    talk.worker.say(&long).await;
    assert_eq!(talk.client.hear().await, long);
    talk.goes_on().await;
    let refused = talk.worker.status().refused;
    let awaited = (talk.worker.status().received_below + SOON).to_be_bytes();
    let own = talk.worker_network.cells(Direction::ToRelay);
    let reflected = own.iter().find(|cell| cell.starts_with(&awaited));
    let mut outsider = pose_as(Side::Client, &talk.way, talk.route()).await;
    outsider.send(reflected.expect("the worker has sealed more than the client")).await;
    is_left(&mut outsider).await;
    assert_eq!(talk.worker.status().refused, refused + 1);
    talk.goes_on().await;
    assert_eq!(talk.client.status().met_at.len(), 2, "the client kept its line");
}

#[tokio::test]
async fn one_who_poses_as_the_worker_is_not_taken_for_it() {
    let mut talk = Talk::on_second_line().await;
    let replayed = talk.client_network.cells(Direction::FromRelay);
    let reflected = talk.client_network.cells(Direction::ToRelay);
    let before = talk.noticed();
    let next = talk.client.status().received_below;
    let newest = &replayed[replayed.len() - 1];
    let forged = (SOON..2 * SOON).map(|ahead| renumbered(newest, next + ahead));

    // The worker is away, so the client meets nobody but the outsider.
    talk.worker_network.unplug();
    let mut outsider = pose_as(Side::Worker, &talk.way, talk.route()).await;
    talk.client.until(|status| status.reach == Reach::Joined).await;
    talk.say().await;
    for cell in replayed.iter().chain(&reflected).cloned().chain(forged) {
        outsider.send(&cell).await;
    }
    // What the client refuses comes after all of them.
    outsider.send(&GARBAGE).await;
    is_left(&mut outsider).await;
    let after = talk.noticed();
    assert_eq!(after.client, (before.client.0, before.client.1 + 1), "nobody was met");
    assert_ne!(talk.client.status().reach, Reach::Heard, "nobody is shown as the worker");

    let since = Instant::now();
    talk.worker_network.plug();
    talk.meets_within(MEET_MAX, since).await;
    // The first that either hears is what the other has said.
    talk.hear().await;
    talk.goes_on().await;
}
