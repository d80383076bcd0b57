//! Records: what the ends say to each other (section 10).

use vestibule_wire::Malformed;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Longest record, in bytes.
pub const RECORD_BYTES_MAX: usize = 65_536;
/// Longest text, in bytes of UTF-8.
pub const TEXT_BYTES_MAX: usize = 40_000;

const TEXT: u8 = 1;
const CLOSE: u8 = 2;
const CLOSE_ENDED: u8 = 1;

/// One thing said. Holds content: it cannot be printed, and is wiped on drop.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub enum Record {
    /// Words.
    Text(String),
    /// The sender ends the consultation.
    Close,
}

impl Record {
    /// Its number in the table of section 10.
    pub(crate) fn record_type(&self) -> u8 {
        match self {
            Self::Text(_) => TEXT,
            Self::Close => CLOSE,
        }
    }

    /// Its body, or an error for one that may not be sent.
    pub(crate) fn body(&self) -> Result<&[u8], Malformed> {
        match self {
            Self::Text(text) => {
                let fits = (1..=TEXT_BYTES_MAX).contains(&text.len());
                if fits { Ok(text.as_bytes()) } else { Err(Malformed) }
            }
            Self::Close => Ok(&[CLOSE_ENDED]),
        }
    }

    /// Reads a body.
    pub(crate) fn read(record_type: u8, body: &[u8]) -> Result<Self, Malformed> {
        let record = match record_type {
            TEXT => Self::Text(std::str::from_utf8(body).map_err(|_| Malformed)?.to_owned()),
            CLOSE if body == [CLOSE_ENDED] => Self::Close,
            _ => return Err(Malformed),
        };
        record.body()?;
        Ok(record)
    }
}
