//! BLAKE2s (RFC 7693), HMAC (RFC 2104) and HKDF (RFC 5869) over it, and our labels (section 1).

use blake2::{Blake2s256, Digest};
use hkdf::SimpleHkdf;
use hmac::{Mac, SimpleHmac};

/// `L("purpose")` of the specification. A label for each use keeps one use's output worthless to
/// another.
#[macro_export]
macro_rules! domain_label {
    ($purpose:literal) => {
        concat!("vestibule/1 ", $purpose).as_bytes()
    };
}
pub use domain_label as label;

/// `H(parts concatenated)`.
pub fn hash(parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = Blake2s256::new();
    for part in parts {
        hasher.update(part);
    }
    hasher.finalize().into()
}

/// `HMAC(key, parts concatenated)`.
pub fn hmac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = <SimpleHmac<Blake2s256> as Mac>::new_from_slice(key)
        .expect("HMAC takes a key of any length");
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// `HKDF(salt, ikm, info parts concatenated)`, 32 bytes.
pub fn hkdf(salt: &[u8], ikm: &[u8], info: &[&[u8]]) -> [u8; 32] {
    let mut output = [0; 32];
    SimpleHkdf::<Blake2s256>::new(Some(salt), ikm)
        .expand_multi_info(info, &mut output)
        .expect("32 bytes are within HKDF's limit of 255 blocks");
    output
}
