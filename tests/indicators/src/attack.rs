//! The attackers. Each has one way to the sums, and asks every question of every target.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::sleep;
use vestibule_wire::{CELLS, Sums};

use crate::fleet::{Fleet, Member, RunningFleet};
use crate::image::find_sums;
use crate::question::{Known, QUESTIONS, Question, Secret, Target, told};
use crate::statistics::Verdicts;
use crate::store::Store;
use crate::traffic::{self, OnDuty};

/// The attacker who copies the file does it more often than every minute, to miss nothing.
const COPY_INTERVAL: Duration = Duration::from_secs(1);

/// Who attacks, by what they have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attacker {
    /// Every copy of the file: what it gained from one to the next.
    FileCopies,
    /// The relay's memory while it counts.
    MemoryImage,
    /// The relay's memory before the target came, and the file afterwards.
    MemoryImageBefore,
    /// Two images of the memory. Nothing is done against that.
    TwoMemoryImages,
}

impl Attacker {
    /// All of them.
    pub const ALL: [Self; 4] =
        [Self::FileCopies, Self::MemoryImage, Self::MemoryImageBefore, Self::TwoMemoryImages];

    /// Whether something is promised against them.
    pub fn is_promised(self) -> bool {
        self != Self::TwoMemoryImages
    }

    /// How many draws of noise are in what they see.
    pub fn draws(self) -> u32 {
        match self {
            Self::FileCopies => 2,
            Self::MemoryImage | Self::MemoryImageBefore => 1,
            // None; they do not know that better than anybody.
            Self::TwoMemoryImages => 1,
        }
    }
}

/// What was to be seen while a relay ran once.
pub struct Run {
    targets: Vec<Target>,
    image_before: HashMap<usize, Box<Sums>>,
    image: HashMap<usize, Box<Sums>>,
    file_before: Store,
    file_after: Store,
    /// How often a copy of the file differed from the one before, while the relay counted.
    pub file_changes: usize,
}

/// What the attackers said.
#[derive(Clone)]
pub struct Results(Vec<(Attacker, [Verdicts; QUESTIONS.len()])>);

/// Starts the relay, lets the targets come while everything is watched, and stops it. `meanwhile` may
/// add what it wants before it stops.
pub async fn run(
    fleet: &Fleet,
    waits: bool,
    meanwhile: impl AsyncFnOnce(&RunningFleet, &[OnDuty]),
) -> Run {
    let file_before = fleet.store();
    let running = fleet.start().await;
    let on_duty = traffic::go_on_duty(&running.way, &fleet.members).await;
    let image_before = image(&running, fleet, &file_before);
    let copies = Copies::begin(fleet.path());
    let targets: Vec<Target> = fleet.members.iter().map(|_| Target::draw()).collect();
    let on_duty = traffic::play(on_duty, &targets, waits).await;
    meanwhile(&running, &on_duty).await;
    let image = image(&running, fleet, &file_before);
    let file_changes = copies.end().await;
    running.stop().await;
    let file_after = fleet.store();
    Run { targets, image_before, image, file_before, file_after, file_changes }
}

/// The sums of all services, by their place, as they stand in the memory. What the relay has read in its
/// file lies there too, with the mark of the batches in it; whoever has the file passes over that.
fn image(running: &RunningFleet, fleet: &Fleet, file: &Store) -> HashMap<usize, Box<Sums>> {
    let cells = traffic::marked_cells();
    let found = find_sums(running.process_id(), &traffic::mark(&cells));
    let marked = found.into_iter().map(|sums| (traffic::place_of(&sums), Box::new(sums)));
    let is_counted_now = |(place, sums): &(usize, Box<Sums>)| {
        let member = fleet.members.get(*place);
        member.is_some_and(|member| file.sums(member.authority()) != *sums)
    };
    marked.filter(is_counted_now).collect()
}

impl Run {
    /// How many services' sums the memory's attackers found.
    pub fn found(&self) -> (usize, usize) {
        (self.image_before.len(), self.image.len())
    }

