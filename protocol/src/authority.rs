//! The coordinator's key: the root of a service's trust (section 2).

use ed25519_dalek::{Signer, SigningKey};
use rand_core::CryptoRng;
use vestibule_wire::{
    AuthorityKey, CERTIFICATE_LEN, Epoch, EpochStatement, Expiry, Leaflets, LinkId, LinkKind,
    LinkName, Malformed, REVOCATIONS_LEN, Reader, RevocationsError, SIGNATURE_LEN, STATEMENT_LEN,
    ServiceCard, Token, UnsignedCertificate, UnsignedRevocations, hkdf, label,
};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::{Channel, DoorSecret, EpochKeys, Link};

/// Epoch roots that an authority keeps: older generations are forgotten.
pub const GENERATIONS_KEPT_MAX: usize = 8;
const ROOT_LEN: usize = 32;
/// Length of an authority's secrets in bytes.
pub const AUTHORITY_SECRETS_LEN: usize = 66 + GENERATIONS_KEPT_MAX * ROOT_LEN;

/// A service's secrets: the authority key `A`, the door secret `D` and the epoch roots `R`. Kept
/// offline.
#[derive(ZeroizeOnDrop)]
pub struct Authority {
    signing: SigningKey,
    door: DoorSecret,
    #[zeroize(skip)]
    newest_generation: u8,
    /// The newest last; never empty.
    roots: Vec<[u8; ROOT_LEN]>,
}

impl Authority {
    /// Makes the keys of a new service.
    pub fn generate<R: CryptoRng + ?Sized>(rng: &mut R) -> Self {
        let mut seeds = Zeroizing::new([0; 64]);
        rng.fill_bytes(&mut *seeds);
        Self::from_seeds(&seeds)
    }

    /// A new service, from the seed of its authority key and its first epoch root.
    pub fn from_seeds(seeds: &[u8; 64]) -> Self {
        let (seed, root) = halves(seeds);
        Self {
            signing: SigningKey::from_bytes(&seed),
            door: DoorSecret::derive(&root),
            newest_generation: 0,
            roots: vec![*root],
        }
    }

    /// From the bytes of [`secrets`](Self::secrets).
    ///
    /// # Errors
    /// When they are no such bytes.
    pub fn from_secrets(secrets: &[u8; AUTHORITY_SECRETS_LEN]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(secrets);
        let seed = Zeroizing::new(reader.array::<32>()?);
        let door = DoorSecret::from_bytes(&Zeroizing::new(reader.array()?));
        let (newest_generation, kept) = (reader.u8()?, usize::from(reader.u8()?));
        let made = usize::from(newest_generation).saturating_add(1);
        let (roots, _) = reader.rest().as_chunks::<ROOT_LEN>();
        let roots = roots.get(..kept).ok_or(Malformed)?;
        if kept == 0 || kept > made {
            return Err(Malformed);
        }
        let signing = SigningKey::from_bytes(&seed);
        Ok(Self { signing, door, newest_generation, roots: roots.to_vec() })
    }

    /// `seed of A 32 ‖ D 32 ‖ newest generation 1 ‖ roots kept 1 ‖ roots 8×32, the newest last, then
    /// zeros`, for the coordinator's encrypted file.
    pub fn secrets(&self) -> Zeroizing<[u8; AUTHORITY_SECRETS_LEN]> {
        let kept = u8::try_from(self.roots.len()).expect("at most eight roots are kept");
        let fields = Zeroizing::new(
            [
                &self.signing.as_bytes()[..],
                self.door.as_bytes(),
                &[self.newest_generation, kept],
                self.roots.as_flattened(),
            ]
            .concat(),
        );
        let mut secrets = Zeroizing::new([0; AUTHORITY_SECRETS_LEN]);
        for (target, source) in secrets.iter_mut().zip(&*fields) {
            *target = *source;
        }
        secrets
    }

    /// The service's identity.
    pub fn public(&self) -> AuthorityKey {
        AuthorityKey::from_bytes(self.signing.verifying_key().to_bytes())
    }

    /// Draws a root for a new generation of epoch keys, and returns its number. What was enrolled
    /// before goes on to hold until it is revoked. `None` when all 256 are used up.
    pub fn rotate<R: CryptoRng + ?Sized>(&mut self, rng: &mut R) -> Option<u8> {
        let generation = self.newest_generation.checked_add(1)?;
        let mut root = Zeroizing::new([0; ROOT_LEN]);
        rng.fill_bytes(&mut *root);
        // A vector that grew would leave its old memory behind.
        let kept = self.roots.len().saturating_sub(GENERATIONS_KEPT_MAX.saturating_sub(1));
        let mut roots = Vec::with_capacity(GENERATIONS_KEPT_MAX);
        roots.extend(self.roots.iter().skip(kept).chain([&*root]));
        self.roots.zeroize();
        self.roots = roots;
        self.newest_generation = generation;
        Some(generation)
    }

