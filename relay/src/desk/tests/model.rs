//! Random events against a model of what everybody was told.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use vestibule_wire::{
    Close, DeclineReason, LinkId, LinkKind, LinkName, OfferId, Revocations, SeatKey,
    UnsignedRevocations,
};

use super::arrival;
use crate::Limits;
use crate::desk::waiting::Waiting;
use crate::desk::{Action, Arrival, ClientId, Desk, Event, WorkerId};
use crate::testing::{FakeService, door_name, link_name, nothing_revoked};

/// What may happen, with few enough clients, links and workers that they meet.
#[derive(Debug, Clone)]
enum Step {
    Arrive { link: u8, opening: u8 },
    ArriveAtDoor { door: u8, opening: u8 },
    Leave(usize),
    Come,
    Go(usize),
    SendOff(usize),
    Revoke { lowest_generation: u8, door: Option<u8> },
    Accept(usize, usize),
    Decline(usize, usize, u8),
    Sit(usize),
    Defer(usize, usize),
    SpentElsewhere(usize),
    DeferSeat(usize),
    SeatSpentElsewhere(usize),
    Hold(bool),
    Pass(u8),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..3_u8, 0..3_u8).prop_map(|(link, opening)| Step::Arrive { link, opening }),
        3 => (0..2_u8, 0..6_u8).prop_map(|(door, opening)| Step::ArriveAtDoor { door, opening }),
        1 => any::<usize>().prop_map(Step::Leave),
        2 => Just(Step::Come),
        1 => any::<usize>().prop_map(Step::Go),
        1 => any::<usize>().prop_map(Step::SendOff),
        1 => (0..2_u8, option::of(0..2_u8))
            .prop_map(|(lowest_generation, door)| Step::Revoke { lowest_generation, door }),
        4 => any::<(usize, usize)>().prop_map(|(worker, offer)| Step::Accept(worker, offer)),
        2 => (any::<usize>(), any::<usize>(), 0..3_u8)
            .prop_map(|(worker, offer, reason)| Step::Decline(worker, offer, reason)),
        2 => any::<usize>().prop_map(Step::Sit),
        1 => any::<(usize, usize)>().prop_map(|(worker, offer)| Step::Defer(worker, offer)),
        1 => any::<usize>().prop_map(Step::SpentElsewhere),
        1 => any::<usize>().prop_map(Step::DeferSeat),
        1 => any::<usize>().prop_map(Step::SeatSpentElsewhere),
        1 => any::<bool>().prop_map(Step::Hold),
        2 => (0..12_u8).prop_map(Step::Pass),
        1 => (100..140_u8).prop_map(Step::Pass),
    ]
}

/// Everything that the actions so far have said.
#[derive(Default)]
struct Model {
    last_id: u64,
    clients: BTreeSet<ClientId>,
    /// Those of them with a one-time link.
    one_time: BTreeSet<ClientId>,
    workers: BTreeSet<WorkerId>,
    /// Offers ever made, and by which link; for choosing among.
    offers_made: Vec<(OfferId, LinkName)>,
    /// Offers that each worker believes to stand.
    open_offers: BTreeSet<(WorkerId, [u8; 8])>,
    seats: Vec<SeatKey>,
    /// Links that a worker holds a grant of.
    granted: BTreeMap<[u8; 16], WorkerId>,
    spent: BTreeMap<[u8; 16], [u8; 32]>,
    revocations: Option<Arc<Revocations>>,
    now: Duration,
    /// By what tells an opening from others: its client, or when that went.
    requests: BTreeMap<[u8; 32], Result<ClientId, Duration>>,
    requests_begun: usize,
    requests_counted: usize,
}

fn pick<T: Copy>(items: impl IntoIterator<Item = T>, index: usize) -> Option<T> {
    let items: Vec<T> = items.into_iter().collect();
    items.get(index.checked_rem(items.len())?).copied()
}

