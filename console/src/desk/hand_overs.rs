//! Hand-overs at a desk: does what the rules of either role decide.

use tokio::time::Instant;
use vestibule_protocol::{
    ColleagueRecord, HandOver, HandOverId, HandOverSecret, SUMMARY_BYTES_MAX,
};

use super::Desk;
use super::consultations::Origin;
use crate::channels::{Letter, Tag};
use crate::colleagues::Certificates;
use crate::consultations::{Beginning, ConsultationCommand, Ticket};
use crate::hand_overs::asked::{Asked, AskedEvent, AskedStep};
use crate::hand_overs::asking::{Asking, AskingEvent, AskingStep};
use crate::messages::{
    AnyText, ConsoleMessage, ConsultationStatus, Ending, HandOverStage, HandOverView, Notice, Words,
};
use crate::random;

/// Requests and hand-overs to this worker at once; more are declined.
const ASKED_MAX: usize = 32;

impl Desk {
    /// Routes what a colleague says.
    pub(super) fn colleague_said(&mut self, colleague: u64, record: &ColleagueRecord) {
        match record {
            ColleagueRecord::Whisper(text) => self.whispered(colleague, text),
            ColleagueRecord::Announcement(id, text) => self.announced(colleague, *id, text),
            ColleagueRecord::AnnouncementWithdrawn(id) => {
                self.announcement_withdrawn(colleague, *id);
            }
            ColleagueRecord::HandOverRequest { id, triage, summary } => {
                if self.asked.iter().any(|asked| asked.id == *id) {
                    return;
                }
                if self.asked.len() >= ASKED_MAX {
                    self.tell_colleague(colleague, ColleagueRecord::HandOverDecline(*id));
                    return;
                }
                let (summary, now) = (Words::new(summary), self.context.clock.now());
                self.asked.push(Asked::new(*id, colleague, *triage, summary, now));
                self.show_asked();
            }
            ColleagueRecord::HandOverAccept(id) => {
                let secret = HandOverSecret::generate(&mut random::system());
                let tag = self.next_tag();
                self.colleague_answered(colleague, *id, AskingEvent::Accepted { secret, tag });
            }
            ColleagueRecord::HandOverDecline(id) => {
                self.colleague_answered(colleague, *id, AskingEvent::Declined);
            }
            ColleagueRecord::HandOverTicket(id, secret) => {
                self.colleague_asked(colleague, *id, AskedEvent::Ticket(secret.clone()));
            }
            ColleagueRecord::HandOverDone { id, received_below } => {
                let done = AskingEvent::Done { received_below: *received_below };
                self.colleague_answered(colleague, *id, done);
            }
            ColleagueRecord::HandOverUndelivered(id, text) => {
                let text = Words::new(text);
                self.colleague_asked(colleague, *id, AskedEvent::Undelivered(text));
            }
            ColleagueRecord::HandOverOver(id) => {
                self.colleague_answered(colleague, *id, AskingEvent::Over);
                self.colleague_asked(colleague, *id, AskedEvent::Over);
            }
        }
    }

    /// When something has waited in vain, or the desk has.
    pub(super) fn next_expiry(&self) -> Option<Instant> {
        let asked = self.asked.iter().filter_map(Asked::expires_at);
        asked.chain(self.errands.expires_at()).chain(self.lock.locks_at()).min()
    }

    /// Gives up what has waited in vain.
    pub(super) fn expire(&mut self, now: Instant) {
        self.errands.expire(now);
        let expired =
            self.asked.iter().filter(|asked| asked.expires_at().is_some_and(|at| at <= now));
        for hand_over in expired.map(|asked| asked.id).collect::<Vec<_>>() {
            self.asked_happened(hand_over, AskedEvent::Expired);
        }
    }

    /// Tells a colleague something for certain, as soon as there is a way to it.
    fn owe(&mut self, colleague: u64, hand_over: HandOverId, records: Vec<ColleagueRecord>) {
        self.errands.add(colleague, hand_over, records, Instant::now());
        let last_tag = &mut self.last_tag;
        let letters = self.errands.letters(colleague, Some(hand_over), || {
            *last_tag = last_tag.wrapping_add(1);
            Tag(*last_tag)
        });
        self.send_letters(colleague, letters);
    }

    // This worker asks.

    pub(super) fn ask_colleague(&mut self, id: u64, colleague: u64, summary: &AnyText) {
        let Some(kept) = self.consultations.get(&id) else { return };
        if !kept.is_open() || kept.handed_to.is_some() || self.asking.contains_key(&id) {
            return;
        }
        if summary.0.len() > SUMMARY_BYTES_MAX {
            return self.notice(Notice::TextTooLong);
        }
        let hand_over = HandOverId(random::bytes());
        let (triage, summary) = (kept.triage, (*summary.0).clone());
        let request = ColleagueRecord::HandOverRequest { id: hand_over, triage, summary };
        if self.tell_colleague(colleague, request).is_none() {
            return self.notice(Notice::HandOverFailed);
        }
        self.asking.insert(id, Asking::new(hand_over, colleague));
        self.show_asking(id);
    }

