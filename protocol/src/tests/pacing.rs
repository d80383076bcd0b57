//! With steady cover the wire shows the same whatever is said (section 9, "Cover"; docs/cover.md). Two
//! courses of one line, with the same draws for the slots, the same delays and the same breaks, differ in
//! nothing but what the people say; what both ends send has to be equal, moment by moment.

use std::collections::BTreeMap;
use std::time::Duration;

use proptest::prelude::*;

use super::fixed_random::FixedRandom;
use super::world::{NOW, World, counted};
use crate::{Cell, Cover, FreshOpening, Pacer, Record, Session, TEXT_BYTES_MAX, cell};

/// Longer than a generation of keys, so that secrets are renewed on the way.
const COURSE: Duration = Duration::from_mins(13);

/// What one person says, and when.
#[derive(Debug, Clone)]
struct Saying {
    at: Duration,
    by_worker: bool,
    words: Words,
}

#[derive(Debug, Clone, Copy)]
enum Words {
    Text(usize),
    Close,
}

/// Everything but what is said.
#[derive(Debug, Clone)]
struct Circumstances {
    cover: Cover,
    seed: u64,
    /// When the line breaks, and for how long.
    breaks: Vec<(Duration, Duration)>,
    /// From when, and for how long, nothing that the client sends gets through.
    stall: (Duration, Duration),
}

/// What can be seen of a cell, by the relay too: who sent it when, and its number.
type Seen = (Duration, bool, u64);

enum Event {
    Say(Saying),
    /// A cell for the worker or the client, on the how-manieth socket.
    Arrive(bool, Box<Cell>, u64),
    Wake(bool),
    Break,
    Join,
}

struct End {
    session: Session,
    pacer: Pacer,
    sent: u64,
    /// A line keeps the order of what it carries.
    last_arrival: Duration,
    heard: usize,
}

struct Course {
    world: World,
    circumstances: Circumstances,
    /// The client, the worker.
    ends: [End; 2],
    events: BTreeMap<(Duration, u64), Event>,
    next_event: u64,
    socket: u64,
    is_joined: bool,
    seen: Vec<Seen>,
}

impl Course {
    fn new(circumstances: &Circumstances, said: &[Saying]) -> Self {
        let world = World::new();
        let (client, worker) = world.converse();
        let ends = [client, worker].map(|session| End {
            session,
            pacer: Pacer::new(circumstances.cover),
            sent: 0,
            last_arrival: Duration::ZERO,
            heard: 0,
        });
        let mut course = Self {
            world,
            circumstances: circumstances.clone(),
            ends,
            events: BTreeMap::new(),
            next_event: 0,
            socket: 0,
            is_joined: true,
            seen: Vec::new(),
        };
        for saying in said {
            course.plan(saying.at, Event::Say(saying.clone()));
        }
        for (at, length) in &circumstances.breaks {
            course.plan(*at, Event::Break);
            course.plan(*at + *length, Event::Join);
        }
        course.plan(Duration::ZERO, Event::Wake(false));
        course.plan(Duration::ZERO, Event::Wake(true));
        course
    }

    fn plan(&mut self, at: Duration, event: Event) {
        self.next_event += 1;
        self.events.insert((at, self.next_event), event);
    }

    /// What was seen, and how many texts the client and the worker have heard.
    fn run(mut self) -> (Vec<Seen>, [usize; 2]) {
        while let Some(((now, _), event)) = self.events.pop_first()
            && now < COURSE
        {
            let touched: &[bool] = match event {
                Event::Say(saying) => self.say(&saying),
                Event::Arrive(to_worker, cell, socket) => self.arrive(to_worker, &cell, socket),
                Event::Wake(of_worker) => either(of_worker),
                Event::Break => {
                    self.is_joined = false;
                    self.socket += 1;
                    &[]
                }
                Event::Join => self.join(),
            };
            if self.is_joined {
                for is_worker in touched {
                    self.send(*is_worker, now);
                }
            }
        }
        self.seen.sort_unstable();
        (self.seen, self.ends.map(|end| end.heard))
    }

