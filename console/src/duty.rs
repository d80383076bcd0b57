//! The duty socket: signing in, the offers of those who wait, accepting one (section 6).

use std::sync::Arc;
use std::time::Duration;

use rand::RngExt;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, sleep_until, timeout};
use vestibule_protocol::Triage;
use vestibule_wire::{
    Close, DeclineReason, Epoch, OfferId, RelayToWorker, SignIn, Timestamp, WorkerToRelay,
};

use crate::channels::{Channels, ColleagueEvent, Letter, Outcome, WayName};
use crate::consultations::SeatGrant;
use crate::context::Context;
use crate::dates;
use crate::enrolment::Shift;
use crate::hub::DutyEvents;
use crate::links::explain;
use crate::messages::{DutyStatus, DutyView, Notice, Refusal};
use crate::offers::{Handled, Offers};
use crate::origin::Origin;
use crate::output;
use crate::relay_socket::{ConnectError, Heard, RelaySocket};
use crate::words::words;

/// For the challenge and for the answer to the sign-in, each.
const SIGN_IN_DEADLINE: Duration = Duration::from_secs(15);
/// Between two clocks, before a worker is told to set theirs.
const CLOCK_DISTANCE_SECONDS_MAX: u32 = 3_600;
const RETRY_SECONDS_MAX: u64 = 30;
/// Sign-ins are renewed at a moment within so many seconds.
const RENEWAL_SPREAD_SECONDS: u32 = 300;
/// And not sooner than this after the last one, whatever the clocks say.
const RENEWAL_SECONDS_MIN: u32 = 600;

/// Hub → duty. Dropping the sender ends the duty.
pub(crate) enum DutyCommand {
    /// The worker takes an offer.
    Accept(OfferId),
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
    },
    /// An offer no longer stands.
    Withdrawn(OfferId),
    /// The worker was first.
    Granted(OfferId, Box<SeatGrant>),
    /// Of a colleague.
    Colleague(ColleagueEvent),
    /// Something that the worker should know.
    Noticed(Notice),
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
            Ok(duty) => serve(duty, &context, &mut commands, &events).await,
            Err(ended) => ended,
        };
        match ended {
            Ended::OffDuty => return,
            Ended::Refused(refusal) => {
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
                    () = off_duty(&mut commands) => return,
                }
            }
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

