//! A confined process that was taken over, and what this one believes of it.

use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;

use libtest_mimic::Trial;
use vestibule_viewer::{FileKind, PAGES_MAX, Pictures, Seen, ViewProblem};

use crate::view::{decoded, seen as seen_by, trial, view, view_by};

/// One page, and the size of a picture of one pixel with transparency.
const PAGE: &str = r"printf '\1\0\0\0'";
const PICTURE: &str = r"printf '\4\1\0\1\0abc\377'";

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("one_that_says_nothing_is_ended_in_time", silence_is_ended),
        trial("one_that_goes_on_and_on_is_not_listened_to", endless_pictures_are_cut),
        trial("what_came_whole_before_the_end_is_shown", what_came_whole_is_shown),
        trial("nothing_is_shown_of_one_that_was_stopped", nothing_of_a_stopped_one),
        trial("no_nonsense_is_believed", no_nonsense_is_believed),
        trial("it_is_told_nothing_of_the_environment", no_environment_is_told),
        trial("a_program_that_is_not_there_is_a_problem", an_absent_program),
        trial("of_a_sound_nothing_is_believed_but_samples", nothing_but_samples),
        trial("a_file_that_is_too_long_is_not_even_given", a_long_file_is_refused),
    ]
}

/// What comes of a process that does what these lines say.
fn seen(name: &str, lines: &str) -> Result<Pictures, ViewProblem> {
    let script = script(name, lines);
    let shown = view_by(&script, FileKind::Jpeg, &vec![7; 1_000_000]);
    fs::remove_file(script).expect("it is ours");
    shown
}

fn script(name: &str, lines: &str) -> PathBuf {
    let name = format!("vestibule-viewer-{name}-{}", std::process::id());
    let path = std::env::temp_dir().join(name);
    let mut file = fs::OpenOptions::new();
    let file = file.write(true).create(true).truncate(true).mode(0o700).open(&path);
    file.and_then(|mut file| write!(file, "#!/bin/sh\n{lines}\n")).expect("a folder for it");
    path
}

fn problem(name: &str, lines: &str) -> ViewProblem {
    seen(name, lines).err().expect("nothing that could be shown")
}

fn silence_is_ended() {
    assert_eq!(problem("silent", "exec /bin/sleep 600"), ViewProblem::TooDemanding);
}

fn endless_pictures_are_cut() {
    let shown = seen("endless", &format!("{PAGE}; while {PICTURE}; do :; done"));
    let shown = shown.expect("pictures");
    assert_eq!(shown.pngs.len(), PAGES_MAX);
    assert!(decoded(&shown).iter().all(|picture| picture.get_pixel(0, 0).0 == *b"abc\xff"));
    assert!(usize::try_from(shown.pages_in_all).expect("a number") >= PAGES_MAX);
}

fn what_came_whole_is_shown() {
    for (name, end) in [("code", "exit 10"), ("half", r"printf '\4'"), ("signal", "kill -SEGV $$")]
    {
        let shown = seen(name, &format!("{PAGE}; {PICTURE}; {end}")).expect("a picture");
        assert_eq!(shown.pngs.len(), 1);
    }
}

fn nothing_of_a_stopped_one() {
    let stopped = problem("stopped", &format!("{PAGE}; {PICTURE}; kill -SYS $$"));
    assert_eq!(stopped, ViewProblem::Forbidden);
}

fn no_nonsense_is_believed() {
    for (name, lines) in [
        ("nothing", "exit 0"),
        ("no-pages", r"printf '\0\0\0\0'"),
        ("no-pictures", PAGE),
        ("words", "while echo words; do :; done"),
        ("wide", r"printf '\1\0\0\0\4\377\377\377\377'; exec /bin/cat /dev/zero"),
        ("signal", "kill -SEGV $$"),
        ("panic", "exit 101"),
    ] {
        assert_eq!(problem(name, lines), ViewProblem::Damaged, "{name}");
    }
    for (name, lines) in [("out-of-time", "kill -XCPU $$"), ("out-of-memory", "kill -ABRT $$")] {
        assert_eq!(problem(name, lines), ViewProblem::TooDemanding, "{name}");
    }
    assert_eq!(problem("unconfined", "exit 14"), ViewProblem::NotConfined);
}

fn no_environment_is_told() {
    assert!(std::env::var_os("PATH").is_some(), "there is something to tell");
    // The shell has a path of its own, which it does not export.
    let told =
        "if /usr/bin/env | /bin/grep -qv -e ^PWD= -e ^SHLVL= -e ^_= -e ^OLDPWD=; then exit 11; fi";
    assert_eq!(problem("environment", &format!("{told}; exit 10")), ViewProblem::Damaged);
}

fn an_absent_program() {
    let absent = PathBuf::from("/nowhere/vestibule");
    let problem = view_by(&absent, FileKind::Pdf, b"%PDF-").err();
    assert_eq!(problem, Some(ViewProblem::NotStarted));
}

/// A voice note of two bytes is eight bytes of samples: not one less, and what is more is not heard.
fn nothing_but_samples() {
    let of = |name: &str, lines: &str| {
        let script = script(name, lines);
        let seen = seen_by(&script, FileKind::Voice, b"ab");
        fs::remove_file(script).expect("it is ours");
        match seen {
            Ok(Seen::Sound(sound)) => Ok(sound[44..].to_vec()),
            Ok(Seen::Pictures(_)) => unreachable!("a voice note has no pictures"),
            Err(problem) => Err(problem),
        }
    };
    assert_eq!(of("sound", "printf 12345678"), Ok(b"12345678".to_vec()));
    assert_eq!(
        of("long-sound", "printf 123456789; exec /bin/cat /dev/zero"),
        Ok(b"12345678".to_vec())
    );
    assert_eq!(of("short-sound", "printf 1234567"), Err(ViewProblem::Damaged));
    let stopped = of("stopped-sound", "printf 12345678; kill -SYS $$");
    assert_eq!(stopped, Err(ViewProblem::Forbidden));
}

fn a_long_file_is_refused() {
    let long = vec![0; vestibule_viewer::FILE_BYTES_MAX + 1];
    assert_eq!(view(FileKind::Png, &long).err(), Some(ViewProblem::TooLarge));
}
