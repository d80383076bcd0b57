use vestibule_protocol::Channel;
use vestibule_wire::{Alias, LanguageSet, Role, ShiftCertificate};

use super::*;
use crate::dates::DAY_SECONDS;

/// 2026-11-23.
const NOW: Timestamp = Timestamp(1_795_392_000);

fn origins(texts: &[&str]) -> Vec<Origin> {
    texts.iter().map(|text| Origin::parse(text).unwrap()).collect()
}

fn create(name: &str) -> Result<Service, Problem> {
    Service::create(name, origins(&["https://relay.example"]), None, NOW)
}

fn reopened(service: &Service) -> Service {
    let secret = SecretString::from("p".to_owned());
    Service::open(&service.seal(secret.clone(), Work::Factor(2)), secret).unwrap()
}

fn alias(text: &str) -> Alias {
    Alias::new(text).unwrap()
}

fn terms(name: &str, days: u32) -> Terms {
    Terms {
        alias: alias(name),
        role: Role::Peer,
        languages: LanguageSet::from_bits(3).unwrap(),
        first_day: NOW,
        days,
    }
}

fn generations(enrolment: &Enrolment) -> Vec<u8> {
    let epoch = enrolment.epochs[0].keys.epoch();
    enrolment.epoch_generations(epoch).map(|entry| entry.keys.generation()).collect()
}

#[test]
fn links_of_a_service_with_a_page_of_its_own_begin_with_the_page() {
    let mut service = create("Open Door").unwrap();
    let begins_with = |service: &mut Service| {
        let enrolment = service.enrol(terms("Anna", 3), NOW).unwrap();
        let file = enrolment.seal("p".into(), Work::Factor(2));
        let enrolment = Enrolment::open(&file, "p".into()).unwrap();
        enrolment.link_origin().unwrap().as_str().to_owned()
    };
    assert_eq!(begins_with(&mut reopened(&service)), "https://relay.example");
    service.page = Some(Origin::parse("https://page.example").unwrap());
    assert_eq!(begins_with(&mut reopened(&service)), "https://page.example");
}

#[test]
fn a_service_survives_its_file() {
    let mut service = create("Open Door").unwrap();
    service.enrol(terms("Anna", 3), NOW).unwrap();
    service.enrol(terms("Boris", 5), NOW).unwrap();
    service.open_door(30, Channel::Card, &service.origins[0].clone(), NOW).unwrap();
    service.send_off(&alias("Anna"), true, NOW).unwrap();
    let opened = reopened(&service);
    assert!(opened.authority.public() == service.authority.public());
    assert_eq!(*opened.authority.secrets(), *service.authority.secrets());
    assert!(opened.origins == service.origins);
    assert_eq!(opened.card, service.card);
    assert_eq!(opened.lowest_generation, 1);
    let listed = |service: &Service| *service.revocations().unwrap().as_bytes();
    assert_eq!(listed(&opened), listed(&service));
    let [anna, boris] = &opened.roster[..] else { panic!("two are on the roster") };
    assert!(anna.terms.alias == alias("Anna") && anna.revoked);
    assert!(boris.terms.alias == alias("Boris") && boris.holds(NOW));
    assert_eq!((boris.terms.role, boris.terms.days), (Role::Peer, 5));
    assert_eq!(
        boris.keys_at(NOW).collect::<Vec<_>>(),
        service.roster[1].keys_at(NOW).collect::<Vec<_>>()
    );
    assert_eq!(opened.doors[0].address(), service.doors[0].address());
}

#[test]
fn the_card_is_signed_and_says_the_name_in_every_language() {
    let service = create(" Open Door ").unwrap();
    let card = ServiceCard::verify(&service.signed_card(), &service.authority.public()).unwrap();
    for name in card.name.all() {
        assert_eq!(name, "Open Door");
    }
    assert_eq!(card.issued, NOW.0);
    assert!(card.subjects.is_some_and(|subjects| subjects[0] == "danger"));
}

