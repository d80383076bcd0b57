//! What the workers of a service share for an epoch: they issue links and answer them (section 2).

use ed25519_dalek::SigningKey;
use rand_core::CryptoRng;
use subtle::ConstantTimeEq;
use vestibule_wire::{
    Alias, AuthorityKey, Epoch, Expiry, LinkId, LinkKind, LinkName, SIGNATURE_LEN, Slip, Token,
    hkdf, label,
};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::authority::{halves, sign};
use crate::{Channel, Link};

/// Length of an epoch's secrets in bytes.
pub const EPOCH_KEYS_LEN: usize = 64;

/// A link's secret: psk0 of its handshake.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Psk([u8; 32]);

impl Psk {
    pub(crate) fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    pub(crate) fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// Epoch secret `K` and issuing key `I`.
#[derive(ZeroizeOnDrop)]
pub struct EpochKeys {
    #[zeroize(skip)]
    epoch: Epoch,
    #[zeroize(skip)]
    generation: u8,
    secret: [u8; 32],
    issuing: SigningKey,
}

impl EpochKeys {
    pub(crate) fn new(
        epoch: Epoch,
        generation: u8,
        secret: &[u8; 32],
        issuing_seed: &[u8; 32],
    ) -> Self {
        let issuing = SigningKey::from_bytes(issuing_seed);
        Self { epoch, generation, secret: *secret, issuing }
    }

    /// From the 64 bytes of [`secrets`](Self::secrets).
    pub fn from_secrets(epoch: Epoch, generation: u8, secrets: &[u8; EPOCH_KEYS_LEN]) -> Self {
        let (secret, seed) = halves(secrets);
        Self::new(epoch, generation, &secret, &seed)
    }

    /// Epoch secret and seed of the issuing key, for a worker's encrypted file.
    pub fn secrets(&self) -> Zeroizing<[u8; EPOCH_KEYS_LEN]> {
        let mut secrets = Zeroizing::new([0; EPOCH_KEYS_LEN]);
        let (secret, seed) = secrets.split_at_mut(32);
        secret.copy_from_slice(&self.secret);
        seed.copy_from_slice(self.issuing.as_bytes());
        secrets
    }

    /// Which epoch.
    pub fn epoch(&self) -> Epoch {
        self.epoch
    }

    /// Which of the epoch's keys: a higher one replaces a lower one before the epoch is over.
    pub fn generation(&self) -> u8 {
        self.generation
    }

    /// Public half of the issuing key.
    pub fn issuing_public(&self) -> [u8; 32] {
        self.issuing.verifying_key().to_bytes()
    }

    /// Issues a one-time link; needs no network. `expiry` is one of a one-time link.
    pub fn issue_link<R: CryptoRng + ?Sized>(
        &self,
        authority: AuthorityKey,
        expiry: Expiry,
        channel: Channel,
        rng: &mut R,
    ) -> Link {
        let mut id = [0; 16];
        rng.fill_bytes(&mut id);
        self.issue(LinkId(id), authority, expiry, channel)
    }

    /// Issues a one-time link for somebody who may want to come back, perhaps to the same worker. To
    /// everybody without this epoch's secret such a wish is random.
    pub fn issue_return_link<R: CryptoRng + ?Sized>(
        &self,
        authority: AuthorityKey,
        expiry: Expiry,
        wish: Option<&Alias>,
        rng: &mut R,
    ) -> Link {
        let mut id = [0; 16];
        rng.fill_bytes(&mut id);
        if let (Some(alias), Some((random, mark))) = (wish, id.split_first_chunk_mut::<8>()) {
            mark.copy_from_slice(&self.wish(*random, alias));
        }
        self.issue(LinkId(id), authority, expiry, Channel::Return)
    }

    /// Whether a link of this epoch was given with the wish to come back to this worker.
    pub fn wishes_for(&self, name: &LinkName, alias: &Alias) -> bool {
        let Some((random, mark)) = name.id.0.split_first_chunk::<8>() else { return false };
        name.epoch == self.epoch
            && name.kind() == LinkKind::OneTime
            && bool::from(self.wish(*random, alias).ct_eq(mark))
    }

    fn wish(&self, random: [u8; 8], alias: &Alias) -> [u8; 8] {
        let info = [label!("wish"), &random[..], alias.as_str().as_bytes()];
        *hkdf(&[], &self.secret, &info).first_chunk().expect("32 bytes hold 8")
    }

    fn issue(&self, id: LinkId, authority: AuthorityKey, expiry: Expiry, channel: Channel) -> Link {
        let name = LinkName { epoch: self.epoch, expiry, id };
        let signature = sign(&self.issuing, Token::LABEL, &name.to_bytes());
        Link::new(Token { name, signature }, channel, self.psk(&name), authority)
    }

    /// Signs a slip of this epoch and generation: it tells the relay that some worker hands it in.
    pub fn sign_slip(&self, slip: &Slip) -> [u8; SIGNATURE_LEN] {
        sign(&self.issuing, Slip::LABEL, &slip.signed_bytes())
    }

    /// What only workers of the service know, for talking among themselves (section 11).
    pub(crate) fn colleagues_psk(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(hkdf(&[], &self.secret, &[label!("colleagues psk")]))
    }

    /// The secret of a link of this epoch, whoever issued it.
    pub fn psk(&self, name: &LinkName) -> Psk {
        Psk(hkdf(&[], &self.secret, &[label!("link psk"), &name.to_bytes()]))
    }
}
