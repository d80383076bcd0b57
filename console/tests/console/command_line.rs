//! The program as people run it.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use vestibule_console::SecretString;
use vestibule_console::key_file::Work;
use vestibule_protocol::Link;
use vestibule_wire::{AuthorityKey, Language, ServiceCard};

use crate::setting::{enrol, service};

/// The program on a system that names no language.
pub(crate) fn program(directory: &Path, args: &str) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_vestibule"));
    program.current_dir(directory).args(args.split(' ')).stdin(Stdio::null());
    for variable in ["LC_ALL", "LC_MESSAGES", "LANG"] {
        program.env_remove(variable);
    }
    program
}

fn vestibule(directory: &Path, args: &str) -> Output {
    program(directory, args).output().unwrap()
}

/// Runs what must succeed, and returns what it printed.
fn done(directory: &Path, args: &str) -> String {
    let output = vestibule(directory, args);
    assert!(output.status.success(), "{args}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Runs what must be refused, and returns the sentence.
fn refused(directory: &Path, args: &str) -> String {
    let output = vestibule(directory, args);
    assert_eq!(output.status.code(), Some(2), "{args}");
    assert!(output.stdout.is_empty(), "{args}");
    String::from_utf8(output.stderr).unwrap()
}

const NEW: &str = "service new --name OpenDoor --relay https://relay.example --out s \
                   --passphrase-file p1";
const ENROL: &str = "worker enrol --service s/service.age --alias Anna --role peer \
                     --languages ru,en --days 3 --service-passphrase-file p1 \
                     --worker-passphrase-file p2";
const LINK: &str = "link new --worker anna.age --passphrase-file p2";

const COORDINATOR: &str = "the coordinator's words";
pub(crate) const WORKER: &str = "the worker's words";

fn passphrases() -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("p1"), format!("{COORDINATOR}\n")).unwrap();
    fs::write(directory.path().join("p2"), format!("{WORKER}\n")).unwrap();
    directory
}

/// A service and a worker whose files open without the second that people wait.
pub(crate) fn prepared() -> tempfile::TempDir {
    let directory = passphrases();
    let path = directory.path();
    let service = service("https://relay.example");
    let seal = |text: &str| SecretString::from(text.to_owned());
    fs::create_dir(path.join("s")).unwrap();
    let file = service.seal(seal(COORDINATOR), Work::Factor(2));
    fs::write(path.join("s/service.age"), file).unwrap();
    fs::write(path.join("s/service-card.bin"), service.signed_card()).unwrap();
    let file = enrol(&service, "Anna").seal(seal(WORKER), Work::Factor(2));
    fs::write(path.join("anna.age"), file).unwrap();
    directory
}

#[test]
fn a_service_a_worker_and_links_are_made() {
    let directory = passphrases();
    let path = directory.path();
    let lines = done(path, NEW);
    done(path, &format!("{ENROL} --out anna.age"));
    let authority = lines
        .lines()
        .find_map(|line| line.strip_prefix("authority = \"")?.strip_suffix('"'))
        .unwrap();
    let authority = AuthorityKey::from_hex(authority).unwrap();
    let card = fs::read(path.join("s/service-card.bin")).unwrap();
    assert_eq!(
        ServiceCard::verify(&card, &authority).unwrap().name.for_reader(Language::ENGLISH),
        "OpenDoor"
    );
    assert!(lines.starts_with("[[service]]\n"));

    let links = done(path, &format!("{LINK} --count 3 --expires 12h --channel forum"));
    assert_eq!(links.lines().count(), 3);
    for line in links.lines() {
        let link = Link::parse(line.strip_prefix("https://relay.example/#").unwrap()).unwrap();
        assert!(link.authority() == authority);
    }
    let drawn = done(path, &format!("{LINK} --qr"));
    assert!(drawn.lines().count() > 20 && drawn.contains('▀'));
    let capped = vestibule(path, &format!("{LINK} --expires 31d"));
    assert!(String::from_utf8(capped.stderr).unwrap().contains("the longest possible"));
}

