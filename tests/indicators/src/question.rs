//! What the attackers want to know of one consultation, and what its answer changes in the sums.

use std::collections::BTreeMap;

use rand::RngExt as _;
use vestibule_tests::service::rng;
use vestibule_wire::{Cell, Sums, Table};

use crate::noise::Noise;

/// The noise that the default budget promises.
pub const DEFAULT_EPSILON: f64 = 0.25;
/// What others, whom the attacker knows, have added to each label of the tables that come on slips.
pub const OTHERS: u16 = 1;

/// A question about a consultation, with two answers that are equally likely.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question {
    /// In words. Two questions of one table may be told as one: they are about different consultations,
    /// with coins and labels of their own.
    pub name: &'static str,
    /// Which of the target's secrets it asks for.
    pub secret: Secret,
    /// One is added to these cells if the answer is yes,
    if_so: &'static [Cell],
    /// and to these if it is no.
    if_not: &'static [Cell],
}

/// What the attacker knows of the two who come to the relay themselves, while asking about the other.
#[derive(Clone, Copy)]
pub struct Known {
    /// Somebody comes with a link and waits.
    pub somebody_waits: bool,
    /// Somebody came by a door.
    pub somebody_came: bool,
}

const ANSWERED: Cell = Cell::of("request_end", "answered");
const AT_ONCE: Cell = Cell::of("wait", "under_1");

/// The independent coins of a service's targets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Secret {
    /// It came by a door, and was answered at once.
    Came,
    /// It waited for more than a minute.
    WaitedLong,
    /// It was held.
    Held,
    /// Another was begun, which was not held.
    NotHeld,
    /// It was long.
    WasLong,
    /// Another was short.
    WasShort,
    /// It was coded in one way or in another.
    Coding,
    /// The same, with three needs each.
    Needs,
}

const HELD: &str = "consultation: was one counted";
const LENGTH: &str = "length: in this label, or in that one";

/// All that is asked.
pub const QUESTIONS: [Question; 9] = [
    Question {
        name: "request: did they come",
        secret: Secret::Came,
        if_so: &[Cell::of("request", "door")],
        if_not: &[],
    },
    Question {
        name: "request_end: did they come, and were they answered",
        secret: Secret::Came,
        if_so: &[Cell::of("request_end", "answered")],
        if_not: &[],
    },
    Question {
        name: "wait: under a minute, or 1 to 5",
        secret: Secret::WaitedLong,
        if_so: &[Cell::of("wait", "1_to_5")],
        if_not: &[Cell::of("wait", "under_1")],
    },
    Question {
        name: HELD,
        secret: Secret::Held,
        if_so: &[Cell::of("consultation", "held")],
        if_not: &[],
    },
    Question {
        name: HELD,
        secret: Secret::NotHeld,
        if_so: &[Cell::of("consultation", "not_held")],
        if_not: &[],
    },
    Question {
        name: LENGTH,
        secret: Secret::WasLong,
        if_so: &[Cell::of("length", "over_60")],
        if_not: &[Cell::of("length", "15_to_60")],
    },
    Question {
        name: LENGTH,
        secret: Secret::WasShort,
        if_so: &[Cell::of("length", "under_5")],
        if_not: &[Cell::of("length", "5_to_15")],
    },
    Question {
        name: "result: solved, or not",
        secret: Secret::Coding,
        if_so: &[Cell::of("result", "solved")],
        if_not: &[Cell::of("result", "not_solved")],
    },
    Question {
        name: "need: these three, or those three",
        secret: Secret::Needs,
        if_so: &[
            Cell::of("need", "overdose"),
            Cell::of("need", "medical"),
            Cell::of("need", "testing"),
        ],
        if_not: &[
            Cell::of("need", "psychological"),
            Cell::of("need", "social"),
            Cell::of("need", "legal"),
        ],
    },
];

/// The tables of which slips are handed in because of what is asked, each once.
pub fn tables_of_slips() -> Vec<&'static Table> {
    let mut tables: Vec<_> =
        QUESTIONS.iter().filter(|it| it.is_of_slips()).map(Question::table).collect();
    tables.dedup();
    tables
}

/// The questions as they are told, each name once.
pub fn told() -> Vec<Question> {
    let mut told = QUESTIONS.to_vec();
    told.dedup_by_key(|question| question.name);
    told
}

/// What is so of one service's targets.
#[derive(Clone, Copy)]
pub struct Target {
    secrets: [bool; 8],
}

impl Target {
    /// A coin for each secret.
    pub fn draw() -> Self {
        Self { secrets: std::array::from_fn(|_| rng().random()) }
    }

    /// What is so.
    pub fn is(&self, secret: Secret) -> bool {
        self.secrets[secret as usize]
    }

