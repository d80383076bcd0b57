//! Any list of things that happen to two real ends. One that does harm is shrunk to its core.

use std::time::Duration;

use proptest::prelude::*;
use rand::SeedableRng;
use rand::rngs::StdRng;

use super::super::world::{NOW, World};
use crate::cell::Cell;
use crate::{Record, Session, SessionError, Side};

#[derive(Debug, Clone, Copy)]
enum Operation {
    /// Words of so many bytes.
    Say(Side, usize),
    /// Whatever is due.
    Send(Side),
    Slot(Side),
    /// One of the cells on their way, in any order.
    Arrive(Side, prop::sample::Index),
    Lose(Side, prop::sample::Index),
    Duplicate(Side, prop::sample::Index),
    Damage(Side, prop::sample::Index, usize),
    /// Of any socket before.
    Replay(Side, prop::sample::Index),
    Rejoin,
    Wait(Duration),
}

struct Pair {
    world: World,
    random: StdRng,
    elapsed: Duration,
    sessions: [Session; 2],
    on_their_way: [Vec<Cell>; 2],
    sent: [Vec<Cell>; 2],
    said: [Vec<usize>; 2],
    heard: [Vec<usize>; 2],
    delivered: [u64; 2],
}

fn place(side: Side) -> usize {
    usize::from(side == Side::Worker)
}

impl Pair {
    fn new() -> Self {
        let world = World::new();
        let (client, worker) = world.converse();
        Self {
            world,
            random: StdRng::seed_from_u64(0),
            elapsed: Duration::ZERO,
            sessions: [client, worker],
            on_their_way: [Vec::new(), Vec::new()],
            sent: [Vec::new(), Vec::new()],
            said: [Vec::new(), Vec::new()],
            heard: [Vec::new(), Vec::new()],
            delivered: [0; 2],
        }
    }

    fn run(&mut self, operation: Operation) {
        match operation {
            Operation::Say(side, length) => {
                if self.sessions[place(side)].say(&Record::Text("x".repeat(length))).is_ok() {
                    self.said[place(side)].push(length);
                }
            }
            Operation::Send(side) => {
                while let Some(cell) = self.sessions[place(side)].next_cell() {
                    self.put(side, cell);
                }
            }
            Operation::Slot(side) => {
                let cell = self.sessions[place(side)].slot_cell();
                if let Some(cell) = cell {
                    self.put(side, cell);
                }
            }
            Operation::Arrive(side, which) => {
                let cell = self.lose(side, which);
                if let Some(cell) = cell {
                    self.arrive(side, &cell);
                }
            }
            Operation::Lose(side, which) => drop(self.lose(side, which)),
            Operation::Duplicate(side, which) => {
                let flight = &mut self.on_their_way[place(side)];
                if !flight.is_empty() {
                    flight.push(*which.get(flight));
                }
            }
            Operation::Damage(side, which, bit) => {
                let flight = &mut self.on_their_way[place(side)];
                if !flight.is_empty() {
                    which.get_mut(flight)[bit / 8] ^= 1 << (bit % 8);
                }
            }
            Operation::Replay(side, which) => {
                let sent = &self.sent[place(side)];
                if !sent.is_empty() {
                    self.arrive(side, &which.get(sent).clone());
                }
            }
            Operation::Rejoin => self.rejoin(),
            Operation::Wait(time) => self.elapsed += time,
        }
        self.sessions[0].freshen(self.elapsed, &mut self.random);
    }

    #[allow(clippy::large_types_passed_by_value, reason = "it is kept")]
    fn put(&mut self, from: Side, cell: Cell) {
        self.on_their_way[place(from)].push(cell);
        self.sent[place(from)].push(cell);
    }

    fn lose(&mut self, from: Side, which: prop::sample::Index) -> Option<Cell> {
        let flight = &mut self.on_their_way[place(from)];
        (!flight.is_empty()).then(|| flight.remove(which.index(flight.len())))
    }

