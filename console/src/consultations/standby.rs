//! A socket that waits at a route until the client comes there (section 6, "Rejoining"), at the first node of
//! the route's order that answers. When another node becomes the first, it is gone to before the one before
//! is let go: so somebody who looks for this end finds it at some node all the time.

mod coming;

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant, sleep};
use vestibule_protocol::retry_delay;
use vestibule_wire::{Close, RelayToEnd, Route};

use super::line::{LineCommand, LineEvent, LineEvents, carry};
use super::lines::Spot;
use super::until;
use crate::context::Context;
use crate::nodes::{NodePlace, NodesWatch};
use crate::random;
use crate::relay_socket::{Heard, RelaySocket};
use coming::{Came, come};

/// A socket that stood for so long and broke is tried again at once.
const STEADY_AFTER: Duration = Duration::from_secs(1);
/// Whoever waits at another node than the first tries the first again after so long, at least half of it.
const FIRST_AGAIN_MILLISECONDS_MAX: u64 = 15_000;

/// Where to wait, and since how long nothing has come of it.
pub(super) struct Standby {
    pub(super) context: Arc<Context>,
    pub(super) route: Route,
    pub(super) spot: Spot,
    /// Of both standbys of the route.
    pub(super) aim: Arc<Aim>,
    /// For so long others have come to this route who were not the client.
    pub(super) in_vain_for: Duration,
}

/// The node to which the first standby of a route goes, or where it is. Two at one node would drive each
/// other away.
#[derive(Default)]
pub(super) struct Aim(Mutex<Option<String>>);

impl Aim {
    fn name(&self) -> MutexGuard<'_, Option<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How one try ended.
enum Met {
    Joined(Box<RelaySocket>),
    Broken {
        /// How long there was a socket that waited.
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

/// Waits at the route, however often nodes are lost, and carries cells once it is joined.
pub(super) async fn run(
    standby: Standby,
    mut commands: mpsc::Receiver<LineCommand>,
    events: LineEvents,
) {
    let in_vain_for = standby.in_vain_for;
    let mut search = Search { nodes: standby.context.nodes.watch(), standby, rounds: 0 };
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
        let stood_for = match Box::pin(search.round(&mut commands, &events)).await {
            Met::Joined(socket) => {
                drop(search);
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

/// Goes through the nodes.
struct Search {
    standby: Standby,
    nodes: NodesWatch,
    /// In which no node answered.
    rounds: u32,
}

/// Another node to which this end is on its way while it still waits at one.
type Move = Pin<Box<dyn Future<Output = Option<(NodePlace, Came)>> + Send>>;

impl Search {
    /// Goes to each node in turn, until one answers, and waits there.
    async fn round(
        &mut self,
        commands: &mut mpsc::Receiver<LineCommand>,
        events: &LineEvents,
    ) -> Met {
        let order = self.order();
        let mut longest = Duration::ZERO;
        let patience = coming::patience(order.len(), self.rounds);
        self.rounds = self.rounds.saturating_add(1);
        for place in order {
            self.aim_at(&place);
            let came = tokio::select! {
                came = Box::pin(come(&place, self.standby.route, patience)) => came,
                told = told(commands) => return match told {
                    Told::TryNow => Met::TryNow,
                    Told::Finish(_) => Met::Finished,
                },
            };
            match came {
                Came::Nowhere { stood_for } => longest = longest.max(stood_for),
                Came::Joined(socket) => return Met::Joined(socket),
                Came::Waits(socket) => {
                    self.rounds = 0;
                    return self.wait(place, socket, commands, events).await;
                }
            }
        }
        Met::Broken { stood_for: longest }
    }

    /// Waits at a node, or at one that becomes the first meanwhile.
    async fn wait(
        &mut self,
        mut place: NodePlace,
        mut socket: Box<RelaySocket>,
        commands: &mut mpsc::Receiver<LineCommand>,
        events: &LineEvents,
    ) -> Met {
        let since = Instant::now();
        events.send(LineEvent::Waits).await;
        let mut moving: Option<Move> = None;
        let mut try_first_at = self.first_again(&place);
        loop {
            let heard = tokio::select! {
                heard = socket.heard() => heard,
                Some(moved) = arrival(&mut moving) => {
                    moving = None;
                    match moved {
                        Some((first, Came::Waits(there))) => {
                            let before = std::mem::replace(&mut socket, there);
                            tokio::spawn(before.finish(Close::Done));
                            place = first;
                        }
                        Some((_, Came::Joined(there))) => {
                            tokio::spawn(socket.finish(Close::Done));
                            return Met::Joined(there);
                        }
                        Some((_, Came::Nowhere { .. })) | None => self.aim_at(&place),
                    }
                    try_first_at = self.first_again(&place);
                    continue;
                }
                () = self.nodes.changed() => {
                    moving = self.move_from(&place);
                    continue;
                }
                () = until(try_first_at), if moving.is_none() => {
                    try_first_at = None;
                    moving = self.move_from(&place);
                    continue;
                }
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
                Some(RelayToEnd::Joined) => return Met::Joined(socket),
                Some(RelayToEnd::Alone) => {}
                None => {
                    // No relay says this, so it is not tried again at once.
                    socket.finish(Close::Malformed).await;
                    return Met::Broken { stood_for: Duration::ZERO };
                }
            }
        }
    }

    /// The nodes where this standby may wait, the best first.
    fn order(&self) -> Vec<NodePlace> {
        let Standby { context, route, spot, aim, .. } = &self.standby;
        let mut order = context.nodes.in_order_of(route);
        if *spot == Spot::Second && order.len() > 1 {
            order.remove(0);
            let taken = aim.name();
            order.retain(|place| taken.as_ref() != Some(&place.name));
        }
        order
    }

    fn aim_at(&self, place: &NodePlace) {
        if self.standby.spot == Spot::First {
            *self.standby.aim.name() = Some(place.name.clone());
        }
    }

    /// Sets out for the node that is the first now, unless this end is there.
    fn move_from(&self, place: &NodePlace) -> Option<Move> {
        let first = self.order().into_iter().next().filter(|first| first != place)?;
        self.aim_at(&first);
        let route = self.standby.route;
        Some(Box::pin(async move {
            let patience = coming::patience(1, 0);
            let came = come(&first, route, patience).await;
            Some((first, came))
        }))
    }

    /// When the first node is tried again by one who waits at another.
    fn first_again(&self, place: &NodePlace) -> Option<Instant> {
        let is_first = self.order().first().is_none_or(|first| first == place);
        let milliseconds = FIRST_AGAIN_MILLISECONDS_MAX / 2
            + random::number() % (FIRST_AGAIN_MILLISECONDS_MAX / 2);
        (!is_first).then(|| Instant::now() + Duration::from_millis(milliseconds))
    }
}

/// Where a move has led. Never comes while nobody moves.
async fn arrival(moving: &mut Option<Move>) -> Option<Option<(NodePlace, Came)>> {
    match moving {
        Some(moving) => Some(moving.await),
        None => std::future::pending().await,
    }
}
