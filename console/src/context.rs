//! What every task of a desk shares.

use std::sync::{Mutex, MutexGuard, PoisonError};

use vestibule_protocol::ReceivedOpening;
use vestibule_wire::{DeclineReason, LinkName, Opening};

use crate::clock::Clock;
use crate::enrolment::{Enrolment, Shift};
use crate::origin::Origin;
use crate::random;
use crate::spent_links::SpentLinks;

/// The worker's keys, the clock, and the links known to be spent.
pub(crate) struct Context {
    pub(crate) enrolment: Enrolment,
    pub(crate) clock: Clock,
    spent: Mutex<SpentLinks>,
}

impl Context {
    pub(crate) fn new(enrolment: Enrolment, clock: Clock) -> Self {
        Self { enrolment, clock, spent: Mutex::new(SpentLinks::new()) }
    }

    pub(crate) fn spent(&self) -> MutexGuard<'_, SpentLinks> {
        self.spent.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads an opening under whichever of the relay's addresses the client came through.
    pub(crate) fn read_opening(
        &self,
        link: &LinkName,
        opening: &Opening,
        shift: &Shift,
    ) -> Result<ReceivedOpening, DeclineReason> {
        let entry = self.enrolment.epoch(link.epoch).ok_or(DeclineReason::NoKey)?;
        let psk = entry.keys.psk(link);
        let read = |origin: &Origin| {
            let rng = &mut random::system();
            let authority = &self.enrolment.authority;
            ReceivedOpening::read(opening, link, &psk, authority, origin.as_str(), &shift.key, rng)
                .ok()
        };
        self.enrolment.origins.iter().find_map(read).ok_or(DeclineReason::Unreadable)
    }
}
