//! A client's file: whether it comes, how far it is, and what the worker sees of it.

use serde_json::{Value, json};
use vestibule_console::clock::Clock;
use vestibule_protocol::{FileKind, FileNumber, FileOffer, FileReply, Record};
use vestibule_wire::hex_array;

use crate::desk_socket::request;
use crate::fake_client::{FakeClient, live};
use crate::fake_relay::FakeSocket;
use crate::page::Page;
use crate::setting::{Setting, enrol, start_desk_with, viewer};

const FIRST: FileNumber = FileNumber(1);

/// Three by two red pixels.
fn photograph() -> Vec<u8> {
    let png: [u8; 73] = hex_array(
        "89504e470d0a1a0a0000000d49484452000000030000000208020000001216f14d0000001049444154789c63f8cfc0\
         00410c70160041d205fb87f0b9480000000049454e44ae426082",
    )
    .unwrap();
    png.to_vec()
}

/// A consultation at a desk that says at once what it has to say.
async fn setting() -> (Setting, FakeSocket, FakeClient, tempfile::TempDir) {
    let mut setting = Setting::new().await;
    let folder = tempfile::tempdir().unwrap();
    let worker_file = folder.path().join("worker.age");
    std::fs::write(&worker_file, "sealed").unwrap();
    let options = vestibule_console::desk_page::DeskOptions {
        worker_file,
        pack_folder: None,
        save_data: true,
        viewer: viewer(),
    };
    let anna = enrol(&setting.service, "Anna");
    setting.desk = start_desk_with(options, anna, Clock::system()).await;
    setting.page = Page::open(&setting.desk).await;
    let (duty, client) = live(&mut setting).await;
    (setting, duty, client, folder)
}

impl Setting {
    /// The client offers a file, and the worker says something to it.
    async fn file_offered(&mut self, client: &mut FakeClient, size: usize, says: &str) -> Value {
        self.offered(client, FileKind::Png, size, says).await
    }

    async fn offered(
        &mut self,
        client: &mut FakeClient,
        kind: FileKind,
        size: usize,
        says: &str,
    ) -> Value {
        let offer = FileOffer { file: FIRST, kind, size };
        client.says(&Record::FileOffer(offer)).await;
        let message = self.page.next_of("message").await["message"].take();
        self.page.send(json!({ "type": says, "consultation": 1, "file": 1 })).await;
        message
    }

    /// The next news of the file.
    async fn file(&mut self) -> Value {
        self.page.next_of("file").await["file"].take()
    }

    async fn file_is(&mut self, status: &str) -> Value {
        loop {
            let file = self.file().await;
            if file["status"] == status {
                return file;
            }
        }
    }

    /// Has a file come whole.
    async fn file_comes(&mut self, client: &mut FakeClient, content: Vec<u8>) {
        self.comes(client, FileKind::Png, content).await;
    }

    async fn comes(&mut self, client: &mut FakeClient, kind: FileKind, content: Vec<u8>) {
        self.offered(client, kind, content.len(), "accept_file").await;
        assert!(client.hears_reply().await == FileReply::Send);
        assert_eq!(self.file().await["status"], "coming");
        client.session.send_file(FIRST, content.into()).unwrap();
        client.sends_due().await;
        assert!(client.hears_reply().await == FileReply::Received);
        let file = self.file_is("here").await;
        assert_eq!(file["came"], file["size"]);
    }

    async fn looks(&mut self) {
        self.page.send(json!({ "type": "look_at_file", "consultation": 1, "file": 1 })).await;
    }
}

impl FakeClient {
    async fn hears_reply(&mut self) -> FileReply {
        match &self.hears_record().await {
            Record::FileReply { file: FIRST, reply } => *reply,
            _ => panic!("no reply to the file"),
        }
    }
}

#[tokio::test]
async fn a_photograph_comes_and_is_seen_once() {
    let (mut setting, _duty, mut client, _folder) = setting().await;
    setting.file_comes(&mut client, photograph()).await;
    setting.looks().await;
    let pictures = setting.page.next_of("pictures").await;
    assert_eq!((&pictures["consultation"], &pictures["file"]), (&json!(1), &json!(1)));
    assert_eq!(pictures["pages"], 1);
    let path = pictures["paths"][0].as_str().unwrap();
    assert_eq!(pictures["paths"].as_array().unwrap().len(), 1);
    let get = format!("GET {path} HTTP/1.1\r\nhost: HOST");
    let answer = request(&setting.desk, &get).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    assert!(answer.contains("content-type: image/png") && answer.contains("no-store"));
    assert!(answer.contains("PNG") && answer.contains("IHDR"));
    let again = request(&setting.desk, &get).await;
    assert!(again.starts_with("HTTP/1.1 404"), "one look");
}

/// What an element of the page that plays something gets at this path.
async fn played(setting: &Setting, path: &str, more: &str) -> String {
    let get = format!("GET {path} HTTP/1.1\r\nhost: HOST\r\nsec-fetch-dest: audio{more}");
    request(&setting.desk, &get).await
}

