//! Moves cells between the two ends of a pair.
//!
//! One task serves a pair. A cell is forwarded when it has arrived whole, so that the other side only
//! ever gets whole cells in single frames, however its peer cut them. While one side does not take
//! what it was sent, the other is not read.

use std::future::poll_fn;
use std::sync::{Arc, LazyLock};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};
use vestibule_wire::{CELL_LEN, Close};

use crate::Limits;
use crate::connection::{Connection, Ended, Next, Reading, SCRATCH, Scratch};
use crate::relay::Shared;
use crate::stop::Stop;
use crate::websocket::{Opcode, write_frame};

/// Moments in a tick's interval at which somebody's ticks fall.
const TICK_PHASES: u32 = 20;
static GRID_BEGINS: LazyLock<Instant> = LazyLock::new(Instant::now);

/// Moves cells until one side ends, then closes both: in a task of its own, which is smaller than one that
/// has been through asking and waiting.
pub(crate) fn begin(
    near: Box<Connection>,
    far: Box<Connection>,
    shared: Arc<Shared>,
    mut stop: Stop,
) {
    tokio::spawn(async move { run(near, far, &shared.limits, &mut stop).await });
}

/// The same in the task that asks for it.
pub(crate) async fn run(
    near: Box<Connection>,
    far: Box<Connection>,
    limits: &Limits,
    stop: &mut Stop,
) {
    let mut pair = Pair { near, far, ticks: ticks(limits) };
    let end = tokio::select! {
        biased;
        end = poll_fn(|cx| pair.poll(cx, limits)) => end,
        () = stop.requested() => End::Near(Ended::Refused(Close::GoingAway)),
    };
    let Pair { near, far, .. } = pair;
    close_both(near, far, end, limits).await;
}

/// Closes a pair of which one side ended before it began: it left while the other was on its way.
pub(crate) async fn part(
    left: Box<Connection>,
    ended: Ended,
    other: Box<Connection>,
    limits: &Limits,
) {
    close_both(left, other, End::Near(ended), limits).await;
}

async fn close_both(near: Box<Connection>, far: Box<Connection>, end: End, limits: &Limits) {
    let (to_near, to_far) = end.closes();
    tokio::join!(near.close(to_near, limits), far.close(to_far, limits));
}

/// A coarse interval: one for each pair or waiting socket, no timer for any single deadline. Those of all
/// fall on the same few moments, so that thousands of idle sockets wake a thread a few times a second.
pub(crate) fn ticks(limits: &Limits) -> Interval {
    let grid = limits.tick_interval / TICK_PHASES;
    let now = Instant::now();
    let since = now.saturating_duration_since(*GRID_BEGINS);
    let behind = Duration::from_nanos_u128(since.as_nanos() % grid.as_nanos().max(1));
    let mut ticks = interval_at(now - behind + limits.tick_interval, limits.tick_interval);
    // A moment that was missed is not made up for, and the next is on the grid again.
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    ticks
}

/// Two ends: the one whose task this is, and the one whose socket came to it.
struct Pair {
    near: Box<Connection>,
    far: Box<Connection>,
    ticks: Interval,
}

/// Which side ended the pair, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Near(Ended),
    Far(Ended),
}

impl End {
    /// What the two are told.
    fn closes(self) -> (Close, Close) {
        match self {
            Self::Near(ended) => (ended.reply(), told_to_the_other(ended)),
            Self::Far(ended) => (told_to_the_other(ended), ended.reply()),
        }
    }
}

fn told_to_the_other(ended: Ended) -> Close {
    match ended {
        Ended::Done => Close::Done,
        Ended::Refused(Close::GoingAway) => Close::GoingAway,
        Ended::Left | Ended::Refused(_) => Close::PeerLeft,
    }
}

impl Pair {
    fn poll(&mut self, cx: &mut Context<'_>, limits: &Limits) -> Poll<End> {
        while let Poll::Ready(now) = self.ticks.poll_tick(cx) {
            if let Err(end) = self.tick(now, limits) {
                return Poll::Ready(end);
            }
        }
        let end = SCRATCH.with_borrow_mut(|scratch| {
            forward(&mut self.near, &mut self.far, cx, scratch)
                .map_err(|gone| gone.of(End::Near, End::Far))?;
            forward(&mut self.far, &mut self.near, cx, scratch)
                .map_err(|gone| gone.of(End::Far, End::Near))
        });
        end.map_or_else(Poll::Ready, |()| Poll::Pending)
    }

    fn tick(&mut self, now: Instant, limits: &Limits) -> Result<(), End> {
        if self.far.is_backed_up() {
            self.near.excuse_silence();
        }
        if self.near.is_backed_up() {
            self.far.excuse_silence();
        }
        let refused = |close| Ended::Refused(close);
        self.near.tick(now, limits).map_err(|close| End::Near(refused(close)))?;
        self.far.tick(now, limits).map_err(|close| End::Far(refused(close)))
    }
}

/// Which end of a direction has ended.
enum Gone {
    Sender(Ended),
    Receiver,
}

impl Gone {
    fn of(self, sender: fn(Ended) -> End, receiver: fn(Ended) -> End) -> End {
        match self {
            Self::Sender(ended) => sender(ended),
            Self::Receiver => receiver(Ended::Left),
        }
    }
}

/// Moves cells in one direction until there are none or the receiver is full.
fn forward(
    sender: &mut Connection,
    receiver: &mut Connection,
    cx: &mut Context<'_>,
    scratch: &mut Scratch,
) -> Result<(), Gone> {
    receiver.poll_flush(cx).map_err(|_| Gone::Receiver)?;
    while !receiver.is_backed_up() {
        let Scratch { input, output } = scratch;
        let read = sender.poll_read(cx, input, Reading::CELLS, &mut |message| {
            if message.len() != CELL_LEN {
                return Err(Close::Malformed);
            }
            write_frame(output, Opcode::Binary, message);
            Ok(Next::Read)
        });
        // Cells that came before the sender's end still count.
        let sent = receiver.poll_send(cx, output);
        output.fill(0);
        output.clear();
        match read {
            Poll::Ready(Ok(_)) => {}
            Poll::Ready(Err(ended)) => return Err(Gone::Sender(ended)),
            Poll::Pending => break,
        }
        sent.map_err(|_| Gone::Receiver)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
