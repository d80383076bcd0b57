use std::collections::BTreeSet;

use super::{CardTexts, Direction, LIST, Language, LanguageSet};

#[test]
fn each_language_of_the_list_has_a_bit_a_code_and_a_name_of_its_own() {
    let bytes: BTreeSet<u8> = LIST.iter().map(|listed| listed.byte).collect();
    let codes: BTreeSet<&str> = LIST.iter().map(|listed| listed.code.as_str()).collect();
    let names: BTreeSet<&str> = LIST.iter().map(|listed| listed.name.as_str()).collect();
    assert_eq!([bytes.len(), codes.len(), names.len()], [LIST.len(); 3]);
    for listed in LIST.iter() {
        assert!(listed.byte.is_power_of_two(), "{}", listed.code);
        assert!(listed.code.len() == 2 && listed.code.bytes().all(|it| it.is_ascii_lowercase()));
        assert!(codes.contains(listed.instead.as_str()), "{}", listed.code);
    }
}

#[test]
fn bytes_that_were_given_are_not_given_anew() {
    let given = [(1, "en"), (2, "ru"), (4, "uk"), (8, "ar"), (16, "kk")];
    for (byte, code) in given {
        assert!(Language::from_code(code).is_ok_and(|it| it.byte() == byte), "{code}");
    }
    assert_eq!(Language::ENGLISH.code(), "en");
    assert!(Language::from_code("ar").is_ok_and(|it| it.direction() == Direction::Rtl));
}

#[test]
fn a_set_has_a_language_and_none_that_is_not_listed() {
    let all = LanguageSet::of(Language::all()).unwrap();
    assert_eq!(all.codes(), Language::all().map(Language::code).collect::<Vec<_>>());
    assert!(LanguageSet::from_bits(0).is_err());
    assert!(LanguageSet::from_bits(!all.bits()).is_err());
    assert!(LanguageSet::of([]).is_err());
    assert_eq!(LanguageSet::from_bits(0b1010).unwrap().codes(), ["ru", "ar"]);
}

#[test]
fn a_text_is_there_for_every_reader_and_always_in_english() {
    let texts: CardTexts = serde_json::from_str(r#"{"uk":"б","en":"a"}"#).unwrap();
    for language in Language::all() {
        let wanted = if language.code() == "uk" { "б" } else { "a" };
        assert_eq!(texts.for_reader(language), wanted, "{}", language.code());
    }
    assert_eq!(serde_json::to_string(&texts).unwrap(), r#"{"en":"a","uk":"б"}"#);
    for other in [r#"{"uk":"б"}"#, "{}", r#"{"en":"a","de":"b"}"#, r#"{"en":1}"#] {
        assert!(serde_json::from_str::<CardTexts>(other).is_err(), "{other}");
    }
}
