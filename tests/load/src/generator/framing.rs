//! What comes back of a cell, and counting it in whatever pieces it comes.

use vestibule_wire::CELL_LEN;

use super::FRAME_LEN;

/// What a relay makes of a frame.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Framing {
    /// It takes the mask off and gives the payload a header of its own.
    WebSocket,
    /// It knows bytes alone.
    Bytes,
}

/// What ended with what has come.
pub(super) enum Arrived {
    /// A cell.
    Cell,
    /// A ping without content.
    Ping,
}

/// One end's place in what it reads.
pub(super) struct Reader {
    framing: Framing,
    header: [u8; 4],
    header_len: usize,
    /// Of a payload, to come.
    left: usize,
}

/// A masked frame with this cell (RFC 6455, section 5.2).
pub(crate) fn masked(cell: &[u8; CELL_LEN]) -> Vec<u8> {
    let [.., high, low] = CELL_LEN.to_be_bytes();
    let mut frame = vec![0x82, 0x80 | MIDDLE_LEN, high, low];
    frame.extend_from_slice(&MASK);
    frame.extend(cell.iter().zip(MASK.iter().cycle()).map(|(byte, key)| byte ^ key));
    frame
}

const MASK: [u8; 4] = [7, 77, 177, 250];

impl Framing {
    /// What arrives when this frame with this cell in it was sent.
    pub(super) fn of(self, frame: &[u8], cell: &[u8]) -> Vec<u8> {
        match self {
            Self::WebSocket => [&HEADER[..], cell].concat(),
            Self::Bytes => frame.to_vec(),
        }
    }
}

/// Says that two bytes of length follow (RFC 6455, section 5.2).
const MIDDLE_LEN: u8 = 0x7E;
/// Of a frame with a cell, from a server.
const HEADER: [u8; 4] = {
    let [.., high, low] = CELL_LEN.to_be_bytes();
    [0x82, MIDDLE_LEN, high, low]
};
/// Of a frame with a ping, from a server.
const PING: [u8; 2] = [0x89, 0];

impl Reader {
    /// Nothing has come.
    pub(super) fn new(framing: Framing) -> Self {
        Self {
            framing,
            header: [0; 4],
            header_len: 0,
            left: if framing == Framing::Bytes { FRAME_LEN } else { 0 },
        }
    }

    /// Goes over bytes and tells what ends in them.
    ///
    /// # Panics
    /// At any frame that is neither a cell nor a ping without content.
    pub(super) fn take(&mut self, mut bytes: &[u8], arrived: &mut dyn FnMut(Arrived)) {
        while !bytes.is_empty() {
            if self.left > 0 {
                let taken = self.left.min(bytes.len());
                self.left -= taken;
                bytes = &bytes[taken..];
                if self.left == 0 {
                    arrived(Arrived::Cell);
                    self.left = if self.framing == Framing::Bytes { FRAME_LEN } else { 0 };
                }
                continue;
            }
            self.header[self.header_len] = bytes[0];
            self.header_len += 1;
            bytes = &bytes[1..];
            match &self.header[..self.header_len] {
                header if header == PING => {
                    self.header_len = 0;
                    arrived(Arrived::Ping);
                }
                header if header == HEADER => {
                    self.header_len = 0;
                    self.left = CELL_LEN;
                }
                header => assert!(
                    PING.starts_with(header) || HEADER.starts_with(header),
                    "a relay sent {header:02x?}"
                ),
            }
        }
    }
}
