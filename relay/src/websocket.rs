//! WebSocket frames (RFC 6455), as far as the server's end needs them.
//!
//! Frames are read where they lie: a whole frame is unmasked in place and lent to the caller, a part
//! of one is kept until the rest arrives. A frame that announces too much is refused by its header,
//! so what is kept stays smaller than the longest message allowed.

use std::borrow::Cow;
use std::ops::Range;

use vestibule_wire::Close;

/// Longest header of a masked frame: 2 bytes, 8 of length, 4 of mask.
pub(crate) const HEADER_LEN_MAX: usize = 14;
const CONTROL_PAYLOAD_LEN_MAX: usize = 125;

/// The four bits that say what a frame is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Opcode {
    /// A further part of a message.
    Continuation = 0x0,
    /// A text message, which Vestibule does not know.
    Text = 0x1,
    /// A binary message or its first part.
    Binary = 0x2,
    /// The peer closes.
    Close = 0x8,
    /// The peer asks for a pong.
    Ping = 0x9,
    /// The peer answers a ping.
    Pong = 0xA,
}

impl Opcode {
    fn from_bits(bits: u8) -> Result<Self, Close> {
        match bits {
            0x0 => Ok(Self::Continuation),
            0x1 => Ok(Self::Text),
            0x2 => Ok(Self::Binary),
            0x8 => Ok(Self::Close),
            0x9 => Ok(Self::Ping),
            0xA => Ok(Self::Pong),
            _ => Err(Close::NotWebsocket),
        }
    }

    fn bits(self) -> u8 {
        match self {
            Self::Continuation => 0x0,
            Self::Text => 0x1,
            Self::Binary => 0x2,
            Self::Close => 0x8,
            Self::Ping => 0x9,
            Self::Pong => 0xA,
        }
    }

    fn is_control(self) -> bool {
        matches!(self, Self::Close | Self::Ping | Self::Pong)
    }
}

/// What arrived from a peer.
#[derive(PartialEq, Eq)]
pub(crate) enum Event<'a> {
    /// A binary message; owned when it came in fragments.
    Message(Cow<'a, [u8]>),
    /// To be answered with the same payload.
    Ping(&'a [u8]),
    /// The peer lives.
    Pong,
    /// The peer closes, perhaps with a code.
    Close(Option<u16>),
}

/// The state of one peer's byte stream between two reads.
#[derive(Default)]
pub(crate) struct Incoming {
    /// Bytes that were received and not yet taken, still masked.
    unread: Vec<u8>,
    /// The payload so far of a message that comes in fragments.
    fragments: Option<Vec<u8>>,
}

impl Incoming {
    /// Starts with what was received together with the request to upgrade.
    pub(crate) fn starting_with(unread: Vec<u8>) -> Self {
        Self { unread, fragments: None }
    }

    /// Bytes that come before those of the next read.
    pub(crate) fn unread(&self) -> &[u8] {
        &self.unread
    }

    /// Keeps what the caller did not take, in no more memory than it needs.
    pub(crate) fn keep(&mut self, rest: &[u8]) {
        self.unread = rest.to_vec();
    }

    /// Takes the next event off `bytes`, from `at` on; `None` when the rest is a part of a frame.
    ///
    /// # Errors
    /// With the code to close with, when the peer broke a rule.
    pub(crate) fn next<'a>(
        &mut self,
        bytes: &'a mut [u8],
        at: &mut usize,
        message_len_max: usize,
    ) -> Result<Option<Event<'a>>, Close> {
        let (opcode, range) = loop {
            let Some((header, range)) = unmask_frame(bytes, *at, message_len_max)? else {
                return Ok(None);
            };
            *at = range.end;
            if header.opcode.is_control() {
                break (header.opcode, range);
            }
            let payload = bytes.get(range.clone()).unwrap_or_default();
            match self.add_data(&header, payload, message_len_max)? {
                Data::Whole => break (header.opcode, range),
                Data::LastFragment(message) => {
                    return Ok(Some(Event::Message(Cow::Owned(message))));
                }
                Data::Fragment => {}
            }
        };
        let payload: &'a [u8] = bytes.get(range).unwrap_or_default();
        Ok(Some(match opcode {
            Opcode::Close => Event::Close(close_code(payload)?),
            Opcode::Ping => Event::Ping(payload),
            Opcode::Pong => Event::Pong,
            Opcode::Binary | Opcode::Continuation | Opcode::Text => {
                Event::Message(Cow::Borrowed(payload))
            }
        }))
    }

    /// Applies the rules of fragmentation (RFC 6455 section 5.4) to a data frame.
    fn add_data(
        &mut self,
        header: &Header,
        payload: &[u8],
        message_len_max: usize,
    ) -> Result<Data, Close> {
        let continues = header.opcode == Opcode::Continuation;
        if continues != self.fragments.is_some() {
            return Err(Close::NotWebsocket);
        }
        if header.opcode == Opcode::Text {
            return Err(Close::Malformed);
        }
        if header.fin && !continues {
            return Ok(Data::Whole);
        }
        let mut message = self.fragments.take().unwrap_or_default();
        if message.len() + payload.len() > message_len_max {
            return Err(Close::Malformed);
        }
        message.extend_from_slice(payload);
        if header.fin {
            return Ok(Data::LastFragment(message));
        }
        self.fragments = Some(message);
        Ok(Data::Fragment)
    }
}

