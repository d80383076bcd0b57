use tokio::sync::{mpsc, oneshot};
use vestibule_wire::Close;

use super::{Waited, meet, serve, wait_for_seat};
use crate::lobby::ToClient;
use crate::relay::Relay;
use crate::testing::{FakeService, config, connection_pair};
use crate::{Limits, Server, rejoin, stop, switchboard};

#[tokio::test]
async fn a_seat_that_comes_while_the_client_leaves_is_told() {
    let limits = Limits::default();
    let (_stopper, mut stop) = stop::channel();
    let mut left_first = 0;
    // Which of the two the client's task notices first is up to chance.
    for _ in 0..64 {
        let (connection, client) = connection_pair().await;
        let (seat_connection, mut seat) = connection_pair().await;
        let (way, coming) = oneshot::channel();
        let (sender, words) = mpsc::channel(1);
        assert!(way.send(seat_connection).is_ok());
        assert!(sender.try_send(ToClient::Matched(coming)).is_ok());
        drop((client, sender));
        let serving = async {
            match wait_for_seat(connection, words, &limits, &mut stop).await {
                Waited::Matched(client, seat) => {
                    switchboard::run(client, seat, &limits, &mut stop).await;
                }
                Waited::Left(client, ended, came) => {
                    left_first += 1;
                    let came = came.expect("the seat is not lost");
                    switchboard::part(client, ended, came, &limits).await;
                }
                Waited::Closed(..) => panic!("nobody closed the client"),
            }
        };
        let ((), told) = tokio::join!(serving, async move { seat.closed().await });
        assert_eq!(told, Some(Close::PeerLeft));
    }
    assert!(left_first > 0);
}

#[tokio::test]
async fn a_waiting_end_takes_no_more_memory_than_a_waiting_client() {
    let service = FakeService::new(1);
    let server = Server::new(config(&[&service], Limits::default()));
    let (_stopper, mut stop) = stop::channel();
    let relay = Relay::new(server, stop.clone());
    let (connection, _peer) = connection_pair().await;
    let end = size_of_val(&rejoin::serve(connection, relay.shared.clone(), relay.stop.clone()));
    let (connection, _peer) = connection_pair().await;
    let task = size_of_val(&serve(connection, relay.shared.clone(), relay.stop.clone()));
    // The box in which its task waits.
    let (connection, _peer) = connection_pair().await;
    let boxed = size_of_val(&meet(connection, &relay.shared, &mut stop));
    assert!(end <= task + boxed, "{end} bytes are more than {task} and {boxed}");
}
