//! What coordinators tell everybody on duty.

use serde_json::{Value, json};
use vestibule_console::clock::Clock;
use vestibule_console::dates;
use vestibule_console::desk_page::RunningDesk;
use vestibule_console::enrolment::{Enrolment, Terms};
use vestibule_console::random;
use vestibule_protocol::{AnnouncementId, ColleagueRecord, Colleagues, Era, LetterNumber};
use vestibule_wire::{Alias, ColleagueId, Epoch, LanguageSet, RelayToWorker, Role, WorkerToRelay};

use crate::fake_relay::introduce;
use crate::page::Page;
use crate::setting::{Setting, start_desk};

pub(crate) fn enrol_as(setting: &Setting, alias: &str, role: Role) -> Enrolment {
    let terms = Terms {
        alias: Alias::new(alias).unwrap(),
        role,
        languages: LanguageSet::from_bits(3).unwrap(),
        first_day: dates::start_of_day(Clock::system().now()),
        days: 2,
    };
    Enrolment::new(&setting.service, &terms)
}

async fn coordinator(setting: &Setting) -> (RunningDesk, Page) {
    let vera = enrol_as(setting, "Vera", Role::Coordinator);
    let desk = start_desk(vera, Clock::system()).await;
    let page = Page::open(&desk).await;
    (desk, page)
}

impl Page {
    async fn announcements(&mut self) -> Value {
        self.next_of("announcements").await["announcements"].take()
    }

    async fn announces(&mut self, text: &str) {
        self.send(json!({ "type": "announce", "text": text })).await;
    }
}

#[tokio::test]
async fn everybody_on_duty_and_whoever_comes_hears_it_until_it_is_withdrawn() {
    let mut setting = Setting::new().await;
    let (_desk, mut vera) = coordinator(&setting).await;
    vera.send(json!({ "type": "go_on_duty" })).await;
    let first = setting.relay.worker_arrives().await;
    // Before anybody is there.
    vera.announces("Fentanyl in Odesa.").await;
    let own = vera.announcements().await;
    assert_eq!((&own[0]["from"], &own[0]["text"]), (&json!(null), &json!("Fentanyl in Odesa.")));

    setting.page.send(json!({ "type": "go_on_duty" })).await;
    let second = setting.relay.worker_arrives().await;
    let introduced = introduce(first, second);
    let heard = setting.page.announcements().await;
    assert_eq!((&heard[0]["from"], &heard[0]["text"]), (&json!(1), &json!("Fentanyl in Odesa.")));
    vera.announces("The hall is closed.").await;
    let heard = setting.page.announcements().await;
    assert_eq!(heard[1]["text"], "The hall is closed.");

    // Dismissed is dismissed, also when the workers meet again; withdrawn is withdrawn for those who
    // were away.
    let dismiss = json!({ "type": "dismiss_announcement", "announcement": heard[0]["id"] });
    setting.page.send(dismiss).await;
    assert_eq!(setting.page.announcements().await.as_array().unwrap().len(), 1);
    drop(introduced);
    let own = vera.announcements().await;
    let withdraw = json!({ "type": "withdraw_announcement", "announcement": own[1]["id"] });
    vera.send(withdraw).await;
    let one = setting.relay.worker_arrives().await;
    let other = setting.relay.worker_arrives().await;
    let introduced = introduce(one, other);
    assert_eq!(setting.page.announcements().await, json!([]));
    vera.announces("Good night.").await;
    let heard = setting.page.announcements().await;
    assert_eq!(heard.as_array().unwrap().len(), 1);
    assert_eq!(heard[0]["text"], "Good night.");
    vera.announces(&"x".repeat(1_001)).await;
    assert_eq!(vera.next_of("notice").await["notice"], "text_too_long");
    drop(introduced);
}

#[tokio::test]
async fn nobody_announces_who_is_no_coordinator() {
    let mut setting = Setting::new().await;
    setting.page.next_of("snapshot").await;
    setting.page.announces("?").await;
    setting.page.send(json!({ "type": "set_capacity", "capacity": 2 })).await;
    assert_eq!(setting.page.next().await["type"], "capacity", "silence");
}

/// A console that says what an honest one does not.
#[tokio::test]
async fn what_somebody_announces_who_is_no_coordinator_is_not_believed() {
    for role in [Role::Peer, Role::Coordinator] {
        let mut setting = Setting::new().await;
        let stranger = enrol_as(&setting, "Mallory", role);
        let shift = stranger.shift_at(Clock::system().now()).unwrap();
        setting.page.send(json!({ "type": "go_on_duty" })).await;
        let mut duty = setting.relay.worker_arrives().await;
        let id = ColleagueId([7; 8]);
        duty.tell(&RelayToWorker::Colleague(id, Box::new(shift.certificate))).await;
        let (now, rng) = (Clock::system().now(), &mut random::system());
        let theirs = duty.certificate();
        let (colleagues, _) =
            Colleagues::new(stranger.authority, &shift.key, &shift.certificate, &theirs, now)
                .unwrap();
        let keys = &stranger.epoch(Epoch::current(now)).unwrap().keys;
        let mut channel = if colleagues.begins() {
            let (greeted, hello) = colleagues.greet(keys, Era(1), rng);
            duty.tell(&RelayToWorker::Whispered(id, hello)).await;
            let WorkerToRelay::Whisper(_, answer) = duty.hears().await else { panic!("no answer") };
            greeted.finish(&answer).unwrap()
        } else {
            let WorkerToRelay::Whisper(_, hello) = duty.hears().await else { panic!("no hello") };
            let (channel, answer) = colleagues.answer(&hello, keys, Era(1), rng).unwrap();
            duty.tell(&RelayToWorker::Whispered(id, answer)).await;
            channel
        };
        let announced =
            ColleagueRecord::Announcement(AnnouncementId([1; 8]), "Go home.".to_owned());
        let records = [announced, ColleagueRecord::Whisper("psst".to_owned())];
        for (number, record) in (1..).zip(records) {
            channel.say(LetterNumber(number), &record).unwrap();
        }
        while let Some(cell) = channel.next_cell() {
            duty.tell(&RelayToWorker::Whispered(id, Box::new(cell))).await;
        }
        setting.page.next_of("whisper").await;
        let snapshot = Page::open(&setting.desk).await.next().await;
        let believed = usize::from(role == Role::Coordinator);
        assert_eq!(snapshot["announcements"].as_array().unwrap().len(), believed);
    }
}
