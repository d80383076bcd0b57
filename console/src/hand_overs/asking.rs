//! The worker who asks a colleague to take a consultation over.

use vestibule_protocol::{HandOverId, HandOverReply, HandOverSecret};

use crate::channels::Tag;
use crate::messages::{HandOverStage, Notice};

/// A hand-over that this worker began and that is not settled.
pub(crate) struct Asking {
    pub(crate) id: HandOverId,
    /// The colleague's number.
    pub(crate) colleague: u64,
    stage: Stage,
}

enum Stage {
    /// The colleague is asked.
    Colleague,
    /// The colleague is on its way to where the client will come: once it has the secret, it can be
    /// reached whatever becomes of this worker.
    Ticket { secret: HandOverSecret, tag: Tag },
    /// The client is asked.
    Client,
    /// The client is told that the colleague cannot come. Until it has heard that, it may still go.
    TakingBack,
    /// The client has agreed.
    Moving,
}

/// What happened.
pub(crate) enum AskingEvent {
    /// The colleague agrees. With what is drawn for the case that it does.
    Accepted { secret: HandOverSecret, tag: Tag },
    /// The colleague does not.
    Declined,
    /// The colleague says that nothing comes of it.
    Over,
    /// The colleague has a letter.
    Arrived(Tag),
    /// The way to the colleague is over.
    WayLost,
    /// The client says so.
    Replied(HandOverReply),
    /// The client is with the colleague.
    Done { received_below: u64 },
    /// This worker does not want it any more.
    TakenBack,
    /// The client knows that the colleague cannot come.
    Withdrawn,
    /// The consultation has ended.
    Ended,
}

/// What is to be done.
#[derive(PartialEq, Eq)]
pub(crate) enum AskingStep {
    /// The colleague is told the secret, in a letter of this name.
    GiveTicket { secret: HandOverSecret, tag: Tag },
    /// The colleague is told that nothing comes of it, as soon as it can be.
    TellOver,
    /// The client is asked.
    Propose(HandOverSecret),
    /// The client is told that the colleague cannot come.
    Withdraw,
    /// This worker's part is over.
    HandOver { received_below: u64 },
    /// This worker is told.
    Notice(Notice),
}

impl Asking {
    /// The colleague has been asked.
    pub(crate) fn new(id: HandOverId, colleague: u64) -> Self {
        Self { id, colleague, stage: Stage::Colleague }
    }

    pub(crate) fn stage(&self) -> HandOverStage {
        match self.stage {
            Stage::Colleague | Stage::Ticket { .. } => HandOverStage::AskingColleague,
            Stage::Client | Stage::TakingBack => HandOverStage::AskingClient,
            Stage::Moving => HandOverStage::Moving,
        }
    }

