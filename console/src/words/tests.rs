//! The four files against each other and against the sources.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use super::*;

/// Texts by their ids, with the names of their arguments.
type Names = BTreeMap<String, BTreeSet<String>>;

fn is_name(character: char) -> bool {
    character.is_ascii_alphanumeric() || "-_".contains(character)
}

/// The words of a text that follow a mark.
fn names_after(text: &str, mark: &str) -> BTreeSet<String> {
    let name = |rest: &str| rest.chars().take_while(|it| is_name(*it)).collect();
    text.split(mark).skip(1).map(name).collect()
}

fn defined(language: Language) -> Names {
    let mut names = Names::new();
    let mut current = String::new();
    for line in language.source().lines() {
        if let Some((id, _)) = line.split_once(" =").filter(|(id, _)| id.chars().all(is_name)) {
            id.clone_into(&mut current);
            let before = names.insert(current.clone(), BTreeSet::new());
            assert!(before.is_none(), "{language:?}: {id} is there twice");
        } else {
            let known = line.is_empty() || line.starts_with(['#', ' ', '}']);
            assert!(known, "{language:?}: {line}");
        }
        if let Some(arguments) = names.get_mut(&current).filter(|_| !line.starts_with('#')) {
            arguments.extend(names_after(line, "$"));
        }
    }
    names
}

/// Every file of the sources but the tests, and but the one that passes ids on.
fn sources(directory: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if !path.ends_with("tests.rs") && !path.ends_with("problem.rs") {
            found.push(fs::read_to_string(path).unwrap());
        }
    }
}

/// Every use of a text, with the arguments that it is given.
fn used() -> Vec<(String, BTreeSet<String>)> {
    let mut files = Vec::new();
    sources(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), &mut files);
    let mut used = Vec::new();
    for file in files {
        for (place, call) in file.match_indices("Problem::new(").chain(file.match_indices("words("))
        {
            if file[..place].ends_with("fn ") {
                continue;
            }
            let rest = file[place + call.len()..].trim_start();
            let (id, rest) = rest
                .strip_prefix('"')
                .and_then(|rest| rest.split_once('"'))
                .unwrap_or_else(|| panic!("an id that no test can see: {call}{rest:.60}"));
            let given = rest.trim_start_matches(',').trim_start().strip_prefix("&[");
            let given = given.unwrap_or_else(|| panic!("arguments that no test can see: {id}"));
            let (given, _) = given.split_once(']').unwrap();
            let given: String = given.split_whitespace().collect();
            used.push((id.to_owned(), names_after(&given, "(\"")));
        }
    }
    used
}

#[test]
fn every_language_has_the_same_texts_with_the_same_arguments() {
    let english = defined(Language::English);
    assert!(english.len() > 50);
    for language in Language::value_variants() {
        assert_eq!(defined(*language), english, "{language:?}");
    }
}

#[test]
fn the_sources_use_every_text_and_no_other_with_its_arguments() {
    let defined = defined(Language::English);
    let used = used();
    for (id, given) in &used {
        let wanted = defined.get(id).unwrap_or_else(|| panic!("there is no text {id}"));
        assert_eq!(given, wanted, "{id}");
    }
    let used: BTreeSet<&String> = used.iter().map(|(id, _)| id).collect();
    let unused: Vec<&String> = defined.keys().filter(|id| !used.contains(id)).collect();
    assert!(unused.is_empty(), "{unused:?}");
}

#[test]
fn every_text_can_be_said_in_every_language() {
    for language in Language::value_variants() {
        let resource = FluentResource::try_new(language.source().to_owned());
        assert!(resource.is_ok(), "{language:?}: {:?}", resource.err());
        let texts = texts(*language);
        for (id, names) in defined(*language) {
            for count in [1, 2, 3, 5, 11, 21, 100, 200_u32] {
                let value = |name: &str| {
                    if name == "count" { count.into() } else { FluentValue::from("2026-11-23") }
                };
                let arguments: Vec<Argument<'_>> =
                    names.iter().map(|name| (name.as_str(), value(name))).collect();
                let said = format(&texts, &id, &arguments).unwrap();
                assert!(!said.is_empty() && !said.contains(['{', '}', '\n']), "{said}");
                // Marks stand around every argument in Arabic alone.
                let shown = names.iter().any(|name| name != "count");
                let marked = said.contains('\u{2068}');
                assert_eq!(marked, shown && *language == Language::Arabic, "{language:?}: {said}");
            }
            if !names.is_empty() {
                assert!(format(&texts, &id, &[]).is_none(), "{id} without arguments");
            }
        }
    }
}

#[test]
fn the_other_languages_are_not_english() {
    let english = texts(Language::English);
    for language in [Language::Russian, Language::Ukrainian, Language::Arabic] {
        let texts = texts(language);
        for (id, names) in defined(language) {
            let arguments: Vec<Argument<'_>> =
                names.iter().map(|name| (name.as_str(), 7.into())).collect();
            let said = format(&texts, &id, &arguments).unwrap();
            assert_ne!(Some(&said), format(&english, &id, &arguments).as_ref());
            assert!(said.chars().any(|it| it.is_alphabetic() && !it.is_ascii()), "{said}");
        }
    }
}

#[test]
fn the_system_names_its_language() {
    let language = |pairs: &[(&str, &str)]| {
        Language::of_system(|name| {
            let (_, value) = pairs.iter().find(|(known, _)| *known == name)?;
            Some(value.into())
        })
    };
    assert_eq!(language(&[]), Language::English);
    for (value, expected) in [
        ("ru_RU.UTF-8", Language::Russian),
        ("uk", Language::Ukrainian),
        ("ar_SY@latin", Language::Arabic),
        ("en_GB.UTF-8", Language::English),
        ("de_DE.UTF-8", Language::English),
        ("C.UTF-8", Language::English),
        ("r", Language::English),
        ("ыы", Language::English),
    ] {
        assert_eq!(language(&[("LANG", value)]), expected, "{value}");
    }
    assert_eq!(language(&[("LANG", "ru"), ("LC_MESSAGES", "uk")]), Language::Ukrainian);
    assert_eq!(language(&[("LANG", "ru"), ("LC_ALL", "ar")]), Language::Arabic);
    assert_eq!(language(&[("LANG", "ru"), ("LC_ALL", "")]), Language::Russian);
    assert_eq!(language(&[("LC_MESSAGES", "uk"), ("LC_ALL", "C")]), Language::English);
}

#[test]
fn a_library_user_hears_english() {
    assert_eq!(words("desk-keep-open", &[])[..4], *"Keep");
    choose(Language::Russian);
    assert_eq!(words("desk-keep-open", &[])[..4], *"Keep");
}
