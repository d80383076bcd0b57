//! A simulated month: services, workers at real desks and clients at a real relay, by a clock that is
//! moved by hand.

pub mod act;
pub mod compare;
pub mod page;
pub mod talk;
pub mod truth;
pub mod wave;
pub mod world;

use std::collections::BTreeMap;
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use tokio::time::sleep;
use vestibule_tests::service::{now, simulate_clock};
use vestibule_wire::{AuthorityKey, Period, Sums, Timestamp};

use crate::counter::published;
use crate::fleet::Defence;
use crate::store::Store;
use truth::week_of;
use world::{HAND_IN_LATER, HAND_IN_SOON, Office, SAME_REQUEST_WITHIN, World};

/// 2026-11-30, a Monday: the first day of every month here.
pub const FIRST_DAY: Timestamp = Timestamp(1_795_996_800);
const MINUTE_SECONDS: u32 = 60;
const HOUR_SECONDS: u32 = 60 * MINUTE_SECONDS;
const DAY_SECONDS: u32 = 24 * HOUR_SECONDS;
const WEEK_SECONDS: u32 = 7 * DAY_SECONDS;
/// A desk that nobody touches for an hour locks.
const HOP_SECONDS: u32 = 50 * MINUTE_SECONDS;
/// What a relay publishes of a week stands in its file half a day after it, or sooner.
const PUBLISHED_AFTER_SECONDS: u32 = 13 * HOUR_SECONDS;
/// How often it is looked whether it does.
const LOOK_INTERVAL: Duration = Duration::from_millis(20);
const LOOKS_MAX: usize = 3_000;

/// How large a month is.
#[derive(Clone, Copy)]
pub struct Size {
    /// Days, from a Monday.
    pub days: u32,
    /// Consultations, at least.
    pub consultations: usize,
    /// Workers of each service.
    pub workers: [usize; 3],
    /// Of them there at once.
    pub on_duty: usize,
    /// Times in a day at which clients come.
    pub waves: usize,
}

/// The month of the issue.
pub const FULL: Size =
    Size { days: 30, consultations: 10_000, workers: [14, 13, 13], on_duty: 5, waves: 3 };
/// One that a test has time for.
pub const SMALL: Size =
    Size { days: 9, consultations: 400, workers: [4, 3, 3], on_duty: 2, waves: 2 };

/// What a month has brought.
pub struct Outcome {
    /// What happened and what was published.
    pub services: Vec<ServiceOutcome>,
    /// Consultations that were begun.
    pub consultations: usize,
    /// Requests, those that nobody answered included.
    pub requests: usize,
}

/// Of one service, week by week.
pub struct ServiceOutcome {
    /// Which one.
    pub authority: AuthorityKey,
    /// What happened, by the first second of its week.
    pub truth: BTreeMap<u32, Box<Sums>>,
    /// What was published.
    pub periods: Vec<Period>,
}

/// A month that goes on.
pub struct Month {
    pub(crate) world: World,
    pub(crate) random: StdRng,
    pub(crate) size: Size,
    pub(crate) visitors: usize,
    pub(crate) consultations: usize,
}

/// Simulates a month from its first day to the moment at which everything of it is published.
pub async fn simulate(size: Size, defence: Defence, seed: u64) -> Outcome {
    simulate_clock(FIRST_DAY);
    let last_day = FIRST_DAY.plus_seconds((size.days - 1) * DAY_SECONDS);
    let last_week = week_of(last_day);
    let over = Timestamp(last_week.0 + WEEK_SECONDS + PUBLISHED_AFTER_SECONDS);
    let world = World::new(&size.workers, defence, over).await;
    let random = StdRng::seed_from_u64(seed);
    let mut month = Month { world, random, size, visitors: 0, consultations: 0 };
    for day in 0..size.days {
        month.day(FIRST_DAY.plus_seconds(day * DAY_SECONDS), day + 1 == size.days).await;
    }
    month.settle().await;
    month.move_clock(over).await;
    month.until_in_file().await;
    let mut services = Vec::new();
    for office in &month.world.services {
        let between = (FIRST_DAY, now());
        let way = &month.world.way;
        let periods = published(way, office.authority, &office.coordinator(), between).await;
        // Since then the next week has begun.
        let periods = periods.into_iter().filter(|period| period.start <= last_week).collect();
        let (authority, truth) = (office.authority, office.truth.weeks());
        services.push(ServiceOutcome { authority, truth, periods });
    }
    Outcome { services, consultations: month.consultations, requests: month.visitors }
}