    fn end(&mut self, is_worker: bool) -> &mut End {
        &mut self.ends[usize::from(is_worker)]
    }

    fn say(&mut self, saying: &Saying) -> &'static [bool] {
        let end = self.end(saying.by_worker);
        match saying.words {
            Words::Text(length) => end.session.say(&Record::Text("x".repeat(length))).unwrap(),
            Words::Close => end.session.say(&Record::Close).unwrap(),
        };
        if matches!(saying.words, Words::Close) {
            end.pacer.hurry();
        }
        either(saying.by_worker)
    }

    fn arrive(&mut self, to_worker: bool, cell: &Cell, socket: u64) -> &'static [bool] {
        if socket != self.socket {
            return &[];
        }
        let end = self.end(to_worker);
        let records = end.session.open(cell, NOW).unwrap().records;
        for record in records {
            match &record {
                Record::FreshOpening(opening) => self.answer_fresh(opening),
                Record::Text(_) => self.end(to_worker).heard += 1,
                _ => self.end(to_worker).pacer.hurry(),
            }
        }
        either(to_worker)
    }

    fn answer_fresh(&mut self, opening: &FreshOpening) {
        let mut random = FixedRandom::new(&counted(0xb1, 64));
        let (shift, certificate) = (&self.world.shift, &self.world.certificate);
        let worker = &mut self.ends[1].session;
        worker.answer_fresh(opening, shift, certificate, &mut random).unwrap();
    }

    fn join(&mut self) -> &'static [bool] {
        self.is_joined = true;
        for end in &mut self.ends {
            end.session.rejoined();
            end.pacer.joined();
            end.last_arrival = Duration::ZERO;
        }
        &[false, true]
    }

    fn send(&mut self, is_worker: bool, now: Duration) {
        if !is_worker {
            self.ends[0].session.freshen(now, &mut FixedRandom::new(&counted(0x21, 96)));
        }
        let seed = self.circumstances.seed;
        let end = self.end(is_worker);
        // The draw belongs to the slot, however often the pacer is asked before it.
        let chance =
            draw(seed, is_worker, u64::try_from(end.pacer.wakes_at().as_micros()).unwrap());
        let before = end.pacer.wakes_at();
        let cells = end.pacer.cells(&mut end.session, now, chance);
        let after = end.pacer.wakes_at();
        if after != before {
            self.plan(after, Event::Wake(is_worker));
        }
        for cell in cells {
            self.seen.push((now, is_worker, cell::sequence(&cell)));
            let at = self.arrival(is_worker, now);
            let event = Event::Arrive(!is_worker, Box::new(cell), self.socket);
            self.plan(at, event);
        }
    }

    /// When the next cell that this end sends now arrives.
    fn arrival(&mut self, from_worker: bool, now: Duration) -> Duration {
        let Circumstances { seed, stall: (stall_from, stall_length), .. } = self.circumstances;
        let end = self.end(from_worker);
        end.sent += 1;
        let delay = 100 + draw(!seed, from_worker, end.sent) % 900;
        let mut at = (now + Duration::from_millis(delay)).max(end.last_arrival);
        if !from_worker && (stall_from..stall_from + stall_length).contains(&at) {
            at = stall_from + stall_length;
        }
        end.last_arrival = at;
        at
    }
}

fn either(is_worker: bool) -> &'static [bool] {
    if is_worker { &[true] } else { &[false] }
}

