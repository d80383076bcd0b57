//! A socket that waits at a route until the client comes there (section 6, "Rejoining").

use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant, sleep};
use vestibule_protocol::{Side, retry_delay};
use vestibule_wire::{Close, EndToRelay, RelayToEnd, Route};

use super::line::{LineCommand, LineEvent, LineEvents, carry};
use crate::origin::Origin;
use crate::random;
use crate::relay_socket::{Heard, RelaySocket};

/// A socket that stood for so long and broke is tried again at once.
const STEADY_AFTER: Duration = Duration::from_secs(1);

/// Where to wait, and since how long nothing has come of it.
pub(super) struct Standby {
    pub(super) origin: Origin,
    pub(super) route: Route,
    /// For so long others have come to this route who were not the client.
    pub(super) in_vain_for: Duration,
}

/// How one try ended.
enum Met {
    Joined(Box<RelaySocket>),
    Broken {
        /// How long there was a socket.
        stood_for: Duration,
    },
    /// It did not come to a socket, and the network may be there again.
    TryNow,
    Finished,
}

/// What the consultation wants of a line on which nobody is.
enum Told {
    TryNow,
    Finish(Close),
}

/// Waits at the route, however often the relay is lost, and carries cells once it is joined.
pub(super) async fn run(
    standby: Standby,
    mut commands: mpsc::Receiver<LineCommand>,
    events: LineEvents,
) {
    let Standby { origin, route, in_vain_for } = standby;
    let mut broken_since = Instant::now();
    let mut delay = first_delay(in_vain_for);
    loop {
        tokio::select! {
            () = sleep(delay) => {}
            told = told(&mut commands) => match told {
                Told::TryNow => {}
                Told::Finish(_) => return,
            },
        }
        let stood_for = match Box::pin(meet(&origin, route, &mut commands, &events)).await {
            Met::Joined(socket) => {
                events.send(LineEvent::Joined).await;
                return carry(*socket, commands, events).await;
            }
            Met::Finished => return,
            Met::TryNow => {
                delay = Duration::ZERO;
                continue;
            }
            Met::Broken { stood_for } => stood_for,
        };
        events.send(LineEvent::Away).await;
        if stood_for >= STEADY_AFTER {
            broken_since = Instant::now();
            delay = Duration::ZERO;
        } else {
            delay = retry_delay(broken_since.elapsed(), random::number());
        }
    }
}

fn first_delay(in_vain_for: Duration) -> Duration {
    if in_vain_for.is_zero() { Duration::ZERO } else { retry_delay(in_vain_for, random::number()) }
}

async fn told(commands: &mut mpsc::Receiver<LineCommand>) -> Told {
    loop {
        match commands.recv().await {
            Some(LineCommand::TryNow) => return Told::TryNow,
            Some(LineCommand::Finish(close)) => return Told::Finish(close),
            None => return Told::Finish(Close::Done),
            // Nothing is sent on a line before somebody is there.
            Some(LineCommand::Send(_)) => {}
        }
    }
}

/// One socket's wait.
async fn meet(
    origin: &Origin,
    route: Route,
    commands: &mut mpsc::Receiver<LineCommand>,
    events: &LineEvents,
) -> Met {
    let connected = tokio::select! {
        connected = RelaySocket::connect(origin, "/ws/rejoin") => connected,
        told = told(commands) => return match told {
            Told::TryNow => Met::TryNow,
            Told::Finish(_) => Met::Finished,
        },
    };
    let Ok(mut socket) = connected else { return Met::Broken { stood_for: Duration::ZERO } };
    let since = Instant::now();
    socket.push(EndToRelay::Rejoin { side: Side::Worker, route }.encode());
    loop {
        let heard = tokio::select! {
            heard = socket.heard() => heard,
            told = told(commands) => match told {
                Told::TryNow => {
                    socket.probe();
                    continue;
                }
                Told::Finish(close) => {
                    socket.finish(close).await;
                    return Met::Finished;
                }
            },
        };
        let frame = match heard {
            Heard::Message(bytes) => RelayToEnd::decode(&bytes).ok(),
            Heard::Foreign => None,
            Heard::Ended(_) => return Met::Broken { stood_for: since.elapsed() },
        };
        match frame {
            Some(RelayToEnd::Joined) => return Met::Joined(Box::new(socket)),
            Some(RelayToEnd::Alone) => events.send(LineEvent::Waits).await,
            None => {
                // No relay says this, so it is not tried again at once.
                socket.finish(Close::Malformed).await;
                return Met::Broken { stood_for: Duration::ZERO };
            }
        }
    }
}
