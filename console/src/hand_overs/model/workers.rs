//! What the two workers' desks do when something reaches them: what the rules say.

use tokio::time::Instant;
use vestibule_protocol::{
    Channel, HandOverId, HandOverReply, HandOverSecret, Language, Subject, Triage,
};
use vestibule_wire::Timestamp;

use super::state::{Client, Colleague, First, Flaw, FromClient, Letter, State, ToClient};
use crate::channels::Tag;
use crate::hand_overs::asked::{Asked, AskedEvent, AskedStep};
use crate::hand_overs::asking::{Asking, AskingEvent, AskingStep};
use crate::messages::Words;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum ToAsking {
    Accepted,
    Declined,
    Over,
    TicketArrived,
    WayLost,
    Replied(FromClient),
    Done,
    TakenBack,
    Withdrawn,
    Ended,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum ToAsked {
    Accepted,
    Declined,
    Ticket,
    Over,
    WayLost,
    Arrived,
    Ended,
    Undelivered,
    Expired,
}

const TAG: Tag = Tag(1);

fn secret() -> HandOverSecret {
    HandOverSecret::from_bytes(&[3; 32])
}

impl ToAsking {
    fn real(self) -> AskingEvent {
        match self {
            Self::Accepted => AskingEvent::Accepted { secret: secret(), tag: TAG },
            Self::Declined => AskingEvent::Declined,
            Self::Over => AskingEvent::Over,
            Self::TicketArrived => AskingEvent::Arrived(TAG),
            Self::WayLost => AskingEvent::WayLost,
            Self::Replied(FromClient::Agrees) => AskingEvent::Replied(HandOverReply::Agreed),
            Self::Replied(FromClient::Declines) => AskingEvent::Replied(HandOverReply::Declined),
            Self::Replied(FromClient::DidNotCome | FromClient::WithdrawalArrived) => {
                AskingEvent::Replied(HandOverReply::DidNotCome)
            }
            Self::Done => AskingEvent::Done { received_below: 2 },
            Self::TakenBack => AskingEvent::TakenBack,
            Self::Withdrawn => AskingEvent::Withdrawn,
            Self::Ended => AskingEvent::Ended,
        }
    }
}

impl ToAsked {
    fn real(self) -> AskedEvent {
        match self {
            Self::Accepted => AskedEvent::Accepted,
            Self::Declined => AskedEvent::Declined,
            Self::Ticket => AskedEvent::Ticket(secret()),
            Self::Over => AskedEvent::Over,
            Self::WayLost => AskedEvent::WayLost,
            Self::Arrived => AskedEvent::Arrived { received_below: 2, at: Instant::now() },
            Self::Ended => AskedEvent::Ended,
            Self::Undelivered => AskedEvent::Undelivered(Words::new("x")),
            Self::Expired => AskedEvent::Expired,
        }
    }
}

fn asked_anew() -> Asked {
    let triage = Triage {
        language: Language::from_code("ru").expect("it is in the list"),
        subject: Subject::Law,
        channel: Channel::Bot,
    };
    Asked::new(HandOverId([1; 8]), 1, triage, Words::new("x"), Timestamp(7))
}

impl State {
    // The first worker.

    pub(super) fn asking_happens(&mut self, event: ToAsking) {
        let Some(mut history) = self.asking.take() else { return };
        let before = history.iter().fold(Asking::new(HandOverId([1; 8]), 1), |asking, event| {
            asking.take(event.real()).0.expect("it was not settled by that")
        });
        let stage = before.stage();
        let (next, steps) = before.take(event.real());
        self.asking = next.map(|next| {
            // What changed nothing need not be remembered.
            if !steps.is_empty() || next.stage() != stage {
                history.push(event);
            }
            history
        });
        for step in steps {
            self.do_asking(&step);
        }
    }

    fn do_asking(&mut self, step: &AskingStep) {
        match step {
            AskingStep::GiveTicket { .. } if !self.way.first_believes => {
                self.asking_happens(ToAsking::WayLost);
            }
            AskingStep::GiveTicket { .. } => {
                self.tell_colleague(Letter::Ticket);
                if self.flaw == Flaw::AsksTooEarly {
                    self.asking_happens(ToAsking::TicketArrived);
                }
            }
            AskingStep::TellOver => self.owe_colleague(vec![Letter::Over]),
            AskingStep::Propose(_) if !self.way.first_believes => {
                self.asking_happens(ToAsking::Over);
            }
            AskingStep::Propose(_) => {
                // Only a colleague that has the ticket can be reached whatever becomes of the first.
                self.is_broken |= !self.had_ticket || self.is_open;
                self.is_open = true;
                self.to_client.push_back(ToClient::Proposal);
            }
            AskingStep::Withdraw => {
                self.is_open = false;
                self.to_client.push_back(ToClient::Withdrawal);
            }
            AskingStep::HandOver { .. } => {
                // Nobody lets go of a client that another worker does not have.
                self.is_broken |= matches!(self.client, Client::WithFirst | Client::Asked);
                self.first = First::HandedOver;
                self.owe_colleague(vec![Letter::Undelivered, Letter::Over]);
            }
            AskingStep::Notice(_) => {}
        }
    }

    fn owe_colleague(&mut self, letters: Vec<Letter>) {
        for letter in &letters {
            self.tell_colleague(*letter);
        }
        self.owed_to_colleague = letters;
    }

    fn tell_colleague(&mut self, letter: Letter) {
        if self.way.is_there && self.way.first_believes {
            self.way.to_colleague.push_back(letter);
        }
    }

    pub(super) fn first_hears(&mut self) -> Option<()> {
        match self.way.to_first.pop_front()? {
            Letter::Accept => self.asking_happens(ToAsking::Accepted),
            Letter::Decline => self.asking_happens(ToAsking::Declined),
            Letter::Done => {
                self.tell_colleague(Letter::OwedArrived);
                self.asking_happens(ToAsking::Done);
            }
            Letter::Over => {
                self.tell_colleague(Letter::OwedArrived);
                self.asking_happens(ToAsking::Over);
            }
            Letter::TicketArrived => self.asking_happens(ToAsking::TicketArrived),
            Letter::OwedArrived => self.owed_to_colleague.clear(),
            Letter::Request | Letter::Ticket | Letter::Undelivered => self.is_broken = true,
        }
        Some(())
    }

    pub(super) fn first_hears_client(&mut self) -> Option<()> {
        let is_here = matches!(self.client, Client::WithFirst | Client::Asked | Client::Leaving);
        (is_here && self.first == First::Talks).then_some(())?;
        match self.from_client.pop_front()? {
            FromClient::WithdrawalArrived => self.asking_happens(ToAsking::Withdrawn),
            FromClient::DidNotCome => {
                self.asking_happens(ToAsking::Replied(FromClient::DidNotCome));
            }
            // One that crossed a withdrawal means nothing.
            reply @ (FromClient::Agrees | FromClient::Declines) => {
                if std::mem::take(&mut self.is_open) {
                    self.asking_happens(ToAsking::Replied(reply));
                }
            }
        }
        Some(())
    }

    pub(super) fn crash_first(&mut self) -> Option<()> {
        (self.first == First::Talks || self.first == First::HandedOver).then_some(())?;
        self.left.crashes = self.left.crashes.checked_sub(1)?;
        self.first = First::Crashed;
        (self.asking, self.way.first_believes, self.is_open) = (None, false, false);
        self.owed_to_colleague.clear();
        self.to_client.clear();
        self.from_client.clear();
        self.lose_way();
        Some(())
    }

    // The colleague.

    pub(super) fn asked_happens(&mut self, event: ToAsked) {
        let Some(mut history) = self.asked.take() else { return };
        let before = history.iter().fold(asked_anew(), |asked, event| {
            asked.take(event.real()).0.expect("it was not settled by that")
        });
        let has_client = before.view().is_none();
        let (next, steps) = before.take(event.real());
        self.asked = next.map(|_| {
            if !steps.is_empty() || has_client {
                history.push(event);
            }
            history
        });
        for step in steps {
            self.do_asked(step);
        }
    }

    fn do_asked(&mut self, step: AskedStep) {
        match step {
            AskedStep::TellAccept => self.tell_first(Letter::Accept),
            AskedStep::TellDecline => self.tell_first(Letter::Decline),
            AskedStep::TellDone { .. } => self.owe_first(Letter::Done),
            AskedStep::TellOver => self.owe_first(Letter::Over),
            AskedStep::Wait(_) if !self.way.colleague_believes => {
                self.asked_happens(ToAsked::Ended);
            }
            AskedStep::Wait(_) => {
                self.colleague = Colleague::Waits;
                self.had_ticket = true;
            }
            AskedStep::StopWaiting => self.colleague = Colleague::Idle,
            AskedStep::Begin => self.colleague = Colleague::Talks,
            AskedStep::SayFirst(words) => self.former_words_said += words.len(),
            AskedStep::Notice(_) => {}
        }
    }

    fn owe_first(&mut self, letter: Letter) {
        self.tell_first(letter);
        self.owed_to_first = vec![letter];
    }

    fn tell_first(&mut self, letter: Letter) {
        if self.way.is_there && self.way.colleague_believes {
            self.way.to_first.push_back(letter);
        }
    }

    pub(super) fn colleague_answers(&mut self, event: ToAsked) -> Option<()> {
        // The worker has not answered yet.
        self.asked.as_ref().filter(|history| history.is_empty())?;
        self.asked_happens(event);
        Some(())
    }

    pub(super) fn colleague_hears(&mut self) -> Option<()> {
        match self.way.to_colleague.pop_front()? {
            Letter::Request => self.asked = Some(Vec::new()),
            Letter::Ticket => {
                self.tell_first(Letter::TicketArrived);
                self.asked_happens(ToAsked::Ticket);
            }
            Letter::Undelivered => self.asked_happens(ToAsked::Undelivered),
            Letter::Over => {
                self.tell_first(Letter::OwedArrived);
                self.asked_happens(ToAsked::Over);
            }
            Letter::OwedArrived => self.owed_to_first.clear(),
            Letter::Accept | Letter::Decline | Letter::Done | Letter::TicketArrived => {
                self.is_broken = true;
            }
        }
        Some(())
    }

    pub(super) fn crash_colleague(&mut self) -> Option<()> {
        (self.colleague != Colleague::Crashed).then_some(())?;
        self.left.crashes = self.left.crashes.checked_sub(1)?;
        self.colleague = Colleague::Crashed;
        (self.asked, self.way.colleague_believes) = (None, false);
        self.owed_to_first.clear();
        self.lose_way();
        Some(())
    }
}
