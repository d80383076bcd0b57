//! Who may answer: refused by the relay, and by the client when the relay cheats.

use vestibule_protocol::{Cover, HandshakeError};
use vestibule_tests::client::{MetClient, Unanswered, WaitingClient};
use vestibule_tests::relay::RelayTask;
use vestibule_tests::service::{Service, Shift, now};
use vestibule_tests::worker::{AnsweredWorker, DutyWorker, sign_in};
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
        let mut socket = sign_in(&relay.way, &service, &shift).await;
        assert_eq!(socket.closed().await, expected);
    }
}

/// Makes a worker's shift at a service.
type MakeShift = fn(&Service) -> Shift;

/// A relay that lets everybody in, and a worker of the service with some shift. The worker knows the
/// link's secret: only the certificate can give it away.
async fn meet(shift: MakeShift) -> (AnsweredWorker, Met) {
    let service = Service::default();
    let relay = RelayTask::start_dishonest(&service).await;
    let shift = shift(&service);
    let mut duty = DutyWorker::go_on_duty(&relay.way, &service, shift).await;
    let client = WaitingClient::arrive(&relay.way, &service.link()).await;
    let offered = duty.offered().await;
    let seat = duty.accept(&offered).await;
    let answered = duty.answer(&offered, seat).await;
    let met = client.meet(now()).await;
    (answered, Met { met, _relay: relay })
}

/// What the client made of the worker. The relay runs as long as somebody asks.
struct Met {
    met: Result<MetClient, Unanswered>,
    _relay: RelayTask,
}

#[tokio::test]
async fn the_client_refuses_what_a_cheating_relay_lets_in() {
    let certificate = HandshakeError::Certificate;
    let cases: [(MakeShift, HandshakeError); 3] = [
        (|_| Service::foreign_shift(), certificate(CertificateError::WrongAuthority)),
        (Service::altered_shift, certificate(CertificateError::WrongAuthority)),
        (Service::expired_shift, certificate(CertificateError::Expired)),
    ];
    for (shift, expected) in cases {
        let (answered, Met { met, _relay }) = meet(shift).await;
        let (socket, error) = met.err().expect("the client must refuse").refused();
        assert_eq!(error, expected);
        drop(socket);
        assert_eq!(answered.count_cells().await, 0, "nothing may be sent to a stranger");
    }
}

#[tokio::test]
async fn the_client_believes_an_honest_worker_behind_the_same_relay() {
    let (answered, Met { met, _relay }) = meet(Service::shift).await;
    let met = met.ok().expect("the control: without it the test above proves nothing");
    let client = met.talk(Cover::Sparing);
    client.say("hello").await;
    assert_eq!(answered.talk(Cover::Sparing).await.unwrap().hear().await, "hello");
}
