//! What goes over a duty socket once the sign-in was accepted: offers, acceptances, what workers say to
//! each other, and what the service has revoked.

use std::time::Duration;

use rand::RngExt;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};
use vestibule_wire::{
    Close, DeclineReason, Epoch, REVOCATIONS_LEN, RelayToWorker, Timestamp, WorkerToRelay,
};

use super::node::{Ended, status};
use super::sign_in::{SignedIn, judge};
use super::{DutyEvent, NodeCommand, NodeEvent, NodeEvents};
use crate::channels::{Channels, Outcome};
use crate::consultations::until;
use crate::context::{Context, Learnt};
use crate::enrolment::Shift;
use crate::messages::{DutyStatus, Notice, Refusal};
use crate::offers::{Handled, Offers};
use crate::relay_socket::{Heard, RelaySocket};

/// Sign-ins are renewed at a moment within so many seconds.
const RENEWAL_SPREAD_SECONDS: u32 = 300;
/// And not sooner than this after the last one, whatever the clocks say.
const RENEWAL_SECONDS_MIN: u32 = 600;
/// A relay that knows revocations tells of them at once. One that has not after so long knows none, and
/// is told.
const REVOCATIONS_DEADLINE: Duration = Duration::from_secs(2);

/// One signed-in socket, and what came over it.
struct Serving<'a> {
    context: &'a Context,
    shift: &'a Shift,
    events: &'a NodeEvents,
    socket: RelaySocket,
    offers: Offers<'a>,
    channels: Channels<'a>,
    /// When the relay is told what this console knows to be revoked.
    revoke_at: Option<Instant>,
}

/// How the socket ends.
enum Stop {
    /// The relay has closed it.
    Closed(Ended),
    /// This console closes it.
    Done(Ended),
    /// The relay said what no relay says now.
    Foreign,
}

/// Carries all of it until the socket or the duty ends.
pub(super) async fn serve(
    signed_in: SignedIn<'_>,
    context: &Context,
    commands: &mut mpsc::Receiver<NodeCommand>,
    events: &NodeEvents,
) -> Ended {
    let SignedIn { socket, address, shift, since: signed_in_at } = signed_in;
    let serves_seconds = renewal_seconds(signed_in_at, shift.content.valid_to);
    let renewal = Instant::now() + Duration::from_secs(u64::from(serves_seconds));
    let knows_revocations = context.revocations().is_some();
    let mut serving = Serving {
        context,
        shift,
        events,
        socket,
        offers: Offers::new(context, address),
        channels: Channels::new(context, shift),
        revoke_at: knows_revocations.then(|| Instant::now() + REVOCATIONS_DEADLINE),
    };
    events.status(status(DutyStatus::On, None)).await;
    if knows_revocations {
        // They may have been heard at the sign-in.
        events.desk.send(DutyEvent::RevocationsHeard).await;
    }
    let stop = serving.carry(commands, renewal).await;
    let (ended, close) = match stop {
        Stop::Closed(ended) => return ended,
        Stop::Done(ended) => (ended, Close::Done),
        Stop::Foreign => (Ended::Broken { was_on: true }, Close::Malformed),
    };
    serving.socket.finish(close).await;
    ended
}

