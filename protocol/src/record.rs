//! Records: what the ends say to each other (section 10).

use vestibule_wire::{CERTIFICATE_LEN, LinkKind, Malformed, Reader, Side};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::card::Card;
use crate::file::{self, FILE_PART_BYTES, FileNumber, FileOffer, FileReply};
use crate::fresh::{FRESH_ANSWER_LEN, FRESH_OPENING_LEN, FreshAnswer, FreshOpening};
use crate::hand_over::{HandOver, HandOverSecret};
use crate::link::Link;
use crate::survey::SurveyAnswer;

/// Longest record, in bytes.
pub const RECORD_BYTES_MAX: usize = 65_536;
/// Longest text, in bytes of UTF-8.
pub const TEXT_BYTES_MAX: usize = 40_000;

const TEXT: u8 = 1;
const CLOSE: u8 = 2;
const FRESH_OPENING: u8 = 3;
const FRESH_ANSWER: u8 = 4;
const HAND_OVER: u8 = 5;
const HAND_OVER_REPLY: u8 = 6;
const HAND_OVER_WITHDRAWN: u8 = 7;
const CARRIED_OVER: u8 = 8;
const CARD: u8 = 9;
const RETURN_LINK: u8 = 10;
const END_PROPOSAL: u8 = 11;
const END_DECLINED: u8 = 12;
const SURVEY: u8 = 13;
const FILE_OFFER: u8 = 14;
const FILE_REPLY: u8 = 15;
pub(crate) const FILE_PART: u8 = 16;
const FILE_WITHDRAWN: u8 = 17;

const CLOSE_ENDED: u8 = 1;
const WITHDRAWN_CANNOT_COME: u8 = 1;
const PROPOSAL_ENOUGH: u8 = 1;
const DECLINED_NOT_YET: u8 = 1;

/// A record as it is cut into cells.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Body {
    pub(crate) record_type: u8,
    pub(crate) bytes: Zeroizing<Vec<u8>>,
}

