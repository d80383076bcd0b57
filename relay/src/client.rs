//! A client's socket from its upgrade to the end of its consultation.

use std::sync::Arc;

use tokio::sync::mpsc;
use vestibule_wire::{
    AuthorityKey, ClientToRelay, Close, Epoch, LinkKind, Malformed, Opening, PuzzleSeed,
    RelayToClient, RelayToSeat, Token, TokenError, hash, solves,
};

use crate::Limits;
use crate::connection::{Connection, Ended};
use crate::entropy::random_bytes;
use crate::lobby::{Checked, ToClient};
use crate::redis_store::Claimed;
use crate::relay::Shared;
use crate::stack;
use crate::stop::Stop;
use crate::switchboard;

/// Serves `/ws/client`.
pub(crate) async fn serve(connection: Box<Connection>, shared: Arc<Shared>, mut stop: Stop) {
    let matched = stack::wiping(meet(connection, &shared, &mut stop)).await;
    if let Some((mut connection, mut seat)) = matched {
        connection.send(&RelayToClient::Matched.encode());
        seat.send(&RelayToSeat::Seated.encode());
        switchboard::begin(connection, seat, shared, stop);
    }
}

/// Lets a client in and waits for a worker; returns both sockets when it comes.
async fn meet(
    mut connection: Box<Connection>,
    shared: &Shared,
    stop: &mut Stop,
) -> Option<(Box<Connection>, Box<Connection>)> {
    let time = RelayToClient::RelayTime(shared.clock.now());
    connection.send(&time.encode());
    let opened = tokio::select! {
        opened = read_open(&mut connection, shared) => opened,
        () = stop.requested() => Err(Close::GoingAway),
    };
    let let_in = match opened {
        Ok(open) => let_in(&mut connection, open, shared, stop).await,
        Err(close) => Err(close),
    };
    match let_in {
        Ok(checked) => wait(connection, checked, shared, stop).await,
        Err(close) => {
            shared.refusals.count(close);
            connection.close(close, &shared.limits).await;
            None
        }
    }
}

/// What a client sent as `open`.
struct Open {
    authority: AuthorityKey,
    token: Token,
    opening: Opening,
}

async fn read_open(connection: &mut Connection, shared: &Shared) -> Result<Open, Close> {
    let deadline = shared.limits.first_frame_deadline;
    let message = connection.first_message(ClientToRelay::LEN_MAX, deadline).await;
    let message = message.map_err(Ended::reply)?;
    match ClientToRelay::decode(&message).map_err(|_| Close::Malformed)? {
        ClientToRelay::Open { authority, token, opening } => Ok(Open { authority, token, opening }),
        ClientToRelay::Solution(_) => Err(Close::Malformed),
    }
}

/// Makes every check that needs no memory of the link, and lets the opening in. A request that is refused
/// counts, if it came with something that the service signed.
async fn let_in(
    connection: &mut Connection,
    open: Open,
    shared: &Shared,
    stop: &mut Stop,
) -> Result<Box<Checked>, Close> {
    let Open { authority, token, opening } = open;
    let (kind, opening_hash) = (token.name.kind(), hash(&[opening.as_bytes()]));
    let let_in = match check_link(authority, &token, shared) {
        Ok(generation) => {
            let link = token.name;
            let checked = Checked { authority, link, generation, opening, opening_hash };
            match check_elsewhere(&checked, shared).await {
                Ok(()) => knock(connection, Box::new(checked), shared, stop).await,
                Err(close) => Err(close),
            }
        }
        Err(close) => Err(close),
    };
    if let Err(Close::LinkExpired | Close::LinkRefused | Close::LinkSpent | Close::Crowded) = let_in
        && is_signed(authority, &token, shared)
    {
        shared.lobby.client_refused(authority, kind, opening_hash).await;
    }
    let_in
}

/// Refuses what was spent at another relay, where several serve as one. Nobody waits in vain who need not;
/// when nobody answers, the claim will tell.
async fn check_elsewhere(checked: &Checked, shared: &Shared) -> Result<(), Close> {
    let Checked { authority, link, opening_hash, .. } = *checked;
    match &shared.claims {
        Some(claims) if link.kind() == LinkKind::OneTime => {
            let claimed = Claimed { authority, link, opening_hash };
            if claims.is_spent(&claimed).await { Err(Close::LinkSpent) } else { Ok(()) }
        }
        Some(_) | None => Ok(()),
    }
}

