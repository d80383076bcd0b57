//! `/ws/indicators` (section 6): a console hands in a slip, or a coordinator reads the sums.

use std::sync::Arc;

use tokio::time::timeout;
use vestibule_wire::{
    Challenge, Close, Epoch, IndicatorsToRelay, RelayToIndicators, Role, SIGNATURE_LEN, SignIn,
    Slip,
};

use crate::entropy::random_bytes;
use crate::frame_socket::FrameSocket;
use crate::redis_store::SlipClaim;
use crate::relay::Shared;
use crate::stop::Stop;
use crate::worker_auth::{check_sign_in, revoked_by, role_of};

/// Serves `/ws/indicators`.
pub(crate) async fn serve(mut socket: FrameSocket, shared: Arc<Shared>, mut stop: Stop) {
    let shared = &*shared;
    let close = serve_one(&mut socket, shared, &mut stop).await.err().unwrap_or(Close::Done);
    socket.close(close, shared).await;
}

async fn serve_one(
    socket: &mut FrameSocket,
    shared: &Shared,
    stop: &mut Stop,
) -> Result<(), Close> {
    let _place = shared.indicator_places.try_acquire().map_err(|_| Close::Crowded)?;
    let challenge = Challenge::from_random(random_bytes());
    let (time, ephemeral) = (shared.clock.now(), challenge.public());
    socket.send(RelayToIndicators::Challenge { time, ephemeral }.encode(), shared).await?;
    let first = tokio::select! {
        first = next_frame(socket, shared) => first?,
        () = stop.requested() => return Err(Close::GoingAway),
    };
    match first {
        IndicatorsToRelay::HandIn(slip, signature) => {
            count(*slip, &signature, shared).await?;
            // A relay that stops still says so: a console that hears nothing hands in again, and the
            // next start of the relay does not know what this one has counted.
            socket.send(RelayToIndicators::Counted.encode(), shared).await
        }
        IndicatorsToRelay::SignIn(sign_in) => tokio::select! {
            told = report(socket, challenge, &sign_in, shared) => told,
            () = stop.requested() => Err(Close::GoingAway),
        },
        IndicatorsToRelay::ReportRequest { .. } => Err(Close::Malformed),
    }
}

async fn next_frame(socket: &mut FrameSocket, shared: &Shared) -> Result<IndicatorsToRelay, Close> {
    let frame = socket.next_frame(IndicatorsToRelay::decode);
    timeout(shared.limits.first_frame_deadline, frame).await.unwrap_or(Err(Close::TooSlow))
}

/// Counts a slip that a key of the service signed which the service still believes.
async fn count(slip: Slip, signature: &[u8; SIGNATURE_LEN], shared: &Shared) -> Result<(), Close> {
    let known = shared.revocations.watch(slip.authority).ok_or(Close::UnknownService)?;
    let now = shared.clock.now();
    if !slip.epoch.holds(now) {
        let is_over = slip.epoch < Epoch::current(now);
        return Err(if is_over { Close::SlipRefused } else { Close::NotReady });
    }
    let statements = shared.statements.find(slip.authority, slip.epoch);
    let statement = statements.iter().find(|statement| statement.generation == slip.generation);
    let is_revoked =
        known.borrow().as_deref().is_some_and(|known| slip.generation < known.lowest_generation());
    if is_revoked {
        return Err(Close::SlipRefused);
    }
    if !slip.is_signed_by(statement.ok_or(Close::NotReady)?, signature) {
        return Err(Close::SlipRefused);
    }
    if !shared.indicators.counts(slip.authority) {
        return Err(Close::NotReady);
    }
    count_once(slip, shared).await
}

/// Counts a slip here, unless another relay has, where several serve as one.
async fn count_once(slip: Slip, shared: &Shared) -> Result<(), Close> {
    let Some(slips) = &shared.slips else {
        shared.indicators.count_slip(&slip);
        return Ok(());
    };
    let (authority, id, indicators) = (slip.authority, slip.id, Arc::clone(&shared.indicators));
    match slips.count(authority, &id, move || indicators.count_slip(&slip)).await {
        SlipClaim::Ours | SlipClaim::Counted => Ok(()),
        SlipClaim::Unknown => Err(Close::Crowded),
    }
}

/// Tells a coordinator the periods that it asks for.
async fn report(
    socket: &mut FrameSocket,
    challenge: Challenge,
    sign_in: &SignIn,
    shared: &Shared,
) -> Result<(), Close> {
    let signed_in = check_sign_in(challenge, sign_in, shared)?;
    let certificate = &signed_in.certificate;
    let is_revoked = || revoked_by(signed_in.revocations.borrow().as_deref(), certificate);
    if role_of(certificate) != Some(Role::Coordinator) || is_revoked() {
        return Err(Close::CertificateRefused);
    }
    socket.send(RelayToIndicators::SignedIn.encode(), shared).await?;
    let IndicatorsToRelay::ReportRequest { from, until } = next_frame(socket, shared).await? else {
        return Err(Close::Malformed);
    };
    if is_revoked() {
        return Err(Close::CertificateRefused);
    }
    let periods = shared.indicators.periods(signed_in.authority, (from, until)).await;
    for period in periods.map_err(|_| Close::Crowded)? {
        socket.send(RelayToIndicators::Period(Box::new(period)).encode(), shared).await?;
    }
    Ok(())
}
