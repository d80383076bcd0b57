//! What the ends see when a process dies.

use std::time::Duration;

use vestibule_protocol::Cover;
use vestibule_tests::client::WaitingClient;
use vestibule_tests::lines::Reach;
use vestibule_tests::meeting::{meet, talk};
use vestibule_tests::relay::RelayProcess;
use vestibule_tests::service::Service;
use vestibule_tests::socket::Next;
use vestibule_tests::worker::DutyWorker;
use vestibule_wire::Close;

#[tokio::test]
async fn a_killed_relay_is_noticed_at_once_by_everybody() {
    let service = Service::default();
    let mut relay = RelayProcess::start(&service).await;
    let mut duty = DutyWorker::go_on_duty(&relay.way, &service, service.shift()).await;
    let client = WaitingClient::arrive(&relay.way, &service.link()).await;
    let (mut client, mut worker) = talk(&mut duty, client, Cover::Sparing).await;
    client.say("hello").await;
    assert_eq!(worker.hear().await, "hello");

    relay.kill().await;
    let noticed = async {
        while let Next::Message(_) = duty.socket.next().await {}
        for end in [&mut client, &mut worker] {
            end.until(|status| status.reach == Reach::Reconnecting).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), noticed).await.expect("within five seconds");
}

#[tokio::test]
async fn a_relay_that_is_told_to_stop_says_so() {
    let service = Service::default();
    let mut relay = RelayProcess::start(&service).await;
    let mut duty = DutyWorker::go_on_duty(&relay.way, &service, service.shift()).await;
    let mut client = WaitingClient::arrive(&relay.way, &service.link()).await;
    let pid = relay.process.id().unwrap().to_string();
    let told = tokio::process::Command::new("kill").args(["-TERM", &pid]).status().await.unwrap();
    assert!(told.success());
    assert_eq!(client.socket.closed().await, Close::GoingAway);
    assert_eq!(duty.socket.closed().await, Close::GoingAway);
    let ended = tokio::time::timeout(Duration::from_secs(5), relay.process.wait()).await;
    assert!(ended.expect("within five seconds").unwrap().success());
}

#[tokio::test]
async fn a_client_that_vanishes_is_told_to_the_worker() {
    let service = Service::default();
    let relay = RelayProcess::start(&service).await;
    let mut duty = DutyWorker::go_on_duty(&relay.way, &service, service.shift()).await;
    let client = WaitingClient::arrive(&relay.way, &service.link()).await;
    let (client, mut worker) = meet(&mut duty, client).await;
    drop(client);
    assert_eq!(worker.socket.closed().await, Close::PeerLeft);
}