impl Month {
    /// One day: some workers come, clients come in waves, the workers go, and some clients come too late.
    async fn day(&mut self, midnight: Timestamp, is_last: bool) {
        // The keys of half a week begin at noon of a Sunday: nobody sits at a desk then.
        let is_sunday = (midnight.0 - FIRST_DAY.0) / DAY_SECONDS % 7 == 6;
        let begins = if is_sunday { 12 * HOUR_SECONDS + 1_800 } else { self.begins() };
        self.move_clock(midnight.plus_seconds(begins)).await;
        self.come(is_last).await;
        for wave in 0..self.size.waves {
            self.wave().await;
            if wave + 1 < self.size.waves {
                let pause = self.random.random_range(MINUTE_SECONDS..2 * HOUR_SECONDS);
                self.move_clock(now().plus_seconds(pause)).await;
            }
        }
        self.go(is_last).await;
        self.settle().await;
    }

    /// Some days begin at night.
    fn begins(&mut self) -> u32 {
        let hours = [3, 7, 8, 9, 10];
        hours[self.random.random_range(0..hours.len())] * HOUR_SECONDS + 600
    }

    async fn come(&mut self, is_last: bool) {
        let page_folder = self.world.page_folder();
        for office in &mut self.world.services {
            let at_once = if is_last { office.workers.len() } else { self.size.on_duty };
            let first = self.random.random_range(0..office.workers.len());
            for place in 0..at_once.min(office.workers.len()) {
                let place = (first + place) % office.workers.len();
                let later = !is_last && self.random.random_bool(0.15);
                let within = if later { HAND_IN_LATER } else { HAND_IN_SOON };
                let worker = &mut office.workers[place];
                worker.come(&page_folder, within).await;
                worker.hands_in_later = later;
                office.truth.staffed_from(now());
                if !later && let Some(carried) = worker.carried.take() {
                    worker.desk.as_ref().expect("they came").until_handed_in().await;
                    office.truth.add(&carried, now());
                }
            }
        }
    }

    async fn go(&mut self, is_last: bool) {
        for place in 0..self.world.services.len() {
            let office = &mut self.world.services[place];
            for at in 0..office.workers.len() {
                if office.workers[at].desk.is_none() {
                    continue;
                }
                let worker = &mut office.workers[at];
                let handed_in = worker.go_off_duty().await;
                if worker.hands_in_later {
                    worker.carry(handed_in);
                } else if let Some(sums) = handed_in {
                    worker.desk.as_ref().expect("they are there").until_handed_in().await;
                    office.truth.add(&sums, now());
                }
                office.workers[at].leave().await;
            }
            office.truth.unstaffed_from(now());
        }
        self.come_too_late().await;
        assert!(!is_last || self.world.services.iter().all(Office::has_handed_in));
    }

    /// Moves the clock, in steps that lock no desk.
    pub(crate) async fn move_clock(&mut self, until: Timestamp) {
        while now() < until {
            let hop = if self.world.desks().next().is_some() { HOP_SECONDS } else { u32::MAX };
            let next = now().0.saturating_add(hop).min(until.0);
            simulate_clock(Timestamp(next));
            for desk in self.world.desks() {
                desk.touch().await;
            }
        }
    }

    /// Who has left does not come again: only then is their request over.
    async fn settle(&self) {
        sleep(SAME_REQUEST_WITHIN + SAME_REQUEST_WITHIN / 4).await;
    }

    /// Waits until the weeks that are over stand in the file, of each service.
    async fn until_in_file(&self) {
        let weeks = self.size.days.div_ceil(7) as usize;
        for _ in 0..LOOKS_MAX {
            let periods = Store::periods(&self.world.file);
            let services = &self.world.services;
            if services.iter().all(|it| periods.get(&it.authority.to_hex()) >= Some(&weeks)) {
                return;
            }
            sleep(LOOK_INTERVAL).await;
        }
        panic!("the weeks are published");
    }
}
