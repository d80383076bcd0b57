//! Sockets that an end has left for a newer one, in the hands of somebody else.

use vestibule_protocol::Side;
use vestibule_tests::end::End;
use vestibule_tests::faults::{Direction, Network};
use vestibule_wire::Close;

use super::{GARBAGE, Talk};

/// Who sends in a test, and who should not hear it.
struct Between<'a> {
    speaker: &'a mut End,
    hearer: &'a mut End,
    speakers_network: &'a Network,
}

fn between(talk: &mut Talk, speaker: Side) -> Between<'_> {
    let Talk { client, worker, client_network, worker_network, .. } = talk;
    match speaker {
        Side::Client => {
            Between { speaker: client, hearer: worker, speakers_network: client_network }
        }
        Side::Worker => {
            Between { speaker: worker, hearer: client, speakers_network: worker_network }
        }
    }
}

#[tokio::test]
async fn a_client_that_changes_its_network_meets_its_worker_at_once() {
    let mut talk = Talk::begin().await;
    talk.goes_on().await;
    // Its old socket is still open while the new one joins.
    talk.change_network().await;
    talk.goes_on().await;
}

#[tokio::test]
async fn an_old_socket_is_closed_when_its_end_is_heard_on_a_new_one() {
    let mut talk = Talk::begin().await;
    talk.goes_on().await;
    let old = talk.client_network.seize();
    talk.change_network().await;
    talk.goes_on().await;
    assert_eq!(old.closed(Direction::FromRelay).await, Close::Done);
    let before = talk.noticed();
    let cells = talk.client_network.cells(Direction::ToRelay);
    old.say(Direction::ToRelay, &cells).await;
    old.say(Direction::ToRelay, &[GARBAGE.to_vec(), vec![7; 20]]).await;
    talk.goes_on().await;
    assert_eq!(talk.noticed(), before);
}

/// Somebody holds both sockets of the old line, so that the relay does not hear that they were left,
/// and brings what is said on one to the end that had the other.
async fn nothing_is_heard_on_an_old_line_of(speaker: Side) {
    let mut talk = Talk::begin().await;
    talk.goes_on().await;
    let old_client = talk.client_network.seize();
    let old_worker = talk.worker_network.seize();
    talk.change_network().await;
    talk.goes_on().await;
    for old in [&old_client, &old_worker] {
        assert_eq!(old.closed(Direction::ToRelay).await, Close::Done, "both have left it");
    }
    let (old, others_old) = match speaker {
        Side::Client => (old_client, old_worker),
        Side::Worker => (old_worker, old_client),
    };
    let before = talk.noticed();
    let Between { speaker, hearer, speakers_network } = between(&mut talk, speaker);
    let mut said = speakers_network.cells(Direction::ToRelay);
    let line = speakers_network.seize();
    speaker.say("only on the new line").await;
    said.extend(line.hears(Direction::ToRelay, 1).await);
    said.push(GARBAGE.to_vec());
    old.say(Direction::ToRelay, &said).await;
    // To the relay the old line is as good as any.
    others_old.hears_at_last(Direction::FromRelay, &said).await;
    let received_below = hearer.status().received_below;
    others_old.say(Direction::FromRelay, &said).await;
    hearer.say("meanwhile").await;
    line.hears(Direction::FromRelay, 1).await;
    assert_eq!(hearer.status().received_below, received_below, "a new cell on an old line");
    line.release();
    assert_eq!(hearer.hear().await, "only on the new line");
    assert_eq!(speaker.hear().await, "meanwhile");
    talk.goes_on().await;
    assert_eq!(talk.noticed(), before, "nobody has listened to the old line");
}

#[tokio::test]
async fn what_comes_from_an_old_socket_of_the_client_is_not_heard() {
    nothing_is_heard_on_an_old_line_of(Side::Client).await;
}

#[tokio::test]
async fn what_comes_from_an_old_socket_of_the_worker_is_not_heard() {
    nothing_is_heard_on_an_old_line_of(Side::Worker).await;
}
