//! A service whose keys a test holds.

use ed25519_dalek::{Signer, SigningKey};
use vestibule_wire::{
    Alias, AuthorityKey, CERTIFICATE_LEN, ClientToRelay, Epoch, EpochStatement, Expiry,
    LanguageSet, LinkId, LinkName, OPENING_LEN, Opening, Role, STATEMENT_LEN, ServiceCard,
    Timestamp, Token, UnsignedCertificate,
};

use super::NOW;

pub(crate) struct FakeService {
    authority: SigningKey,
    issuing: SigningKey,
}

impl FakeService {
    pub(crate) fn new(seed: u8) -> Self {
        Self {
            authority: SigningKey::from_bytes(&[seed; 32]),
            issuing: SigningKey::from_bytes(&[seed ^ 0x80; 32]),
        }
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

    pub(crate) fn statement(&self, epoch: Epoch) -> [u8; STATEMENT_LEN] {
        let issuing_public = self.issuing.verifying_key().to_bytes();
        let statement = EpochStatement { epoch, generation: 0, issuing_public };
        let signed = statement.signed_bytes();
        let signature = sign(&self.authority, EpochStatement::LABEL, &signed);
        [&signed[..], &signature].concat().try_into().unwrap()
    }

    pub(crate) fn token(&self, name: LinkName) -> Token {
        let signature = sign(&self.issuing, Token::LABEL, &name.to_bytes());
        Token { name, signature }
    }

    pub(crate) fn open(&self, link: u8, opening: u8) -> ClientToRelay {
        ClientToRelay::Open {
            authority: self.authority(),
            token: self.token(link_name(link)),
            opening: opening_of(opening),
        }
    }

    pub(crate) fn certificate(&self, shift: [u8; 32], from: u32) -> [u8; CERTIFICATE_LEN] {
        let public = x25519_dalek::PublicKey::from(&x25519_dalek::StaticSecret::from(shift));
        let unsigned = UnsignedCertificate {
            shift_public: public.to_bytes(),
            valid_from: Timestamp(from),
            valid_to: Timestamp(from + 43_200),
            role: Role::Peer,
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

pub(crate) fn opening_of(byte: u8) -> Opening {
    Opening::new([byte; OPENING_LEN])
}
