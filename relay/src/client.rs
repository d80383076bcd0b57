//! A client's socket from its upgrade to the end of its consultation.

use std::sync::Arc;

use vestibule_wire::{AuthorityKey, ClientToRelay, Close, Epoch, RelayToClient, Token, TokenError};

use crate::connection::{Connection, Ended};
use crate::lobby::ToClient;
use crate::relay::Shared;
use crate::stop::Stop;
use crate::switchboard;

/// Serves `/ws/client`.
pub(crate) async fn serve(mut connection: Connection, shared: Arc<Shared>, mut stop: Stop) {
    let shared = &*shared;
    let time = RelayToClient::RelayTime(shared.clock.now());
    connection.send(&time.encode());
    let opened = tokio::select! {
        opened = read_open(&mut connection, shared) => opened,
        () = stop.requested() => Err(Close::GoingAway),
    };
    let waited = match opened {
        Ok(open) => wait(&mut connection, open, shared, &mut stop).await,
        Err(close) => Err(close),
    };
    match waited {
        Ok(mut seat) => {
            connection.send(&RelayToClient::Matched.encode());
            seat.send(&vestibule_wire::RelayToSeat::Seated.encode());
            Box::pin(switchboard::run(connection, seat, &shared.limits, &mut stop)).await;
        }
        Err(close) => connection.close(close, &shared.limits).await,
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
    let ClientToRelay::Open { authority, token, .. } = &open;
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

/// Waits for a worker; returns the worker's socket.
async fn wait(
    connection: &mut Connection,
    open: Box<ClientToRelay>,
    shared: &Shared,
    stop: &mut Stop,
) -> Result<Connection, Close> {
    let ClientToRelay::Open { authority, token, opening } = *open;
    let (client, mut words) = shared.lobby.client_arrived(authority, token.name, opening).await;
    let mut ticks = switchboard::ticks(&shared.limits);
    let closed = loop {
        tokio::select! {
            word = words.recv() => match word {
                Some(ToClient::Waiting(wait)) => {
                    connection.send(&RelayToClient::Waiting(wait).encode());
                }
                // Nobody at the other end of the way: the worker left in this very moment.
                Some(ToClient::Matched(seat)) => return seat.await.map_err(|_| Close::PeerLeft),
                Some(ToClient::Close(close)) => return Err(close),
                None => break Close::TooSlow,
            },
            ended = connection.ended() => break ended.reply(),
            now = ticks.tick() => if let Err(close) = connection.tick(now, &shared.limits) {
                break close;
            },
            () = stop.requested() => break Close::GoingAway,
        }
    };
    shared.lobby.client_left(authority, client).await;
    // A worker's socket may be on its way here: it must not wait for a client that has gone.
    words.close();
    Err(closed)
}
