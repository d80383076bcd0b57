//! The program as an operator meets it: what it says, its faults, its end.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use ed25519_dalek::{Signer, SigningKey};
use tempfile::TempDir;
use vestibule_wire::{ServiceCard, hex};

const READY: &str = "vestibule-relay: listening on http://";

/// A directory with everything that a relay needs, listening where it is told.
fn directory(listen: &str) -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    let authority = SigningKey::from_bytes(&[1; 32]);
    let texts = serde_json::json!({ "en": "a", "ru": "b", "uk": "c", "ar": "d" });
    let card = serde_json::json!({
        "version": 1, "issued": 1, "name": texts, "about": texts, "hours": texts,
        "emergency": texts,
    });
    let json = card.to_string().into_bytes();
    let signature = authority.sign(&[ServiceCard::LABEL, &[0], &json].concat()).to_bytes();
    fs::write(directory.path().join("card.bin"), [&signature[..], &json].concat()).unwrap();
    fs::create_dir(directory.path().join("page")).unwrap();
    fs::write(directory.path().join("page/index.html"), "page").unwrap();
    let toml = format!(
        "listen = \"{listen}\"\norigins = [\"http://{listen}\"]\npage = \"page\"\n\
         [[service]]\nauthority = \"{}\"\ncard = \"card.bin\"\n",
        hex(authority.verifying_key().as_bytes())
    );
    fs::write(directory.path().join("relay.toml"), toml.replace(":0\"]", ":8080\"]")).unwrap();
    directory
}

fn relay(config: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vestibule-relay"));
    command.arg("--config").arg(config).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Starts a relay and waits until it is ready; returns its address too.
fn start(config: &Path) -> (Child, String) {
    let mut child = relay(config).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.as_mut().unwrap()).lines().map(Result::unwrap);
    let ready = lines.find_map(|line| line.strip_prefix(READY).map(str::to_owned));
    (child, ready.unwrap())
}

#[test]
fn it_says_when_it_is_ready_and_stops_when_told() {
    for signal in ["TERM", "INT"] {
        let directory = directory("127.0.0.1:0");
        let (child, address) = start(&directory.path().join("relay.toml"));
        let mut silent = TcpStream::connect(address).unwrap();
        let killed = Command::new("kill").args(["-s", signal, &child.id().to_string()]).status();
        assert!(killed.unwrap().success());
        let Output { status, stderr, .. } = child.wait_with_output().unwrap();
        assert!(status.success(), "{status}");
        assert_eq!(text(&stderr), "");
        let _reset = silent.read(&mut [0; 1]);
    }
}

/// Adds to `relay.toml` that indicators are counted, as said.
fn count(directory: &TempDir, of_service: &str) {
    let config = directory.path().join("relay.toml");
    let toml = fs::read_to_string(&config).unwrap();
    let toml = toml.replace("[[service]]", "[indicators]\nfile = \"sums.json\"\n[[service]]");
    fs::write(&config, format!("{toml}[service.indicators]\n{of_service}\n")).unwrap();
}

#[test]
fn it_says_what_counting_means_and_writes_its_file_when_it_stops() {
    for (of_service, says) in [
        ("exact = true", "EXACT: whoever copies the file"),
        (
            "epsilon = 0.5",
            "noise with a budget of 0.5 a table; a count of one period is wrong by 3 on",
        ),
    ] {
        let directory = directory("127.0.0.1:0");
        count(&directory, of_service);
        let mut child = relay(&directory.path().join("relay.toml")).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.as_mut().unwrap()).lines().map(Result::unwrap);
        assert_eq!(lines.next().unwrap(), "vestibule-relay: confinement");
        // One measure a line.
        let said = lines.find(|line| !line.starts_with("  ")).unwrap();
        assert!(said.starts_with("vestibule-relay: indicators of 8a88e3dd…: "), "{said}");
        assert!(said.contains(says), "{said}");
        assert!(lines.next().unwrap().starts_with(READY));
        let file = directory.path().join("sums.json");
        let before = fs::read_to_string(&file).unwrap();
        assert!(before.contains("\"services\": {}"), "{before}");
        let killed = Command::new("kill").args(["-s", "TERM", &child.id().to_string()]).status();
        assert!(killed.unwrap().success());
        let Output { status, stderr, .. } = child.wait_with_output().unwrap();
        assert_eq!((status.code(), text(&stderr)), (Some(0), String::new()));
        let after = fs::read_to_string(&file).unwrap();
        assert!(after.contains("\"batches\": 1") && after.contains("\"staffed\""), "{after}");
    }
}

#[test]
fn two_relays_never_share_a_file_of_sums_and_a_killed_one_frees_it() {
    let directory = directory("127.0.0.1:0");
    count(&directory, "");
    let config = directory.path().join("relay.toml");
    let (mut first, _) = start(&config);
    let Output { status, stderr, .. } = relay(&config).output().unwrap();
    assert_eq!(status.code(), Some(2));
    let stderr = text(&stderr);
    let says = "sums.json already counts for another relay that runs\n";
    assert!(
        stderr.starts_with("vestibule-relay: indicators ") && stderr.ends_with(says),
        "{stderr}"
    );
    // Whoever only checks a configuration may do so while it is in use.
    assert!(relay(&config).arg("--check").output().unwrap().status.success());
    first.kill().unwrap();
    first.wait().unwrap();
    let (mut next, _) = start(&config);
    next.kill().unwrap();
    next.wait().unwrap();
}

