//! A client and a worker after a real handshake.

use rand::SeedableRng;
use rand::rngs::StdRng;
use vestibule_protocol::{
    Authority, Channel, EpochKeys, FreshOpening, Language, ReceivedOpening, Session, ShiftKey,
    Subject, Triage, start_handshake,
};
use vestibule_wire::{
    Alias, CERTIFICATE_LEN, Epoch, Expiry, LanguageSet, Role, Timestamp, UnsignedCertificate,
};

/// The consultations' clock stands still: nothing expires within one.
pub(crate) const NOW: Timestamp = Timestamp(1_795_000_000);
const ORIGIN: &str = "https://relay.example";

/// A service with one worker on duty.
pub(crate) struct Service {
    authority: Authority,
    epoch_keys: EpochKeys,
    shift: ShiftKey,
    certificate: [u8; CERTIFICATE_LEN],
}

impl Service {
    pub(crate) fn new() -> Self {
        let authority = Authority::from_seeds(&[7; 64]);
        let epoch_keys = authority.newest_epoch_keys(Epoch::current(NOW));
        let shift = ShiftKey::generate(&mut StdRng::seed_from_u64(0));
        let certificate = authority.certify(&UnsignedCertificate {
            shift_public: shift.public(),
            valid_from: Timestamp(NOW.0 - 3_600),
            valid_to: NOW.plus_seconds(3_600),
            role: Role::Peer,
            languages: LanguageSet::from_bits(1).expect("one language is enough"),
            alias: Alias::new("Measured").expect("a short word is an alias"),
        });
        Self { authority, epoch_keys, shift, certificate }
    }

    /// The client's and the worker's end; the worker has heard the client's first cell.
    pub(crate) fn meet(&self, random: &mut StdRng) -> [Session; 2] {
        let authority = self.authority.public();
        let expiry = Expiry::at(Epoch::current(NOW), NOW.plus_seconds(3_600));
        let link = self.epoch_keys.issue_link(authority, expiry, Channel::Forum, random);
        let triage = Triage {
            language: Language::ENGLISH,
            subject: Subject::Feelings,
            channel: link.channel(),
        };
        let (client, opening) = start_handshake(&link, ORIGIN, triage, random);
        let (name, psk) = (link.name(), self.epoch_keys.psk(link.name()));
        let (authority, shift) = (&authority, &self.shift);
        let honest = "honest ends agree";
        let received =
            ReceivedOpening::read(&opening, name, &psk, authority, ORIGIN, shift, random);
        let (worker, answer) =
            received.and_then(|read| read.answer(&self.certificate)).expect(honest);
        let (mut client, _) = client.finish(&answer, NOW).expect(honest);
        let first = client.empty_cell().expect("the window is empty");
        let (worker, _) = worker.confirm(&first, NOW).ok().expect(honest);
        [client, worker]
    }

    /// The worker's part of fresh secrets.
    pub(crate) fn answer_fresh(
        &self,
        worker: &mut Session,
        opening: &FreshOpening,
        random: &mut StdRng,
    ) {
        let answered = worker.answer_fresh(opening, &self.shift, &self.certificate, random);
        answered.expect("an honest client's opening is one");
    }
}
