//! A consultation from its handshake to its close, in virtual time, over a line that loses, doubles,
//! delays and damages cells, replays old ones, and breaks in every way that a line can break.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{Rng, RngExt, SeedableRng};

use super::super::world::World;
use super::end::{End, Taken};
use crate::cell::Cell;
use crate::{Cover, Record, Side, retry_delay};

const SIDES: [Side; 2] = [Side::Client, Side::Worker];
/// The course must be over by then: nobody waits for ever.
const COURSE_MAX: Duration = Duration::from_hours(1_000);

/// How bad the line is. Chances are per thousand cells.
pub(super) struct Conditions {
    pub(super) messages: [u32; 2],
    pub(super) lost: u32,
    pub(super) doubled: u32,
    pub(super) damaged: u32,
    pub(super) replayed: u32,
    /// On average.
    pub(super) cut_every: Duration,
    pub(super) say_every: Duration,
    pub(super) cover_changes_every: Duration,
}

impl Default for Conditions {
    fn default() -> Self {
        Self {
            messages: [1_000; 2],
            lost: 50,
            doubled: 50,
            damaged: 1,
            replayed: 5,
            cut_every: Duration::from_secs(40),
            say_every: Duration::from_millis(900),
            cover_changes_every: Duration::from_mins(10),
        }
    }
}

enum Event {
    Say(Side),
    Wake(Side),
    Retry,
    Silence(Side),
    ChangeCover(Side),
    Cut,
    Arrive { to: Side, line: u64, cell: Box<Cell> },
}

#[derive(Default)]
pub(super) struct Report {
    pub(super) heard: [u32; 2],
    pub(super) cells: u64,
    pub(super) sent_again: u64,
    pub(super) lost: u64,
    pub(super) doubled: u64,
    pub(super) overtaken: u64,
    pub(super) refused: u64,
    pub(super) cuts: u64,
    pub(super) joins: u64,
    pub(super) generations: u32,
    pub(super) lasted: Duration,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { heard: [worker, client], cells, sent_again, lost, doubled, overtaken, .. } =
            self;
        let Self { refused, cuts, joins, generations, lasted, .. } = self;
        write!(
            f,
            "{worker} and {client} messages heard in {} s; {cells} cells, {sent_again} sent again, \
             {lost} lost, {doubled} doubled, {overtaken} overtaken, {refused} refused; {cuts} cuts, \
             {joins} joins, {generations} generations",
            lasted.as_secs()
        )
    }
}

pub(super) struct Course {
    conditions: Conditions,
    random: StdRng,
    world: World,
    now: Duration,
    events: BTreeMap<(Duration, u64), Event>,
    next_event: u64,
    client: End,
    worker: End,
    /// The pair of sockets that the relay has joined.
    line: Option<u64>,
    relay_is_up_at: Duration,
    /// A cell of long ago, which somebody on the line has kept.
    kept: [Option<Box<Cell>>; 2],
    report: Report,
}

impl Course {
    pub(super) fn new(seed: u64, conditions: Conditions) -> Self {
        let world = World::new();
        let (client, worker) = world.converse();
        let mut course = Self {
            conditions,
            random: StdRng::seed_from_u64(seed),
            world,
            now: Duration::ZERO,
            events: BTreeMap::new(),
            next_event: 0,
            client: End::new(Side::Client, client, seed),
            worker: End::new(Side::Worker, worker, seed),
            line: None,
            relay_is_up_at: Duration::ZERO,
            kept: [None, None],
            report: Report::default(),
        };
        course.plan(Duration::ZERO, Event::Cut);
        course.plan(Duration::ZERO, Event::Retry);
        for side in SIDES {
            course.plan(Duration::ZERO, Event::Say(side));
            course.plan(Duration::ZERO, Event::Silence(side));
            course.plan(Duration::ZERO, Event::ChangeCover(side));
        }
        course
    }

    /// Until everything has arrived and the client has closed.
    pub(super) fn run(mut self) -> Report {
        while !self.client.session.is_closed() || !self.worker.session.is_closed() {
            self.step();
            if self.has_said_everything() && !self.client.session.is_closed() {
                self.client.session.say(&Record::Close).unwrap();
                self.client.pacer.hurry();
            }
        }
        while !self.client.session.is_settled() {
            self.step();
        }
        let mut report = self.report;
        for end in [&self.client, &self.worker] {
            report.cells += end.counts.sent;
            report.sent_again += end.counts.sent_again;
            report.refused += end.counts.refused;
            report.overtaken += end.counts.overtaken;
        }
        report.heard = [self.worker.heard, self.client.heard];
        report.generations = self.client.session.generation();
        report.lasted = self.now;
        report
    }

    fn has_said_everything(&self) -> bool {
        let [of_client, of_worker] = self.conditions.messages;
        (self.client.said, self.worker.said) == (of_client, of_worker)
            && self.client.all_delivered()
            && self.worker.all_delivered()
    }

    fn end(&mut self, side: Side) -> &mut End {
        match side {
            Side::Client => &mut self.client,
            Side::Worker => &mut self.worker,
        }
    }

    fn plan(&mut self, at: Duration, event: Event) {
        self.next_event += 1;
        self.events.insert((at, self.next_event), event);
    }

    fn plan_after(&mut self, about: Duration, event: Event) {
        let at = self.now + about.mul_f64(self.random.random_range(0.0..2.0));
        self.plan(at, event);
    }