#[tokio::test]
async fn a_voice_note_comes_and_is_heard_again_until_the_next_look() {
    let (mut setting, _duty, mut client, _folder) = setting().await;
    setting.comes(&mut client, FileKind::Voice, vec![0x77; 8_000]).await;
    setting.looks().await;
    let sound = setting.page.next_of("sound").await;
    assert_eq!((&sound["consultation"], &sound["file"]), (&json!(1), &json!(1)));
    let path = sound["path"].as_str().unwrap();
    assert_eq!(path.len(), "/sound/".len() + 32);
    for _ in 0..2 {
        let answer = played(&setting, path, "").await;
        assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
        assert!(answer.contains("content-type: audio/wav") && answer.contains("no-store"));
        assert!(answer.contains("content-length: 32044") && answer.contains("WAVEfmt"));
    }
    let part = played(&setting, path, "\r\nrange: bytes=0-3").await;
    assert!(part.starts_with("HTTP/1.1 206") && part.ends_with("RIFF"), "{part}");
    let saved = request(&setting.desk, &format!("GET {path} HTTP/1.1\r\nhost: HOST")).await;
    assert!(saved.starts_with("HTTP/1.1 404"), "nobody but a player");
    setting.looks().await;
    let next = setting.page.next_of("sound").await;
    assert!(next["path"] != sound["path"]);
    assert!(played(&setting, path, "").await.starts_with("HTTP/1.1 404"));
    setting.page.send(json!({ "type": "lock" })).await;
    setting.page.next_of("locked").await;
    let answer = played(&setting, next["path"].as_str().unwrap(), "").await;
    assert!(answer.starts_with("HTTP/1.1 404"), "a locked desk says nothing");
}

#[tokio::test]
async fn a_long_file_is_told_of_in_steps_and_words_pass_it() {
    let (mut setting, _duty, mut client, _folder) = setting().await;
    let content = vec![7; 600_000];
    setting.file_offered(&mut client, content.len(), "accept_file").await;
    assert!(client.hears_reply().await == FileReply::Send);
    client.session.send_file(FIRST, content.into()).unwrap();
    client.says(&Record::text("смотрите")).await;
    while !matches!(client.hears_record().await, Record::FileReply { .. }) {}
    let mut steps = Vec::new();
    let mut words = false;
    loop {
        let message = setting.page.next().await;
        words |= message["message"]["text"] == "смотрите";
        let file = &message["file"];
        if message["type"] == "file" && file["status"] == "coming" {
            assert!(steps.is_empty() || words, "words went first");
            steps.push(file["came"].as_u64().unwrap());
        }
        if message["type"] == "file" && file["status"] == "here" {
            break;
        }
    }
    assert!((5..=25).contains(&steps.len()) && steps.is_sorted(), "{steps:?}");
}

#[tokio::test]
async fn a_file_that_is_not_wanted_does_not_come() {
    let (mut setting, _duty, mut client, _folder) = setting().await;
    let message = setting.file_offered(&mut client, 100_000, "refuse_file").await;
    assert_eq!((&message["kind"], &message["from"]), (&json!("file"), &json!("client")));
    let wanted =
        json!({ "file": 1, "kind": "png", "size": 100_000, "came": 0, "status": "offered" });
    assert_eq!(message["file"], wanted);
    assert!(client.hears_reply().await == FileReply::Refused);
    assert_eq!(setting.file().await["status"], "refused");
    assert!(client.session.send_file(FIRST, vec![1; 100_000].into()).is_err());
}

#[tokio::test]
async fn a_file_that_does_not_come_to_its_end_is_withdrawn() {
    let (mut setting, _duty, mut client, _folder) = setting().await;
    setting.file_offered(&mut client, 100_000, "accept_file").await;
    assert!(client.hears_reply().await == FileReply::Send);
    client.says(&Record::FileWithdrawn { file: FIRST }).await;
    setting.file_is("withdrawn").await;
    let offer = FileOffer { file: FileNumber(2), kind: FileKind::Pdf, size: 9 };
    client.says(&Record::FileOffer(offer)).await;
    setting.page.next_of("message").await;
    client.says(&Record::Close).await;
    let file = setting.file_is("withdrawn").await;
    assert_eq!((&file["file"], &file["kind"]), (&json!(2), &json!("pdf")));
}

#[tokio::test]
async fn what_cannot_be_shown_is_said_so_and_a_forgotten_file_is_gone() {
    let (mut setting, _duty, mut client, _folder) = setting().await;
    setting.file_comes(&mut client, vec![0x89; 5_000]).await;
    setting.looks().await;
    assert_eq!(setting.page.next_of("notice").await["notice"], "file_not_shown");
    client.says(&Record::Close).await;
    setting.page.consultation("ended").await;
    setting.page.send(json!({ "type": "forget", "consultation": 1 })).await;
    setting.page.next_of("forgotten").await;
    setting.looks().await;
    setting.page.send(json!({ "type": "set_capacity", "capacity": 4 })).await;
    assert_eq!(setting.page.next().await["type"], "totals");
    assert_eq!(setting.page.next().await["type"], "capacity", "nothing came of the look");
}
