//! What every task of a desk shares.

use std::cmp::Ordering;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use vestibule_protocol::{Cover, Psk, ReceivedOpening};
use vestibule_wire::{
    DeclineReason, LinkId, LinkKind, LinkName, Opening, REVOCATIONS_LEN, Revocations,
};

use crate::channels::Eras;
use crate::clock::Clock;
use crate::enrolment::{Enrolment, EpochEntry, Shift};
use crate::nodes::Nodes;
use crate::origin::Origin;
use crate::random;
use crate::refused::Refused;
use crate::spent_links::SpentLinks;

/// A slip is handed in at some moment of so long a time, and tried again at some moment of the next. If
/// all of a shift were tried again together, the relay could tell that they are of one worker.
pub(crate) const HAND_IN_WITHIN: Duration = Duration::from_mins(10);

/// What a relay's revocations are beside those that were known.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Learnt {
    Newer,
    Same,
    Older,
    Forged,
}

/// The worker's keys, the clock, the links known to be spent, whom the worker does not answer, and what
/// the service has revoked.
pub(crate) struct Context {
    pub(crate) enrolment: Enrolment,
    pub(crate) clock: Clock,
    pub(crate) nodes: Nodes,
    /// Of the worker's end of every consultation.
    pub(crate) cover: Cover,
    /// A slip is handed in at some moment of so long a time.
    pub(crate) hand_in_within: Duration,
    eras: Mutex<Eras>,
    spent: Mutex<SpentLinks>,
    refused: Mutex<Refused>,
    revocations: Mutex<Option<Revocations>>,
}

impl Context {
    pub(crate) fn new(enrolment: Enrolment, clock: Clock, cover: Cover) -> Self {
        let nodes = Nodes::new(&enrolment.origins);
        let eras = Mutex::default();
        let spent = Mutex::new(SpentLinks::new());
        let refused = Mutex::new(Refused::new());
        let revocations = Mutex::new(enrolment.revocations.clone());
        let hand_in_within = HAND_IN_WITHIN;
        Self { enrolment, clock, nodes, cover, hand_in_within, eras, spent, refused, revocations }
    }

    /// The same, handing in sooner or later.
    pub(crate) fn handing_in_within(self, hand_in_within: Duration) -> Self {
        Self { hand_in_within, ..self }
    }

    pub(crate) fn eras(&self) -> MutexGuard<'_, Eras> {
        self.eras.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn refused(&self) -> MutexGuard<'_, Refused> {
        self.refused.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The newest that this console knows.
    pub(crate) fn revocations(&self) -> MutexGuard<'_, Option<Revocations>> {
        self.revocations.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes what a relay says that the service has revoked.
    pub(crate) fn learn_revocations(&self, bytes: &[u8; REVOCATIONS_LEN]) -> Learnt {
        let Ok(told) = Revocations::verify(bytes, &self.enrolment.authority) else {
            return Learnt::Forged;
        };
        let mut known = self.revocations();
        match known.as_ref().map(Revocations::number).cmp(&Some(told.number())) {
            Ordering::Less => {
                *known = Some(told);
                Learnt::Newer
            }
            Ordering::Equal => Learnt::Same,
            Ordering::Greater => Learnt::Older,
        }
    }

    /// Whether the service has sent the worker with this shift key off.
    pub(crate) fn is_revoked(&self, shift_public: &[u8; 32]) -> bool {
        self.revocations().as_ref().is_some_and(|revoked| revoked.revokes_key(shift_public))
    }

    /// Whether it has sent the worker at this desk off: one key that is revoked is enough.
    pub(crate) fn is_worker_revoked(&self) -> bool {
        self.enrolment.shifts.iter().any(|shift| self.is_revoked(&shift.content.shift_public))
    }

    /// Whether the service still believes links of this generation.
    pub(crate) fn is_generation_good(&self, generation: u8) -> bool {
        let lowest = self.revocations().as_ref().map_or(0, Revocations::lowest_generation);
        generation >= lowest
    }

    pub(crate) fn spent(&self) -> MutexGuard<'_, SpentLinks> {
        self.spent.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads an opening under whichever of the relay's addresses the client came through, and whichever
    /// generation of keys its link is of.
    pub(crate) fn read_opening(
        &self,
        link: &LinkName,
        opening: &Opening,
        shift: &Shift,
    ) -> Result<ReceivedOpening, DeclineReason> {
        if link.kind() == LinkKind::Door {
            let door = self.enrolment.door.psk(link);
            let read = self.read_with(&door, link, opening, shift);
            return read.filter(|_| !self.is_shut(link.id)).ok_or(DeclineReason::Unreadable);
        }
        let entries = || self.enrolment.epoch_generations(link.epoch);
        let is_good = |entry: &&EpochEntry| self.is_generation_good(entry.keys.generation());
        let read = |entry: &EpochEntry| self.read_with(&entry.keys.psk(link), link, opening, shift);
        if let Some(read) = entries().filter(is_good).find_map(read) {
            return Ok(read);
        }
        // Without a key that is still believed, what does not open may be a colleague's to open.
        let is_refused =
            entries().any(|entry| is_good(&entry)) || entries().any(|entry| read(entry).is_some());
        Err(if is_refused { DeclineReason::Unreadable } else { DeclineReason::NoKey })
    }

    fn read_with(
        &self,
        psk: &Psk,
        link: &LinkName,
        opening: &Opening,
        shift: &Shift,
    ) -> Option<ReceivedOpening> {
        let read = |origin: &Origin| {
            let rng = &mut random::system();
            let authority = &self.enrolment.authority;
            ReceivedOpening::read(opening, link, psk, authority, origin.as_str(), &shift.key, rng)
                .ok()
        };
        self.enrolment.origins.iter().find_map(read)
    }

    fn is_shut(&self, door: LinkId) -> bool {
        self.revocations().as_ref().is_some_and(|revoked| revoked.revokes_door(&door))
    }
}
