use super::*;

/// 2026-11-23.
const FIRST_DAY: Timestamp = Timestamp(1_795_392_000);

fn service() -> Service {
    let origins = vec![Origin::parse("https://relay.example").unwrap()];
    Service::create("Open Door", origins, None, FIRST_DAY).unwrap()
}

fn terms(days: u32) -> Terms {
    Terms {
        alias: Alias::new("Anna").unwrap(),
        role: Role::Peer,
        languages: LanguageSet::from_bits(3).unwrap(),
        first_day: FIRST_DAY,
        days,
    }
}

fn secret() -> SecretString {
    SecretString::from("p".to_owned())
}

#[test]
fn some_certificate_holds_well_at_every_moment() {
    let service = service();
    let enrolment = Enrolment::new(&service, &terms(31));
    let mut now = FIRST_DAY;
    while now < FIRST_DAY.plus_seconds(31 * DAY_SECONDS) {
        let shift = enrolment.shift_at(now).unwrap();
        for moment in [Timestamp(now.0 - 3_600), now, now.plus_seconds(3_600)] {
            let verified =
                ShiftCertificate::verify(&shift.certificate, &service.authority.public(), moment);
            assert!(verified.is_ok(), "an hour around {now:?}");
        }
        now = now.plus_seconds(599);
    }
}

#[test]
fn every_epoch_of_the_enrolment_is_there_and_no_other() {
    let service = service();
    for days in [1, 2, 4, 7, 31] {
        let enrolment = Enrolment::new(&service, &terms(days));
        let from = enrolment.shifts[0].content.valid_from;
        let to = enrolment.valid_until();
        let mut now = from;
        while now <= to {
            for epoch in Epoch::holding(now) {
                let entry = enrolment.epoch(epoch).unwrap();
                let stated =
                    EpochStatement::verify(&entry.statement, &service.authority.public(), now)
                        .unwrap();
                assert_eq!(stated.issuing_public, entry.keys.issuing_public());
            }
            now = now.plus_seconds(3_599);
        }
        for entry in &enrolment.epochs {
            let epoch = entry.keys.epoch();
            assert!(epoch.starts_at() <= to && epoch.ends_at() > from, "{days} days");
        }
    }
}

#[test]
fn before_and_after_there_is_no_shift() {
    let enrolment = Enrolment::new(&service(), &terms(1));
    let from = enrolment.shifts[0].content.valid_from;
    let to = enrolment.valid_until();
    assert!(enrolment.shift_at(from).is_ok());
    let before = enrolment.shift_at(Timestamp(from.0 - 1));
    assert!(matches!(before, Err(NotEnrolled::NotBegun(start)) if start == from));
    assert!(matches!(enrolment.shift_at(to), Err(NotEnrolled::Over(end)) if end == to));
}

#[test]
fn an_enrolment_survives_its_file() {
    let enrolment = Enrolment::new(&service(), &terms(3));
    let opened = Enrolment::open(&enrolment.seal(secret(), Work::Factor(2)), secret()).unwrap();
    assert!(opened.authority == enrolment.authority);
    assert_eq!(opened.service_name, enrolment.service_name);
    assert_eq!(opened.shifts.len(), 3);
    assert_eq!(opened.shifts[2].key.as_bytes(), enrolment.shifts[2].key.as_bytes());
    assert_eq!(opened.epochs.len(), enrolment.epochs.len());
    assert_eq!(*opened.epochs[0].keys.secrets(), *enrolment.epochs[0].keys.secrets());
}

#[test]
fn a_service_file_is_no_worker_file() {
    let file = service().seal(secret(), Work::Factor(2));
    assert!(matches!(Enrolment::open(&file, secret()), Err(KeyFileError::OtherKind { .. })));
}

#[test]
fn nothing_that_the_authority_did_not_sign_is_believed() {
    let reopened = |change: fn(&mut Enrolment)| {
        let mut enrolment = Enrolment::new(&service(), &terms(2));
        change(&mut enrolment);
        Enrolment::open(&enrolment.seal(secret(), Work::Factor(2)), secret()).is_ok()
    };
    assert!(reopened(|_| ()));
    assert!(!reopened(|it| it.authority = AuthorityKey::from_bytes([7; 32])));
    assert!(!reopened(|it| it.shifts[0].certificate[100] ^= 1));
    assert!(!reopened(|it| it.shifts[0].key = ShiftKey::from_bytes(&[7; 32])));
    assert!(!reopened(|it| it.shifts.clear()));
    assert!(!reopened(|it| it.epochs[0].statement[50] ^= 1));
    assert!(!reopened(|it| it.epochs[0].statement = it.epochs[1].statement));
    assert!(!reopened(|it| it.epochs.clear()));
    assert!(!reopened(|it| it.origins.clear()));
}
