//! A first handshake whose line breaks (section 6, "Retry" and "Deadlines").

use vestibule_protocol::Cover;
use vestibule_tests::client::WaitingClient;
use vestibule_tests::faults::Network;
use vestibule_tests::meeting::meet;
use vestibule_tests::relay::RelayProcess;
use vestibule_tests::service::{Service, now};
use vestibule_tests::worker::DutyWorker;

#[tokio::test]
async fn a_client_cut_off_before_the_answer_sends_the_same_opening_and_is_answered_afresh() {
    let service = Service::default();
    let relay = RelayProcess::start(&service).await;
    let network = Network::before(&relay.way).await;
    let mut duty = DutyWorker::go_on_duty(&relay.way, &service, service.shift()).await;
    let client = WaitingClient::arrive(&network.way, &service.link()).await;
    let offered = duty.offered().await;
    let _seat = duty.accept(&offered).await;
    network.cut();
    let client = client.meet(now()).await.err().expect("no answer can have come").again();
    let opening = client.opening().clone();
    let client = client.again().await;
    assert!(*client.opening() == opening, "the same opening, not a new one");

    let (client, answered) = meet(&mut duty, client).await;
    let client = client.talk(Cover::Sparing);
    let mut worker = answered.talk(Cover::Sparing).await.expect("the client's first cell comes");
    client.say("here again").await;
    assert_eq!(worker.hear().await, "here again");
}

#[tokio::test]
async fn a_client_cut_off_after_the_answer_meets_its_worker_at_the_route() {
    let service = Service::default();
    let relay = RelayProcess::start(&service).await;
    let network = Network::before(&relay.way).await;
    let mut duty = DutyWorker::go_on_duty(&relay.way, &service, service.shift()).await;
    let client = WaitingClient::arrive(&network.way, &service.link()).await;
    let (client, answered) = meet(&mut duty, client).await;
    // The client has read the answer; its first cell never leaves.
    network.cut();
    let mut client = client.talk_anew(Cover::Sparing);
    let mut worker = answered.talk(Cover::Sparing).await.expect("the client comes to the route");
    client.say("over the route").await;
    assert_eq!(worker.hear().await, "over the route");
    worker.say("so you are").await;
    assert_eq!(client.hear().await, "so you are");
}
