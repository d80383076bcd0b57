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
    let lines = BufReader::new(child.stdout.as_mut().unwrap()).lines().map(Result::unwrap);
    let ready = lines.filter_map(|line| line.strip_prefix(READY).map(str::to_owned)).next();
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
