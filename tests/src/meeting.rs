//! How most consultations of the tests begin.

use vestibule_protocol::Cover;

use crate::client::{MetClient, WaitingClient};
use crate::end::End;
use crate::service::{Service, now};
use crate::socket::Way;
use crate::worker::{AnsweredWorker, DutyWorker};

/// The worker accepts the next offer, which is this client's, and the client believes the answer.
pub async fn meet(duty: &mut DutyWorker<'_>, client: WaitingClient) -> (MetClient, AnsweredWorker) {
    let offered = duty.offered().await;
    let seat = duty.accept(&offered).await;
    let answered = duty.answer(&offered, seat).await;
    let client = client.meet(now()).await.ok().expect("the client believes an honest worker");
    (client, answered)
}

/// The same, and both begin to live.
pub async fn talk(duty: &mut DutyWorker<'_>, client: WaitingClient, cover: Cover) -> (End, End) {
    let (client, worker) = meet(duty, client).await;
    let mut client = client.talk(cover);
    let worker = worker.talk(cover).await.expect("the client's first cell comes");
    client.until(|status| !status.met_at.is_empty()).await;
    (client, worker)
}

/// A consultation of somebody new, each end with its own way to the relay. The duty is over at once.
pub async fn converse(
    service: &Service,
    client_way: &Way,
    worker_way: &Way,
    cover: Cover,
) -> (End, End) {
    let mut duty = DutyWorker::go_on_duty(worker_way, service, service.shift()).await;
    let client = WaitingClient::arrive(client_way, &service.link()).await;
    let ends = talk(&mut duty, client, cover).await;
    duty.socket.finish().await;
    ends
}
