//! A locked desk shows nothing of anybody, and a panic leaves nothing.

use std::fs;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::{Instant, timeout};
use vestibule_console::SecretString;
use vestibule_console::clock::Clock;
use vestibule_console::enrolment::Enrolment;
use vestibule_console::key_file::KeyFileError;
use vestibule_protocol::Record;
use vestibule_wire::{Close, OfferId};

use crate::fake_client::{FakeClient, live, opening};
use crate::fake_relay::FakeSocket;
use crate::page::Page;
use crate::setting::{PASSPHRASE, Setting, WORKER_FILE, enrol, hasten, passes, start_desk_in};

impl Page {
    async fn tries(&mut self, passphrase: &str) {
        self.send(json!({ "type": "unlock", "passphrase": passphrase })).await;
    }

    /// The next message, which is of a locked desk. Nothing came before it.
    async fn locked(&mut self, wrong_passphrase: bool) -> Value {
        let message = self.next().await;
        assert_eq!(message["type"], "locked", "{message}");
        assert_eq!(
            (&message["locked"], &message["wrong_passphrase"]),
            (&json!(true), &json!(wrong_passphrase))
        );
        message["wait_seconds"].clone()
    }
}

/// A live consultation in which something was said, at a desk that is locked now.
async fn locked() -> (Setting, FakeSocket, FakeClient) {
    let mut setting = Setting::new().await;
    let (duty, mut client) = live(&mut setting).await;
    client.says(&Record::text("before")).await;
    setting.page.next_of("message").await;
    setting.page.send(json!({ "type": "lock" })).await;
    loop {
        let message = setting.page.next().await;
        if message["type"] == "locked" {
            break;
        }
    }
    (setting, duty, client)
}

#[tokio::test]
async fn a_locked_desk_shows_nothing_of_anybody_and_does_nothing() {
    let (mut setting, mut duty, mut client) = Box::pin(locked()).await;
    let mut second = Page::open(&setting.desk).await;
    let snapshot = second.next().await;
    assert_eq!((&snapshot["locked"], &snapshot["worker"]["alias"]), (&json!(true), &json!("Anna")));
    assert_eq!(snapshot["duty"], json!({ "status": "off", "reason": null }));
    assert_eq!(snapshot["pack"], json!(null));
    for list in [
        "waiting",
        "consultations",
        "colleagues",
        "hand_overs",
        "whispers",
        "announcements",
        "coding",
        "totals",
    ] {
        assert_eq!(snapshot[list], json!([]), "{list}");
    }
    assert_eq!(snapshot["hand_in"], json!({ "handed_in": 0, "going": 0, "waiting": 0 }));
    second.locked(false).await;

    // What happens meanwhile, and what a page asks for.
    let number = client.says(&Record::text("while locked")).await;
    client.hears_delivered(number).await;
    let link = setting.link();
    let (_, waiting) = opening(&link, setting.relay.origin());
    duty.offers(OfferId([3; 8]), *link.name(), &waiting).await;
    for asked in [
        json!({ "type": "send", "consultation": 1, "text": "?" }),
        json!({ "type": "end", "consultation": 1 }),
        json!({ "type": "mute", "consultation": 1, "muted": true }),
        json!({ "type": "set_capacity", "capacity": 8 }),
        json!({ "type": "set_lock_minutes", "minutes": 60 }),
        json!({ "type": "make_links", "count": 1, "channel": "forum", "hours": 1 }),
        json!({ "type": "reload_pack" }),
        json!({ "type": "go_off_duty" }),
        json!({ "type": "network", "online": false }),
        json!({ "type": "active" }),
    ] {
        second.send(asked).await;
    }
    second.tries("wrong").await;
    // This and nothing else is all that either page has heard.
    second.locked(true).await;
    setting.page.locked(true).await;

    tokio::time::sleep(Duration::from_millis(1_100)).await;
    second.tries(PASSPHRASE).await;
    for page in [&mut setting.page, &mut second] {
        let open = page.next().await;
        assert_eq!((&open["type"], &open["locked"]), (&json!("locked"), &json!(false)));
        let snapshot = page.next().await;
        assert_eq!((&snapshot["locked"], &snapshot["capacity"]), (&json!(false), &json!(3)));
        assert_eq!(snapshot["duty"]["status"], "on");
        let consultation = &snapshot["consultations"][0];
        assert_eq!(
            (&consultation["status"], &consultation["muted"]),
            (&json!("open"), &json!(false))
        );
        let texts: Vec<&Value> =
            consultation["messages"].as_array().unwrap().iter().map(|it| &it["text"]).collect();
        assert_eq!(texts, ["before", "while locked"]);
        assert_eq!(snapshot["waiting"].as_array().unwrap().len(), 1);
    }
}

