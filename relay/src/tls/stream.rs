//! One connection with TLS: rustls's unbuffered interface between a socket and buffers of the thread.

use std::cell::RefCell;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use rustls::ServerConfig;
use rustls::server::UnbufferedServerConnection;
use rustls::unbuffered::{ConnectionState, UnbufferedStatus};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use crate::stack;

/// Room for records that come: more than the longest (RFC 8446, section 5.2), of which a part may have
/// come before, and than the longest message of a handshake.
const INCOMING_LEN_MAX: usize = 65_536;
/// Most that is taken from a writer at once: what three records hold, so that a burst of cells is one write.
const PLAIN_LEN_MAX: usize = 3 * 16_384;
/// Room for those records, and for what rustls has to say before them.
const OUTGOING_LEN_MAX: usize = 65_536;

thread_local! {
    /// Wiped between two uses.
    static BUFFERS: RefCell<Buffers> = RefCell::new(Buffers {
        incoming: vec![0; INCOMING_LEN_MAX],
        outgoing: Outgoing { bytes: vec![0; OUTGOING_LEN_MAX], len: 0 },
    });
}

/// What all connections of a thread share, one at a time.
struct Buffers {
    incoming: Vec<u8>,
    outgoing: Outgoing,
}

/// Records that are ready to be sent.
struct Outgoing {
    bytes: Vec<u8>,
    len: usize,
}

/// One connection.
pub(crate) struct TlsStream {
    tcp: TcpStream,
    tls: UnbufferedServerConnection,
    /// A record of which the rest has not come.
    unread: Vec<u8>,
    /// What came in records for which a reader had no room.
    readable: Vec<u8>,
    /// Records that the peer has not taken.
    unsent: Vec<u8>,
    unsent_written: usize,
    /// Nothing comes any more.
    ended: bool,
    /// The peer has broken a rule, and nothing is said any more. rustls must not be asked again: it would
    /// look for records where there are none, and panic.
    broken: bool,
    /// The peer was told that nothing comes any more.
    closing: bool,
}

/// What is wanted of a connection that has handled everything that came.
#[derive(Clone, Copy)]
enum Wanted<'a> {
    Nothing,
    Write(&'a [u8]),
    Close,
}

impl TlsStream {
    pub(super) fn new(tcp: TcpStream, config: Arc<ServerConfig>) -> Result<Self, rustls::Error> {
        Ok(Self {
            tcp,
            tls: UnbufferedServerConnection::new(config)?,
            unread: Vec::new(),
            readable: Vec::new(),
            unsent: Vec::new(),
            unsent_written: 0,
            ended: false,
            broken: false,
            closing: false,
        })
    }

    pub(crate) fn unsent_len(&self) -> usize {
        self.unsent.len() - self.unsent_written
    }

    /// Reads once from the socket, and handles what came. What is in it goes straight to the reader, as far
    /// as there is room.
    fn poll_receive(
        &mut self,
        cx: &mut Context<'_>,
        reader: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        BUFFERS.with_borrow_mut(|Buffers { incoming, outgoing }| {
            let earlier_len = self.unread.len();
            let (earlier, fresh) =
                incoming.split_at_mut_checked(earlier_len).ok_or_else(too_long)?;
            if fresh.is_empty() {
                return Poll::Ready(Err(too_long()));
            }
            let mut fresh = ReadBuf::new(fresh);
            ready!(Pin::new(&mut self.tcp).poll_read(cx, &mut fresh))?;
            let fresh_len = fresh.filled().len();
            if fresh_len == 0 {
                self.ended = true;
                return Poll::Ready(Ok(()));
            }
            earlier.copy_from_slice(&std::mem::take(&mut self.unread));
            let received = incoming.get_mut(..earlier_len + fresh_len).unwrap_or_default();
            let is_handshaking = self.tls.is_handshaking();
            let handled = self.handle(received, reader, outgoing, Wanted::Nothing);
            if is_handshaking {
                // The secrets were on the stack while they were made.
                stack::wipe();
            }
            if let Ok((consumed, _)) = handled {
                self.unread = received.get(consumed..).unwrap_or_default().to_vec();
            }
            received.fill(0);
            // An alert tells the peer what was wrong.
            let sent = self.send(cx, outgoing);
            Poll::Ready(handled.and(sent))
        })
    }

