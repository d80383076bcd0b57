//! What the three parties stand at, and what happens around the two workers.

use std::collections::VecDeque;

use super::workers::{ToAsked, ToAsking};

/// What a desk does wrong, on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Flaw {
    None,
    /// It takes the ticket for arrived when it has left.
    AsksTooEarly,
    SaysNothingAgain,
}

/// How much may happen. Everything else does happen, in every order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Bounds {
    pub(super) ways_lost: u8,
    /// Programs killed: of the first worker, of the colleague.
    pub(super) crashes: u8,
    pub(super) takes_back: u8,
    /// The client ends the consultation.
    pub(super) closes: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Client {
    WithFirst,
    Asked,
    /// Has agreed; takes no record of the first worker any more.
    Leaving,
    /// Where the colleague should be.
    Going,
    WithColleague,
    Gone,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum First {
    Talks,
    HandedOver,
    Ended,
    Crashed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Colleague {
    /// Does not wait for the client.
    Idle,
    Waits,
    Talks,
    Crashed,
}

/// From one worker to the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Letter {
    Request,
    Accept,
    Decline,
    Ticket,
    Done,
    Undelivered,
    Over,
    /// The other's last letter has arrived: the ticket, or the last of what was owed.
    TicketArrived,
    OwedArrived,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum ToClient {
    Proposal,
    Withdrawal,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum FromClient {
    Agrees,
    Declines,
    DidNotCome,
    WithdrawalArrived,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    Accept,
    Decline,
    TakeBack,
    Agree,
    Stay,
    Close,
    Leave,
    Meet,
    GiveUp,
    ClientHears,
    FirstHearsClient,
    FirstHears,
    ColleagueHears,
    LoseWay,
    FirstNotices,
    ColleagueNotices,
    FindWay,
    CrashFirst,
    CrashColleague,
    /// Half an hour without the client, ten minutes without the former worker's words.
    WaitInVain,
}

/// Between the two workers.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Way {
    pub(super) is_there: bool,
    /// That it is there.
    pub(super) first_believes: bool,
    pub(super) colleague_believes: bool,
    pub(super) to_colleague: VecDeque<Letter>,
    pub(super) to_first: VecDeque<Letter>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct State {
    /// The rules hold secrets and cannot be compared: what has happened to them stands for them.
    pub(super) asking: Option<Vec<ToAsking>>,
    pub(super) asked: Option<Vec<ToAsked>>,
    pub(super) first: First,
    pub(super) colleague: Colleague,
    pub(super) client: Client,
    /// The first worker has proposed, and knows of no reply.
    pub(super) is_open: bool,
    pub(super) to_client: VecDeque<ToClient>,
    pub(super) from_client: VecDeque<FromClient>,
    pub(super) way: Way,
    pub(super) owed_to_colleague: Vec<Letter>,
    pub(super) owed_to_first: Vec<Letter>,
    pub(super) had_ticket: bool,
    pub(super) former_words_said: usize,
    pub(super) is_broken: bool,
    pub(super) flaw: Flaw,
    pub(super) left: Bounds,
}

impl State {
    /// `None` when it cannot happen now.
    pub(super) fn step(&mut self, action: Action) -> Option<()> {
        match action {
            Action::Accept => self.colleague_answers(ToAsked::Accepted),
            Action::Decline => self.colleague_answers(ToAsked::Declined),
            Action::TakeBack => {
                self.asking.as_ref()?;
                self.left.takes_back = self.left.takes_back.checked_sub(1)?;
                self.asking_happens(ToAsking::TakenBack);
                Some(())
            }
            Action::Agree => self.client_replies(Client::Leaving, FromClient::Agrees),
            Action::Stay => self.client_replies(Client::WithFirst, FromClient::Declines),
            Action::Close => self.close(),
            Action::Leave => (self.client == Client::Leaving).then(|| self.client = Client::Going),
            Action::Meet => self.meet(),
            Action::GiveUp => (self.client == Client::Going).then(|| {
                self.client = Client::WithFirst;
                self.say_to_first(FromClient::DidNotCome);
            }),
            Action::ClientHears => self.client_hears(),
            Action::FirstHearsClient => self.first_hears_client(),
            Action::FirstHears => self.first_hears(),
            Action::ColleagueHears => self.colleague_hears(),
            Action::LoseWay => {
                self.way.is_there.then_some(())?;
                self.left.ways_lost = self.left.ways_lost.checked_sub(1)?;
                self.lose_way();
                Some(())
            }
            Action::FirstNotices => (self.way.first_believes && !self.way.is_there).then(|| {
                self.way.first_believes = false;
                self.asking_happens(ToAsking::WayLost);
            }),
            Action::ColleagueNotices => {
                (self.way.colleague_believes && !self.way.is_there).then(|| {
                    self.way.colleague_believes = false;
                    self.asked_happens(ToAsked::WayLost);
                })
            }
            Action::FindWay => self.find_way(),
            Action::CrashFirst => self.crash_first(),
            Action::CrashColleague => self.crash_colleague(),
            Action::WaitInVain => self.wait_in_vain(),
        }
    }

    // The way between them.

    /// Or nobody is there to whom it could be paid.
    pub(super) fn owes_nothing(&self) -> bool {
        let has_crashed = self.first == First::Crashed || self.colleague == Colleague::Crashed;
        has_crashed || (self.owed_to_colleague.is_empty() && self.owed_to_first.is_empty())
    }

    pub(super) fn lose_way(&mut self) {
        self.way.is_there = false;
        self.way.to_colleague.clear();
        self.way.to_first.clear();
    }

    fn find_way(&mut self) -> Option<()> {
        let is_noticed =
            !self.way.is_there && !self.way.first_believes && !self.way.colleague_believes;
        let are_here = self.first != First::Crashed && self.colleague != Colleague::Crashed;
        (is_noticed && are_here).then_some(())?;
        (self.way.is_there, self.way.first_believes, self.way.colleague_believes) =
            (true, true, true);
        if self.flaw != Flaw::SaysNothingAgain {
            self.way.to_colleague.extend(&self.owed_to_colleague);
            self.way.to_first.extend(&self.owed_to_first);
        }
        Some(())
    }

    /// While both workers are there, either is told what it need not wait for.
    fn wait_in_vain(&mut self) -> Option<()> {
        let has_left_first = matches!(self.client, Client::WithColleague | Client::Gone);
        match (self.first, self.colleague) {
            (First::Talks, Colleague::Crashed) if has_left_first => {
                self.first = First::Ended;
                self.asking_happens(ToAsking::Ended);
            }
            (First::Crashed, Colleague::Waits) => {
                self.colleague = Colleague::Idle;
                self.asked_happens(ToAsked::Ended);
            }
            (First::Crashed, Colleague::Talks) if self.asked.is_some() => {
                self.asked_happens(ToAsked::Expired);
            }
            _ => return None,
        }
        Some(())
    }

    // The client.

    fn client_replies(&mut self, next: Client, reply: FromClient) -> Option<()> {
        (self.client == Client::Asked).then_some(())?;
        self.client = next;
        self.say_to_first(reply);
        Some(())
    }

    fn say_to_first(&mut self, record: FromClient) {
        if self.first == First::Talks {
            self.from_client.push_back(record);
        }
    }

    fn client_hears(&mut self) -> Option<()> {
        // What it is told while it goes it hears when it is back.
        matches!(self.client, Client::WithFirst | Client::Asked).then_some(())?;
        match (self.to_client.pop_front()?, self.client) {
            (ToClient::Proposal, Client::WithFirst) => self.client = Client::Asked,
            (ToClient::Proposal, _) => self.is_broken = true,
            (ToClient::Withdrawal, _) => {
                self.client = Client::WithFirst;
                self.say_to_first(FromClient::WithdrawalArrived);
            }
        }
        Some(())
    }

    /// From here on there is no way back.
    fn meet(&mut self) -> Option<()> {
        (self.client == Client::Going && self.colleague == Colleague::Waits).then_some(())?;
        self.client = Client::WithColleague;
        self.to_client.clear();
        self.from_client.clear();
        self.asked_happens(ToAsked::Arrived);
        Some(())
    }

    fn close(&mut self) -> Option<()> {
        let with_first =
            matches!(self.client, Client::WithFirst | Client::Asked) && self.first == First::Talks;
        let with_colleague =
            self.client == Client::WithColleague && self.colleague == Colleague::Talks;
        (with_first || with_colleague).then_some(())?;
        self.left.closes = self.left.closes.checked_sub(1)?;
        self.client = Client::Gone;
        if with_first {
            self.first = First::Ended;
            self.to_client.clear();
            self.from_client.clear();
            self.asking_happens(ToAsking::Ended);
        } else {
            self.colleague = Colleague::Idle;
            self.asked_happens(ToAsked::Ended);
        }
        Some(())
    }
}