#[test]
fn unusable_names_are_refused() {
    assert!(create("").is_err());
    assert!(create("  ").is_err());
    assert!(create(&"x".repeat(1_001)).is_err());
}

#[test]
fn unusable_addresses_are_refused() {
    let with = |texts: &[&str]| Service::create("x", origins(texts), None, NOW).is_ok();
    assert!(!with(&[]));
    assert!(!with(&["https://a.example", "https://a.example/"]));
    assert!(!with(&["http://abc.onion"]));
    assert!(with(&["http://abc.onion", "https://a.example"]));
}

#[test]
fn exactly_the_keys_of_whom_is_sent_off_are_refused() {
    let mut service = create("Open Door").unwrap();
    let anna = service.enrol(terms("Anna", 3), NOW).unwrap();
    let again = service.enrol(Terms { days: 31, ..terms("Anna", 3) }, NOW).unwrap();
    let boris = service.enrol(terms("Boris", 3), NOW).unwrap();
    let revoked = service.send_off(&alias("Anna"), false, NOW).unwrap();
    assert_eq!(revoked.key_count, 3 + 31);
    assert!(!revoked.links_refused);
    let list = service.revocations().unwrap();
    for shift in anna.shifts.iter().chain(&again.shifts) {
        assert!(list.revokes_key(&shift.content.shift_public));
    }
    assert!(boris.shifts.iter().all(|shift| !list.revokes_key(&shift.content.shift_public)));
    assert_eq!((list.number(), list.lowest_generation()), (1, 0));

    assert!(service.send_off(&alias("Anna"), false, NOW).is_err(), "she is off already");
    assert!(service.send_off(&alias("Vera"), false, NOW).is_err());
    assert_eq!(service.revocations().unwrap().number(), 1);
    // A file that she loses and gets anew is not revoked with the old one.
    let anew = service.enrol(terms("Anna", 3), NOW).unwrap();
    service.send_off(&alias("Boris"), false, NOW).unwrap();
    let list = service.revocations().unwrap();
    assert_eq!(list.number(), 2);
    assert!(list.revokes_key(&anna.shifts[0].content.shift_public));
    assert!(!list.revokes_key(&anew.shifts[0].content.shift_public));
}

#[test]
fn what_has_just_ended_is_revoked_with_what_holds() {
    let mut service = create("Open Door").unwrap();
    let before = service.enrol(terms("Anna", 2), NOW).unwrap();
    let now = before.valid_until();
    let first_day = NOW.plus_seconds(2 * DAY_SECONDS);
    service.enrol(Terms { first_day, ..terms("Anna", 2) }, now).unwrap();
    service.send_off(&alias("Anna"), false, now).unwrap();
    assert!(service.roster.iter().all(|enrolled| enrolled.revoked), "nothing is left to renew");
    let list = service.revocations().unwrap();
    assert!(list.revokes_key(&before.shifts[1].content.shift_public));
}

#[test]
fn keys_are_forgotten_when_their_certificates_are_over_and_not_before() {
    let mut service = create("Open Door").unwrap();
    let anna = service.enrol(terms("Anna", 2), NOW).unwrap();
    service.send_off(&alias("Anna"), false, NOW).unwrap();
    let authority = service.authority.public();
    let mut now = NOW;
    for _ in 0..120 {
        now = now.plus_seconds(3_600);
        service.sign_revocations(now).unwrap();
        let list = service.revocations().unwrap();
        for shift in &anna.shifts {
            let holds = ShiftCertificate::verify(&shift.certificate, &authority, now).is_ok();
            let revoked = list.revokes_key(&shift.content.shift_public);
            assert!(revoked || !holds, "{now:?}");
        }
    }
    assert!(!service.revocations().unwrap().revokes_key(&anna.shifts[1].content.shift_public));
    service.forget_what_is_over(now);
    assert!(service.roster.is_empty());
}

