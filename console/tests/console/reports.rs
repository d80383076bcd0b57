//! A coordinator asks for the service's totals: on the command line, and on the desk.

use std::path::Path;
use std::process::Stdio;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use vestibule_console::SecretString;
use vestibule_console::clock::Clock;
use vestibule_console::dates;
use vestibule_console::desk_page::RunningDesk;
use vestibule_console::key_file::Work;
use vestibule_wire::{
    CELLS, Cell, Close, IndicatorsToRelay, NOISES_MAX, Noise, Period, RelayToIndicators, Role,
    Timestamp,
};

use crate::announcements::enrol_as;
use crate::command_line::program;
use crate::fake_relay::{FakeRelay, FakeSocket};
use crate::page::Page;
use crate::setting::{PASSPHRASE, Setting, start_desk};

const NOVEMBER: &str = "--from 2026-11-01 --to 2026-11-30";
/// Monday, 2026-11-02.
const MONDAY: &str = "2026-11-02";

fn week(number: u32, one_time: i32) -> Period {
    let start = dates::day(MONDAY).unwrap().plus_seconds(number * 604_800);
    let mut noises = [Noise::default(); NOISES_MAX];
    noises[0] = Noise { epsilon_millionths: 250_000, batches: 1 };
    let mut sums = Box::new([0; CELLS]);
    sums[Cell::of("request", "one_time").index()] = one_time;
    let end = start.plus_seconds(604_800);
    Period { start, end, covered_minutes: 10_080, noises, sums }
}

/// A file of this role, and how to open it.
fn prepared(setting: &Setting, role: Role) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    let sealed = enrol_as(setting, "Vera", role)
        .seal(SecretString::from(PASSPHRASE.to_owned()), Work::Factor(2));
    std::fs::write(directory.path().join("vera.age"), sealed).unwrap();
    std::fs::write(directory.path().join("p"), PASSPHRASE).unwrap();
    directory
}

/// Runs the command while the test is the relay. What it printed, or what it said when it could not.
fn asks(directory: &Path, args: &str) -> tokio::task::JoinHandle<Result<String, String>> {
    let args = format!("report --worker vera.age --passphrase-file p {args}");
    let mut program = program(directory, &args);
    program.stdout(Stdio::piped()).stderr(Stdio::piped());
    tokio::task::spawn_blocking(move || {
        let output = program.output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        if output.status.success() {
            return Ok(text(output.stdout));
        }
        assert_eq!(output.status.code(), Some(2));
        Err(text(output.stderr))
    })
}

impl FakeSocket {
    /// Takes a coordinator's sign-in as the specification says, and returns what is asked for.
    async fn is_asked(&mut self, origin: &str) -> (Timestamp, Timestamp) {
        let now = Clock::system().now();
        let challenge = self.send_challenge(now).await;
        let frame = IndicatorsToRelay::decode(&self.receives().await).ok().unwrap();
        let IndicatorsToRelay::SignIn(sign_in) = frame else { panic!("no sign-in") };
        let worker = challenge.verify(&sign_in, &[origin.to_owned()], now).unwrap();
        assert!(worker.content.role == Role::Coordinator);
        self.sends(&RelayToIndicators::SignedIn.encode()).await;
        let frame = IndicatorsToRelay::decode(&self.receives().await).ok().unwrap();
        let IndicatorsToRelay::ReportRequest { from, until } = frame else { panic!("no request") };
        (from, until)
    }

    async fn tells(&mut self, periods: &[Period]) {
        for period in periods {
            self.sends(&RelayToIndicators::Period(Box::new(period.clone())).encode()).await;
        }
    }
}

/// Is a relay that has published these, once.
async fn publishes(relay: &mut FakeRelay, periods: &[Period]) -> (Timestamp, Timestamp) {
    let origin = relay.origin().to_owned();
    let mut socket = relay.arrives("/ws/indicators").await;
    let asked = socket.is_asked(&origin).await;
    socket.tells(periods).await;
    socket.closes(Close::Done).await;
    asked
}

