//! WebSocket frames (RFC 6455) in what crosses a network, in either direction.

use std::io::Cursor;

use tokio_tungstenite::tungstenite::Bytes;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Control, Data, OpCode};
use tokio_tungstenite::tungstenite::protocol::frame::{Frame, FrameHeader};
use vestibule_wire::Close;

use super::Direction;

/// What was read and is not yet whole. An upgrade comes before the first frame.
#[derive(Default)]
pub(super) struct Unread {
    bytes: Vec<u8>,
    is_upgraded: bool,
}

/// As much as passes at once.
pub(super) struct Whole {
    /// As it crossed the network.
    pub(super) bytes: Vec<u8>,
    pub(super) meaning: Meaning,
}

/// What a test may want to know of it.
pub(super) enum Meaning {
    /// A binary message. No end of ours cuts one in parts.
    Message(Vec<u8>),
    Close(Close),
    /// The upgrade, a ping or a pong.
    Other,
}

impl Unread {
    pub(super) fn add(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// The head of HTTP, then one frame after the other.
    pub(super) fn next(&mut self) -> Option<Whole> {
        const HEAD_END: &[u8] = b"\r\n\r\n";
        if !self.is_upgraded {
            let end = self.bytes.windows(HEAD_END.len()).position(|four| four == HEAD_END)?;
            self.is_upgraded = true;
            let bytes = self.bytes.drain(..end + HEAD_END.len()).collect();
            return Some(Whole { bytes, meaning: Meaning::Other });
        }
        let mut cursor = Cursor::new(&self.bytes);
        let (header, payload_len) = FrameHeader::parse(&mut cursor).ok()??;
        let begin = usize::try_from(cursor.position()).unwrap();
        let end = begin + usize::try_from(payload_len).unwrap();
        let mut payload = self.bytes.get(begin..end)?.to_vec();
        let mask = header.mask.unwrap_or_default();
        payload.iter_mut().zip(mask.iter().cycle()).for_each(|(byte, mask)| *byte ^= mask);
        let meaning = meaning(header.opcode, payload);
        Some(Whole { bytes: self.bytes.drain(..end).collect(), meaning })
    }
}

fn meaning(opcode: OpCode, payload: Vec<u8>) -> Meaning {
    match opcode {
        OpCode::Data(Data::Binary) => Meaning::Message(payload),
        OpCode::Control(Control::Close) => {
            let code = payload.try_into().map(u16::from_be_bytes);
            let close = code.ok().and_then(Close::from_code);
            close.map_or(Meaning::Other, Meaning::Close)
        }
        OpCode::Data(_) | OpCode::Control(_) => Meaning::Other,
    }
}

/// A binary message as one who sends in this direction writes it.
pub(super) fn binary(message: &[u8], direction: Direction) -> Vec<u8> {
    let payload = Bytes::copy_from_slice(message);
    let mut frame = Frame::message(payload, OpCode::Data(Data::Binary), true);
    // A server insists on a mask; which one is the sender's choice.
    frame.header_mut().mask = (direction == Direction::ToRelay).then_some([0; 4]);
    let mut bytes = Vec::new();
    frame.format(&mut bytes).expect("a vector takes everything");
    bytes
}
