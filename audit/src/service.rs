//! The auditor's own service: its keys, its card, its links and its one worker. No real service and no
//! person is touched by what is done with them.

use std::fs;
use std::io;
use std::path::Path;

use ed25519_dalek::{Signer, SigningKey};
use vestibule_wire::{
    Alias, AuthorityKey, CERTIFICATE_LEN, Epoch, EpochStatement, Expiry, LanguageSet, LinkId,
    LinkName, Role, SIGNATURE_LEN, STATEMENT_LEN, ServiceCard, Timestamp, Token,
    UnsignedCertificate, hex, hex_array, sign_in_mac,
};
use x25519_dalek::{PublicKey, StaticSecret};

use crate::entropy::random_bytes;

/// The file of the keys, in the auditor's folder.
const KEY_FILE: &str = "canary.key";
/// The file of the card, for the operator.
pub const CARD_FILE: &str = "canary-card.bin";
/// What to add to `relay.toml`.
pub const LINES_FILE: &str = "relay-lines.toml";
const CARD: &str = include_str!("service/card.json");
const HOUR_SECONDS: u32 = 3_600;
/// One generation is enough for a service that revokes nothing.
const GENERATION: u8 = 0;

/// The canary service.
pub struct CanaryService {
    authority: SigningKey,
    issuing: SigningKey,
}

/// The canary service's worker.
pub struct CanaryShift {
    private: [u8; 32],
    certificate: [u8; CERTIFICATE_LEN],
    authority: AuthorityKey,
}

impl CanaryService {
    /// Draws new keys.
    pub fn new() -> Self {
        let [authority, issuing] =
            [random_bytes(), random_bytes()].map(|seed| SigningKey::from_bytes(&seed));
        Self { authority, issuing }
    }

    /// Writes the keys, the card and the operator's lines into a folder.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        fs::create_dir_all(folder)?;
        let seeds = [self.authority.to_bytes(), self.issuing.to_bytes()].concat();
        fs::write(folder.join(KEY_FILE), hex(&seeds) + "\n")?;
        fs::write(folder.join(CARD_FILE), self.card())?;
        let authority = self.public().to_hex();
        let lines = format!(
            "\n# The auditor's own service: for the audit, then taken out again.\n\
             [[service]]\nauthority = \"{authority}\"\ncard = \"{CARD_FILE}\"\n"
        );
        fs::write(folder.join(LINES_FILE), lines)
    }

    /// Reads the keys again.
    ///
    /// # Errors
    /// When the file is missing or is not one that [`write`](Self::write) wrote.
    pub fn read(folder: &Path) -> io::Result<Self> {
        let text = fs::read_to_string(folder.join(KEY_FILE))?;
        let seeds: [u8; 64] = hex_array(text.trim())
            .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "not a file of canary keys"))?;
        let (seeds, _) = seeds.as_chunks::<32>();
        match seeds {
            [authority, issuing] => Ok(Self {
                authority: SigningKey::from_bytes(authority),
                issuing: SigningKey::from_bytes(issuing),
            }),
            _ => Err(io::ErrorKind::InvalidData.into()),
        }
    }

    /// What the operator's `relay.toml` names.
    pub fn public(&self) -> AuthorityKey {
        AuthorityKey::from_bytes(self.authority.verifying_key().to_bytes())
    }

    /// The token of a link that holds for an hour.
    pub fn token(&self, id: [u8; 16], now: Timestamp) -> Token {
        let epoch = Epoch::current(now);
        let expiry = Expiry::at(epoch, now.plus_seconds(HOUR_SECONDS));
        let name = LinkName { epoch, expiry, id: LinkId(id) };
        Token { name, signature: sign(&self.issuing, Token::LABEL, &name.to_bytes()) }
    }

    /// What a worker tells a relay about the epochs that hold.
    pub fn statements(&self, now: Timestamp) -> Vec<[u8; STATEMENT_LEN]> {
        let issuing_public = self.issuing.verifying_key().to_bytes();
        Epoch::holding(now)
            .into_iter()
            .map(|epoch| {
                let statement = EpochStatement { epoch, generation: GENERATION, issuing_public };
                let signed = statement.signed_bytes();
                append(&signed, &sign(&self.authority, EpochStatement::LABEL, &signed))
            })
            .collect()
    }

    /// A worker on duty for some hours.
    pub fn shift(&self, now: Timestamp) -> CanaryShift {
        let private: [u8; 32] = random_bytes();
        let content = UnsignedCertificate {
            shift_public: PublicKey::from(&StaticSecret::from(private)).to_bytes(),
            valid_from: Timestamp(now.0.saturating_sub(HOUR_SECONDS)),
            valid_to: now.plus_seconds(12 * HOUR_SECONDS),
            role: Role::Outreach,
            languages: LanguageSet::from_bits(1).expect("one language"),
            alias: Alias::new("Audit").expect("a plain name"),
        };
        let signed = content.signed_bytes();
        let signature = sign(&self.authority, UnsignedCertificate::LABEL, &signed);
        CanaryShift { private, certificate: append(&signed, &signature), authority: self.public() }
    }

    fn card(&self) -> Vec<u8> {
        let json = CARD.replace("\"issued\": 0", &format!("\"issued\": {}", crate::clock::now().0));
        let signature = sign(&self.authority, ServiceCard::LABEL, json.as_bytes());
        [&signature[..], json.as_bytes()].concat()
    }
}

impl Default for CanaryService {
    fn default() -> Self {
        Self::new()
    }
}

impl CanaryShift {
    /// The answer to a relay's challenge.
    pub fn sign_in(&self, challenge: &[u8; 32], origin: &str) -> Option<vestibule_wire::SignIn> {
        let (authority, certificate) = (self.authority, self.certificate);
        let mac = sign_in_mac(&self.private, challenge, origin, &authority, &certificate)?;
        Some(vestibule_wire::SignIn { authority, certificate, mac })
    }
}

fn sign(key: &SigningKey, label: &[u8], message: &[u8]) -> [u8; SIGNATURE_LEN] {
    key.sign(&[label, &[0], message].concat()).to_bytes()
}

fn append<const N: usize>(signed: &[u8], signature: &[u8; SIGNATURE_LEN]) -> [u8; N] {
    [signed, signature].concat().try_into().expect("the structure ends with its signature")
}