impl Model {
    fn event(&mut self, step: &Step) -> Option<Event> {
        self.last_id += 1;
        let arrives = matches!(step, Step::Arrive { .. } | Step::ArriveAtDoor { .. });
        if arrives && self.now >= EXPIRES {
            return None;
        }
        Some(match *step {
            Step::Arrive { link, opening } => {
                let (client, opening) = (ClientId(self.last_id), 10 * link + opening);
                let spent = self.spent.get(&[link; 16]).copied();
                if spent.is_some_and(|hash| hash != [opening; 32]) {
                    return None;
                }
                self.comes(client, opening);
                self.one_time.insert(client);
                let arrival = arrival(client, link_name(link), opening);
                let (generation, spent_before) = (Some(link.min(1)), spent.is_some());
                let expires = EXPIRES;
                Event::ClientArrived(Arrival { generation, spent_before, expires, ..arrival })
            }
            Step::ArriveAtDoor { door, opening } => {
                let (client, opening) = (ClientId(self.last_id), 100 + 10 * door + opening);
                self.comes(client, opening);
                let arrival = arrival(client, door_name(door), opening);
                Event::ClientArrived(Arrival { generation: None, expires: EXPIRES, ..arrival })
            }
            Step::Leave(index) => {
                let client = pick(self.clients.iter().copied(), index)?;
                self.client_goes(client);
                Event::ClientLeft(client)
            }
            Step::Come => {
                let worker = WorkerId(self.last_id);
                self.workers.insert(worker);
                Event::WorkerArrived(worker, None)
            }
            Step::Go(index) => Event::WorkerLeft(self.goes(index)?),
            Step::SendOff(index) => Event::WorkerSentOff(self.goes(index)?),
            Step::Revoke { lowest_generation, door } => {
                let doors = door.map(|door| LinkId([door; 16])).into_iter().collect();
                let number = u32::try_from(self.last_id).unwrap();
                let list =
                    UnsignedRevocations { lowest_generation, doors, ..nothing_revoked(number) };
                let list = Arc::new(FakeService::new(1).revoked(&list));
                self.revocations = Some(Arc::clone(&list));
                Event::Revoked(list)
            }
            Step::Accept(worker, offer) => {
                let worker = pick(self.workers.iter().copied(), worker)?;
                Event::Accepted(worker, pick(self.offers_made.iter().copied(), offer)?.0)
            }
            Step::Decline(worker, offer, reason) => {
                let worker = pick(self.workers.iter().copied(), worker)?;
                let (offer, _) = pick(self.offers_made.iter().copied(), offer)?;
                self.open_offers.remove(&(worker, offer.0));
                let reason = match reason {
                    0 => DeclineReason::Spent,
                    1 => DeclineReason::Unreadable,
                    _ => DeclineReason::NoKey,
                };
                Event::Declined(worker, offer, reason)
            }
            Step::Sit(index) => Event::SeatTaken(pick(self.seats.iter().copied(), index)?),
            Step::Defer(worker, offer) => {
                let worker = pick(self.workers.iter().copied(), worker)?;
                Event::Deferred(worker, pick(self.offers_made.iter().copied(), offer)?.0)
            }
            Step::SpentElsewhere(offer) => {
                let (offer, link) = pick(self.offers_made.iter().copied(), offer)?;
                // No claim is ever asked for at a door.
                if link.kind() == LinkKind::Door {
                    return None;
                }
                Event::SpentElsewhere(offer)
            }
            Step::DeferSeat(index) => Event::SeatDeferred(pick(self.seats.iter().copied(), index)?),
            Step::SeatSpentElsewhere(index) => {
                Event::SeatSpentElsewhere(pick(self.seats.iter().copied(), index)?)
            }
            Step::Hold(is_held) => Event::Held(is_held),
            Step::Pass(_) => Event::Tick,
        })
    }

