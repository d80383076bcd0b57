//! Everything at one moment, and what may happen next.

use crate::node::Slot;
use crate::redis::{Redis, WaitsFor};

pub(crate) const NODES: usize = 2;
pub(crate) const OPENINGS: usize = 2;
pub(crate) const CONSOLES: usize = 2;

/// How nodes claim. Each can be broken.
#[allow(clippy::struct_excessive_bools, reason = "each is a rule, and is broken alone")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Rules {
    /// Nothing holds before the replica has it.
    pub(crate) waits: bool,
    /// A claim is renewed when its worker takes the seat.
    pub(crate) confirms: bool,
    /// By one script, not by one command after the other.
    pub(crate) confirms_at_once: bool,
    /// A claim that came to nothing is deleted.
    pub(crate) deletes: bool,
    pub(crate) waits_for: WaitsFor,
}

/// How often things may still happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Bounds {
    /// Workers on duty at both nodes.
    pub(crate) consoles: usize,
    /// Sockets of clients.
    pub(crate) arrivals: u8,
    /// Offers that a worker accepts.
    pub(crate) accepts: u8,
    /// Claims that run out.
    pub(crate) runs_out: u8,
    pub(crate) fails_over: u8,
    pub(crate) crashes: u8,
    /// Redis restarts with nothing.
    pub(crate) wipes: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    /// A client comes to a node.
    Arrive(usize, usize),
    /// A worker accepts its offer, and the node claims the link.
    Accept {
        node: usize,
        opening: usize,
        console: usize,
        at_old: bool,
    },
    /// The worker takes the seat, and the node confirms.
    TakeSeat {
        node: usize,
        opening: usize,
        at_old: bool,
    },
    /// A node does the next thing about an opening.
    GoOn(usize, usize),
    /// A node or a worker has waited long enough.
    GiveUp(usize, usize),
    /// A node is killed.
    Crash(usize),
    Replicate,
    FailOver {
        old_lives: bool,
    },
    Rejoin,
    /// A claim's time is over.
    RunOut,
    Wipe,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct State {
    pub(crate) rules: Rules,
    /// What each node does about each opening.
    pub(crate) slots: [[Slot; OPENINGS]; NODES],
    /// Which opening each node remembers as the one that spent the link.
    pub(crate) nullifiers: [Option<usize>; NODES],
    /// Which one each console has taken, or answered.
    pub(crate) answered: [Option<usize>; CONSOLES],
    pub(crate) redis: Redis,
    /// Which openings were ever answered.
    pub(crate) spent: [bool; OPENINGS],
    pub(crate) was_refused: bool,
    /// Who comes first is called the first, and so is who accepts first: all others would be the same
    /// with other names.
    has_arrived: bool,
    has_accepted: bool,
    pub(crate) left: Bounds,
}

impl State {
    pub(crate) fn new(left: Bounds, rules: Rules) -> Self {
        Self {
            rules,
            slots: [[Slot::Nobody; OPENINGS]; NODES],
            nullifiers: [None; NODES],
            answered: [None; CONSOLES],
            redis: Redis::new(),
            spent: [false; OPENINGS],
            was_refused: false,
            has_arrived: false,
            has_accepted: false,
            left,
        }
    }

    /// `None` when that cannot happen now.
    pub(crate) fn step(&mut self, action: Action) -> Option<()> {
        match action {
            Action::Arrive(node, opening) => {
                take_one(&mut self.left.arrivals)?;
                let is_first = !std::mem::replace(&mut self.has_arrived, true);
                if is_first && (node, opening) != (0, 0) {
                    return None;
                }
                self.arrive(node, opening)
            }
            Action::Accept { node, opening, console, at_old } => {
                take_one(&mut self.left.accepts)?;
                let is_first = !std::mem::replace(&mut self.has_accepted, true);
                if is_first && console != 0 {
                    return None;
                }
                self.accept(node, opening, console, at_old)
            }
            Action::TakeSeat { node, opening, at_old } => self.take_seat(node, opening, at_old),
            Action::GoOn(node, opening) => self.go_on(node, opening),
            Action::GiveUp(node, opening) => self.give_up(node, opening),
            Action::Crash(node) => {
                take_one(&mut self.left.crashes)?;
                self.slots[node] = [Slot::Nobody; OPENINGS];
                self.nullifiers[node] = None;
                Some(())
            }
            Action::Replicate => self.redis.replicate(),
            Action::FailOver { old_lives } => {
                take_one(&mut self.left.fails_over)?;
                self.redis.fail_over(old_lives)
            }
            Action::Rejoin => self.redis.rejoin(),
            Action::RunOut => {
                take_one(&mut self.left.runs_out)?;
                self.redis.run_out()
            }
            Action::Wipe => {
                take_one(&mut self.left.wipes)?;
                self.redis.wipe();
                Some(())
            }
        }
    }
}

fn take_one(left: &mut u8) -> Option<()> {
    *left = left.checked_sub(1)?;
    Some(())
}
