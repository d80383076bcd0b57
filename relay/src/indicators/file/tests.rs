//! The file is whole whatever happens to the process that writes it.
#![allow(clippy::print_stdout, reason = "a child tells its parent how far it came")]

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rand::RngExt;
use vestibule_wire::{AuthorityKey, CATALOGUE, CELLS, Cell, Table, Timestamp};

use super::super::batch::Released;
use super::super::noise::Budget;
use super::super::period::PeriodKind;
use super::IndicatorsFile;
use crate::indicators::random;

const FLUSHES_MIN: u32 = 1_000;
/// Where a child of this test is to write.
const FOLDER: &str = "VESTIBULE_TEST_FLUSHES_INTO";
const DOOR: Cell = Cell::of("request", "door");

fn read(path: &Path) -> IndicatorsFile {
    IndicatorsFile::read(path).unwrap_or_else(|error| panic!("{error}"))
}

fn authority() -> AuthorityKey {
    AuthorityKey::from_bytes([7; 32])
}

/// Adds one to a cell and to all others, and writes.
fn flush(file: &mut IndicatorsFile) {
    let span = PeriodKind::Week.span_of(Timestamp(1_795_000_000));
    let sums = Box::new([1; CELLS]);
    let released = Released { span, budget: Budget::Exact, covered_minutes: 1, sums };
    let mut kept = file.kept.clone();
    kept.add(authority(), &released);
    file.write(kept).unwrap_or_else(|error| panic!("{error}"));
}

/// What the file says was flushed; that all of it says the same shows that it is of one writing.
fn flushed(path: &Path) -> i32 {
    let file = read(path);
    let Some(period) = file.kept.periods(authority(), (Timestamp(0), Timestamp(u32::MAX))).pop()
    else {
        return 0;
    };
    let sum = DOOR.sum(&period.sums);
    let mut all = CATALOGUE.iter().flat_map(Table::cells);
    assert!(all.all(|other| other.sum(&period.sums) == sum));
    assert_eq!(i32::from(period.noises[0].batches), sum);
    sum
}

/// Not a test of its own: what the child of the next one does, until it is killed.
#[test]
fn flushes_without_end_when_told_where() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let mut file = read(&Path::new(&folder).join("indicators.json"));
    loop {
        flush(&mut file);
        println!("flushed {}", flushed(&file.path));
    }
}

fn spawn(folder: &Path) -> Child {
    let name = "indicators::file::tests::flushes_without_end_when_told_where";
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", name, "--nocapture"])
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

#[test]
fn a_process_killed_at_any_moment_of_a_thousand_flushes_leaves_a_whole_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("indicators.json");
    let (mut last, mut kills, mut torn) = (0, 0, 0);
    while u32::try_from(last).unwrap() < FLUSHES_MIN {
        let mut child = spawn(folder.path());
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut flushes = lines.map_while(Result::ok).filter(|line| line.starts_with("flushed "));
        let until = random().random_range(0..30);
        // The last that the child says before it is killed; it may have come one further.
        let mut said = flushes.by_ref().take(until + 1).last().unwrap();
        std::thread::sleep(Duration::from_micros(random().random_range(0..4_000)));
        child.kill().unwrap();
        child.wait().unwrap();
        said = flushes.last().unwrap_or(said);
        let said: i32 = said.strip_prefix("flushed ").unwrap().parse().unwrap();
        let found = flushed(&path);
        assert!(said > last, "what was there before is still there");
        assert!((said..=said + 1).contains(&found), "{found} after {said}: lost, or twice");
        torn += i32::from(fs::read_to_string(super::beside(&path, ".new")).is_ok());
        (last, kills) = (found, kills + 1);
    }
    println!("{last} flushes, {kills} kills, {torn} of them in the middle of one");
    assert!(torn > 0, "no kill came in the middle of a flush, so nothing was shown");
}

#[test]
fn a_file_that_cannot_be_read_is_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("indicators.json");
    fs::write(&path, "{\n  \"about\": \"Anna\"\n}\n").unwrap();
    let Err(problem) = IndicatorsFile::read(&path) else { panic!("it was taken") };
    let problem = problem.to_string();
    assert!(problem.contains("indicators.json, line 2: \"about\" was changed"), "{problem}");
    assert!(!problem.contains('\n') && !problem.contains("Anna"), "{problem}");
    fs::write(&path, [0xff, 0xfe]).unwrap();
    assert!(IndicatorsFile::read(&path).is_err());
    assert!(IndicatorsFile::read(folder.path()).is_err(), "a folder");
    assert_eq!(fs::read(&path).unwrap(), [0xff, 0xfe]);
}

#[test]
fn a_file_that_cannot_be_written_keeps_what_was_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("indicators.json");
    let mut file = read(&path);
    flush(&mut file);
    // Where the new file is to lie, something else does.
    fs::create_dir(super::beside(&path, ".new")).unwrap();
    let kept = file.kept.clone();
    assert!(file.write(kept).is_err_and(|error| error.to_string().contains("cannot be written")));
    assert_eq!(flushed(&path), 1);
    fs::remove_dir(super::beside(&path, ".new")).unwrap();
    flush(&mut file);
    assert_eq!(flushed(&path), 2);
}

#[test]
fn one_that_is_claimed_is_read_once_more_and_is_nobody_else_s() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("indicators.json");
    let (mut running, starting) = (read(&path).claim().unwrap(), read(&path));
    let Err(problem) = read(&path).claim() else { panic!("two have it") };
    assert!(problem.to_string().ends_with("counts for another relay that runs"), "{problem}");
    flush(&mut running);
    drop(running);
    // What `starting` had read is older than what stands there.
    flush(&mut starting.claim().unwrap());
    assert_eq!(flushed(&path), 2);
}

#[cfg(unix)]
#[test]
fn the_file_is_its_owner_s() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("indicators.json");
    flush(&mut read(&path));
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
}