    /// The newest generation of epoch keys.
    pub fn newest_generation(&self) -> u8 {
        self.newest_generation
    }

    /// The keys that the service's workers share for an epoch, or `None` for a generation that is
    /// forgotten or not yet made.
    pub fn epoch_keys(&self, epoch: Epoch, generation: u8) -> Option<EpochKeys> {
        let age = usize::from(self.newest_generation.checked_sub(generation)?);
        let root = self.roots.iter().rev().nth(age)?;
        let number = epoch.0.to_be_bytes();
        let mut secret = hkdf(&[], root, &[label!("epoch secret"), &number]);
        let mut seed = hkdf(&[], root, &[label!("issuing key"), &number]);
        let keys = EpochKeys::new(epoch, generation, &secret, &seed);
        secret.zeroize();
        seed.zeroize();
        Some(keys)
    }

    /// The newest generation's keys for an epoch.
    pub fn newest_epoch_keys(&self, epoch: Epoch) -> EpochKeys {
        self.epoch_keys(epoch, self.newest_generation).expect("the newest root is always kept")
    }

    /// Signs the statement that tells relays of an epoch's issuing key.
    pub fn state_epoch(&self, keys: &EpochKeys) -> [u8; STATEMENT_LEN] {
        let statement = EpochStatement {
            epoch: keys.epoch(),
            generation: keys.generation(),
            issuing_public: keys.issuing_public(),
        };
        self.append_signature(EpochStatement::LABEL, &statement.signed_bytes())
    }

    /// What opens the service's doors, for every worker's file.
    pub fn door_secret(&self) -> &DoorSecret {
        &self.door
    }

    /// Issues a door: an address that may be published and used until it expires. `expiry` is one of
    /// a door, counted from `epoch`.
    ///
    /// # Errors
    /// When the expiry is that of a one-time link.
    pub fn issue_door<R: CryptoRng + ?Sized>(
        &self,
        epoch: Epoch,
        expiry: Expiry,
        channel: Channel,
        rng: &mut R,
    ) -> Result<Link, Malformed> {
        let mut id = [0; 16];
        rng.fill_bytes(&mut id);
        let name = LinkName { epoch, expiry, id: LinkId(id) };
        if name.kind() != LinkKind::Door {
            return Err(Malformed);
        }
        let signature = self.sign(Token::DOOR_LABEL, &name.to_bytes());
        Ok(Link::new(Token { name, signature }, channel, self.door.psk(&name), self.public()))
    }

    /// Signs a shift certificate.
    pub fn certify(&self, content: &UnsignedCertificate) -> [u8; CERTIFICATE_LEN] {
        self.append_signature(UnsignedCertificate::LABEL, &content.signed_bytes())
    }

    /// Signs what the service no longer believes.
    ///
    /// # Errors
    /// When a list holds less than that.
    pub fn revoke(
        &self,
        revocations: &UnsignedRevocations,
    ) -> Result<Box<[u8; REVOCATIONS_LEN]>, RevocationsError> {
        let signed = revocations.signed_bytes()?;
        Ok(Box::new(self.append_signature(UnsignedRevocations::LABEL, &signed[..])))
    }

    /// Signs the JSON of a service card.
    pub fn sign_card(&self, json: &[u8]) -> Vec<u8> {
        [&self.sign(ServiceCard::LABEL, json)[..], json].concat()
    }

    /// Signs the JSON of leaflets.
    pub fn sign_leaflets(&self, json: &[u8]) -> Vec<u8> {
        [&self.sign(Leaflets::LABEL, json)[..], json].concat()
    }

    fn append_signature<const N: usize>(&self, label: &[u8], signed: &[u8]) -> [u8; N] {
        let signature = self.sign(label, signed);
        [signed, &signature[..]]
            .concat()
            .try_into()
            .expect("callers name the length of what they sign and of the signature")
    }

    fn sign(&self, label: &[u8], message: &[u8]) -> [u8; SIGNATURE_LEN] {
        sign(&self.signing, label, message)
    }
}

/// `Sign(key, label ‖ 00 ‖ message)`.
pub(crate) fn sign(key: &SigningKey, label: &[u8], message: &[u8]) -> [u8; SIGNATURE_LEN] {
    key.sign(&[label, &[0], message].concat()).to_bytes()
}

/// Two 32-byte secrets that are stored as one.
pub(crate) fn halves(secrets: &[u8; 64]) -> (Zeroizing<[u8; 32]>, Zeroizing<[u8; 32]>) {
    let mut first = Zeroizing::new([0; 32]);
    let mut second = Zeroizing::new([0; 32]);
    let (head, tail) = secrets.split_at(32);
    first.copy_from_slice(head);
    second.copy_from_slice(tail);
    (first, second)
}