/// Splitmix64: the same number for the same moment, whatever was drawn before.
fn draw(seed: u64, is_worker: bool, moment: u64) -> u64 {
    let mut mixed = seed
        .wrapping_add(u64::from(is_worker))
        .wrapping_add(moment.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

fn seconds(range: std::ops::Range<u64>) -> impl Strategy<Value = Duration> {
    (range.start * 1_000..range.end * 1_000).prop_map(Duration::from_millis)
}

/// Early and little enough for everything to be heard before the course is over.
fn texts() -> impl Strategy<Value = Vec<Saying>> {
    let length = prop_oneof![8 => 1..900_usize, 3 => 900..9_000_usize];
    let longest = prop::option::of(saying(Just(TEXT_BYTES_MAX)));
    (prop::collection::vec(saying(length), 1..7), longest)
        .prop_map(|(texts, longest)| texts.into_iter().chain(longest).collect())
}

fn saying(length: impl Strategy<Value = usize>) -> impl Strategy<Value = Saying> {
    (seconds(1..240), any::<bool>(), length).prop_map(|(at, by_worker, length)| Saying {
        at,
        by_worker,
        words: Words::Text(length),
    })
}

fn circumstances() -> impl Strategy<Value = Circumstances> {
    let broken = prop::collection::vec((seconds(5..400), seconds(1..30)), 0..3);
    let stall = (seconds(5..300), seconds(0..150));
    (any::<u64>(), broken, stall).prop_map(|(seed, mut breaks, stall)| {
        breaks.sort_unstable();
        // A line that is broken does not break.
        breaks.dedup_by(|later, earlier| later.0 <= earlier.0 + earlier.1);
        Circumstances { cover: Cover::Steady, seed, breaks, stall }
    })
}

fn calm(cover: Cover) -> Circumstances {
    Circumstances { cover, seed: 7, breaks: Vec::new(), stall: (Duration::ZERO, Duration::ZERO) }
}

/// All of it was heard, and nothing of it seen.
fn assert_hidden(circumstances: &Circumstances, said: &[Saying]) -> Result<(), TestCaseError> {
    let (seen, heard) = Course::new(circumstances, said).run();
    let (seen_in_silence, _) = Course::new(circumstances, &[]).run();
    let by_worker = said.iter().filter(|saying| saying.by_worker).count();
    prop_assert_eq!(heard, [by_worker, said.len() - by_worker]);
    let differs = seen.iter().zip(&seen_in_silence).find(|(one, other)| one != other);
    prop_assert_eq!(differs, None);
    prop_assert_eq!(seen.len(), seen_in_silence.len());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// Renewed secrets, breaks and cells sent again included.
    #[test]
    fn steady_cover_shows_the_same_whatever_is_said(
        circumstances in circumstances(),
        said in texts(),
    ) {
        assert_hidden(&circumstances, &said)?;
    }
}

#[test]
fn steady_cover_shows_the_same_when_the_window_is_full() {
    let stall = (Duration::from_mins(1), Duration::from_secs(200));
    let circumstances = Circumstances { stall, ..calm(Cover::Steady) };
    let said = [50, 100, 140, 200].map(|second| Saying {
        at: Duration::from_secs(second),
        by_worker: second == 100,
        words: Words::Text(20_000),
    });
    assert_hidden(&circumstances, &said).unwrap();
}

#[test]
fn sparing_cover_shows_what_is_said() {
    let said = [Saying { at: Duration::from_mins(2), by_worker: true, words: Words::Text(20) }];
    let (seen, _) = Course::new(&calm(Cover::Sparing), &said).run();
    assert!(seen.iter().any(|(at, from_worker, _)| *at == said[0].at && *from_worker));
}

/// What steady cover does not hide: who closes, and how much still waited then.
#[test]
fn a_close_shows_at_once_and_nothing_shows_before_it() {
    let at = Duration::from_mins(3);
    let close = Saying { at, by_worker: false, words: Words::Close };
    let before_close =
        |seen: &[Seen]| seen.iter().take_while(|cell| cell.0 < at).copied().collect();
    let at_close = |seen: &[Seen]| seen.iter().filter(|cell| cell.0 == at).count();
    let text =
        Saying { at: at - Duration::from_secs(1), words: Words::Text(9_000), ..close.clone() };
    let (silent, _) = Course::new(&calm(Cover::Steady), &[]).run();
    let (closed, _) = Course::new(&calm(Cover::Steady), std::slice::from_ref(&close)).run();
    let (burst, _) = Course::new(&calm(Cover::Steady), &[text, close]).run();
    let expected: Vec<Seen> = before_close(&silent);
    assert!(before_close(&closed) == expected && before_close(&burst) == expected);
    assert_eq!((at_close(&silent), at_close(&closed)), (0, 1));
    assert!(
        (10..=11).contains(&at_close(&burst)),
        "ten cells of words, of which one may have gone"
    );
}
