//! The coordinator's key: the root of a service's trust (section 2).

use ed25519_dalek::{Signer, SigningKey};
use rand_core::CryptoRng;
use vestibule_wire::{
    AuthorityKey, CERTIFICATE_LEN, Epoch, EpochStatement, SIGNATURE_LEN, STATEMENT_LEN,
    ServiceCard, UnsignedCertificate, hkdf, label,
};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::EpochKeys;

/// A service's secrets: the authority key `A` and the epoch root `R`. Kept offline.
#[derive(ZeroizeOnDrop)]
pub struct Authority {
    signing: SigningKey,
    epoch_root: [u8; 32],
}

impl Authority {
    /// Makes the keys of a new service.
    pub fn generate<R: CryptoRng + ?Sized>(rng: &mut R) -> Self {
        let mut secrets = Zeroizing::new([0; 64]);
        rng.fill_bytes(&mut *secrets);
        Self::from_secrets(&secrets)
    }

    /// From the 64 bytes of [`secrets`](Self::secrets).
    pub fn from_secrets(secrets: &[u8; 64]) -> Self {
        let (seed, root) = halves(secrets);
        Self { signing: SigningKey::from_bytes(&seed), epoch_root: *root }
    }

    /// Seed of the authority key and epoch root, for the coordinator's encrypted file.
    pub fn secrets(&self) -> Zeroizing<[u8; 64]> {
        let mut secrets = Zeroizing::new([0; 64]);
        let (seed, root) = secrets.split_at_mut(32);
        seed.copy_from_slice(self.signing.as_bytes());
        root.copy_from_slice(&self.epoch_root);
        secrets
    }

    /// The service's identity.
    pub fn public(&self) -> AuthorityKey {
        AuthorityKey::from_bytes(self.signing.verifying_key().to_bytes())
    }

    /// The keys that the service's workers share for an epoch.
    pub fn epoch_keys(&self, epoch: Epoch) -> EpochKeys {
        let number = epoch.0.to_be_bytes();
        let mut secret = hkdf(&[], &self.epoch_root, &[label!("epoch secret"), &number]);
        let mut seed = hkdf(&[], &self.epoch_root, &[label!("issuing key"), &number]);
        let keys = EpochKeys::new(epoch, &secret, &seed);
        secret.zeroize();
        seed.zeroize();
        keys
    }

    /// Signs the statement that tells relays of an epoch's issuing key.
    pub fn state_epoch(&self, epoch: Epoch) -> [u8; STATEMENT_LEN] {
        let issuing_public = self.epoch_keys(epoch).issuing_public();
        let signed = EpochStatement { epoch, generation: 0, issuing_public }.signed_bytes();
        self.append_signature(EpochStatement::LABEL, &signed)
    }

    /// Signs a shift certificate.
    pub fn certify(&self, content: &UnsignedCertificate) -> [u8; CERTIFICATE_LEN] {
        self.append_signature(UnsignedCertificate::LABEL, &content.signed_bytes())
    }

    /// Signs the JSON of a service card.
    pub fn sign_card(&self, json: &[u8]) -> Vec<u8> {
        [&self.sign(ServiceCard::LABEL, json)[..], json].concat()
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