#[test]
fn a_file_of_sums_that_no_relay_wrote_stops_the_start_and_is_left_as_it_is() {
    let directory = directory("127.0.0.1:0");
    count(&directory, "");
    let file = directory.path().join("sums.json");
    let whole = "{\n  \"about\": \"Anna, on Monday\",\n  \"format\": 1\n}\n";
    fs::write(&file, whole).unwrap();
    let output = relay(&directory.path().join("relay.toml")).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let stderr = text(&output.stderr);
    assert!(stderr.contains("sums.json, line 2: \"about\" was changed"), "{stderr}");
    assert_eq!((stderr.lines().count(), fs::read_to_string(&file).unwrap().as_str()), (1, whole));
}

#[test]
fn check_only_checks() {
    let directory = directory("127.0.0.1:0");
    let output = relay(&directory.path().join("relay.toml")).arg("--check").output().unwrap();
    assert!(output.status.success());
    assert_eq!(text(&output.stdout), "vestibule-relay: the configuration is good\n");
}

#[test]
fn a_fault_is_one_sentence_and_exit_code_2() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = taken.local_addr().unwrap().to_string();
    let directory = directory(&listen);
    let config = directory.path().join("relay.toml");
    let expect = |expected: &str| {
        let output = relay(&config).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{expected}");
        let stderr = text(&output.stderr);
        assert!(stderr.starts_with("vestibule-relay: "), "{stderr}");
        assert!(stderr.contains(expected), "{stderr} lacks {expected}");
        assert_eq!(stderr.lines().count(), 1, "{stderr}");
        assert_eq!(text(&output.stdout), "");
    };
    expect(&format!("cannot listen on {listen}: Address already in use"));
    fs::remove_file(directory.path().join("page/index.html")).unwrap();
    expect("page has no index.html");
    fs::write(&config, "listen = 1\n").unwrap();
    expect("relay.toml, line 1: ");
    fs::remove_file(&config).unwrap();
    expect("cannot read the configuration");
}

/// Makes the relay of a directory one of several, with a Redis here.
fn share(directory: &TempDir, redis_port: u16) {
    let config = directory.path().join("relay.toml");
    fs::write(directory.path().join("nodes.secret"), "0b".repeat(32)).unwrap();
    let node = format!(
        "[node]\nname = \"a\"\n[redis]\nkind = \"single\"\nsecret_file = \"nodes.secret\"\n\
         addresses = [\"redis://127.0.0.1:{redis_port}\"]\n[[service]]"
    );
    let toml = fs::read_to_string(&config).unwrap();
    fs::write(&config, toml.replace("[[service]]", &node)).unwrap();
}

/// A Redis as Debian configures it: with snapshots.
struct Redis {
    process: Child,
    port: u16,
    _folder: TempDir,
}

impl Redis {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let process = Command::new("redis-server")
            .args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", "3600 1"])
            .current_dir(folder.path())
            .stdout(Stdio::null())
            .spawn()
            .expect("redis-server is installed: `apt-get install redis-server`");
        let redis = Self { process, port, _folder: folder };
        while TcpStream::connect(("127.0.0.1", port)).is_err() {}
        redis
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        let _ended_already = self.process.kill();
        let _ended = self.process.wait();
    }
}

#[test]
fn a_redis_that_keeps_something_stops_the_start_and_says_what_to_set() {
    let redis = Redis::start();
    let directory = directory("127.0.0.1:0");
    share(&directory, redis.port);
    let config = directory.path().join("relay.toml");
    let output = relay(&config).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let says = format!(
        "vestibule-relay: Redis at 127.0.0.1:{} keeps more than it should: set `save \"\"` there\n",
        redis.port
    );
    assert_eq!(text(&output.stderr), says);
    // Only the configuration is checked, not who is reached.
    assert!(relay(&config).arg("--check").output().unwrap().status.success());
}

#[test]
fn a_redis_that_is_away_is_told_of_and_the_node_serves() {
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let directory = directory("127.0.0.1:0");
    share(&directory, nobody);
    let (child, address) = start(&directory.path().join("relay.toml"));
    let mut stream = TcpStream::connect(address).unwrap();
    std::io::Write::write_all(&mut stream, b"GET /nodes HTTP/1.0\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.ends_with(r#"{"nodes":[{"name":"a","at":"/n/a"}]}"#), "{answer}");
    let killed = Command::new("kill").args(["-s", "TERM", &child.id().to_string()]).status();
    assert!(killed.unwrap().success());
    let Output { status, stderr, .. } = child.wait_with_output().unwrap();
    assert!(status.success());
    let stderr = text(&stderr);
    let says =
        format!("Redis at 127.0.0.1:{nobody} cannot be reached; consultations go on, new ones");
    assert!(stderr.contains(&says) && stderr.lines().count() == 1, "{stderr}");
}

#[test]
fn it_takes_no_more_connections_than_the_system_allows_files() {
    let directory = directory("127.0.0.1:0");
    let config = directory.path().join("relay.toml");
    let toml = fs::read_to_string(&config).unwrap();
    let check = |connections: usize| {
        fs::write(&config, format!("connections = {connections}\n{toml}")).unwrap();
        let mut limited = Command::new("prlimit");
        // At first, and at most.
        limited.args(["--nofile=256:1024", env!("CARGO_BIN_EXE_vestibule-relay"), "--check"]);
        limited.arg("--config").arg(&config).output().unwrap()
    };
    assert!(check(960).status.success(), "it asks for what it may have");
    let Output { status, stderr, .. } = check(961);
    assert_eq!(status.code(), Some(2));
    let stderr = text(&stderr);
    let says = "961 connections need 1025 open files, and the system allows 1024";
    assert!(stderr.contains(says), "{stderr}");
}
