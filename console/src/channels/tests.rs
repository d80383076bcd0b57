use vestibule_protocol::Cover;
use vestibule_protocol::{Channel, HandOverId, Language, Subject, Triage};
use vestibule_wire::{Alias, LanguageSet, Role};

use super::*;
use crate::clock::Clock;
use crate::dates;
use crate::enrolment::{Enrolment, Terms};
use crate::origin::Origin;
use crate::service_file::Service;

const FIRST: ColleagueId = ColleagueId([1; 8]);
const SECOND: ColleagueId = ColleagueId([2; 8]);

fn service() -> Service {
    let origins = vec![Origin::parse("https://relay.example").unwrap()];
    Service::create("Open Door", origins, None, Clock::system().now()).unwrap()
}

fn worker(service: &Service, alias: &str) -> Context {
    let terms = Terms {
        alias: Alias::new(alias).unwrap(),
        role: Role::Peer,
        languages: LanguageSet::from_bits(3).unwrap(),
        first_day: dates::start_of_day(Clock::system().now()),
        days: 2,
    };
    Context::new(Enrolment::new(service, &terms), Clock::system(), Cover::Steady)
}

fn channels(context: &Context) -> Channels<'_> {
    let shift = context.enrolment.shift_at(context.clock.now()).unwrap();
    Channels::new(context, shift)
}

/// Two workers whose duty sockets the relay names to each other.
struct Two<'a> {
    first: Channels<'a>,
    second: Channels<'a>,
}

impl<'a> Two<'a> {
    fn new(first: &'a Context, second: &'a Context) -> Self {
        Self { first: channels(first), second: channels(second) }
    }

    /// The relay names each to the other. The first knows the second as `SECOND`.
    fn meet(&mut self) -> (Vec<ColleagueEvent>, Vec<ColleagueEvent>) {
        let (first, second) = (self.first.shift.certificate, self.second.shift.certificate);
        let for_first = self.first.colleague(SECOND, &second);
        let for_second = self.second.colleague(FIRST, &first);
        self.carry(for_first, for_second)
    }

    /// Carries cells both ways until there are none.
    fn carry(
        &mut self,
        of_first: Outcome,
        of_second: Outcome,
    ) -> (Vec<ColleagueEvent>, Vec<ColleagueEvent>) {
        let (mut of_first, mut of_second) = (of_first, of_second);
        let (mut first, mut second) = (Vec::new(), Vec::new());
        while !of_first.frames.is_empty() || !of_second.frames.is_empty() {
            first.append(&mut of_first.events);
            second.append(&mut of_second.events);
            let (to_second, to_first) = (of_first.frames, of_second.frames);
            (of_first, of_second) = Default::default();
            for cell in cells(to_second) {
                append(&mut of_second, self.second.whispered(FIRST, &cell));
            }
            for cell in cells(to_first) {
                append(&mut of_first, self.first.whispered(SECOND, &cell));
            }
        }
        first.append(&mut of_first.events);
        second.append(&mut of_second.events);
        (first, second)
    }
}

fn cells(frames: Vec<WorkerToRelay>) -> impl Iterator<Item = Box<[u8; CELL_LEN]>> {
    frames.into_iter().map(|frame| {
        let WorkerToRelay::Whisper(_, cell) = frame else { panic!("only whispers") };
        cell
    })
}

fn append(outcome: &mut Outcome, mut more: Outcome) {
    outcome.frames.append(&mut more.frames);
    outcome.events.append(&mut more.events);
}

/// The way that was opened, and nothing else happened.
fn way(events: Vec<ColleagueEvent>) -> WayName {
    assert_eq!(events.len(), 1);
    match events.into_iter().next() {
        Some(ColleagueEvent::Came(came)) => came.way.name,
        _ => panic!("no way was opened"),
    }
}

fn letter(tag: u64, text: &str) -> Letter {
    Letter { tag: Tag(tag), record: ColleagueRecord::Whisper(text.to_owned()) }
}

#[test]
fn colleagues_meet_and_letters_arrive_in_order() {
    let service = service();
    let (anna, boris) = (worker(&service, "Anna"), worker(&service, "Boris"));
    let mut two = Two::new(&anna, &boris);
    let (first, second) = two.meet();
    let to_boris = way(first);
    way(second);
    let long = "x".repeat(4_000);
    let letters = (1..=40).map(|tag| letter(tag, &long)).collect();
    let told = two.first.tell(to_boris, letters);
    let (first, second) = two.carry(told, Outcome::default());
    let said = second.iter().filter(|event| matches!(event, ColleagueEvent::Said(..))).count();
    assert_eq!(said, 40, "more than the channel's queue holds");
    let arrived = first.iter().map(|event| {
        let ColleagueEvent::Arrived(_, tag) = event else { panic!("only arrivals") };
        tag.0
    });
    assert!(arrived.eq(1..=40));
}

