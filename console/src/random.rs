//! Random numbers come straight from the operating system, so that no generator's state lies in
//! this process's memory.

use rand::rngs::SysRng;
use rand_core::{CryptoRng, Rng, UnwrapErr};

/// The operating system's random numbers. Ends the program where there are none.
pub fn system() -> impl CryptoRng {
    UnwrapErr(SysRng)
}

/// Random bytes.
pub(crate) fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    system().fill_bytes(&mut bytes);
    bytes
}

/// 64 random bits.
pub(crate) fn number() -> u64 {
    u64::from_be_bytes(bytes())
}