    /// Takes what happened. Without a next state the hand-over is settled.
    pub(crate) fn take(self, event: AskingEvent) -> (Option<Self>, Vec<AskingStep>) {
        use AskingStep::{HandOver, Notice as Tell, Propose, TellOver, Withdraw};
        let Self { id, colleague, stage } = self;
        let (stage, steps) = match (stage, event) {
            (Stage::Colleague, AskingEvent::Accepted { secret, tag }) => {
                let ticket = AskingStep::GiveTicket { secret: secret.clone(), tag };
                (Some(Stage::Ticket { secret, tag }), vec![ticket])
            }
            (Stage::Colleague, AskingEvent::Over | AskingEvent::WayLost) => {
                (None, vec![Tell(Notice::HandOverFailed)])
            }
            (Stage::Ticket { secret, tag }, AskingEvent::Arrived(arrived)) if arrived == tag => {
                (Some(Stage::Client), vec![Propose(secret)])
            }
            (Stage::Ticket { .. }, AskingEvent::Over) => (None, vec![Tell(Notice::HandOverFailed)]),
            // The ticket may have arrived.
            (Stage::Ticket { .. }, AskingEvent::WayLost) => {
                (None, vec![TellOver, Tell(Notice::HandOverFailed)])
            }
            (Stage::Colleague | Stage::Ticket { .. }, AskingEvent::Declined) => {
                (None, vec![Tell(Notice::HandOverDeclined)])
            }
            (Stage::Client, AskingEvent::Replied(HandOverReply::Agreed)) => {
                (Some(Stage::Moving), vec![])
            }
            (Stage::Client, AskingEvent::Replied(HandOverReply::Declined)) => {
                (None, vec![TellOver, Tell(Notice::HandOverRefused)])
            }
            (Stage::Client, AskingEvent::Over | AskingEvent::Declined) => {
                (Some(Stage::TakingBack), vec![Withdraw, Tell(Notice::HandOverFailed)])
            }
            (Stage::Client, AskingEvent::TakenBack) => (Some(Stage::TakingBack), vec![Withdraw]),
            (Stage::TakingBack, AskingEvent::Withdrawn) => (None, vec![TellOver]),
            // The client went, and is back: its agreement may have been lost on the way.
            (
                Stage::Client | Stage::TakingBack | Stage::Moving,
                AskingEvent::Replied(HandOverReply::DidNotCome),
            ) => (None, vec![TellOver, Tell(Notice::HandOverFailed)]),
            // The client leaves before its reply is acknowledged when it cannot be.
            (
                Stage::Client | Stage::TakingBack | Stage::Moving,
                AskingEvent::Done { received_below },
            ) => (None, vec![HandOver { received_below }]),
            // The client comes back when it meets nobody.
            (Stage::Moving, AskingEvent::Over) => (None, vec![Tell(Notice::HandOverFailed)]),
            (Stage::Colleague | Stage::Ticket { .. }, AskingEvent::TakenBack)
            | (_, AskingEvent::Ended) => (None, vec![TellOver]),
            // A colleague that has the ticket waits for the client with or without a way to it; from
            // the client's agreement on it is the client's to come back. The rest came too late.
            (stage, _) => (Some(stage), vec![]),
        };
        (stage.map(|stage| Self { id, colleague, stage }), steps)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TAG: Tag = Tag(5);

    fn secret() -> HandOverSecret {
        HandOverSecret::from_bytes(&[3; 32])
    }

    fn asking(events: Vec<AskingEvent>) -> Asking {
        events.into_iter().fold(Asking::new(HandOverId([1; 8]), 1), |asking, event| {
            let (next, _) = asking.take(event);
            next.expect("it is not settled yet")
        })
    }

    fn colleague() -> Asking {
        asking(vec![])
    }

    fn ticket() -> Asking {
        asking(vec![AskingEvent::Accepted { secret: secret(), tag: TAG }])
    }

    fn client() -> Asking {
        asking(vec![
            AskingEvent::Accepted { secret: secret(), tag: TAG },
            AskingEvent::Arrived(TAG),
        ])
    }

    fn moving() -> Asking {
        asking(vec![
            AskingEvent::Accepted { secret: secret(), tag: TAG },
            AskingEvent::Arrived(TAG),
            AskingEvent::Replied(HandOverReply::Agreed),
        ])
    }

    fn taking_back() -> Asking {
        let (asking, steps) = client().take(AskingEvent::TakenBack);
        assert!(steps == [AskingStep::Withdraw], "the colleague waits until the client knows");
        asking.unwrap()
    }

    fn settles(asking: Asking, event: AskingEvent, expected: &[AskingStep]) {
        let (next, steps) = asking.take(event);
        assert!(next.is_none(), "it is settled");
        assert!(steps == expected);
    }

    #[test]
    fn the_client_is_asked_only_when_the_colleague_has_the_ticket() {
        let (asking, steps) =
            colleague().take(AskingEvent::Accepted { secret: secret(), tag: TAG });
        assert!(steps == [AskingStep::GiveTicket { secret: secret(), tag: TAG }]);
        let (asking, steps) = asking.unwrap().take(AskingEvent::Arrived(Tag(4)));
        assert!(steps.is_empty(), "another letter says nothing of the ticket");
        let (asking, steps) = asking.unwrap().take(AskingEvent::Arrived(TAG));
        assert!(steps == [AskingStep::Propose(secret())]);
        assert!(asking.unwrap().stage() == HandOverStage::AskingClient);
    }

    #[test]
    fn the_colleague_declines_or_leaves() {
        let failed = || AskingStep::Notice(Notice::HandOverFailed);
        let declined = [AskingStep::Notice(Notice::HandOverDeclined)];
        settles(colleague(), AskingEvent::Declined, &declined);
        settles(ticket(), AskingEvent::Declined, &declined);
        settles(colleague(), AskingEvent::WayLost, &[failed()]);
        settles(ticket(), AskingEvent::WayLost, &[AskingStep::TellOver, failed()]);
        let (asking, steps) = client().take(AskingEvent::Over);
        assert!(steps == [AskingStep::Withdraw, failed()]);
        settles(asking.unwrap(), AskingEvent::Withdrawn, &[AskingStep::TellOver]);
        // With the ticket it waits for the client all the same.
        for asking in [client(), moving()] {
            let (asking, steps) = asking.take(AskingEvent::WayLost);
            assert!(asking.is_some() && steps.is_empty());
        }
    }

    #[test]
    fn the_worker_takes_it_back_until_the_client_has_agreed() {
        settles(colleague(), AskingEvent::TakenBack, &[AskingStep::TellOver]);
        settles(ticket(), AskingEvent::TakenBack, &[AskingStep::TellOver]);
        settles(taking_back(), AskingEvent::Withdrawn, &[AskingStep::TellOver]);
        let (asking, steps) = moving().take(AskingEvent::TakenBack);
        assert!(asking.unwrap().stage() == HandOverStage::Moving && steps.is_empty());
    }

    #[test]
    fn the_client_decides() {
        let refused = AskingStep::Notice(Notice::HandOverRefused);
        let declined = AskingEvent::Replied(HandOverReply::Declined);
        settles(client(), declined, &[AskingStep::TellOver, refused]);
        for asking in [client(), taking_back(), moving()] {
            let failed = AskingStep::Notice(Notice::HandOverFailed);
            let back = AskingEvent::Replied(HandOverReply::DidNotCome);
            settles(asking, back, &[AskingStep::TellOver, failed]);
        }
        // It may have gone before it heard that it should not.
        for asking in [client(), taking_back(), moving()] {
            let done = AskingEvent::Done { received_below: 9 };
            settles(asking, done, &[AskingStep::HandOver { received_below: 9 }]);
        }
    }

    #[test]
    fn nobody_hands_over_whom_the_client_was_not_asked_about() {
        for asking in [colleague(), ticket()] {
            let (asking, steps) = asking.take(AskingEvent::Done { received_below: 9 });
            assert!(asking.is_some() && steps.is_empty());
        }
    }

    #[test]
    fn the_end_of_the_consultation_is_the_end_of_it() {
        for asking in [colleague(), ticket(), client(), taking_back(), moving()] {
            settles(asking, AskingEvent::Ended, &[AskingStep::TellOver]);
        }
    }
}