#[test]
fn whatever_is_wrong_is_said_and_nothing_is_lost() {
    let directory = prepared();
    let path = directory.path();
    fs::write(path.join("wrong"), "x").unwrap();
    fs::write(path.join("text"), "not a key file").unwrap();
    let whole = fs::read(path.join("anna.age")).unwrap();
    fs::write(path.join("cut.age"), &whole[..whole.len() - 100]).unwrap();
    fs::write(path.join("stub.age"), &whole[..60]).unwrap();

    for (args, sentence) in [
        (NEW, "exists already"),
        (&format!("{ENROL} --out anna.age"), "exists already"),
        ("link new --worker anna.age --passphrase-file wrong", "passphrase is wrong"),
        ("link new --worker nothing.age --passphrase-file p2", "cannot be read"),
        ("link new --worker text --passphrase-file p2", "not a file of this program"),
        ("link new --worker cut.age --passphrase-file p2", "is damaged"),
        ("link new --worker stub.age --passphrase-file p2", "only the beginning of one"),
        ("link new --worker s/service.age --passphrase-file p1", "is a service file"),
        ("desk --worker anna.age --page nowhere --passphrase-file p2", "no desk page"),
        (&format!("{LINK} --expires soon"), "not a length of time"),
        (&format!("{LINK} --channel tv"), "not a channel"),
        (&format!("{LINK} --count 2001"), "choose another --count"),
        (&format!("{LINK} --count 0"), "choose another --count"),
        (&format!("{LINK} --relay https://other.example"), "not one of your service's"),
        (&LINK.replace("p2", "nothing"), "cannot be read"),
        (&format!("{ENROL} --out b.age --from 2020-01-01"), "over already"),
        (&format!("{ENROL} --out b.age --from yesterday"), "is not a day"),
        (&format!("{} --out b.age", ENROL.replace("days 3", "days 32")), "1 to 31 days"),
        (&format!("{} --out b.age", ENROL.replace("peer", "friend")), "is not a role"),
        (&format!("{} --out b.age", ENROL.replace("ru,en", "ru,de")), "are not languages"),
        (
            &format!("{} --out b.age", ENROL.replace("s/service.age", "anna.age")),
            "passphrase is wrong",
        ),
    ] {
        let said = refused(path, args);
        assert!(said.contains(sentence), "{args}: {said}");
    }
    assert_eq!(fs::read(path.join("anna.age")).unwrap(), whole);
    assert!(!path.join("b.age").exists());
}

#[test]
fn an_enrolment_that_has_not_begun_is_of_no_use_yet() {
    let directory = prepared();
    let path = directory.path();
    let later = vestibule_console::clock::Clock::system().now().plus_seconds(20 * 86_400);
    let day = vestibule_console::dates::moment(later)[..10].to_owned();
    done(path, &format!("{ENROL} --out later.age --from {day}"));
    fs::create_dir(path.join("page")).unwrap();
    fs::write(path.join("page/index.html"), "x").unwrap();
    for args in [
        "link new --worker later.age --passphrase-file p2",
        "desk --worker later.age --page page --no-open --passphrase-file p2",
    ] {
        assert!(refused(path, args).contains("begins only at"));
    }
}

#[cfg(unix)]
#[test]
fn the_desk_says_where_it_is_and_ends_when_told() {
    let directory = prepared();
    let path = directory.path();
    fs::create_dir(path.join("page")).unwrap();
    fs::write(path.join("page/index.html"), "x").unwrap();
    let args = "desk --worker anna.age --page page --no-open --passphrase-file p2";
    let mut child =
        program(path, args).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let bearer = line
        .strip_prefix("vestibule desk: http://127.0.0.1:")
        .and_then(|rest| rest.split_once("/#bearer="))
        .map(|(_, bearer)| bearer.trim().to_owned());
    assert_eq!(bearer.unwrap().len(), 43);
    let told = Command::new("kill").arg(child.id().to_string()).status().unwrap();
    assert!(told.success());
    assert!(child.wait().unwrap().success());
}
