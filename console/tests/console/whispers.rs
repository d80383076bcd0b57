//! What workers on duty say to each other.

use serde_json::{Value, json};
use vestibule_console::desk_page::RunningDesk;
use vestibule_wire::{CELL_LEN, ColleagueId, RelayToWorker};

use crate::fake_relay::{FakeSocket, Introduced, introduce};
use crate::page::Page;
use crate::setting::{Setting, enrol, service};

/// Two workers on duty, and the sockets of both.
pub(crate) struct Two {
    pub(crate) setting: Setting,
    pub(crate) second_desk: RunningDesk,
    pub(crate) second_page: Page,
}

impl Two {
    pub(crate) async fn new() -> (Self, FakeSocket, FakeSocket) {
        Box::pin(Self::begin()).await
    }

    async fn begin() -> (Self, FakeSocket, FakeSocket) {
        let setting = Setting::new().await;
        let (second_desk, second_page) = setting.second_desk().await;
        let mut two = Self { setting, second_desk, second_page };
        let first = two.goes_on_duty(true).await;
        let second = two.goes_on_duty(false).await;
        (two, first, second)
    }

    async fn goes_on_duty(&mut self, first: bool) -> FakeSocket {
        let page = if first { &mut self.setting.page } else { &mut self.second_page };
        page.send(json!({ "type": "go_on_duty" })).await;
        self.setting.relay.worker_arrives().await
    }

    /// The relay names them to each other, and both show it.
    pub(crate) async fn meet(&mut self, first: FakeSocket, second: FakeSocket) -> Introduced {
        let introduced = introduce(first, second);
        self.second_page.colleague_on_duty(true).await;
        self.setting.page.colleague_on_duty(true).await;
        introduced
    }
}

impl Page {
    /// Waits until the one colleague is on duty, or no longer.
    pub(crate) async fn colleague_on_duty(&mut self, on_duty: bool) -> Value {
        loop {
            let colleagues = self.next_of("colleagues").await["colleagues"].take();
            assert_eq!(colleagues.as_array().unwrap().len(), 1);
            if colleagues[0]["on_duty"] == on_duty {
                return colleagues;
            }
        }
    }

    async fn whispers(&mut self, text: &str) {
        self.send(json!({ "type": "whisper", "colleague": 1, "text": text })).await;
    }
}

#[tokio::test]
async fn colleagues_whisper_both_ways_and_nothing_is_kept() {
    let (mut two, first, second) = Two::new().await;
    let introduced = introduce(first, second);
    let colleagues = two.setting.page.colleague_on_duty(true).await;
    let boris = json!({ "id": 1, "alias": "Boris", "role": "peer", "languages": ["en", "ru"],
                        "on_duty": true });
    assert_eq!(colleagues[0], boris);
    two.second_page.colleague_on_duty(true).await;

    two.setting.page.whispers("Є питання").await;
    let mine = two.setting.page.next_of("whisper").await;
    assert_eq!((&mine["colleague"], &mine["message"]["number"]), (&json!(1), &json!(1)));
    assert_eq!(mine["message"]["from"], "me");
    assert_eq!(mine["message"]["delivered"], false);
    assert_eq!(mine["message"]["failed"], false);
    let theirs = two.second_page.next_of("whisper").await;
    assert_eq!(theirs["message"]["text"], "Є питання");
    assert_eq!(theirs["message"]["from"], "colleague");
    let delivered = two.setting.page.next_of("whisper_delivered").await;
    assert_eq!(delivered, json!({ "type": "whisper_delivered", "colleague": 1, "up_to": 1 }));
    two.second_page.whispers("Так?").await;
    assert_eq!(two.setting.page.next_of("whisper").await["message"]["text"], "Так?");

    let snapshot = Page::open(&two.setting.desk).await.next().await;
    assert_eq!(snapshot["whispers"][0]["messages"].as_array().unwrap().len(), 2);
    two.setting.page.send(json!({ "type": "forget_whispers", "colleague": 1 })).await;
    assert_eq!(two.setting.page.next_of("whispers_forgotten").await["colleague"], 1);
    let snapshot = Page::open(&two.setting.desk).await.next().await;
    assert_eq!(snapshot["whispers"], json!([]));
    // The colleague's own are its own to forget: going off duty does.
    two.second_page.send(json!({ "type": "go_off_duty" })).await;
    two.second_page.next_of("whispers_forgotten").await;
    let snapshot = Page::open(&two.second_desk).await.next().await;
    assert_eq!(snapshot["whispers"], json!([]));
    assert_eq!(snapshot["colleagues"][0]["on_duty"], false);
    drop(introduced);
}

#[tokio::test]
async fn what_has_not_arrived_when_the_way_ends_has_failed() {
    let (mut two, first, second) = Two::new().await;
    let introduced = two.meet(first, second).await;
    drop(introduced);
    two.setting.page.colleague_on_duty(false).await;
    two.setting.page.whispers("?").await;
    let message = two.setting.page.next_of("whisper").await["message"].take();
    assert_eq!((&message["delivered"], &message["failed"]), (&json!(false), &json!(true)));
}

#[tokio::test]
async fn a_whisper_that_is_under_way_fails_with_the_way() {
    let (mut two, mut first, mut second) = Two::new().await;
    // By hand, so that the test can stop between two cells.
    let (first_id, second_id) = (ColleagueId([1; 8]), ColleagueId([2; 8]));
    first.names(second_id, &second).await;
    second.names(first_id, &first).await;
    let first_begins = first.carries_hello(second_id, &mut second, first_id).await;
    if !first_begins {
        assert!(second.carries_hello(first_id, &mut first, second_id).await);
    }
    two.setting.page.colleague_on_duty(true).await;
    two.setting.page.whispers("?").await;
    let mine = two.setting.page.next_of("whisper").await["message"].take();
    assert_eq!((&mine["number"], &mine["failed"]), (&json!(1), &json!(false)));
    first.tell(&RelayToWorker::ColleagueLeft(second_id)).await;
    let failed = two.setting.page.next_of("whisper").await["message"].take();
    assert_eq!((&failed["number"], &failed["failed"]), (&json!(1), &json!(true)));
}

#[tokio::test]
async fn nobody_whispers_to_a_stranger() {
    let (mut two, mut first, _second) = Two::new().await;
    let stranger = enrol(&service(two.setting.relay.origin()), "Mallory");
    let id = ColleagueId([9; 8]);
    let certificate = Box::new(stranger.shifts[0].certificate);
    first.tell(&RelayToWorker::Colleague(id, certificate)).await;
    first.tell(&RelayToWorker::Whispered(id, Box::new([0; CELL_LEN]))).await;
    two.setting.page.whispers("?").await;
    // The duty socket lives, and the page has heard of nobody.
    two.setting.page.send(json!({ "type": "accept", "offer": "0909090909090909" })).await;
    loop {
        let message = two.setting.page.next().await;
        assert!(message["type"] != "colleagues" && message["type"] != "whisper");
        if message["type"] == "notice" {
            break;
        }
    }
    two.setting.page.send(json!({ "type": "go_off_duty" })).await;
    assert!(first.is_told_nothing_but_goodbye().await);
}

#[tokio::test]
async fn limits_are_told() {
    let (mut two, first, second) = Two::new().await;
    let _introduced = two.meet(first, second).await;
    two.setting.page.whispers(&"x".repeat(4_001)).await;
    assert_eq!(two.setting.page.next_of("notice").await["notice"], "text_too_long");
    two.setting.page.whispers(&"x".repeat(4_000)).await;
    assert_eq!(two.second_page.next_of("whisper").await["message"]["number"], 1);
}
