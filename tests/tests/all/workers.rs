//! Who may answer: refused by the relay, and by the client when the relay cheats.

use vestibule_protocol::HandshakeError;
use vestibule_tests::client::WaitingClient;
use vestibule_tests::relay::RelayTask;
use vestibule_tests::service::{Service, Shift, now};
use vestibule_tests::worker::{DutyWorker, sign_in};
use vestibule_wire::{CertificateError, Close};

#[tokio::test]
async fn the_relay_refuses_a_worker_without_a_good_certificate() {
    let service = Service::default();
    let relay = RelayTask::start(&service).await;
    let stolen = Shift { key: service.shift().key, certificate: service.shift().certificate };
    let cases = [
        (Service::foreign_shift(), Close::CertificateRefused),
        (service.altered_shift(), Close::CertificateRefused),
        (service.expired_shift(), Close::CertificateExpired),
        (stolen, Close::SignInRefused),
    ];
    for (shift, expected) in cases {
        let mut socket = sign_in(&relay.origin, &service, &shift).await;
        assert_eq!(socket.closed().await, expected);
    }
}

/// A cheating relay lets this shift in. Returns what the client says, and how many cells it sent.
async fn cheat(shift: Shift) -> (HandshakeError, usize) {
    let service = Service::default();
    // The worker knows the link's secret: only the certificate can give it away.
    let relay = RelayTask::start_dishonest(&service).await;
    let mut duty = DutyWorker::go_on_duty(&relay.origin, &service, shift).await;
    let client = WaitingClient::arrive(&relay.origin, &service.link()).await;
    let offered = duty.offered().await;
    let seat = duty.accept(&offered).await;
    let answered = duty.answer(&offered, seat).await;
    let (socket, error) = client.meet(now()).await.err().expect("the client must refuse");
    drop(socket);
    (error, answered.count_cells().await)
}

#[tokio::test]
async fn the_client_refuses_what_a_cheating_relay_lets_in() {
    let (error, cells) = cheat(Service::foreign_shift()).await;
    assert_eq!(error, HandshakeError::Certificate(CertificateError::WrongAuthority));
    assert_eq!(cells, 0, "nothing may be sent to a stranger");

    let (error, cells) = cheat(Service::default().altered_shift()).await;
    assert!(matches!(error, HandshakeError::Certificate(_)));
    assert_eq!(cells, 0);
}

#[tokio::test]
async fn the_client_refuses_an_expired_certificate_that_a_cheating_relay_lets_in() {
    let service = Service::default();
    let relay = RelayTask::start_dishonest(&service).await;
    let mut duty = DutyWorker::go_on_duty(&relay.origin, &service, service.expired_shift()).await;
    let client = WaitingClient::arrive(&relay.origin, &service.link()).await;
    let offered = duty.offered().await;
    let seat = duty.accept(&offered).await;
    let answered = duty.answer(&offered, seat).await;
    let (socket, error) = client.meet(now()).await.err().expect("the client must refuse");
    drop(socket);
    assert_eq!(error, HandshakeError::Certificate(CertificateError::Expired));
    assert_eq!(answered.count_cells().await, 0);
}

#[tokio::test]
async fn a_cheating_relay_with_an_honest_worker_still_serves() {
    let service = Service::default();
    let relay = RelayTask::start_dishonest(&service).await;
    let mut duty = DutyWorker::go_on_duty(&relay.origin, &service, service.shift()).await;
    let client = WaitingClient::arrive(&relay.origin, &service.link()).await;
    let offered = duty.offered().await;
    let seat = duty.accept(&offered).await;
    let answered = duty.answer(&offered, seat).await;
    let mut client =
        client.meet(now()).await.ok().expect("the control: an honest worker is believed");
    client.say("hello").await;
    assert_eq!(answered.meet().await.hear().await, "hello");
}
