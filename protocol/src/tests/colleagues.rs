//! Two workers of one service talk, and nobody else takes part.

use vestibule_wire::{Alias, CERTIFICATE_LEN, CertificateError, UnsignedCertificate};

use super::fixed_random::FixedRandom;
use super::world::{NOW, World, certificate_of, counted};
use crate::{
    ANNOUNCEMENT_BYTES_MAX, AnnouncementId, Authority, ColleagueChannel, ColleagueRecord,
    Colleagues, EpochKeys, Era, HandOverId, HandOverSecret, HandshakeError, LetterNumber,
    SUMMARY_BYTES_MAX, SessionError, ShiftKey, WHISPER_BYTES_MAX,
};

const ERA: Era = Era(0x0102_0304_0506_0708);
const LETTER: LetterNumber = LetterNumber(0x1112_1314_1516_1718);

struct Worker {
    shift: ShiftKey,
    certificate: [u8; CERTIFICATE_LEN],
}

/// Two workers, the one who begins first.
fn workers(authority: &Authority) -> [Worker; 2] {
    let mut workers = [0x51, 0xe1].map(|seed| {
        let shift = ShiftKey::generate(&mut FixedRandom::new(&counted(seed, 32)));
        let alias = Alias::new("Ali").unwrap();
        let content = UnsignedCertificate { alias, ..certificate_of(&shift) };
        Worker { certificate: authority.certify(&content), shift }
    });
    workers.sort_by_key(|worker| worker.shift.public());
    workers
}

fn pair<'a>(world: &World, own: &'a Worker, other: &Worker) -> Colleagues<'a> {
    let authority = world.authority.public();
    let (own, certificate) = (&own.shift, &own.certificate);
    Colleagues::new(authority, own, certificate, &other.certificate, NOW).ok().unwrap().0
}

fn random(seed: u8) -> FixedRandom {
    FixedRandom::new(&counted(seed, 32))
}

fn channels(world: &World, [first, second]: &[Worker; 2]) -> [ColleagueChannel; 2] {
    let (here, there) = (pair(world, first, second), pair(world, second, first));
    assert!(here.begins() && !there.begins());
    let (greeted, hello) = here.greet(&world.epoch_keys, ERA, &mut random(0x71));
    assert!(Colleagues::keys_of(&hello) == Some((world.epoch_keys.epoch(), 0)));
    let (second, reply) =
        there.answer(&hello, &world.epoch_keys, ERA, &mut random(0x81)).ok().unwrap();
    [greeted.finish(&reply).ok().unwrap(), second]
}

#[test]
fn what_one_says_the_other_hears() {
    let world = World::new();
    let [mut first, mut second] = channels(&world, &workers(&world.authority));
    let id = HandOverId([7; 8]);
    let records = [
        ColleagueRecord::Whisper("Как быть с ожогом?".into()),
        ColleagueRecord::HandOverRequest { id, triage: world.triage(), summary: String::new() },
        ColleagueRecord::HandOverAccept(id),
        ColleagueRecord::HandOverDecline(id),
        ColleagueRecord::HandOverTicket(id, HandOverSecret::from_bytes(&[9; 32])),
        ColleagueRecord::HandOverDone { id, received_below: 12 },
        ColleagueRecord::HandOverUndelivered(id, "x".repeat(40_000)),
        ColleagueRecord::HandOverOver(id),
        ColleagueRecord::Announcement(AnnouncementId([5; 8]), "Сегодня до 20:00".into()),
        ColleagueRecord::AnnouncementWithdrawn(AnnouncementId([5; 8])),
    ];
    for record in records {
        let number = first.say(LETTER, &record).unwrap();
        let (mut heard, mut delivered) = (Vec::new(), None);
        while let Some(cell) = first.next_cell() {
            heard.extend(second.open(&cell).unwrap().records);
            while let Some(cell) = second.next_cell() {
                delivered = first.open(&cell).unwrap().delivered.or(delivered);
            }
        }
        assert!(heard == [(LETTER, record)] && delivered == Some(number));
    }
}

