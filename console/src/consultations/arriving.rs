//! The file that a client sends, until it is whole.

use vestibule_protocol::{FileNumber, FileOffer, FileReply, Incoming, Record};
use zeroize::Zeroizing;

/// The desk hears of so many steps on the way, at most.
const STEPS: usize = 20;

/// What becomes of a file.
pub(crate) enum FileEvent {
    /// The client would like to send it.
    Offered(FileOffer),
    /// The client knows what the worker said.
    Answered { file: FileNumber, accepted: bool },
    /// So many bytes of it are here.
    Came { file: FileNumber, bytes: usize },
    /// All of it is.
    Whole { offer: FileOffer, content: Zeroizing<Vec<u8>> },
    /// The client does not send it, or not to its end.
    Withdrawn { file: FileNumber },
}

/// One file at a time: the session has seen to the order of what comes.
#[derive(Default)]
pub(super) struct Arriving {
    offer: Option<FileOffer>,
    /// Once the worker has said that it may come.
    incoming: Option<Incoming>,
    /// What the desk was told.
    told_bytes: usize,
}

impl Arriving {
    /// What a record means for the file, if it is about one.
    #[allow(clippy::wildcard_enum_match_arm, reason = "all others are about something else")]
    pub(super) fn hear(&mut self, record: &Record) -> Option<FileEvent> {
        match record {
            Record::FileOffer(offer) => {
                *self = Self { offer: Some(*offer), ..Self::default() };
                Some(FileEvent::Offered(*offer))
            }
            Record::FilePart { file, data } => self.take(*file, data),
            Record::FileWithdrawn { file } => {
                *self = Self::default();
                Some(FileEvent::Withdrawn { file: *file })
            }
            _ => None,
        }
    }

    /// The session has taken what the worker said to the offer.
    pub(super) fn answered(&mut self, file: FileNumber, reply: FileReply) -> Option<FileEvent> {
        match reply {
            FileReply::Send => self.incoming = self.offer.as_ref().map(Incoming::new),
            FileReply::Refused => *self = Self::default(),
            FileReply::Received => return None,
        }
        Some(FileEvent::Answered { file, accepted: reply == FileReply::Send })
    }

    fn take(&mut self, file: FileNumber, data: &[u8]) -> Option<FileEvent> {
        let (offer, incoming) = (self.offer?, self.incoming.as_mut()?);
        if let Some(content) = incoming.add(data) {
            *self = Self::default();
            return Some(FileEvent::Whole { offer, content });
        }
        let (bytes, size) = incoming.progress();
        if bytes.saturating_sub(self.told_bytes) <= size / STEPS {
            return None;
        }
        self.told_bytes = bytes;
        Some(FileEvent::Came { file, bytes })
    }
}
