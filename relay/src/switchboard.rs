//! Pairs two seats and moves cells between them.
//!
//! One task serves a pair. A cell is forwarded when it has arrived whole, so that the other side only
//! ever gets whole cells in single frames, however its peer cut them. While one side does not take
//! what it was sent, the other is not read.

use std::future::poll_fn;
use std::task::{Context, Poll};

use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};
use vestibule_wire::{CELL_LEN, Close};

use crate::Limits;
use crate::connection::{Connection, Ended, Next, Reading, SCRATCH, Scratch};
use crate::stop::Stop;
use crate::websocket::{Opcode, write_frame};

/// Moves cells until one side ends, then closes both.
pub(crate) async fn run(client: Connection, seat: Connection, limits: &Limits, stop: &mut Stop) {
    let mut pair = Pair { client, seat, ticks: ticks(limits) };
    let (to_client, to_seat) = tokio::select! {
        biased;
        end = poll_fn(|cx| pair.poll(cx, limits)) => end.closes(),
        () = stop.requested() => (Close::GoingAway, Close::GoingAway),
    };
    let Pair { client, seat, .. } = pair;
    tokio::join!(client.close(to_client, limits), seat.close(to_seat, limits));
}

/// A coarse interval: one for each pair or waiting socket, no timer for any single deadline.
pub(crate) fn ticks(limits: &Limits) -> Interval {
    let mut ticks = interval_at(Instant::now() + limits.tick_interval, limits.tick_interval);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

/// Two matched ends.
struct Pair {
    client: Connection,
    seat: Connection,
    ticks: Interval,
}

/// Which side ended the pair, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Client(Ended),
    Seat(Ended),
}

impl End {
    /// What the client and the worker are told.
    fn closes(self) -> (Close, Close) {
        match self {
            Self::Client(ended) => (ended.reply(), told_to_the_other(ended)),
            Self::Seat(ended) => (told_to_the_other(ended), ended.reply()),
        }
    }
}

fn told_to_the_other(ended: Ended) -> Close {
    match ended {
        Ended::Done => Close::Done,
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
            forward(&mut self.client, &mut self.seat, cx, scratch)
                .map_err(|gone| gone.of(End::Client, End::Seat))?;
            forward(&mut self.seat, &mut self.client, cx, scratch)
                .map_err(|gone| gone.of(End::Seat, End::Client))
        });
        end.map_or_else(Poll::Ready, |()| Poll::Pending)
    }

    fn tick(&mut self, now: Instant, limits: &Limits) -> Result<(), End> {
        if self.seat.is_backed_up() {
            self.client.excuse_silence();
        }
        if self.client.is_backed_up() {
            self.seat.excuse_silence();
        }
        let refused = |close| Ended::Refused(close);
        self.client.tick(now, limits).map_err(|close| End::Client(refused(close)))?;
        self.seat.tick(now, limits).map_err(|close| End::Seat(refused(close)))
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