/// What a data frame adds up to.
enum Data {
    /// It is a message.
    Whole,
    /// It is a part, and not the last.
    Fragment,
    /// With it the message is complete.
    LastFragment(Vec<u8>),
}

/// The header of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Header {
    /// Whether the message ends here.
    pub(crate) fin: bool,
    /// What the frame is.
    pub(crate) opcode: Opcode,
    mask: [u8; 4],
    payload_len: usize,
    /// Where the payload begins.
    payload_at: usize,
}

/// Reads the header of a peer's frame; `None` while it is incomplete.
///
/// # Errors
/// [`Close::NotWebsocket`] for what RFC 6455 forbids a client to send without extensions,
/// [`Close::Malformed`] for a payload longer than any message allowed here.
pub(crate) fn parse_header(bytes: &[u8], payload_len_max: usize) -> Result<Option<Header>, Close> {
    let &[first, second, ref rest @ ..] = bytes else {
        return Ok(None);
    };
    let fin = first & 0x80 != 0;
    let opcode = Opcode::from_bits(first & 0x0F)?;
    let short_len = usize::from(second & 0x7F);
    let reserved_bits = first & 0x70 != 0;
    let unmasked = second & 0x80 == 0;
    let long_control = opcode.is_control() && (!fin || short_len > CONTROL_PAYLOAD_LEN_MAX);
    if reserved_bits || unmasked || long_control {
        return Err(Close::NotWebsocket);
    }
    let Some((payload_len, rest)) = parse_length(short_len, rest)? else {
        return Ok(None);
    };
    if payload_len > payload_len_max && !opcode.is_control() {
        return Err(Close::Malformed);
    }
    let Some((mask, payload)) = rest.split_first_chunk::<4>() else {
        return Ok(None);
    };
    let payload_at = bytes.len() - payload.len();
    Ok(Some(Header { fin, opcode, mask: *mask, payload_len, payload_at }))
}

/// Reads the extended payload length. It must be the shortest form (RFC 6455 section 5.2).
fn parse_length(short_len: usize, rest: &[u8]) -> Result<Option<(usize, &[u8])>, Close> {
    let (payload_len, shortest, rest) = match short_len {
        126 => match rest.split_first_chunk::<2>() {
            Some((length, rest)) => (u64::from(u16::from_be_bytes(*length)), 126, rest),
            None => return Ok(None),
        },
        127 => match rest.split_first_chunk::<8>() {
            Some((length, rest)) => (u64::from_be_bytes(*length), 65_536, rest),
            None => return Ok(None),
        },
        _ => return Ok(Some((short_len, rest))),
    };
    if payload_len < shortest || payload_len > u64::MAX / 2 {
        return Err(Close::NotWebsocket);
    }
    Ok(Some((usize::try_from(payload_len).unwrap_or(usize::MAX), rest)))
}

/// Finds a whole frame at `at` and unmasks its payload, whose place it returns.
fn unmask_frame(
    bytes: &mut [u8],
    at: usize,
    message_len_max: usize,
) -> Result<Option<(Header, Range<usize>)>, Close> {
    let Some(header) = parse_header(bytes.get(at..).unwrap_or_default(), message_len_max)? else {
        return Ok(None);
    };
    let start = at + header.payload_at;
    let range = start..start + header.payload_len;
    let Some(payload) = bytes.get_mut(range.clone()) else {
        return Ok(None);
    };
    unmask(payload, header.mask);
    Ok(Some((header, range)))
}

/// Takes a client's mask off (RFC 6455 section 5.3), eight bytes at a time.
fn unmask(payload: &mut [u8], mask: [u8; 4]) {
    let [a, b, c, d] = mask;
    let wide = u64::from_ne_bytes([a, b, c, d, a, b, c, d]);
    let (chunks, rest) = payload.as_chunks_mut::<8>();
    for chunk in chunks {
        *chunk = (u64::from_ne_bytes(*chunk) ^ wide).to_ne_bytes();
    }
    for (byte, key) in rest.iter_mut().zip(mask.iter().cycle()) {
        *byte ^= key;
    }
}

/// The code of a peer's close frame (RFC 6455 sections 5.5.1 and 7.4).
fn close_code(payload: &[u8]) -> Result<Option<u16>, Close> {
    let Some((code, reason)) = payload.split_first_chunk::<2>() else {
        return if payload.is_empty() { Ok(None) } else { Err(Close::NotWebsocket) };
    };
    let code = u16::from_be_bytes(*code);
    let sendable = matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999);
    if sendable && std::str::from_utf8(reason).is_ok() {
        Ok(Some(code))
    } else {
        Err(Close::NotWebsocket)
    }
}

/// Appends one unmasked frame, as servers send them.
pub(crate) fn write_frame(output: &mut Vec<u8>, opcode: Opcode, payload: &[u8]) {
    output.push(0x80 | opcode.bits());
    match (u8::try_from(payload.len()), u16::try_from(payload.len())) {
        (Ok(length @ ..126), _) => output.push(length),
        (_, Ok(length)) => {
            output.push(126);
            output.extend_from_slice(&length.to_be_bytes());
        }
        (_, Err(_)) => {
            output.push(127);
            output.extend_from_slice(&payload.len().to_be_bytes());
        }
    }
    output.extend_from_slice(payload);
}

#[cfg(test)]
mod tests;
