use vestibule_wire::{Close, Route, Side};

use super::{Arrived, MeetingPoint, Visit, wait};
use crate::connection::Connection;
use crate::rendezvous::Place;
use crate::testing::{Peer, connection_pair};
use crate::{Limits, stop, switchboard};

async fn arrive(point: &MeetingPoint, side: Side) -> (Arrived<'_>, Peer) {
    let (connection, peer) = connection_pair().await;
    (point.arrive(connection, side, Place::at(&Route([1; 32]))), peer)
}

async fn wait_at(point: &MeetingPoint, side: Side) -> (Box<Connection>, Visit<'_>, Peer) {
    match arrive(point, side).await {
        (Arrived::Waits(connection, visit), peer) => (connection, visit, peer),
        _ => panic!("somebody is here"),
    }
}

#[tokio::test]
async fn one_who_comes_while_the_other_leaves_is_told() {
    let limits = Limits::default();
    let point = MeetingPoint::new(&limits);
    let (_stopper, mut stop) = stop::channel();
    let mut left_first = 0;
    // Which of the two the waiting task notices first is up to chance.
    for _ in 0..64 {
        let (connection, visit, waiting) = wait_at(&point, Side::Worker).await;
        let (arrived, mut coming) = arrive(&point, Side::Client).await;
        assert!(matches!(arrived, Arrived::HandedOver));
        drop(waiting);
        let serving = async {
            match wait(connection, visit, &limits, &mut stop).await {
                Some((near, far)) => switchboard::run(near, far, &limits, &mut stop).await,
                None => left_first += 1,
            }
        };
        let ((), told) = tokio::join!(serving, async move { coming.closed().await });
        assert_eq!(told, Some(Close::PeerLeft));
    }
    assert!(left_first > 0);
}

#[tokio::test]
async fn one_who_comes_to_somebody_who_has_left_waits() {
    let point = MeetingPoint::new(&Limits::default());
    let (_connection, mut leaving, _peer) = wait_at(&point, Side::Worker).await;
    leaving.other.close();
    let (_connection, _visit, _peer) = wait_at(&point, Side::Client).await;
    drop(leaving);
    let (arrived, _peer) = arrive(&point, Side::Worker).await;
    assert!(matches!(arrived, Arrived::HandedOver), "a late departure is of nobody else");
}
