//! Randomness that was written down, so that transcripts can be replayed.

use std::convert::Infallible;

use rand_core::{TryCryptoRng, TryRng};

/// Hands out its bytes in order; asking for more is a failure of the test.
pub(super) struct FixedRandom(Vec<u8>);

impl FixedRandom {
    pub(super) fn new(bytes: &[u8]) -> Self {
        Self(bytes.to_vec())
    }

    pub(super) fn is_used_up(&self) -> bool {
        self.0.is_empty()
    }
}

impl TryRng for FixedRandom {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes).map(|()| u32::from_be_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes).map(|()| u64::from_be_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, target: &mut [u8]) -> Result<(), Infallible> {
        let taken: Vec<u8> = self.0.drain(..target.len()).collect();
        target.copy_from_slice(&taken);
        Ok(())
    }
}

impl TryCryptoRng for FixedRandom {}
