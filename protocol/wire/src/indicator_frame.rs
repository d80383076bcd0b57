//! What travels on `/ws/indicators` (section 5): consoles hand in slips, coordinators ask for sums.

use crate::frame::kind;
use crate::indicator::{read_sums, write_sums};
use crate::sign_in::{challenge_frame, read_challenge};
use crate::{CELLS, Malformed, Reader, SIGNATURE_LEN, SignIn, Slip, Sums, Timestamp};

/// Different budgets of noise that one period may have: the configuration may change within it.
pub const NOISES_MAX: usize = 4;

/// On `/ws/indicators`, to the relay.
pub enum IndicatorsToRelay {
    /// A console's slip. It says nothing about whose it is, and follows no sign-in.
    HandIn(Box<Slip>, Box<[u8; SIGNATURE_LEN]>),
    /// A coordinator's answer to the challenge.
    SignIn(Box<SignIn>),
    /// After it: the periods that began in this time.
    ReportRequest {
        /// Those that began at this moment or later.
        from: Timestamp,
        /// And before this one.
        until: Timestamp,
    },
}

/// On `/ws/indicators`, from the relay.
pub enum RelayToIndicators {
    /// The relay's clock and its ephemeral key.
    Challenge {
        /// The relay's clock.
        time: Timestamp,
        /// X25519 public key.
        ephemeral: [u8; 32],
    },
    /// The sign-in was accepted.
    SignedIn,
    /// The slip is counted.
    Counted,
    /// The sums of one period. After the last the relay closes with `done`.
    Period(Box<Period>),
}

/// What a relay publishes of one service in one period.
#[derive(Clone, PartialEq, Eq)]
pub struct Period {
    /// Its first second.
    pub start: Timestamp,
    /// The second after its last.
    pub end: Timestamp,
    /// How much of it the relay counted and did not lose.
    pub covered_minutes: u32,
    /// The noise of its batches.
    pub noises: [Noise; NOISES_MAX],
    /// The sums, noise included.
    pub sums: Box<Sums>,
}

/// Batches of counts that got noise of one budget.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Noise {
    /// The budget of a table in millionths; nought for exact counts.
    pub epsilon_millionths: u32,
    /// How many batches; nought where a place is not used.
    pub batches: u16,
}

impl IndicatorsToRelay {
    /// Length of the longest frame to a relay on this socket.
    pub const LEN_MAX: usize = 197;

    /// Reads one message.
    ///
    /// # Errors
    /// For anything that is not in the table for this direction.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(bytes);
        let frame = match reader.u8()? {
            kind::HAND_IN => {
                let (slip, signature) = Slip::read(&mut reader)?;
                Self::HandIn(Box::new(slip), Box::new(signature))
            }
            kind::SIGN_IN => Self::SignIn(Box::new(SignIn::read(&mut reader)?)),
            kind::REPORT_REQUEST => Self::ReportRequest {
                from: Timestamp(reader.u32()?),
                until: Timestamp(reader.u32()?),
            },
            _ => return Err(Malformed),
        };
        reader.finish()?;
        Ok(frame)
    }

    /// Writes one message.
    pub fn encode(&self) -> Vec<u8> {
        match self {
            Self::HandIn(slip, signature) => {
                [&[kind::HAND_IN], &slip.signed_bytes()[..], &signature[..]].concat()
            }
            Self::SignIn(sign_in) => sign_in.frame(),
            Self::ReportRequest { from, until } => {
                [&[kind::REPORT_REQUEST], &from.0.to_be_bytes()[..], &until.0.to_be_bytes()]
                    .concat()
            }
        }
    }
}

impl RelayToIndicators {
    /// Reads one message.
    ///
    /// # Errors
    /// For anything that is not in the table for this direction.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(bytes);
        let frame = match reader.u8()? {
            kind::CHALLENGE => {
                let (time, ephemeral) = read_challenge(&mut reader)?;
                Self::Challenge { time, ephemeral }
            }
            kind::SIGNED_IN => Self::SignedIn,
            kind::COUNTED => Self::Counted,
            kind::PERIOD => Self::Period(Box::new(Period::read(&mut reader)?)),
            _ => return Err(Malformed),
        };
        reader.finish()?;
        Ok(frame)
    }

    /// Writes one message.
    pub fn encode(&self) -> Vec<u8> {
        match self {
            Self::Challenge { time, ephemeral } => challenge_frame(*time, ephemeral),
            Self::SignedIn => vec![kind::SIGNED_IN],
            Self::Counted => vec![kind::COUNTED],
            Self::Period(period) => [&[kind::PERIOD], &period.to_bytes()[..]].concat(),
        }
    }
}

impl Period {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        let (start, end) = (Timestamp(reader.u32()?), Timestamp(reader.u32()?));
        let covered_minutes = reader.u32()?;
        let mut noises = [Noise::default(); NOISES_MAX];
        for noise in &mut noises {
            *noise = Noise { epsilon_millionths: reader.u32()?, batches: reader.u16()? };
        }
        let sums = read_sums(&reader.array::<{ CELLS * 4 }>()?)?;
        Ok(Self { start, end, covered_minutes, noises, sums })
    }

    fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for number in [self.start.0, self.end.0, self.covered_minutes] {
            bytes.extend(number.to_be_bytes());
        }
        for noise in self.noises {
            bytes.extend(noise.epsilon_millionths.to_be_bytes());
            bytes.extend(noise.batches.to_be_bytes());
        }
        bytes.extend(write_sums(&self.sums));
        bytes
    }
}