#[test]
fn a_new_file_has_every_generation_that_is_not_refused() {
    let mut service = create("Open Door").unwrap();
    let boris = service.enrol(terms("Boris", 9), NOW).unwrap();
    assert_eq!(generations(&boris), [0]);
    for name in ["A", "B", "C"] {
        service.enrol(terms(name, 1), NOW).unwrap();
        assert!(!service.send_off(&alias(name), false, NOW).unwrap().links_refused);
    }
    assert_eq!(generations(&service.enrol(terms("Vera", 1), NOW).unwrap()), [3, 2, 1, 0]);
    assert!(service.to_be_renewed(NOW) == [&alias("Boris")]);
    let renewed = service.enrol(terms("Boris", 9), NOW).unwrap();
    assert!(service.to_be_renewed(NOW).is_empty());
    // The same keys, so that what others issued before is answered.
    let epoch = boris.epochs[0].keys.epoch();
    let oldest = renewed.epoch_generations(epoch).last().unwrap();
    assert_eq!(*oldest.keys.secrets(), *boris.epochs[0].keys.secrets());

    // A relay learns of no more: the oldest generation is refused then.
    assert!(service.send_off(&alias("Vera"), false, NOW).unwrap().links_refused);
    assert_eq!(service.revocations().unwrap().lowest_generation(), 1);
    assert!(service.send_off(&alias("Boris"), true, NOW).unwrap().links_refused);
    assert_eq!(service.revocations().unwrap().lowest_generation(), 5);
    let last = service.enrol(terms("Vera", 1), NOW).unwrap();
    assert_eq!(generations(&last), [5]);
    assert!(last.revocations.is_some_and(|list| list.number() == 5));
}

#[test]
fn a_door_is_open_until_it_is_shut() {
    let mut service = create("Open Door").unwrap();
    let origin = service.origins[0].clone();
    let (number, link) = {
        let door = service.open_door(30, Channel::Card, &origin, NOW).unwrap();
        assert!(door.address().starts_with("https://relay.example/#"));
        (door.number, door.link().clone())
    };
    let authority = service.authority.public();
    assert!(link.token().verify_door(&authority, NOW.plus_seconds(30 * DAY_SECONDS)).is_ok());
    assert!(link.token().verify_door(&authority, NOW.plus_seconds(31 * DAY_SECONDS)).is_err());
    let enrolment = service.enrol(terms("Anna", 1), NOW).unwrap();
    assert!(enrolment.door.psk(link.name()) == *link.psk());
    let other = service.open_door(723, Channel::Site, &origin, NOW).unwrap();
    assert!(other.number != number);
    let two_years = NOW.plus_seconds(722 * DAY_SECONDS);
    assert!(other.link().token().verify_door(&authority, two_years).is_ok());

    service.shut_door(number).unwrap();
    assert!(service.shut_door(number).is_err());
    assert!(service.shut_door(77).is_err());
    service.sign_revocations(NOW).unwrap();
    let list = service.revocations().unwrap();
    assert!(list.revokes_door(&link.name().id));
    assert!(!list.revokes_door(&service.doors[1].link().name().id));
    for _ in 2..DOORS_MAX {
        service.open_door(1, Channel::Card, &origin, NOW).unwrap();
    }
    assert!(service.open_door(1, Channel::Card, &origin, NOW).is_err());
    assert!(
        service.open_door(1, Channel::Card, &origin, NOW.plus_seconds(2 * DAY_SECONDS)).is_ok()
    );
}

#[test]
fn a_full_roster_fits_into_its_file() {
    let mut service = create("Open Door").unwrap();
    service.enrol(terms("Anna", 31), NOW).unwrap();
    let one = service.roster[0].to_content();
    let json = serde_json::to_vec(&one).unwrap();
    assert!(json.len() * ROSTER_LEN_MAX < 1_000_000, "{}", json.len());
    while service.roster.len() < ROSTER_LEN_MAX {
        service.roster.push(Enrolled::from_content(&one).unwrap());
    }
    assert!(service.enrol(terms("Boris", 1), NOW).is_err());
    let later = NOW.plus_seconds(40 * DAY_SECONDS);
    assert!(service.enrol(Terms { first_day: later, ..terms("Boris", 1) }, later).is_ok());
}
