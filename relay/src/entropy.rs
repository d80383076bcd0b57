//! The one place that asks for random bytes.

use rand::TryRng;
use rand::rngs::SysRng;

/// Random bytes of the operating system, so that no generator's state stays in this process from
/// which earlier keys could be computed.
pub(crate) fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    SysRng.try_fill_bytes(&mut bytes).expect("the operating system gives random bytes");
    bytes
}
