//! What a client and a relay say before cells follow: `/ws/client` (section 5).

use crate::frame::{byte_table, kind};
use crate::{
    AuthorityKey, Malformed, Opening, PuzzleBits, PuzzleNonce, PuzzleSeed, Reader, Timestamp, Token,
};

/// What a waiting client is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    /// A worker is free.
    Now,
    /// A few are waiting.
    Soon,
    /// Many are waiting.
    Long,
    /// No worker is on duty.
    NobodyOnDuty,
    /// Workers are on duty, but no consultation can begin just now.
    Held,
}

byte_table!(Wait { Now = 1, Soon = 2, Long = 3, NobodyOnDuty = 4, Held = 5 });

/// On `/ws/client`, to the relay.
pub enum ClientToRelay {
    /// A client opens its link.
    Open {
        /// The service of the link.
        authority: AuthorityKey,
        /// Proof that the service issued the link.
        token: Token,
        /// First message of the handshake.
        opening: Opening,
    },
    /// A client has done the sum that the relay asked for.
    Solution(PuzzleNonce),
}

/// On `/ws/client`, to the client.
pub enum RelayToClient {
    /// The relay's clock.
    RelayTime(Timestamp),
    /// The client waits.
    Waiting(Wait),
    /// A worker took a seat; cells follow.
    Matched,
    /// The door is crowded: a sum is to be done first.
    Puzzle {
        /// Drawn for this connection.
        seed: PuzzleSeed,
        /// How hard it is.
        bits: PuzzleBits,
    },
}

impl ClientToRelay {
    /// Length of the longest frame that a client sends.
    pub const LEN_MAX: usize = 2_166;

    /// Reads one message.
    ///
    /// # Errors
    /// For anything that is not in the table for this direction.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(bytes);
        let frame = match reader.u8()? {
            kind::OPEN => Self::Open {
                authority: AuthorityKey::from_bytes(reader.array()?),
                token: Token::read(&mut reader)?,
                opening: Opening::new(reader.array()?),
            },
            kind::SOLUTION => Self::Solution(PuzzleNonce(reader.array()?)),
            _ => return Err(Malformed),
        };
        reader.finish()?;
        Ok(frame)
    }

    /// Writes one message.
    pub fn encode(&self) -> Vec<u8> {
        match self {
            Self::Open { authority, token, opening } => {
                let token = token.to_bytes();
                [&[kind::OPEN], &authority.as_bytes()[..], &token, opening.as_bytes()].concat()
            }
            Self::Solution(nonce) => [&[kind::SOLUTION], &nonce.0[..]].concat(),
        }
    }
}

impl RelayToClient {
    /// Reads one message.
    ///
    /// # Errors
    /// For anything that is not in the table for this direction.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(bytes);
        let frame = match reader.u8()? {
            kind::RELAY_TIME => Self::RelayTime(Timestamp(reader.u32()?)),
            kind::WAITING => Self::Waiting(Wait::from_byte(reader.u8()?)?),
            kind::MATCHED => Self::Matched,
            kind::PUZZLE => Self::Puzzle {
                seed: PuzzleSeed(reader.array()?),
                bits: PuzzleBits::new(reader.u8()?)?,
            },
            _ => return Err(Malformed),
        };
        reader.finish()?;
        Ok(frame)
    }

    /// Writes one message.
    pub fn encode(&self) -> Vec<u8> {
        match self {
            Self::RelayTime(time) => [&[kind::RELAY_TIME], &time.0.to_be_bytes()[..]].concat(),
            Self::Waiting(wait) => vec![kind::WAITING, wait.byte()],
            Self::Matched => vec![kind::MATCHED],
            Self::Puzzle { seed, bits } => [&[kind::PUZZLE], &seed.0[..], &[bits.count()]].concat(),
        }
    }
}
