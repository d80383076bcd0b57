//! Signing in at one node (section 6, "Worker on duty").

use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::timeout;
use vestibule_wire::{Close, Epoch, RelayToWorker, SignIn, Timestamp, WorkerToRelay};

use super::NodeCommand;
use super::node::{Ended, Told, told};
use crate::context::{Context, Learnt};
use crate::dates;
use crate::enrolment::Shift;
use crate::links::explain;
use crate::messages::Refusal;
use crate::nodes::{Address, NodePlace};
use crate::output;
use crate::relay_socket::{ConnectError, Heard, RelaySocket};
use crate::words::words;

/// For the challenge and for the answer to the sign-in, each.
const SIGN_IN_DEADLINE: Duration = Duration::from_secs(15);
/// Between two clocks, before a worker is told to set theirs.
const CLOCK_DISTANCE_SECONDS_MAX: u32 = 3_600;

/// A socket on which the sign-in was accepted.
pub(super) struct SignedIn<'a> {
    pub(super) socket: RelaySocket,
    pub(super) address: Address,
    pub(super) shift: &'a Shift,
    pub(super) since: Timestamp,
}

/// Tries each of the node's addresses in turn.
pub(super) async fn connect_somewhere<'a>(
    context: &'a Context,
    place: &NodePlace,
    commands: &mut mpsc::Receiver<NodeCommand>,
) -> Result<SignedIn<'a>, Ended> {
    let mut all_foreign = true;
    for address in &place.addresses {
        let signed_in = tokio::select! {
            signed_in = Box::pin(sign_in(context, address)) => signed_in,
            told = told(commands) => return Err(match told {
                Told::OffDuty => Ended::OffDuty,
                Told::TryNow => Ended::TryNow,
            }),
        };
        match signed_in {
            Err(Ended::Broken { .. }) => all_foreign = false,
            Err(Ended::Refused(Refusal::NotARelay)) => {}
            other => return other,
        }
    }
    // One address that may come back is enough to try again.
    Err(if all_foreign {
        Ended::Refused(Refusal::NotARelay)
    } else {
        Ended::Broken { was_on: false }
    })
}

async fn sign_in<'a>(context: &'a Context, address: &Address) -> Result<SignedIn<'a>, Ended> {
    let enrolment = &context.enrolment;
    let now = context.clock.now();
    let shift = enrolment.shift_at(now).map_err(|error| {
        output::say(&explain(error).to_string());
        Ended::Refused(Refusal::NoShiftToday)
    })?;
    if context.is_worker_revoked() {
        return Err(Ended::Refused(Refusal::CertificateRefused));
    }
    let mut socket =
        RelaySocket::connect(address, "/ws/duty").await.map_err(|error| match error {
            ConnectError::Unreachable => Ended::Broken { was_on: false },
            ConnectError::NotARelay => Ended::Refused(Refusal::NotARelay),
        })?;
    let RelayToWorker::Challenge { time, ephemeral } = next_frame(&mut socket).await? else {
        return Err(Ended::Refused(Refusal::NotARelay));
    };
    check_clock(context.clock.now(), time)?;
    let Shift { key, certificate, .. } = shift;
    let mac = key
        .sign_in_mac(&ephemeral, address.origin().as_str(), &enrolment.authority, certificate)
        .ok_or(Ended::Refused(Refusal::NotARelay))?;
    let answer = SignIn { authority: enrolment.authority, certificate: *certificate, mac };
    socket.push(WorkerToRelay::SignIn(Box::new(answer)).encode());
    let mut frame = next_frame(&mut socket).await?;
    // A relay may say why it is about to refuse.
    if let RelayToWorker::Revocations(list) = &frame {
        if context.learn_revocations(list) == Learnt::Forged {
            return Err(Ended::Refused(Refusal::NotARelay));
        }
        // Whatever else the relay says.
        if context.is_worker_revoked() {
            socket.finish(Close::Done).await;
            return Err(Ended::Refused(Refusal::CertificateRefused));
        }
        frame = next_frame(&mut socket).await?;
    }
    let RelayToWorker::SignedIn = frame else {
        return Err(Ended::Refused(Refusal::NotARelay));
    };
    let epochs = Epoch::holding(now).into_iter();
    for entry in epochs.flat_map(|epoch| enrolment.epoch_generations(epoch)) {
        if context.is_generation_good(entry.keys.generation()) {
            socket.push(WorkerToRelay::EpochStatement(Box::new(entry.statement)).encode());
        }
    }
    Ok(SignedIn { socket, address: address.clone(), shift, since: now })
}

/// The next frame of a sign-in.
async fn next_frame(socket: &mut RelaySocket) -> Result<RelayToWorker, Ended> {
    match timeout(SIGN_IN_DEADLINE, socket.heard()).await {
        Ok(Heard::Message(bytes)) => {
            RelayToWorker::decode(&bytes).map_err(|_| Ended::Refused(Refusal::NotARelay))
        }
        Ok(Heard::Foreign) => Err(Ended::Refused(Refusal::NotARelay)),
        Ok(Heard::Ended(close)) => Err(judge(close, false)),
        Err(_) => Err(Ended::Broken { was_on: false }),
    }
}

fn check_clock(here: Timestamp, relay: Timestamp) -> Result<(), Ended> {
    if here.distance_seconds(relay) <= CLOCK_DISTANCE_SECONDS_MAX {
        return Ok(());
    }
    output::say(&words(
        "clock-wrong",
        &[("here", dates::moment(here).into()), ("relay", dates::moment(relay).into())],
    ));
    Err(Ended::Refused(Refusal::ClockWrong))
}

/// What the relay's close code means for the worker.
#[allow(clippy::wildcard_enum_match_arm, reason = "every other ending may pass")]
pub(super) fn judge(close: Option<Close>, was_on: bool) -> Ended {
    match close {
        Some(Close::CertificateRefused) => Ended::Refused(Refusal::CertificateRefused),
        Some(Close::CertificateExpired) => Ended::Refused(Refusal::CertificateExpired),
        Some(Close::UnknownService) => Ended::Refused(Refusal::UnknownService),
        Some(Close::SignInRefused) => Ended::Refused(Refusal::SignInRefused),
        Some(Close::StatementRefused) => Ended::Refused(Refusal::StatementRefused),
        _ => Ended::Broken { was_on },
    }
}
