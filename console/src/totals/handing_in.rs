//! Handing slips in: each on a socket of its own, at a moment of its own, with nothing that tells whose it
//! is (docs/protocol.md, section 5).

use std::sync::Arc;
use std::time::Duration;

use rand::RngExt;
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};
use vestibule_wire::{Close, Epoch, IndicatorsToRelay, RelayToIndicators};

use super::to_hand_in::WaitingSlip;
use crate::context::Context;
use crate::hub::Input;
use crate::nodes::Address;
use crate::origin::Origin;
use crate::random;
use crate::relay_socket::{Heard, RelaySocket};

/// For the relay's challenge and for its answer, each.
const ANSWER_DEADLINE: Duration = Duration::from_secs(15);

/// Hands one slip in, again and again until it is counted. The relay counts the same slip once, however
/// often it comes: its id stays, whatever keys sign it.
pub(crate) async fn hand_in(
    context: Arc<Context>,
    slip: WaitingSlip,
    desk: mpsc::WeakSender<Input>,
) {
    let socket = loop {
        sleep(some_moment(context.hand_in_within)).await;
        // Whoever was sent off asks no relay for anything.
        if !context.is_worker_revoked()
            && let Some(socket) = Box::pin(counted(&context, &slip)).await
        {
            break socket;
        }
    };
    // First of all: a program that ends meanwhile would hand it in again.
    if let Some(desk) = desk.upgrade() {
        let _ = desk.send(Input::Counted(slip.id)).await;
    }
    socket.finish(Close::Done).await;
}

fn some_moment(within: Duration) -> Duration {
    let longest = u64::try_from(within.as_millis()).unwrap_or(u64::MAX);
    Duration::from_millis(random::system().random_range(0..=longest))
}

/// Tries each of the relay's addresses in turn. Returns the socket on which the slip was counted.
async fn counted(context: &Context, slip: &WaitingSlip) -> Option<RelaySocket> {
    for origin in context.enrolment.origins.iter().filter(|origin| !origin.is_onion()) {
        if let Some(socket) = counted_at(context, origin, slip).await {
            return Some(socket);
        }
    }
    None
}

async fn counted_at(context: &Context, origin: &Origin, slip: &WaitingSlip) -> Option<RelaySocket> {
    let mut socket = RelaySocket::connect(&Address::of(origin), "/ws/indicators").await.ok()?;
    let RelayToIndicators::Challenge { .. } = next_frame(&mut socket).await? else {
        return None;
    };
    // Nobody answers the challenge: a signature of the workers' common key is all that a slip has.
    socket.push(hand_in_frame(context, slip)?.encode());
    let answer = next_frame(&mut socket).await?;
    matches!(answer, RelayToIndicators::Counted).then_some(socket)
}

/// Signed with the newest keys that are still believed.
fn hand_in_frame(context: &Context, slip: &WaitingSlip) -> Option<IndicatorsToRelay> {
    let enrolment = &context.enrolment;
    let entry = enrolment.epoch(Epoch::current(context.clock.now()))?;
    let (epoch, generation) = (entry.keys.epoch(), entry.keys.generation());
    if !context.is_generation_good(generation) {
        return None;
    }
    let slip = slip.of_epoch(enrolment.authority, (epoch, generation));
    let signature = entry.keys.sign_slip(&slip);
    Some(IndicatorsToRelay::HandIn(Box::new(slip), Box::new(signature)))
}

async fn next_frame(socket: &mut RelaySocket) -> Option<RelayToIndicators> {
    match timeout(ANSWER_DEADLINE, socket.heard()).await {
        Ok(Heard::Message(bytes)) => RelayToIndicators::decode(&bytes).ok(),
        Ok(Heard::Foreign | Heard::Ended(_)) | Err(_) => None,
    }
}