/// Whether a token is the service's, be it expired or not.
fn is_signed(authority: AuthorityKey, token: &Token, shared: &Shared) -> bool {
    let in_time = token.name.expires_at();
    match token.name.kind() {
        LinkKind::OneTime => {
            let statements = shared.statements.find(authority, token.name.epoch);
            statements.iter().any(|statement| token.verify(statement, in_time).is_ok())
        }
        LinkKind::Door => token.verify_door(&authority, in_time).is_ok(),
    }
}

/// The checks of section 6, in its order. Returns which generation of its epoch's keys issued the
/// link, if it is not a door.
fn check_link(
    authority: AuthorityKey,
    token: &Token,
    shared: &Shared,
) -> Result<Option<u8>, Close> {
    if !shared.serves(authority) {
        return Err(Close::UnknownService);
    }
    match token.name.kind() {
        LinkKind::OneTime => check_one_time(authority, token, shared).map(Some),
        LinkKind::Door => check_door(authority, token, shared).map(|()| None),
    }
}

/// A link of a generation that no worker has told of is refused like a forged one: which of the two it
/// is cannot be told. Whether the service still believes the generation is for the waiting room to say,
/// which may hear of it at any moment.
fn check_one_time(authority: AuthorityKey, token: &Token, shared: &Shared) -> Result<u8, Close> {
    let now = shared.clock.now();
    let epoch = token.name.epoch;
    if !epoch.holds(now) {
        let over = epoch < Epoch::current(now);
        return Err(if over { Close::LinkExpired } else { Close::NotReady });
    }
    let mut refusal = Close::NotReady;
    for statement in shared.statements.find(authority, epoch) {
        match token.verify(&statement, now) {
            Ok(()) => return Ok(statement.generation),
            Err(error) => refusal = token_close(error),
        }
    }
    Err(refusal)
}

fn check_door(authority: AuthorityKey, token: &Token, shared: &Shared) -> Result<(), Close> {
    token.verify_door(&authority, shared.clock.now()).map_err(token_close)
}

fn token_close(error: TokenError) -> Close {
    match error {
        TokenError::Expired => Close::LinkExpired,
        TokenError::WrongSignature => Close::LinkRefused,
    }
}

/// At a door that many come to, lets an opening in for the solution of a puzzle.
async fn knock(
    connection: &mut Connection,
    checked: Box<Checked>,
    shared: &Shared,
    stop: &mut Stop,
) -> Result<Box<Checked>, Close> {
    if checked.link.kind() == LinkKind::OneTime {
        return Ok(checked);
    }
    let Some(bits) = shared.lobby.knock(&checked).await? else {
        return Ok(checked);
    };
    let _place = shared.solving_places.try_acquire().map_err(|_| Close::Crowded)?;
    let seed = PuzzleSeed(random_bytes());
    connection.send(&RelayToClient::Puzzle { seed, bits }.encode());
    let (len_max, deadline) = (ClientToRelay::LEN_MAX, shared.limits.solution_deadline);
    let message = connection.next_message(len_max, deadline, &shared.limits, stop).await;
    match ClientToRelay::decode(&message.map_err(Ended::reply)?) {
        Ok(ClientToRelay::Solution(nonce)) if solves(&seed, &checked.link.id, bits, &nonce) => {
            Ok(checked)
        }
        Ok(ClientToRelay::Solution(_)) => Err(Close::PuzzleRefused),
        Ok(ClientToRelay::Open { .. }) | Err(Malformed) => Err(Close::Malformed),
    }
}

/// Waits for a worker; returns both sockets when it comes.
async fn wait(
    connection: Box<Connection>,
    checked: Box<Checked>,
    shared: &Shared,
    stop: &mut Stop,
) -> Option<(Box<Connection>, Box<Connection>)> {
    let authority = checked.authority;
    let (client, words) = shared.lobby.client_arrived(checked).await;
    match wait_for_seat(connection, words, &shared.limits, stop).await {
        Waited::Matched(connection, seat) => return Some((connection, seat)),
        Waited::Closed(connection, close) => {
            shared.refusals.count(close);
            connection.close(close, &shared.limits).await;
        }
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