    fn arrive(&mut self, from: Side, cell: &Cell) {
        let to = place(from.other());
        let opened = match self.sessions[to].open(cell, NOW) {
            Ok(opened) => opened,
            Err(SessionError::Unsealed) => return self.rejoin(),
            Err(error) => panic!("{:?} ended: {error}", from.other()),
        };
        if let Some(delivered) = opened.delivered {
            self.delivered[to] = delivered.0;
        }
        for record in opened.records {
            match &record {
                Record::Text(words) => self.heard[to].push(words.len()),
                Record::FreshOpening(opening) => {
                    let World { shift, certificate, .. } = &self.world;
                    let random = &mut self.random;
                    self.sessions[to].answer_fresh(opening, shift, certificate, random).unwrap();
                }
                _ => panic!("nobody said that"),
            }
        }
        self.check();
    }

    /// The sockets are gone with all that was on its way, and others have joined.
    fn rejoin(&mut self) {
        let client_at = self.sessions[0].routes();
        assert!(self.sessions[1].routes().contains(&client_at[0]), "they wait at other routes");
        self.on_their_way = [Vec::new(), Vec::new()];
        for side in [Side::Client, Side::Worker] {
            let session = &mut self.sessions[place(side)];
            session.rejoined();
            let greeting = session.empty_cell();
            let resent: Vec<_> = std::iter::from_fn(|| session.resent_cell()).collect();
            for cell in greeting.into_iter().chain(resent) {
                self.put(side, cell);
            }
        }
    }

    fn check(&self) {
        for (from, to) in [(0, 1), (1, 0)] {
            assert!(self.said[from].starts_with(&self.heard[to]));
            assert!(self.delivered[from] <= u64::try_from(self.heard[to].len()).unwrap());
        }
    }

    /// From now on the line is good, and everything must arrive. An end that hears nothing new for
    /// long rejoins.
    fn complete(&mut self) {
        for round in 1..=200 {
            if round % 20 == 0 {
                self.rejoin();
            }
            for side in [Side::Client, Side::Worker] {
                for cell in std::mem::take(&mut self.on_their_way[place(side)]) {
                    self.arrive(side, &cell);
                }
                self.run(Operation::Send(side));
                self.run(Operation::Slot(side));
            }
            if self.heard[1] == self.said[0] && self.heard[0] == self.said[1] {
                return;
            }
        }
        panic!("something never arrived");
    }
}

fn operation() -> impl Strategy<Value = Operation> {
    let side = || prop_oneof![Just(Side::Client), Just(Side::Worker)];
    let index = any::<prop::sample::Index>;
    let length = prop_oneof![6 => 1..300_usize, 2 => 900..3_000_usize, 1 => 1..=40_000_usize];
    let wait = prop_oneof![0..3_u64, 500..700_u64].prop_map(Duration::from_secs);
    prop_oneof![
        6 => (side(), length).prop_map(|(side, length)| Operation::Say(side, length)),
        6 => side().prop_map(Operation::Send),
        4 => side().prop_map(Operation::Slot),
        24 => (side(), index()).prop_map(|(side, which)| Operation::Arrive(side, which)),
        3 => (side(), index()).prop_map(|(side, which)| Operation::Lose(side, which)),
        3 => (side(), index()).prop_map(|(side, which)| Operation::Duplicate(side, which)),
        1 => (side(), index(), 0..8_192_usize)
            .prop_map(|(side, which, bit)| Operation::Damage(side, which, bit)),
        3 => (side(), index()).prop_map(|(side, which)| Operation::Replay(side, which)),
        1 => Just(Operation::Rejoin),
        1 => wait.prop_map(Operation::Wait),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_everything_arrives_once_and_in_order(
        operations in prop::collection::vec(operation(), 1..300)
    ) {
        let mut pair = Pair::new();
        for operation in operations {
            pair.run(operation);
        }
        pair.complete();
    }
}
