use std::collections::{BTreeMap, BTreeSet};

use clap::ValueEnum;

use super::*;

/// Ids of `report.ftl`, with the names of their arguments.
fn defined(language: Language) -> BTreeMap<String, BTreeSet<String>> {
    let mut found = BTreeMap::new();
    let mut current = String::new();
    let [source, _] = sources(language);
    for line in source.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        if let Some((id, _)) = line.split_once(" =").filter(|(id, _)| !id.contains(' ')) {
            id.clone_into(&mut current);
            assert!(
                found.insert(current.clone(), BTreeSet::new()).is_none(),
                "{id} is there twice"
            );
        }
        let names = line
            .split('$')
            .skip(1)
            .map(|rest| rest.chars().take_while(char::is_ascii_alphanumeric).collect::<String>());
        found.get_mut(&current).unwrap().extend(names);
    }
    found
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
fn every_text_can_be_said_and_is_of_its_language() {
    let own = OwnNames::default();
    for language in Language::value_variants() {
        for source in sources(*language) {
            assert!(FluentResource::try_new(source.to_owned()).is_ok(), "{language:?}");
        }
        let texts = Texts::new(*language, &own);
        for (id, names) in defined(*language) {
            for count in [1, 2, 5, 21_usize] {
                let arguments: Vec<Argument<'_>> =
                    names.iter().map(|name| (name.as_str(), Texts::count(count))).collect();
                let said = texts.find(&id, &arguments).unwrap_or_else(|| panic!("{id}"));
                assert!(!said.contains(['{', '}', '\n']), "{said}");
                let foreign = said.chars().any(|it| it.is_alphabetic() && !it.is_ascii());
                assert_eq!(foreign, *language != Language::English, "{said}");
            }
            if !names.is_empty() {
                assert!(texts.find(&id, &[]).is_none(), "{id} without arguments");
            }
        }
    }
}

/// Ids in the sources are whole, or begin with one of these.
#[test]
fn the_sources_use_every_text() {
    let sources = [
        include_str!("../table.rs"),
        include_str!("../facts.rs"),
        include_str!("../html.rs"),
        include_str!("../html/exactness.rs"),
        include_str!("../html/tables.rs"),
        include_str!("../html/worker_report.rs"),
        include_str!("../texts.rs"),
    ];
    let sources = sources.concat();
    for id in defined(Language::English).into_keys() {
        let built = ["field-", "check-"]
            .iter()
            .any(|it| id.starts_with(it) && sources.contains(&format!("\"{it}")));
        assert!(built || sources.contains(&format!("\"{id}\"")), "{id} is not used");
    }
}

#[test]
fn numbers_are_written_as_people_read_them() {
    let own = OwnNames::default();
    let texts = |language| Texts::new(language, &own);
    let english = texts(Language::English);
    assert_eq!(Texts::number(1_234_567), "1\u{202F}234\u{202F}567");
    assert_eq!(Texts::number(-12), "\u{2212}12");
    assert_eq!(Texts::number(123), "123");
    assert_eq!(english.decimal(0.25), "0.25");
    assert_eq!(texts(Language::Russian).decimal(8.15), "8,15");
    assert_eq!(texts(Language::Arabic).decimal(8.0), "8");
    assert_eq!(english.percent(0.99999), "99.9");
    assert_eq!(Texts::error(0.2), "1");
}

#[test]
fn labels_have_the_names_of_their_service() {
    let need = Table::named("need").unwrap();
    let own_cell = need.cell_named("own_2").unwrap();
    let own = OwnNames::one(own_cell, "Housing", "السكن");
    let name = |language| Texts::new(language, &own).label(own_cell);
    assert_eq!(name(Language::Arabic), "السكن");
    assert_eq!(name(Language::Ukrainian), "Housing");
    let texts = Texts::new(Language::English, &own);
    let other = need.cell_named("own_1").unwrap();
    assert_eq!(texts.label(other), "own label 1");
    assert!(texts.is_named(own_cell) && !texts.is_named(other));
    assert_eq!(texts.label(need.cell_named("legal").unwrap()), "legal help");
}
