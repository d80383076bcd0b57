//! Those who wait, as one duty socket offers them (section 6).

use std::collections::HashMap;

use vestibule_protocol::Triage;
use vestibule_wire::{
    CLOCK_TOLERANCE_SECONDS, DeclineReason, LinkKind, LinkName, OfferId, Opening, SeatKey,
    Timestamp, WithdrawReason,
};

use crate::consultations::SeatGrant;
use crate::context::Context;
use crate::duty::NodeEvent;
use crate::nodes::Address;
use crate::spent_links::spent_by;

/// Offers that are looked at; a relay holds fewer openings of one service.
const OFFERS_MAX: usize = 512;

/// What a frame leads to.
pub(crate) enum Handled {
    /// Nothing.
    Nothing,
    /// The desk is told.
    Tell(NodeEvent),
    /// The relay is told that this worker cannot take the offer.
    Decline(OfferId, DeclineReason),
    /// No relay sends this now.
    NotAllowed,
}

/// Openings that could be read.
pub(crate) struct Offers<'a> {
    context: &'a Context,
    /// Where the duty socket goes, and a granted seat with it.
    address: Address,
    by_id: HashMap<OfferId, Offer>,
}

struct Offer {
    link: LinkName,
    opening: Opening,
    triage: Triage,
    accepted: bool,
}

impl<'a> Offers<'a> {
    pub(crate) fn new(context: &'a Context, address: Address) -> Self {
        Self { context, address, by_id: HashMap::new() }
    }

    /// Notes that the worker takes an offer; `false` when it is gone.
    pub(crate) fn accept(&mut self, offer: OfferId) -> bool {
        let wanted = self.by_id.get_mut(&offer);
        wanted.is_some_and(|wanted| {
            wanted.accepted = true;
            true
        })
    }

    /// The worker does not want to see this one again. What the relay is told, if it still stands.
    pub(crate) fn refuse(&mut self, offer: OfferId) -> Option<DeclineReason> {
        let refused = self.by_id.remove(&offer)?;
        match refused.link.kind() {
            LinkKind::OneTime => self.context.refused().add_link(refused.link.id),
            LinkKind::Door => self.context.refused().add_opening(&refused.opening),
        }
        Some(DeclineReason::NoKey)
    }

    /// The relay withdraws an offer.
    pub(crate) fn withdrawn(&mut self, offer: OfferId, reason: WithdrawReason) -> Handled {
        let Some(gone) = self.by_id.remove(&offer) else { return Handled::Nothing };
        if reason == WithdrawReason::Taken {
            self.context.spent().learn(spent_by(&gone.link, &gone.opening), &gone.opening);
        }
        Handled::Tell(NodeEvent::Withdrawn(offer))
    }

    /// The relay gives the worker a seat.
    pub(crate) fn granted(&mut self, offer: OfferId, seat: SeatKey) -> Handled {
        match self.by_id.remove(&offer) {
            Some(granted) if granted.accepted => {
                let spent = spent_by(&granted.link, &granted.opening);
                // The seat is left: whoever has the link is answered, and nobody else.
                if !self.context.spent().learn(spent, &granted.opening) {
                    return Handled::Tell(NodeEvent::Withdrawn(offer));
                }
                Handled::Tell(NodeEvent::Granted(offer, Box::new(self.grant(granted, seat))))
            }
            _ => Handled::NotAllowed,
        }
    }

    /// The relay cannot grant it just now.
    pub(crate) fn deferred(&mut self, offer: OfferId) -> Handled {
        match self.by_id.get_mut(&offer) {
            Some(deferred) if deferred.accepted => {
                deferred.accepted = false;
                Handled::Tell(NodeEvent::Deferred(offer))
            }
            _ => Handled::NotAllowed,
        }
    }

    /// The relay offers somebody who waits.
    pub(crate) fn offered(
        &mut self,
        offer: OfferId,
        waited_seconds: u16,
        link: LinkName,
        opening: Opening,
    ) -> Handled {
        if self.by_id.len() >= OFFERS_MAX {
            return Handled::Nothing;
        }
        match self.read(&link, &opening) {
            Ok(triage) => {
                let held = Offer { link, opening: opening.clone(), triage, accepted: false };
                self.by_id.insert(offer, held);
                let now = self.context.clock.now();
                let since = Timestamp(now.0.saturating_sub(u32::from(waited_seconds)));
                Handled::Tell(NodeEvent::Offered { offer, triage, since, link, opening })
            }
            Err(reason) => Handled::Decline(offer, reason),
        }
    }

    /// Reads an opening to show what the client chose. It is read again, under the shift of that
    /// moment, when it is answered.
    fn read(&self, link: &LinkName, opening: &Opening) -> Result<Triage, DeclineReason> {
        if self.context.spent().spent_by_another(spent_by(link, opening), opening) {
            return Err(DeclineReason::Spent);
        }
        // Whom this worker refuses another may take.
        if self.context.refused().holds(link.id, opening) {
            return Err(DeclineReason::NoKey);
        }
        let now = self.context.clock.now();
        // The relay refuses what has expired; one that does not is not helped.
        if now > link.expires_at().plus_seconds(CLOCK_TOLERANCE_SECONDS) {
            return Err(DeclineReason::Unreadable);
        }
        let shift = self.context.enrolment.shift_at(now).map_err(|_| DeclineReason::NoKey)?;
        Ok(self.context.read_opening(link, opening, shift)?.triage())
    }

    fn grant(&self, offer: Offer, seat: SeatKey) -> SeatGrant {
        SeatGrant {
            address: self.address.clone(),
            seat,
            link: offer.link,
            opening: offer.opening,
            triage: offer.triage,
        }
    }
}