#[tokio::test]
async fn the_command_asks_adds_up_and_prints() {
    let mut setting = Setting::new().await;
    let directory = prepared(&setting, Role::Coordinator);
    let report = asks(directory.path(), &format!("{NOVEMBER} --format json"));
    // The last one first: a report has them in order.
    let asked = publishes(&mut setting.relay, &[week(1, 30), week(0, 70)]).await;
    let day = |text: &str| dates::day(text).unwrap();
    assert_eq!(asked, (day("2026-11-01"), day("2026-12-01")));
    let report: Value = serde_json::from_str(&report.await.unwrap().unwrap()).unwrap();
    let request = &report["tables"][0]["labels"][0];
    assert_eq!((&request["label"], &request["value"]), (&json!("one_time"), &json!(100)));
    assert_eq!(report["periods"][0]["start"], MONDAY);
    assert_eq!(report["service"]["name"]["en"], "Open Door");

    // Into a file, for a browser. It is the owner's alone, and nothing is overwritten.
    let to_file = format!("{NOVEMBER} --format html --out november.html --language ar");
    let report = asks(directory.path(), &to_file);
    publishes(&mut setting.relay, &[week(0, 70)]).await;
    assert_eq!(report.await.unwrap().unwrap(), "");
    let page = std::fs::read_to_string(directory.path().join("november.html")).unwrap();
    assert!(page.starts_with("<!doctype html>\n<html lang=\"ar\" dir=\"rtl\">"));
    let refused = asks(directory.path(), &to_file).await.unwrap().unwrap_err();
    assert!(refused.contains("november.html"), "{refused}");
}

#[tokio::test]
async fn what_cannot_be_is_said_in_a_sentence() {
    let mut setting = Setting::new().await;
    let directory = prepared(&setting, Role::Coordinator);
    let path = directory.path();
    let said = |report: Result<String, String>| report.unwrap_err();

    let backwards = asks(path, "--from 2026-11-02 --to 2026-11-01").await.unwrap();
    assert!(said(backwards).contains("last day"));

    let none = asks(path, NOVEMBER);
    publishes(&mut setting.relay, &[]).await;
    assert!(said(none.await.unwrap()).contains("no totals"));

    let broken = asks(path, NOVEMBER);
    let origin = setting.relay.origin().to_owned();
    let mut socket = setting.relay.arrives("/ws/indicators").await;
    socket.is_asked(&origin).await;
    socket.tells(&[week(0, 1)]).await;
    drop(socket);
    assert!(said(broken.await.unwrap()).contains("does not answer"), "half a report is none");

    for periods in [vec![week(0, 1), week(0, 2)], vec![week(9, 1)]] {
        let foreign = asks(path, NOVEMBER);
        let mut socket = setting.relay.arrives("/ws/indicators").await;
        socket.is_asked(&origin).await;
        socket.tells(&periods).await;
        assert_eq!(socket.closed_with().await, Some(Close::Malformed));
        assert!(said(foreign.await.unwrap()).contains("not as a relay that counts"));
    }

    let refused = asks(path, NOVEMBER);
    let mut socket = setting.relay.arrives("/ws/indicators").await;
    socket.send_challenge(Clock::system().now()).await;
    socket.receives().await;
    socket.closes(Close::CertificateRefused).await;
    assert!(said(refused.await.unwrap()).contains("did not accept"));

    let late = asks(path, NOVEMBER);
    let mut socket = setting.relay.arrives("/ws/indicators").await;
    socket.send_challenge(Clock::system().now().plus_seconds(4_000)).await;
    assert!(said(late.await.unwrap()).contains("more than an hour"));

    let directory = prepared(&setting, Role::Doctor);
    let doctor = asks(directory.path(), NOVEMBER).await.unwrap();
    assert!(said(doctor).contains("coordinator"));
}

async fn desk_of(setting: &Setting, role: Role) -> (RunningDesk, Page) {
    let desk = start_desk(enrol_as(setting, "Vera", role), Clock::system()).await;
    let page = Page::open(&desk).await;
    (desk, page)
}

