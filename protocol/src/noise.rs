//! snow, made to forget.
//!
//! snow 0.10 wipes nothing. So curve and cipher come from a resolver of ours whose keys are wiped
//! on drop, and the handshake state itself (chaining key, psks) lives in one box from which it
//! never moves: psks are set only after it is there, and it is overwritten before it is freed.

use std::hint::black_box;

use chacha20poly1305::aead::{AeadInPlace, KeyInit};
use chacha20poly1305::{ChaCha20Poly1305, Nonce, Tag};
use snow::params::{CipherChoice, DHChoice, HashChoice, NoiseParams};
use snow::resolvers::{CryptoResolver, DefaultResolver};
use snow::types::{Cipher, Dh, Hash, Random};
use snow::{Builder, Error, HandshakeState};
use vestibule_wire::{AuthorityKey, LinkName, hash, label};
use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::{Zeroize, Zeroizing};

use crate::ShiftKey;

const PATTERN: &str = "Noise_NXpsk0+psk2_25519_ChaChaPoly_BLAKE2s";
const COLLEAGUES_PATTERN: &str = "Noise_KKpsk0_25519_ChaChaPoly_BLAKE2s";
const TAG_LEN: usize = 16;

/// Both static keys of a handshake between colleagues, who know each other's.
pub(crate) struct KkKeys<'a> {
    pub(crate) own: &'a ShiftKey,
    pub(crate) theirs: &'a [u8; 32],
}

/// A handshake in progress.
pub(crate) struct Handshake(Box<HandshakeState>);

impl Handshake {
    /// The client's side.
    pub(crate) fn initiator(
        prologue: &[u8],
        psk0: &[u8; 32],
        ephemeral: Zeroizing<[u8; 32]>,
    ) -> Self {
        let state = builder(PATTERN, ephemeral)
            .prologue(prologue)
            .and_then(Builder::build_initiator)
            .expect("the pattern and its arguments are constants of this module");
        Self(Box::new(state)).with_psk(0, psk0)
    }

    /// The worker's side.
    pub(crate) fn responder(
        prologue: &[u8],
        psk0: &[u8; 32],
        shift: &ShiftKey,
        ephemeral: Zeroizing<[u8; 32]>,
    ) -> Self {
        let state = builder(PATTERN, ephemeral)
            .prologue(prologue)
            .and_then(|builder| builder.local_private_key(shift.as_bytes()))
            .and_then(Builder::build_responder)
            .expect("the pattern and its arguments are constants of this module");
        Self(Box::new(state)).with_psk(0, psk0)
    }

    /// Either side between two workers.
    pub(crate) fn between_colleagues(
        begins: bool,
        prologue: &[u8],
        psk0: &[u8; 32],
        keys: &KkKeys<'_>,
        ephemeral: Zeroizing<[u8; 32]>,
    ) -> Self {
        let build = if begins { Builder::build_initiator } else { Builder::build_responder };
        let state = builder(COLLEAGUES_PATTERN, ephemeral)
            .prologue(prologue)
            .and_then(|builder| builder.local_private_key(keys.own.as_bytes()))
            .and_then(|builder| builder.remote_public_key(keys.theirs))
            .and_then(build)
            .expect("the pattern and its arguments are constants of this module");
        Self(Box::new(state)).with_psk(0, psk0)
    }

    /// Sets a psk in place.
    pub(crate) fn with_psk(mut self, location: usize, psk: &[u8; 32]) -> Self {
        self.0.set_psk(location, psk).expect("psk0 and psk2 are in the pattern");
        self
    }

    /// Writes the next message into exactly `message`.
    pub(crate) fn write(&mut self, payload: &[u8], message: &mut [u8]) -> Result<(), Error> {
        let length = self.0.write_message(payload, message)?;
        if length == message.len() { Ok(()) } else { Err(Error::Input) }
    }

    /// Reads the next message into exactly `payload`.
    pub(crate) fn read(&mut self, message: &[u8], payload: &mut [u8]) -> Result<(), Error> {
        // snow wants room for the tag beside the payload.
        let mut room = Zeroizing::new(vec![0; payload.len().saturating_add(TAG_LEN)]);
        let length = self.0.read_message(message, &mut room)?;
        let read = room.get(..length).filter(|read| read.len() == payload.len());
        payload.copy_from_slice(read.ok_or(Error::Input)?);
        Ok(())
    }

    /// The static key that the worker proved.
    pub(crate) fn remote_static(&self) -> Option<[u8; 32]> {
        self.0.get_remote_static().and_then(|key| key.try_into().ok())
    }

    /// Handshake hash and the two keys of `Split()`, one after the other.
    pub(crate) fn split(mut self) -> ([u8; 32], Zeroizing<[u8; 64]>) {
        let hash = self.0.get_handshake_hash().try_into().expect("BLAKE2s has 32 bytes of output");
        let (mut first, mut second) = self.0.dangerously_get_raw_split();
        let mut root = Zeroizing::new([0; 64]);
        let (head, tail) = root.split_at_mut(32);
        head.copy_from_slice(&first);
        tail.copy_from_slice(&second);
        first.zeroize();
        second.zeroize();
        (hash, root)
    }
}

impl Drop for Handshake {
    fn drop(&mut self) {
        // Assigning overwrites every byte of the old state where it lies.
        let params: NoiseParams =
            "Noise_NN_25519_ChaChaPoly_BLAKE2s".parse().expect("NN is a pattern of snow");
        let nothing = Builder::with_resolver(params, Box::new(WipingResolver::default()));
        *self.0 = nothing.build_initiator().expect("NN needs no keys");
        black_box(&mut *self.0);
    }
}