    /// The same opening within two minutes belongs to the same request.
    fn comes(&mut self, client: ClientId, opening: u8) {
        self.clients.insert(client);
        let known = self.requests.insert([opening; 32], Ok(client));
        let goes_on = |gone| self.now < gone + Duration::from_mins(2);
        if !known.is_some_and(|state| state.is_ok() || state.is_err_and(goes_on)) {
            self.requests_begun += 1;
        }
    }

    fn client_goes(&mut self, client: ClientId) -> bool {
        let state = self.requests.values_mut().find(|state| **state == Ok(client));
        if let Some(state) = state {
            *state = Err(self.now);
        }
        self.clients.remove(&client)
    }

    fn goes(&mut self, index: usize) -> Option<WorkerId> {
        let worker = pick(self.workers.iter().copied(), index)?;
        self.workers.remove(&worker);
        self.open_offers.retain(|(holder, _)| *holder != worker);
        Some(worker)
    }

    /// Follows one action and checks that it makes sense to whoever gets it.
    fn follow(&mut self, action: &Action) {
        match action {
            Action::TellWait(client, _) => assert!(self.clients.contains(client)),
            Action::CloseClient(client, _) => assert!(self.client_goes(*client)),
            Action::Match(client, seat) => {
                assert!(self.client_goes(*client));
                assert!(self.seats.contains(seat));
                self.seats.retain(|other| other != seat);
            }
            Action::Offer { worker, offer, link, .. } => {
                assert!(self.workers.contains(worker));
                self.offers_made.push((*offer, *link));
                assert!(self.open_offers.insert((*worker, offer.0)), "offered twice");
            }
            Action::Withdraw(worker, offer, _) => {
                assert!(self.workers.contains(worker));
                // One who was granted the offer has it until then.
                self.open_offers.remove(&(*worker, offer.0));
            }
            Action::Grant(worker, offer, seat) => {
                assert!(self.workers.contains(worker));
                assert!(self.open_offers.remove(&(*worker, offer.0)), "granted without an offer");
                let link = self.offers_made.iter().find(|(id, _)| id == offer).unwrap().1;
                if link.kind() == LinkKind::OneTime {
                    let is_spent = self.spent.contains_key(&link.id.0);
                    assert!(is_spent, "granted before it is spent");
                    self.granted.insert(link.id.0, *worker);
                }
                self.seats.push(*seat);
            }
            Action::Defer(worker, offer) => {
                assert!(self.open_offers.contains(&(*worker, offer.0)), "what stands is deferred");
            }
            Action::Spend(link, hash) => {
                assert!(link.kind() == LinkKind::OneTime, "a door is not spent");
                let before = self.spent.insert(link.id.0, *hash);
                assert!(before.is_none_or(|before| before == *hash), "spent by two openings");
            }
            Action::Unspend(link) => assert!(self.spent.remove(&link.id.0).is_some()),
            Action::Count(_) => {
                self.requests_counted += 1;
                assert!(self.requests_counted <= self.requests_begun, "counted twice");
            }
        }
    }
}

fn counted_among(actions: &[Action]) -> usize {
    actions.iter().filter(|action| matches!(action, Action::Count(_))).count()
}

const EXPIRES: Duration = Duration::from_secs(500);