    /// Asks everything.
    pub fn judge(&self, members: &[Arc<Member>], waits: bool) -> Results {
        let none = Box::new([0; CELLS]);
        let of = |attacker: Attacker| {
            let noises = QUESTIONS.map(|question| question.noise(attacker.draws()));
            let mut verdicts = [Verdicts::default(); QUESTIONS.len()];
            for (place, (target, member)) in self.targets.iter().zip(members).enumerate() {
                let Some((sums, before)) = self.seen(attacker, place, member, &none) else {
                    continue;
                };
                let asked = QUESTIONS.iter().zip(&noises).zip(&mut verdicts);
                for ((question, noise), verdicts) in asked {
                    if waits || question.table().name != "wait" {
                        let somebody_came = target.is(Secret::Came);
                        let known = Known { somebody_waits: waits, somebody_came };
                        let rest = |cell| question.rest(cell, &sums, &before, known);
                        verdicts.add(target.is(question.secret), question.answer(noise, rest));
                    }
                }
            }
            (attacker, verdicts)
        };
        Results(Attacker::ALL.map(of).to_vec())
    }

    /// Sums, and what is to be taken off them; none where the memory was not found.
    fn seen(
        &self,
        attacker: Attacker,
        place: usize,
        member: &Member,
        none: &Sums,
    ) -> Option<(Box<Sums>, Box<Sums>)> {
        let gained = || {
            let authority = member.authority();
            let (before, after) =
                (self.file_before.sums(authority), self.file_after.sums(authority));
            difference(&after, &before)
        };
        let nothing = || Box::new(*none);
        let (image_before, image) = (self.image_before.get(&place), self.image.get(&place));
        match attacker {
            Attacker::FileCopies => Some((gained(), nothing())),
            Attacker::MemoryImage => Some((image?.clone(), nothing())),
            Attacker::MemoryImageBefore => Some((gained(), image_before?.clone())),
            Attacker::TwoMemoryImages => Some((image?.clone(), image_before?.clone())),
        }
    }

    /// What the file gained, by service.
    pub fn gained(&self, members: &[Arc<Member>]) -> Vec<Box<Sums>> {
        let gained = |member: &Arc<Member>| {
            let authority = member.authority();
            difference(&self.file_after.sums(authority), &self.file_before.sums(authority))
        };
        members.iter().map(gained).collect()
    }
}

fn difference(after: &Sums, before: &Sums) -> Box<Sums> {
    Box::new(std::array::from_fn(|place| after[place] - before[place]))
}

impl Results {
    /// Adds other trials.
    pub fn merge(&mut self, other: &Self) {
        for ((_, own), (_, others)) in self.0.iter_mut().zip(&other.0) {
            own.iter_mut().zip(others).for_each(|(own, other)| own.merge(other));
        }
    }

    /// What one of them said to all questions.
    pub fn pooled(&self, attacker: Attacker) -> Verdicts {
        let mut pooled = Verdicts::default();
        for question in told() {
            pooled.merge(&self.of(attacker, &question));
        }
        pooled
    }

    /// What one of them said to one question, and to others that are told with it.
    pub fn of(&self, attacker: Attacker, question: &Question) -> Verdicts {
        let mut told = Verdicts::default();
        let of_attacker = self.0.iter().filter(|(other, _)| *other == attacker);
        for (_, verdicts) in of_attacker {
            let asked = QUESTIONS.iter().zip(verdicts);
            let same = asked.filter(|(other, _)| other.name == question.name);
            same.for_each(|(_, verdicts)| told.merge(verdicts));
        }
        told
    }
}

/// Copies of the file, as somebody takes them who cannot see when it changes.
struct Copies {
    task: JoinHandle<()>,
    changes: Arc<std::sync::atomic::AtomicUsize>,
}

impl Copies {
    fn begin(path: PathBuf) -> Self {
        let changes = Arc::new(std::sync::atomic::AtomicUsize::new(0));
        let counted = Arc::clone(&changes);
        let task = tokio::spawn(async move {
            let copy = || std::fs::read(&path).unwrap_or_default();
            let mut last = copy();
            loop {
                sleep(COPY_INTERVAL).await;
                let next = copy();
                if next != last {
                    counted.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    last = next;
                }
            }
        });
        Self { task, changes }
    }

    async fn end(self) -> usize {
        self.task.abort();
        let _ = self.task.await;
        self.changes.load(std::sync::atomic::Ordering::Relaxed)
    }
}