/// What both ends of a link's handshake must see alike for their keys to be the same (section 7).
pub(crate) fn link_prologue(link: &LinkName, origin: &str, authority: &AuthorityKey) -> Vec<u8> {
    [
        label!("consultation"),
        &[0],
        &link.to_bytes(),
        &hash(&[origin.as_bytes()]),
        authority.as_bytes(),
    ]
    .concat()
}

fn builder<'a>(pattern: &str, ephemeral: Zeroizing<[u8; 32]>) -> Builder<'a> {
    let params: NoiseParams = pattern.parse().expect("the pattern is one that snow knows");
    Builder::with_resolver(params, Box::new(WipingResolver { ephemeral }))
}

/// Gives snow our curve and cipher, and the ephemeral key that the caller drew.
#[derive(Default)]
pub(crate) struct WipingResolver {
    ephemeral: Zeroizing<[u8; 32]>,
}

impl CryptoResolver for WipingResolver {
    fn resolve_rng(&self) -> Option<Box<dyn Random>> {
        Some(Box::new(DrawnBefore(Some(self.ephemeral.clone()))))
    }

    fn resolve_dh(&self, choice: &DHChoice) -> Option<Box<dyn Dh>> {
        matches!(choice, DHChoice::Curve25519)
            .then(|| -> Box<dyn Dh> { Box::new(WipingX25519::default()) })
    }

    fn resolve_hash(&self, choice: &HashChoice) -> Option<Box<dyn Hash>> {
        DefaultResolver.resolve_hash(choice)
    }

    fn resolve_cipher(&self, choice: &CipherChoice) -> Option<Box<dyn Cipher>> {
        matches!(choice, CipherChoice::ChaChaPoly)
            .then(|| -> Box<dyn Cipher> { Box::new(WipingChaChaPoly::default()) })
    }
}

/// Randomness that was drawn before, given out once: no handshake draws a second ephemeral.
struct DrawnBefore(Option<Zeroizing<[u8; 32]>>);

impl Random for DrawnBefore {
    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Error> {
        let drawn = self.0.take().filter(|drawn| drawn.len() == out.len()).ok_or(Error::Rng)?;
        out.copy_from_slice(&*drawn);
        Ok(())
    }
}

/// X25519 (RFC 7748); the private key is wiped on drop.
#[derive(Default)]
struct WipingX25519 {
    private: Zeroizing<[u8; 32]>,
    public: [u8; 32],
}

impl Dh for WipingX25519 {
    fn name(&self) -> &'static str {
        "25519"
    }

    fn pub_len(&self) -> usize {
        32
    }

    fn priv_len(&self) -> usize {
        32
    }

    fn set(&mut self, private: &[u8]) {
        self.private.copy_from_slice(private);
        self.public = PublicKey::from(&StaticSecret::from(*self.private)).to_bytes();
    }

    fn generate(&mut self, rng: &mut dyn Random) -> Result<(), Error> {
        let mut private = Zeroizing::new([0; 32]);
        rng.try_fill_bytes(&mut *private)?;
        self.set(&*private);
        Ok(())
    }

    fn pubkey(&self) -> &[u8] {
        &self.public
    }

    fn privkey(&self) -> &[u8] {
        &*self.private
    }

    fn dh(&self, public: &[u8], out: &mut [u8]) -> Result<(), Error> {
        let public: [u8; 32] =
            public.get(..32).and_then(|key| key.try_into().ok()).ok_or(Error::Dh)?;
        let shared = StaticSecret::from(*self.private).diffie_hellman(&PublicKey::from(public));
        out.get_mut(..32).ok_or(Error::Dh)?.copy_from_slice(shared.as_bytes());
        Ok(())
    }
}

/// ChaCha20-Poly1305 (RFC 8439) with Noise's nonce; the key is wiped on drop.
#[derive(Default)]
struct WipingChaChaPoly {
    key: Zeroizing<[u8; 32]>,
}

impl Cipher for WipingChaChaPoly {
    fn name(&self) -> &'static str {
        "ChaChaPoly"
    }

    fn set(&mut self, key: &[u8; 32]) {
        *self.key = *key;
    }

    fn encrypt(&self, nonce: u64, authtext: &[u8], plaintext: &[u8], out: &mut [u8]) -> usize {
        let sealed_len = plaintext.len().saturating_add(TAG_LEN);
        let out = out.get_mut(..sealed_len).expect("snow checks the length of its buffers");
        let (text, tag_out) = out.split_at_mut(plaintext.len());
        text.copy_from_slice(plaintext);
        let tag = ChaCha20Poly1305::new((&*self.key).into())
            .encrypt_in_place_detached(&noise_nonce(nonce), authtext, text)
            .expect("handshake messages are far below the cipher's limit");
        tag_out.copy_from_slice(&tag);
        sealed_len
    }

    fn decrypt(
        &self,
        nonce: u64,
        authtext: &[u8],
        ciphertext: &[u8],
        out: &mut [u8],
    ) -> Result<usize, Error> {
        let (sealed, tag) = ciphertext.split_last_chunk::<TAG_LEN>().ok_or(Error::Decrypt)?;
        let text = out.get_mut(..sealed.len()).ok_or(Error::Decrypt)?;
        text.copy_from_slice(sealed);
        ChaCha20Poly1305::new((&*self.key).into())
            .decrypt_in_place_detached(&noise_nonce(nonce), authtext, text, Tag::from_slice(tag))
            .map_err(|_| Error::Decrypt)?;
        Ok(sealed.len())
    }
}

/// Four zero bytes and the counter, little-endian (Noise specification, section 12.3).
pub(crate) fn noise_nonce(counter: u64) -> Nonce {
    let mut nonce = Nonce::default();
    for (target, source) in nonce.iter_mut().skip(4).zip(counter.to_le_bytes()) {
        *target = source;
    }
    nonce
}
