//! The coordinator's commands as people run them.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Output, Stdio};

use vestibule_console::clock::Clock;
use vestibule_console::enrolment::{Enrolment, Terms};
use vestibule_console::key_file::Work;
use vestibule_console::origin::Origin;
use vestibule_console::service_file::Service;
use vestibule_console::{SecretString, dates};
use vestibule_protocol::Link;
use vestibule_wire::{
    Alias, Close, Language, LanguageSet, Leaflets, LinkKind, REVOCATIONS_LEN, Revocations, Role,
    ServiceCard, WorkerToRelay,
};

use crate::command_line::program;
use crate::fake_relay::FakeRelay;
use crate::setting::service;

const COORDINATOR: &str = "the coordinator's words";
const WORKER: &str = "the worker's words";
/// Files that open without the second that people wait.
const FAST: Work = Work::Factor(2);
const TERMS: &str = "--role peer --languages ru,en --days 3";
const SECRETS: &str = "--service-passphrase-file p1 --worker-passphrase-file p2";
const SERVICE: &str = "--service service.age --passphrase-file p1";

/// What came of a command: what it printed and what it said, or only the latter.
type Done = Result<(String, String), String>;

/// A service, and the files of Anna and Boris.
fn prepared(origin: &str) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path();
    fs::write(path.join("p1"), COORDINATOR).unwrap();
    fs::write(path.join("p2"), WORKER).unwrap();
    let mut service = service(origin);
    let now = Clock::system().now();
    for (alias, file) in [("Anna", "anna.age"), ("Boris", "boris.age")] {
        let terms = Terms {
            alias: Alias::new(alias).unwrap(),
            role: Role::Peer,
            languages: LanguageSet::from_bits(3).unwrap(),
            first_day: dates::start_of_day(now),
            days: 3,
        };
        let enrolment = service.enrol(terms, now).unwrap();
        fs::write(path.join(file), enrolment.seal(secret(WORKER), FAST)).unwrap();
    }
    fs::write(path.join("service.age"), service.seal(secret(COORDINATOR), FAST)).unwrap();
    directory
}

fn secret(text: &str) -> SecretString {
    SecretString::from(text.to_owned())
}

fn judged(output: &Output) -> Done {
    let said = String::from_utf8(output.stderr.clone()).unwrap();
    if output.status.success() {
        return Ok((String::from_utf8(output.stdout.clone()).unwrap(), said));
    }
    assert_eq!(output.status.code(), Some(2), "{said}");
    Err(said)
}

fn run(directory: &Path, args: &str) -> Done {
    judged(&program(directory, args).output().unwrap())
}

fn opened(directory: &Path) -> Service {
    let file = fs::read(directory.join("service.age")).unwrap();
    Service::open(&file, secret(COORDINATOR)).unwrap()
}

fn enrolment(directory: &Path, file: &str) -> Enrolment {
    let file = fs::read(directory.join(file)).unwrap();
    Enrolment::open(&file, secret(WORKER)).unwrap()
}

fn enrol(directory: &Path, alias: &str, file: &str) -> Done {
    let who = format!("--service service.age --alias {alias} --out {file}");
    run(directory, &format!("worker enrol {who} {TERMS} {SECRETS}"))
}

