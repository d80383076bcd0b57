//! A wave of clients: they come together, wait, are answered bit by bit, and talk for as long as each
//! wants; and those who come when nobody is there.

use std::sync::Arc;

use rand::RngExt as _;
use rand::seq::IteratorRandom as _;
use tokio::task::JoinSet;
use vestibule_console::links;
use vestibule_protocol::{Channel, Language, Link, Subject, Triage};
use vestibule_tests::client::open_about;
use vestibule_tests::service::now;
use vestibule_tests::socket::Way;
use vestibule_tests::worker::take_seat;
use vestibule_wire::{Close, SeatKey};

use super::Month;
use super::act::Act;
use super::talk::{Talk, Visitor, Waiting, newest};
use super::truth::{Truth, cell, day_part, wait_band};
use super::world::{Desk, name_of_role};

/// How far the clock goes before the next thing happens, in seconds: every band of waits and lengths
/// comes up.
const STEPS: [u32; 8] = [20, 45, 70, 150, 260, 420, 700, 2_900];
/// A wave is over after so many of them.
const STEPS_MAX: usize = 6;
const LONG_STEPS_MAX: usize = 2;
const LONG_SECONDS: u32 = 1_000;
/// Clients whom one worker answers at once.
const CAPACITY: usize = 8;
const LINK_SECONDS: u32 = 6 * 3_600;

/// One service's part of a wave.
#[derive(Default)]
struct Room {
    waiting: Vec<(Visitor, Waiting)>,
    talks: Vec<Talk>,
}

impl Month {
    /// Clients come to every service, and in the end they have all gone.
    pub(super) async fn wave(&mut self) {
        let count = self.clients_of_a_wave();
        let mut rooms = Vec::new();
        for place in 0..self.world.services.len() {
            rooms.push(self.arrive(place, count).await);
        }
        let mut long_steps = 0;
        for step in 0..=STEPS_MAX {
            let mut seconds = STEPS[self.random.random_range(0..STEPS.len())];
            if seconds > LONG_SECONDS {
                long_steps += 1;
                seconds = if long_steps > LONG_STEPS_MAX { STEPS[0] } else { seconds };
            }
            self.move_clock(now().plus_seconds(seconds)).await;
            let is_last = step == STEPS_MAX;
            for (place, room) in rooms.iter_mut().enumerate() {
                self.some_leave(place, room).await;
                self.answer(place, room, step + 1 >= STEPS_MAX).await;
                self.some_are_handed_over(place, room).await;
            }
            self.talk_on(&mut rooms, is_last).await;
            barrier(&self.world.way).await;
        }
        assert!(rooms.iter().all(|room| room.waiting.is_empty() && room.talks.is_empty()));
    }

    /// As many as are needed so that enough come in the whole month.
    fn clients_of_a_wave(&self) -> usize {
        let waves = self.size.days as usize * self.size.waves * self.world.services.len();
        self.size.consultations.div_ceil(waves) + 1
    }

    async fn arrive(&mut self, place: usize, count: usize) -> Room {
        let mut coming = JoinSet::new();
        for _ in 0..count + count / 10 {
            let visitor = self.visitor(place);
            let (way, comes_again) = (self.world.way.clone(), self.random.random_bool(0.1));
            coming.spawn(async move {
                let mut client = Waiting::come(&way, &visitor).await;
                if comes_again {
                    client = client.again().await;
                }
                let waiting = Waiting::on(client, visitor.hello.clone());
                (visitor, waiting)
            });
        }
        Room { waiting: coming.join_all().await, talks: Vec::new() }
    }

    /// Somebody new, with a link or at a door.
    pub(super) fn visitor(&mut self, place: usize) -> Visitor {
        let office = &self.world.services[place];
        let number = self.visitors;
        self.visitors += 1;
        let door = self.random.random_bool(0.2);
        let link = if door {
            let door = &office.doors[number % office.doors.len()];
            Link::from_bytes(&door.to_bytes()[..]).unwrap()
        } else {
            // Links to come back are given by workers alone.
            let channel = Channel::ALL[self.random.random_range(0..Channel::ALL.len() - 1)];
            let issued = links::issue(&office.issuer, 1, LINK_SECONDS, channel, now());
            issued.unwrap().links.remove(0)
        };
        let triage = Triage {
            language: Language::all().choose(&mut self.random).expect("there are some"),
            subject: Subject::ALL[self.random.random_range(0..Subject::ALL.len())],
            channel: link.channel(),
        };
        Visitor { hello: format!("client {number}"), triage, link, door, came: now() }
    }