/// One thing said. Holds content: it cannot be printed, and is wiped on drop.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub enum Record {
    /// Words.
    Text(String),
    /// The sender ends the consultation.
    Close,
    /// The client starts fresh secrets.
    FreshOpening(Box<FreshOpening>),
    /// The worker's part of them.
    FreshAnswer(Box<FreshAnswer>),
    /// The worker proposes a colleague.
    HandOver(Box<HandOver>),
    /// What the client says to that.
    HandOverReply(#[zeroize(skip)] HandOverReply),
    /// The colleague cannot come.
    HandOverWithdrawn,
    /// To a new worker: what had arrived of the former one.
    CarriedOver {
        /// Everything below this number.
        received_below: u64,
    },
    /// A checklist, a leaflet or a referral, for the client to keep.
    Card(Box<Card>),
    /// A one-time link with which the client can come back.
    ReturnLink(Box<Link>),
    /// The worker thinks that it can end here.
    EndProposal,
    /// The client does not yet; if it does, it closes.
    EndDeclined,
    /// What the client answers to one question before the end.
    Survey(#[zeroize(skip)] SurveyAnswer),
    /// The client would like to send a file.
    FileOffer(#[zeroize(skip)] FileOffer),
    /// What the worker says to that.
    FileReply {
        /// Which.
        #[zeroize(skip)]
        file: FileNumber,
        /// What.
        #[zeroize(skip)]
        reply: FileReply,
    },
    /// The next part of a file, padding with it. The session makes it itself.
    FilePart {
        /// Of which.
        #[zeroize(skip)]
        file: FileNumber,
        /// 1 to [`FILE_PART_BYTES`] bytes.
        data: Vec<u8>,
    },
    /// The client does not send it, or not to its end.
    FileWithdrawn {
        /// Which.
        #[zeroize(skip)]
        file: FileNumber,
    },
}

/// What a client says to a hand-over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HandOverReply {
    /// It goes.
    Agreed,
    /// It stays.
    Declined,
    /// It went, and nobody was there.
    DidNotCome,
}

impl Record {
    /// Words.
    pub fn text(words: &str) -> Self {
        Self::Text(words.to_owned())
    }

    /// Its body, or an error for one that may not be sent.
    pub(crate) fn to_body(&self) -> Result<Body, Malformed> {
        let (record_type, bytes) = match self {
            Self::Text(text) if !(1..=TEXT_BYTES_MAX).contains(&text.len()) => {
                return Err(Malformed);
            }
            Self::Text(text) => (TEXT, text.as_bytes().to_vec()),
            Self::Close => (CLOSE, vec![CLOSE_ENDED]),
            Self::FreshOpening(opening) => (FRESH_OPENING, opening.0.to_vec()),
            Self::FreshAnswer(answer) => (FRESH_ANSWER, answer.0.to_vec()),
            Self::HandOver(hand_over) => (HAND_OVER, hand_over.to_bytes()),
            Self::HandOverReply(reply) => (HAND_OVER_REPLY, vec![reply.byte()]),
            Self::HandOverWithdrawn => (HAND_OVER_WITHDRAWN, vec![WITHDRAWN_CANNOT_COME]),
            Self::CarriedOver { received_below } => {
                (CARRIED_OVER, received_below.to_be_bytes().to_vec())
            }
            Self::Card(card) => (CARD, card.to_bytes()?),
            Self::ReturnLink(link) if link.name().kind() != LinkKind::OneTime => {
                return Err(Malformed);
            }
            Self::ReturnLink(link) => (RETURN_LINK, link.to_bytes().to_vec()),
            Self::EndProposal => (END_PROPOSAL, vec![PROPOSAL_ENOUGH]),
            Self::EndDeclined => (END_DECLINED, vec![DECLINED_NOT_YET]),
            Self::Survey(answer) => (SURVEY, answer.to_bytes()),
            Self::FileOffer(offer) => (FILE_OFFER, offer.to_bytes()?),
            Self::FileReply { file, reply } => {
                (FILE_REPLY, [&file.0.to_be_bytes()[..], &[reply.to_byte()]].concat())
            }
            Self::FilePart { data, .. } if !(1..=FILE_PART_BYTES).contains(&data.len()) => {
                return Err(Malformed);
            }
            Self::FilePart { file, data } => {
                (FILE_PART, [&file.0.to_be_bytes()[..], data].concat())
            }
            Self::FileWithdrawn { file } => (FILE_WITHDRAWN, file.0.to_be_bytes().to_vec()),
        };
        Ok(Body { record_type, bytes: Zeroizing::new(bytes) })
    }

    /// Reads what `from` sent.
    pub(crate) fn read(from: Side, body: &Body) -> Result<Self, Malformed> {
        let bytes = &body.bytes[..];
        let record = match (body.record_type, from) {
            (TEXT, _) => Self::text(std::str::from_utf8(bytes).map_err(|_| Malformed)?),
            (CLOSE, _) if bytes == [CLOSE_ENDED] => Self::Close,
            (FRESH_OPENING, Side::Client) => {
                let opening: [u8; FRESH_OPENING_LEN] = bytes.try_into().map_err(|_| Malformed)?;
                Self::FreshOpening(Box::new(FreshOpening(opening)))
            }
            (FRESH_ANSWER, Side::Worker) => {
                let answer: [u8; FRESH_ANSWER_LEN] = bytes.try_into().map_err(|_| Malformed)?;
                Self::FreshAnswer(Box::new(FreshAnswer(answer)))
            }
            (HAND_OVER, Side::Worker) => {
                let mut reader = Reader::new(bytes);
                let secret = HandOverSecret::from_bytes(&reader.array()?);
                let certificate: [u8; CERTIFICATE_LEN] = reader.array()?;
                reader.finish()?;
                Self::HandOver(Box::new(HandOver { secret, certificate }))
            }
            (HAND_OVER_REPLY, Side::Client) => Self::HandOverReply(HandOverReply::read(bytes)?),
            (HAND_OVER_WITHDRAWN, Side::Worker) if bytes == [WITHDRAWN_CANNOT_COME] => {
                Self::HandOverWithdrawn
            }
            (CARRIED_OVER, Side::Client) => {
                let received_below = bytes.try_into().map_err(|_| Malformed)?;
                Self::CarriedOver { received_below: u64::from_be_bytes(received_below) }
            }
            (CARD, Side::Worker) => Self::Card(Box::new(Card::read(bytes)?)),
            (RETURN_LINK, Side::Worker) => {
                Self::ReturnLink(Box::new(Link::from_bytes(bytes).map_err(|_| Malformed)?))
            }
            (END_PROPOSAL, Side::Worker) if bytes == [PROPOSAL_ENOUGH] => Self::EndProposal,
            (END_DECLINED, Side::Client) if bytes == [DECLINED_NOT_YET] => Self::EndDeclined,
            (SURVEY, Side::Client) => Self::Survey(SurveyAnswer::read(bytes)?),
            (FILE_OFFER, Side::Client) => Self::FileOffer(FileOffer::read(bytes)?),
            (FILE_REPLY, Side::Worker) => {
                let (file, reply) = file::read_number(bytes)?;
                Self::FileReply { file, reply: FileReply::read(reply)? }
            }
            (FILE_PART, Side::Client) => {
                let (file, data) = file::read_number(bytes)?;
                Self::FilePart { file, data: data.to_vec() }
            }
            (FILE_WITHDRAWN, Side::Client) => {
                let (file, rest) = file::read_number(bytes)?;
                if !rest.is_empty() {
                    return Err(Malformed);
                }
                Self::FileWithdrawn { file }
            }
            _ => return Err(Malformed),
        };
        record.to_body()?;
        Ok(record)
    }
}

impl HandOverReply {
    fn byte(self) -> u8 {
        match self {
            Self::Agreed => 1,
            Self::Declined => 2,
            Self::DidNotCome => 3,
        }
    }

    fn read(bytes: &[u8]) -> Result<Self, Malformed> {
        match bytes {
            [1] => Ok(Self::Agreed),
            [2] => Ok(Self::Declined),
            [3] => Ok(Self::DidNotCome),
            _ => Err(Malformed),
        }
    }
}
