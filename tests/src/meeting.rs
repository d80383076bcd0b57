//! How most consultations of the tests begin.

use crate::client::{TalkingClient, WaitingClient};
use crate::service::now;
use crate::worker::{DutyWorker, TalkingWorker};

/// The worker accepts the next offer, which is this client's, and both complete the handshake.
pub async fn meet(
    duty: &mut DutyWorker<'_>,
    client: WaitingClient,
) -> (TalkingClient, TalkingWorker) {
    let offered = duty.offered().await;
    let seat = duty.accept(&offered).await;
    let answered = duty.answer(&offered, seat).await;
    let client = client.meet(now()).await.ok().expect("the client believes an honest worker");
    (client, answered.meet().await)
}