impl Serving<'_> {
    async fn carry(
        &mut self,
        commands: &mut mpsc::Receiver<NodeCommand>,
        renewal: Instant,
    ) -> Stop {
        loop {
            let stop = tokio::select! {
                () = sleep_until(renewal) => Some(Stop::Done(Ended::Renewed)),
                () = until(self.revoke_at) => {
                    self.tell_revocations();
                    None
                }
                heard = self.socket.heard() => match heard {
                    Heard::Message(bytes) => match RelayToWorker::decode(&bytes) {
                        Ok(frame) => self.take(frame).await,
                        Err(_) => Some(Stop::Foreign),
                    },
                    Heard::Foreign => Some(Stop::Foreign),
                    Heard::Ended(close) => Some(Stop::Closed(self.closed(close))),
                },
                command = commands.recv() => self.obey(command).await,
            };
            if let Some(stop) = stop {
                return stop;
            }
        }
    }

    fn closed(&self, close: Option<Close>) -> Ended {
        // A new day's certificate is there to sign in with again.
        if close == Some(Close::CertificateExpired) && self.has_newer_shift() {
            return Ended::Renewed;
        }
        judge(close, true)
    }

    async fn obey(&mut self, command: Option<NodeCommand>) -> Option<Stop> {
        match command {
            Some(NodeCommand::Accept(offer)) => {
                if self.offers.accept(offer) {
                    self.tell(&WorkerToRelay::Accept(offer));
                } else {
                    self.events.send(NodeEvent::Withdrawn(offer)).await;
                }
            }
            Some(NodeCommand::Refuse(offer)) => {
                if let Some(reason) = self.offers.refuse(offer) {
                    self.tell(&WorkerToRelay::Decline(offer, reason));
                }
            }
            Some(NodeCommand::Tell(way, letters)) => {
                let outcome = self.channels.tell(way, letters);
                self.pass_on(outcome).await;
            }
            Some(NodeCommand::TryNow) => self.socket.probe(),
            None => return Some(Stop::Done(Ended::OffDuty)),
        }
        None
    }

    /// Takes what the relay says after the sign-in.
    async fn take(&mut self, frame: RelayToWorker) -> Option<Stop> {
        match frame {
            RelayToWorker::Challenge { .. } | RelayToWorker::SignedIn => Some(Stop::Foreign),
            RelayToWorker::Colleague(id, certificate) => {
                let outcome = self.channels.colleague(id, &certificate);
                self.pass_on(outcome).await
            }
            RelayToWorker::ColleagueLeft(id) => {
                let outcome = self.channels.colleague_left(id);
                self.pass_on(outcome).await
            }
            RelayToWorker::Whispered(id, cell) => {
                let outcome = self.channels.whispered(id, &cell);
                self.pass_on(outcome).await
            }
            RelayToWorker::Revocations(bytes) => self.learn(&bytes).await,
            RelayToWorker::Offer { offer, waited_seconds, link, opening } => {
                let handled = self.offers.offered(offer, waited_seconds, link, opening);
                self.handle(handled).await
            }
            RelayToWorker::Withdrawn(offer, reason) => {
                let handled = self.offers.withdrawn(offer, reason);
                self.handle(handled).await
            }
            RelayToWorker::Granted(offer, seat) => {
                let handled = self.offers.granted(offer, seat);
                self.handle(handled).await
            }
            RelayToWorker::Deferred(offer) => {
                let handled = self.offers.deferred(offer);
                self.handle(handled).await
            }
        }
    }

    async fn handle(&mut self, handled: Handled) -> Option<Stop> {
        match handled {
            Handled::Nothing => {}
            Handled::Tell(event) => self.events.send(event).await,
            Handled::Decline(offer, reason) => {
                self.tell(&WorkerToRelay::Decline(offer, reason));
                if let Some(notice) = notice_of(reason) {
                    self.events.desk.send(DutyEvent::Noticed(notice)).await;
                }
            }
            Handled::NotAllowed => return Some(Stop::Foreign),
        }
        None
    }

    async fn pass_on(&mut self, outcome: Outcome) -> Option<Stop> {
        for frame in outcome.frames {
            self.tell(&frame);
        }
        for event in outcome.events {
            self.events.send(NodeEvent::Colleague(event)).await;
        }
        None
    }

    /// The relay tells what the service has revoked. An older list than this console's is answered with
    /// this one's: a relay that forgot learns it from whoever knows.
    async fn learn(&mut self, bytes: &[u8; REVOCATIONS_LEN]) -> Option<Stop> {
        match self.context.learn_revocations(bytes) {
            Learnt::Forged => return Some(Stop::Foreign),
            Learnt::Older => self.tell_revocations(),
            Learnt::Same => self.revoke_at = None,
            Learnt::Newer => {
                self.revoke_at = None;
                let outcome = self.channels.revoked();
                self.pass_on(outcome).await;
                self.events.desk.send(DutyEvent::RevocationsHeard).await;
                if self.context.is_worker_revoked() {
                    return Some(Stop::Done(Ended::Refused(Refusal::CertificateRefused)));
                }
            }
        }
        None
    }

    fn tell_revocations(&mut self) {
        self.revoke_at = None;
        let known = self.context.revocations().as_ref().map(|known| Box::new(*known.as_bytes()));
        if let Some(revocations) = known {
            let authority = self.context.enrolment.authority;
            self.tell(&WorkerToRelay::Revoke { authority, revocations });
        }
    }

    fn tell(&mut self, frame: &WorkerToRelay) {
        self.socket.push(frame.encode());
    }

    fn has_newer_shift(&self) -> bool {
        let newer = self.context.enrolment.shift_at(self.context.clock.now());
        newer.is_ok_and(|shift| shift.content.valid_to > self.shift.content.valid_to)
    }
}

/// How long a sign-in serves: until the next epoch begins, whose statement the relay needs, or until
/// the certificate ends. Some minutes are left to chance, so that not everybody is away at once.
fn renewal_seconds(signed_in_at: Timestamp, certificate_ends: Timestamp) -> u32 {
    let next_epoch = Epoch(Epoch::current(signed_in_at).0.saturating_add(1)).starts_at();
    let last = Timestamp(certificate_ends.0.saturating_sub(2 * RENEWAL_SPREAD_SECONDS));
    let soonest = signed_in_at.plus_seconds(RENEWAL_SECONDS_MIN);
    let at = next_epoch.min(last).max(soonest);
    at.distance_seconds(signed_in_at) + rand::rng().random_range(1..=RENEWAL_SPREAD_SECONDS)
}

fn notice_of(reason: DeclineReason) -> Option<Notice> {
    match reason {
        DeclineReason::Spent => Some(Notice::LinkAlreadyUsed),
        DeclineReason::Unreadable => Some(Notice::OpeningDamaged),
        DeclineReason::NoKey => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_is_renewed_when_the_next_epoch_begins_or_the_certificate_ends() {
        let epoch = Epoch(5_937);
        let early = epoch.starts_at().plus_seconds(1_000);
        let hour = 3_600;
        // The certificate ends first.
        let seconds = renewal_seconds(early, early.plus_seconds(6 * hour));
        assert!((6 * hour - 600..6 * hour).contains(&seconds), "{seconds}");
        // The epoch ends first.
        let late = Timestamp(epoch.ends_at().0 - 302_400 - hour);
        let seconds = renewal_seconds(late, late.plus_seconds(20 * hour));
        assert!((hour + 1..=hour + 300).contains(&seconds), "{seconds}");
        // Never over and over.
        assert!(renewal_seconds(late, late) > 600);
    }
}