    fn happens(&mut self, per_thousand: u32) -> bool {
        self.random.random_range(0..1_000) < per_thousand
    }

    fn step(&mut self) {
        let ((at, _), event) = self.events.pop_first().expect("a cut is always planned");
        assert!(at < COURSE_MAX, "stuck: {} and {}", self.worker.heard, self.client.heard);
        self.now = at;
        match event {
            Event::Say(side) => self.say(side),
            Event::Wake(side) => self.send(side),
            Event::Retry => self.retry(),
            Event::Silence(side) => {
                if self.end(side).has_gone_silent(at) {
                    self.drop_socket(side, true);
                }
                self.plan(at + Duration::from_secs(1), Event::Silence(side));
            }
            Event::ChangeCover(side) => {
                let steady = self.random.random();
                let cover = if steady { Cover::Steady } else { Cover::Sparing };
                self.end(side).pacer.set_cover(cover);
                self.plan_after(self.conditions.cover_changes_every, Event::ChangeCover(side));
            }
            Event::Cut => self.cut(),
            Event::Arrive { to, line, cell } => self.arrive(to, line, &cell),
        }
    }

    fn say(&mut self, side: Side) {
        let messages = self.conditions.messages[usize::from(side == Side::Worker)];
        if self.end(side).said < messages {
            self.end(side).say();
            self.plan_after(self.conditions.say_every, Event::Say(side));
            self.send(side);
        }
    }

    /// Sends what leaves now.
    fn send(&mut self, side: Side) {
        let (now, random) = (self.now, &mut self.random);
        let end = match side {
            Side::Client => &mut self.client,
            Side::Worker => &mut self.worker,
        };
        let Some(line) = end.line else { return };
        let before = end.pacer.wakes_at();
        let cells = end.cells(now, random);
        let after = end.pacer.wakes_at();
        if after != before {
            self.plan(after, Event::Wake(side));
        }
        for cell in cells {
            self.carry(side, line, &cell);
        }
    }

    fn carry(&mut self, from: Side, line: u64, cell: &Cell) {
        let kept = usize::from(from == Side::Worker);
        if self.kept[kept].is_none() || self.happens(5) {
            self.kept[kept] = Some(Box::new(*cell));
        }
        if self.happens(self.conditions.replayed)
            && let Some(old) = self.kept[kept].clone()
        {
            self.plan_arrival(from, line, old);
        }
        if self.happens(self.conditions.lost) {
            self.report.lost += 1;
            return;
        }
        let mut cell = Box::new(*cell);
        if self.happens(self.conditions.damaged) {
            let byte = self.random.random_range(0..cell.len());
            cell[byte] ^= 1 << self.random.random_range(0..8);
        }
        if self.happens(self.conditions.doubled) {
            self.report.doubled += 1;
            self.plan_arrival(from, line, cell.clone());
        }
        self.plan_arrival(from, line, cell);
    }

    fn plan_arrival(&mut self, from: Side, line: u64, cell: Box<Cell>) {
        let often = self.random.random_range(20..400);
        let delay = if self.happens(30) { self.random.random_range(400..8_000) } else { often };
        let to = from.other();
        self.plan(self.now + Duration::from_millis(delay), Event::Arrive { to, line, cell });
    }

    fn arrive(&mut self, to: Side, line: u64, cell: &Cell) {
        if self.line != Some(line) || self.end(to).line != Some(line) {
            return;
        }
        let (now, random) = (self.now, &mut self.random);
        let end = match to {
            Side::Client => &mut self.client,
            Side::Worker => &mut self.worker,
        };
        match end.take(cell, now, &self.world, random) {
            Taken::Kept => self.send(to),
            Taken::Distrusted => self.drop_socket(to, true),
        }
    }

    /// The line breaks; who notices at once, and for how long the relay is gone, is chance.
    fn cut(&mut self) {
        self.report.cuts += 1;
        self.line = None;
        if self.happens(200) {
            let pause = self.random.random_range(0..20_000);
            self.relay_is_up_at = self.now + Duration::from_millis(pause);
        }
        for side in SIDES {
            if self.random.random() {
                self.drop_socket(side, false);
            }
        }
        self.plan_after(self.conditions.cut_every, Event::Cut);
    }

    fn drop_socket(&mut self, side: Side, tells_other: bool) {
        let now = self.now;
        self.end(side).leave(now);
        self.plan(now, Event::Retry);
        if tells_other {
            self.line = None;
            self.drop_socket(side.other(), false);
        }
    }

    /// A worker waits at its routes also while it is joined: they meet when the client comes.
    fn retry(&mut self) {
        if self.client.line.is_some() {
            return;
        }
        if self.now >= self.relay_is_up_at {
            return self.join();
        }
        let broken_for = self.now - self.client.broken_since;
        let delay = retry_delay(broken_for, self.random.next_u64());
        self.plan(self.now + delay, Event::Retry);
    }

    fn join(&mut self) {
        let client_at = self.client.session.routes();
        let worker_at = self.worker.session.routes();
        assert!(worker_at.contains(&client_at[0]), "the ends wait at different routes");
        self.report.joins += 1;
        let line = self.report.joins;
        self.line = Some(line);
        for side in SIDES {
            let now = self.now;
            self.end(side).join(line, now);
        }
        for side in SIDES {
            self.send(side);
        }
    }
}
