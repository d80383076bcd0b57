//! One socket of a client, of a seat or of an end that rejoins, after its upgrade.
//!
//! It answers pings, notices the close and keeps what a slow peer has not yet taken. Everything that
//! is read passes through one buffer of the thread, which is wiped after each use: an idle
//! connection holds nothing.

mod liveness;
mod outgoing;
mod scratch;

use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, Interval, sleep_until, timeout};
use vestibule_wire::Close;

use crate::Limits;
use crate::peer_stream::{PeerStream, unsent_len};
use crate::stop::Stop;
use crate::switchboard::ticks;
use crate::websocket::{Event, Incoming, Opcode};
use liveness::Liveness;
use outgoing::Outgoing;
use scratch::CELL_READ_LEN;
pub(crate) use scratch::{Input, SCRATCH, Scratch};

/// Read at once from a peer that is not matched: its one frame fits.
const FRAME_READ_LEN: usize = 4_096;

/// How a peer's half ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    /// The peer closed, saying that it has finished.
    Done,
    /// The peer closed for another reason, or its socket is gone.
    Left,
    /// The peer broke a rule or a deadline; its socket is closed with this.
    Refused(Close),
}

impl Ended {
    /// What the peer itself is told.
    pub(crate) fn reply(self) -> Close {
        match self {
            Self::Done | Self::Left => Close::Done,
            Self::Refused(close) => close,
        }
    }
}

/// What to do after a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// Go on reading.
    Read,
    /// Leave the rest for later.
    Stop,
}

/// Whether messages are frames or cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reading {
    /// Longest message allowed.
    pub(crate) message_len_max: usize,
    /// How much to ask the socket for.
    pub(crate) read_len: usize,
}

impl Reading {
    /// Frames of at most this length.
    pub(crate) fn frames(message_len_max: usize) -> Self {
        Self { message_len_max, read_len: FRAME_READ_LEN }
    }

    /// Cells.
    pub(crate) const CELLS: Self =
        Self { message_len_max: vestibule_wire::CELL_LEN, read_len: CELL_READ_LEN };
}

/// One socket that speaks WebSocket.
pub(crate) struct Connection {
    stream: PeerStream,
    incoming: Incoming,
    /// Whether `incoming` may hold whole frames that were not looked at.
    read_ahead: bool,
    outgoing: Outgoing,
    liveness: Liveness,
    /// Keeps the place among the relay's connections.
    _permit: Option<Arc<OwnedSemaphorePermit>>,
}

impl Connection {
    /// Takes over an upgraded socket with what was already read from it.
    pub(crate) fn new(
        stream: PeerStream,
        read_ahead: Vec<u8>,
        permit: Option<Arc<OwnedSemaphorePermit>>,
    ) -> Self {
        Self {
            stream,
            read_ahead: !read_ahead.is_empty(),
            incoming: Incoming::starting_with(read_ahead),
            outgoing: Outgoing::default(),
            liveness: Liveness::new(Instant::now()),
            _permit: permit,
        }
    }

    /// Queues a binary message; it is sent while the connection is polled.
    pub(crate) fn send(&mut self, message: &[u8]) {
        self.outgoing.push(Opcode::Binary, message);
    }

    /// Waits for the first message.
    pub(crate) async fn first_message(
        &mut self,
        len_max: usize,
        deadline: Duration,
    ) -> Result<Vec<u8>, Ended> {
        let read = self.message(len_max);
        timeout(deadline, read).await.unwrap_or(Err(Ended::Refused(Close::TooSlow)))
    }

    /// Waits for a message of a peer that takes its time, and asks meanwhile whether it is still there.
    pub(crate) async fn next_message(
        &mut self,
        len_max: usize,
        deadline: Duration,
        limits: &Limits,
        stop: &mut Stop,
    ) -> Result<Vec<u8>, Ended> {
        let mut ticks = ticks(limits);
        let too_late = Instant::now() + deadline;
        loop {
            tokio::select! {
                message = self.message(len_max) => return message,
                now = ticks.tick() => self.tick(now, limits).map_err(Ended::Refused)?,
                () = sleep_until(too_late) => return Err(Ended::Refused(Close::TooSlow)),
                () = stop.requested() => return Err(Ended::Refused(Close::GoingAway)),
            }
        }
    }

