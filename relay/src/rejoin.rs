//! A socket of either end whose socket before it broke: it waits at a route for the other end's
//! (section 6, "Rejoining").
//!
//! Whoever comes second hands its socket to the task of the one who waits, which serves both from
//! then on. No socket is lost on the way: it is taken, or its sender has it back.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;
use vestibule_wire::{Close, EndToRelay, RelayToEnd, Side};
use zeroize::{Zeroize, Zeroizing};

use crate::Limits;
use crate::connection::{Connection, Ended};
use crate::relay::Shared;
use crate::rendezvous::{Arrival, Place, Rendezvous, VisitId};
use crate::stop::Stop;
use crate::switchboard;

/// Leads to one who waits. It is dropped unused when a newer socket of the same end waits instead.
type Way = oneshot::Sender<Box<Connection>>;

/// Serves `/ws/rejoin`.
pub(crate) async fn serve(mut connection: Box<Connection>, shared: Arc<Shared>, mut stop: Stop) {
    let Shared { limits, meeting_point, .. } = &*shared;
    let rejoin = tokio::select! {
        rejoin = read_rejoin(&mut connection, limits) => rejoin,
        () = stop.requested() => Err(Close::GoingAway),
    };
    let (side, place) = match rejoin {
        Ok(rejoin) => rejoin,
        Err(close) => return connection.close(close, limits).await,
    };
    let joined = match meeting_point.arrive(connection, side, place) {
        Arrived::HandedOver => None,
        Arrived::Waits(connection, visit) => wait(connection, visit, limits, &mut stop).await,
        Arrived::Crowded(connection) => {
            connection.close(Close::Crowded, limits).await;
            None
        }
    };
    if let Some((mut connection, mut other)) = joined {
        let frame = RelayToEnd::Joined.encode();
        connection.send(&frame);
        other.send(&frame);
        switchboard::begin(connection, other, Arc::clone(&shared), stop);
    }
}

/// Reads `rejoin`. Of the route nothing is left but its place.
async fn read_rejoin(
    connection: &mut Connection,
    limits: &Limits,
) -> Result<(Side, Arc<Place>), Close> {
    let message = connection.first_message(EndToRelay::LEN_MAX, limits.first_frame_deadline).await;
    let message = Zeroizing::new(message.map_err(Ended::reply)?);
    let rejoin = EndToRelay::decode(&message).map_err(|_| Close::Malformed)?;
    let EndToRelay::Rejoin { side, mut route } = rejoin;
    let place = Place::at(&route);
    route.0.zeroize();
    Ok((side, place))
}

/// Who waits at the routes of a relay.
pub(crate) struct MeetingPoint(Mutex<Rendezvous<Way>>);

/// What became of a socket that arrived.
enum Arrived<'a> {
    /// The task of the other end has it.
    HandedOver,
    /// It waits.
    Waits(Box<Connection>, Visit<'a>),
    /// Too many wait already.
    Crowded(Box<Connection>),
}

/// One socket's wait, which is over when this is dropped.
struct Visit<'a> {
    meeting_point: &'a MeetingPoint,
    place: Arc<Place>,
    id: VisitId,
    /// Brings the other end's socket.
    other: oneshot::Receiver<Box<Connection>>,
}

impl MeetingPoint {
    /// Nobody waits.
    pub(crate) fn new(limits: &Limits) -> Self {
        Self(Mutex::new(Rendezvous::new(limits.rejoining_sockets_max)))
    }

    fn arrive(
        &self,
        mut connection: Box<Connection>,
        side: Side,
        place: Arc<Place>,
    ) -> Arrived<'_> {
        loop {
            let (way, other) = oneshot::channel();
            let arrival = self.rules().arrive(side, &place, way);
            match arrival {
                Arrival::Meets(way) => match way.send(connection) {
                    Ok(()) => return Arrived::HandedOver,
                    // It left in this very moment. Now somebody else waits here, or nobody.
                    Err(back) => connection = back,
                },
                Arrival::Waits { visit: id, .. } => {
                    return Arrived::Waits(
                        connection,
                        Visit { meeting_point: self, place, id, other },
                    );
                }
                Arrival::Crowded => return Arrived::Crowded(connection),
            }
        }
    }

    fn rules(&self) -> MutexGuard<'_, Rendezvous<Way>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Visit<'_> {
    fn drop(&mut self) {
        self.meeting_point.rules().leave(&self.place, self.id);
    }
}

/// Waits for the other end; returns both sockets when it comes.
async fn wait(
    mut connection: Box<Connection>,
    mut visit: Visit<'_>,
    limits: &Limits,
    stop: &mut Stop,
) -> Option<(Box<Connection>, Box<Connection>)> {
    connection.send(&RelayToEnd::Alone.encode());
    let mut ticks = switchboard::ticks(limits);
    let ended = tokio::select! {
        other = &mut visit.other => match other {
            Ok(other) => return Some((connection, other)),
            Err(_) => Ended::Refused(Close::RejoinedElsewhere),
        },
        ended = connection.ended(&mut ticks, limits, stop) => ended,
    };
    // The other end may have come just now. Whoever comes from here on has its socket back.
    visit.other.close();
    let other = visit.other.try_recv();
    drop(visit);
    match other {
        Ok(other) => switchboard::part(connection, ended, other, limits).await,
        Err(_) => connection.close(ended.reply(), limits).await,
    }
    None
}

#[cfg(test)]
mod tests;