    pub(super) fn take_back(&mut self, id: u64) {
        self.asking_happened(id, AskingEvent::TakenBack);
    }

    /// The consultations that a colleague is asked to take over.
    pub(super) fn asked_of(&self, colleague: u64) -> Vec<u64> {
        let of = self.asking.iter().filter(|(_, asking)| asking.colleague == colleague);
        of.map(|(consultation, _)| *consultation).collect()
    }

    fn colleague_answered(&mut self, colleague: u64, hand_over: HandOverId, event: AskingEvent) {
        let about = self
            .asking
            .iter()
            .find(|(_, asking)| asking.id == hand_over && asking.colleague == colleague);
        if let Some(consultation) = about.map(|(consultation, _)| *consultation) {
            self.asking_happened(consultation, event);
        }
    }

    pub(super) fn asking_happened(&mut self, id: u64, event: AskingEvent) {
        let Some(asking) = self.asking.remove(&id) else { return };
        let (hand_over, colleague) = (asking.id, asking.colleague);
        let (next, steps) = asking.take(event);
        if let Some(next) = next {
            self.asking.insert(id, next);
        }
        for step in steps {
            self.do_asking(id, hand_over, colleague, step);
        }
        self.show_asking(id);
    }

    fn do_asking(&mut self, id: u64, hand_over: HandOverId, colleague: u64, step: AskingStep) {
        match step {
            AskingStep::GiveTicket { secret, tag } => {
                let record = ColleagueRecord::HandOverTicket(hand_over, secret);
                if !self.send_letters(colleague, vec![Letter { tag, record }]) {
                    self.asking_happened(id, AskingEvent::WayLost);
                }
            }
            AskingStep::TellOver => {
                self.owe(colleague, hand_over, vec![ColleagueRecord::HandOverOver(hand_over)]);
            }
            AskingStep::Propose(secret) => match self.colleagues.certificates(colleague) {
                Some(Certificates { theirs: certificate, .. }) => {
                    let proposal = HandOver { secret, certificate };
                    self.command(id, ConsultationCommand::Propose(Box::new(proposal)));
                }
                None => self.asking_happened(id, AskingEvent::Over),
            },
            AskingStep::Withdraw => self.command(id, ConsultationCommand::Withdraw),
            AskingStep::HandOver { received_below } => {
                if let Some(kept) = self.consultations.get_mut(&id) {
                    kept.handed_to = Some((colleague, hand_over));
                }
                self.command(id, ConsultationCommand::HandedOver { received_below });
            }
            AskingStep::Notice(notice) => self.notice(notice),
        }
    }

    /// The client is with the colleague, who says these words first.
    pub(super) fn handed_over(&mut self, id: u64, undelivered: &[Words]) {
        self.settle_with_colleague(id, undelivered);
        self.give_up_files(id);
        self.set_status(id, ConsultationStatus::Ended, Some(Ending::HandedOver));
    }

    /// Gives the colleague who has the client now what is still to be said.
    pub(super) fn settle_with_colleague(&mut self, id: u64, undelivered: &[Words]) {
        let kept = self.consultations.get_mut(&id);
        let Some((colleague, hand_over)) = kept.and_then(|kept| kept.handed_to.take()) else {
            return;
        };
        if let (Some(role), Some(account)) = (self.colleagues.role(colleague), self.account(id)) {
            account.handed_over(role);
        }
        let words = undelivered.iter();
        let mut records: Vec<ColleagueRecord> = words
            .map(|text| ColleagueRecord::HandOverUndelivered(hand_over, (*text.0).clone()))
            .collect();
        records.push(ColleagueRecord::HandOverOver(hand_over));
        self.owe(colleague, hand_over, records);
    }

    fn show_asking(&mut self, id: u64) {
        let asking = self.asking.get(&id);
        let under_way = asking
            .map(|asking| HandOverView { colleague: asking.colleague, stage: asking.stage() });
        let Some(kept) = self.consultations.get_mut(&id) else { return };
        let stage = HandOverStage::Moving;
        let done = kept.handed_to.map(|(colleague, _)| HandOverView { colleague, stage });
        let shown = under_way.or(done);
        if kept.is_live() && kept.view.hand_over != shown {
            kept.view.hand_over = shown;
            self.show(id);
        }
    }

    // This worker is asked.

    pub(super) fn accept_hand_over(&mut self, hand_over: HandOverId) {
        let Some(asked) = self.asked.iter().find(|asked| asked.id == hand_over) else {
            return self.notice(Notice::HandOverGone);
        };
        if !asked.is_requested() {
            return;
        }
        if !self.has_room_for_another() {
            return self.notice(Notice::TooManyConsultations);
        }
        self.asked_happened(hand_over, AskedEvent::Accepted);
    }