#[test]
fn workers_are_enrolled_renewed_and_listed() {
    let directory = prepared("https://relay.example");
    let path = directory.path();
    enrol(path, "Vera", "vera.age").unwrap();
    let refused = enrol(path, "Anna", "again.age").unwrap_err();
    assert!(refused.contains("worker renew"), "{refused}");
    assert!(!path.join("again.age").exists());

    let renew = "worker renew --service service.age --alias Anna --out";
    run(path, &format!("{renew} next.age --days 5 --role doctor {SECRETS}")).unwrap();
    let next = enrolment(path, "next.age");
    assert_eq!(next.shifts.len(), 5);
    assert_eq!(next.shifts[0].content.role.name(), "doctor");
    assert_eq!(next.shifts[0].content.languages.bits(), 3, "as before");
    let unknown = run(path, &format!("{renew} x.age {SECRETS}").replace("Anna", "Gleb"));
    assert!(unknown.unwrap_err().contains("worker roster"));

    let (listed, _) = run(path, &format!("worker roster {SERVICE}")).unwrap();
    assert_eq!(listed.lines().count(), 4);
    assert!(listed.starts_with("Anna: peer, en,ru, from 20"), "{listed}");
    // Nothing else lies in the folder: no half-written file.
    let mut names: Vec<_> =
        fs::read_dir(path).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort_unstable();
    assert_eq!(names, ["anna.age", "boris.age", "next.age", "p1", "p2", "service.age", "vera.age"]);
}

#[test]
fn links_and_doors_begin_with_the_page_where_it_is_apart() {
    let directory = prepared("https://relay.example");
    let path = directory.path();
    let door = |more: &str| {
        let made = run(path, format!("door new {SERVICE} --days 3 {more}").trim_end());
        made.map(|(address, _)| address.split('#').next().unwrap_or_default().to_owned())
    };
    let page = |address: &str| run(path, format!("service page {SERVICE} {address}").trim_end());
    assert_eq!(door("").unwrap(), "https://relay.example/");
    let (_, said) = page("--address https://page.example").unwrap();
    assert!(said.contains("https://page.example"), "{said}");
    assert_eq!(door("").unwrap(), "https://page.example/");
    assert_eq!(door("--relay https://relay.example").unwrap(), "https://relay.example/");
    let refused = door("--relay https://other.example").unwrap_err();
    assert!(refused.contains("https://page.example, https://relay.example"), "{refused}");
    assert!(page("--address http://page.example").is_err());

    let link = |file: &str| {
        let made = run(path, &format!("link new --worker {file} --passphrase-file p2"));
        made.unwrap().0.split('#').next().unwrap_or_default().to_owned()
    };
    let renew = format!("worker renew --service service.age --alias Anna --out next.age {SECRETS}");
    run(path, &renew).unwrap();
    assert_eq!(link("anna.age"), "https://relay.example/", "made before");
    assert_eq!(link("next.age"), "https://page.example/");
    page("").unwrap();
    assert_eq!(door("").unwrap(), "https://relay.example/");
}

#[tokio::test]
async fn a_revocation_reaches_the_relay() {
    let mut relay = FakeRelay::listen().await;
    let directory = prepared(relay.origin());
    let path = directory.path();
    let args = format!("worker revoke {SERVICE} --alias Anna --refuse-links");
    let mut child = program(path, &args);
    let child = child.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();

    let mut socket = relay.arrives("/ws/duty").await;
    let WorkerToRelay::Revoke { authority, revocations } = socket.hears().await else {
        panic!("the revocations are due");
    };
    let list = Revocations::verify(&revocations, &authority).unwrap();
    let key = |file| enrolment(path, file).shifts[1].content.shift_public;
    assert!(list.revokes_key(&key("anna.age")) && !list.revokes_key(&key("boris.age")));
    assert_eq!((list.number(), list.lowest_generation()), (1, 1));
    socket.closes(Close::Done).await;
    let (_, said) = judged(&child.wait_with_output().unwrap()).unwrap();
    assert!(said.contains("knows and refuses"), "{said}");
    assert!(said.contains("they are renewed") && said.contains("Boris"), "{said}");

    let file: [u8; REVOCATIONS_LEN] =
        fs::read(path.join("revocations.bin")).unwrap().try_into().unwrap();
    assert!(file == *list.as_bytes());
    let service = opened(path);
    assert!(service.authority.public() == authority);
    assert_eq!(service.revocations().unwrap().number(), 1);
    let (listed, _) = run(path, &format!("worker roster {SERVICE}")).unwrap();
    assert!(listed.contains("(sent off)") && listed.contains("the keys are refused"), "{listed}");
    // Whoever lost a file gets another.
    enrol(path, "Anna", "anew.age").unwrap();
    assert_eq!(enrolment(path, "anew.age").revocations.unwrap().number(), 1);
}

