//! What waits for a peer that does not read fast enough.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::AsyncWrite;

use crate::peer_stream::{PeerStream, unsent_len};
use crate::websocket::{HEADER_LEN_MAX, Opcode, write_frame};

/// Bytes waiting for a peer, beyond which its pings are not answered until it reads.
const PONG_BACKLOG_BYTES_MAX: usize = 4_096;

/// What a peer has not yet taken.
#[derive(Default)]
pub(super) struct Outgoing {
    bytes: Vec<u8>,
    written: usize,
}

impl Outgoing {
    pub(super) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.bytes.len() - self.written
    }

    pub(super) fn push(&mut self, opcode: Opcode, payload: &[u8]) {
        // What was written makes room first, so that the limit on what waits bounds what is held.
        self.bytes.drain(..std::mem::take(&mut self.written));
        self.bytes.reserve_exact(payload.len() + HEADER_LEN_MAX);
        write_frame(&mut self.bytes, opcode, payload);
    }

    pub(super) fn append(&mut self, frames: &[u8]) {
        self.bytes.extend_from_slice(frames);
    }

    /// Answers a ping, unless the peer sends pings without reading what it is answered.
    pub(super) fn pong(&mut self, payload: &[u8]) {
        if self.len() <= PONG_BACKLOG_BYTES_MAX {
            self.push(Opcode::Pong, payload);
        }
    }

    /// Writes until nothing is left or the socket is full; tells whether the peer took anything.
    pub(super) fn poll_flush(
        &mut self,
        stream: &mut PeerStream,
        cx: &mut Context<'_>,
    ) -> io::Result<bool> {
        let mut progressed = false;
        while let Some(rest @ [_, ..]) = self.bytes.get(self.written..) {
            match Pin::new(&mut *stream).poll_write(cx, rest) {
                Poll::Ready(Ok(written)) => self.written += written,
                Poll::Ready(Err(error)) => return Err(error),
                Poll::Pending => return Ok(progressed),
            }
            progressed = true;
        }
        // Gives the memory back: an idle connection holds none.
        *self = Self::default();
        // With TLS the last record may still wait.
        let waits = unsent_len(stream);
        if let Poll::Ready(Err(error)) = Pin::new(&mut *stream).poll_flush(cx) {
            return Err(error);
        }
        Ok(progressed || unsent_len(stream) < waits)
    }

    pub(super) fn into_bytes(mut self) -> Vec<u8> {
        self.bytes.drain(..self.written);
        self.bytes
    }
}
