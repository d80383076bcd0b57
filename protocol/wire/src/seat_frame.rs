//! Frames of the sockets on which cells follow: `/ws/seat` and `/ws/rejoin` (section 5).

use crate::frame::kind;
use crate::{Malformed, Reader, SeatKey};

/// Which end of a consultation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// The person seeking help.
    Client,
    /// The person answering.
    Worker,
}

impl Side {
    /// The end that talks with this one.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Client => Self::Worker,
            Self::Worker => Self::Client,
        }
    }
}

/// Where the two ends of a consultation meet again: bytes that mean something to them alone. Holding
/// it, a relay pairs two sockets; so it is neither printed nor kept longer than a socket waits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Route(pub [u8; 32]);

/// On `/ws/seat`, to the relay.
pub enum SeatToRelay {
    /// Takes the granted seat.
    TakeSeat(SeatKey),
}

/// On `/ws/seat`, to the worker.
pub enum RelayToSeat {
    /// Both seats are taken; cells follow.
    Seated,
}

/// On `/ws/rejoin`, to the relay.
pub enum EndToRelay {
    /// Wants to meet the other end.
    Rejoin {
        /// Which end this is.
        side: Side,
        /// Where.
        route: Route,
    },
}

/// On `/ws/rejoin`, to the end.
pub enum RelayToEnd {
    /// The other end is not here yet.
    Alone,
    /// Both are here; cells follow.
    Joined,
}

impl SeatToRelay {
    /// Length of the one frame that a worker sends on a seat's socket.
    pub const LEN_MAX: usize = 17;

    /// Reads one message.
    ///
    /// # Errors
    /// For anything that is not in the table for this direction.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(bytes);
        if reader.u8()? != kind::TAKE_SEAT {
            return Err(Malformed);
        }
        let seat = SeatKey(reader.array()?);
        reader.finish()?;
        Ok(Self::TakeSeat(seat))
    }

    /// Writes one message.
    pub fn encode(&self) -> Vec<u8> {
        let Self::TakeSeat(seat) = self;
        [&[kind::TAKE_SEAT], &seat.0[..]].concat()
    }
}

impl RelayToSeat {
    /// Reads one message.
    ///
    /// # Errors
    /// For anything that is not in the table for this direction.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        if bytes == [kind::SEATED] { Ok(Self::Seated) } else { Err(Malformed) }
    }

    /// Writes one message.
    pub fn encode(&self) -> Vec<u8> {
        let Self::Seated = self;
        vec![kind::SEATED]
    }
}

impl EndToRelay {
    /// Length of the one frame that an end sends.
    pub const LEN_MAX: usize = 34;

    /// Reads one message.
    ///
    /// # Errors
    /// For anything that is not in the table for this direction.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(bytes);
        let side = match (reader.u8()?, reader.u8()?) {
            (kind::REJOIN, 1) => Side::Client,
            (kind::REJOIN, 2) => Side::Worker,
            _ => return Err(Malformed),
        };
        let route = Route(reader.array()?);
        reader.finish()?;
        Ok(Self::Rejoin { side, route })
    }

    /// Writes one message.
    pub fn encode(&self) -> Vec<u8> {
        let Self::Rejoin { side, route } = self;
        let side = match side {
            Side::Client => 1,
            Side::Worker => 2,
        };
        [&[kind::REJOIN, side], &route.0[..]].concat()
    }
}

impl RelayToEnd {
    /// Reads one message.
    ///
    /// # Errors
    /// For anything that is not in the table for this direction.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        match bytes {
            [kind::ALONE] => Ok(Self::Alone),
            [kind::JOINED] => Ok(Self::Joined),
            _ => Err(Malformed),
        }
    }

    /// Writes one message.
    pub fn encode(&self) -> Vec<u8> {
        match self {
            Self::Alone => vec![kind::ALONE],
            Self::Joined => vec![kind::JOINED],
        }
    }
}
