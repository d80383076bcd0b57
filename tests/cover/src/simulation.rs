//! A consultation in virtual time: the real session and the real pacer at both ends, and between them
//! a line as over Tor, which keeps the order of what it carries.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{Rng, RngExt, SeedableRng};
use rand_distr::{Distribution, Exp, LogNormal};
use vestibule_protocol::{Cell, Cover, Pacer, Record, Session, Side};

use crate::meeting::{NOW, Service};
use crate::people::Saying;

/// How the ends send.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// Cells only when there is something to say: what the session has due goes at once, and no
    /// pacer adds an empty cell.
    Uncovered,
    /// Both ends sparing.
    Sparing,
    /// The client sparing, the worker steady.
    ClientSparing,
    /// Both ends steady.
    Steady,
    /// Both ends steady, with slots of 3.75 to 6.25 s: the same pacer by a slower clock.
    SteadySlow,
}

impl Way {
    pub(crate) const ALL: [Self; 5] =
        [Self::Uncovered, Self::Sparing, Self::ClientSparing, Self::Steady, Self::SteadySlow];

    fn sender(self, side: Side) -> Sender {
        let paced = |cover| Sender::Paced(Pacer::new(cover), Clock { fifths: 5 });
        match (self, side) {
            (Self::Uncovered, _) => Sender::Uncovered,
            (Self::Sparing, _) | (Self::ClientSparing, Side::Client) => paced(Cover::Sparing),
            (Self::Steady, _) | (Self::ClientSparing, Side::Worker) => paced(Cover::Steady),
            (Self::SteadySlow, _) => Sender::Paced(Pacer::new(Cover::Steady), Clock { fifths: 2 }),
        }
    }
}

/// What was to be seen, and what the people noticed. Times are seconds from the beginning.
#[derive(Default)]
pub(crate) struct Observed {
    /// When the client and the worker sent a cell.
    pub(crate) sent: [Vec<f64>; 2],
    /// When a cell arrived at the client and at the worker.
    pub(crate) arrived: [Vec<f64>; 2],
    /// When the worker went to another route to wait, because secrets were renewed.
    pub(crate) renewed: Vec<f64>,
    /// Of each text: its length, and how long after Send the other end had it whole.
    pub(crate) delays: Vec<(usize, f64)>,
}

/// Plays a script until `end`.
pub(crate) fn play(
    service: &Service,
    way: Way,
    said: &[Saying],
    end_seconds: f64,
    seed: u64,
) -> Observed {
    let mut course = Course::new(service, way, seed);
    for saying in said {
        course.plan(Duration::from_secs_f64(saying.at_seconds), Event::Say(*saying));
    }
    course.plan(Duration::ZERO, Event::Wake(Side::Client));
    course.plan(Duration::ZERO, Event::Wake(Side::Worker));
    course.run(Duration::from_secs_f64(end_seconds));
    course.observed
}

enum Sender {
    Uncovered,
    Paced(Pacer, Clock),
}

/// A pacer's clock: so many fifths as fast as the world's.
#[derive(Clone, Copy)]
struct Clock {
    fifths: u32,
}

impl Clock {
    fn of_pacer(self, world: Duration) -> Duration {
        world * self.fifths / 5
    }

    /// Rounded up, so that the pacer finds its moment come.
    fn of_world(self, pacer: Duration) -> Duration {
        pacer * 5 / self.fifths + Duration::from_micros(1)
    }
}

enum Event {
    Say(Saying),
    Arrive(Side, Box<Cell>),
    Wake(Side),
}

struct End {
    session: Session,
    sender: Sender,
    line: Line,
    wakes_at: Duration,
    /// Texts under way: when Send was pressed.
    said_at: VecDeque<(usize, Duration)>,
}

/// One direction of the line.
struct Line {
    usual_seconds: f64,
    last_arrival: Duration,
}

impl Line {
    fn arrival(&mut self, now: Duration, random: &mut StdRng) -> Duration {
        let factor = LogNormal::new(0.0, 0.25).expect("a positive deviation").sample(random);
        let mut seconds = self.usual_seconds * factor;
        if random.random_bool(0.005) {
            seconds += exponential(1.5, random);
        }
        let delay = Duration::from_secs_f64(seconds);
        self.last_arrival = (now + delay).max(self.last_arrival);
        self.last_arrival
    }
}

struct Course<'a> {
    service: &'a Service,
    ends: [End; 2],
    /// How old the secrets were at the beginning.
    age: Duration,
    keys: StdRng,
    network: StdRng,
    chance: StdRng,
    events: BTreeMap<(Duration, u64), Event>,
    next_event: u64,
    observed: Observed,
}

