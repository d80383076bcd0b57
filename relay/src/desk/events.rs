//! What happens at a desk, and what is to be done about it.

use std::sync::Arc;
use std::time::Duration;

use vestibule_wire::{
    Close, DeclineReason, LinkKind, LinkName, OfferId, Opening, Revocations, Role, SeatKey, Wait,
    WithdrawReason,
};

use super::EndedRequest;

/// One client's socket, as long as it waits. Never given twice.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct ClientId(pub(crate) u64);

/// One worker's duty socket. Never given twice.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct WorkerId(pub(crate) u64);

/// What a client brings. All checks of the link have passed.
pub(crate) struct Arrival {
    /// The client's socket.
    pub(crate) client: ClientId,
    /// Its link.
    pub(crate) link: LinkName,
    /// Which generation of its epoch's keys issued the link; a door has none.
    pub(crate) generation: Option<u8>,
    /// Its first message for a worker.
    pub(crate) opening: Opening,
    /// Tells this opening from another of the same link.
    pub(crate) opening_hash: [u8; 32],
    /// Whether this very opening was accepted before.
    pub(crate) spent_before: bool,
    /// When the link stops holding.
    pub(crate) expires: Duration,
}

impl Arrival {
    /// Whether the link may be used again and again.
    pub(super) fn is_at_door(&self) -> bool {
        self.link.kind() == LinkKind::Door
    }

    /// Whether it is of this link.
    pub(super) fn is_of(&self, link: &LinkName) -> bool {
        self.link.id == link.id && self.link.kind() == link.kind()
    }

    /// Whether the service no longer believes the link.
    pub(super) fn is_revoked(&self, revocations: &Revocations) -> bool {
        is_revoked(&self.link, self.generation, revocations)
    }
}

/// Whether a service no longer believes this link of its.
pub(super) fn is_revoked(
    link: &LinkName,
    generation: Option<u8>,
    revocations: &Revocations,
) -> bool {
    match generation {
        Some(generation) => generation < revocations.lowest_generation(),
        None => revocations.revokes_door(&link.id),
    }
}

/// What happened.
pub(crate) enum Event {
    /// A client sent `open`.
    ClientArrived(Arrival),
    /// A client with a good token was refused before it came here: the kind of its link, and what tells
    /// its opening from another.
    ClientRefused(LinkKind, [u8; 32]),
    /// A client's socket is gone.
    ClientLeft(ClientId),
    /// A worker of this role signed in.
    WorkerArrived(WorkerId, Option<Role>),
    /// A worker's duty socket is gone.
    WorkerLeft(WorkerId),
    /// The same, because its service has revoked its key.
    WorkerSentOff(WorkerId),
    /// A worker sent `accept`.
    Accepted(WorkerId, OfferId),
    /// A worker sent `accept`, and nobody can say whether the link is free.
    Deferred(WorkerId, OfferId),
    /// Another opening of the link was accepted at another relay.
    SpentElsewhere(OfferId),
    /// A worker sent `decline`.
    Declined(WorkerId, OfferId, DeclineReason),
    /// A worker sent `take_seat`.
    SeatTaken(SeatKey),
    /// A worker sent `take_seat`, and nobody can say whether the link is still its client's.
    SeatDeferred(SeatKey),
    /// The same, and the link is another's.
    SeatSpentElsewhere(SeatKey),
    /// Whether one-time links cannot be claimed just now.
    Held(bool),
    /// The service says what it no longer believes.
    Revoked(Arc<Revocations>),
    /// The relay stops: whoever left does not come again.
    Closing,
    /// A deadline may have passed.
    Tick,
}

/// What is to be done, in this order.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Action {
    /// Tell a client how long it may wait.
    TellWait(ClientId, Wait),
    /// Join a client to the socket that took this seat. The desk forgets both.
    Match(ClientId, SeatKey),
    /// End a client's socket. The desk forgets it.
    CloseClient(ClientId, Close),
    /// Offer a client to a worker.
    Offer {
        /// To whom.
        worker: WorkerId,
        /// Under which name.
        offer: OfferId,
        /// How long the client has waited.
        waited_seconds: u16,
        /// The client's link.
        link: LinkName,
        /// The client's opening.
        opening: Opening,
    },
    /// Take an offer back.
    Withdraw(WorkerId, OfferId, WithdrawReason),
    /// Give a worker a seat to take.
    Grant(WorkerId, OfferId, SeatKey),
    /// Tell a worker that an offer cannot be granted just now, and still stands.
    Defer(WorkerId, OfferId),
    /// Remember the link as spent by this opening.
    Spend(LinkName, [u8; 32]),
    /// Forget that the link is spent.
    Unspend(LinkName),
    /// Count a request, for the first and last time.
    Count(EndedRequest),
}
