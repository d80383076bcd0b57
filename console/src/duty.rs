//! The duty socket (section 6): signing in, again and again; `serving` is what goes over it then.

mod serving;

use std::sync::Arc;
use std::time::Duration;

use rand::RngExt;
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};
use vestibule_protocol::Triage;
use vestibule_wire::{
    Close, Epoch, LinkName, OfferId, RelayToWorker, SignIn, Timestamp, WorkerToRelay,
};

use crate::channels::{ColleagueEvent, Letter, WayName};
use crate::consultations::SeatGrant;
use crate::context::{Context, Learnt};
use crate::dates;
use crate::enrolment::Shift;
use crate::hub::DutyEvents;
use crate::links::explain;
use crate::messages::{DutyStatus, DutyView, Notice, Refusal};
use crate::origin::Origin;
use crate::output;
use crate::relay_socket::{ConnectError, Heard, RelaySocket};
use crate::words::words;

/// For the challenge and for the answer to the sign-in, each.
const SIGN_IN_DEADLINE: Duration = Duration::from_secs(15);
/// Between two clocks, before a worker is told to set theirs.
const CLOCK_DISTANCE_SECONDS_MAX: u32 = 3_600;
const RETRY_SECONDS_MAX: u64 = 30;

/// Hub → duty. Dropping the sender ends the duty.
pub(crate) enum DutyCommand {
    /// The worker takes an offer.
    Accept(OfferId),
    /// The worker does not want to see an offer again.
    Refuse(OfferId),
    /// The network may be there again, or may have been lost.
    TryNow,
    /// Something goes to a colleague.
    Tell(WayName, Vec<Letter>),
}

/// Duty → hub.
pub(crate) enum DutyEvent {
    /// Whether the relay has the worker on duty.
    Status(DutyView),
    /// Somebody waits.
    Offered {
        /// Names the offer.
        offer: OfferId,
        /// What the client chose.
        triage: Triage,
        /// Since when, by this machine's clock.
        since: Timestamp,
        /// With which link.
        link: LinkName,
    },
    /// An offer no longer stands.
    Withdrawn(OfferId),
    /// It was accepted, cannot be granted just now, and still stands.
    Deferred(OfferId),
    /// The worker was first.
    Granted(OfferId, Box<SeatGrant>),
    /// Of a colleague.
    Colleague(ColleagueEvent),
    /// Something that the worker should know.
    Noticed(Notice),
    /// The service has sent this worker off.
    OwnKeyRevoked,
    /// It may have sent others off.
    RevocationsHeard,
    /// The relay's offers, and the ways to colleagues, are gone with its socket.
    Cleared,
}

/// How one connection ended.
enum Ended {
    /// The worker went off duty.
    OffDuty,
    /// Trying again is of no use.
    Refused(Refusal),
    /// It may go better next time.
    Broken { was_on: bool },
    /// It was given up because it may go better at once.
    TryNow,
    /// A new epoch or a new day has begun: the relay needs to be told.
    Renewed,
}

/// Is on duty until the commands end, or the relay refuses.
pub(crate) async fn run(
    context: Arc<Context>,
    mut commands: mpsc::Receiver<DutyCommand>,
    events: DutyEvents,
) {
    let mut failures = 0;
    events.send(status(DutyStatus::Connecting, None)).await;
    loop {
        let ended = match connect_somewhere(&context, &mut commands).await {
            Ok(duty) => serving::serve(duty, &context, &mut commands, &events).await,
            Err(ended) => ended,
        };
        match ended {
            Ended::OffDuty => return,
            Ended::Refused(refusal) => {
                if context.is_worker_revoked() {
                    events.send(DutyEvent::OwnKeyRevoked).await;
                }
                events.send(DutyEvent::Cleared).await;
                events.send(status(DutyStatus::Refused, Some(refusal))).await;
                return;
            }
            Ended::Renewed => events.send(DutyEvent::Cleared).await,
            Ended::Broken { was_on } => {
                failures = if was_on { 0 } else { failures + 1 };
                events.send(DutyEvent::Cleared).await;
                events.send(status(DutyStatus::Unreachable, None)).await;
                tokio::select! {
                    () = sleep(retry_delay(failures)) => {}
                    told = told(&mut commands) => match told {
                        Told::TryNow => failures = 0,
                        Told::OffDuty => return,
                    },
                }
            }
            Ended::TryNow => failures = 0,
        }
    }
}

/// One second, then twice as long each time, up to half a minute; up to half of it is left to chance,
/// so that the workers of a relay that was restarted do not all come at once.
fn retry_delay(failures: u32) -> Duration {
    let seconds = 1_u64.checked_shl(failures).unwrap_or(u64::MAX).min(RETRY_SECONDS_MAX);
    let longest = seconds * 1_000;
    Duration::from_millis(rand::rng().random_range(longest / 2..=longest))
}

fn status(status: DutyStatus, reason: Option<Refusal>) -> DutyEvent {
    DutyEvent::Status(DutyView { status, reason })
}

/// What the desk wants while there is no socket.
enum Told {
    OffDuty,
    TryNow,
}

/// Other commands come too early or too late, and mean nothing.
async fn told(commands: &mut mpsc::Receiver<DutyCommand>) -> Told {
    loop {
        match commands.recv().await {
            Some(DutyCommand::TryNow) => return Told::TryNow,
            Some(DutyCommand::Accept(_) | DutyCommand::Refuse(_) | DutyCommand::Tell(..)) => {}
            None => return Told::OffDuty,
        }
    }
}

/// A socket on which the sign-in was accepted.
struct Duty<'a> {
    socket: RelaySocket,
    origin: Origin,
    shift: &'a Shift,
    signed_in_at: Timestamp,
}

/// Tries each of the relay's addresses in turn.
async fn connect_somewhere<'a>(
    context: &'a Context,
    commands: &mut mpsc::Receiver<DutyCommand>,
) -> Result<Duty<'a>, Ended> {
    let mut all_foreign = true;
    for origin in context.enrolment.origins.iter().filter(|origin| !origin.is_onion()) {
        let signed_in = tokio::select! {
            signed_in = Box::pin(sign_in(context, origin)) => signed_in,
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

async fn sign_in<'a>(context: &'a Context, origin: &Origin) -> Result<Duty<'a>, Ended> {
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
        RelaySocket::connect(origin, "/ws/duty").await.map_err(|error| match error {
            ConnectError::Unreachable => Ended::Broken { was_on: false },
            ConnectError::NotARelay => Ended::Refused(Refusal::NotARelay),
        })?;
    let RelayToWorker::Challenge { time, ephemeral } = next_frame(&mut socket).await? else {
        return Err(Ended::Refused(Refusal::NotARelay));
    };
    check_clock(context.clock.now(), time)?;
    let Shift { key, certificate, .. } = shift;
    let mac = key
        .sign_in_mac(&ephemeral, origin.as_str(), &enrolment.authority, certificate)
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
    Ok(Duty { socket, origin: origin.clone(), shift, signed_in_at: now })
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
fn judge(close: Option<Close>, was_on: bool) -> Ended {
    match close {
        Some(Close::CertificateRefused) => Ended::Refused(Refusal::CertificateRefused),
        Some(Close::CertificateExpired) => Ended::Refused(Refusal::CertificateExpired),
        Some(Close::UnknownService) => Ended::Refused(Refusal::UnknownService),
        Some(Close::SignInRefused) => Ended::Refused(Refusal::SignInRefused),
        Some(Close::StatementRefused) => Ended::Refused(Refusal::StatementRefused),
        _ => Ended::Broken { was_on },
    }
}

#[cfg(test)]
mod tests;
