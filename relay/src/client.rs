//! A client's socket from its upgrade to the end of its consultation.

use std::sync::Arc;

use tokio::sync::mpsc;
use vestibule_wire::{
    AuthorityKey, ClientToRelay, Close, Epoch, RelayToClient, RelayToSeat, Token, TokenError,
};

use crate::Limits;
use crate::connection::{Connection, Ended};
use crate::lobby::ToClient;
use crate::relay::Shared;
use crate::stop::Stop;
use crate::switchboard;

/// Serves `/ws/client`.
pub(crate) async fn serve(mut connection: Box<Connection>, shared: Arc<Shared>, mut stop: Stop) {
    let shared = &*shared;
    let time = RelayToClient::RelayTime(shared.clock.now());
    connection.send(&time.encode());
    let opened = tokio::select! {
        opened = read_open(&mut connection, shared) => opened,
        () = stop.requested() => Err(Close::GoingAway),
    };
    let matched = match opened {
        Ok(open) => wait(connection, open, shared, &mut stop).await,
        Err(close) => return connection.close(close, &shared.limits).await,
    };
    if let Some((mut connection, mut seat)) = matched {
        connection.send(&RelayToClient::Matched.encode());
        seat.send(&RelayToSeat::Seated.encode());
        Box::pin(switchboard::run(connection, seat, &shared.limits, &mut stop)).await;
    }
}

/// Reads `open` and makes every check that needs no memory of the link.
async fn read_open(
    connection: &mut Connection,
    shared: &Shared,
) -> Result<Box<ClientToRelay>, Close> {
    let deadline = shared.limits.first_frame_deadline;
    let message = connection.first_message(ClientToRelay::LEN_MAX, deadline).await;
    let message = message.map_err(Ended::reply)?;
    let open = ClientToRelay::decode(&message).map_err(|_| Close::Malformed)?;
    let ClientToRelay::Open { authority, token, .. } = &open else {
        return Err(Close::Malformed);
    };
    check_link(*authority, token, shared)?;
    Ok(Box::new(open))
}

/// The checks of section 6, in its order.
fn check_link(authority: AuthorityKey, token: &Token, shared: &Shared) -> Result<(), Close> {
    if !shared.serves(authority) {
        return Err(Close::UnknownService);
    }
    let now = shared.clock.now();
    let epoch = token.name.epoch;
    if !epoch.holds(now) {
        let over = epoch < Epoch::current(now);
        return Err(if over { Close::LinkExpired } else { Close::NotReady });
    }
    let statement = shared.statements.find(authority, epoch).ok_or(Close::NotReady)?;
    token.verify(&statement, now).map_err(|error| match error {
        TokenError::Expired => Close::LinkExpired,
        TokenError::WrongSignature => Close::LinkRefused,
    })
}

/// Waits for a worker; returns both sockets when it comes.
async fn wait(
    connection: Box<Connection>,
    open: Box<ClientToRelay>,
    shared: &Shared,
    stop: &mut Stop,
) -> Option<(Box<Connection>, Box<Connection>)> {
    let ClientToRelay::Open { authority, token, opening } = *open else {
        return None;
    };
    let (client, words) = shared.lobby.client_arrived(authority, token.name, opening).await;
    match wait_for_seat(connection, words, &shared.limits, stop).await {
        Waited::Matched(connection, seat) => return Some((connection, seat)),
        Waited::Closed(connection, close) => connection.close(close, &shared.limits).await,
        Waited::Left(connection, ended, seat) => {
            shared.lobby.client_left(authority, client).await;
            match seat {
                Some(seat) => switchboard::part(connection, ended, seat, &shared.limits).await,
                None => connection.close(ended.reply(), &shared.limits).await,
            }
        }
    }
    None
}

/// How a client's wait ended.
enum Waited {
    /// A worker's socket came.
    Matched(Box<Connection>, Box<Connection>),
    /// The lobby says so, and knows the client no longer.
    Closed(Box<Connection>, Close),
    /// The client left. A worker's socket may have come in this very moment.
    Left(Box<Connection>, Ended, Option<Box<Connection>>),
}

async fn wait_for_seat(
    mut connection: Box<Connection>,
    mut words: mpsc::Receiver<ToClient>,
    limits: &Limits,
    stop: &mut Stop,
) -> Waited {
    let mut ticks = switchboard::ticks(limits);
    let ended = loop {
        tokio::select! {
            word = words.recv() => match word {
                Some(ToClient::Waiting(wait)) => {
                    connection.send(&RelayToClient::Waiting(wait).encode());
                }
                Some(ToClient::Matched(seat)) => return match seat.await {
                    Ok(seat) => Waited::Matched(connection, seat),
                    Err(_) => Waited::Closed(connection, Close::PeerLeft),
                },
                Some(ToClient::Close(close)) => return Waited::Closed(connection, close),
                None => break Ended::Refused(Close::TooSlow),
            },
            ended = connection.ended(&mut ticks, limits, stop) => break ended,
        }
    };
    // Nobody is matched with this client from here on; somebody may have been just now.
    words.close();
    let mut seat = None;
    while let Some(word) = words.recv().await {
        if let ToClient::Matched(coming) = word {
            seat = coming.await.ok();
        }
    }
    Waited::Left(connection, ended, seat)
}

#[cfg(test)]
mod tests;