#[tokio::test]
async fn a_relay_that_is_slow_keeps_no_other_waiting() {
    let (mut slow, mut relay) = (FakeRelay::listen().await, FakeRelay::listen().await);
    let directory = prepared(slow.origin());
    let path = directory.path();
    let mut service = opened(path);
    service.origins.push(Origin::parse(relay.origin()).unwrap());
    fs::write(path.join("service.age"), service.seal(secret(COORDINATOR), FAST)).unwrap();
    let mut child = program(path, &format!("worker revoke {SERVICE} --alias Anna"));
    let child = child.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut late = slow.arrives("/ws/duty").await;
    let mut socket = relay.arrives("/ws/duty").await;
    socket.hears().await;
    socket.closes(Close::Done).await;
    late.hears().await;
    late.closes(Close::Done).await;
    judged(&child.wait_with_output().unwrap()).unwrap();
}

#[tokio::test]
async fn a_relay_that_does_not_know_is_told_of() {
    let mut relay = FakeRelay::listen().await;
    let directory = prepared(relay.origin());
    let path = directory.path();
    let args = format!("worker revoke {SERVICE} --alias Anna");
    let mut child = program(path, &args);
    let child = child.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut socket = relay.arrives("/ws/duty").await;
    socket.hears().await;
    socket.closes(Close::RevocationsRefused).await;
    let said = judged(&child.wait_with_output().unwrap()).unwrap_err();
    assert!(said.contains("did not take the list"), "{said}");
    assert!(said.contains("Not every relay knows yet"), "{said}");
    // What could be done was done.
    assert!(path.join("revocations.bin").exists());
    assert!(opened(path).revocations().is_some());
}

#[test]
fn doors_are_made_listed_and_shut() {
    let directory = prepared("https://relay.example");
    let path = directory.path();
    let new = format!("door new {SERVICE} --channel card --days 90");
    let (address, _) = run(path, &format!("{new} --sheet door.html")).unwrap();
    let address = address.trim();
    let link = Link::parse(address.strip_prefix("https://relay.example/#").unwrap()).unwrap();
    assert!(link.name().kind() == LinkKind::Door);
    let sheet = fs::read_to_string(path.join("door.html")).unwrap();
    assert_eq!(sheet.matches("<svg ").count(), 12);
    run(path, &new).unwrap();

    let (listed, _) = run(path, &format!("door list {SERVICE}")).unwrap();
    assert!(listed.contains("Door 1 (card)") && listed.contains(address), "{listed}");
    run(path, &format!("door revoke {SERVICE} --number 1 --no-publish")).unwrap();
    let list = opened(path).revocations().unwrap();
    assert!(list.revokes_door(&link.name().id));
    assert!(path.join("revocations.bin").exists());
    let (listed, _) = run(path, &format!("door list {SERVICE}")).unwrap();
    assert!(listed.contains(": shut") && listed.contains(": open"), "{listed}");

    for (args, sentence) in [
        (format!("door revoke {SERVICE} --number 1 --no-publish"), "no open door 1"),
        (format!("{new} --sheet door.html"), "exists already"),
        (new.replace("--days 90", "--days 800"), "1 to 723 days"),
        (new.replace("card", "return"), "not a channel"),
        (format!("{new} --relay https://other.example"), "not one of your service's"),
    ] {
        let said = run(path, &args).unwrap_err();
        assert!(said.contains(sentence), "{args}: {said}");
    }
}

