//! Every table and label has its words in every language, and there are no words for anything else.
#![allow(clippy::panic, reason = "a test that panics has failed, which is what it is for")]

use std::collections::BTreeMap;

use vestibule_wire::CATALOGUE;

const LANGUAGES: [(&str, &str); 4] = [
    ("en", include_str!("../../locales/en/indicators.ftl")),
    ("ru", include_str!("../../locales/ru/indicators.ftl")),
    ("uk", include_str!("../../locales/uk/indicators.ftl")),
    ("ar", include_str!("../../locales/ar/indicators.ftl")),
];

const UNITS: [&str; 4] = ["request", "consultation", "answer", "hour"];
const COUNTED_BY: [&str; 4] = ["relay", "console", "worker", "client"];

/// The texts of a file by their ids. Each stands on one line.
fn texts<'a>(language: &str, file: &'a str) -> BTreeMap<&'a str, &'a str> {
    let mut texts = BTreeMap::new();
    for line in file.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (id, text) = line.split_once(" = ").unwrap_or_else(|| panic!("{language}: {line}"));
        assert!(texts.insert(id, text).is_none(), "{language}: {id} is there twice");
    }
    texts
}

/// What there must be a text for.
fn ids() -> Vec<String> {
    let mut ids = vec!["own-label".to_owned()];
    ids.extend(UNITS.iter().map(|unit| format!("unit-{unit}")));
    ids.extend(COUNTED_BY.iter().map(|who| format!("counted-by-{who}")));
    for table in &CATALOGUE {
        let name = table.name;
        ids.extend([format!("table-{name}"), format!("table-{name}-about")]);
        ids.extend(table.labels.iter().map(|label| format!("label-{name}-{label}")));
    }
    ids.sort();
    ids
}

#[test]
fn every_table_and_label_has_its_text_in_every_language_and_nothing_else_has() {
    for (language, file) in LANGUAGES {
        let texts = texts(language, file);
        assert_eq!(texts.keys().copied().collect::<Vec<_>>(), ids(), "{language}");
    }
}

#[test]
fn texts_are_plain_words_in_their_language() {
    for (language, file) in LANGUAGES {
        for (id, text) in texts(language, file) {
            assert!(!text.trim().is_empty(), "{language}: {id}");
            let is_sentence = id.ends_with("-about");
            assert_eq!(text.ends_with('.'), is_sentence, "{language}: {id}");
            assert!(text.chars().count() <= if is_sentence { 160 } else { 60 }, "{language}: {id}");
            assert_eq!(text.contains('$'), id == "own-label", "{language}: {id}");
            // Nothing was left in English; figures and the names of substances' groups are alike.
            let is_latin = |letter: char| letter.is_ascii_alphabetic();
            let is_own = id == "own-label" || language == "en";
            assert!(is_own || !text.contains(is_latin), "{language}: {id}: {text}");
        }
    }
}

#[test]
fn labels_of_one_table_are_told_apart() {
    for (language, file) in LANGUAGES {
        let texts = texts(language, file);
        for table in &CATALOGUE {
            let words: Vec<&str> = table
                .labels
                .iter()
                .filter_map(|label| texts.get(format!("label-{}-{label}", table.name).as_str()))
                .copied()
                .collect();
            let mut distinct = words.clone();
            distinct.sort_unstable();
            distinct.dedup();
            assert_eq!(distinct.len(), words.len(), "{language}: {}", table.name);
        }
    }
}