    async fn message(&mut self, len_max: usize) -> Result<Vec<u8>, Ended> {
        let mut message = None;
        poll_fn(|cx| {
            self.poll_frames(cx, len_max, &mut |bytes| {
                message = Some(bytes.to_vec());
                Ok(Next::Stop)
            })
        })
        .await?;
        message.ok_or(Ended::Left)
    }

    /// Serves a peer that waits and has nothing to say, until it ends or the relay stops.
    pub(crate) async fn ended(
        &mut self,
        ticks: &mut Interval,
        limits: &Limits,
        stop: &mut Stop,
    ) -> Ended {
        loop {
            tokio::select! {
                ended = self.left() => return ended,
                now = ticks.tick() => if let Err(close) = self.tick(now, limits) {
                    return Ended::Refused(close);
                },
                () = stop.requested() => return Ended::Refused(Close::GoingAway),
            }
        }
    }

    async fn left(&mut self) -> Ended {
        let refuse = &mut |_: &[u8]| Err(Close::Malformed);
        poll_fn(|cx| self.poll_frames(cx, vestibule_wire::CELL_LEN, refuse).map(Result::err))
            .await
            .unwrap_or(Ended::Left)
    }

    /// Sends what is queued and reads frames until `on_message` says stop.
    fn poll_frames(
        &mut self,
        cx: &mut Context<'_>,
        len_max: usize,
        on_message: &mut dyn FnMut(&[u8]) -> Result<Next, Close>,
    ) -> Poll<Result<(), Ended>> {
        if self.poll_flush(cx).is_err() {
            return Poll::Ready(Err(Ended::Left));
        }
        loop {
            let next = SCRATCH.with_borrow_mut(|scratch| {
                let input = &mut scratch.input;
                self.poll_read(cx, input, Reading::frames(len_max), on_message)
            });
            if ready!(next)? == Next::Stop {
                return Poll::Ready(Ok(()));
            }
        }
    }

    /// Reads once and hands each message over. Pings are answered on the way.
    pub(crate) fn poll_read(
        &mut self,
        cx: &mut Context<'_>,
        input: &mut Input,
        reading: Reading,
        on_message: &mut dyn FnMut(&[u8]) -> Result<Next, Close>,
    ) -> Poll<Result<Next, Ended>> {
        let fresh_len = if self.read_ahead {
            0
        } else {
            let mut buffer = ReadBuf::new(input.fresh(reading.read_len));
            let read = ready!(Pin::new(&mut self.stream).poll_read(cx, &mut buffer));
            match buffer.filled().len() {
                0 => return Poll::Ready(Err(Ended::Left)),
                _ if read.is_err() => return Poll::Ready(Err(Ended::Left)),
                length => length,
            }
        };
        self.liveness.heard = true;
        self.read_ahead = false;
        let Some(bytes) = input.received(self.incoming.unread(), fresh_len) else {
            return Poll::Ready(Err(Ended::Refused(Close::Malformed)));
        };
        let handled = self.handle(cx, bytes, reading.message_len_max, on_message);
        bytes.fill(0);
        Poll::Ready(handled)
    }