#[test]
fn each_is_told_since_when_the_other_knows_it() {
    let world = World::new();
    let [first, second] = workers(&world.authority);
    let (here, there) = (pair(&world, &first, &second), pair(&world, &second, &first));
    let (greeted, hello) = here.greet(&world.epoch_keys, ERA, &mut random(0x71));
    let answered = there.answer(&hello, &world.epoch_keys, Era(7), &mut random(0x81));
    let (second, reply) = answered.ok().unwrap();
    assert_eq!(second.era(), ERA);
    assert_eq!(greeted.finish(&reply).ok().unwrap().era(), Era(7));
}

#[test]
fn only_the_service_s_own_are_believed() {
    let world = World::new();
    let [own, _] = workers(&world.authority);
    let stranger = Authority::from_seeds(&counted(0x77, 64).try_into().unwrap());
    let [foreign, _] = workers(&stranger);
    let authority = world.authority.public();
    let refused =
        Colleagues::new(authority, &own.shift, &own.certificate, &foreign.certificate, NOW).err();
    let expected = HandshakeError::Certificate(CertificateError::WrongAuthority);
    assert_eq!(refused, Some(expected));
}

#[test]
fn a_certificate_without_its_key_or_the_service_s_secret_gets_no_channel() {
    let world = World::new();
    let [first, second] = workers(&world.authority);
    let there = pair(&world, &second, &first);
    // A relay that shows the first worker's certificate and has a key of its own.
    let thief = Worker { shift: ShiftKey::from_bytes(&[3; 32]), certificate: first.certificate };
    let (_, hello) = pair(&world, &thief, &second).greet(&world.epoch_keys, ERA, &mut random(0x71));
    let refused = there.answer(&hello, &world.epoch_keys, ERA, &mut random(0x81)).err();
    assert_eq!(refused, Some(HandshakeError::OpeningRefused));

    let other_secrets = EpochKeys::from_secrets(world.epoch_keys.epoch(), 0, &[5; 64]);
    let (_, hello) = pair(&world, &first, &second).greet(&other_secrets, ERA, &mut random(0x71));
    let refused = there.answer(&hello, &world.epoch_keys, ERA, &mut random(0x81)).err();
    assert_eq!(refused, Some(HandshakeError::OpeningRefused));

    let (greeted, hello) =
        pair(&world, &first, &second).greet(&world.epoch_keys, ERA, &mut random(1));
    let (_, mut reply) = there.answer(&hello, &world.epoch_keys, ERA, &mut random(2)).ok().unwrap();
    reply[500] ^= 1;
    assert_eq!(greeted.finish(&reply).err(), Some(HandshakeError::AnswerRefused));
}

#[test]
fn too_much_at_once_is_refused() {
    let world = World::new();
    let [mut first, _] = channels(&world, &workers(&world.authority));
    let whisper = |length| ColleagueRecord::Whisper("x".repeat(length));
    for length in [0, WHISPER_BYTES_MAX + 1] {
        assert_eq!(first.say(LETTER, &whisper(length)).err(), Some(SessionError::RecordSize));
    }
    let summary = "x".repeat(SUMMARY_BYTES_MAX + 1);
    let (id, triage) = (HandOverId([1; 8]), world.triage());
    let request = ColleagueRecord::HandOverRequest { id, triage, summary };
    assert_eq!(first.say(LETTER, &request).err(), Some(SessionError::RecordSize));
    let announcement =
        |length| ColleagueRecord::Announcement(AnnouncementId([1; 8]), "x".repeat(length));
    for length in [0, ANNOUNCEMENT_BYTES_MAX + 1] {
        assert_eq!(first.say(LETTER, &announcement(length)).err(), Some(SessionError::RecordSize));
    }
    assert!(first.say(LETTER, &announcement(ANNOUNCEMENT_BYTES_MAX)).is_ok());
    assert!(first.say(LETTER, &whisper(WHISPER_BYTES_MAX)).is_ok());
}

#[test]
fn an_altered_cell_is_refused() {
    let world = World::new();
    let [mut first, mut second] = channels(&world, &workers(&world.authority));
    first.say(LETTER, &ColleagueRecord::Whisper("x".into())).unwrap();
    let mut cell = first.next_cell().unwrap();
    cell[100] ^= 1;
    assert_eq!(second.open(&cell).err(), Some(SessionError::Unsealed));
}
