//! A person opens a link and talks with a worker.

use vestibule_protocol::{Cover, Record};
use vestibule_tests::client::{WaitingClient, open, send_opening};
use vestibule_tests::end::{End, Ending};
use vestibule_tests::meeting::talk;
use vestibule_tests::relay::{RelayProcess, RelayTask};
use vestibule_tests::service::{Service, now};
use vestibule_tests::worker::{DutyWorker, take_seat};
use vestibule_wire::{Close, RelayToClient, RelayToWorker, Timestamp, Wait, WithdrawReason};

#[tokio::test]
async fn a_client_and_a_worker_talk_through_the_real_relay() {
    let service = Service::default();
    let relay = RelayProcess::start(&service).await;
    let link = service.link();
    let mut duty = DutyWorker::go_on_duty(&relay.way, &service, service.shift()).await;
    let client = WaitingClient::arrive(&relay.way, &link).await;
    assert_eq!(client.wait, Wait::Now);
    let (mut client, mut worker) = talk(&mut duty, client, Cover::Sparing).await;
    let long = "очень длинный рассказ ".repeat(900);
    for words in ["да", "مرحبا Methadone", "<img onerror>", long.as_str()] {
        client.say(words).await;
        assert_eq!(worker.hear().await, words);
        worker.say(words).await;
        assert_eq!(client.hear().await, words);
    }
    worker.say_record(Record::Close).await;
    assert_eq!(client.over().await, Ending::Closed);
    assert_eq!(worker.over().await, Ending::Closed);
}

/// The two can talk.
async fn say_hello((client, mut worker): (End, End)) {
    client.say("hello").await;
    assert_eq!(worker.hear().await, "hello");
}

#[tokio::test]
async fn a_link_works_once() {
    let service = Service::default();
    let relay = RelayTask::start(&service).await;
    let link = service.link();
    let mut duty = DutyWorker::go_on_duty(&relay.way, &service, service.shift()).await;
    let client = WaitingClient::arrive(&relay.way, &link).await;
    say_hello(talk(&mut duty, client, Cover::Sparing).await).await;
    let (mut again, ..) = open(&relay.way, &link).await;
    assert_eq!(again.closed().await, Close::LinkSpent);
}

#[tokio::test]
async fn a_link_opened_twice_at_once_gets_one_worker() {
    let service = Service::default();
    let relay = RelayTask::start(&service).await;
    let link = service.link();
    let mut duty = DutyWorker::go_on_duty(&relay.way, &service, service.shift()).await;
    let first = WaitingClient::arrive(&relay.way, &link).await;
    let mut second = WaitingClient::arrive(&relay.way, &link).await;
    let offered = duty.offered().await;
    let _other = duty.offered().await;
    let seat = duty.accept(&offered).await;
    assert_eq!(second.socket.closed().await, Close::LinkSpent);
    let answered = duty.answer(&offered, seat).await;
    let client = first.meet(now()).await.ok().unwrap().talk(Cover::Sparing);
    let worker = answered.talk(Cover::Sparing).await.unwrap();
    say_hello((client, worker)).await;
}

#[tokio::test]
async fn a_link_abandoned_before_a_worker_accepted_still_works() {
    let service = Service::default();
    let relay = RelayTask::start(&service).await;
    let link = service.link();
    let mut duty = DutyWorker::go_on_duty(&relay.way, &service, service.shift()).await;
    let abandoned = WaitingClient::arrive(&relay.way, &link).await;
    let offered = duty.offered().await;
    drop(abandoned);
    loop {
        if let RelayToWorker::Withdrawn(offer, reason) = duty.frame().await {
            assert!(offer == offered.offer);
            assert_eq!(reason, WithdrawReason::Left);
            break;
        }
    }
    let client = WaitingClient::arrive(&relay.way, &link).await;
    say_hello(talk(&mut duty, client, Cover::Sparing).await).await;
}

#[tokio::test]
async fn the_same_opening_may_come_again_after_its_socket_broke() {
    let service = Service::default();
    let relay = RelayTask::start(&service).await;
    let link = service.link();
    let mut duty = DutyWorker::go_on_duty(&relay.way, &service, service.shift()).await;
    let client = WaitingClient::arrive(&relay.way, &link).await;
    let opening = client.opening().clone();
    let offered = duty.offered().await;
    let seat = duty.accept(&offered).await;
    drop(client);
    // The worker comes to its seat and finds the client gone.
    let _seat = take_seat(&relay.way, seat).await;
    let mut again = send_opening(&relay.way, &link, &opening).await;
    let waiting = RelayToClient::decode(&again.message().await);
    assert!(matches!(waiting, Ok(RelayToClient::Waiting(_))), "the same opening waits again");
}

#[tokio::test]
async fn two_workers_accept_and_one_wins() {
    let service = Service::default();
    let relay = RelayTask::start(&service).await;
    let mut first = DutyWorker::go_on_duty(&relay.way, &service, service.shift()).await;
    let mut second = DutyWorker::go_on_duty(&relay.way, &service, service.shift()).await;
    let _client = WaitingClient::arrive(&relay.way, &service.link()).await;
    let offered = first.offered().await;
    let same = second.offered().await;
    assert!(offered.offer == same.offer);
    let _seat = first.accept(&offered).await;
    let accept = vestibule_wire::WorkerToRelay::Accept(same.offer).encode();
    second.socket.send(&accept).await;
    let RelayToWorker::Withdrawn(offer, reason) = second.frame().await else {
        panic!("the second worker hears that a colleague was first")
    };
    assert!(offer == same.offer);
    assert_eq!(reason, WithdrawReason::Taken);
}

#[tokio::test]
async fn each_bad_link_is_refused_with_its_own_code() {
    let service = Service::default();
    let other = Service::default();
    let relay = RelayTask::start(&service).await;
    let refused = async |link| open(&relay.way, &link).await.0.closed().await;
    assert_eq!(refused(service.link()).await, Close::NotReady, "no worker told of the epoch");
    let _duty = DutyWorker::go_on_duty(&relay.way, &service, service.shift()).await;
    assert_eq!(refused(other.link()).await, Close::UnknownService);
    let over = service.link_until(Timestamp(now().0 - 120));
    assert_eq!(refused(over).await, Close::LinkExpired);
}