    /// Takes events off received bytes and keeps the rest.
    fn handle(
        &mut self,
        cx: &mut Context<'_>,
        bytes: &mut [u8],
        message_len_max: usize,
        on_message: &mut dyn FnMut(&[u8]) -> Result<Next, Close>,
    ) -> Result<Next, Ended> {
        let mut at = 0;
        let mut next = Next::Read;
        while next == Next::Read {
            match self.incoming.next(bytes, &mut at, message_len_max).map_err(Ended::Refused)? {
                None => break,
                Some(Event::Message(message)) => {
                    next = on_message(&message).map_err(Ended::Refused)?;
                }
                Some(Event::Ping(payload)) => {
                    // Whoever waits for a full socket to drain is woken by its own flush.
                    let flush = !self.is_backed_up();
                    self.outgoing.pong(payload);
                    if flush {
                        self.poll_flush(cx).map_err(|_| Ended::Left)?;
                    }
                }
                Some(Event::Pong) => {}
                Some(Event::Close(Some(1000))) => return Err(Ended::Done),
                Some(Event::Close(_)) => return Err(Ended::Left),
            }
        }
        self.read_ahead = next == Next::Stop;
        self.incoming.keep(bytes.get(at..).unwrap_or_default());
        Ok(next)
    }

    /// Whether bytes wait for the peer to read.
    pub(crate) fn is_backed_up(&self) -> bool {
        !self.outgoing.is_empty() || unsent_len(&self.stream) > 0
    }

    /// Sends what waits, as far as the peer takes it.
    pub(crate) fn poll_flush(&mut self, cx: &mut Context<'_>) -> io::Result<()> {
        if self.outgoing.poll_flush(&mut self.stream, cx)? {
            self.liveness.progressed = true;
        }
        Ok(())
    }

    /// Sends whole frames; what the peer does not take now waits.
    pub(crate) fn poll_send(&mut self, cx: &mut Context<'_>, frames: &[u8]) -> io::Result<()> {
        let mut rest = frames;
        while !rest.is_empty() && self.outgoing.is_empty() {
            match Pin::new(&mut self.stream).poll_write(cx, rest) {
                Poll::Ready(Ok(written)) => rest = rest.get(written..).unwrap_or_default(),
                Poll::Ready(Err(error)) => return Err(error),
                Poll::Pending => break,
            }
        }
        self.outgoing.append(rest);
        Ok(())
    }

    /// Looks at the time: sends a ping when one is due.
    ///
    /// # Errors
    /// When the peer is silent or does not read.
    pub(crate) fn tick(&mut self, now: Instant, limits: &Limits) -> Result<(), Close> {
        let waiting_bytes = self.outgoing.len() + unsent_len(&self.stream);
        if waiting_bytes > limits.spill_bytes_max {
            return Err(Close::TooSlow);
        }
        if self.liveness.tick(now, waiting_bytes > 0, limits)? {
            self.outgoing.push(Opcode::Ping, &[]);
        }
        Ok(())
    }

    /// Nothing is read from this peer now, so that its silence means nothing.
    pub(crate) fn excuse_silence(&mut self) {
        self.liveness.heard = true;
    }

    /// Ends the socket: what waits, the close frame, the end of our half, then the peer's. Boxed, so
    /// that a connection takes no memory for its end while it lives.
    pub(crate) fn close(self, close: Close, limits: &Limits) -> BoxFuture<'_, ()> {
        Box::pin(self.say_farewell(close, limits))
    }

    async fn say_farewell(mut self, close: Close, limits: &Limits) {
        self.outgoing.push(Opcode::Close, &close.code().to_be_bytes());
        let pending = std::mem::take(&mut self.outgoing).into_bytes();
        // One who has not read for long is not waited for again.
        let slow = close == Close::TooSlow;
        let deadline = if slow { limits.close_deadline } else { limits.write_stall_max };
        let farewell = async {
            timeout(deadline, self.stream.write_all(&pending)).await.ok()?.ok()?;
            self.stream.shutdown().await.ok()?;
            // A socket closed with bytes unread resets the connection, and the peer would lose the
            // close frame.
            let drain = async {
                let mut discarded = [0; 256];
                while self.stream.read(&mut discarded).await.is_ok_and(|read| read > 0) {}
                discarded.fill(0);
            };
            timeout(limits.close_deadline, drain).await.ok()
        };
        farewell.await;
    }
}

#[cfg(test)]
mod tests;
