//! Reading fixed-size structures (section 1).

use thiserror::Error;

/// Bytes that do not have the form their structure asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the bytes do not have the required form")]
pub struct Malformed;

/// Takes fields off the front of a byte string.
pub struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// Starts at the first byte.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// Takes the next `N` bytes.
    ///
    /// # Errors
    /// When fewer are left.
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        let (head, rest) = self.0.split_first_chunk::<N>().ok_or(Malformed)?;
        self.0 = rest;
        Ok(*head)
    }

    /// Takes one byte.
    ///
    /// # Errors
    /// When none is left.
    pub fn u8(&mut self) -> Result<u8, Malformed> {
        self.array::<1>().map(|[byte]| byte)
    }

    /// Takes a 2-byte integer.
    ///
    /// # Errors
    /// When fewer bytes are left.
    pub fn u16(&mut self) -> Result<u16, Malformed> {
        self.array().map(u16::from_be_bytes)
    }

    /// Takes a 4-byte integer.
    ///
    /// # Errors
    /// When fewer bytes are left.
    pub fn u32(&mut self) -> Result<u32, Malformed> {
        self.array().map(u32::from_be_bytes)
    }

    /// Takes an 8-byte integer.
    ///
    /// # Errors
    /// When fewer bytes are left.
    pub fn u64(&mut self) -> Result<u64, Malformed> {
        self.array().map(u64::from_be_bytes)
    }

    /// Takes all that is left, for a last field that has no fixed length.
    pub fn rest(&mut self) -> &'a [u8] {
        std::mem::take(&mut self.0)
    }

    /// Ends the structure.
    ///
    /// # Errors
    /// When bytes are left over.
    pub fn finish(self) -> Result<(), Malformed> {
        if self.0.is_empty() { Ok(()) } else { Err(Malformed) }
    }
}

/// Lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}

/// Reads exactly `N` bytes of lower-case hex.
///
/// # Errors
/// For any other length or alphabet.
pub fn hex_array<const N: usize>(text: &str) -> Result<[u8; N], Malformed> {
    let bytes = data_encoding::HEXLOWER.decode(text.as_bytes()).map_err(|_| Malformed)?;
    bytes.try_into().map_err(|_| Malformed)
}
