//! Which records may be said when, and what each changes at the end that says or hears it (section 10).

use vestibule_wire::{LinkKind, Side};

use super::{Session, Urgency};
use crate::file::FileReply;
use crate::record::{HandOverReply, Record};
use crate::{Link, SessionError};

impl Session {
    /// At the client, before its first record in a session that goes on from another.
    pub(super) fn must_carry_over(&self) -> bool {
        self.carried_over_next && self.stream.side() == Side::Client
    }

    /// How a record queues, or why it may not be said now.
    pub(super) fn urgency_of(
        &self,
        record: &Record,
        body_len: usize,
    ) -> Result<Urgency, SessionError> {
        match record {
            Record::FreshOpening(_) | Record::FreshAnswer(_) | Record::FilePart { .. } => {
                Err(SessionError::NotNow)
            }
            Record::FileOffer(offer) if !self.files.may_offer(offer) => Err(SessionError::NotNow),
            Record::FileReply { file, reply } if !self.files.may_reply(*file, *reply) => {
                Err(SessionError::NotNow)
            }
            Record::FileWithdrawn { file } if !self.files.may_withdraw(*file) => {
                Err(SessionError::NotNow)
            }
            Record::HandOver(_) if self.hand_over_open => Err(SessionError::NotNow),
            Record::EndProposal if self.end_proposed => Err(SessionError::NotNow),
            Record::EndDeclined if !self.end_proposed => Err(SessionError::NotNow),
            Record::ReturnLink(link) if !self.is_ours(link) => Err(SessionError::WrongLink),
            Record::HandOver(_)
            | Record::HandOverReply(_)
            | Record::HandOverWithdrawn
            | Record::CarriedOver { .. } => Ok(Urgency::Urgent),
            Record::Close | Record::FileReply { .. } | Record::FileWithdrawn { .. } => {
                Ok(Urgency::Ordinary)
            }
            Record::Text(_)
            | Record::Card(_)
            | Record::ReturnLink(_)
            | Record::EndProposal
            | Record::EndDeclined
            | Record::Survey(_)
            | Record::FileOffer(_) => {
                if self.has_room(body_len) {
                    Ok(Urgency::Ordinary)
                } else {
                    Err(SessionError::Full)
                }
            }
        }
    }

    fn is_ours(&self, link: &Link) -> bool {
        link.authority() == self.authority && link.name().kind() == LinkKind::OneTime
    }

    /// What a record that was said changes here.
    pub(super) fn has_said(&mut self, record: &Record) {
        match record {
            Record::Close => {
                self.closed.here = true;
                self.stream.drop_file();
            }
            Record::HandOver(_) => self.hand_over_open = true,
            Record::HandOverReply(_) | Record::HandOverWithdrawn => self.hand_over_open = false,
            Record::CarriedOver { .. } => self.carried_over_next = false,
            Record::EndProposal => self.end_proposed = true,
            Record::EndDeclined => self.end_proposed = false,
            Record::FileOffer(offer) => self.files.offered(*offer),
            Record::FileReply { reply, .. } => self.files.replied(*reply),
            Record::FileWithdrawn { .. } => {
                self.files.close();
                self.stream.drop_file();
            }
            Record::Text(_)
            | Record::Card(_)
            | Record::ReturnLink(_)
            | Record::Survey(_)
            | Record::FreshOpening(_)
            | Record::FreshAnswer(_)
            | Record::FilePart { .. } => {}
        }
    }

    /// What a record that was heard changes here. `false` when it means nothing any more.
    pub(super) fn has_heard(&mut self, record: &Record) -> Result<bool, SessionError> {
        match record {
            Record::Text(_) | Record::Card(_) | Record::Survey(_) => {}
            Record::ReturnLink(link) if !self.is_ours(link) => {
                return Err(SessionError::Misbehaved);
            }
            Record::ReturnLink(_) => {}
            // A second proposal means no more than the first.
            Record::EndProposal => return Ok(!std::mem::replace(&mut self.end_proposed, true)),
            // One may have been meant for a former worker.
            Record::EndDeclined => return Ok(std::mem::take(&mut self.end_proposed)),
            Record::CarriedOver { .. } => self.carried_over_next = false,
            Record::Close => {
                self.closed.there = true;
                self.stream.drop_queue();
            }
            Record::FreshOpening(_) if self.stream.is_changing() => {
                return Err(SessionError::Misbehaved);
            }
            Record::FreshOpening(_) | Record::FreshAnswer(_) => {}
            Record::HandOver(_) if self.hand_over_open => return Err(SessionError::Misbehaved),
            Record::HandOver(_) => self.hand_over_open = true,
            // One that crossed the other's decision on its way means nothing any more.
            Record::HandOverReply(HandOverReply::DidNotCome) => {}
            Record::HandOverReply(_) | Record::HandOverWithdrawn => {
                return Ok(std::mem::take(&mut self.hand_over_open));
            }
            Record::FileOffer(offer) if !self.files.may_offer(offer) => {
                return Err(SessionError::Misbehaved);
            }
            Record::FileOffer(offer) => self.files.offered(*offer),
            Record::FileReply { file, reply } => {
                let means = self.files.hear_reply(*file, *reply)?;
                if means && *reply != FileReply::Send {
                    self.stream.drop_file();
                }
                return Ok(means);
            }
            Record::FilePart { file, data } => return self.files.hear_part(*file, data),
            Record::FileWithdrawn { file } => return self.files.hear_withdrawal(*file),
        }
        Ok(true)
    }
}
