//! Words that both ends can read to each other (section 7, "Safety phrase").

use vestibule_wire::{AuthorityKey, hkdf, label};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::consultation_keys::ConsultationKeys;

/// How many words a phrase has.
pub const SAFETY_WORDS: usize = 8;
/// A word is one of 64.
const WORD_MASK: u64 = 0b11_1111;

/// Eight places in a list of 64 words. Alike at both ends, and only there, if nobody stands between
/// them: whoever wants the same phrase in two consultations has to try 2⁴⁸ handshakes while a client
/// waits for one. Wiped on drop.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct SafetyPhrase([u8; SAFETY_WORDS]);

impl SafetyPhrase {
    /// Of a handshake that began a session, not of one that made fresh secrets in it: people may
    /// compare at any time, and take long over it.
    pub(crate) fn of(keys: &ConsultationKeys, authority: &AuthorityKey) -> Self {
        let bytes = hkdf(authority.as_bytes(), &keys.export, &[label!("safety phrase")]);
        let (first, _) = bytes.split_first_chunk().expect("HKDF gives 32 bytes");
        let bits = u64::from_be_bytes(*first);
        Self(
            [58, 52, 46, 40, 34, 28, 22, 16].map(|shift| {
                u8::try_from(bits >> shift & WORD_MASK).expect("six bits fit into eight")
            }),
        )
    }

    /// The places, each 0 to 63, in the order in which they are read.
    pub fn places(&self) -> &[u8; SAFETY_WORDS] {
        &self.0
    }
}