    /// Handles everything that came, and then does what is wanted. Returns how many bytes were used up,
    /// and whether it was done.
    fn handle(
        &mut self,
        received: &mut [u8],
        reader: &mut ReadBuf<'_>,
        outgoing: &mut Outgoing,
        wanted: Wanted<'_>,
    ) -> io::Result<(usize, bool)> {
        if self.broken {
            return Err(io::ErrorKind::NotConnected.into());
        }
        let handled = self.handle_whole(received, reader, outgoing, wanted);
        self.broken |= handled.is_err();
        handled
    }

    fn handle_whole(
        &mut self,
        received: &mut [u8],
        reader: &mut ReadBuf<'_>,
        outgoing: &mut Outgoing,
        wanted: Wanted<'_>,
    ) -> io::Result<(usize, bool)> {
        let mut used = 0;
        loop {
            let rest = received.get_mut(used..).unwrap_or_default();
            let UnbufferedStatus { mut discard, state } = self.tls.process_tls_records(rest);
            let done = match state {
                Ok(ConnectionState::ReadTraffic(mut records)) => {
                    while let Some(record) = records.next_record() {
                        let record = record.map_err(broken)?;
                        deliver(record.payload, reader, &mut self.readable);
                        discard += record.discard;
                    }
                    None
                }
                Ok(ConnectionState::EncodeTlsData(mut message)) => {
                    outgoing.add(|room| message.encode(room).map_err(broken))?;
                    None
                }
                Ok(ConnectionState::TransmitTlsData(message)) => {
                    // It is among the outgoing, and goes before anything else does.
                    message.done();
                    None
                }
                Ok(ConnectionState::WriteTraffic(mut traffic)) => Some(match wanted {
                    Wanted::Nothing => true,
                    Wanted::Write(bytes) => {
                        outgoing.add(|room| traffic.encrypt(bytes, room).map_err(broken))?;
                        true
                    }
                    Wanted::Close => {
                        outgoing.add(|room| traffic.queue_close_notify(room).map_err(broken))?;
                        true
                    }
                }),
                Ok(ConnectionState::PeerClosed) => {
                    self.ended = true;
                    None
                }
                Ok(ConnectionState::BlockedHandshake | ConnectionState::Closed) => Some(false),
                // Early data is not offered, and a state that is not known cannot be gone on from.
                Ok(_) => return Err(io::ErrorKind::InvalidData.into()),
                Err(error) => {
                    // The very bytes that were refused, for the reason that stands at `broken`.
                    let refused = received.get_mut(used..).unwrap_or_default();
                    self.alert(refused, outgoing);
                    return Err(broken(error));
                }
            };
            used += discard;
            if let Some(done) = done {
                return Ok((used, done));
            }
        }
    }

    /// What rustls says to a peer that has broken a rule, so that its user is told more than that the line
    /// broke.
    fn alert(&mut self, refused: &mut [u8], outgoing: &mut Outgoing) {
        if let Ok(ConnectionState::EncodeTlsData(mut message)) =
            self.tls.process_tls_records(refused).state
        {
            let _unsaid = outgoing.add(|room| message.encode(room).map_err(broken));
        }
    }

    /// Does something when everything before it is done; `false` before the handshake is.
    fn perform(&mut self, cx: &mut Context<'_>, wanted: Wanted<'_>) -> io::Result<bool> {
        BUFFERS.with_borrow_mut(|Buffers { outgoing, .. }| {
            let mut received = std::mem::take(&mut self.unread);
            // Whatever may come to light goes to the next reader.
            let nobody = &mut ReadBuf::new(&mut []);
            let handled = self.handle(&mut received, nobody, outgoing, wanted);
            self.send(cx, outgoing)?;
            let (used, done) = handled?;
            received.drain(..used);
            self.unread = received;
            Ok(done)
        })
    }