#[tokio::test]
async fn passphrases_are_not_tried_one_after_the_other() {
    let (mut setting, _duty, _client) = Box::pin(locked()).await;
    for wait in [1, 2] {
        setting.page.tries("wrong").await;
        assert_eq!(setting.page.locked(true).await, wait);
        // Too soon: the right one is not even looked at.
        setting.page.tries(PASSPHRASE).await;
        assert!(setting.page.locked(true).await.as_u64().unwrap() >= 1);
        tokio::time::sleep(Duration::from_millis(wait * 1_000 + 100)).await;
    }
    setting.page.tries(PASSPHRASE).await;
    assert_eq!(setting.page.next().await["locked"], false);
}

#[tokio::test]
async fn a_desk_that_nobody_touches_locks_itself() {
    hasten();
    let mut setting = Setting::new().await;
    let (_duty, _client) = live(&mut setting).await;
    passes(Duration::from_mins(9)).await;
    setting.page.send(json!({ "type": "active" })).await;
    passes(Duration::from_mins(9)).await;
    let snapshot = Page::open(&setting.desk).await.next().await;
    assert_eq!(snapshot["locked"], false);
    passes(Duration::from_mins(2)).await;
    let snapshot = Page::open(&setting.desk).await.next().await;
    assert_eq!((&snapshot["locked"], &snapshot["consultations"]), (&json!(true), &json!([])));
}

#[tokio::test]
async fn a_panic_ends_everything_and_no_passphrase_opens_the_file() {
    for locked in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        let mut setting = Setting::new().await;
        let anna = enrol(&setting.service, "Anna");
        setting.desk = start_desk_in(folder.path(), anna, Clock::system()).await;
        setting.page = Page::open(&setting.desk).await;
        let file = folder.path().join(WORKER_FILE);
        let before = fs::read(&file).unwrap();
        let passphrase = || SecretString::from(PASSPHRASE.to_owned());
        assert!(Enrolment::open(&before, passphrase()).is_ok());
        let (mut duty, mut client) = live(&mut setting).await;
        if locked {
            setting.page.send(json!({ "type": "lock" })).await;
        }
        setting.page.send(json!({ "type": "panic" })).await;
        assert!(client.hears_record().await == Record::Close);
        assert_eq!(client.line.closed_with().await, Some(Close::Done));
        assert_eq!(duty.closed_with().await, Some(Close::Done));
        timeout(Duration::from_secs(5), setting.desk.over()).await.expect("it ends by itself");
        let Setting { desk, mut page, .. } = setting;
        let stopping = tokio::spawn(desk.stop());
        assert_eq!(page.closed_with().await, 1001);
        stopping.await.unwrap();

        let after = fs::read(&file).unwrap();
        assert_eq!(after.len(), before.len());
        let refused = Enrolment::open(&after, passphrase()).err();
        assert!(matches!(refused, Some(KeyFileError::WrongPassphrase)));
    }
}

#[tokio::test]
async fn a_panic_does_not_wait_for_clients_that_cannot_be_reached() {
    let mut setting = Setting::new().await;
    let (_duty, client) = live(&mut setting).await;
    // The relay is gone without a word: nothing is read, nothing is acknowledged.
    let (_line, asked) = (client.line, Instant::now());
    setting.page.send(json!({ "type": "panic" })).await;
    setting.desk.over().await;
    assert!(asked.elapsed() < Duration::from_secs(2), "{:?}", asked.elapsed());
}
