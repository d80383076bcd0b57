//! The sum that a crowded door asks of a client's device before it lets it wait (section 6).

use crate::{LinkId, Malformed, hash, label};

/// What a relay draws for one connection. Random.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PuzzleSeed(pub [u8; 16]);

/// How hard a puzzle is: the zero bits with which a hash must begin, 1 to 18.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct PuzzleBits(u8);

impl PuzzleBits {
    /// The hardest: about a quarter of a million hashes.
    pub const MAX: Self = Self(18);

    /// From their number.
    ///
    /// # Errors
    /// When out of range.
    pub fn new(bits: u8) -> Result<Self, Malformed> {
        if (1..=Self::MAX.0).contains(&bits) { Ok(Self(bits)) } else { Err(Malformed) }
    }

    /// Their number.
    pub fn count(self) -> u8 {
        self.0
    }
}

/// What a client sends back.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PuzzleNonce(pub [u8; 8]);

/// Whether `nonce` solves the puzzle for this link.
pub fn solves(seed: &PuzzleSeed, link: &LinkId, bits: PuzzleBits, nonce: &PuzzleNonce) -> bool {
    let digest = hash(&[label!("puzzle"), &[0], &seed.0, &link.0, &nonce.0]);
    let [first, second, third, fourth, ..] = digest;
    u32::from_be_bytes([first, second, third, fourth]).leading_zeros() >= u32::from(bits.0)
}
