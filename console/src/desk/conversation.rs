//! What a worker does in a consultation, or with one that has ended.

use tokio::sync::mpsc::error::TrySendError;
use vestibule_protocol::{FileReply, TEXT_BYTES_MAX};

use super::Desk;
use super::consultations::Kept;
use crate::coding::Codes;
use crate::consultations::{ConsultationCommand, Saying};
use crate::hand_overs::asking::AskingEvent;
use crate::messages::{ConsoleMessage, Notice, PageMessage, Words};
use crate::return_links::{self, RETURN_LINKS_MAX};

impl Desk {
    #[allow(clippy::wildcard_enum_match_arm, reason = "the desk has seen to the others")]
    pub(super) fn about_conversation(&mut self, message: PageMessage) {
        match message {
            PageMessage::Send { consultation, text } => self.say(consultation, text),
            PageMessage::SendCard { consultation, card } => self.send_card(consultation, card.0),
            PageMessage::GiveReturnLink { consultation, wish } => {
                self.give_return_link(consultation, wish);
            }
            PageMessage::Mute { consultation, muted } => self.mute(consultation, muted),
            PageMessage::AcceptFile { consultation, file } => {
                self.answer_file(consultation, file, FileReply::Send);
            }
            PageMessage::RefuseFile { consultation, file } => {
                self.answer_file(consultation, file, FileReply::Refused);
            }
            PageMessage::ProposeEnd { consultation } => self.propose_end(consultation),
            PageMessage::End { consultation } => self.end(consultation),
            PageMessage::EndAndRefuse { consultation } => self.end_and_refuse(consultation),
            PageMessage::Code { consultation, codes } => self.code(consultation, codes),
            PageMessage::Forget { consultation } => self.forget(consultation),
            _ => {}
        }
    }

    fn say(&mut self, id: u64, text: Words) {
        if text.0.len() > TEXT_BYTES_MAX {
            return self.notice(Notice::TextTooLong);
        }
        self.tell_client(id, Saying::Text(text));
    }

    /// Sends a card of the pack in the client's language.
    fn send_card(&mut self, id: u64, name: String) {
        let Some(kept) = self.consultations.get(&id) else { return };
        if let Some(card) = self.belongings.pack.card(&name, kept.triage.language) {
            self.tell_client(id, Saying::Card { name, card: Box::new(card) });
        }
    }

    fn give_return_link(&mut self, id: u64, wish: bool) {
        let Some(kept) = self.consultations.get(&id).filter(|kept| kept.is_open()) else { return };
        if kept.return_links.len() >= RETURN_LINKS_MAX {
            return self.notice(Notice::ReturnLinkLimit);
        }
        let Some(link) = return_links::issue(&self.context, wish) else {
            return self.notice(Notice::NoShift);
        };
        let name = link.name().id;
        if self.tell_client(id, Saying::ReturnLink(Box::new(link)))
            && let Some(kept) = self.consultations.get_mut(&id)
        {
            kept.return_links.push(name);
        }
    }

    fn propose_end(&mut self, id: u64) {
        let asked = self.consultations.get(&id).is_none_or(|kept| kept.view.end_proposed);
        if !asked {
            self.tell_client(id, Saying::EndProposal);
        }
    }

    /// Gives the session something to say; it is shown when the session has taken it. Whether it was
    /// passed on.
    fn tell_client(&mut self, id: u64, saying: Saying) -> bool {
        let Some(kept) = self.consultations.get(&id).filter(|kept| kept.is_open()) else {
            return false;
        };
        match kept.commands.try_send(ConsultationCommand::Say(saying)) {
            Ok(()) => true,
            Err(TrySendError::Full(_) | TrySendError::Closed(_)) => {
                self.notice(Notice::QueueFull);
                false
            }
        }
    }

    /// The session has no room for this.
    pub(super) fn not_taken(&mut self, id: u64, saying: &Saying) {
        if let Saying::ReturnLink(link) = saying
            && let Some(kept) = self.consultations.get_mut(&id)
        {
            kept.return_links.retain(|given| *given != link.name().id);
        }
        self.notice(Notice::QueueFull);
    }

    fn mute(&mut self, id: u64, muted: bool) {
        let Some(kept) = self.consultations.get_mut(&id) else { return };
        kept.view.muted = muted;
        self.show(id);
    }

    fn end(&mut self, id: u64) {
        if self.consultations.get(&id).is_some_and(Kept::is_live) {
            self.asking_happened(id, AskingEvent::Ended);
            self.command(id, ConsultationCommand::End);
        }
    }

    /// Ends it, and does not answer the links any more that were given in it.
    fn end_and_refuse(&mut self, id: u64) {
        if let Some(kept) = self.consultations.get(&id) {
            let mut refused = self.context.refused();
            kept.return_links.iter().for_each(|link| refused.add_link(*link));
        }
        self.end(id);
    }

    /// Ends every one of them.
    pub(super) fn end_every_consultation(&mut self) {
        for id in self.consultations.keys().copied().collect::<Vec<_>>() {
            self.end(id);
        }
    }

    fn code(&mut self, id: u64, codes: Codes) {
        let Some(kept) = self.consultations.get_mut(&id) else { return };
        kept.view.codes = codes.meant_by(self.belongings.pack.own_labels());
        self.show(id);
    }

    fn forget(&mut self, id: u64) {
        if self.consultations.get(&id).is_some_and(|kept| !kept.is_live()) {
            self.finish(id);
            self.tell(&ConsoleMessage::Forgotten { consultation: id });
            self.show_totals();
        }
    }
}
