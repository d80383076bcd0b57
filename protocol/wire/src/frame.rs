//! The relay's frame table (section 5): the number of each row, and what rows share.
//!
//! There is one enum for each direction, in the modules beside this one; each variant is a row of
//! the table. Numbers are shared by all directions and never given twice.

use std::sync::Arc;

/// Length of a cell in bytes: the only thing that crosses a relay once two ends are matched.
pub const CELL_LEN: usize = 1_024;
/// Length of an opening in bytes: two cells.
pub const OPENING_LEN: usize = 2_048;

pub(crate) mod kind {
    pub(crate) const RELAY_TIME: u8 = 0x01;
    pub(crate) const OPEN: u8 = 0x02;
    pub(crate) const WAITING: u8 = 0x03;
    pub(crate) const MATCHED: u8 = 0x04;
    pub(crate) const PUZZLE: u8 = 0x05;
    pub(crate) const SOLUTION: u8 = 0x06;
    pub(crate) const CHALLENGE: u8 = 0x10;
    pub(crate) const SIGN_IN: u8 = 0x11;
    pub(crate) const SIGNED_IN: u8 = 0x12;
    pub(crate) const EPOCH_STATEMENT: u8 = 0x13;
    pub(crate) const OFFER: u8 = 0x14;
    pub(crate) const WITHDRAWN: u8 = 0x15;
    pub(crate) const ACCEPT: u8 = 0x16;
    pub(crate) const GRANTED: u8 = 0x17;
    pub(crate) const DECLINE: u8 = 0x18;
    pub(crate) const REVOKE: u8 = 0x19;
    pub(crate) const REVOCATIONS: u8 = 0x1a;
    pub(crate) const DEFERRED: u8 = 0x1b;
    pub(crate) const TAKE_SEAT: u8 = 0x20;
    pub(crate) const SEATED: u8 = 0x21;
    pub(crate) const REJOIN: u8 = 0x28;
    pub(crate) const ALONE: u8 = 0x29;
    pub(crate) const JOINED: u8 = 0x2a;
    pub(crate) const COLLEAGUE: u8 = 0x30;
    pub(crate) const COLLEAGUE_LEFT: u8 = 0x31;
    pub(crate) const WHISPER: u8 = 0x32;
    pub(crate) const WHISPERED: u8 = 0x33;
    pub(crate) const HAND_IN: u8 = 0x38;
    pub(crate) const COUNTED: u8 = 0x39;
    pub(crate) const REPORT_REQUEST: u8 = 0x3a;
    pub(crate) const PERIOD: u8 = 0x3b;
}

/// A client's first Noise message: ciphertext, held while it waits and wiped when it goes.
#[derive(Clone, PartialEq, Eq)]
pub struct Opening(Arc<[u8; OPENING_LEN]>);

impl Opening {
    /// Takes the bytes of two cells.
    pub fn new(bytes: [u8; OPENING_LEN]) -> Self {
        Self(Arc::new(bytes))
    }

    /// The bytes of two cells.
    pub fn as_bytes(&self) -> &[u8; OPENING_LEN] {
        &self.0
    }
}

/// Names one waiting opening on the duty sockets of one relay. Random.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct OfferId(pub [u8; 8]);

/// Lets one worker take one seat, once. Random.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SeatKey(pub [u8; 16]);

/// Names a colleague's duty socket on one's own. Random.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ColleagueId(pub [u8; 8]);

/// Gives an enum its bytes, in one place for both directions.
macro_rules! byte_table {
    ($name:ident { $($variant:ident = $byte:literal),+ $(,)? }) => {
        impl $name {
            fn byte(self) -> u8 {
                match self { $(Self::$variant => $byte),+ }
            }
            fn from_byte(byte: u8) -> Result<Self, Malformed> {
                match byte { $($byte => Ok(Self::$variant),)+ _ => Err(Malformed) }
            }
        }
    };
}
pub(crate) use byte_table;