fn question() -> Value {
    json!({ "type": "make_report", "from": "2026-11-01", "to": "2026-11-30", "language": "uk" })
}

/// What a browser is given at this path, with its head.
async fn got(desk: &RunningDesk, method: &str, path: &str, more: &str) -> String {
    let host = desk.origin().strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(host).await.unwrap();
    let request =
        format!("{method} {path} HTTP/1.1\r\nhost: {host}\r\n{more}connection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn a_report_on_the_desk_is_served_once() {
    let mut setting = Setting::new().await;
    let (desk, mut page) = desk_of(&setting, Role::Coordinator).await;
    page.send(question()).await;
    publishes(&mut setting.relay, &[week(0, 70)]).await;
    let path = page.next_of("report").await["path"].as_str().unwrap().to_owned();
    assert!(path.starts_with("/report/") && path.len() == 8 + 32, "{path}");

    // Neither a stranger's page nor a look ahead takes it away.
    let foreign = got(&desk, "GET", &path, "origin: https://evil.example\r\n").await;
    assert!(foreign.starts_with("HTTP/1.1 403"), "{foreign}");
    assert!(got(&desk, "HEAD", &path, "").await.starts_with("HTTP/1.1 404"));
    let answer = got(&desk, "GET", &path, "").await;
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    assert!(answer.contains("<html lang=\"uk\" dir=\"ltr\">"));
    let policies: Vec<&str> =
        answer.lines().filter(|line| line.starts_with("content-security-policy: ")).collect();
    let [policy] = policies[..] else { panic!("{policies:?}") };
    assert!(policy.contains("default-src 'none'; style-src 'sha256-"), "{policy}");
    assert!(policy.ends_with("frame-ancestors 'none'; sandbox"), "{policy}");
    assert!(!policy.contains("unsafe") && !policy.contains("script-src"), "{policy}");
    for header in ["cache-control: no-store", "referrer-policy: no-referrer"] {
        assert!(answer.contains(&format!("\r\n{header}\r\n")), "{header}");
    }
    assert!(got(&desk, "GET", &path, "").await.starts_with("HTTP/1.1 404"), "once");
}

#[tokio::test]
async fn a_locked_desk_has_no_report() {
    let mut setting = Setting::new().await;
    let (desk, mut page) = desk_of(&setting, Role::Coordinator).await;
    page.send(question()).await;
    publishes(&mut setting.relay, &[week(0, 70)]).await;
    let path = page.next_of("report").await["path"].as_str().unwrap().to_owned();
    page.send(json!({ "type": "lock" })).await;
    page.next_of("locked").await;
    assert!(got(&desk, "GET", &path, "").await.starts_with("HTTP/1.1 404"));
}

#[tokio::test]
async fn why_there_is_none_is_a_notice_and_one_may_ask_again() {
    let mut setting = Setting::new().await;
    let (_desk, mut page) = desk_of(&setting, Role::Coordinator).await;
    page.send(question()).await;
    publishes(&mut setting.relay, &[]).await;
    assert_eq!(page.next_of("notice").await["notice"], "report_no_periods");
    page.send(question()).await;
    let socket = setting.relay.arrives("/ws/indicators").await;
    drop(socket);
    assert_eq!(page.next_of("notice").await["notice"], "report_unreachable");
    let mut backwards = question();
    backwards["to"] = json!("2026-10-01");
    page.send(backwards).await;
    assert_eq!(page.next_of("notice").await["notice"], "report_no_periods");
}

#[tokio::test]
async fn others_are_not_heard() {
    let setting = Setting::new().await;
    let (_desk, mut page) = desk_of(&setting, Role::Lawyer).await;
    page.send(question()).await;
    // The console asks nobody and answers nothing: all that it says is about the other.
    for capacity in 1..=8 {
        page.send(json!({ "type": "set_capacity", "capacity": capacity })).await;
        loop {
            let message = page.next().await;
            assert!(message["type"] != "report" && message["type"] != "notice", "{message}");
            if message["type"] == "capacity" {
                break;
            }
        }
    }
}
