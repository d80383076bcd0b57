//! A service whose keys a test holds.

use ed25519_dalek::{Signer, SigningKey};
use vestibule_wire::{
    Alias, AuthorityKey, CERTIFICATE_LEN, ClientToRelay, Epoch, EpochStatement, Expiry,
    IndicatorsToRelay, LanguageSet, Leaflets, LinkId, LinkName, OPENING_LEN, Opening,
    REVOCATIONS_LEN, Revocations, Role, STATEMENT_LEN, ServiceCard, Slip, Table, Timestamp, Token,
    UnsignedCertificate, UnsignedRevocations,
};

use super::NOW;

pub(crate) struct FakeService {
    authority: SigningKey,
    seed: u8,
}

impl FakeService {
    pub(crate) fn new(seed: u8) -> Self {
        Self { authority: SigningKey::from_bytes(&[seed; 32]), seed }
    }

    pub(crate) fn authority(&self) -> AuthorityKey {
        AuthorityKey::from_bytes(self.authority.verifying_key().to_bytes())
    }

    pub(crate) fn card(&self) -> Vec<u8> {
        let texts = serde_json::json!({ "en": "a", "ru": "b", "uk": "c", "ar": "d" });
        let card = serde_json::json!({
            "version": 1, "issued": NOW.0, "name": texts, "about": texts, "hours": texts,
            "emergency": texts,
        });
        let json = card.to_string().into_bytes();
        let signature = sign(&self.authority, ServiceCard::LABEL, &json);
        [&signature[..], &json].concat()
    }

    /// Leaflets in one language.
    pub(crate) fn leaflets(&self, language: &str) -> Vec<u8> {
        let card = serde_json::json!({
            "id": "naloxone", "kind": "leaflet", "topic": "overdose", "title": "a", "body": "b",
        });
        let leaflets = serde_json::json!({
            "version": 1, "issued": NOW.0, "language": language, "cards": [card],
        });
        let json = leaflets.to_string().into_bytes();
        let signature = sign(&self.authority, Leaflets::LABEL, &json);
        [&signature[..], &json].concat()
    }

    /// What the service no longer believes.
    pub(crate) fn revocations(&self, unsigned: &UnsignedRevocations) -> Box<[u8; REVOCATIONS_LEN]> {
        let signed = unsigned.signed_bytes().unwrap();
        let signature = sign(&self.authority, UnsignedRevocations::LABEL, &signed[..]);
        Box::new([&signed[..], &signature].concat().try_into().unwrap())
    }

    /// The same as a relay holds it.
    pub(crate) fn revoked(&self, unsigned: &UnsignedRevocations) -> Revocations {
        Revocations::verify(&self.revocations(unsigned), &self.authority()).unwrap()
    }

    fn issuing(&self, generation: u8) -> SigningKey {
        SigningKey::from_bytes(&[self.seed ^ 0x80 ^ generation; 32])
    }

    pub(crate) fn statement(&self, epoch: Epoch, generation: u8) -> [u8; STATEMENT_LEN] {
        let issuing_public = self.issuing(generation).verifying_key().to_bytes();
        let statement = EpochStatement { epoch, generation, issuing_public };
        let signed = statement.signed_bytes();
        let signature = sign(&self.authority, EpochStatement::LABEL, &signed);
        [&signed[..], &signature].concat().try_into().unwrap()
    }

    /// A slip that this generation's key signed.
    pub(crate) fn slip(&self, id: u8, generation: u8, table: &str, counts: &[u16]) -> Vec<u8> {
        let keys = (Epoch::current(NOW), generation);
        let table = Table::named(table).unwrap();
        let slip = Slip::new(self.authority(), keys, [id; 16], table, counts);
        let signature = sign(&self.issuing(generation), Slip::LABEL, &slip.signed_bytes());
        IndicatorsToRelay::HandIn(Box::new(slip), Box::new(signature)).encode()
    }

    pub(crate) fn token(&self, name: LinkName) -> Token {
        self.token_of(name, 0)
    }

    /// A token of another generation of the epoch's keys.
    pub(crate) fn token_of(&self, name: LinkName, generation: u8) -> Token {
        let signature = sign(&self.issuing(generation), Token::LABEL, &name.to_bytes());
        Token { name, signature }
    }

    pub(crate) fn door_token(&self, name: LinkName) -> Token {
        let signature = sign(&self.authority, Token::DOOR_LABEL, &name.to_bytes());
        Token { name, signature }
    }

    pub(crate) fn open_as(&self, token: Token, opening: u8) -> ClientToRelay {
        ClientToRelay::Open { authority: self.authority(), token, opening: opening_of(opening) }
    }

    pub(crate) fn open(&self, link: u8, opening: u8) -> ClientToRelay {
        self.open_as(self.token(link_name(link)), opening)
    }

    pub(crate) fn open_door(&self, door: u8, opening: u8) -> ClientToRelay {
        self.open_as(self.door_token(door_name(door)), opening)
    }

    pub(crate) fn certificate(&self, shift: [u8; 32], from: u32) -> [u8; CERTIFICATE_LEN] {
        self.certificate_of(shift, from, Role::Peer)
    }

    pub(crate) fn certificate_of(
        &self,
        shift: [u8; 32],
        from: u32,
        role: Role,
    ) -> [u8; CERTIFICATE_LEN] {
        let unsigned = UnsignedCertificate {
            shift_public: shift_public(shift),
            valid_from: Timestamp(from),
            valid_to: Timestamp(from + 43_200),
            role,
            languages: LanguageSet::from_bits(1).unwrap(),
            alias: Alias::new("Mira").unwrap(),
        };
        let signed = unsigned.signed_bytes();
        let signature = sign(&self.authority, UnsignedCertificate::LABEL, &signed);
        [&signed[..], &signature].concat().try_into().unwrap()
    }
}

fn sign(key: &SigningKey, label: &[u8], message: &[u8]) -> [u8; 64] {
    key.sign(&[label, &[0], message].concat()).to_bytes()
}

pub(crate) fn link_name(id: u8) -> LinkName {
    let epoch = Epoch::current(NOW);
    LinkName { epoch, expiry: Expiry::from_minutes(10_080).unwrap(), id: LinkId([id; 16]) }
}

/// A door that was put up long ago and holds for a year.
pub(crate) fn door_name(id: u8) -> LinkName {
    let epoch = Epoch(Epoch::current(NOW).0 - 20);
    LinkName { epoch, expiry: Expiry::from_hours(8_760).unwrap(), id: LinkId([id; 16]) }
}

/// The public key of a shift.
pub(crate) fn shift_public(shift: [u8; 32]) -> [u8; 32] {
    x25519_dalek::PublicKey::from(&x25519_dalek::StaticSecret::from(shift)).to_bytes()
}

/// A list that revokes nothing.
pub(crate) fn nothing_revoked(number: u32) -> UnsignedRevocations {
    UnsignedRevocations { number, lowest_generation: 0, keys: Vec::new(), doors: Vec::new() }
}

pub(crate) fn opening_of(byte: u8) -> Opening {
    Opening::new([byte; OPENING_LEN])
}