    /// Sends records; those that the peer does not take now wait.
    fn send(&mut self, cx: &mut Context<'_>, outgoing: &mut Outgoing) -> io::Result<()> {
        let mut rest = outgoing.bytes.get(..outgoing.len).unwrap_or_default();
        let mut sent = Ok(());
        while !rest.is_empty() && self.unsent.is_empty() {
            match Pin::new(&mut self.tcp).poll_write(cx, rest) {
                Poll::Ready(Ok(written)) => rest = rest.get(written..).unwrap_or_default(),
                Poll::Ready(Err(error)) => {
                    sent = Err(error);
                    break;
                }
                Poll::Pending => break,
            }
        }
        self.unsent.extend_from_slice(rest);
        outgoing.wipe();
        sent
    }

    /// Sends what waits.
    fn poll_unsent(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while let Some(rest @ [_, ..]) = self.unsent.get(self.unsent_written..) {
            self.unsent_written += ready!(Pin::new(&mut self.tcp).poll_write(cx, rest))?;
        }
        // Gives the memory back.
        self.unsent = Vec::new();
        self.unsent_written = 0;
        Poll::Ready(Ok(()))
    }
}

impl Outgoing {
    /// Adds what is written into the room that is left.
    fn add(&mut self, write: impl FnOnce(&mut [u8]) -> io::Result<usize>) -> io::Result<()> {
        self.len += write(self.bytes.get_mut(self.len..).unwrap_or_default())?;
        Ok(())
    }

    fn wipe(&mut self) {
        self.bytes.get_mut(..std::mem::take(&mut self.len)).unwrap_or_default().fill(0);
    }
}

impl AsyncRead for TlsStream {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let stream = self.get_mut();
        let filled_len = buffer.filled().len();
        if !stream.readable.is_empty() {
            let len = stream.readable.len().min(buffer.remaining());
            buffer.put_slice(stream.readable.get(..len).unwrap_or_default());
            stream.readable.drain(..len);
            if stream.readable.is_empty() {
                // Gives the memory back.
                stream.readable = Vec::new();
            }
        }
        while buffer.filled().len() == filled_len && buffer.remaining() > 0 && !stream.ended {
            if stream.broken {
                return Poll::Ready(Err(io::ErrorKind::NotConnected.into()));
            }
            // A handshake goes on only when the peer has what was said. It is woken by either.
            if let Poll::Ready(Err(error)) = stream.poll_unsent(cx) {
                return Poll::Ready(Err(error));
            }
            let received = ready!(stream.poll_receive(cx, buffer));
            // What came before something broke is read first, and the next to ask is told.
            if buffer.filled().len() == filled_len {
                received?;
            }
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for TlsStream {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let stream = self.get_mut();
        ready!(stream.poll_unsent(cx))?;
        let len = bytes.len().min(PLAIN_LEN_MAX);
        let part = bytes.get(..len).unwrap_or_default();
        if stream.perform(cx, Wanted::Write(part))? {
            Poll::Ready(Ok(len))
        } else {
            Poll::Ready(Err(io::ErrorKind::NotConnected.into()))
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.get_mut().poll_unsent(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let stream = self.get_mut();
        if !stream.closing && !stream.broken {
            stream.closing = true;
            stream.perform(cx, Wanted::Close)?;
        }
        ready!(stream.poll_unsent(cx))?;
        Pin::new(&mut stream.tcp).poll_shutdown(cx)
    }
}

/// Gives the reader what it has room for; the rest waits. Nothing waits from before: that is given to a
/// reader before more is received.
fn deliver(payload: &[u8], reader: &mut ReadBuf<'_>, readable: &mut Vec<u8>) {
    let (now, later) = payload.split_at(payload.len().min(reader.remaining()));
    reader.put_slice(now);
    readable.extend_from_slice(later);
}

fn broken(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}

fn too_long() -> io::Error {
    io::ErrorKind::InvalidData.into()
}

#[cfg(test)]
impl TlsStream {
    /// Whether it holds nothing but its keys, and the thread's buffers nothing at all.
    pub(super) fn is_empty(&self) -> bool {
        let buffers = BUFFERS.with_borrow(|Buffers { incoming, outgoing }| {
            incoming.iter().chain(&outgoing.bytes).all(|byte| *byte == 0)
        });
        let held = [&self.unread, &self.readable, &self.unsent].map(Vec::capacity);
        buffers && held == [0; 3]
    }
}