#[cfg(unix)]
#[test]
fn a_door_that_could_not_be_shut_is_not_printed() {
    let directory = prepared("https://relay.example");
    let path = directory.path();
    let service = fs::read(path.join("service.age")).unwrap();
    let args = "door new --service /dev/stdin --passphrase-file p1 --days 9 --sheet door.html";
    let mut child = program(path, args);
    let child = child.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = child.spawn().unwrap();
    child.stdin.take().unwrap().write_all(&service).unwrap();
    let said = judged(&child.wait_with_output().unwrap()).unwrap_err();
    assert!(said.contains("/dev/stdin"), "the service cannot be written back: {said}");
    assert!(!path.join("door.html").exists());
}

#[test]
fn a_pack_is_made_checked_and_signed() {
    let directory = prepared("https://relay.example");
    let path = directory.path();
    run(path, "pack new words").unwrap();
    assert!(run(path, "pack new words").unwrap_err().contains("exists already"));
    let (_, said) = run(path, "pack check words").unwrap();
    assert!(said.contains("your clinician") && said.contains("can be used"), "{said}");
    let settings = path.join("words/pack.toml");
    let text = fs::read_to_string(&settings).unwrap();
    fs::write(&settings, text.replace("starter 2026-11", "ours 1")).unwrap();
    fs::remove_dir_all(path.join("words/ar/cards")).unwrap();

    let sign = format!("pack sign words {SERVICE} --out relay");
    let (lines, said) = run(path, &sign).unwrap();
    assert!(said.contains("ours 1"), "{said}");
    assert!(lines.contains("card = \"/") && lines.contains("leaflets = \"/"), "{lines}");
    let authority = opened(path).authority.public();
    let card = fs::read(path.join("relay/service-card.bin")).unwrap();
    assert_eq!(
        ServiceCard::verify(&card, &authority).unwrap().name.for_reader(Language::ENGLISH),
        "Open Door"
    );
    for language in ["en", "ru", "uk"] {
        let file = fs::read(path.join(format!("relay/leaflets/{language}.bin"))).unwrap();
        let leaflets = Leaflets::verify(&file, &authority).unwrap();
        assert_eq!(leaflets.language.code(), language);
        assert!(leaflets.cards.len() > 15);
    }
    assert!(!path.join("relay/leaflets/ar.bin").exists());

    // What cannot be taken away would go on to be served.
    fs::create_dir(path.join("relay/leaflets/ar.bin")).unwrap();
    assert!(run(path, &sign).unwrap_err().contains("ar.bin"));
    fs::remove_dir(path.join("relay/leaflets/ar.bin")).unwrap();

    // An error in one file: nothing is signed, nothing is replaced.
    fs::write(path.join("words/ru/cards/x.md"), "+++\ntitle = 1\n+++\n").unwrap();
    let before = fs::read(path.join("service.age")).unwrap();
    fs::create_dir(path.join("page")).unwrap();
    fs::write(path.join("page/index.html"), "x").unwrap();
    // Nor does a desk begin with it.
    let desk = "desk --worker anna.age --passphrase-file p2 --page page --no-open --pack words";
    for args in [sign.as_str(), "pack check words", desk] {
        let said = run(path, args).unwrap_err();
        assert!(said.contains("ru/cards/x.md, line 2:"), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }
    assert_eq!(fs::read(path.join("relay/service-card.bin")).unwrap(), card);
    assert_eq!(fs::read(path.join("service.age")).unwrap(), before);
}

#[test]
fn a_batch_of_links_is_printed_and_not_shown() {
    let directory = prepared("https://relay.example");
    let path = directory.path();
    let args = "link new --worker anna.age --passphrase-file p2 --count 2000 --sheet sheet.html";
    let (shown, _) = run(path, args).unwrap();
    assert!(shown.is_empty());
    let sheet = fs::read_to_string(path.join("sheet.html")).unwrap();
    assert_eq!(sheet.matches("<svg ").count(), 2_000);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(path.join("sheet.html")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    assert!(run(path, args).unwrap_err().contains("exists already"));
}
