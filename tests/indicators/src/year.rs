//! All tables of a year: 52 weeks of many services, published by a relay's process, whose clock is
//! moved by hand. In each week of each service one target is somebody else; in one table there is also
//! somebody who comes every week, against whose pattern nothing is promised.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;
use vestibule_tests::service::{now, simulate_clock};
use vestibule_tests::socket::Way;
use vestibule_tests::worker::DutyWorker;
use vestibule_wire::{CELLS, Cell, Period, Role, Table, Timestamp};

use crate::by_hand::HandClock;
use crate::counter::{hand_in, published};
use crate::fleet::{Defence, Fleet, Member};
use crate::month::FIRST_DAY;
use crate::question::{DEFAULT_EPSILON, Known, QUESTIONS, Question, Target, tables_of_slips, told};
use crate::statistics::Verdicts;
use crate::store::Store;
use crate::traffic::each;

/// Periods of a year.
pub const WEEKS: usize = 52;
const WEEK_SECONDS: u32 = 604_800;
/// Every week is published by then.
const PUBLISHED_AFTER_SECONDS: u32 = 13 * 3_600;
const LOOK_INTERVAL: Duration = Duration::from_millis(20);
const LOOKS_MAX: usize = 6_000;
/// Where somebody who comes every week is counted, or nobody.
const EVERY_WEEK: Cell = Cell::of("visit", "again");

/// What the attacker who has all tables said.
pub struct Year {
    /// To each question about one target of one week.
    pub one_week: Vec<(Question, Verdicts)>,
    /// To whether somebody came in every week. This is outside of what is promised.
    pub every_week: Verdicts,
}

/// Publishes a year of so many services, and asks. The process must not simulate another clock.
pub async fn attack(services: usize, defence: Defence) -> Year {
    simulate_clock(FIRST_DAY);
    let fleet = Fleet::new(services, defence);
    let clock = HandClock::begin(fleet.folder(), FIRST_DAY);
    let running = fleet.start_by(&clock).await;
    let way = &running.way;
    let mut weeks: Vec<Vec<Target>> = Vec::new();
    let comes: Vec<bool> = (0..services).map(|place| place % 2 == 0).collect();
    for week in 0..WEEKS {
        let begins = FIRST_DAY.plus_seconds(week as u32 * WEEK_SECONDS);
        clock.set(begins.plus_seconds(PUBLISHED_AFTER_SECONDS));
        until_in_file(&fleet, week).await;
        let targets: Vec<Target> = (0..services).map(|_| Target::draw()).collect();
        let members = fleet.members.iter().zip(targets.iter().copied()).zip(comes.iter().copied());
        let work = members.map(|((member, target), comes)| (Arc::clone(member), target, comes));
        each(work, |(member, target, comes)| count_week(way.clone(), member, target, comes)).await;
        weeks.push(targets);
    }
    clock.set(Timestamp(now().0 + WEEK_SECONDS));
    until_in_file(&fleet, WEEKS).await;
    let reading = fleet.members.iter().map(|member| (way.clone(), Arc::clone(member)));
    let tables = each(reading, |(way, member)| read(way, member)).await;
    judge(&weeks, &comes, &tables)
}

async fn count_week(way: Way, member: Arc<Member>, target: Target, comes: bool) {
    let shift = member.service.shift();
    let duty = DutyWorker::go_on_duty(&way, &member.service, shift).await;
    let (authority, keys) = (member.authority(), member.keys());
    for table in tables_of_slips() {
        hand_in(&way, authority, &keys, table, &target.slip(table)).await;
    }
    if comes {
        let (table, place) = EVERY_WEEK.table();
        let mut counts = vec![0; table.len()];
        counts[place] = 1;
        hand_in(&way, authority, &keys, table, &counts).await;
    }
    duty.socket.finish().await;
}

async fn read(way: Way, member: Arc<Member>) -> Vec<Period> {
    let coordinator = member.service.shift_as(Role::Coordinator);
    let always = (Timestamp(0), Timestamp(u32::MAX));
    published(&way, member.authority(), &coordinator, always).await
}

/// Waits until so many weeks of each service stand in the file.
async fn until_in_file(fleet: &Fleet, weeks: usize) {
    for _ in 0..LOOKS_MAX {
        let periods = Store::periods(&fleet.path());
        let written = |member: &Arc<Member>| {
            periods.get(&member.authority().to_hex()).copied().unwrap_or_default() >= weeks
        };
        if fleet.members.iter().all(written) {
            return;
        }
        sleep(LOOK_INTERVAL).await;
    }
    panic!("the weeks are published");
}

fn judge(weeks: &[Vec<Target>], comes: &[bool], tables: &[Vec<Period>]) -> Year {
    let nothing = Box::new([0; CELLS]);
    let known = Known { somebody_waits: false, somebody_came: false };
    let ask = |question: &Question, verdicts: &mut Verdicts| {
        let noise = question.noise(2);
        for (week, targets) in weeks.iter().enumerate() {
            for (target, periods) in targets.iter().zip(tables) {
                let sums = &periods[week].sums;
                let rest = |cell| question.rest(cell, sums, &nothing, known);
                verdicts.add(target.is(question.secret), question.answer(&noise, rest));
            }
        }
    };
    let one_week = told().into_iter().filter(Question::is_of_slips).map(|question| {
        let mut verdicts = Verdicts::default();
        let same = QUESTIONS.iter().filter(|other| other.name == question.name);
        same.for_each(|question| ask(question, &mut verdicts));
        (question, verdicts)
    });
    let table: &Table = EVERY_WEEK.table().0;
    let noise = crate::noise::Noise::of_table(table, DEFAULT_EPSILON, 2);
    let mut every_week = Verdicts::default();
    for (comes, periods) in comes.iter().zip(tables) {
        let evidence = |period: &Period| {
            let sum = i64::from(EVERY_WEEK.sum(&period.sums));
            noise.evidence(sum - 1, sum)
        };
        let evidence: f64 = periods.iter().take(WEEKS).map(evidence).sum();
        every_week.add(*comes, evidence > 0.0);
    }
    Year { one_week: one_week.collect(), every_week }
}
