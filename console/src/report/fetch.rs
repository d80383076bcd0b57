//! Fetching the periods from a relay (section 5 of the protocol): a coordinator signs in and asks.

use std::time::Duration;

use tokio::time::timeout;
use vestibule_wire::{
    Close, IndicatorsToRelay, Period, RelayToIndicators, Role, SignIn, Timestamp,
};

use super::{Question, Report};
use crate::clock::Clock;
use crate::enrolment::{Enrolment, NotEnrolled, Shift};
use crate::links;
use crate::nodes::Address;
use crate::origin::Origin;
use crate::problem::Problem;
use crate::relay_socket::{ConnectError, Heard, RelaySocket};

/// From the connection to the last period.
const DEADLINE: Duration = Duration::from_secs(45);
/// A relay keeps fewer.
const PERIODS_MAX: usize = 200;
/// Between two clocks, before somebody is told to set theirs.
const CLOCK_DISTANCE_SECONDS_MAX: u32 = 3_600;

/// Why there is no report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoReport {
    /// The enrolment is another worker's.
    NotCoordinator,
    /// The enrolment is of no use now.
    NotEnrolled(NotEnrolled),
    /// Nobody answers, or the answer broke off.
    Unreachable,
    /// Somebody answers who is not a relay, or one that is too old to count.
    NotARelay,
    /// The relay does not accept the sign-in.
    Refused,
    /// The clocks differ.
    ClockWrong,
    /// The relay has not published any period that began in this time.
    NoPeriods,
}

impl From<NoReport> for Problem {
    fn from(why: NoReport) -> Self {
        match why {
            NoReport::NotCoordinator => Problem::new("report-not-coordinator", &[]),
            NoReport::NotEnrolled(error) => links::explain(error),
            NoReport::Unreachable => Problem::new("report-unreachable", &[]),
            NoReport::NotARelay => Problem::new("report-not-a-relay", &[]),
            NoReport::Refused => Problem::new("report-refused", &[]),
            NoReport::ClockWrong => Problem::new("report-clock-wrong", &[]),
            NoReport::NoPeriods => Problem::new("report-no-periods", &[]),
        }
    }
}

/// Fetches the periods that began in this time. Each of the relay's addresses is tried in turn.
pub(crate) async fn fetch(
    enrolment: &Enrolment,
    clock: Clock,
    Question { from, until }: Question,
) -> Result<Report, NoReport> {
    let shift = enrolment.shift_at(clock.now()).map_err(NoReport::NotEnrolled)?;
    if shift.content.role != Role::Coordinator {
        return Err(NoReport::NotCoordinator);
    }
    let mut why = NoReport::Unreachable;
    for origin in enrolment.origins.iter().filter(|origin| !origin.is_onion()) {
        let asked = Box::pin(ask(enrolment, shift, clock, origin, (from, until)));
        let answer = timeout(DEADLINE, asked).await.unwrap_or(Err(NoReport::Unreachable));
        match answer {
            Ok(periods) => return report(enrolment, periods, (from, until)),
            Err(NoReport::Unreachable) => {}
            // Another address may lead to a relay, but not to another judgement of this enrolment.
            Err(NoReport::NotARelay) => why = NoReport::NotARelay,
            Err(other) => return Err(other),
        }
    }
    Err(why)
}

fn report(
    enrolment: &Enrolment,
    mut periods: Vec<Period>,
    (from, until): (Timestamp, Timestamp),
) -> Result<Report, NoReport> {
    if periods.is_empty() {
        return Err(NoReport::NoPeriods);
    }
    periods.sort_by_key(|period| period.start);
    Ok(Report {
        authority: enrolment.authority,
        service: enrolment.service_name.clone(),
        from,
        until,
        periods,
    })
}

async fn ask(
    enrolment: &Enrolment,
    shift: &Shift,
    clock: Clock,
    origin: &Origin,
    (from, until): (Timestamp, Timestamp),
) -> Result<Vec<Period>, NoReport> {
    let connected = RelaySocket::connect(&Address::of(origin), "/ws/indicators").await;
    let mut socket = connected.map_err(|error| match error {
        ConnectError::Unreachable => NoReport::Unreachable,
        ConnectError::NotARelay => NoReport::NotARelay,
    })?;
    let Some(RelayToIndicators::Challenge { time, ephemeral }) = next(&mut socket).await? else {
        return Err(NoReport::NotARelay);
    };
    if clock.now().distance_seconds(time) > CLOCK_DISTANCE_SECONDS_MAX {
        return Err(NoReport::ClockWrong);
    }
    let (authority, certificate) = (enrolment.authority, shift.certificate);
    let mac = shift.key.sign_in_mac(&ephemeral, origin.as_str(), &authority, &certificate);
    let mac = mac.ok_or(NoReport::NotARelay)?;
    let sign_in = Box::new(SignIn { authority, certificate, mac });
    socket.push(IndicatorsToRelay::SignIn(sign_in).encode());
    let Some(RelayToIndicators::SignedIn) = next(&mut socket).await? else {
        return Err(NoReport::NotARelay);
    };
    socket.push(IndicatorsToRelay::ReportRequest { from, until }.encode());
    let mut periods: Vec<Period> = Vec::new();
    while let Some(frame) = next(&mut socket).await? {
        let RelayToIndicators::Period(period) = frame else { return Err(NoReport::NotARelay) };
        let is_new = periods.iter().all(|known| known.start != period.start);
        let asked_for = (from..until).contains(&period.start) && period.start < period.end;
        if !is_new || !asked_for || periods.len() >= PERIODS_MAX {
            socket.finish(Close::Malformed).await;
            return Err(NoReport::NotARelay);
        }
        periods.push(*period);
    }
    Ok(periods)
}

/// The next frame, or none when the relay has said everything.
#[allow(clippy::wildcard_enum_match_arm, reason = "every other ending may pass")]
async fn next(socket: &mut RelaySocket) -> Result<Option<RelayToIndicators>, NoReport> {
    match socket.heard().await {
        Heard::Message(bytes) => {
            RelayToIndicators::decode(&bytes).map(Some).map_err(|_| NoReport::NotARelay)
        }
        Heard::Foreign => Err(NoReport::NotARelay),
        Heard::Ended(Some(close)) => match close {
            Close::Done => Ok(None),
            Close::CertificateRefused
            | Close::CertificateExpired
            | Close::SignInRefused
            | Close::UnknownService => Err(NoReport::Refused),
            Close::Malformed => Err(NoReport::NotARelay),
            _ => Err(NoReport::Unreachable),
        },
        Heard::Ended(None) => Err(NoReport::Unreachable),
    }
}
