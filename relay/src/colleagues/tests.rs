use std::collections::BTreeSet;
use std::sync::Arc;

use proptest::collection::vec;
use proptest::prelude::*;
use tokio::sync::Semaphore;
use vestibule_wire::{CELL_LEN, CERTIFICATE_LEN, ColleagueId};

use super::mailbox::Mailbox;
use super::{News, Roster, Whisper};

fn id(number: u64) -> ColleagueId {
    ColleagueId(number.to_be_bytes())
}

fn whisper(rooms: &Arc<Semaphore>) -> Option<Whisper> {
    let room = Arc::clone(rooms).try_acquire_owned().ok()?;
    Some(Whisper { cell: Box::new([7; CELL_LEN]), room })
}

fn come(roster: &mut Roster, number: u64) -> Option<Arc<Mailbox>> {
    roster.come(id(number), Arc::new([1; CERTIFICATE_LEN]))
}

#[test]
fn a_certificate_is_kept_only_while_its_worker_is_on_duty() {
    let mut roster = Roster::new(3);
    let [first, second] = [Arc::new([1; CERTIFICATE_LEN]), Arc::new([2; CERTIFICATE_LEN])];
    let _mailbox = roster.come(id(1), Arc::clone(&first));
    let _mailbox_too = roster.come(id(2), Arc::clone(&second));
    assert_eq!(Arc::strong_count(&second), 3, "on the roster, and for the first to read");
    roster.go(id(2));
    assert_eq!(Arc::strong_count(&second), 1);
    roster.go(id(1));
    assert_eq!(Arc::strong_count(&first), 2, "only in the mailbox of one who has gone");
}

#[test]
fn who_comes_and_goes_unseen_leaves_nothing() {
    let mut roster = Roster::new(3);
    let mailbox = come(&mut roster, 1).unwrap();
    let rooms = Arc::new(Semaphore::new(2));
    for number in 2..1_000 {
        come(&mut roster, number).unwrap();
        roster.whisper(id(number), id(1), whisper(&rooms).unwrap());
        roster.whisper(id(number), id(1), whisper(&rooms).unwrap());
        assert_eq!(rooms.available_permits(), 0);
        roster.go(id(number));
        assert_eq!(rooms.available_permits(), 2, "what a leaver said is dropped");
    }
    assert!(mailbox.take().is_none());
}

#[test]
fn a_whisper_is_dropped_unless_it_is_for_somebody_else_who_is_here() {
    let mut roster = Roster::new(3);
    let [first, second] = [1, 2].map(|number| come(&mut roster, number).unwrap());
    let rooms = Arc::new(Semaphore::new(1));
    for to in [1, 3] {
        roster.whisper(id(1), id(to), whisper(&rooms).unwrap());
        assert_eq!(rooms.available_permits(), 1);
    }
    assert!(matches!(first.take(), Some(News::Came(..))));
    assert!(first.take().is_none());
    roster.whisper(id(1), id(2), whisper(&rooms).unwrap());
    assert!(matches!(second.take(), Some(News::Came(..))));
    let delivered = second.take();
    assert_eq!(rooms.available_permits(), 0, "a whisper has its room until it is sent");
    let (_, room) = delivered.unwrap().into_frame();
    assert_eq!(rooms.available_permits(), 0);
    drop(room);
    assert_eq!(rooms.available_permits(), 1);
}

/// What may happen among few workers.
#[derive(Debug, Clone, Copy)]
enum Step {
    Come,
    Go(usize),
    Whisper(usize, usize),
    Read(usize),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        2 => Just(Step::Come),
        1 => any::<usize>().prop_map(Step::Go),
        4 => any::<(usize, usize)>().prop_map(|(from, to)| Step::Whisper(from, to)),
        4 => any::<usize>().prop_map(Step::Read),
    ]
}

const ON_DUTY_MAX: usize = 3;
const ROOMS: usize = 4;

/// One worker on duty and what it believes.
struct Worker {
    id: ColleagueId,
    mailbox: Arc<Mailbox>,
    rooms: Arc<Semaphore>,
    known: BTreeSet<[u8; 8]>,
}

impl Worker {
    /// Reads one thing and checks that it makes sense to whoever has read all before.
    fn read(&mut self) -> bool {
        let Some(news) = self.mailbox.take() else { return false };
        match news {
            News::Came(colleague, _) => {
                assert!(colleague != self.id);
                assert!(self.known.insert(colleague.0), "told twice");
            }
            News::Left(colleague) => assert!(self.known.remove(&colleague.0)),
            News::Whispered(from, _) => assert!(self.known.contains(&from.0)),
        }
        true
    }
}

proptest! {
    /// However workers come, go, whisper and read: what each is told makes sense in its order, a
    /// mailbox is bounded, and whoever has read everything knows who is on duty.
    #[test]
    fn everybody_learns_who_is_on_duty(steps in vec(step(), 1..150)) {
        let mut roster = Roster::new(ON_DUTY_MAX);
        let mut workers: Vec<Worker> = Vec::new();
        for (number, step) in (1..).zip(steps) {
            match step {
                Step::Come => {
                    let mailbox = come(&mut roster, number);
                    prop_assert_eq!(mailbox.is_some(), workers.len() < ON_DUTY_MAX);
                    let rooms = Arc::new(Semaphore::new(ROOMS));
                    workers.extend(mailbox.map(|mailbox| {
                        Worker { id: id(number), mailbox, rooms, known: BTreeSet::new() }
                    }));
                }
                Step::Go(index) => {
                    let Some(index) = index.checked_rem(workers.len()) else { continue };
                    roster.go(workers.remove(index).id);
                }
                Step::Whisper(from, to) => {
                    let Some(from) = from.checked_rem(workers.len()) else { continue };
                    let to = to % workers.len();
                    let Some(whisper) = whisper(&workers[from].rooms) else { continue };
                    roster.whisper(workers[from].id, workers[to].id, whisper);
                }
                Step::Read(index) => {
                    let Some(index) = index.checked_rem(workers.len()) else { continue };
                    workers[index].read();
                }
            }
            let len_max = ON_DUTY_MAX * (3 + ROOMS);
            prop_assert!(workers.iter().all(|worker| worker.mailbox.len() <= len_max));
        }
        for worker in &mut workers {
            while worker.read() {}
        }
        for worker in &workers {
            let others = workers.iter().filter(|other| other.id != worker.id);
            prop_assert_eq!(&worker.known, &others.map(|other| other.id.0).collect());
            prop_assert_eq!(worker.rooms.available_permits(), ROOMS);
        }
    }
}
