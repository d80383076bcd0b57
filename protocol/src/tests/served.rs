//! What a relay serves for a service: its card and its leaflets (section 4).

use serde_json::{Value, json};
use vestibule_wire::{CARD_SUBJECTS, CardError, LEAFLETS_BYTES_MAX, Leaflets, ServiceCard};

use super::world::World;
use crate::{Authority, Subject};

fn leaflets() -> Value {
    let card =
        json!({ "id": "a-1_b", "kind": "referral", "topic": "law", "title": "т", "body": "- б" });
    json!({ "version": 1, "issued": 5, "language": "uk", "cards": [card] })
}

/// Whether leaflets with some member changed are taken.
fn with(pointer: &str, value: Value) -> bool {
    let mut leaflets = leaflets();
    *leaflets.pointer_mut(pointer).unwrap() = value;
    Leaflets::from_json(leaflets.to_string().as_bytes()).is_ok()
}

#[test]
fn leaflets_are_the_authority_s_and_cannot_be_changed() {
    let authority = World::new().authority;
    let signed = authority.sign_leaflets(leaflets().to_string().as_bytes());
    let verify = |bytes: &[u8]| Leaflets::verify(bytes, &authority.public());
    assert_eq!(verify(&signed).unwrap().cards[0].topic, "law");
    for position in 0..signed.len() {
        let mut altered = signed.clone();
        altered[position] ^= 1;
        assert_eq!(verify(&altered).err(), Some(CardError::WrongAuthority), "byte {position}");
    }
    let other = Authority::from_seeds(&[7; 64]).public();
    assert_eq!(Leaflets::verify(&signed, &other).err(), Some(CardError::WrongAuthority));
    let as_card = authority.sign_card(leaflets().to_string().as_bytes());
    assert_eq!(verify(&as_card).err(), Some(CardError::WrongAuthority));
    assert_eq!(verify(&[0; 63]).err(), Some(CardError::Malformed));
}

#[test]
fn leaflets_have_limits() {
    assert!(with("/issued", json!(6)));
    for (pointer, refused) in [
        ("/version", json!(2)),
        ("/issued", json!(-1)),
        ("/language", json!("de")),
        ("/cards/0/id", json!("A")),
        ("/cards/0/id", json!("")),
        ("/cards/0/topic", json!("x".repeat(41))),
        ("/cards/0/kind", json!("poster")),
        ("/cards/0/title", json!("")),
        ("/cards/0/title", json!("x".repeat(481))),
        ("/cards/0/body", json!("")),
        ("/cards/0/body", json!("x".repeat(16_001))),
    ] {
        assert!(!with(pointer, refused.clone()), "{pointer}: {refused}");
    }
    assert!(with("/cards/0/title", json!("я".repeat(240))));
    assert!(with("/cards/0/body", json!("я".repeat(8_000))));
    let cards = |count: usize, body: &str| {
        let card = |index| {
            let mut card = leaflets()["cards"][0].clone();
            (card["id"], card["body"]) = (json!(format!("c{index}")), json!(body));
            card
        };
        json!((0..count).map(card).collect::<Vec<_>>())
    };
    assert!(with("/cards", cards(0, "x")) && with("/cards", cards(64, "x")));
    assert!(!with("/cards", cards(65, "x")));
    assert!(!with("/cards", cards(5, &"x".repeat(LEAFLETS_BYTES_MAX / 5))), "too long in all");
    let card = leaflets()["cards"][0].clone();
    assert!(!with("/cards", json!([card, card])), "two of one name");
}

fn card(subjects: Option<Value>) -> Result<ServiceCard, CardError> {
    card_with("subjects", subjects)
}

fn card_with(name: &str, member: Option<Value>) -> Result<ServiceCard, CardError> {
    let text = json!({ "en": "x", "ru": "x", "uk": "x", "ar": "x" });
    let mut card = json!({
        "version": 1, "issued": 5, "name": text, "about": text, "hours": text, "emergency": text,
    });
    if let Some(member) = member {
        card[name] = member;
    }
    ServiceCard::from_json(card.to_string().as_bytes())
}

#[test]
fn a_card_names_subjects_each_once_or_means_all() {
    assert!(card(None).unwrap().subjects.is_none());
    let chosen = card(Some(json!(["law", "danger"]))).unwrap().subjects.unwrap();
    assert_eq!(chosen, ["law", "danger"]);
    assert!(card(Some(json!(CARD_SUBJECTS))).is_ok());
    for refused in [json!([]), json!(["law", "law"]), json!(["not_said"]), json!(["later"])] {
        assert_eq!(card(Some(refused)).err(), Some(CardError::Malformed));
    }
    let written = serde_json::to_string(&card(None).unwrap()).unwrap();
    assert!(!written.contains("subjects"), "an absent member stays absent");
}

/// The same in client-web/src/protocol/card.test.ts.
#[test]
fn a_card_s_exit_leads_to_a_site_by_https() {
    let exit = |address: Value| card_with("exit", Some(address));
    let long = format!("https://weather.example/{}", "x".repeat(231));
    for taken in [
        "https://weather.example",
        "https://weather.example/",
        "https://www.weather-2.example/de/kyiv?units=c#now",
        "https://xn--80aswg.xn--p1ai/",
        &long,
    ] {
        assert_eq!(exit(json!(taken)).unwrap().exit.as_deref(), Some(taken));
    }
    for refused in [
        "",
        "weather.example",
        "http://weather.example",
        "HTTPS://weather.example",
        "javascript:alert(1)//weather.example",
        "data:text/html,x",
        "https://",
        "https:///x",
        "https://weather",
        "https://weather.example.",
        "https://.example",
        "https://-weather.example",
        "https://weather-.example",
        "https://Weather.example",
        "https://погода.example",
        "https://203.0.113.7",
        "https://[2001:db8::1]/",
        "https://weather.example:8443/",
        "https://somebody@weather.example/",
        "https://weather.example?x",
        "https://weather.example\\x",
        "https://weather.example/a b",
        "https://weather.example/\n",
        "https://weather.example/погода",
        " https://weather.example",
        &format!("{long}x"),
    ] {
        assert_eq!(exit(json!(refused)).err(), Some(CardError::Malformed), "{refused}");
    }
    assert!(exit(json!(1)).is_err() && exit(json!(["https://weather.example"])).is_err());
    let written = serde_json::to_string(&card(None).unwrap()).unwrap();
    assert!(!written.contains("exit"), "an absent member stays absent");
}

#[test]
fn a_card_s_subjects_are_those_that_clients_choose_from() {
    let names: Vec<&str> = Subject::ALL
        .iter()
        .map(|subject| subject.name())
        .filter(|name| *name != "not_said")
        .collect();
    assert_eq!(names, CARD_SUBJECTS);
}