/// Waits until the worker goes off duty. Commands that come too early or too late mean nothing.
async fn off_duty(commands: &mut mpsc::Receiver<DutyCommand>) {
    while commands.recv().await.is_some() {}
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
            () = off_duty(commands) => return Err(Ended::OffDuty),
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
    let RelayToWorker::SignedIn = next_frame(&mut socket).await? else {
        return Err(Ended::Refused(Refusal::NotARelay));
    };
    for entry in Epoch::holding(now).into_iter().filter_map(|epoch| enrolment.epoch(epoch)) {
        socket.push(WorkerToRelay::EpochStatement(Box::new(entry.statement)).encode());
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

/// How long a sign-in serves: until the next epoch begins, whose statement the relay needs, or until
/// the certificate ends. Some minutes are left to chance, so that not everybody is away at once.
fn renewal_seconds(signed_in_at: Timestamp, certificate_ends: Timestamp) -> u32 {
    let next_epoch = Epoch(Epoch::current(signed_in_at).0.saturating_add(1)).starts_at();
    let last = Timestamp(certificate_ends.0.saturating_sub(2 * RENEWAL_SPREAD_SECONDS));
    let soonest = signed_in_at.plus_seconds(RENEWAL_SECONDS_MIN);
    let at = next_epoch.min(last).max(soonest);
    at.distance_seconds(signed_in_at) + rand::rng().random_range(1..=RENEWAL_SPREAD_SECONDS)
}

/// Carries offers, acceptances and whispers until the socket or the duty ends.
async fn serve(
    duty: Duty<'_>,
    context: &Context,
    commands: &mut mpsc::Receiver<DutyCommand>,
    events: &DutyEvents,
) -> Ended {
    let Duty { mut socket, origin, shift, signed_in_at } = duty;
    let certificate_ends = shift.content.valid_to;
    let serves_seconds = renewal_seconds(signed_in_at, certificate_ends);
    let renewal = Instant::now() + Duration::from_secs(u64::from(serves_seconds));
    let mut offers = Offers::new(context, origin.clone());
    let mut channels = Channels::new(context, shift, origin);
    events.send(status(DutyStatus::On, None)).await;
    loop {
        let bytes = tokio::select! {
            () = sleep_until(renewal) => {
                socket.finish(Close::Done).await;
                return Ended::Renewed;
            }
            heard = socket.heard() => match heard {
                Heard::Message(bytes) => bytes,
                Heard::Foreign => break,
                // A new day's certificate is there to sign in with again.
                Heard::Ended(Some(Close::CertificateExpired))
                    if has_newer_shift(context, certificate_ends) =>
                {
                    return Ended::Renewed;
                }
                Heard::Ended(close) => return judge(close, true),
            },
            command = commands.recv() => {
                match command {
                    Some(DutyCommand::Accept(offer)) if offers.accept(offer) => {
                        socket.push(WorkerToRelay::Accept(offer).encode());
                    }
                    Some(DutyCommand::Accept(offer)) => {
                        events.send(DutyEvent::Withdrawn(offer)).await;
                    }
                    Some(DutyCommand::Tell(way, letters)) => {
                        pass_on(channels.tell(way, letters), &mut socket, events).await;
                    }
                    None => {
                        socket.finish(Close::Done).await;
                        return Ended::OffDuty;
                    }
                }
                continue;
            }
        };
        let Ok(frame) = RelayToWorker::decode(&bytes) else { break };
        if !take(frame, &mut offers, &mut channels, &mut socket, events).await {
            break;
        }
    }
    socket.finish(Close::Malformed).await;
    Ended::Broken { was_on: true }
}

/// Takes what the relay says after the sign-in. `false` when no relay says it now.
async fn take(
    frame: RelayToWorker,
    offers: &mut Offers<'_>,
    channels: &mut Channels<'_>,
    socket: &mut RelaySocket,
    events: &DutyEvents,
) -> bool {
    let handled = match frame {
        RelayToWorker::Colleague(id, certificate) => {
            pass_on(channels.colleague(id, &certificate), socket, events).await;
            return true;
        }
        RelayToWorker::ColleagueLeft(id) => {
            pass_on(channels.colleague_left(id), socket, events).await;
            return true;
        }
        RelayToWorker::Whispered(id, cell) => {
            pass_on(channels.whispered(id, &cell), socket, events).await;
            return true;
        }
        RelayToWorker::Revocations(_) => return true,
        RelayToWorker::Challenge { .. } | RelayToWorker::SignedIn => return false,
        RelayToWorker::Offer { offer, waited_seconds, link, opening } => {
            offers.offered(offer, waited_seconds, link, opening)
        }
        RelayToWorker::Withdrawn(offer, reason) => offers.withdrawn(offer, reason),
        RelayToWorker::Granted(offer, seat) => offers.granted(offer, seat),
    };
    match handled {
        Handled::Nothing => {}
        Handled::Tell(event) => events.send(event).await,
        Handled::Decline(offer, reason) => {
            socket.push(WorkerToRelay::Decline(offer, reason).encode());
            if let Some(notice) = notice_of(reason) {
                events.send(DutyEvent::Noticed(notice)).await;
            }
        }
        Handled::NotAllowed => return false,
    }
    true
}

async fn pass_on(outcome: Outcome, socket: &mut RelaySocket, events: &DutyEvents) {
    for frame in outcome.frames {
        socket.push(frame.encode());
    }
    for event in outcome.events {
        events.send(DutyEvent::Colleague(event)).await;
    }
}

fn has_newer_shift(context: &Context, certificate_ends: Timestamp) -> bool {
    let newer = context.enrolment.shift_at(context.clock.now());
    newer.is_ok_and(|shift| shift.content.valid_to > certificate_ends)
}

fn notice_of(reason: DeclineReason) -> Option<Notice> {
    match reason {
        DeclineReason::Spent => Some(Notice::LinkAlreadyUsed),
        DeclineReason::Unreadable => Some(Notice::OpeningDamaged),
        DeclineReason::NoKey => None,
    }
}

#[cfg(test)]
mod tests;