    /// The counts of a table's slip in which the targets are among others.
    pub fn slip(&self, table: &Table) -> Vec<u16> {
        let mut counts = vec![OTHERS; table.labels.len()];
        for question in QUESTIONS.iter().filter(|question| question.table() == table) {
            for cell in question.cells_if(self.is(question.secret)) {
                counts[cell.table().1] += 1;
            }
        }
        counts
    }
}

impl Question {
    /// Of which table it is.
    pub fn table(&self) -> &'static Table {
        self.if_so[0].table().0
    }

    /// Whether its table comes on slips.
    pub fn is_of_slips(&self) -> bool {
        !matches!(self.secret, Secret::Came | Secret::WaitedLong)
    }

    fn cells_if(&self, so: bool) -> &'static [Cell] {
        if so { self.if_so } else { self.if_not }
    }

    /// What the attacker says, who knows everything but the target: yes, if that is the better
    /// explanation of what each sum is beyond what others have added. No test of the same numbers has a
    /// larger advantage (Neyman and Pearson), and its threshold, nought, was fixed before anything was
    /// measured.
    pub fn answer(&self, noise: &Noise, rest: impl Fn(Cell) -> i64) -> bool {
        let more = |cell: &Cell| {
            let rest = rest(*cell);
            noise.evidence(rest - 1, rest)
        };
        let so: f64 = self.if_so.iter().map(more).sum();
        let not: f64 = self.if_not.iter().map(more).sum();
        so - not > 1e-9
    }

    /// What a sum is beyond what the attacker saw before and knows of others: of everybody but the one
    /// about whom is asked.
    pub fn rest(&self, cell: Cell, sums: &Sums, before: &Sums, known: Known) -> i64 {
        let others = match self.secret {
            Secret::Came => u16::from(known.somebody_waits && cell == ANSWERED),
            Secret::WaitedLong => u16::from(known.somebody_came && cell == AT_ONCE),
            Secret::Held
            | Secret::NotHeld
            | Secret::WasLong
            | Secret::WasShort
            | Secret::Coding
            | Secret::Needs => OTHERS,
        };
        i64::from(cell.sum(sums)) - i64::from(cell.sum(before)) - i64::from(others)
    }

    /// The noise of its cells after so many draws.
    pub fn noise(&self, draws: u32) -> Noise {
        Noise::of_table(self.table(), DEFAULT_EPSILON, draws)
    }

    /// The largest advantage that the noise leaves, computed: each cell in which the answers differ
    /// votes, and the votes are added up.
    pub fn advantage(&self, draws: u32) -> f64 {
        let noise = self.noise(draws);
        let cells = self.if_so.len() + self.if_not.len();
        advantage_of(&noise, cells)
    }
}

/// The total variation between all cells' noises and the same one further, computed on a grid of the
/// evidence.
fn advantage_of(noise: &Noise, cells: usize) -> f64 {
    const STEPS_PER_UNIT: f64 = 2_000.0;
    let reach = 400_i64;
    let mut sums: BTreeMap<i64, (f64, f64)> = [(0, (1.0, 1.0))].into();
    for _ in 0..cells {
        let mut next = BTreeMap::new();
        for (evidence, (so, not)) in &sums {
            for (step, (p, q)) in evidence_of_one(noise, reach, STEPS_PER_UNIT) {
                let entry: &mut (f64, f64) = next.entry(evidence + step).or_default();
                entry.0 += so * p;
                entry.1 += not * q;
            }
        }
        sums = next;
    }
    sums.values().map(|(so, not)| (so - not).max(0.0)).sum()
}

/// Of one cell: the evidence on the grid, and how likely it is if the answer is yes and if it is no.
fn evidence_of_one(noise: &Noise, reach: i64, steps: f64) -> Vec<(i64, (f64, f64))> {
    let mut classes = BTreeMap::<i64, (f64, f64)>::new();
    for rest in -reach..=reach {
        let step = (noise.evidence(rest - 1, rest) * steps).round() as i64;
        let class = classes.entry(step).or_default();
        class.0 += noise.probability(rest - 1);
        class.1 += noise.probability(rest);
    }
    classes.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_budget_leaves_no_more_than_it_promises() {
        let promised = (DEFAULT_EPSILON / 2.0).tanh();
        for question in QUESTIONS {
            let one_draw = question.advantage(1);
            assert!(one_draw <= 0.126, "{}: {one_draw}", question.name);
            assert!(one_draw >= promised * 0.99, "{}: {one_draw}", question.name);
            assert!(question.advantage(2) < one_draw);
        }
    }

    #[test]
    fn without_noise_every_answer_is_right() {
        for question in QUESTIONS {
            for so in [true, false] {
                let noise = question.noise(1);
                let rest = |cell: Cell| i64::from(question.cells_if(so).contains(&cell));
                assert_eq!(question.answer(&noise, rest), so, "{}", question.name);
            }
        }
    }
}
