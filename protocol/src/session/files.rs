//! Which records about files may be said when (section 10, "Files"). One file at a time is open; what
//! crossed a decision on its way means nothing any more.

use crate::SessionError;
use crate::file::{FILE_PART_BYTES, FileNumber, FileOffer, FileReply};

/// The file that a session is about, at either end.
#[derive(Default)]
pub(super) struct Files {
    newest: FileNumber,
    state: State,
}

#[derive(Clone, Copy, Default)]
enum State {
    #[default]
    Closed,
    Offered(FileOffer),
    /// It may come, and so many bytes have not; at the client, have not been given to the session.
    Moving {
        offer: FileOffer,
        left: usize,
    },
    /// All of it has come, at the worker; the client is told by a reply.
    Whole,
}

impl Files {
    /// The open file may come, and has not come whole.
    pub(super) fn is_moving(&self) -> bool {
        matches!(self.state, State::Moving { .. })
    }

    /// At the client, takes note that this file is sent now; what it was offered as.
    pub(super) fn send(
        &mut self,
        file: FileNumber,
        size: usize,
    ) -> Result<FileOffer, SessionError> {
        match &mut self.state {
            State::Moving { offer, left } if offer.file == file && *left == offer.padded_size() => {
                if offer.size != size {
                    return Err(SessionError::RecordSize);
                }
                *left = 0;
                Ok(*offer)
            }
            State::Closed | State::Offered(_) | State::Moving { .. } | State::Whole => {
                Err(SessionError::NotNow)
            }
        }
    }

    /// The client's, said or heard: one more than the last, while none is open.
    pub(super) fn may_offer(&self, offer: &FileOffer) -> bool {
        let next = self.newest.0.checked_add(1).map(FileNumber);
        matches!(self.state, State::Closed) && Some(offer.file) == next
    }

    pub(super) fn offered(&mut self, offer: FileOffer) {
        (self.newest, self.state) = (offer.file, State::Offered(offer));
    }

    /// Whether the worker may say this now.
    pub(super) fn may_reply(&self, file: FileNumber, reply: FileReply) -> bool {
        let is_newest = file == self.newest;
        is_newest
            && match reply {
                FileReply::Send => matches!(self.state, State::Offered(_)),
                FileReply::Refused => {
                    matches!(self.state, State::Offered(_) | State::Moving { .. })
                }
                FileReply::Received => matches!(self.state, State::Whole),
            }
    }

    pub(super) fn replied(&mut self, reply: FileReply) {
        self.state = match (reply, self.state) {
            (FileReply::Send, State::Offered(offer)) => {
                State::Moving { offer, left: offer.padded_size() }
            }
            _ => State::Closed,
        };
    }

    /// At the client. `false` for what crossed a withdrawal.
    pub(super) fn hear_reply(
        &mut self,
        file: FileNumber,
        reply: FileReply,
    ) -> Result<bool, SessionError> {
        if file > self.newest || file == FileNumber(0) {
            return Err(SessionError::Misbehaved);
        }
        let is_open = file == self.newest && !matches!(self.state, State::Closed);
        if !is_open {
            return Ok(false);
        }
        let may = match reply {
            FileReply::Send => matches!(self.state, State::Offered(_)),
            FileReply::Refused => true,
            FileReply::Received => matches!(self.state, State::Moving { left: 0, .. }),
        };
        if !may {
            return Err(SessionError::Misbehaved);
        }
        self.replied(reply);
        Ok(true)
    }

    /// At the worker. `false` for a part of a file that was refused.
    pub(super) fn hear_part(
        &mut self,
        file: FileNumber,
        data: &[u8],
    ) -> Result<bool, SessionError> {
        match &mut self.state {
            State::Moving { offer, left } if offer.file == file => {
                let sent = offer.padded_size().saturating_sub(*left);
                let padding_from = offer.size.saturating_sub(sent).min(data.len());
                let is_padded = data.iter().skip(padding_from).all(|byte| *byte == 0);
                if data.len() != FILE_PART_BYTES.min(*left) || !is_padded {
                    return Err(SessionError::Misbehaved);
                }
                *left = left.saturating_sub(data.len());
                if *left == 0 {
                    self.state = State::Whole;
                }
                Ok(true)
            }
            State::Closed if file == self.newest => Ok(false),
            State::Closed | State::Offered(_) | State::Moving { .. } | State::Whole => {
                Err(SessionError::Misbehaved)
            }
        }
    }

    /// At the client: whether there is something to withdraw.
    pub(super) fn may_withdraw(&self, file: FileNumber) -> bool {
        file == self.newest && matches!(self.state, State::Offered(_) | State::Moving { .. })
    }

    pub(super) fn close(&mut self) {
        self.state = State::Closed;
    }

    /// At the worker. `false` when it crossed a reply.
    pub(super) fn hear_withdrawal(&mut self, file: FileNumber) -> Result<bool, SessionError> {
        if file != self.newest || file == FileNumber(0) {
            return Err(SessionError::Misbehaved);
        }
        Ok(!matches!(std::mem::take(&mut self.state), State::Closed))
    }
}