#[test]
fn a_certificate_of_somebody_else_is_not_spoken_to() {
    let (anna, mallory) = (worker(&service(), "Anna"), worker(&service(), "Mallory"));
    let mut two = Two::new(&anna, &mallory);
    let certificate = two.second.shift.certificate;
    for certificate in [certificate, [7; CERTIFICATE_LEN]] {
        let outcome = two.first.colleague(SECOND, &certificate);
        assert!(outcome.frames.is_empty() && outcome.events.is_empty());
        assert!(two.first.by_id.is_empty());
    }
    let (_, second) = two.meet();
    assert!(second.is_empty());
}

#[test]
fn another_socket_of_the_same_worker_is_no_colleague() {
    let anna = worker(&service(), "Anna");
    let mut channels = channels(&anna);
    let own = channels.shift.certificate;
    assert!(channels.colleague(SECOND, &own).frames.is_empty());
    assert!(channels.by_id.is_empty());
}

#[test]
fn bytes_that_do_not_open_end_the_way_alone() {
    let service = service();
    let (anna, boris) = (worker(&service, "Anna"), worker(&service, "Boris"));
    let mut two = Two::new(&anna, &boris);
    let (first, _) = two.meet();
    let to_boris = way(first);
    let outcome = two.first.whispered(SECOND, &[9; CELL_LEN]);
    assert!(matches!(outcome.events[..], [ColleagueEvent::Left(..)]));
    let told = two.first.tell(to_boris, vec![letter(1, "x")]);
    assert!(told.frames.is_empty(), "nothing goes where the way is over");
    let unknown = two.first.whispered(ColleagueId([3; 8]), &[9; CELL_LEN]);
    assert!(unknown.events.is_empty() && unknown.frames.is_empty());
}

#[test]
fn a_number_that_is_given_twice_ends_the_way_before() {
    let service = service();
    let (anna, boris) = (worker(&service, "Anna"), worker(&service, "Boris"));
    let mut two = Two::new(&anna, &boris);
    two.meet();
    let certificate = two.second.shift.certificate;
    let outcome = two.first.colleague(SECOND, &certificate);
    assert!(matches!(outcome.events[..], [ColleagueEvent::Left(..)]));
}

#[test]
fn a_program_that_has_started_again_is_met_anew() {
    let service = service();
    let (anna, boris) = (worker(&service, "Anna"), worker(&service, "Boris"));
    let mut two = Two::new(&anna, &boris);
    let (first, second) = two.meet();
    let (old_to_boris, old_to_anna) = (way(first), way(second));
    // Both ends are told, or the relay names the new socket before the old one has gone.
    let left = two.first.colleague_left(SECOND);
    assert!(matches!(left.events[..], [ColleagueEvent::Left(..)]));
    two.second.by_id.clear();
    let (first, second) = two.meet();
    let new_to_boris = way(first);
    assert!(new_to_boris != old_to_boris && way(second) != old_to_anna);
    assert!(two.first.tell(old_to_boris, vec![letter(1, "x")]).frames.is_empty());
    assert!(!two.first.tell(new_to_boris, vec![letter(2, "x")]).frames.is_empty());
}

#[test]
fn a_newer_socket_of_a_colleague_takes_the_place_of_the_older() {
    let service = service();
    let (anna, boris) = (worker(&service, "Anna"), worker(&service, "Boris"));
    let mut two = Two::new(&anna, &boris);
    two.meet();
    // The relay has not noticed yet that the older socket is dead.
    let (third, certificate) = (ColleagueId([3; 8]), two.second.shift.certificate);
    two.second.by_id.clear();
    let own = two.first.shift.certificate;
    let mut for_first = two.first.colleague(third, &certificate);
    let mut for_second = two.second.colleague(FIRST, &own);
    let mut events = Vec::new();
    while !for_first.frames.is_empty() || !for_second.frames.is_empty() {
        let (to_second, to_first) = (for_first.frames, for_second.frames);
        events.append(&mut for_first.events);
        (for_first, for_second) = Default::default();
        for cell in cells(to_second) {
            append(&mut for_second, two.second.whispered(FIRST, &cell));
        }
        for cell in cells(to_first) {
            append(&mut for_first, two.first.whispered(third, &cell));
        }
    }
    events.append(&mut for_first.events);
    assert!(matches!(events[..], [ColleagueEvent::Left(..), ColleagueEvent::Came(_)]));
    assert!(two.first.colleague_left(SECOND).events.is_empty(), "it was left already");
}

#[test]
fn hand_overs_travel_the_same_way() {
    let service = service();
    let (anna, boris) = (worker(&service, "Anna"), worker(&service, "Boris"));
    let mut two = Two::new(&anna, &boris);
    let (first, _) = two.meet();
    let triage = Triage {
        language: Language::from_code("ar").unwrap(),
        subject: Subject::Tests,
        channel: Channel::Card,
    };
    let id = HandOverId([4; 8]);
    let record = ColleagueRecord::HandOverRequest { id, triage, summary: String::new() };
    let told = two.first.tell(way(first), vec![Letter { tag: Tag(1), record: record.clone() }]);
    let (_, second) = two.carry(told, Outcome::default());
    assert!(matches!(&second[..], [ColleagueEvent::Said(_, _, Tag(1), said)] if *said == record));
}