    async fn some_leave(&mut self, place: usize, room: &mut Room) {
        let mut leaving = Vec::new();
        for at in (0..room.waiting.len()).rev() {
            if self.random.random_bool(0.04) {
                leaving.push(room.waiting.swap_remove(at));
            }
        }
        for (visitor, waiting) in leaving {
            waiting.leave().await;
            let truth = &mut self.world.services[place].truth;
            count_request(truth, &visitor, "left");
            truth.count(cell("wait_in_vain", wait_band(now().0 - visitor.came.0)), now());
        }
    }

    /// Workers take some of those who wait, or all whom they can.
    async fn answer(&mut self, place: usize, room: &mut Room, all: bool) {
        let wanted =
            if all { room.waiting.len() } else { self.random.random_range(0..=room.waiting.len()) };
        let office = &self.world.services[place];
        let held = |worker: usize| room.talks.iter().filter(|it| it.worker == worker).count();
        let there = office.workers.iter().enumerate();
        let mut desks: Vec<(usize, Arc<Desk>, usize, Vec<String>)> = there
            .filter_map(|(at, it)| Some((at, Arc::clone(it.desk.as_ref()?), held(at), Vec::new())))
            .collect();
        let mut offers = Vec::new();
        for (_, desk, ..) in &desks {
            let all_shown = |shown: &super::page::Shown| {
                (shown.offers.len() == room.waiting.len()).then(|| shown.offers.clone())
            };
            offers = desk.page.until("all who wait", all_shown).await;
        }
        for offer in offers.into_iter().take(wanted) {
            let least = desks.iter_mut().min_by_key(|(.., held, given)| *held + given.len());
            if let Some((.., held, given)) = least
                && *held + given.len() < CAPACITY
            {
                given.push(offer);
            }
        }
        let mut accepting = JoinSet::new();
        for (worker, desk, held, given) in desks {
            accepting.spawn(accept_all(worker, desk, held, given));
        }
        for (worker, desk, accepted) in accepting.join_all().await {
            for (id, hello, load) in accepted {
                let at = room.waiting.iter().position(|(visitor, _)| visitor.hello == hello);
                let (visitor, waiting) = room.waiting.swap_remove(at.expect("they waited"));
                let office = &mut self.world.services[place];
                let role = office.workers[worker].role;
                count_request(&mut office.truth, &visitor, "answered");
                let waited = now().0 - visitor.came.0;
                office.truth.count(cell("wait", wait_band(waited)), now());
                office.truth.count(cell("adviser", name_of_role(role)), now());
                self.consultations += 1;
                let end = waiting.met().await;
                room.talks.push(Talk::begin(visitor, end, Arc::clone(&desk), (worker, id, load)));
            }
        }
    }

    /// One now and then goes to a colleague who has room.
    async fn some_are_handed_over(&mut self, place: usize, room: &mut Room) {
        for at in (0..room.talks.len()).rev() {
            if !self.random.random_bool(0.02) {
                continue;
            }
            let (office, from) = (&self.world.services[place], room.talks[at].worker);
            let held = |worker: usize| room.talks.iter().filter(|it| it.worker == worker).count();
            let to = (0..office.workers.len()).find(|worker| {
                let is_there = office.workers[*worker].desk.is_some();
                is_there && *worker != from && held(*worker) < CAPACITY
            });
            let Some(to) = to else { continue };
            let colleague = &office.workers[to];
            let (alias, role) = (colleague.alias.clone(), colleague.role);
            let desk = Arc::clone(colleague.desk.as_ref().expect("they are there"));
            let (way, authority) = (self.world.way.clone(), office.authority);
            let load = held(to) + 1;
            let talk = room.talks.swap_remove(at);
            let handed_over = talk.is_handed_over(&way, authority, (&alias, &desk, to, load)).await;
            room.talks.push(handed_over);
            let former = &mut self.world.services[place].workers[from];
            former.pending[cell("hand_over", name_of_role(role)).index()] += 1;
        }
    }

