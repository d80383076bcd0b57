//! The operating system's randomness.

use rand::TryRng;
use rand::rngs::SysRng;

/// So many random bytes.
pub(crate) fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    SysRng.try_fill_bytes(&mut bytes).expect("a system without randomness cannot be audited");
    bytes
}