impl<'a> Course<'a> {
    fn new(service: &'a Service, way: Way, seed: u64) -> Self {
        let mut keys = StdRng::seed_from_u64(seed);
        let mut network = StdRng::seed_from_u64(!seed);
        let [mut client, worker] = service.meet(&mut keys);
        client.freshen(Duration::ZERO, &mut keys);
        let usual = LogNormal::new(0.3_f64.ln(), 0.3).expect("a positive deviation");
        let mut end = |side, session| End {
            session,
            sender: way.sender(side),
            line: Line { usual_seconds: usual.sample(&mut network), last_arrival: Duration::ZERO },
            wakes_at: Duration::ZERO,
            said_at: VecDeque::new(),
        };
        Self {
            service,
            ends: [end(Side::Client, client), end(Side::Worker, worker)],
            age: Duration::from_secs(keys.random_range(0..600)),
            keys,
            network,
            chance: StdRng::seed_from_u64(seed.rotate_left(32)),
            events: BTreeMap::new(),
            next_event: 0,
            observed: Observed::default(),
        }
    }

    fn plan(&mut self, at: Duration, event: Event) {
        self.next_event += 1;
        self.events.insert((at, self.next_event), event);
    }

    fn end(&mut self, side: Side) -> &mut End {
        &mut self.ends[index(side)]
    }

    fn run(&mut self, end: Duration) {
        while let Some(((now, _), event)) = self.events.pop_first()
            && now < end
        {
            let side = match event {
                Event::Say(saying) => self.say(saying, now),
                Event::Arrive(side, cell) => self.arrive(side, &cell, now),
                Event::Wake(side) => side,
            };
            self.send(side, now);
            if side == Side::Client {
                // After the slot, so that its work makes no slot late.
                let elapsed = now + self.age;
                self.ends[0].session.freshen(elapsed, &mut self.keys);
                self.send(side, now);
            }
            self.sleep(side);
        }
    }

    fn say(&mut self, saying: Saying, now: Duration) -> Side {
        let end = self.end(saying.side);
        if end.session.has_room(saying.length) {
            let text = Record::Text("x".repeat(saying.length));
            end.session.say(&text).expect("there is room");
            end.said_at.push_back((saying.length, now));
        } else {
            self.plan(now + Duration::from_secs(5), Event::Say(saying));
        }
        saying.side
    }

    fn arrive(&mut self, side: Side, cell: &Cell, now: Duration) -> Side {
        self.observed.arrived[index(side)].push(now.as_secs_f64());
        let opened = self.end(side).session.open(cell, NOW).expect("the line changes nothing");
        for record in opened.records {
            if let Record::FreshOpening(opening) = &record {
                let worker = &mut self.ends[1].session;
                self.service.answer_fresh(worker, opening, &mut self.keys);
            } else {
                let said = self.end(side.other()).said_at.pop_front();
                let (length, at) = said.expect("what arrives was said");
                let delay = now.saturating_sub(at);
                self.observed.delays.push((length, delay.as_secs_f64()));
            }
        }
        side
    }

    fn send(&mut self, side: Side, now: Duration) {
        let chance = self.chance.next_u64();
        let generation = self.ends[1].session.generation();
        let End { session, sender, .. } = self.end(side);
        let cells: Vec<Cell> = match sender {
            Sender::Uncovered => std::iter::from_fn(|| session.next_cell()).collect(),
            Sender::Paced(pacer, clock) => pacer.cells(session, clock.of_pacer(now), chance),
        };
        if self.ends[1].session.generation() != generation {
            self.observed.renewed.push(now.as_secs_f64());
        }
        for cell in cells {
            self.observed.sent[index(side)].push(now.as_secs_f64());
            let at = self.ends[index(side)].line.arrival(now, &mut self.network);
            self.plan(at, Event::Arrive(side.other(), Box::new(cell)));
        }
    }

    /// Sets a timer, which comes some milliseconds late as timers do.
    fn sleep(&mut self, side: Side) {
        let late = exponential(0.003, &mut self.network);
        let end = self.end(side);
        let Sender::Paced(pacer, clock) = &end.sender else { return };
        let wakes_at = clock.of_world(pacer.wakes_at());
        if wakes_at != end.wakes_at {
            end.wakes_at = wakes_at;
            self.plan(wakes_at + Duration::from_secs_f64(late), Event::Wake(side));
        }
    }
}

pub(crate) fn index(side: Side) -> usize {
    match side {
        Side::Client => 0,
        Side::Worker => 1,
    }
}

fn exponential(mean: f64, random: &mut StdRng) -> f64 {
    Exp::new(1.0 / mean).expect("a positive rate").sample(random)
}