proptest! {
    /// Whatever happens in whatever order: no action goes to somebody who has left, one worker at
    /// most holds a grant of a link, an offer stands only for somebody who waits, a link is spent by
    /// one opening, nothing revoked waits, no door keeps a one-time link out, and each request is counted
    /// once.
    #[test]
    fn the_rules_hold_whatever_happens(steps in vec(step(), 1..120)) {
        let limits = Limits {
            waiting_openings_max: 4,
            door_openings_max: 3,
            openings_per_door_max: 2,
            ..Limits::default()
        };
        let mut desk = Desk::new(limits);
        let mut model = Model::default();
        let mut now = Duration::ZERO;
        let mut counter = 0_u64;
        for step in &steps {
            if let Step::Pass(seconds) = step {
                now += Duration::from_secs(u64::from(*seconds));
            }
            model.now = now;
            let Some(event) = model.event(step) else { continue };
            let mut random = || {
                counter += 1;
                let bytes = counter.to_be_bytes();
                [bytes, bytes].concat().try_into().unwrap()
            };
            let mut actions = desk.handle(event, now, &mut random);
            // The lobby comes back at once for what the first time has brought to light.
            if desk.next_deadline().is_some_and(|deadline| deadline <= now) {
                actions.extend(desk.handle(Event::Tick, now, &mut random));
            }
            for action in actions {
                let is_crowded = |client| action == Action::CloseClient(client, Close::Crowded);
                if model.one_time.iter().copied().any(is_crowded) {
                    assert!(!desk.waiting.iter().any(may_give_way), "kept out by a door");
                }
                model.follow(&action);
            }
            check(&desk, &model, now);
            check_doors(&desk, &model);
        }
        for client in model.clients.clone() {
            let actions = desk.handle(Event::ClientLeft(client), now, &mut || [0; 16]);
            model.requests_counted += counted_among(&actions);
        }
        let actions = desk.handle(Event::Closing, now, &mut || [0; 16]);
        model.requests_counted += counted_among(&actions);
        prop_assert_eq!(model.requests_counted, model.requests_begun);
    }
}

/// The desk and the model agree about who is here.
fn check(desk: &Desk, model: &Model, now: Duration) {
    let waiting: BTreeSet<ClientId> =
        desk.waiting.iter().map(|waiting| waiting.arrival.client).collect();
    assert_eq!(waiting.len(), desk.waiting.len(), "nobody waits twice");
    assert!(waiting == model.clients);
    assert!(desk.workers == model.workers);
    assert!(desk.waiting.len() <= desk.limits.waiting_openings_max);
    let standing: BTreeSet<(WorkerId, [u8; 8])> = desk
        .waiting
        .iter()
        .filter(|waiting| waiting.grant.is_none())
        .flat_map(|waiting| {
            let can = |worker: &&WorkerId| !waiting.without_key.contains(*worker);
            desk.workers.iter().filter(can).map(|worker| (*worker, waiting.offer.0))
        })
        .collect();
    assert!(standing == model.open_offers, "what workers were told is what stands");
    for waiting in &desk.waiting {
        if waiting.arrival.is_at_door() {
            continue;
        }
        let of_link =
            desk.waiting.iter().filter(|other| other.arrival.is_of(&waiting.arrival.link));
        if waiting.grant.is_some() {
            assert_eq!(of_link.count(), 1, "a granted link waits once");
        } else {
            assert!(of_link.count() <= desk.limits.openings_per_link_max);
        }
    }
    assert!(desk.next_deadline().is_none_or(|deadline| deadline > now), "nothing is missed");
}

fn may_give_way(waiting: &Waiting) -> bool {
    waiting.arrival.is_at_door() && waiting.grant.is_none()
}

/// Doors have their places, behind one-time links, and what is revoked has none.
fn check_doors(desk: &Desk, model: &Model) {
    let at_doors: Vec<&Waiting> =
        desk.waiting.iter().filter(|waiting| waiting.arrival.is_at_door()).collect();
    assert!(desk.waiting.is_sorted_by_key(|waiting| waiting.arrival.is_at_door()));
    assert!(at_doors.len() <= desk.limits.door_openings_max);
    for waiting in at_doors {
        let copies = desk.waiting_at(&waiting.arrival.link);
        assert!(copies <= desk.limits.openings_per_door_max);
    }
    let revoked = |waiting: &Waiting| {
        model.revocations.as_ref().is_some_and(|known| waiting.arrival.is_revoked(known))
    };
    assert!(!desk.waiting.iter().any(revoked), "what is revoked does not wait");
}
