//! A worker's socket for one consultation, until the client's task takes it over.

use std::sync::Arc;

use vestibule_wire::{Close, SeatToRelay};

use crate::connection::{Connection, Ended};
use crate::relay::Shared;
use crate::stack;
use crate::stop::Stop;

/// Serves `/ws/seat`.
pub(crate) async fn serve(mut connection: Box<Connection>, shared: Arc<Shared>, mut stop: Stop) {
    let shared = &*shared;
    let deadline = shared.limits.first_frame_deadline;
    let message = tokio::select! {
        message = connection.first_message(SeatToRelay::LEN_MAX, deadline) => {
            message.map_err(Ended::reply)
        }
        () = stop.requested() => Err(Close::GoingAway),
    };
    let refused = match message.map(|message| SeatToRelay::decode(&message)) {
        Ok(Ok(SeatToRelay::TakeSeat(seat))) => {
            match stack::wiping(shared.lobby.seat_taken(seat)).await {
                Some(way) => match way.send(connection) {
                    Ok(()) => return,
                    // The client's task has ended.
                    Err(back) => {
                        connection = back;
                        Close::PeerLeft
                    }
                },
                None => Close::SeatGone,
            }
        }
        Ok(Err(_)) => Close::Malformed,
        Err(close) => close,
    };
    shared.refusals.count(refused);
    connection.close(refused, &shared.limits).await;
}
