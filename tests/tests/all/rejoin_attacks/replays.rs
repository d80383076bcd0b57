//! Cells that have crossed the relay before.

use std::time::Duration;

use tokio::time::{Instant, interval};
use vestibule_protocol::Side;
use vestibule_tests::faults::{Direction, Network, Seized};

use super::{FIND_OUT_MAX, GARBAGE, Talk, is_left, pose_as};

const BOTH: [Direction; 2] = [Direction::ToRelay, Direction::FromRelay];

#[tokio::test]
async fn replayed_cells_of_any_generation_are_dropped_on_the_running_line() {
    let mut talk = Talk::on_second_line().await;
    talk.rejoin().await;
    talk.goes_on().await;
    let before = talk.noticed();
    for replay_on in [Side::Client, Side::Worker] {
        for direction in BOTH {
            let network = network(&talk, replay_on);
            network.inject(direction, &network.cells(direction)).await;
            // Words that come after the replayed ones, on the same line.
            talk.goes_on().await;
        }
    }
    assert_eq!(talk.noticed(), before, "neither left its line, nor took anybody for a stranger");
}

#[tokio::test]
async fn cells_that_are_doubled_and_turned_round_are_words_once_and_in_order() {
    let mut talk = Talk::on_second_line().await;
    let before = talk.noticed();
    let line = talk.client_network.seize();
    for words in ["first", "second", "third"] {
        talk.client.say(words).await;
    }
    let cells = line.hears(Direction::ToRelay, 3).await;
    let turned: Vec<_> = cells.iter().rev().cloned().collect();
    line.say(Direction::ToRelay, &turned[..2]).await;
    line.say(Direction::ToRelay, &turned).await;
    line.release();
    for words in ["first", "second", "third"] {
        assert_eq!(talk.worker.hear().await, words);
    }
    talk.goes_on().await;
    assert_eq!(talk.noticed(), before);
}

#[tokio::test]
async fn replayed_cells_do_not_keep_a_dead_line_alive() {
    let mut talk = Talk::on_second_line().await;
    let since = Instant::now();
    let line = talk.client_network.seize();
    let cells = BOTH.map(|direction| talk.client_network.cells(direction));
    talk.say().await;
    tokio::select! {
        () = replay_for_ever(&line, &cells) => {}
        () = talk.meets_within(FIND_OUT_MAX, since) => {}
    }
    talk.hear().await;
    talk.goes_on().await;
}

#[tokio::test]
async fn replayed_cells_do_nothing_on_a_new_line() {
    let mut talk = Talk::on_second_line().await;
    let before = talk.noticed();
    let mut outsider = pose_as(Side::Client, &talk.way, talk.route()).await;
    for cell in talk.worker_network.cells(Direction::FromRelay) {
        outsider.send(&cell).await;
    }
    // What the worker refuses came after all of them.
    outsider.send(&GARBAGE).await;
    is_left(&mut outsider).await;
    let after = talk.noticed();
    assert_eq!(after.client, before.client, "a line with only old cells takes nobody's place");
    assert_eq!(after.worker, (before.worker.0, before.worker.1 + 1));
    talk.goes_on().await;
}

fn network(talk: &Talk, side: Side) -> &Network {
    match side {
        Side::Client => &talk.client_network,
        Side::Worker => &talk.worker_network,
    }
}

async fn replay_for_ever(line: &Seized, cells: &[Vec<Vec<u8>>; 2]) {
    let mut seconds = interval(Duration::from_secs(1));
    loop {
        seconds.tick().await;
        for (direction, cells) in BOTH.into_iter().zip(cells) {
            line.say(direction, cells).await;
        }
    }
}