    pub(super) fn decline_hand_over(&mut self, hand_over: HandOverId) {
        self.asked_happened(hand_over, AskedEvent::Declined);
    }

    /// A client that was handed over is here.
    pub(super) fn arrived(&mut self, id: u64, received_below: u64) {
        let at = Instant::now();
        self.about_consultation(id, AskedEvent::Arrived { received_below, at });
    }

    /// A consultation that a colleague hands over is over, before or after the client came.
    pub(super) fn about_consultation(&mut self, id: u64, event: AskedEvent) {
        let asked = self.asked.iter().find(|asked| asked.consultation == Some(id));
        if let Some(hand_over) = asked.map(|asked| asked.id) {
            self.asked_happened(hand_over, event);
        }
    }

    fn colleague_asked(&mut self, colleague: u64, hand_over: HandOverId, event: AskedEvent) {
        let of = |asked: &&Asked| asked.id == hand_over && asked.colleague == colleague;
        if self.asked.iter().any(|asked| of(&asked)) {
            self.asked_happened(hand_over, event);
        }
    }

    pub(super) fn asked_happened(&mut self, hand_over: HandOverId, event: AskedEvent) {
        let Some(place) = self.asked.iter().position(|asked| asked.id == hand_over) else { return };
        let asked = self.asked.remove(place);
        let shown_before = asked.view().map(|view| view.accepted);
        let about =
            About { hand_over, colleague: asked.colleague, consultation: asked.consultation };
        let triage_and_summary = (asked.triage, asked.summary.clone());
        let (next, steps) = asked.take(event);
        let shown = next.as_ref().and_then(Asked::view).map(|view| view.accepted);
        if let Some(next) = next {
            self.asked.insert(place, next);
        }
        for step in steps {
            self.do_asked(&about, &triage_and_summary, step);
        }
        if shown != shown_before {
            self.show_asked();
        }
    }

    fn do_asked(
        &mut self,
        about: &About,
        (triage, summary): &(vestibule_protocol::Triage, Words),
        step: AskedStep,
    ) {
        let About { hand_over, colleague, consultation } = *about;
        match step {
            // When they cannot go, the way is over, and the rules hear of that.
            AskedStep::TellAccept => {
                self.tell_colleague(colleague, ColleagueRecord::HandOverAccept(hand_over));
            }
            AskedStep::TellDecline => {
                self.tell_colleague(colleague, ColleagueRecord::HandOverDecline(hand_over));
            }
            AskedStep::TellDone { received_below } => {
                let done = ColleagueRecord::HandOverDone { id: hand_over, received_below };
                self.owe(colleague, hand_over, vec![done]);
            }
            AskedStep::TellOver => {
                self.owe(colleague, hand_over, vec![ColleagueRecord::HandOverOver(hand_over)]);
            }
            AskedStep::Wait(secret) => self.wait_for_client(hand_over, colleague, secret),
            AskedStep::StopWaiting => {
                // Without its sender the task ends.
                consultation.and_then(|id| self.expected.remove(&id));
            }
            AskedStep::Begin => {
                let Some(id) = consultation else { return };
                let Some(commands) = self.expected.remove(&id) else { return };
                let summary = Some(summary.clone()).filter(|summary| !summary.0.is_empty());
                let taken_over_from = Some(colleague);
                let origin = Origin { taken_over_from, summary, ..Origin::default() };
                self.keep(id, *triage, commands, origin);
            }
            AskedStep::SayFirst(words) => {
                if let Some(id) = consultation {
                    self.command(id, ConsultationCommand::SayFirst(words));
                }
            }
            AskedStep::Notice(notice) => self.notice(notice),
        }
    }

    fn wait_for_client(&mut self, hand_over: HandOverId, colleague: u64, secret: HandOverSecret) {
        let Some(certificates) = self.colleagues.certificates(colleague) else {
            return self.asked_happened(hand_over, AskedEvent::Ended);
        };
        let ticket = Ticket { hand_over: HandOver { secret, certificate: certificates.own } };
        let (id, commands) = self.start(Beginning::Ticket(Box::new(ticket)));
        self.expected.insert(id, commands);
        if let Some(asked) = self.asked.iter_mut().find(|asked| asked.id == hand_over) {
            asked.consultation = Some(id);
        }
    }

    fn show_asked(&mut self) {
        self.tell_waiting_if_changed();
        let hand_overs = self.asked.iter().filter_map(Asked::view).collect();
        self.pages.tell(&ConsoleMessage::HandOvers { hand_overs });
    }
}

/// Names a hand-over to this worker and what belongs to it.
struct About {
    hand_over: HandOverId,
    colleague: u64,
    consultation: Option<u64>,
}
