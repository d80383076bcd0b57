//! One service, one worker, one link: what most tests start from.

use vestibule_wire::{
    Alias, CERTIFICATE_LEN, Epoch, Expiry, LanguageSet, Opening, REVOCATIONS_LEN, Role, Timestamp,
    UnsignedCertificate, UnsignedRevocations,
};

use super::fixed_random::FixedRandom;
use crate::{
    Authority, AwaitingAnswer, AwaitingFirstCell, Cell, Channel, EpochKeys, HandshakeError,
    Language, Link, ReceivedOpening, Record, RecordNumber, Session, ShiftKey, Subject, Triage,
    start_handshake,
};

pub(super) const NOW: Timestamp = Timestamp(1_795_000_000);
pub(super) const ORIGIN: &str = "https://relay.example";

/// `length` bytes that differ from each other and from those of another `seed`.
pub(super) fn counted(seed: u8, length: usize) -> Vec<u8> {
    (0..=255).cycle().map(|index: u8| seed.wrapping_add(index)).take(length).collect()
}

/// Of the authority key and of the first epoch root.
pub(super) fn authority_seeds() -> [u8; 64] {
    counted(0x01, 64).try_into().unwrap()
}

pub(super) struct World {
    pub(super) authority: Authority,
    pub(super) epoch_keys: EpochKeys,
    pub(super) link: Link,
    pub(super) shift: ShiftKey,
    pub(super) certificate: [u8; CERTIFICATE_LEN],
}

impl World {
    pub(super) fn new() -> Self {
        let authority = Authority::from_seeds(&authority_seeds());
        let epoch = Epoch::current(NOW);
        let epoch_keys = authority.newest_epoch_keys(epoch);
        let expiry = Expiry::at(epoch, NOW.plus_seconds(3_600));
        let mut link_random = FixedRandom::new(&counted(0x41, 16));
        let link =
            epoch_keys.issue_link(authority.public(), expiry, Channel::Forum, &mut link_random);
        let shift = ShiftKey::generate(&mut FixedRandom::new(&counted(0x51, 32)));
        let certificate = authority.certify(&certificate_of(&shift));
        Self { authority, epoch_keys, link, shift, certificate }
    }

    /// A published address of the service.
    pub(super) fn door(&self) -> Link {
        let (epoch, expiry) = (Epoch::current(NOW), Expiry::from_hours(8_760).unwrap());
        let mut random = FixedRandom::new(&counted(0xf1, 16));
        self.authority.issue_door(epoch, expiry, Channel::Card, &mut random).unwrap()
    }

    /// A list with which the service shuts its door and sends its worker off.
    pub(super) fn revocations(&self) -> Box<[u8; REVOCATIONS_LEN]> {
        let list = UnsignedRevocations {
            number: 7,
            lowest_generation: 1,
            keys: vec![self.shift.public(), [9; 32]],
            doors: vec![self.door().name().id],
        };
        self.authority.revoke(&list).unwrap()
    }

    pub(super) fn triage(&self) -> Triage {
        Triage {
            language: Language::from_code("ar").unwrap(),
            subject: Subject::SaferUse,
            channel: self.link.channel(),
        }
    }

    pub(super) fn open(&self, random: &[u8]) -> (AwaitingAnswer, Opening) {
        let mut random = FixedRandom::new(random);
        let opened = start_handshake(&self.link, ORIGIN, self.triage(), &mut random);
        assert!(random.is_used_up(), "the client draws exactly 96 bytes");
        opened
    }

    pub(super) fn receive(
        &self,
        opening: &Opening,
        random: &[u8],
    ) -> Result<ReceivedOpening, HandshakeError> {
        let mut random = FixedRandom::new(random);
        let name = self.link.name();
        let psk = self.epoch_keys.psk(name);
        let authority = self.authority.public();
        let read = ReceivedOpening::read(
            opening,
            name,
            &psk,
            &authority,
            ORIGIN,
            &self.shift,
            &mut random,
        );
        assert!(read.is_err() || random.is_used_up(), "the worker draws exactly 64 bytes");
        read
    }

    /// Both ends after the handshake; the worker has not yet seen a first cell.
    pub(super) fn shake_hands(&self) -> (Session, AwaitingFirstCell) {
        let (client, opening) = self.open(&counted(0x61, 96));
        let received = self.receive(&opening, &counted(0x91, 64)).unwrap();
        let (worker, answer) = received.answer(&self.certificate).unwrap();
        let (session, _) = client.finish(&answer, NOW).unwrap();
        (session, worker)
    }

    /// Both ends, live.
    pub(super) fn converse(&self) -> (Session, Session) {
        let (mut client, worker) = self.shake_hands();
        let (worker, _) = worker.confirm(&client.empty_cell().unwrap(), NOW).ok().unwrap();
        (client, worker)
    }
}

pub(super) fn certificate_of(shift: &ShiftKey) -> UnsignedCertificate {
    UnsignedCertificate {
        shift_public: shift.public(),
        valid_from: Timestamp(NOW.0 - 3_600),
        valid_to: NOW.plus_seconds(8 * 3_600),
        role: Role::Peer,
        languages: LanguageSet::from_bits(0b1010).unwrap(),
        alias: Alias::new("Оля").unwrap(),
    }
}

/// Every cell that is due.
pub(super) fn drain(session: &mut Session) -> Vec<Cell> {
    std::iter::from_fn(|| session.next_cell()).collect()
}

/// Opens cells; returns the records that they completed.
pub(super) fn hear(session: &mut Session, cells: &[Cell]) -> Vec<Record> {
    cells.iter().flat_map(|cell| session.open(cell, NOW).unwrap().records).collect()
}

/// Brings cells of `from` to `to`, and back what they are answered with, until both are silent.
/// Returns the records that `to` heard, and what `from` learned to be delivered.
pub(super) fn deliver(
    from: &mut Session,
    to: &mut Session,
    cells: &[Cell],
) -> (Vec<Record>, Option<RecordNumber>) {
    let (mut heard, mut delivered) = (hear(to, cells), None);
    loop {
        let answers = drain(to);
        for cell in &answers {
            delivered = from.open(cell, NOW).unwrap().delivered.or(delivered);
        }
        let more = drain(from);
        heard.extend(hear(to, &more));
        if answers.is_empty() && more.is_empty() {
            return (heard, delivered);
        }
    }
}