    /// Everybody says something, or is cut off, or has enough.
    async fn talk_on(&mut self, rooms: &mut [Room], all_end: bool) {
        let mut acting = JoinSet::new();
        for (place, room) in rooms.iter_mut().enumerate() {
            for talk in std::mem::take(&mut room.talks) {
                let ends = all_end || self.random.random_bool(0.35);
                let random = &mut self.random;
                let act = if ends { Act::draw_end(random) } else { Act::draw(random) };
                acting.spawn(async move { (place, ends, act.with(talk).await) });
            }
        }
        let mut spent = Vec::new();
        for (place, ends, talk) in acting.join_all().await {
            if !ends {
                rooms[place].talks.push(talk);
                continue;
            }
            let worker = &mut self.world.services[place].workers[talk.worker];
            for cell in talk.notes.cells(talk.visitor.triage) {
                worker.pending[cell.index()] += 1;
            }
            worker.pending_consultations += 1;
            if !talk.visitor.door && self.random.random_bool(0.03) {
                spent.push((place, talk.visitor));
            }
        }
        for (place, visitor) in spent {
            self.come_with_spent_link(place, visitor).await;
        }
    }

    /// Somebody found a link that was used.
    async fn come_with_spent_link(&mut self, place: usize, before: Visitor) {
        let visitor = Visitor { came: now(), ..before };
        let (mut socket, ..) = open_about(&self.world.way, &visitor.link, visitor.triage).await;
        assert_eq!(socket.closed().await, Close::LinkSpent);
        self.visitors += 1;
        count_request(&mut self.world.services[place].truth, &visitor, "refused");
    }

    /// When everybody has gone some clients come, are told so, and leave after a while.
    pub(super) async fn come_too_late(&mut self) {
        let mut waiting = Vec::new();
        for place in 0..self.world.services.len() {
            for _ in 0..self.random.random_range(1..4) {
                let visitor = self.visitor(place);
                let mut client = Waiting::come(&self.world.way, &visitor).await;
                client.until_nobody_on_duty().await;
                let hello = visitor.hello.clone();
                waiting.push((place, visitor, Waiting::on(client, hello)));
            }
        }
        let seconds = STEPS[self.random.random_range(0..STEPS.len() - 1)];
        self.move_clock(now().plus_seconds(seconds)).await;
        for (place, visitor, waiting) in waiting {
            waiting.leave().await;
            let truth = &mut self.world.services[place].truth;
            count_request(truth, &visitor, "left_nobody_on_duty");
            truth.count(cell("wait_in_vain", wait_band(now().0 - visitor.came.0)), now());
        }
        barrier(&self.world.way).await;
    }
}

fn count_request(truth: &mut Truth, visitor: &Visitor, end: &str) {
    truth.count(cell("request", if visitor.door { "door" } else { "one_time" }), now());
    truth.count(cell("request_end", end), now());
    truth.count(cell("request_time", day_part(visitor.came)), now());
}

/// One after another, so that it is known how many the worker has when each begins.
async fn accept_all(
    worker: usize,
    desk: Arc<Desk>,
    held: usize,
    offers: Vec<String>,
) -> (usize, Arc<Desk>, Vec<(u64, String, usize)>) {
    let mut accepted = Vec::new();
    for (before, offer) in offers.into_iter().enumerate() {
        let known: Vec<u64> = desk.page.now(|shown| shown.consultations.keys().copied().collect());
        desk.page.ask(serde_json::json!({ "type": "accept", "offer": offer })).await;
        let (id, hello) = desk
            .page
            .until("a consultation", |shown| {
                let id = newest(shown, &known)?;
                Some((id, shown.consultations[&id].hello.clone()?))
            })
            .await;
        accepted.push((id, hello, held + before + 1));
    }
    (worker, desk, accepted)
}

/// Returns when the relay's waiting room has taken in everything that was told to it before.
async fn barrier(way: &Way) {
    let mut seat = take_seat(way, SeatKey([0; 16])).await;
    seat.closed().await;
}
